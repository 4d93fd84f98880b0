"""What scripts show: claims about answers that are made up here, and judges that live on after refusals."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from etalon.judging.afterwards import Afterwards, goes_on
from etalon.judging.claims import Claim, ClaimKind, claim_of, is_shown, shows_alike
from etalon.judging.reader import card_in, likeness, printed
from etalon.judging.reads import read_again, shows_the_same
from etalon.judging.verdicts import Finding
from etalon.messages import Message
from etalon.resources.patch import NOTHING, json_patch
from etalon.vendors.r7.answers import succeeded
from etalon.vendors.r7.judging.evidence import change_of, reading
from tests.test_judging_r7 import RESOURCE, TASK, exchange, seen

if TYPE_CHECKING:
    from etalon.judging.evidence import Reading
    from etalon.portals.exchange import Exchange
    from etalon.resources.patch import Patch
    from etalon.resources.resource import Resource


class Lens:
    """What R7 sees in an exchange."""

    resource: Resource = RESOURCE

    def reading_of(self, exchange: Exchange | None) -> Reading | None:
        return reading(exchange)

    def patch_of(self, exchange: Exchange) -> Patch:
        if exchange.operation != "updateTask":
            return NOTHING
        return json_patch(RESOURCE, "updateTask", {"title": exchange.request.body.decode()})

    def is_done(self, exchange: Exchange) -> bool:
        return succeeded(exchange)

    def made_by(self, creation: Exchange) -> int | None:
        del creation
        return None


def read(number: int, **changes: object) -> Exchange:
    return replace(exchange("getTask", {**TASK, **changes}), number=number)


def write(number: int, sent_title: str, **answer: object) -> Exchange:
    sent = exchange("updateTask", {**TASK, **answer})
    return replace(sent, number=number, request=replace(sent.request, body=sent_title.encode()))


def found(*exchanges: Exchange, member: str = "", observed: Message | str = "") -> Finding:
    return Finding(Message("changed-unsent", member=member), "", observed, exchanges, member)


LENS = Lens()


def test_what_is_read_otherwise_than_it_was_sent() -> None:
    script = [read(1), write(2, "a", title="b"), read(3, title="b")]
    claim = claim_of(found(*script, member="title"), script, LENS)
    assert claim == Claim(ClaimKind.UNLIKE_SENT, 2, 1, "title")
    assert is_shown(claim, script, LENS)
    assert not is_shown(claim, [*script[:2], read(3, title="a")], LENS)


def test_what_changes_though_nobody_sent_it() -> None:
    script = [read(1), write(2, "a"), read(3, description="")]
    claim = claim_of(found(*script, member="description"), script, LENS)
    assert claim == Claim(ClaimKind.DIFFERS, 2, 0, "description")
    assert not is_shown(claim, [*script[:2], read(3)], LENS)
    moved = [read(1), write(2, "дело"), read(3, title="b")]
    asked = claim_of(found(moved[0], moved[2], member="title"), moved, LENS)
    assert asked is not None
    assert asked.kind is ClaimKind.SHOWN_AS  # the title was sent


def test_a_request_that_is_carried_out_though_it_should_not_be() -> None:
    done = write(1, "a")
    claim = claim_of(found(done, observed=Message("http-status", status=200)), [done], LENS)
    assert claim == Claim(ClaimKind.ANSWERED, 0, status=200, done=True)
    refused = replace(exchange("updateTask", envelope={"error": {}}, status=400), number=1)
    assert not is_shown(claim, [refused], LENS)


def test_an_answer_that_looks_as_it_should_not() -> None:
    one = read(1)
    claim = claim_of(found(one), [one], LENS)
    assert claim is not None
    assert claim.kind is ClaimKind.LOOKS
    assert is_shown(claim, [read(2)], LENS)
    assert not is_shown(claim, [read(2, title="b")], LENS)


def test_a_proof_shows_what_another_finding_says_of_the_same_member() -> None:
    script = [read(1), write(2, "a"), read(3, description="")]
    claim = Claim(ClaimKind.DIFFERS, 9, 8, "description")
    assert shows_alike(claim, script, LENS)
    assert not shows_alike(replace(claim, member="contact"), script, LENS)
    assert not shows_alike(claim, [*script[:2], read(3)], LENS)


def test_a_claim_about_none_of_the_exchanges_is_none() -> None:
    assert claim_of(found(read(9)), [read(1)], LENS) is None


@pytest.mark.parametrize(
    ("answer", "places", "said"),
    [
        (b'{"response": {"a": {"b": 7}, "t": "x\\ny"}}', ["a.b", "t"], "7 x\ny"),
        (b"<result><response><a><b>7</b></a></response></result>", ["a.b"], "7"),
        (b"<response><task><u><id>1</id><id>2</id></u></task></response>", ["u.id"], "1,2"),
        (b"no document", ["a"], ""),
        (b"[1]", ["a"], ""),
    ],
)
def test_the_reader_of_scripts_reads_both_representations(
    answer: bytes, places: list[str], said: str
) -> None:
    assert printed(card_in(answer), places) == said


def test_an_answer_is_compared_without_its_id_and_without_years_to_come_masked() -> None:
    assert likeness("Text/XML; charset=x", "<id>7</id><n>77</n>", "7") == "text/xml\n<id>(id)</id><n>77</n>"
    assert "2031-05-01T09:00:00Z" in likeness("", "2031-05-01T09:00:00Z")


def test_two_reads_with_no_write_between_show_the_same() -> None:
    listed = replace(exchange("filterTasks", []), number=2, subject=None)
    [again] = read_again([read(1), listed, read(3, title="b")], reading, {"getTask", "filterTasks"})
    outcome = shows_the_same(RESOURCE, again)
    assert isinstance(outcome, Finding)
    assert (outcome.member, len(outcome.exchanges)) == ("title", 3)
    assert shows_the_same(RESOURCE, replace(again, after=seen())) is True
    assert read_again([read(1), write(2, "b"), read(3, title="b")], reading, {"getTask"}) == []


def _update(*, accepted: bool = True) -> Exchange:
    return exchange("updateTask", TASK if accepted else None, status=200 if accepted else 400)


def test_an_ordinary_update_after_a_refusal_is_carried_out() -> None:
    refusal = _update(accepted=False)
    sent = change_of({"title": "b"}, _update())
    lived = Afterwards(seen(), ((refusal, sent),), seen(title="b"))
    assert goes_on(RESOURCE, lived) is True
    lost = goes_on(RESOURCE, replace(lived, after=seen()))
    assert isinstance(lost, Finding)
    assert lost.member == "title"
    assert goes_on(RESOURCE, replace(lived, after=seen(), known=frozenset({"title"}))) is True
    refused = change_of({"title": "b"}, _update(accepted=False))
    assert isinstance(goes_on(RESOURCE, replace(lived, steps=((refusal, refused),))), Finding)
    assert goes_on(RESOURCE, replace(lived, steps=())) is None
