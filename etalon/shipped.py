"""Where the specs, contracts, suites and templates are: in a checkout, or inside the installed package."""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from etalon.errors import UserError
from etalon.judging.requirements import Contract, parse_contract
from etalon.messages import Message
from etalon.vendors import kinds, vendor_of
from etalon.yaml_text import parse_yaml

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from etalon.judging.requirements import Requirement
    from etalon.portals.config import Kind


@cache
def root() -> Path:
    """The folder that holds `specs/`, `contracts/`, `suites/`, `reports/templates/` and `conftest.py`."""
    package = Path(__file__).parent
    bundle = package / "bundle"
    return bundle if bundle.is_dir() else package.parent


class NoContractError(UserError, LookupError):
    """A vendor that a package brings lacks its contract; the message says where it was looked for."""


def home(kind: Kind) -> Path:
    """The folder of a vendor's `contracts/`, `specs/` and `suites/`: Etalon's, or its package's own."""
    package = vendor_of(kind).home
    return Path(str(resources.files(package))) if package else root()


def homes() -> tuple[Path, ...]:
    """The homes of all vendors, each once, Etalon's own first."""
    return tuple(dict.fromkeys((root(), *map(home, kinds()))))


def spec(kind: Kind, *parts: str) -> Path:
    """The path of a spec, by its kind of portal and its name."""
    return home(kind).joinpath("specs", kind, *parts)


@cache
def contract(kind: Kind) -> Contract:
    """What portals of this kind owe.

    Raises:
        NoContractError: the package that brings the vendor has no such file.
    """
    path = home(kind) / "contracts" / f"{kind}.yaml"
    if not path.is_file():
        raise NoContractError(Message("vendor-without-contract", kind=kind, path=str(path)))
    return parse_contract(parse_yaml(path.read_text(encoding="utf-8")))


@cache
def owed() -> Mapping[str, Requirement]:
    """What portals of every kind owe: requirement by id. What lacks a contract owes nothing."""
    found: dict[str, Requirement] = {}
    for kind in kinds():
        with suppress(NoContractError):
            found |= {row.id: row for row in contract(kind).requirements}
    return found


@cache
def documented(kind: Kind) -> Mapping[str, Sequence[str]]:
    """The operations that the judged pages of this kind of portal describe, with their parameters."""
    return vendor_of(kind).documented()
