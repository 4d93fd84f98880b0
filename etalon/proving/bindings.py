"""Which requirements a fault breaks: `contracts/faults.yaml`, a person's reading of the catalogues."""

from __future__ import annotations

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cache
from typing import TYPE_CHECKING, Any

from etalon.errors import UserError
from etalon.judging.requirements import Level, Requirement
from etalon.shipped import contract, homes
from etalon.yaml_text import parse_yaml

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from etalon.portals.config import Kind

_FILE = "contracts/faults.yaml"


class BindingError(UserError, LookupError):
    """A fault is bound to nothing, or to a requirement or pin that does not exist; the message says which."""


@dataclass(frozen=True, slots=True)
class Binding:
    """What a fault breaks.

    Attributes:
        breaks: ids of the requirements, in the contract's order.
        pinned: pins of the target, by behaviour name, without which the page leaves the fault open.
    """

    breaks: tuple[str, ...]
    pinned: Mapping[str, str] = field(default_factory=dict)


def binding(kind: Kind, fault: str) -> Binding:
    """The requirements that a fault breaks.

    A glob chooses judged rows alone; a row on which the page is silent has to be named.

    Raises:
        BindingError: the fault is not bound, a pattern of its row fits no requirement, or a pin is none.
    """
    row = _bindings().get(kind, {}).get(fault)
    if not row:
        raise BindingError(f"{_FILE} binds the fault {fault} of {kind} to no requirement")
    patterns, pinned = (row["breaks"], row["pinned"]) if isinstance(row, dict) else (row, {})
    for pin, value in pinned.items():
        if value not in contract(kind).pins.get(pin, ()):
            raise BindingError(f"{_FILE}: {kind}.{fault}: {pin} = {value!r} is no pin")
    return Binding(_chosen(kind, fault, patterns), pinned)


def bound(kind: Kind, fault: str) -> tuple[str, ...]:
    """The ids of the requirements that a fault breaks, in the contract's order.

    Raises:
        BindingError: as for `binding`.
    """
    return binding(kind, fault).breaks


def all_pins(kind: Kind) -> Mapping[str, str]:
    """The pins of all faults of a kind together: a target that pins all that its clients rely on."""
    return {
        pin: value
        for row in _bindings().get(kind, {}).values()
        if isinstance(row, dict)
        for pin, value in row["pinned"].items()
    }


def _chosen(kind: Kind, fault: str, patterns: Sequence[str]) -> tuple[str, ...]:
    rows = contract(kind).requirements
    chosen: set[str] = set()
    for pattern in patterns:
        fits = {row.id for row in rows if _fits(row, pattern.removeprefix("!"))}
        if not fits:
            raise BindingError(f"{_FILE}: {kind}.{fault}: {pattern} is no requirement")
        chosen = chosen - fits if pattern.startswith("!") else chosen | fits
    return tuple(row.id for row in rows if row.id in chosen)


def _fits(row: Requirement, pattern: str) -> bool:
    return row.id == pattern or (row.level is not Level.SILENT and fnmatchcase(row.id, pattern))


@cache
def _bindings() -> Mapping[str, Mapping[str, Any]]:
    found: dict[str, Mapping[str, Any]] = {}
    for path in (home / _FILE for home in homes()):
        if path.is_file():
            found |= parse_yaml(path.read_text(encoding="utf-8"))
    return found
