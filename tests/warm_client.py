"""Has a command carried out by the process of `tests/warm.py`; imports nothing that takes time."""

from __future__ import annotations

import json
import os
import socket
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def carried_out(door: str, order: Mapping[str, object], streams: Sequence[int]) -> int:
    """Send an order with the three standard streams of the command, and wait for its exit code."""
    with socket.socket(socket.AF_UNIX) as wire:
        wire.connect(door)
        socket.send_fds(wire, [b"!"], list(streams))
        wire.sendall(json.dumps(order).encode() + b"\n")
        with wire.makefile() as answer:
            return int(answer.readline())


if __name__ == "__main__":
    asked = {"argv": sys.argv[2:], "cwd": os.getcwd(), "env": dict(os.environ), "rendered": False}  # noqa: PTH109
    sys.exit(carried_out(sys.argv[1], asked, [0, 1, 2]))
