"""The R7 suite against mocked portals: silent on sound ones, and red where a fault is, not elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from etalon.portals.embedded import CREATE
from etalon.portals.serving import served
from etalon.proving.bindings import binding
from etalon.vendors.r7 import mock as r7
from tests.conftest import target_table, tasks_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from etalon.proving.matrix import Trial
    from tests.conftest import CommandLine, Outcome

ALONE = (
    "TITLE",
    "DESCRIPTION",
    "DEADLINE",
    "RESPONSIBLE",
    "CATEGORY",
    "CONTACT",
    "ENTITY",
    "ENTITYTYPE",
    "ENTITYID",
    "ISNOTIFY",
    "ALERTVALUE",
)
# What changes several members, or several tasks, meets the defects of each.
SUMMED_UP = {"R7-SEQUENCES", "R7-CONCURRENT-UPDATES", "R7-UPDATES-COMMUTE"}

# Fault → requirements that must go red, and the only others that may.
FAULTS: dict[str, tuple[set[str], set[str]]] = {
    # loses
    "update-loses-description": (
        {"R7-UPDATE-STORES-DESCRIPTION", "R7-UPDATE-EMPTY-DESCRIPTION", "R7-ECHO-IS-STORED"},
        {
            "R7-TEXT-DESCRIPTION",
            "R7-TEXT-LONG-DESCRIPTION",
            "R7-TEXT-DATE-LIKE",
        },
    ),
    "contact-not-updated": (
        {"R7-UPDATE-STORES-CONTACT", "R7-UPDATE-ECHOES-CONTACT"},
        {"R7-XML-ECHO"},
    ),
    "update-clears-contact": (
        {"R7-UPDATE-KEEPS-CONTACT", "R7-PARTIAL-UPDATE"},
        # Whatever is sent alone clears it, too.
        {f"R7-UPDATE-ALONE-{member}" for member in ALONE if member != "CONTACT"},
    ),
    "create-loses-entity": ({"R7-CREATE-STORES-ENTITY", "R7-ECHO-IS-STORED"}, set()),
    "create-answers-former-id": (
        {"R7-CREATE-NAMES-THE-TASK"},
        {"R7-CREATE-IDS-DISTINCT", "R7-CONCURRENT-CREATES", "R7-SEQUENCES"},
    ),
    "title-cut-at-255": ({"R7-TEXT-LONG-TITLE"}, {"R7-UPDATE-STORES-TITLE", "R7-ECHO-IS-STORED"}),
    # alters
    "emoji-lost": (
        {"R7-TEXT-TITLE", "R7-TEXT-DESCRIPTION"},
        {"R7-UPDATE-STORES-TITLE", "R7-UPDATE-STORES-DESCRIPTION", "R7-ECHO-IS-STORED"},
    ),
    "deadline-offset-dropped": (
        {"R7-DEADLINE-OFFSET", "R7-DEADLINE-DASH-OFFSET"},
        {"R7-UPDATE-STORES-DEADLINE", "R7-UPDATE-ECHOES-DEADLINE"},
    ),
    "created-moves-on-update": (
        {"R7-UPDATE-KEEPS-CREATED"},
        {"R7-UPDATE-TWICE-IS-ONCE", "R7-UPDATE-WITH-CURRENT-VALUES"},
    ),
    "update-resets-category": (
        {"R7-UPDATE-KEEPS-CATEGORY"},
        {"R7-PARTIAL-UPDATE", *(f"R7-UPDATE-ALONE-{member}" for member in ALONE)},
    ),
    # leaks
    "update-touches-neighbour": (
        {"R7-UPDATE-TOUCHES-NO-OTHER-TASK"},
        {"R7-CREATE-TOUCHES-NO-OTHER-TASK"},
    ),
    "rejected-update-half-applied": ({"R7-REFUSED-UPDATE-CHANGES-NOTHING"}, set()),
    "description-leaks-into-next-create": ({"R7-CREATE-TAKES-NOTHING-FROM-OTHERS"}, set()),
    # answers wrongly
    "token-prefix-accepted": (
        {f"R7-AUTH-{operation}-CUT-TOKEN" for operation in ("CREATE", "READ", "UPDATE", "DELETE")},
        set(),
    ),
    "unknown-id-update-creates": (
        {"R7-UPDATE-UNKNOWN-ID-CREATES-NOTHING", "R7-UPDATE-UNKNOWN-ID-IS-REFUSED"},
        set(),
    ),
    "can-edit-as-number": ({"R7-LAW-ANSWER-SCHEMA", "R7-SCHEMA-RESPONSE-SCHEMA-CONFORMANCE"}, set()),
    "bad-request-answers-500": ({"R7-LAW-NO-SERVER-ERROR", "R7-SCHEMA-NOT-A-SERVER-ERROR"}, set()),
    "xml-differs-from-json": ({"R7-XML-SAME-VALUES", "R7-XML-ECHO"}, set()),
}


# Fault → what is judged alone, and must go red: each requirement that has no fault in the table above.
BOUND: dict[str, set[str]] = {
    "lone-member-clears-the-rest": {
        f"R7-UPDATE-ALONE-{member}"
        for member in ("TITLE", "DESCRIPTION", "DEADLINE", "RESPONSIBLE", "CATEGORY", "CONTACT", "ISNOTIFY")
    },
    "description-cleared-now-and-then": {"R7-UPDATE-KEEPS-DESCRIPTION"},
    "empty-description-ignored": {"R7-UPDATE-EMPTY-DESCRIPTION"},
    "zero-alert-ignored": {"R7-UPDATE-EMPTY-ALERTVALUE"},
    "unchanged-update-unarms-reminder": {"R7-UPDATE-TWICE-IS-ONCE", "R7-UPDATE-WITH-CURRENT-VALUES"},
    "new-contact-drops-entity": {"R7-UPDATES-COMMUTE", "R7-PARTIAL-UPDATE"},
    "deleted-task-stays": {"R7-SEQUENCES"},
    "delete-takes-neighbour": {"R7-SEQUENCES"},
    "simultaneous-update-lost": {"R7-CONCURRENT-UPDATES"},
    "simultaneous-creations-share-id": {"R7-CONCURRENT-CREATES"},
    "unreadable-date-skipped": {
        "R7-UPDATE-REFUSES-MALFORMED-DEADLINE",
        "R7-UPDATE-REFUSES-MALFORMED-RESPONSIBLE",
    },
    "unreadable-number-skipped": {
        *(
            f"R7-UPDATE-REFUSES-MALFORMED-{member}"
            for member in ("CATEGORY", "CONTACT", "ISNOTIFY", "ALERTVALUE")
        ),
        *(f"R7-CREATE-REFUSES-MALFORMED-{member}" for member in ("CONTACT", "ISNOTIFY", "ALERTVALUE")),
    },
    "unknown-entity-type-skipped": {
        "R7-UPDATE-REFUSES-UNKNOWN-ENTITY-TYPE",
        "R7-CREATE-REFUSES-UNKNOWN-ENTITY-TYPE",
    },
    "impossible-day-rolls-over": {"R7-UPDATE-REFUSES-IMPOSSIBLE-DEADLINE"},
    "cut-body-repaired": {"R7-UPDATE-REFUSES-BROKEN-JSON", "R7-CREATE-REFUSES-BROKEN-JSON"},
    "body-of-any-type-taken": {"R7-UPDATE-REFUSES-ARRAY-BODY", "R7-UPDATE-REFUSES-TEXT-BODY"},
    "refused-creation-stays": {"R7-REFUSED-CREATE-CREATES-NOTHING"},
    "guid-compared-by-letter": {"R7-GUID-ANY-CASE"},
    "alert-value-in-16-bits": {"R7-ALERTVALUE-LARGEST"},
    "dash-deadline-refused": {"R7-DEADLINE-DASH-SPELLING", "R7-DEADLINE-DASH-FRACTION"},
    "long-fraction-refused": {"R7-DEADLINE-SEVEN-DIGITS"},
    "date-like-text-rewritten": {"R7-TEXT-DATE-LIKE"},
    "stranger-carried-out": {"R7-AUTH-UPDATE-WITHOUT-TOKEN", "R7-AUTH-DELETE-WITHOUT-TOKEN"},
    "unauthenticated-accepted": {
        f"R7-AUTH-{operation}-{kind}"
        for operation in ("CREATE", "READ", "DELETE")
        for kind in ("WITHOUT-TOKEN", "WRONG-TOKEN", "CUT-TOKEN")
    },
    "input-checked-before-token": {"R7-AUTH-BEFORE-INPUT-CREATE", "R7-AUTH-BEFORE-INPUT-UPDATE"},
    "xml-accept-ignored": {"R7-XML-BY-ACCEPT", "R7-XML-CREATE-BY-ACCEPT", "R7-XML-UPDATE-BY-ACCEPT"},
    "xml-deadline-shifted": {"R7-XML-ECHO"},
    "xml-booleans-capitalised": {"R7-XML-SAMPLE-MEMBERS"},
    "content-type-html": {"R7-SCHEMA-CONTENT-TYPE-CONFORMANCE"},
    "status-as-string": {"R7-SCHEMA-RESPONSE-SCHEMA-CONFORMANCE"},
}


@pytest.mark.parametrize("fault", BOUND)
def test_a_fault_turns_red_what_is_bound_to_it(held: Callable[..., Trial], fault: str) -> None:
    pinned = binding("r7", fault).pinned
    assert set(held("r7", fault, "standard", sorted(BOUND[fault]), pinned).red) == BOUND[fault]


def test_every_fault_of_the_tables_is_in_the_catalogue() -> None:
    assert FAULTS.keys() | BOUND.keys() <= r7.FAULTS.keys()


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_turns_its_requirements_red(held: Callable[..., Trial], fault: str) -> None:
    must, may = FAULTS[fault]
    assert must <= set(held("r7", fault, "standard").red) <= must | may | SUMMED_UP


@pytest.mark.parametrize(
    ("obstacle", "told"),
    [
        ("id-shown-as-zero", "R7-CREATE-NAMES-THE-TASK"),
        ("create-answers-former-id", "R7-CREATE-NAMES-THE-TASK"),
        ("response-renamed", "R7-LAW-ANSWER-SCHEMA"),
        ("response-in-list", "R7-LAW-ANSWER-SCHEMA"),
        ("update-refuses-is-notify", "R7-UPDATE-ACCEPTS-ISNOTIFY"),
        ("id-changes-on-update", "R7-UPDATE-KEEPS-ID"),
    ],
)
def test_what_stands_in_the_way_of_all_checks_hides_nothing_else(
    judged: Callable[..., Outcome], obstacle: str, told: str
) -> None:
    outcome = judged("r7", obstacle, "update-clears-contact")
    assert {told, "R7-UPDATE-KEEPS-CONTACT"} <= outcome.red


def test_what_a_creation_does_not_name_is_removed_all_the_same(etalon: CommandLine) -> None:
    portal = CREATE["r7"]("documented", ["id-shown-as-zero"])
    with served(portal) as url:
        before = tasks_of(portal, url)
        etalon.config(target_table(portal, url))
        outcome = etalon("run", "here")
        assert tasks_of(portal, url) == before
    assert outcome.code == 1


def test_a_finding_brings_its_evidence(judged: Callable[..., Outcome]) -> None:
    fault = next(iter(FAULTS))
    outcome = judged("r7", fault)
    assert outcome.code == 1
    for requirement in FAULTS[fault][0]:
        [finding] = outcome.requirements[requirement]["findings"]
        assert finding["expected"] != finding["observed"]
        assert finding["exchanges"]
        assert "curl" in finding["reproduce"]


@pytest.mark.parametrize(
    ("dialect", "profile", "most"),
    [
        ("documented", "quick", 60),
        ("documented", "standard", 300),
        ("communityserver", "quick", 70),
        ("communityserver", "standard", 300),
    ],
)
def test_a_sound_portal_conforms(
    judged: Callable[..., Outcome], dialect: str, profile: str, most: int
) -> None:
    outcome = judged("r7", dialect=dialect, arguments=["--profile", profile])
    assert outcome.code == 0, outcome.err
    assert not outcome.ids("deviates", "inconclusive", "not-testable")
    assert outcome.results["targets"][0]["requests"] <= most
    assert outcome.results["targets"][0]["left-behind"] == []


@pytest.mark.parametrize("seed", [2, 3])
@pytest.mark.parametrize("dialect", ["documented", "communityserver"])
def test_no_seed_raises_a_false_alarm(judged: Callable[..., Outcome], dialect: str, seed: int) -> None:
    outcome = judged("r7", dialect=dialect, arguments=["--seed", str(seed)])
    assert outcome.red == set()


def test_a_replacing_portal_is_told_from_a_merging_one(judged: Callable[..., Outcome]) -> None:
    outcome = judged("r7", "update-replaces")
    assert outcome.requirements["R7-PARTIAL-UPDATE"]["behaviour"] == "replace"
    assert {"R7-UPDATE-KEEPS-DESCRIPTION", "R7-UPDATE-KEEPS-CONTACT"} <= outcome.red


def test_the_finding_names_the_smallest_text(judged: Callable[..., Outcome]) -> None:
    outcome = judged("r7", "emoji-lost")
    [finding] = outcome.requirements["R7-TEXT-TITLE"]["findings"]
    assert finding["member"] == "title"
    assert len(finding["expected"]) <= 4
