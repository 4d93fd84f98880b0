"""PlanFix requests that a portal has to refuse: calls that it may not let in, and updates that are wrong."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cache, partial
from typing import TYPE_CHECKING

from lxml import etree
from xmlschema import XMLSchema11

from etalon.generation.unknown import UNKNOWN_ID
from etalon.judging.afterwards import Afterwards
from etalon.judging.evidence import Change, Probe, Reading, Refusals
from etalon.judging.rules import changes_nothing
from etalon.messages import Message
from etalon.resources.values import Moment
from etalon.shipped import spec
from etalon.vendors.planfix.answers import accepted
from etalon.vendors.planfix.binding import task
from etalon.vendors.planfix.generation.updates import first_reminder, moment
from etalon.vendors.planfix.generation.violations import (
    EXISTING,
    FLAG,
    FORM,
    LISTED,
    NUMBER,
    RANGE,
    WEEKDAY,
    in_turns,
    misshapen,
    violations,
)
from etalon.vendors.planfix.judging.evidence import change_of
from etalon.vendors.planfix.judging.singles import broken_alone
from etalon.vendors.planfix.judging.values import STATUSES, is_plain
from etalon.vendors.planfix.requests import document, elements, framed, render
from etalon.vendors.planfix.scenarios.open import restore

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from lxml.etree import _Element as Element

    from etalon.generation.calendar import Calendar
    from etalon.portals.exchange import Exchange
    from etalon.vendors.planfix.generation.violations import Violation
    from etalon.vendors.planfix.requests import Access
    from etalon.vendors.planfix.scenarios.driver import Members, PlanFixDriver

    Sender = Callable[[], Probe]

NEVER_GIVEN = "e7a10ne7a10ne7a10ne7a10ne7a10n00"
"""32 characters, the length of keys, tokens and sessions, that no portal has given anyone."""

SIGNATURE, COVERS, SESSION, NO_SESSION = "SIGNATURE", "SIGNATURE-COVERS-VALUES", "SESSION", "NO-SESSION"
MISSING, UNKNOWN = "MISSING-ID", "UNKNOWN-ID"
OUT_OF_RANGE, MISSHAPEN = "OUT-OF-RANGE", "MISSHAPEN"

UNAUTHENTICATED: Mapping[str, Message] = {
    "API-KEY": Message("wrong-api-key"),
    "ACCOUNT": Message("no-such-account"),
    SESSION: Message("session-never-given"),
    NO_SESSION: Message("names-no-session"),
    SIGNATURE: Message("signed-with-another-key"),
    COVERS: Message("signature-of-other-values"),
    "UNKNOWN-FUNCTION": Message("no-such-function"),
    "BROKEN-XML": Message("not-well-formed"),
}
"""What is wrong with a call that has to be refused before the portal looks at its task → why."""

_DAILY: Members = {"type": "EVERY", "shift": 1}
_WEEKLY: Members = {"type": "EVERY", "shift": 1, "days": "1"}
_CONTRADICTIONS: Mapping[str, tuple[Message, Members]] = {
    "UNKNOWN-OWNER": (Message("no-such-user"), {"owner": {"id": UNKNOWN_ID}}),
    "UNKNOWN-PARENT": (Message("no-such-task"), {"parent": {"id": UNKNOWN_ID}}),
    "UNKNOWN-PROJECT": (Message("no-such-project"), {"project": {"id": UNKNOWN_ID}}),
    "UNKNOWN-CLIENT": (Message("no-such-client"), {"client": {"id": UNKNOWN_ID}}),
    "UNKNOWN-USER": (Message("no-such-user"), {"workers": {"addUsers": {"id": UNKNOWN_ID}}}),
    "UNKNOWN-GROUP": (Message("no-such-group"), {"workers": {"addGroups": {"id": UNKNOWN_ID}}}),
    "TWO-KINDS": (Message("periodicity-of-two-kinds"), {"periodicity": {"daily": _DAILY, "weekly": _WEEKLY}}),
}
_CONTRADICTIONS_OF_DAYS = ("END-BEFORE-START", "NO-KIND")
_ROWS: Mapping[str, str] = {
    FLAG: "BAD-CHECKRESULT",
    NUMBER: "NOT-A-NUMBER",
    FORM: "BAD-DATE",
    EXISTING: "IMPOSSIBLE-DATE",
    WEEKDAY: "BAD-WEEKDAY",
    RANGE: OUT_OF_RANGE,
}
_LISTS: Mapping[str, str] = {
    "importance": "BAD-IMPORTANCE",
    "status": "BAD-STATUS",
    "periodicity/monthly/dayType": "BAD-DAY-TYPE",
    "periodicity/endCondition/type": "BAD-END-CONDITION",
    "periodicity/notify/type": "BAD-NOTIFY-TYPE",
}

ROWS = (
    *_LISTS.values(),
    "BAD-KIND-TYPE",
    *(row for row in _ROWS.values() if row != OUT_OF_RANGE),
    *_CONTRADICTIONS,
    *_CONTRADICTIONS_OF_DAYS,
    MISSING,
    UNKNOWN,
)
"""What is wrong with an update that has to be refused, as requirement ids carry it."""

_IN_BRIEF = (
    "BAD-IMPORTANCE",
    "BAD-DATE",
    "IMPOSSIBLE-DATE",
    "NOT-A-NUMBER",
    "BAD-WEEKDAY",
    "UNKNOWN-PARENT",
    "UNKNOWN-USER",
    "END-BEFORE-START",
    "TWO-KINDS",
)
_DEEP_ALONE = ("unknown-child", "extra-child", "nil", "attribute-text", "assertion")
"""Ways to misshape an update that cost requests only where there are many: an unknown element, an element
twice, another value of `unset` and contradictions in a periodicity have checks of their own, and `xsi:nil` is
for most portals one more unknown attribute."""
_MANY = 5
_UNAUTHENTICATED_IN_BRIEF = frozenset(UNAUTHENTICATED) - {SIGNATURE}
"""What a profile of few requests sends: of each kind of wrong value one, and the contradictions that servers
most often let pass. A call whose values were changed after signing has a wrong signature, too."""


@dataclass(frozen=True, slots=True)
class Refused:
    """All that had to be refused.

    Attributes:
        probes: what is wrong, as requirement ids carry it → the requests.
        unauthenticated: calls that were refused, with the readings around them.
        wrong: the same of updates.
        nothing: an update that names the task and nothing else.
        unsigned: a read without a signature; None where the run does not sign.
    """

    probes: Mapping[str, Sequence[Probe]]
    unauthenticated: Sequence[Refusals]
    wrong: Sequence[Refusals]
    nothing: Change
    unsigned: Exchange | None = None


@dataclass
class _Sent:
    probes: dict[str, list[Probe]] = field(default_factory=dict)

    def noting(self, senders: Sequence[Sender]) -> list[Sender]:
        """The same senders; what each sends is noted under its name."""

        def send(sender: Sender) -> Probe:
            probe = sender()
            self.probes.setdefault(probe.name, []).append(probe)
            return probe

        return [partial(send, sender) for sender in senders]


def refuse(driver: PlanFixDriver, subject: int, *, unknown: Probe) -> Refused:
    """Send all that has to be refused.

    In a profile of few requests, all goes between two reads of the task, the update of nothing too, and the
    second read is the unsigned one. Only where anything changed or was accepted is it sent again, each group
    between reads of its own.

    Args:
        driver: where.
        subject: the task that the requests name.
        unknown: an update of a task that does not exist.
    """
    if driver.thorough and set(driver.ids(subject, "users")) >= set(driver.known["users"]):
        # Somebody has to be left who could be added beside one who does not exist.
        driver.update(subject, {"workers": {"delUsers": {"id": list(driver.known["users"][:2])}}})
    unauthenticated, wrong = _unauthenticated(driver, subject), _wrong(driver, subject)
    if not driver.thorough:
        packed = _packed(driver, subject, unauthenticated, wrong, unknown)
        if packed is not None:
            return packed
    sent = _Sent({UNKNOWN: [unknown]})
    nothing = driver.update(subject, {})
    kept_out = driver.refusals(subject, sent.noting(unauthenticated))
    refused = driver.refusals(subject, sent.noting(wrong), lives_on=True)
    if driver.thorough:
        _at_once_again(driver, subject)
        first = driver.latest(subject)
        with driver.excusing():
            refused += driver.refusals(subject, sent.noting(_out_of_range(driver, subject)), again=False)
            refused += _in_one_go(driver, subject, sent.noting(_misshapen(driver, subject)))
            restore(driver, subject, first)
    unsigned = None
    if driver.client.access.private_key:
        unsigned, _ = driver.reread_unsigned(subject)
    return Refused(sent.probes, kept_out, refused, nothing, unsigned)


def _packed(
    driver: PlanFixDriver,
    subject: int,
    unauthenticated: Sequence[Sender],
    wrong: Sequence[Sender],
    unknown: Probe,
) -> Refused | None:
    sent = _Sent({UNKNOWN: [unknown]})
    before = driver.latest(subject)
    nothing = driver.client.update_task(subject, {})
    kept_out = tuple(send() for send in sent.noting(unauthenticated))
    refused = tuple(send() for send in sent.noting(wrong))
    ordinary = driver.ordinary(subject, 1)
    unsigned, after = _read(driver, subject)
    if before is None or after is None or any(accepted(probe.exchange) for probe in (*kept_out, *refused)):
        return None
    rewritten = ordinary.patch.touched
    everything = Refusals(before, (*kept_out, *refused), after, rewritten)
    if changes_nothing(task(), everything) is not True:
        return None
    kept = {name: value for name, value in before.members.items() if name not in rewritten}
    step = change_of(nothing, replace(before, members=kept), after)
    driver.changes.append(step)
    last = refused[-1].exchange
    driver.lived.append(Afterwards(before, ((last, ordinary),), after, broken_alone(driver.changes)))
    groups = [[Refusals(before, group, after, rewritten)] if group else [] for group in (kept_out, refused)]
    return Refused(sent.probes, groups[0], groups[1], step, unsigned)


def _read(driver: PlanFixDriver, subject: int) -> tuple[Exchange | None, Reading | None]:
    if driver.client.access.private_key and driver.traces.reads:
        return driver.reread_unsigned(subject)
    return None, driver.reread(subject)


def _unauthenticated(driver: PlanFixDriver, subject: int) -> list[Sender]:
    signed = bool(driver.client.access.private_key)
    chosen = (
        UNAUTHENTICATED
        if driver.thorough
        else [name for name in UNAUTHENTICATED if name in _UNAUTHENTICATED_IN_BRIEF]
    )
    left_out = set() if signed else {SIGNATURE, COVERS}
    if driver.client.access.token:
        left_out.add(NO_SESSION)  # a token stands in the header, and without it the key alone is left
    senders: list[Sender] = []
    for name in (name for name in chosen if name not in left_out):
        for send in _calls(driver, subject, name):
            why = UNAUTHENTICATED[name]
            senders.append(partial(driver.probe, name, why, send, session=name in {SESSION, NO_SESSION}))
    return senders


def _calls(driver: PlanFixDriver, subject: int, name: str) -> list[Callable[[Access], Exchange]]:
    client = driver.client

    def with_access(**changed: str) -> list[Callable[[Access], Exchange]]:
        def send(access: Access) -> Exchange:
            # Another title each time: what a second call does must not look like what the first one did.
            return client.update_task(subject, {"title": driver.text()}, access=replace(access, **changed))

        return [send]

    def content() -> Members:
        return {"task": {"id": subject, "title": driver.text()}}

    def unknown_function(access: Access) -> Exchange:
        return client.call("task.etalon", content(), subject=subject, access=access)

    def broken(access: Access) -> Exchange:
        body = client.body("task.update", content(), access).replace(b"</task>", b"")
        return client.call("task.update", body, subject=subject, access=access)

    def cut(access: Access) -> Exchange:
        request = framed(document("task.update", elements(content())), access)
        signature = request.find("signature")
        if signature is not None:
            signature.text = (signature.text or "")[:1]
        return client.call("task.update", render(request), subject=subject, access=access)

    if name == COVERS:
        return _changed_after_signing(driver, subject)
    calls: Mapping[str, list[Callable[[Access], Exchange]]] = {
        "API-KEY": [send for key in _wrong_keys(driver) for send in with_access(api_key=key)],
        "ACCOUNT": with_access(account="e7a10n-nobody"),
        SESSION: [send for wrong in _wrong_sessions(driver) for send in with_access(**wrong)],
        NO_SESSION: with_access(sid=""),
        SIGNATURE: [*with_access(private_key=NEVER_GIVEN), *([cut] if driver.thorough else [])],
        "UNKNOWN-FUNCTION": [unknown_function],
        "BROKEN-XML": [broken],
    }
    return calls[name]


def _wrong_sessions(driver: PlanFixDriver) -> list[Mapping[str, str]]:
    """Sessions or tokens that are nearly the run's own, which a portal has to compare to the last letter."""
    access = driver.client.access
    key, own = ("token", access.token) if access.token else ("sid", access.sid)
    wrong = _nearly(own)
    return [{key: one} for one in (wrong if driver.thorough else wrong[:1])]


