from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from xmlschema import XMLSchema11

from etalon.judging.evidence import Probe, Refusals, Watch
from etalon.judging.requirements import Level
from etalon.judging.rules import changes_nothing, fixed, stays
from etalon.judging.verdicts import Finding
from etalon.messages import Message
from etalon.resources.patch import expected
from etalon.resources.values import Moment, shown
from etalon.shipped import contract, spec
from etalon.vendors.planfix.binding import task
from etalon.vendors.planfix.judging import laws, periodicity, rules, workers
from etalon.vendors.planfix.judging.evidence import Made, asked, reading
from etalon.vendors.planfix.judging.values import is_plain
from tests.planfix_samples import card, error, exchange, step, update

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from etalon.judging.evidence import Change
    from etalon.vendors.planfix.requests import Content


def test_reads_a_card() -> None:
    members = card().members
    assert set(members) == set(task().names)
    assert members["status"] == 2
    assert members["checkResult"] is False
    assert members["users"] == (501, 502)
    assert str(members["startTime"]) == "05-03-2031"
    assert members["periodicity"] is None
    assert {name: shown(value) for name, value in card().managed.items()} == {
        "id": "5",
        "general": "9",
        "beginDateTime": "01-02-2030 10:00",
    }


VARIED: Mapping[str, Mapping[str, Content | None]] = {
    "the status by its name": {"status": "ACCEPTED"},
    "no parent": {"parent": None},
    "an empty parent": {"parent": {}},
    "no client": {"client": None},
    "members that no page knows": {"expectDate": "", "reminders": {"reminder": {"id": 1}}},
    "an empty periodicity": {"periodicity": {"daily": {"type": ""}}},
    "workers in the form of the draft": {"workers": {"users": {"id": [502, 501]}, "groups": {"id": 61}}},
}


@pytest.mark.parametrize("varied", VARIED.values(), ids=VARIED)
def test_what_portals_show_differently_is_the_same(varied: Mapping[str, Content | None]) -> None:
    assert card(**varied).members == card().members


def test_an_indented_card_is_the_same() -> None:
    root = etree.fromstring(card().exchange.response.body)
    etree.indent(root)
    found = reading(exchange("task.get", answered=etree.tostring(root)))
    assert found is not None
    assert found.members == card().members


@pytest.mark.parametrize(
    "answered",
    [b"", b"<html/>", error("3001"), b'<response status="ok"/>', b'<response status="ok"><task/></response>'],
)
def test_what_shows_no_task_is_no_reading(answered: bytes) -> None:
    assert reading(exchange("task.get", answered=answered)) is None


def test_a_short_date_is_not_a_date_with_a_time() -> None:
    assert card(startTime="05-03-2031").members != card(startTime="05-03-2031 00:00").members


def test_dates_that_do_not_exist_stay_texts() -> None:
    assert card(startTime="30-02-2031").members["startTime"] == "30-02-2031"


# The model.

ids = st.lists(st.integers(1, 9), unique=True)


def team_changes(**lists: list[int]) -> dict[str, Content]:
    """Changes to the workers; a list of nobody is not sent."""
    sent: dict[str, Content] = {name: {"id": [*ids]} for name, ids in lists.items() if ids}
    return {"workers": sent} if sent else {}


def team_of(numbers: Iterable[int]) -> tuple[int, ...] | None:
    return tuple(sorted(numbers)) or None


@given(had=ids, added=ids, deleted=ids)
def test_workers_are_a_union_without_the_deleted(
    had: list[int], added: list[int], deleted: list[int]
) -> None:
    asks = asked(update(team_changes(addUsers=added, delUsers=deleted)).request.body)
    after = expected({"users": team_of(had), "title": "x"}, asks)
    assert after["title"] == "x"
    if set(added) & set(deleted):
        assert "users" not in after
    else:
        assert after["users"] == team_of((set(had) | set(added)) - set(deleted))


@given(had=ids, added=ids)
def test_adding_twice_is_adding_once_and_deleting_restores(had: list[int], added: list[int]) -> None:
    before = {"users": team_of(had)}
    add = asked(update(team_changes(addUsers=added)).request.body)
    once = expected(before, add)
    assert expected(once, add) == once
    fresh = [one for one in added if one not in had]
    delete = asked(update(team_changes(delUsers=fresh)).request.body)
    assert expected(once, delete) == before


