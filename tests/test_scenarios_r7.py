"""Sequences of changes to R7 tasks on mocked portals: what is predicted, and what is held against it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from etalon.generation.calendar import Calendar
from etalon.generation.json_bodies import narrowed
from etalon.judging.rules import KEEP, RESET
from etalon.judging.verdicts import Finding
from etalon.messages import Message
from etalon.portals.config import Secret, Target
from etalon.portals.serving import served
from etalon.portals.transport import Transport
from etalon.profiles import PROFILES
from etalon.session import TargetRun
from etalon.shipped import contract
from etalon.vendors.r7 import binding
from etalon.vendors.r7 import mock as r7
from etalon.vendors.r7.client import R7Client
from etalon.vendors.r7.generation.sequences import TaskStep
from etalon.vendors.r7.scenarios.driver import CREATE, UPDATE, R7Driver
from etalon.vendors.r7.scenarios.sequences import execute
from etalon.vendors.r7.traces import Traces

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

NAMES = binding.task().names
KEPT: Mapping[str, str] = dict.fromkeys(NAMES, KEEP)
RESETS: Mapping[str, str] = dict.fromkeys(NAMES, RESET)


@contextmanager
def driver_of(
    *faults: str, dialect: str = "documented", variations: Sequence[str] = ()
) -> Iterator[R7Driver]:
    portal = r7.create(dialect, faults, variations)
    with served(portal) as url:
        credentials = {"token": Secret(portal.credentials["token"], "R7_TOKEN")}
        target = Target("here", "r7", url, dialect=dialect, credentials=credentials, allow_writes=True)
        run, transport = TargetRun(target), Transport(target)
        client = R7Client(target, transport, run.redactor)
        client.log_in()
        known, calendar = client.discover(), Calendar(2031)
        traits = contract("r7").dialects[dialect].traits
        yield R7Driver(
            client=client,
            traces=Traces(client),
            resource=binding.task(),
            known=known,
            document=narrowed(binding.document(), known, calendar=calendar),
            odd_moments=frozenset(),
            must_carry=frozenset(traits.get("update-must-carry", ())),
            profile=PROFILES["standard"],
            run=run,
            calendar=calendar,
        )
        transport.close()


def changed(driver: R7Driver, *left_out: str) -> list[TaskStep]:
    """A full creation, and an update that leaves members out."""
    full = driver.body(UPDATE)
    dropped = {name for member in left_out for name in driver.member(member).parameters(UPDATE)}
    part = {name: value for name, value in full.items() if name not in dropped}
    return [TaskStep("create", 0, driver.body(CREATE)), TaskStep("update", 0, part), TaskStep("read", 0)]


@pytest.mark.parametrize(("dialect", "treatment"), [("documented", KEPT), ("communityserver", RESETS)])
def test_a_portal_that_treats_what_is_left_out_as_predicted_is_like_the_model(
    dialect: str, treatment: Mapping[str, str]
) -> None:
    with driver_of(dialect=dialect) as driver:
        plan = changed(driver, "description", "contact", "entity", "alertvalue")
        assert execute(driver, plan, treatment) is None


@pytest.mark.parametrize(("dialect", "treatment"), [("documented", RESETS), ("communityserver", KEPT)])
def test_a_portal_that_treats_it_otherwise_is_not(dialect: str, treatment: Mapping[str, str]) -> None:
    with driver_of(dialect=dialect) as driver:
        found = execute(driver, changed(driver, "description"), treatment)
    assert isinstance(found, Finding)
    assert found.member == "description"
    assert found.expected != found.observed
    assert found.steps[-1].says == Message("step-read-task", name="A")


@pytest.mark.parametrize(
    ("fault", "member"), [("title-not-updated", "title"), ("contact-not-updated", "contact")]
)
def test_a_change_that_is_not_carried_out_is_unlike_the_model(fault: str, member: str) -> None:
    with driver_of(fault) as driver:
        found = execute(driver, changed(driver), KEPT)
    assert isinstance(found, Finding)
    assert found.member == member


def test_what_a_creation_does_not_send_is_not_predicted() -> None:
    with driver_of("create-fills-in-defaults") as driver:
        body = driver.body(CREATE)
        sent = {name: value for name, value in body.items() if name in {"title", "deadline", "categoryId"}}
        created = driver.create(sent)
        plan = [TaskStep("create", 0, sent), TaskStep("read", 0)]
        assert execute(driver, plan, KEPT) is None
    assert created.after is not None
    filled = {name for name in NAMES if name not in created.patch.sets and created.after.holds(name)}
    assert filled, "the portal puts something in for what is not sent"


def test_what_no_answer_shows_is_not_held_against_a_portal() -> None:
    with driver_of(variations=["optional-members-hidden"]) as driver:
        plan = changed(driver)
        assert execute(driver, plan, KEPT) is None
        hidden = driver.create().after
    assert hidden is not None
    assert not any(driver.member(name).shown_in(hidden.card) for name in ("description", "contact"))