def _wrong_keys(driver: PlanFixDriver) -> list[str]:
    """Keys that are nobody's, the plainest first."""
    own = driver.client.access.api_key
    return [NEVER_GIVEN, *_nearly(own)[::2]] if driver.thorough else [NEVER_GIVEN]


def _nearly(own: str) -> list[str]:
    """What a careless comparison takes for a key: in the other case, shortened, lengthened."""
    others = (own.swapcase(), own[:-1], f"{own}0")
    return [one for one in others if one and one != own]


def _changed_after_signing(driver: PlanFixDriver, subject: int) -> list[Callable[[Access], Exchange]]:
    """Calls in each of which one value is another than when the call was signed."""
    others: Mapping[str, Callable[[], str]] = {
        "task/title": driver.text,
        "task/description": driver.text,
        "task/importance": lambda: "AVERAGE",
        "task/startTime": lambda: moment(driver.calendar.on(5, 8), "09:00"),
        "task/periodicity/daily/shift": lambda: "3",
    }

    def send(path: str, access: Access) -> Exchange:
        members: Members = {
            "title": driver.text(),
            "description": driver.text(),
            "importance": "HIGH",
            "startTime": moment(driver.calendar.on(5, 9), "09:00"),
            "endTime": moment(driver.calendar.on(6, 9), "09:00"),
            "periodicity": {"daily": {"type": "EVERY", "shift": 2}},
        }
        request = framed(document("task.update", elements({"task": {"id": subject, **members}})), access)
        _node(request, path).text = others[path]()
        return driver.client.call("task.update", render(request), subject=subject, access=access)

    paths = list(others)[:: 1 if driver.profile.exhaustive else 2] if driver.thorough else list(others)[:1]
    return [partial(send, path) for path in paths]


