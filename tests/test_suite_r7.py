"""The R7 suite against mocked portals: silent on sound ones, and telling where a fault is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from etalon.portals.serving import served
from etalon.vendors import vendor_of
from tests.conftest import target_table, tasks_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import CommandLine, Outcome


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
    outcome = judged("r7", obstacle, "update-clears-contact", arguments=["--profile", "quick"])
    assert {told, "R7-UPDATE-KEEPS-CONTACT"} <= outcome.red


def test_what_a_creation_does_not_name_is_removed_all_the_same(etalon: CommandLine) -> None:
    portal = vendor_of("r7").mock().create("documented", ["id-shown-as-zero"])
    with served(portal) as url:
        before = tasks_of(portal, url)
        etalon.config(target_table(portal, url))
        outcome = etalon.verdicts("here", "--profile", "quick")
        assert tasks_of(portal, url) == before
    assert outcome.code == 1


def test_a_finding_brings_its_evidence(judged: Callable[..., Outcome]) -> None:
    outcome = judged("r7", "update-loses-description", arguments=["--profile", "quick"])
    assert outcome.code == 1
    for requirement in (
        "R7-UPDATE-STORES-DESCRIPTION",
        "R7-UPDATE-EMPTY-DESCRIPTION",
        "R7-ECHO-IS-STORED",
    ):
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
    outcome = judged("r7", "update-replaces", arguments=["--profile", "quick"])
    assert outcome.requirements["R7-PARTIAL-UPDATE"]["behaviour"] == "replace"
    assert {"R7-UPDATE-KEEPS-DESCRIPTION", "R7-UPDATE-KEEPS-CONTACT"} <= outcome.red


def test_the_finding_names_the_smallest_text(judged: Callable[..., Outcome]) -> None:
    outcome = judged("r7", "emoji-lost", arguments=["--profile", "quick"])
    [finding] = outcome.requirements["R7-TEXT-TITLE"]["findings"]
    assert finding["member"] == "title"
    assert len(finding["expected"]) <= 4
