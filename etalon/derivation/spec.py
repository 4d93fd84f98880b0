"""A spec in the making: saved pages in, files out, and what became of every statement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from etalon.derivation.overlays import OverlayError
from etalon.derivation.page import PageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from etalon.derivation.overlays import Stale
    from etalon.derivation.page import Note, Page


@dataclass(frozen=True, slots=True)
class Spec:
    """What pages of one kind became.

    Attributes:
        files: file name → text, the first of them the main one.
        notes: page name → what became of its statements.
        references: names of the pages that are lists of values, with what they list.
        refused: sentences about files that were passed over.
        stale: lines of the overlay that no longer find their place.
    """

    files: Mapping[str, str]
    notes: Mapping[str, tuple[Note, ...]]
    references: Mapping[str, str]
    refused: tuple[str, ...] = ()
    stale: tuple[Stale, ...] = ()


@dataclass(frozen=True, slots=True)
class Saved:
    """A page, and whether the user named it, or it lies in a folder that the user named."""

    page: Page
    named: bool


class Described:
    """Which functions have been described by now, and which pages were passed over."""

    def __init__(self) -> None:
        self.refused: list[PageError] = []
        self._by: dict[str, str] = {}

    def takes(self, saved: Saved, functions: Iterable[str]) -> bool:
        """Whether a page may be used: none describes one of its functions already.

        Raises:
            PageError: one does, and the user named the page.
        """
        for function in functions:
            if function in self._by:
                other = self._by[function]
                error = PageError(
                    f"{saved.page.name} and {other} both describe {function}: leave one of them out."
                )
                if saved.named:
                    raise error
                self.refused.append(error)
                return False
        self._by |= dict.fromkeys(functions, saved.page.name)
        return True


@dataclass(frozen=True, slots=True)
class Overlay:
    """An overlay's text, and the name that messages call it by."""

    name: str
    text: str

    @classmethod
    def read(cls, path: Path) -> Overlay:
        """The overlay in a file.

        Raises:
            OverlayError: it cannot be read.
        """
        try:
            return cls(path.name, path.read_text(encoding="utf-8"))
        except OSError as error:
            raise OverlayError(f"{path}: cannot be read ({error.strerror}).") from error
        except UnicodeDecodeError as error:
            raise OverlayError(f"{path}: cannot be read: it is not UTF-8.") from error
