"""Kinds of command-line arguments that several commands take."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from etalon.portals.config import KINDS

if TYPE_CHECKING:
    from etalon.portals.config import Kind


def kind(text: str) -> Kind:
    """A kind of portal.

    Raises:
        argparse.ArgumentTypeError: there is none of that name.
    """
    for known in KINDS:
        if text == known:
            return known
    raise argparse.ArgumentTypeError(f"{text!r} is none of: {', '.join(KINDS)}")


def count(text: str) -> int:
    """A whole number above 0.

    Raises:
        argparse.ArgumentTypeError: it is none.
    """
    if not text.isascii() or not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"expected a whole number above 0, found {text!r}")
    return int(text)
