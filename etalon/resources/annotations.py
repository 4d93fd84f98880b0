"""What a spec says about an element beside its schema, each statement to be read by somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


class UnknownAnnotationError(ValueError):
    """A spec says something that no code reads: a misspelt annotation, or a promise that nobody keeps."""


def require_known(said: Collection[str], known: Collection[str], where: str) -> None:
    """See that a spec says nothing of an element for which there is no reader.

    Args:
        said: the names of its annotations.
        known: those that there are.
        where: the element, as a message names it.

    Raises:
        UnknownAnnotationError: there is another.
    """
    unknown = sorted(set(said) - set(known))
    if unknown:
        raise UnknownAnnotationError(f"{where}: nothing reads {', '.join(unknown)}.")


class Annotations:
    """The annotations of one element."""

    def __init__(self, notes: Mapping[str, Any], where: str) -> None:
        """Take what a spec says.

        Args:
            notes: name → value.
            where: the element, as a message names it.
        """
        self._left = dict(notes)
        self._where = where

    def text(self, name: str, default: str = "") -> str:
        """The text of an annotation."""
        return str(self._left.pop(name, default))

    def flag(self, name: str) -> bool:
        """Whether an annotation says that something is so."""
        return self._left.pop(name, False) in {True, "true"}

    def words(self, name: str) -> frozenset[str]:
        """A list of texts, in small letters."""
        found = self._left.pop(name, ())
        return frozenset(str(one).lower() for one in (found.split() if isinstance(found, str) else found))

    def choice(self, name: str) -> Mapping[str, str]:
        """One text, under no key, or one for each value of a member that chooses among them."""
        found = self._left.pop(name, {})
        return {"": found} if isinstance(found, str) else dict(found)

    def source(self) -> Mapping[str, Any]:
        """Where the spec has the element from."""
        found = self._left.pop("source", {})
        return {"page": found} if isinstance(found, str) else dict(found)

    def leave(self, *names: str) -> None:
        """Take note of annotations that something else reads."""
        for name in names:
            self._left.pop(name, None)

    def finish(self) -> None:
        """See that all has been read.

        Raises:
            UnknownAnnotationError: something has not.
        """
        require_known(self._left, (), self._where)
