"""What one answer says about whose a task is: its id, its texts, who made it, and when.

Read strictly, unlike what a judge reads: an answer that could be understood in two ways shows nothing here.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Card:
    """A task as one answer shows it.

    Attributes:
        task: its id.
        title: empty where none is shown.
        description: empty where none is shown.
        author: the id of whoever made it, in small letters; None where that is not shown.
        created: when it was made, to the second and in the portal's own spelling; None where not shown.
    """

    task: int
    title: str = ""
    description: str = ""
    author: str | None = None
    created: str | None = None

    @property
    def texts(self) -> tuple[str, ...]:
        """The texts that are shown."""
        return tuple(text for text in (self.title, self.description) if text)
