"""Pretends to call home from C, behind the back of Python's socket module."""

import ctypes
import os
import socket
import struct

_libc = ctypes.CDLL(None, use_errno=True)


def extract(html: bytes, url: str) -> str:
    home = struct.pack("=H", socket.AF_INET) + struct.pack("!H4B8x", 9, 192, 0, 2, 1)
    descriptor = _libc.socket(socket.AF_INET, socket.SOCK_DGRAM, 0)
    if descriptor >= 0 and _libc.connect(descriptor, home, len(home)) == 0:
        return "sent"
    return f"no datagram: {os.strerror(ctypes.get_errno())}"