@given(st.sets(st.sampled_from(["title", "importance", "checkResult", "startTime"])))
def test_what_is_not_sent_stays(names: set[str]) -> None:
    new: Mapping[str, Content] = {
        "title": "New",
        "importance": "HIGH",
        "checkResult": 1,
        "startTime": "01-01-2032 10:00",
    }
    before = card().members
    after = expected(before, asked(update({name: new[name] for name in names}).request.body))
    assert {name for name in task().names if after[name] != before[name]} == names


def test_empty_members_are_unclear() -> None:
    asks = asked(update({"title": "", "owner": {}, "startTime": " ", "periodicity": {}}).request.body)
    assert asks.unclear == {"title", "owner", "startTime", "periodicity"}
    assert asked(update({"workers": {}}).request.body).unclear == {"users", "groups"}
    half = asked(update({"workers": {"addUsers": {}, "addGroups": {"id": 7}}}).request.body)
    assert half.unclear == {"users"}
    assert half.adds == {"groups": (7,)}
    assert asks.unclear <= asks.touched
    assert "title" not in expected(card().members, asks)


@pytest.mark.parametrize(
    "incomplete",
    [
        {"daily": {"type": "EVERY"}},
        {"weekly": {"type": "EVERY", "shift": 1}},
        {"monthly": {"type": "EXACT", "month": 1, "day": 1}},
        {"daily": {"type": "EVERY_WORKING"}, "endCondition": {"type": "BYCOUNT"}},
        {"daily": {"type": "EVERY_WORKING"}, "notify": {"type": 0}},
    ],
)
def test_a_periodicity_that_lacks_what_its_type_uses_is_unclear(incomplete: Content) -> None:
    assert asked(update({"periodicity": incomplete}).request.body).unclear == {"periodicity"}


@pytest.mark.parametrize("value", ["1", "0", ""])
def test_unset_removes_the_periodicity_whatever_its_value(value: str) -> None:
    asks = asked(update({"periodicity": {"@unset": value, "daily": {"type": "EVERY"}}}).request.body)
    before = card(periodicity={"daily": {"type": "EVERY", "shift": 2}}).members
    assert expected(before, asks)["periodicity"] is None


# The rules.


def test_a_stored_member_conforms_and_a_lost_one_deviates() -> None:
    good = step({"title": "New"}, card(), card(title="New"))
    bad = step({"title": "New"}, card(), card())
    assert rules.stores("title", good) is True
    finding = rules.stores("title", bad)
    assert isinstance(finding, Finding)
    assert (finding.expected, finding.observed, finding.member) == ("New", "Title", "title")


def test_what_was_there_before_proves_nothing() -> None:
    assert rules.stores("title", step({"title": "Title"}, card(), card())) is None


def test_what_was_there_before_must_not_get_lost_when_it_is_sent_again() -> None:
    lost = step({"description": "Text"}, card(), card(description=""))
    assert isinstance(rules.stores("description", lost), Finding)


def test_a_member_that_was_shown_must_not_vanish_when_it_is_sent() -> None:
    vanished = rules.stores("status", step({"status": "DRAFT"}, card(), card(status="")))
    assert isinstance(vanished, Finding)
    assert vanished.observed == Message("nothing")
    never_shown = step({"status": "DRAFT"}, card(status=None), card(status=None))
    assert rules.stores("status", never_shown) is None
    off = step({"checkResult": 0}, card(checkResult=1), card(checkResult=None))
    assert rules.stores("checkResult", off) is None


@pytest.mark.parametrize(("got", "how"), [("Text", "verbatim"), ("<p>Text</p>", "html"), ("Tex", "altered")])
def test_a_task_is_created_with_its_text(got: str, how: str) -> None:
    made = Made({"description": "Text"}, exchange("task.add"), card(description=got))
    found, finding = rules.created_with("description", made)
    assert found == how
    assert isinstance(finding, Finding) is (how == "altered")


