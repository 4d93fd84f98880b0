"""The kill matrix: which fault turned which requirement red, and what became of it since the last one."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from statistics import median
from typing import TYPE_CHECKING, Any

from etalon.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from etalon.portals.config import Kind


_RUNS = "trials"
"""How the file calls its runs; matrices of earlier versions have to remain readable."""


class Fate(StrEnum):
    """What became of a fault."""

    KILLED = "killed"
    """A requirement that the fault is bound to went red."""
    SURVIVED = "survived"
    """None of them did, whatever else went red."""
    VOID = "void"
    """The portal was so broken that nothing could be judged."""


class MatrixError(UserError):
    """A file is no kill matrix; the message is for the user."""


@dataclass(frozen=True, slots=True)
class FaultRun:
    """One run of a suite against a portal with one fault.

    Attributes:
        kind: of the portal.
        dialect: the dialect that the portal spoke and was judged by.
        fault: its name.
        bound: ids of the requirements that the fault breaks.
        red: ids of those that deviated, in the contract's order.
        judged: how many requirements were judged at all.
        requests: what the run spent.
        first_red: requests on the wire when the first deviation could be seen; None where there was none.
        pinned: what the target pinned, where the page leaves the fault open.
    """

    kind: Kind
    dialect: str
    fault: str
    bound: tuple[str, ...]
    red: tuple[str, ...]
    judged: int
    requests: int
    first_red: int | None
    pinned: Mapping[str, str] = field(default_factory=dict)

    @property
    def fate(self) -> Fate:
        """Whether the fault was found where it has to be."""
        if not self.judged:
            return Fate.VOID
        return Fate.KILLED if set(self.bound) & set(self.red) else Fate.SURVIVED

    @property
    def killed_by(self) -> tuple[str, ...]:
        """The requirements that it is bound to and that found it."""
        return tuple(one for one in self.red if one in self.bound)


@dataclass(frozen=True, slots=True)
class KillMatrix:
    """All runs of one proving.

    Attributes:
        etalon: the version that made it.
        profile: how thorough the runs were.
        seed: what was drawn at random.
        runs: in the order of the catalogues.
    """

    etalon: str
    profile: str
    seed: int
    runs: tuple[FaultRun, ...] = field(default=())

    def with_fate(self, fate: Fate) -> tuple[FaultRun, ...]:
        """The runs that ended so."""
        return tuple(run for run in self.runs if run.fate is fate)

    @property
    def median_first_red(self) -> float | None:
        """Median over the killed faults of the requests until the first deviation; None without any."""
        firsts = [run.first_red for run in self.with_fate(Fate.KILLED) if run.first_red is not None]
        return median(firsts) if firsts else None

    def killers(self) -> Mapping[str, tuple[str, ...]]:
        """Requirement → the faults bound to it that it found."""
        found: dict[str, list[str]] = {}
        for run in self.runs:
            for requirement in run.killed_by:
                found.setdefault(requirement, []).append(run.fault)
        return {requirement: tuple(faults) for requirement, faults in found.items()}

    def to_json(self) -> str:
        """The matrix as JSON, a run a line, so that a difference shows as a line."""
        head = {"etalon": self.etalon, "profile": self.profile, "seed": self.seed}
        lines = [json.dumps(asdict(run), ensure_ascii=False) for run in self.runs]
        body = ",\n  ".join(lines)
        return f'{json.dumps(head)[:-1]}, "{_RUNS}": [\n  {body}\n]}}\n'


def read_matrix(path: Path) -> KillMatrix:
    """Read a kill matrix.

    Raises:
        MatrixError: the file cannot be read, or is none.
    """
    try:
        document: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        runs = tuple(
            FaultRun(**{**run, "bound": tuple(run["bound"]), "red": tuple(run["red"])})
            for run in document[_RUNS]
        )
        return KillMatrix(document["etalon"], document["profile"], document["seed"], runs)
    except OSError as error:
        raise MatrixError(f"{path}: cannot be read ({error.strerror}).") from error
    except (ValueError, KeyError, TypeError) as error:
        raise MatrixError(f"{path}: no kill matrix of this version of Etalon.") from error


def lost(before: KillMatrix, now: KillMatrix) -> list[str]:
    """What was killed and no longer is, a sentence each.

    A fault that is no longer in the catalogue, and a requirement no longer in the contracts, is not lost.

    Args:
        before: the matrix of the last release.
        now: a new one; faults that it did not try are not compared.
    """
    fates = {(run.kind, run.dialect, run.fault): run for run in now.runs}
    sentences = []
    for run in before.with_fate(Fate.KILLED):
        again = fates.get((run.kind, run.dialect, run.fault))
        if again is not None and again.fate is not Fate.KILLED:
            names = ", ".join(run.killed_by)
            sentences.append(f"{run.kind}: the fault {run.fault} is {again.fate} now; {names} found it.")
    return sentences + _idle(before, now)


def _idle(before: KillMatrix, now: KillMatrix) -> list[str]:
    """Requirements that found a fault and find none any more, where their faults were tried."""
    tried = {run.fault for run in now.runs}
    bound = {one for run in now.runs for one in run.bound}
    finds = now.killers()
    return [
        f"{requirement} finds no fault any more; it found {', '.join(faults)}."
        for requirement, faults in before.killers().items()
        if requirement in bound and requirement not in finds and set(faults) <= tried
    ]


def unproven(requirements: Iterable[str], matrices: Sequence[KillMatrix]) -> list[str]:
    """Requirements that no fault has shown to be able to fail.

    Args:
        requirements: ids of those that are judged.
        matrices: what is known.
    """
    proven = {requirement for matrix in matrices for requirement in matrix.killers()}
    return [requirement for requirement in requirements if requirement not in proven]
