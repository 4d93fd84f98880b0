"""Where the specs, contracts, suites and templates are: in a checkout, or inside the installed package."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from etalon.judging.requirements import Contract, parse_contract

if TYPE_CHECKING:
    from etalon.portals.config import Kind


@cache
def root() -> Path:
    """The folder that holds `specs/`, `contracts/`, `suites/`, `reports/templates/` and `conftest.py`."""
    package = Path(__file__).parent
    bundle = package / "bundle"
    return bundle if bundle.is_dir() else package.parent


def spec(*parts: str) -> Path:
    """The path of a spec, e.g. `spec("r7", "openapi.yaml")`."""
    return root().joinpath("specs", *parts)


@cache
def contract(kind: Kind) -> Contract:
    """What portals of this kind owe."""
    text = (root() / "contracts" / f"{kind}.yaml").read_text(encoding="utf-8")
    return parse_contract(yaml.safe_load(text))