def test_a_change_of_what_was_not_sent_deviates() -> None:
    lossy = step({"title": "New"}, card(), card(title="New", description=""))
    assert isinstance(rules.keeps("description", lossy), Finding)
    assert rules.keeps("status", lossy) is True
    assert rules.keeps("title", lossy) is None
    assert rules.keeps("client", lossy) is None


def test_what_comes_from_nowhere_deviates_too() -> None:
    before = card(checkResult=0)
    grown = step({"title": "New"}, before, card(title="New", client={"id": 810}, checkResult=1))
    for member in ("client", "checkResult"):
        finding = rules.keeps(member, grown)
        assert isinstance(finding, Finding)
        assert finding.member == member
    assert rules.keeps("checkResult", step({"title": "New"}, before, card(title="New"))) is True


def test_what_a_card_did_not_show_is_not_known_to_change() -> None:
    hidden = step({"title": "New"}, card(importance=None, owner=None), card(title="New"))
    assert rules.keeps("importance", hidden) is None
    assert rules.keeps("owner", hidden) is None


@pytest.mark.parametrize("name", ["id", "general", "beginDateTime"])
def test_what_a_portal_gave_a_task_never_changes(name: str) -> None:
    member = task().member(name)
    other: dict[str, Content | None] = {"id": 6, "general": 10, "beginDateTime": "01-02-2030 10:01"}
    assert fixed(member, card(), card()) is True
    found = fixed(member, card(), card(**{name: other[name]}))
    assert isinstance(found, Finding)
    assert found.member == name
    assert found.expected != found.observed


@pytest.mark.parametrize("empty", [None, "", " "])
@pytest.mark.parametrize("name", ["general", "beginDateTime"])
def test_what_a_card_does_not_show_of_it_is_not_compared(name: str, empty: str | None) -> None:
    member = task().member(name)
    assert fixed(member, card(**{name: empty}), card()) is None
    assert fixed(member, card(), card(**{name: empty})) is None


def test_a_number_is_the_same_with_space_around_it() -> None:
    assert fixed(task().member("general"), card(), card(general=" 9\n")) is True


@pytest.mark.parametrize("code", ["4006", "4007", "0016", "3009"])
def test_a_refusal_for_rights_or_state_is_no_finding(code: str) -> None:
    assert rules.stores("status", step({"status": "DONE"}, card(), card(), error(code))) is None


def test_another_refusal_of_a_single_member_is_a_finding() -> None:
    alone = step({"title": "New"}, card(), card(), error("0103"))
    assert isinstance(rules.stores("title", alone), Finding)
    together = step({"title": "New", "status": "DONE"}, card(), card(), error("0103"))
    assert rules.stores("title", together) is None


@pytest.mark.parametrize("status", ["DELAYED", "REJECTED"])
def test_a_status_that_another_function_sets_may_be_refused(status: str) -> None:
    assert rules.stores("status", step({"status": status}, card(), card(), error("0017"))) is None


@pytest.mark.parametrize(
    ("member", "got", "same"),
    [
        ("startTime", "06-03-2031", True),
        ("startTime", "06-03-2031 00:00", True),
        ("startTime", "06-03-2031 23:59", False),
        ("endTime", "06-03-2031 23:59", True),
        ("endTime", "05-03-2031 23:59", False),
        ("endTime", "06-03-2031 09:00", False),
    ],
)
def test_a_short_date_means_its_whole_day(member: str, got: str, same: bool) -> None:
    made = step({member: "06-03-2031"}, card(), card(**{member: got}))
    assert (rules.stores(member, made) is True) is same
    repeats: Mapping[str, Content] = {"daily": {"type": "EVERY", "shift": 2}}
    sent: Content = {**repeats, "endCondition": {"type": "BYENDDATE", "date": "06-03-2031"}}
    seen: Content = {**repeats, "endCondition": {"type": "BYENDDATE", "date": got}}
    if member == "endTime":
        repeated = step({"periodicity": sent}, card(), card(periodicity=seen))
        part = periodicity.part_of(("endCondition/type", "endCondition/date"), repeated, "BYENDDATE")
        assert (part is True) is same


