"""The options by which pytest runs the suites."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from etalon.arguments import count, day
from etalon.portals.config import DEFAULT_CONFIG
from etalon.profiles import DEFAULT_SEED, PROFILES

if TYPE_CHECKING:
    import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options of `etalon run`, for people who live in pytest."""
    group = parser.getgroup("etalon", "conformance of task portals")
    group.addoption(
        "--etalon-target",
        action="append",
        default=[],
        metavar="NAME",
        help="target of the config file to judge (repeatable); without one, both embedded portals",
    )
    group.addoption("--etalon-config", default=str(DEFAULT_CONFIG), metavar="FILE", help="config file")
    group.addoption("--etalon-profile", choices=tuple(PROFILES), default="standard", help="thoroughness")
    group.addoption(
        "--etalon-seed",
        type=int,
        help=f"seed of what is drawn at random; default: {DEFAULT_SEED}, in deep another each time",
    )
    group.addoption(
        "--etalon-day",
        type=day,
        metavar="YYYY-MM-DD",
        help="day from which dates are reckoned; default: today",
    )
    group.addoption(
        "--etalon-max-requests",
        type=count,
        metavar="N",
        help="stop before a target has had more; default: what the config file says",
    )
    group.addoption(
        "--etalon-select",
        action="append",
        default=[],
        metavar="PATTERN",
        help="glob on requirement ids (repeatable)",
    )
    group.addoption(
        "--etalon-output", default="reports/out", metavar="DIR", help="folder of the reports; empty for none"
    )
    group.addoption(
        "--etalon-baseline", metavar="FILE", help="deviations that are accepted, behaviours that are pinned"
    )
    group.addoption("--etalon-lang", choices=("en", "ru"), default="en", help="language of the report")
    group.addoption(
        "--etalon-no-confirm", action="store_true", help="report findings without repeating the run"
    )
    group.addoption(
        "--etalon-no-proof",
        action="store_true",
        help="report findings without making each again by few steps",
    )
    group.addoption("--etalon-record", default="", metavar="FILE.har", help="record the traffic there")
    group.addoption("--etalon-command", default="", help="the command line to show in the report")


def output_of(config: pytest.Config) -> Path | None:
    """The folder of the reports; None where none are wanted."""
    given: str = config.getoption("--etalon-output")
    return Path(given) if given else None


def language_of(config: pytest.Config) -> str:
    """The language of what a run says."""
    language: str = config.getoption("--etalon-lang")
    return language
