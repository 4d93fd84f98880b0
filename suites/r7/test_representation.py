from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from lxml import etree

from etalon.judging.rules import echoes
from etalon.judging.verdicts import Deviates, Finding, Inconclusive, NotApplicable
from etalon.messages import Message
from etalon.portals.exchange import header
from etalon.resources.instants import ticks
from etalon.resources.values import holds
from etalon.scenarios.scenario import scenario
from etalon.vendors.r7.answers import payload
from etalon.vendors.r7.connection import JSON, XML
from etalon.vendors.r7.judging.evidence import change_of, reading

if TYPE_CHECKING:
    from collections.abc import Sequence

    from etalon.judging.checking import Check
    from etalon.judging.evidence import Change, Reading
    from etalon.portals.exchange import Exchange
    from etalon.portals.transport import Transport
    from etalon.resources.resource import Member
    from etalon.vendors.r7.scenarios.driver import R7Driver

# What no client writes, but both representations show.
_FIXED = ("id", "createby", "created")
# The members of the sample answer, by their places; both pages show the same in JSON and XML.
_PERSON = ("id", "displayName", "title", "avatarSmall", "profileUrl")
SAMPLE: Sequence[tuple[str, ...]] = (
    ("status",),
    *(("response", whose, part) for whose in ("createBy", "responsible") for part in _PERSON),
    *(("response", name) for name in ("created", "title", "deadLine", "canEdit", "id")),
    *(("response", "category", part) for part in ("imagePath", "title", "description", "sortOrder", "id")),
)
CREATE, UPDATE = "createTask", "updateTask"


@scenario(after=["updated"])
def created_in_xml(driver: R7Driver) -> Change:
    """A creation that asks for an answer in XML."""
    _require_xml(driver)
    body = driver.body(CREATE)
    return change_of(body, driver.client.create_task(body, accept=XML))


@scenario()
def updated_in_xml(driver: R7Driver, subject: int, nasty: Change) -> Change:
    """An update that asks for an answer in XML, its texts worth comparing."""
    _require_xml(driver)
    if driver.thorough and driver.traces.reads:
        driver.client.read_task(subject, accept=XML)  # a portal may keep what it has written out once
    texts = {name: nasty.body[name] for name in ("title", "description") if nasty.accepted}
    body = driver.body(UPDATE) | texts
    answer = driver.client.update_task(subject, body, accept=XML)
    driver.traces.forget(subject)
    return change_of(body, answer)


@scenario(after=["updated_in_xml"])
def xml_by_accept(driver: R7Driver, subject: int) -> Exchange:
    """The task, asked for as XML by the Accept header."""
    _require_xml(driver)
    return driver.client.read_task(subject, accept=XML)


@scenario()
def xml_by_suffix(driver: R7Driver, subject: int, xml_by_accept: Exchange) -> Exchange:
    """The task, asked for as XML by the suffix of the path; where requests are few, only if it has to be."""
    if _is_xml(xml_by_accept):
        driver.require_many_requests()
    return driver.client.read_task(subject, accept=XML, suffix=".xml")


@scenario()
def as_xml(request: pytest.FixtureRequest, xml_by_accept: Exchange) -> Exchange:
    """The task as XML, whichever way the portal gives it."""
    if _is_xml(xml_by_accept):
        return xml_by_accept
    by_suffix: Exchange = request.getfixturevalue("xml_by_suffix")
    if _is_xml(by_suffix):
        return by_suffix
    raise NotApplicable(Message("no-xml-in-any-way"))


@pytest.mark.after_all
@pytest.mark.usefixtures("created", "updated")
@pytest.mark.requirement("R7-JSON-BY-ACCEPT")
def test_json_is_answered_to_who_accepts_it(check: Check, transport: Transport) -> None:
    def rule(exchange: Exchange) -> Finding | bool | None:
        if exchange.operation not in {CREATE, UPDATE, "getTask"} or not exchange.response.ok:
            return None  # another function, or how errors are answered: other requirements
        asked = header(exchange.request.headers, "accept") == JSON and urlsplit(exchange.request.url).path
        if not asked or asked.endswith(".xml"):
            return None  # it asks for XML
        return (not _is_xml(exchange) and isinstance(payload(exchange), dict)) or Finding(
            summary=Message("not-answered-in-json"),
            expected="application/json",
            observed=exchange.response.media_type or Message("no-media-type"),
            exchanges=(*_read_before(transport.journal, exchange), exchange),
        )

    check.each(transport.journal, rule)