def _node(request: Element, path: str) -> Element:
    node = request.find(path)
    return etree.SubElement(request, path) if node is None else node


def _wrong(driver: PlanFixDriver, subject: int) -> list[Sender]:
    every = _violations(driver.calendar)
    found = every if driver.profile.exhaustive else in_turns(every)
    made = [(row_of(one), one.why, one.members) for one in found if one.breaks != RANGE]
    made += [(name, why, members) for name, (why, members) in _contradictions(driver.calendar).items()]
    start = driver.value(subject, "startTime")
    if isinstance(start, Moment):
        day_before = Moment(start.at - timedelta(days=1), timed=True)
        why = Message("end-before-its-start")
        made.append(("END-BEFORE-START", why, {"endTime": str(day_before)}))
    if not driver.thorough:
        first = {name: (name, why, members) for name, why, members in reversed(made)}
        made = [first[name] for name in _IN_BRIEF]

    def without_id() -> Probe:
        return Probe(
            MISSING, Message("names-no-task"), driver.client.update_task(None, {"title": driver.text()})
        )

    senders = [_sender(driver, subject, *one) for one in made]
    if driver.thorough:
        name = "UNKNOWN-USER"
        senders += [_sender(driver, subject, name, *_CONTRADICTIONS[name], place=place) for place in (0, 1)]
    return [*senders, without_id]


