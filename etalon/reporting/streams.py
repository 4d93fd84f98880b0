"""Standard output and error that nothing can go wrong with: a verdict does not depend on who still reads.

Either may be closed when Etalon starts, its reader may go (`| head`), its disk may be full. What is written
then is lost, and known to be; the run goes on, cleans up, writes its reports and ends with its own code.
"""

from __future__ import annotations

import errno
import io
import os
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Iterator

    from _typeshed import ReadableBuffer

_NAMES = ("stdin", "stdout", "stderr")
# The reader had enough, which is no failure; Windows calls it an invalid argument.
_GONE = frozenset({errno.EPIPE, errno.ESHUTDOWN, *([errno.EINVAL] if sys.platform == "win32" else [])})


class _Steady(io.FileIO):
    """A file that takes whatever is written to it, and remembers what it could not keep."""

    lost: OSError | None = None

    def write(self, data: ReadableBuffer, /) -> int:
        try:
            return super().write(data)
        except OSError as error:
            self.lost = error
            return memoryview(data).nbytes


def steady(descriptor: int, like: TextIO, *, closefd: bool = True) -> TextIO:
    """A stream on a descriptor that no write to it fails.

    Args:
        descriptor: an open one.
        like: a stream whose encoding and buffering it takes over.
        closefd: whether the descriptor is closed along with it.
    """
    raw = _Steady(descriptor, "w", closefd=closefd)
    unbuffered = isinstance(getattr(like, "buffer", None), io.RawIOBase)  # PYTHONUNBUFFERED
    return io.TextIOWrapper(
        raw if unbuffered else io.BufferedWriter(raw),
        encoding=like.encoding,
        # A portal's text may hold what no encoding has, or not this terminal's.
        errors="backslashreplace",
        line_buffering=getattr(like, "line_buffering", False),
        write_through=unbuffered,
    )


@contextmanager
def steadied() -> Iterator[None]:
    """Have steady standard streams within the block; what they hold is written at its end."""
    _open_closed_ones()
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = _steadied(sys.stdout, 1), _steadied(sys.stderr, 2)
    try:
        yield
    finally:
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError):
                stream.flush()
        sys.stdout, sys.stderr = before


def lost_answer() -> OSError | None:
    """Why standard output could not be written, unless its reader wanted no more of it."""
    with suppress(OSError, ValueError):
        sys.stdout.flush()
    raw = _raw(sys.stdout)
    lost = raw.lost if isinstance(raw, _Steady) else None
    return None if lost is None or lost.errno in _GONE else lost


def _open_closed_ones() -> None:
    """Lead closed standard streams nowhere, before a file or a connection takes the place of one."""
    for descriptor, name in enumerate(_NAMES):
        if getattr(sys, name) is not None:
            continue
        try:
            os.fstat(descriptor)
        except OSError:
            # The lowest free number is what is opened: those below have been seen to.
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)  # noqa: FBT003 - os knows no keyword
        nowhere = open(os.devnull, "r" if name == "stdin" else "w", encoding="utf-8")  # noqa: SIM115, PTH123
        setattr(sys, name, nowhere)
        setattr(sys, f"__{name}__", nowhere)


def _raw(stream: TextIO) -> object:
    buffer = getattr(stream, "buffer", None)
    return getattr(buffer, "raw", buffer)


def _steadied(stream: TextIO, descriptor: int) -> TextIO:
    if not isinstance(stream, io.TextIOWrapper):
        return stream
    stream.reconfigure(errors="backslashreplace")
    try:
        own = stream.fileno() == descriptor and isinstance(_raw(stream), io.FileIO)
    except (OSError, ValueError):
        own = False
    # Another's stream, as that of a test runner, and a console of Windows, stay as they are.
    return steady(descriptor, stream, closefd=False) if own else stream
