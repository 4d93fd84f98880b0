"""What is judged beside single updates: sequences, updates at once, forms of XML, open behaviours."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from etalon.judging.evidence import Watch
from etalon.judging.sequences import Model, Step, contradiction
from etalon.judging.together import Rush, none_lost
from etalon.judging.verdicts import Finding
from etalon.messages import Message
from etalon.vendors.planfix.binding import task
from etalon.vendors.planfix.judging import behaviours
from etalon.vendors.planfix.judging.evidence import change_of
from etalon.vendors.planfix.judging.forms import InForm, same_effect
from etalon.vendors.planfix.judging.singles import agrees, broken_alone
from etalon.vendors.planfix.judging.workers import in_any_order, restored
from tests.planfix_samples import card, error, step, update

if TYPE_CHECKING:
    from collections.abc import Mapping

    from etalon.vendors.planfix.requests import Content

INDENTED = Message("form-indented")
NOBODY: frozenset[str] = frozenset()
DAILY: Mapping[str, Content] = {"daily": {"type": "EVERY", "shift": 2}}
USERS: Content = {
    "users": {"user": [{"id": 501}, {"id": 502}, {"id": 503}]},
    "groups": {"group": [{"id": 61}]},
}


def read(number: int, **changes: Content | None) -> Step:
    found = card(**changes)
    return Step(number, found.exchange, reading=found)


def changed(number: int, members: Mapping[str, Content], answered: bytes = b"") -> Step:
    sent = update(members, answered)
    return Step(number, sent, change_of(sent, None, None))


# Sequences.


def test_reads_that_the_steps_add_up_to_are_no_contradiction() -> None:
    taken = [
        read(0),
        read(1),
        changed(0, {"title": "New"}),
        changed(1, {"workers": {"addUsers": {"id": 503}}, "periodicity": DAILY}),
        changed(0, {"description": "Refused"}, error("0015")),
        read(0, title="New"),
        read(1, workers=USERS, periodicity={**DAILY, "notify": {"type": 0, "day": 1}}),
    ]
    assert contradiction(taken, Model(task())) is True


def test_a_task_that_another_ones_update_changed_is_a_contradiction_with_its_steps() -> None:
    taken = [
        read(0),
        read(1),
        changed(0, {"title": "New"}),
        changed(1, {"importance": "HIGH"}),
        read(0, title="Title"),
    ]
    finding = contradiction(taken, Model(task()))
    assert isinstance(finding, Finding)
    assert (finding.member, finding.expected, finding.observed) == ("title", "New", "Title")
    assert [str(one.says) for one in finding.steps] == [
        "read task A",
        "read task B",
        "update title of task A",
        "update importance of task B",
        "read task A",
    ]
    assert contradiction(taken, Model(task(), frozenset({"title"}))) is True


def test_the_model_goes_on_from_steps_and_not_from_what_was_read() -> None:
    drifted = read(0, title="Other")
    taken = [read(0), changed(0, {"title": "New"}), read(0, title="New"), drifted]
    finding = contradiction(taken, Model(task()))
    assert isinstance(finding, Finding)
    assert finding.expected == "New"


def test_what_is_read_once_says_nothing() -> None:
    assert contradiction([read(0), changed(0, {"title": "New"}), read(1)], Model(task())) is None


@pytest.mark.parametrize("member", ["title", "description", "owner", "users", "periodicity"])
def test_what_is_sent_unclearly_is_not_predicted(member: str) -> None:
    sent: dict[str, Content] = {"workers": {}} if member == "users" else {member: ""}
    shows: Mapping[str, dict[str, Content]] = {
        "title": {"title": "Other"},
        "description": {"description": "Other"},
        "owner": {"owner": {"id": 503}},
        "users": {"workers": USERS},
        "periodicity": {"periodicity": DAILY},
    }
    assert contradiction([read(0), changed(0, sent), read(0, **shows[member])], Model(task())) is True


# At the same time.


def rush(*after: tuple[str, Content], known: frozenset[str] = NOBODY, refused: bool = False) -> Rush:
    first = update({"title": "New", "workers": {"addUsers": {"id": 503}}})
    second = update(
        {"importance": "HIGH", "workers": {"addGroups": {"id": 62}}}, error("3014") if refused else b""
    )
    return Rush(
        card(),
        (
            (
                change_of(replace(first, number=7), None, None),
                change_of(replace(second, number=8), None, None),
            ),
        ),
        card(**dict(after)),
        known,
    )


ALL: Content = {
    "users": {"user": [{"id": one} for one in (501, 502, 503)]},
    "groups": {"group": [{"id": 61}, {"id": 62}]},
}


def test_updates_that_both_took_effect_are_fine() -> None:
    done = rush(("title", "New"), ("importance", "HIGH"), ("workers", ALL))
    assert none_lost(task(), done, ("title", "importance")) is True
    assert none_lost(task(), done, ("users", "groups")) is True
    assert none_lost(task(), done, ("description",)) is None


def test_a_lost_update_shows_both_requests_and_the_read() -> None:
    lost = rush(("importance", "HIGH"), ("workers", ALL))
    finding = none_lost(task(), lost, ("title", "importance"))
    assert isinstance(finding, Finding)
    assert (finding.member, finding.expected, finding.observed) == ("title", "New", "Title")
    assert [one.exchange.number for one in finding.steps[:2]] == [7, 8]
    assert finding.steps[-1].says == Message("step-read")
    workers_lost = none_lost(task(), rush(("title", "New"), ("importance", "HIGH")), ("users", "groups"))
    assert isinstance(workers_lost, Finding)


def test_a_refused_round_and_known_members_are_no_news() -> None:
    assert none_lost(task(), rush(refused=True), ("title", "importance", "users", "groups")) is None
    assert none_lost(task(), rush(known=frozenset({"title", "importance"})), ("title", "importance")) is None


# Single updates, and forms.


def test_members_that_single_updates_get_wrong_are_known() -> None:
    steps = [
        step({"title": "New"}, card(), card(title="New", importance="HIGH")),
        step({"description": "New"}, card(), card()),
        step({"workers": {"addUsers": {"id": 503}}}, card(), card()),
        step({"periodicity": DAILY}, card(), card()),
    ]
    assert broken_alone(steps) == {"importance", "description", "users", "periodicity"}
    moved = Watch(Message("role-neighbour"), card(), card(client={"id": 810}))
    assert broken_alone([step({"title": "New"}, card(), card(title="New"))], [moved]) == {"client"}


def test_agreeing_leaves_open_what_the_page_leaves_open() -> None:
    assert agrees("description", "a\nb", "<p>a<br/>b</p>")
    assert not agrees("title", "a\nb", "<p>a<br/>b</p>")
    assert agrees(
        "periodicity", {"kind": "daily", "endCondition/type": "ENDLESS"}, {"kind": "daily", "shift": 1}
    )
    assert not agrees("periodicity", {"kind": "daily", "shift": 2}, {"kind": "daily", "shift": 1})


def test_a_form_that_arrives_is_fine_and_one_that_does_not_is_a_finding() -> None:
    arrived = step({"title": "New"}, card(), card(title="New"))
    lost = step({"title": "New"}, card(), card(title="Ne"))
    refused = step({"title": "New"}, card(), card(), error("0003"))
    assert same_effect(InForm(INDENTED, arrived)) is True
    found = same_effect(InForm(INDENTED, lost))
    assert isinstance(found, Finding)
    assert found.summary == Message("lost-in-form", member="title", how=INDENTED)
    assert isinstance(same_effect(InForm(INDENTED, refused)), Finding)
    assert same_effect(InForm(Message("form-windows-1251"), refused, may_refuse=True)) is None
    # A portal that alters a text in the usual form, too, has to alter it alike.
    assert same_effect(InForm(INDENTED, lost, usual={"title": "Ne"})) is True
    assert isinstance(same_effect(InForm(INDENTED, lost, usual={"title": "N"})), Finding)


# Workers.


def test_an_unsorted_list_has_to_be_there_as_a_whole() -> None:
    unsorted = {"workers": {"addUsers": {"id": [504, 503]}}}
    without = {"users": {"user": [{"id": 501}, {"id": 502}, {"id": 504}]}}
    both = {"users": {"user": [{"id": one} for one in (501, 502, 503, 504)]}}
    assert in_any_order(step(unsorted, card(), card(workers=both))) is True
    assert isinstance(in_any_order(step(unsorted, card(), card(workers=without))), Finding)
    assert in_any_order(step({"workers": {"addUsers": {"id": [503, 504]}}}, card(), card())) is None


def test_deleting_who_was_added_restores() -> None:
    before, between = card(), card(workers=USERS)
    add = step({"workers": {"addUsers": {"id": [503, 501]}}}, before, between)
    delete = {"workers": {"delUsers": {"id": 503}}}
    assert restored((add, step(delete, between, before))) is True
    gone = card(workers={"users": {"user": {"id": 501}}, "groups": {"group": {"id": 61}}})
    assert isinstance(restored((add, step(delete, between, gone))), Finding)
    assert restored((add, step({"workers": {"delUsers": {"id": 501}}}, between, gone))) is None


# What the page leaves open.


@pytest.mark.parametrize(
    ("after", "behaviour"),
    [({}, "keep"), ({"client": {"id": 0}}, "clear"), ({"client": {"id": 811}}, "other")],
)
def test_what_became_of_an_empty_member(after: dict[str, Content], behaviour: str) -> None:
    before = card(client={"id": 810})
    now = card(**{"client": {"id": 810}, **after})
    assert behaviours.emptied("client", step({"client": ""}, before, now)) == behaviour
    assert behaviours.emptied("client", step({"client": ""}, before, now, error("0015"))) == "reject"
    assert behaviours.emptied("client", step({"client": ""}, card(), card())) is None


def test_open_behaviours_are_told_apart() -> None:
    twice: dict[str, Content] = {"title": ["One", "Two"]}
    assert behaviours.first_or_last("title", step(twice, card(), card(title="One"))) == "first"
    assert behaviours.first_or_last("title", step(twice, card(), card(title="Two"))) == "last"
    assert behaviours.first_or_last("title", step(twice, card(), card())) == "ignored"
    assert behaviours.first_or_last("title", step(twice, card(), card(title="OneTwo"))) == "other"
    odd: dict[str, Content] = {"title": "New", "workers": {"importance": "HIGH"}}
    assert behaviours.beside(step(odd, card(), card(title="New"))) == "overlooked"
    assert behaviours.beside(step(odd, card(), card(title="New", importance="HIGH"))) == "applied"
    assert behaviours.beside(step(odd, card(), card())) == "other"
    long = {"description": "x" * 100}
    assert behaviours.length_kept("description", step(long, card(), card(description="x" * 100))) == "stored"
    assert behaviours.length_kept("description", step(long, card(), card(description="x" * 50))) == "cut"
    assert behaviours.length_kept("description", step(long, card(), card())) == "other"
    assert behaviours.put_below(5, step({"parent": {"id": 5}}, card(), card())) == "ignored"
    assert behaviours.put_below(5, step({"parent": {"id": 5}}, card(), card(parent={"id": 5}))) == "accepted"


@pytest.mark.parametrize("shown", ["Title", "до [] после", "до [&e;] после", "до [&amp;e;] после", ""])
def test_an_entity_that_is_not_expanded_is_fine(shown: str) -> None:
    tried = change_of(update({"title": "x"}), card(), card(title=shown))
    assert behaviours.expansion(tried, "title", "&e;", ("до [", "] после")) is True


def test_an_expanded_entity_is_a_finding_that_does_not_show_what_was_in_it() -> None:
    tried = change_of(update({"title": "x"}), card(), card(title="до [root:x:0] после"))
    finding = behaviours.expansion(tried, "title", "&e;", ("до [", "] после"))
    assert isinstance(finding, Finding)
    assert finding.observed == Message("characters-in-its-place", length=8)
    refused = change_of(update({"title": "x"}, error("0003")), card(), card())
    assert behaviours.expansion(refused, "title", "&e;", ("до [", "] после")) is True
