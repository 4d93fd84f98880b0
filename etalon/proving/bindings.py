"""Which requirements a fault breaks: `contracts/faults.yaml`, a person's reading of the catalogues."""

from __future__ import annotations

from fnmatch import fnmatchcase
from functools import cache
from typing import TYPE_CHECKING

import yaml

from etalon.resources import contract, root

if TYPE_CHECKING:
    from collections.abc import Mapping

    from etalon.portals.config import Kind


class BindingError(LookupError):
    """A fault is bound to nothing, or to a requirement that does not exist; the message says which."""


def bound(kind: Kind, fault: str) -> tuple[str, ...]:
    """The ids of the requirements that a fault breaks, in the contract's order.

    Raises:
        BindingError: the fault is not bound, or a pattern of its row fits no requirement.
    """
    patterns = _bindings().get(kind, {}).get(fault)
    if not patterns:
        raise BindingError(f"contracts/faults.yaml binds the fault {fault} of {kind} to no requirement")
    ids = [row.id for row in contract(kind).requirements]
    for pattern in patterns:
        if not any(fnmatchcase(one, pattern) for one in ids):
            raise BindingError(f"contracts/faults.yaml: {kind}.{fault}: {pattern} is no requirement")
    return tuple(one for one in ids if any(fnmatchcase(one, pattern) for pattern in patterns))


@cache
def _bindings() -> Mapping[str, Mapping[str, list[str]]]:
    path = root() / "contracts" / "faults.yaml"
    found: Mapping[str, Mapping[str, list[str]]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found