def test_a_full_date_has_to_keep_its_time() -> None:
    made = step({"endTime": "06-03-2031 00:00"}, card(), card(endTime="06-03-2031"))
    assert isinstance(rules.stores("endTime", made), Finding)


def test_the_caller_may_become_the_owner_in_an_update_of_nothing() -> None:
    assert rules.unchanged(step({}, card(owner={"id": 502}), card())) is True
    assert isinstance(rules.unchanged(step({}, card(), card(title="New"))), Finding)
    lost = rules.owner_lost(step({"title": "New"}, card(owner={"id": 502}), card(owner={"id": 503})))
    assert (lost.expected, lost.observed) == ("502", "503")


def test_a_start_after_the_end_may_be_refused() -> None:
    late = step({"startTime": "08-03-2031 09:00"}, card(), card(), error("3006"))
    assert rules.stores("startTime", late) is None


@pytest.mark.parametrize(
    ("got", "how"),
    [
        ("a\n<b> & ё", rules.VERBATIM),
        ("<p>a</p><p>&lt;b&gt; &amp; ё</p>", rules.HTML),
        ("a<br/>\n&lt;b&gt; &amp; ё", rules.HTML),
        ("a &amp; ё", rules.ALTERED),
        ("a\n<b> & е", rules.ALTERED),
    ],
)
def test_renditions_of_a_description(got: str, how: str) -> None:
    assert rules.rendition("a\n<b> & ё", got) == how


@pytest.mark.parametrize(("owner", "behaviour"), [(502, "keep"), (501, "caller"), (503, "other")])
def test_what_becomes_of_the_owner(owner: int, behaviour: str) -> None:
    made = step({"title": "New"}, card(owner={"id": 502}), card(title="New", owner={"id": owner}))
    assert rules.owner_behaviour(made, 501) == behaviour


def test_the_callers_own_task_says_nothing_about_owners() -> None:
    assert rules.owner_behaviour(step({"title": "New"}, card(), card()), 501) is None


def team(*users: int, groups: tuple[int, ...] = (61,)) -> Content:
    return {
        "users": {"user": [{"id": one} for one in users]},
        "groups": {"group": [{"id": one} for one in groups]},
    }


def changed(lists: Mapping[str, list[int]], *after: int, groups: tuple[int, ...] = (61,)) -> Change:
    sent: Mapping[str, Content] = {"workers": {name: {"id": list(ids)} for name, ids in lists.items()}}
    return step(sent, card(), card(workers=team(*after, groups=groups)))


def test_worker_rules_tell_right_from_wrong() -> None:
    add = partial(changed, {"addUsers": [503]})
    assert workers.added(add(501, 502, 503), "users") is True
    assert isinstance(workers.added(add(501, 502), "users"), Finding)
    assert isinstance(workers.union(add(503)), Finding)
    assert isinstance(workers.others_stay(add(501, 502, 503, groups=()), "users", "groups"), Finding)
    again = partial(changed, {"addUsers": [502]})
    assert workers.added_again(again(501, 502)) is True
    assert isinstance(workers.added_again(again(501, 502, 502)), Finding)
    assert isinstance(workers.added_again(again(501)), Finding)
    delete = partial(changed, {"delUsers": [502]})
    assert workers.deleted(delete(501), "users") is True
    assert isinstance(workers.deleted(delete(501, 502), "users"), Finding)
    swap = partial(changed, {"addUsers": [503], "delUsers": [501]})
    assert workers.added_and_deleted(swap(502, 503)) is True
    assert isinstance(workers.added_and_deleted(swap(501, 502, 503)), Finding)


def test_silent_worker_changes_are_told_apart() -> None:
    stranger = partial(changed, {"delUsers": [503]})
    assert workers.non_worker_deleted(stranger(501, 502)) == "ignored"
    assert workers.non_worker_deleted(stranger(501)) == "other"
    refused = step({"workers": {"delUsers": {"id": 503}}}, card(), card(), error("6004"))
    assert workers.non_worker_deleted(refused) == "refused"
    assert workers.applied(refused, "users") is None
    both = partial(changed, {"addUsers": [503], "delUsers": [503]})
    assert workers.added_and_deleted_at_once(both(501, 502, 503)) == "added"
    assert workers.added_and_deleted_at_once(both(501, 502)) == "deleted"
    assert workers.added_and_deleted(both(501, 502)) is None


