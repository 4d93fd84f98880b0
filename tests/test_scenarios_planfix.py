"""Scenarios of the PlanFix suite on mocked portals, one at a time: what they send and bring home."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from xmlschema import XMLSchema11

from etalon.generation.calendar import Calendar, today
from etalon.judging.evidence import Probe
from etalon.judging.sequences import Model, contradiction
from etalon.judging.together import none_lost
from etalon.judging.verdicts import Finding
from etalon.messages import Message
from etalon.portals.config import Secret, Target
from etalon.portals.errors import ForeignWriteError
from etalon.portals.secrets import Redactor
from etalon.portals.serving import served
from etalon.portals.transport import Transport
from etalon.profiles import PROFILES
from etalon.shipped import spec
from etalon.vendors.planfix import mock as planfix
from etalon.vendors.planfix.answers import accepted
from etalon.vendors.planfix.binding import task
from etalon.vendors.planfix.client import PlanFixClient
from etalon.vendors.planfix.forms import FORMS
from etalon.vendors.planfix.generation.sequences import Creation, PlannedChange, is_possible, plans
from etalon.vendors.planfix.judging.forms import same_effect
from etalon.vendors.planfix.scenarios.documents import each_form, packed_forms
from etalon.vendors.planfix.scenarios.driver import PlanFixDriver
from etalon.vendors.planfix.scenarios.refused import MISSHAPEN, OUT_OF_RANGE, ROWS, UNAUTHENTICATED, refuse
from etalon.vendors.planfix.scenarios.sequences import follow, shortener
from etalon.vendors.planfix.traces import Traces

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

KEYS = ("account", "api-key", "private-key", "user", "password")
SCHEMA = XMLSchema11(str(spec("planfix", "task.update.request.xsd")))


@contextmanager
def driver_of(
    *faults: str, profile: str = "standard", variations: Sequence[str] = ()
) -> Iterator[PlanFixDriver]:
    portal = planfix.create(faults=faults, variations=variations)
    with served(portal) as url:
        credentials = {key: Secret(portal.credentials[key], f"PLANFIX_{key}") for key in KEYS}
        known = {"users": (501, 502, 503), "groups": (61, 62), "projects": (700, 701), "clients": (810, 811)}
        target = Target("here", "planfix", url, credentials=credentials, allow_writes=True, known=known)
        transport = Transport(target)
        client = PlanFixClient(target, transport, Redactor())
        client.log_in()
        yield PlanFixDriver(
            client=client,
            traces=Traces(client),
            resource=task(),
            known=known,
            profile=PROFILES[profile],
            calendar=Calendar.of(today()),
        )
        transport.close()


# Fault → what is accepted through it that has to be refused, and nothing else.
LET_THROUGH = {
    "unknown-owner-accepted": "UNKNOWN-OWNER",
    "unknown-project-accepted": "UNKNOWN-PROJECT",
    "unknown-client-accepted": "UNKNOWN-CLIENT",
    "unknown-group-accepted": "UNKNOWN-GROUP",
    "missing-sid-accepted": "NO-SESSION",
    "bad-status-overlooked": "BAD-STATUS",
    "bad-check-result-overlooked": "BAD-CHECKRESULT",
    "bad-date-overlooked": "BAD-DATE",
    "impossible-date-rolls-over": "IMPOSSIBLE-DATE",
    "letters-read-as-nothing": "NOT-A-NUMBER",
    "no-kind-overlooked": "NO-KIND",
    "bad-kind-type-read-as-every": "BAD-KIND-TYPE",
    "bad-weekday-overlooked": "BAD-WEEKDAY",
    "bad-day-type-read-as-day": "BAD-DAY-TYPE",
    "bad-end-condition-read-as-endless": "BAD-END-CONDITION",
    "bad-notify-type-read-as-day": "BAD-NOTIFY-TYPE",
}


@pytest.mark.parametrize("fault", LET_THROUGH)
def test_what_has_to_be_refused_and_is_not_shows(fault: str) -> None:
    with driver_of(fault) as driver:
        found = refuse(driver, driver.create(), unknown=_unknown(driver))
    through = {
        name
        for name, probes in found.probes.items()
        if name not in {OUT_OF_RANGE, MISSHAPEN} and any(accepted(probe.exchange) for probe in probes)
    }
    assert through == {LET_THROUGH[fault]}


def test_all_that_has_to_be_refused_is_sent_and_nothing_changes() -> None:
    with driver_of() as driver:
        subject = driver.create()
        first = driver.reread(subject)
        found = refuse(driver, subject, unknown=_unknown(driver))
        now = driver.reread(subject)
    assert set(found.probes) == {*ROWS, *UNAUTHENTICATED, OUT_OF_RANGE, MISSHAPEN}
    assert first is not None
    assert now is not None
    assert {member for member in first.members if first.members[member] != now.members[member]} <= {
        *("title", "description", "importance", "checkResult"),  # by sound updates after those refused
        "periodicity",  # the portal takes a repetition of the 0th day, and had none to go back to
    }
    assert found.nothing.accepted
    assert found.unsigned is not None


def test_few_requests_go_between_two_reads() -> None:
    with driver_of(profile="quick") as driver:
        subject = driver.create()
        driver.reread(subject)
        spent = driver.client.transport.spent
        found = refuse(driver, subject, unknown=_unknown(driver))
        journal = driver.client.transport.journal[spent:]
    # A read of the unknown id shows the guard that it is nobody's; the task itself is read once.
    assert [one.subject for one in journal if one.operation == "task.get"].count(subject) == 1
    assert len(journal) <= 22
    assert len(found.wrong) == len(found.unauthenticated) == 1


# Fault → the form of XML that it breaks, and no other.
UNREAD = {
    "quote-entities-kept": "ENTITIES",
    "decimal-references-lost": "DECIMAL-REFERENCES",
    "hex-references-kept": "HEX-REFERENCES",
    "cdata-lost": "CDATA",
    "text-after-comment-lost": "COMMENTS",
    "text-after-instruction-lost": "INSTRUCTIONS",
    "single-quotes-unread": "SINGLE-QUOTES",
    "declaration-demanded": "NO-DECLARATION",
    "bom-refused": "BOM",
    "declared-encoding-ignored": "ENCODINGS",
    "indentation-refused": "INDENTED",
    "read-in-page-order": "ORDER",
    "carriage-returns-kept": "NEWLINES",
    "blanks-in-tags-refused": "TAG-BLANKS",
}


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("fault", UNREAD)
def test_a_form_that_is_not_read_shows(fault: str, packed: bool) -> None:
    with driver_of(fault) as driver:
        subject = driver.create()
        forms = packed_forms(driver, subject)[0] if packed else each_form(driver, subject)
    assert {name for name, update in forms.items() if isinstance(same_effect(update), Finding)} == {
        UNREAD[fault]
    }
    assert set(forms) == set(FORMS)


def test_a_sound_portal_reads_every_form_in_one_request() -> None:
    with driver_of() as driver:
        subject = driver.create()
        driver.reread(subject)
        spent = driver.client.transport.spent
        forms, rushes = packed_forms(driver, subject)
        assert driver.client.transport.spent - spent == 5
    assert all(same_effect(update) is True for update in forms.values())
    assert [none_lost(task(), rush, task().names) for rush in rushes] == [True]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("sparing", [True, False])
def test_a_sound_portal_does_what_sequences_add_up_to(seed: int, sparing: bool) -> None:
    with driver_of() as driver:
        existing = () if seed % 2 else (driver.create(), driver.create())
        for plan in plans(
            SCHEMA, driver.known, driver.calendar, existing=len(existing), count=1, length=6, seed=seed
        ):
            assert is_possible(plan, len(existing))
            course = follow(driver, plan, existing, sparing=sparing)
            assert contradiction(course.taken, Model(task())) is True


def test_plans_put_no_task_below_itself() -> None:
    known = {"users": (501, 502), "groups": (61,), "projects": (700, 701), "clients": (810, 811)}
    found = plans(SCHEMA, known, Calendar(2031), existing=0, count=8, length=12, seed=4)
    for plan in found:
        changes = [step for step in plan if isinstance(step, PlannedChange)]
        assert [type(step) for step in plan[:2]] == [Creation, Creation]
        assert all(step.parent is None or step.parent < step.task for step in changes)
    assert any(step.parent is not None for plan in found for step in plan if isinstance(step, PlannedChange))


def test_a_sequence_that_fails_shrinks_to_the_steps_that_matter() -> None:
    with driver_of("parent-saves-its-children") as driver:
        for seed in range(1, 40):
            [plan] = plans(SCHEMA, driver.known, driver.calendar, existing=0, count=1, length=12, seed=seed)
            course = follow(driver, plan, (), sparing=True)
            outcome = contradiction(course.taken, Model(task()))
            if isinstance(outcome, Finding):
                break
        assert isinstance(outcome, Finding)
        driver.budget = 2_000
        smaller = shortener(driver, frozenset())(course, outcome)
    sent = [step.says.key for step in smaller.steps if step.says.key != "step-read-task"]
    assert len(sent) <= 6 < len(plan)
    assert sum(key.startswith("step-update") for key in sent) >= 2
    assert smaller.member == outcome.member


def test_updates_at_the_same_time_are_lost_where_nothing_holds_them_apart() -> None:
    with driver_of("update-lost-to-another") as driver:
        rush = driver.rush(driver.create(), [({"title": "One"}, {"description": "Two"})])
    assert rush is not None
    values = {rush.after.members["title"] == "One", rush.after.members["description"] == "Two"}
    assert values == {True, False}


def test_a_portal_that_asks_to_try_again_loses_nothing() -> None:
    with driver_of(variations=["busy-when-together"]) as driver:
        rush = driver.rush(driver.create(), [({"title": "One"}, {"description": "Two"})])
        busy = [one for one in driver.client.transport.journal if b"3014" in one.response.body]
    assert rush is not None
    assert (rush.after.members["title"], rush.after.members["description"]) == ("One", "Two")
    assert len(busy) == 1


def _unknown(driver: PlanFixDriver) -> Probe:
    return Probe(
        "UNKNOWN-ID", Message("no-such-task"), driver.client.update_task(2_147_000_000, {"title": "x"})
    )


def test_a_task_that_shows_nothing_of_what_was_sent_is_left_alone() -> None:
    with driver_of("creation-answers-former-id") as driver:
        own = driver.create()
        assert driver.foreign is not None
        named = driver.foreign.exchanges[-1].subject
        assert named is not None
        assert named < own
        assert driver.client.scratch.left_behind == []
        assert named not in driver.client.scratch.ids
        with pytest.raises(ForeignWriteError):
            driver.client.update_task(named, {"title": "Etalon"})
        assert driver.update(own, {"title": "Etalon"}).accepted


def test_no_two_tasks_are_taken_for_one() -> None:
    with driver_of("creation-answers-former-id") as driver:
        made = [driver.create() for _ in range(4)]
    assert len(set(made)) == len(made)
