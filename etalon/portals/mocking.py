"""What every mocked portal offers to the server that runs it."""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from etalon.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.types import ASGIApp

T = TypeVar("T")


class FaultFamily(StrEnum):
    """What a fault does to the data or the conversation."""

    LOSES = "loses"
    ALTERS = "alters"
    LEAKS = "leaks"
    ANSWERS_WRONGLY = "answers-wrongly"


@dataclass(frozen=True, slots=True)
class FaultInfo:
    """A fault as the catalogue lists it: its name and the real defect it stands for."""

    name: str
    family: FaultFamily
    stands_for: str


@dataclass(frozen=True, slots=True)
class MockPortal:
    """One mocked portal, ready to be served.

    Attributes:
        kind: the name of its vendor.
        dialect: the dialect it speaks, e.g. `documented`.
        app: the ASGI application.
        path: path of the API's base URL below the server's root (`""` or `"/xml/"`).
        credentials: target keys of `etalon.toml` → invented values that log in
            (`token`, `user`, `password`; `account`, `api-key`, …).
        known: ids that exist, by the names that `[targets.X.known]` uses.
        faults: names of the faults that are switched on.
    """

    kind: str
    dialect: str
    app: ASGIApp
    path: str
    credentials: Mapping[str, str]
    known: Mapping[str, Sequence[int | str]]
    faults: tuple[str, ...] = field(default=())


class UnknownFaultError(UserError, LookupError):
    """A fault name that the catalogue does not have; the message lists those that it has."""


class UnknownDialectError(UserError, LookupError):
    """A dialect that this mocked portal does not speak; the message lists those that it does."""


def looked_up(names: Sequence[str], catalogue: Mapping[str, T], what: str) -> tuple[T, ...]:
    """The entries of a catalogue that have these names, in the order of the names.

    Args:
        names: of faults, or of variations.
        catalogue: name → entry.
        what: portal and noun, as in `the portal has no fault`.

    Raises:
        UnknownFaultError: for a name that the catalogue lacks; the message lists those it has.
    """
    for name in names:
        if name not in catalogue:
            close = get_close_matches(name, catalogue)
            hint = f" Did you mean {' or '.join(close)}?" if close else ""
            raise UnknownFaultError(f"{what} {name!r}.{hint} It has: {', '.join(sorted(catalogue))}")
    return tuple(catalogue[name] for name in names)
