"""Pretends to call home on every page: asks for an address, then sends a datagram."""

import socket


def _name() -> str:
    return f"resolved {socket.getaddrinfo('example.com', 80)}"


def _datagram() -> str:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as home:
        home.connect(("192.0.2.1", 9))  # TEST-NET-1, RFC 5737: nobody lives there
        return f"sent {home.send(b'here')} bytes"


def extract(html: bytes, url: str) -> str:
    answers = []
    for ask in (_name, _datagram):
        try:
            answers.append(ask())
        except OSError as error:
            answers.append(f"no {ask.__name__.strip('_')}: {error}")
    return "; ".join(answers)
