"""Pretends to loop for ever on one page, deaf to every signal it may ignore."""

import signal


def extract(html: bytes, url: str) -> str:
    if not url.endswith("/second"):
        return "calm"
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        signal.signal(number, signal.SIG_IGN)
    while True:
        pass
