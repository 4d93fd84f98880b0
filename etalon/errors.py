"""What a user can put right."""

from __future__ import annotations


class UserError(Exception):
    """Something given to Etalon cannot be used; the message is for the user, and says the way out.

    The command line writes it in one line, without a traceback, and exits with 4.
    """
