"""The progress of a run: a bar on a terminal, a line for each theme in a log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.text import Text

from etalon.reporting.terminal import shown
from etalon.reporting.words import grouped, word

if TYPE_CHECKING:
    from rich.console import Console


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a run has come.

    Attributes:
        target: the portal that is being judged.
        theme: the title of the theme at work.
        requirement: the id of the requirement that is judged.
        requests: requests spent on the portal so far.
        remaining: those that it may still be sent.
        findings: deviations found so far, on all portals.
    """

    target: str
    theme: str
    requirement: str
    requests: int
    remaining: int
    findings: int


class Display(Protocol):
    """What shows how far a run has come."""

    def at(self, standing: Standing) -> None:
        """Say what is being judged, and what has been spent and found so far."""

    def advance(self) -> None:
        """One check is done."""

    def stop(self) -> None:
        """The run is over."""


class _Bar:
    def __init__(self, console: Console, total: int, lang: str) -> None:
        self._console, self._lang = console, lang
        self._progress = Progress(
            SpinnerColumn(),
            BarColumn(bar_width=16),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.description}", markup=False),
            TextColumn("[red]{task.fields[found]}"),
            TextColumn("[dim]{task.fields[spent]}"),
            console=console,
            transient=True,
        )
        self._task = self._progress.add_task("", total=total, spent="", found="")
        self._progress.start()

    def at(self, standing: Standing) -> None:
        found = word("count-deviation", self._lang, n=standing.findings) if standing.findings else ""
        self._progress.update(
            self._task,
            description=shown(f"{standing.target}: {standing.theme}", self._console, limit=60),
            found=shown(found, self._console),
            spent=shown(_spent(standing, self._lang), self._console),
        )

    def advance(self) -> None:
        self._progress.advance(self._task)

    def stop(self) -> None:
        self._progress.stop()


class _Lines:
    """One line whenever another theme begins: a log keeps every line."""

    def __init__(self, console: Console, total: int, lang: str) -> None:
        self._console, self._total, self._lang = console, total, lang
        self._done = 0
        self._last = ("", "")

    def at(self, standing: Standing) -> None:
        if (standing.target, standing.theme) == self._last:
            return
        self._last = (standing.target, standing.theme)
        parts = [_spent(standing, self._lang)]
        if standing.findings:
            parts.append(word("count-deviation", self._lang, n=standing.findings))
        width = len(str(self._total))
        line = (
            f"[{self._done:{width}}/{self._total}] {standing.target}: {standing.theme} ({', '.join(parts)})"
        )
        self._console.print(Text(shown(line, self._console)), soft_wrap=True)

    def advance(self) -> None:
        self._done += 1

    def stop(self) -> None:
        pass


class _Silence:
    def at(self, standing: Standing) -> None:
        pass

    def advance(self) -> None:
        pass

    def stop(self) -> None:
        pass


def make_progress(console: Console, total: int, *, enabled: bool, lang: str = "en") -> Display:
    """A bar where somebody can see it move, lines where a log keeps them, nothing where nobody wants either.

    Args:
        console: where to; its colours and encoding are respected (`NO_COLOR`).
        total: how many checks there are.
        enabled: false for silence.
        lang: `en` or `ru`.
    """
    if not enabled:
        return _Silence()
    return (_Bar if console.is_terminal else _Lines)(console, total, lang)


def _spent(standing: Standing, lang: str) -> str:
    spent = word("count-request", lang, n=standing.requests)
    return f"{spent}, {word('label-remaining', lang)} {grouped(standing.remaining, lang)}"
