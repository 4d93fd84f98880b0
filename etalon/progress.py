"""The progress of a run: a bar on a terminal, nothing that would litter a log elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

if TYPE_CHECKING:
    from rich.console import Console


class Display(Protocol):
    """What shows how far a run has come."""

    def at(self, requirement: str, requests: int, findings: int) -> None:
        """Say what is being judged, and what has been spent and found so far."""

    def advance(self) -> None:
        """One check is done."""

    def stop(self) -> None:
        """The run is over."""


class _Bar:
    def __init__(self, console: Console, total: int) -> None:
        self._progress = Progress(
            SpinnerColumn(),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.fields[spent]}"),
            TextColumn("[dim]{task.description}"),
            console=console,
            transient=True,
        )
        self._task = self._progress.add_task("", total=total, spent="")
        self._progress.start()

    def at(self, requirement: str, requests: int, findings: int) -> None:
        spent = f"{requests} requests" + (f", [red]{findings} deviations[/red]" if findings else "")
        self._progress.update(self._task, description=requirement, spent=spent)

    def advance(self) -> None:
        self._progress.advance(self._task)

    def stop(self) -> None:
        self._progress.stop()


class _Silence:
    def at(self, requirement: str, requests: int, findings: int) -> None:
        pass

    def advance(self) -> None:
        pass

    def stop(self) -> None:
        pass


def make_progress(console: Console, total: int, *, enabled: bool) -> Display:
    """A bar where somebody can see it move, else nothing."""
    return _Bar(console, total) if enabled and console.is_terminal else _Silence()
