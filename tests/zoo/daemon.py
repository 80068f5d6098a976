"""Pretends to start a daemon on every page: new session, two forks, nobody's child."""

import os
import time


def extract(html: bytes, url: str) -> str:
    child = os.fork()
    if child == 0:
        os.setsid()
        if os.fork() == 0:
            os.closerange(0, 1024)
            time.sleep(600)
        os._exit(0)
    os.waitpid(child, 0)
    return "calm"