def _out_of_range(driver: PlanFixDriver, subject: int) -> list[Sender]:
    """Numbers out of range: of ids and of counts, each bound broken once."""
    kinds = {
        (one.constraint, one.path.endswith("/id")): one
        for one in reversed(_violations(driver.calendar))
        if one.breaks == RANGE
    }
    return [_sender(driver, subject, OUT_OF_RANGE, one.why, one.members) for one in kinds.values()]


def _misshapen(driver: PlanFixDriver, subject: int) -> list[Sender]:
    """Updates of a wrong form, with values that change nothing where they can, and can be put back else."""
    kept = {member: driver.value(subject, member) for member in ("owner", "project", "client", "parent")}
    status = driver.value(subject, "status")
    texts = {
        "task/id": str(subject),
        "task/title": driver.text(),
        "task/description": driver.text(),
        "task/status": next((name for name, number in STATUSES.items() if number == status), "ACCEPTED"),
        **{f"task/{member}/id": str(one) for member, one in kept.items() if isinstance(one, int) and one > 0},
    }
    # The API has no value for "no date".
    for member, years in (("startTime", 0), ("endTime", 2)):
        if driver.value(subject, member):
            texts[f"task/{member}"] = moment(driver.calendar.on(3, 5, after=years))
    for verb in ("add", "del"):
        for team in ("users", "groups"):
            texts |= {f"**/{verb}{team.capitalize()}/id": str(one) for one in driver.known[team][:1]}
    exhaustive = driver.profile.exhaustive
    each, but = (_MANY, ()) if exhaustive else (1, _DEEP_ALONE)
    found = misshapen(_schema(), texts, each, driver.calendar, but=but)

    def send(why: Message, request: Element) -> Probe:
        return Probe(MISSHAPEN, why, driver.client.update_task(subject, request))

    return [partial(send, one.why, one.request) for one in found]


