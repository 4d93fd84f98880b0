"""Where the specs, contracts, suites and templates are: in a checkout, or inside the installed package."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from etalon.judging.requirements import Contract, parse_contract
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


def spec(*parts: str) -> Path:
    """The path of a spec, by its kind of portal and its name."""
    return root().joinpath("specs", *parts)


@cache
def contract(kind: Kind) -> Contract:
    """What portals of this kind owe."""
    text = (root() / "contracts" / f"{kind}.yaml").read_text(encoding="utf-8")
    return parse_contract(parse_yaml(text))


@cache
def owed() -> Mapping[str, Requirement]:
    """What portals of every kind owe: requirement by id."""
    return {row.id: row for kind in kinds() for row in contract(kind).requirements}


@cache
def documented(kind: Kind) -> Mapping[str, Sequence[str]]:
    """The operations that the judged pages of this kind of portal describe, with their parameters."""
    return vendor_of(kind).documented()
