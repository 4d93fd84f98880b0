"""What a user can put right."""

from __future__ import annotations


class UserError(Exception):
    """Something given to Etalon cannot be used; the message is for the user, and says the way out.

    The command line writes it in one line, without a traceback, and exits with 4.
    """


def why_unreadable(error: Exception) -> str:
    """Why a reader of TOML, JSON or YAML has given a text up; Python's own words for two cases mislead."""
    if isinstance(error, RecursionError):
        return "it nests too deeply"
    if type(error) is ValueError and "integer string conversion" in str(error):
        return "a number in it has thousands of digits"
    return str(error)
