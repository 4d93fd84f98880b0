"""What a user can put right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from etalon.messages import Message

if TYPE_CHECKING:
    from etalon.messages import Words


class UserError(Exception):
    """Something given to Etalon cannot be used; the message is for the user, and says the way out.

    The command line writes it in one line, without a traceback, and exits with 4.
    """

    def __init__(self, words: Words) -> None:
        super().__init__(words)
        self.words = words


def why_unreadable(error: Exception) -> Words:
    """Why a reader of TOML, JSON or YAML has given a text up; Python's own words for two cases mislead."""
    if isinstance(error, RecursionError):
        return Message("nests-too-deeply")
    if type(error) is ValueError and "integer string conversion" in str(error):
        return Message("number-too-long")
    return str(error)