def _in_one_go(driver: PlanFixDriver, subject: int, probes: Sequence[Sender]) -> list[Refusals]:
    """Send requests and read the task once; where one is accepted, none is judged by what that one did."""
    before = driver.latest(subject)
    found = tuple(send() for send in probes)
    after = driver.reread(subject)
    if before is None or after is None or any(accepted(probe.exchange) for probe in found):
        return []
    return [Refusals(before, found, after)] if found else []


def _sender(
    driver: PlanFixDriver,
    subject: int,
    name: str,
    why: Message,
    wrong: Members,
    *,
    place: int | None = None,
) -> Sender:
    """Sends an update that is wrong in one member, beside a sound title."""

    def send() -> Probe:
        sound: Members = {"title": driver.text(), **_sound_workers(driver, subject, name, place)}
        return Probe(name, why, driver.client.update_task(subject, {**wrong, **sound}))

    return send


def _sound_workers(driver: PlanFixDriver, subject: int, name: str, place: int | None) -> Members:
    """Those who could be added: a portal that saves workers one by one must not begin with it.

    Args:
        driver: where.
        subject: the task.
        name: what is wrong.
        place: of an unknown one among them; the last by default.
    """
    there = driver.ids(subject, "users")
    idle = [user for user in driver.known["users"] if user not in there]
    if not idle or name not in {"UNKNOWN-USER", "UNKNOWN-PARENT"}:
        return {}
    if name == "UNKNOWN-PARENT":
        return {"workers": {"addUsers": {"id": idle[:1]}}}
    place = len(idle) if place is None else place
    return {"workers": {"addUsers": {"id": [*idle[:place], UNKNOWN_ID, *idle[place:]]}}}


def _at_once_again(driver: PlanFixDriver, subject: int) -> None:
    """A sound update right after refused ones, which a portal may have half in its memory.

    It sends the title in capitals and the description that is there, which a portal may take for no
    change or for one too many, and deletes all users and a group.
    """
    title, description = (driver.value(subject, member) for member in ("title", "description"))
    users, groups = driver.ids(subject, "users"), driver.ids(subject, "groups")
    parts: list[tuple[str, Members]] = [
        ("title", {"title": (title if isinstance(title, str) and title.strip() else driver.text()).upper()})
    ]
    if isinstance(description, str) and description.strip() and is_plain(description):
        parts.append(("description", {"description": description}))
    if users:
        gone = {"delUsers": users, "delGroups": groups[:1] if groups[1:] else ()}
        parts.append(("users", {"workers": {verb: {"id": list(ids)} for verb, ids in gone.items() if ids}}))
    driver.packed(subject, parts)


def _contradictions(calendar: Calendar) -> Mapping[str, tuple[Message, Members]]:
    day = calendar.on(9, 9)
    backwards: Members = {"startTime": moment(day, "16:40"), "endTime": moment(day, "10:40")}
    kindless: Members = {"periodicity": {"startDate": first_reminder(calendar)}}
    return {
        **_CONTRADICTIONS,
        "END-BEFORE-START": (Message("end-before-start"), backwards),
        "NO-KIND": (Message("periodicity-without-kind"), kindless),
    }


def row_of(violation: Violation) -> str:
    """What is wrong with an update, as requirement ids carry it."""
    if violation.breaks == LISTED:
        return _LISTS.get(violation.path, "BAD-KIND-TYPE")
    return _ROWS[violation.breaks]


@cache
def _schema() -> XMLSchema11:
    return XMLSchema11(str(spec("planfix", "task.update.request.xsd")))


@cache
def _violations(calendar: Calendar) -> tuple[Violation, ...]:
    return tuple(violations(_schema(), calendar))