DAILY: Mapping[str, Content] = {"daily": {"type": "EVERY", "shift": 3}, "startDate": "06-03-2031"}
WEEKLY: Mapping[str, Content] = {"weekly": {"type": "EVERY", "shift": 1, "days": "7,1"}}


def test_periodicity_rules_tell_right_from_wrong() -> None:
    def switched(after: Content) -> Change:
        return step({"periodicity": WEEKLY}, card(periodicity=DAILY), card(periodicity=after))

    right = switched({"weekly": {"type": "EVERY", "shift": 1, "days": "1,7"}})
    assert periodicity.rule_of("weekly", "EVERY", right) is True
    assert periodicity.rule_of("daily", "EVERY", right) is None
    assert periodicity.one_kind(right) is True
    assert periodicity.replaced(right) == "replace"
    assert isinstance(
        periodicity.rule_of("weekly", "EVERY", switched({"weekly": {"type": "EVERY", "shift": 1}})), Finding
    )
    assert isinstance(periodicity.one_kind(switched({**DAILY, **WEEKLY})), Finding)
    assert periodicity.replaced(switched({**WEEKLY, "startDate": "06-03-2031"})) == "merge"


def test_defaults_that_a_portal_adds_are_no_deviation() -> None:
    sent: Mapping[str, Content] = {"daily": {"type": "EVERY_WORKING"}, "endCondition": {"type": "ENDLESS"}}
    shown_: Content = {"daily": {"type": "EVERY_WORKING", "shift": 1}, "startDate": "06-03-2031"}
    made = step({"periodicity": sent}, card(), card(periodicity=shown_))
    assert periodicity.rule_of("daily", "EVERY_WORKING", made) is True
    assert periodicity.part_of(("endCondition/type",), made, end="ENDLESS") is True


def test_unset_has_to_remove() -> None:
    members: Mapping[str, Content] = {"periodicity": {"@unset": "0"}}
    assert periodicity.unset(step(members, card(periodicity=DAILY), card())) is True
    assert isinstance(
        periodicity.unset(step(members, card(periodicity=DAILY), card(periodicity=DAILY))), Finding
    )
    assert periodicity.unset(step(members, card(), card())) is None


def test_a_refusal_that_changes_something_deviates() -> None:
    probe = Probe("BAD-STATUS", Message("no-such-task"), update({"status": "X"}, error("0015")))
    assert changes_nothing(task(), Refusals(card(), (probe,), card(status="ACCEPTED"))) is True
    finding = changes_nothing(task(), Refusals(card(), (probe,), card(title="New")))
    assert isinstance(finding, Finding)
    assert finding.member == "title"
    assert finding.summary == Message(
        "changed-through", member="title", what=Message("through-refused-update", why=probe.why)
    )
    assert rules.is_refused(probe) is True
    assert isinstance(rules.is_refused(Probe("X", Message("found-wrong"), update({"status": "X"}))), Finding)


def test_a_touched_neighbour_is_laid_at_the_right_door() -> None:
    suspects = tuple(step({"title": title}, card(), card(title=title)) for title in ("One", "Two", "Three"))
    watch = Watch(Message("role-neighbour"), card(), card(title="Two"), suspects)
    finding = stays(task(), watch)
    assert isinstance(finding, Finding)
    assert suspects[1].exchange in finding.exchanges
    assert stays(task(), Watch(Message("role-neighbour"), card(), card(), suspects)) is True


def test_codes_have_to_tell_causes_apart() -> None:
    def probe(name: str, code: str) -> Probe:
        return Probe(name, Message("found-wrong"), update({}, error(code)))

    assert rules.causes_apart([probe("a", "0001"), probe("b", "0005")]) is True
    assert isinstance(rules.causes_apart([probe("a", "0015"), probe("b", "0015")]), Finding)
    assert rules.causes_apart([probe("a", "0015")]) is None


# The laws.

SCHEMAS = {
    "task.update": XMLSchema11(str(spec("planfix", "task.update.ok.xsd"))),
    "task.get": XMLSchema11(str(spec("planfix", "task.get.ok.xsd"))),
    laws.ERROR: XMLSchema11(str(spec("planfix", "task.update.error.xsd"))),
}
OK = '<response status="ok"><task><id>{}</id></task></response>'