@pytest.mark.requirement("R7-XML-BY-ACCEPT")
def test_xml_is_answered_to_who_accepts_it(
    check: Check, driver: R7Driver, request: pytest.FixtureRequest, xml_by_accept: Exchange
) -> None:
    _observe_accept(check, driver, request, xml_by_accept)


@pytest.mark.requirement("R7-XML-CREATE-BY-ACCEPT")
def test_xml_is_answered_to_a_creation_that_accepts_it(
    check: Check, driver: R7Driver, request: pytest.FixtureRequest
) -> None:
    driver.require_many_requests()
    created: Change = request.getfixturevalue("created_in_xml")
    _require_success(created)
    _observe_accept(check, driver, request, created.exchange)


@pytest.mark.requirement("R7-XML-UPDATE-BY-ACCEPT")
def test_xml_is_answered_to_an_update_that_accepts_it(
    check: Check, driver: R7Driver, request: pytest.FixtureRequest, updated_in_xml: Change
) -> None:
    _require_success(updated_in_xml)
    _observe_accept(check, driver, request, updated_in_xml.exchange)


@pytest.mark.requirement("R7-XML-ECHO")
def test_the_xml_answer_shows_what_was_sent(
    check: Check, driver: R7Driver, request: pytest.FixtureRequest, updated_in_xml: Change
) -> None:
    changes = [updated_in_xml]
    if driver.thorough:
        changes.append(request.getfixturevalue("created_in_xml"))
    in_xml = [made for made in changes if _is_xml(made.exchange)]
    if not in_xml:
        raise NotApplicable(Message("no-change-answered-in-xml"))
    for made in in_xml:
        shown_members = [
            member
            for member in driver.members
            if member.promised or (made.echo and member.shown_in(made.echo.card))
        ]
        check.each(shown_members, lambda member, made=made: echoes(member, made))  # type: ignore[misc]


@pytest.mark.requirement("R7-XML-BY-SUFFIX")
def test_what_the_suffix_does(check: Check, xml_by_suffix: Exchange) -> None:
    check.observe("xml" if _is_xml(xml_by_suffix) else "other", xml_by_suffix)


@pytest.mark.requirement("R7-XML-ENVELOPE")
def test_the_xml_answer_has_the_form_of_the_sample(check: Check, as_xml: Exchange) -> None:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        root = etree.fromstring(as_xml.response.body, parser)
        observed = Message(
            "element-with", element=str(root.tag), children=tuple(str(child.tag) for child in root)
        )
        sound = root.tag == "result" and {"status", "response"} <= {str(child.tag) for child in root}
    except etree.XMLSyntaxError as error:
        sound, observed = False, Message("no-well-formed-xml", error=str(error))
    check.holds(
        sound,
        lambda: Finding(
            summary=Message("xml-unlike-sample"),
            expected=Message("result-with-status-response"),
            observed=observed,
            exchanges=(as_xml,),
        ),
    )


@pytest.mark.requirement("R7-XML-SAME-VALUES")
def test_xml_shows_what_json_shows(check: Check, driver: R7Driver, subject: int, as_xml: Exchange) -> None:
    json_reading, xml_reading = reading(driver.traces.read(subject)), reading(as_xml)
    if json_reading is None:
        raise Inconclusive(Message("task-unreadable-as-json"))
    if xml_reading is None:
        raise Deviates(
            Finding(
                summary=Message("xml-without-task"),
                expected=Message("the-task"),
                observed=Message("no-task"),
                exchanges=(as_xml,),
            )
        )
    check.each(driver.members, partial(_same_member, json_reading, xml_reading))
    fixed = [driver.member(name) for name in _FIXED]
    check.each(fixed, partial(_same_fixed, json_reading, xml_reading))


