"""What checks ask for: their run, their target and the wire to it, and the judge of their requirement."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from etalon.generation.calendar import Calendar
from etalon.judging.checking import Check
from etalon.plugin.beginning import begin
from etalon.plugin.items import requirement_id
from etalon.portals.transport import Transport

if TYPE_CHECKING:
    from collections.abc import Iterator

    from etalon.portals.config import Target
    from etalon.profiles import Profile
    from etalon.session import Session, TargetRun

CHECK = pytest.StashKey[Check]()


@pytest.fixture(scope="session")
def etalon_session(request: pytest.FixtureRequest) -> Session:
    """The run that the checks belong to."""
    return begin(request.config)


@pytest.fixture(scope="session")
def profile(etalon_session: Session, target_run: TargetRun) -> Profile:
    """How thorough the run against the target is."""
    return etalon_session.profile.within(target_run.target.max_requests)


@pytest.fixture(scope="session")
def seed(etalon_session: Session) -> int:
    """The seed of what is drawn at random."""
    return etalon_session.seed


@pytest.fixture(scope="session")
def calendar(etalon_session: Session) -> Calendar:
    """The days that requests name: the same ones throughout the run, whatever the time."""
    return Calendar.of(etalon_session.day)


@pytest.fixture(scope="session")
def target_run(request: pytest.FixtureRequest, target: Target) -> TargetRun:
    """The run of the check's target."""
    return begin(request.config).run_of(target.name)


@pytest.fixture(scope="session")
def target(request: pytest.FixtureRequest) -> Target:
    """The portal under judgement; an embedded one has been started when the run began."""
    found: Target = begin(request.config).run_of(request.param).target
    return found


@pytest.fixture(scope="session")
def transport(target_run: TargetRun) -> Iterator[Transport]:
    """The wire to the target, closed at the end of its checks."""
    transport = Transport(target_run.target, ledger=target_run.ledger)
    transport.on_exchange = target_run.redactor.overhear
    target_run.transport = transport
    target_run.started()
    yield transport
    target_run.stopped()
    transport.close()


@pytest.fixture
def check(request: pytest.FixtureRequest, target_run: TargetRun) -> Check:
    """The judge of the requirement that the check is bound to."""
    requirement = target_run.contract[requirement_id(request.node)]
    made = Check(requirement, target_run.expected(requirement))
    request.node.stash[CHECK] = made
    return made