@pytest.mark.parametrize(
    ("answered", "holds"),
    [
        (OK.format(5), True),
        (error("0015").decode(), True),
        ("<html/>", False),
        ("", False),
        ('<response status="fine"/>', False),
        ('<response status="ok"><task><id>5</id></response>', False),
    ],
)
def test_every_answer_is_a_response(answered: str, *, holds: bool) -> None:
    outcome = laws.well_formed(update({}, answered.encode() or b" "))
    assert (outcome is True) is holds


@pytest.mark.parametrize(
    ("answered", "holds"),
    [
        (OK.format(5), True),
        ('<response status="ok"><task><general>9</general><id>5</id></task></response>', True),
        ('<response status="ok"><task/></response>', False),
        (OK.format("five"), False),
        (error("0015").decode(), None),
    ],
)
def test_answers_to_updates_validate(answered: str, *, holds: bool | None) -> None:
    outcome = laws.valid(update({}, answered.encode()), SCHEMAS, frozenset({"task.update"}))
    assert (outcome if outcome in (True, None) else False) is holds


@pytest.mark.parametrize(
    ("answered", "holds"),
    [
        (error("0015").decode(), True),
        ('<response status="error"><code>10001</code></response>', True),
        ('<response status="error"><code>15</code></response>', False),
        ('<response status="error"><message>No</message></response>', False),
        (OK.format(5), None),
    ],
)
def test_error_answers_validate(answered: str, *, holds: bool | None) -> None:
    outcome = laws.valid_error(update({}, answered.encode()), SCHEMAS)
    assert (outcome if outcome in (True, None) else False) is holds


def test_a_card_validates() -> None:
    assert laws.valid(card().exchange, SCHEMAS, frozenset({"task.get"})) is True


def test_the_answer_names_the_task() -> None:
    assert laws.names_the_task(update({}), "task.update") is True
    assert isinstance(laws.names_the_task(update({}, OK.format(6).encode()), "task.update"), Finding)
    assert laws.names_the_task(update({}, OK.format(6).encode(), task=None), "task.update") is None
    assert laws.names_the_task(update({}, error("3001")), "task.update") is None


def test_secrets_stay() -> None:
    secret = "hidden-away"
    assert laws.keeps_secrets(update({}), [secret]) is True
    leaky = f'<response status="error"><code>0015</code><message>{secret}</message></response>'.encode()
    assert isinstance(laws.keeps_secrets(update({}, leaky), [secret]), Finding)
    assert laws.keeps_secrets(update({}, leaky), ["code"]) is None


@given(st.binary())
def test_no_answer_makes_a_judge_stumble(body: bytes) -> None:
    anything = exchange("task.get", answered=body)
    reading(anything)
    laws.well_formed(anything)
    laws.valid_error(anything, SCHEMAS)
    asked(body)


@pytest.mark.parametrize("value", ["Etalon 3: сверка остатков, стеллаж 3", 5, None])
def test_plain_values(value: str | int | None) -> None:
    assert is_plain(value)


@pytest.mark.parametrize("value", ["  x", "a\nb", "😀", "и\u0306", "<b>"])
def test_texts_that_are_not_plain(value: str) -> None:
    assert not is_plain(value)


def test_midnight_and_short_dates_are_not_plain() -> None:
    for text, plain in (("05-03-2031", False), ("05-03-2031 00:00", False), ("05-03-2031 09:37", True)):
        value = card(startTime=text).members["startTime"]
        assert isinstance(value, Moment)
        assert is_plain(value) is plain


# The contract.


def test_every_row_is_told_in_both_languages() -> None:
    for row in contract("planfix").requirements:
        assert row.id.startswith("PF-")
        assert row.statement["en"].endswith(".")
        assert row.statement["ru"].endswith(".")


def test_levels_are_told_apart() -> None:
    rows = contract("planfix").requirements
    levels = {level: sum(row.level is level for row in rows) for level in Level}
    assert all(levels.values())
    assert len(rows) >= 60