@pytest.mark.requirement("R7-XML-SAMPLE-MEMBERS")
def test_xml_has_the_members_of_the_sample_where_json_has_them(
    check: Check, driver: R7Driver, subject: int, as_xml: Exchange
) -> None:
    in_json, in_xml = payload(driver.traces.latest(subject) or as_xml), payload(as_xml)
    if not isinstance(in_json, dict) or not isinstance(in_xml, dict):
        raise Inconclusive(Message("task-unreadable-as-json-and-xml"))

    def rule(place: tuple[str, ...]) -> Finding | bool | None:
        there, value = _at(in_json, place)
        if not there or isinstance(value, (dict, list)):
            return None  # JSON leaves it out, or has more in it than the sample
        found, observed = _at(in_xml, place)
        if found and _same_text(place, _in_xml(value), str(observed)):
            return True
        return Finding(
            summary=Message("not-the-same-in-xml", member="/".join(place)),
            expected=_in_xml(value),
            observed=str(observed) if found else Message("no-such-element"),
            exchanges=tuple(part for part in (driver.traces.latest(subject), as_xml) if part),
            member=place[-1],
        )

    check.each(SAMPLE, rule)


def _read_before(journal: Sequence[Exchange], exchange: Exchange) -> list[Exchange]:
    """The exchange before a read, where it read the same task: an answer may come out of what that left."""
    earlier = [one for one in journal if one.number < exchange.number][-1:]
    return [one for one in earlier if one.operation == exchange.operation and one.subject == exchange.subject]


def _at(document: object, place: tuple[str, ...]) -> tuple[bool, Any]:
    for step in place:
        if not isinstance(document, dict) or step not in document:
            return False, None
        document = document[step]
    return True, document


def _in_xml(value: object) -> str:
    """A value as the sample answer in XML writes it."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _same_text(place: tuple[str, ...], one: str, other: str) -> bool:
    """Whether two texts mean the same: moments at any offset, GUIDs in any case, all else to the letter."""
    if place[-1] in {"created", "deadLine"}:
        return ticks(one) == ticks(other)
    if place[-1] == "id":
        return one.lower() == other.lower()
    return one == other


def _observe_accept(check: Check, driver: R7Driver, request: pytest.FixtureRequest, answer: Exchange) -> None:
    if _is_xml(answer):
        check.observe("xml", answer)
        return
    # The pages show answers in XML, and do not say how they are asked for.
    if "xml-by-accept" not in driver.client.target.expect and _is_xml(
        request.getfixturevalue("xml_by_suffix")
    ):
        raise NotApplicable(Message("xml-by-suffix-alone"))
    check.observe("other", answer)


def _require_success(made: Change) -> None:
    if not made.exchange.response.ok:
        raise Inconclusive(Message("asking-for-xml-refused", status=made.exchange.response.status))


def _same_member(as_json: Reading, as_xml: Reading, member: Member) -> Finding | bool | None:
    if not member.shown_in(as_json.card):
        return None  # JSON leaves it out, as the sample answer does: there is nothing to hold XML against
    if not holds(as_xml.value_of(member)) and not holds(as_json.value_of(member)):
        return True  # XML has no null but what is empty
    return member.same(as_json.value_of(member), as_xml.value_of(member)) or Finding(
        summary=Message("other-in-xml", member=member.name),
        expected=as_json.raw(member),
        observed=as_xml.raw(member),
        exchanges=(as_json.exchange, as_xml.exchange),
        member=member.name,
    )


def _same_fixed(as_json: Reading, as_xml: Reading, member: Member) -> Finding | bool:
    # A fraction of a second may be lost on the way.
    return member.same(as_json.value_of(member), as_xml.value_of(member)) or Finding(
        summary=Message("other-in-xml", member=member.spelling),
        expected=as_json.raw(member),
        observed=as_xml.raw(member),
        exchanges=(as_json.exchange, as_xml.exchange),
        member=member.spelling,
    )


def _require_xml(driver: R7Driver) -> None:
    driver.require_reads()
    if "xml" in driver.client.target.lacks:
        raise NotApplicable(Message("declared-to-lack", what="XML"))


def _is_xml(exchange: Exchange) -> bool:
    answer = exchange.response
    return (
        answer.ok
        and answer.body.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<")
        and answer.media_type.endswith("xml")
    )
