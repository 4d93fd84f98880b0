"""PlanFix updates of which the page does not say what becomes of them: sent to see what does."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from etalon.generation.classes import ALONE
from etalon.generation.text import boundary_text
from etalon.vendors.planfix.answers import accepted
from etalon.vendors.planfix.client import MEMBERS
from etalon.vendors.planfix.generation.updates import moment
from etalon.vendors.planfix.judging.evidence import change_of
from etalon.vendors.planfix.judging.values import STATUSES
from etalon.vendors.planfix.requests import document, elements, render
from etalon.vendors.planfix.scenarios.driver import given_back, workers_back

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lxml.etree import _Element as Element

    from etalon.judging.evidence import Change, Reading
    from etalon.vendors.planfix.requests import Content
    from etalon.vendors.planfix.scenarios.driver import Members, PlanFixDriver

DAY_TYPES: Final = (
    "DAY",
    "WORKDAY",
    "MONDAY",
    "TUESDAY",
    "WEDNESDAY",
    "THURSDAY",
    "FRIDAY",
    "SATURDAY",
    "SUNDAY",
)
"""All types of day that the PlanFix day type page lists."""

EMPTY: Final = MEMBERS
"""Members that are sent empty. A portal is likeliest to refuse a task without a title, and a periodicity
without a kind, so these two go on their own."""

_ON_THEIR_OWN: Final = ("periodicity", "title")
_MILLION: Final = 1_000_000
_DEEP: Final = 10_000

BESIDE_LISTED: Final = len(DAY_TYPES)
"""How many updates with listed values there are: each has two texts that stand alone."""
UNKNOWN: Final = "UNKNOWN-ELEMENT"
ENTITY, FILE = "ENTITIES", "FILES"
AROUND: Final = ("Etalon: до [", "] после")
LITERALS: Final[Mapping[str, str]] = {ENTITY: "&etalon;", FILE: "&file;"}
"""Entities that a document type declares: one of a text, and one of a file on the portal's own disk."""

_DOCTYPES: Final[Mapping[str, str]] = {
    ENTITY: '<!ENTITY etalon "раскрыто">',
    FILE: '<!ENTITY file SYSTEM "file:///etc/hostname">',
}
_MEMBERS: Final[Mapping[str, str]] = {ENTITY: "title", FILE: "description"}


def listed_values(driver: PlanFixDriver, subject: int) -> tuple[list[Change], Change]:
    """Every status and every type of day that is listed, a pair of them in an update, beside awkward texts.

    A status that is refused is sent once more alone, and so is what stood beside it.

    Returns:
        The updates that sent a status by its name, and one that sent it by its number.
    """
    by_name: list[Change] = []
    for place, day_type in enumerate(DAY_TYPES):
        repeats = {**_monthly(day_type), **_beside(driver, place)}
        status = list(STATUSES)[place] if place < len(STATUSES) else ""
        if not status:
            driver.update(subject, repeats)
            continue
        step = driver.update(subject, {**repeats, "status": status}, sparing=True)
        if not step.accepted:
            if not driver.update(subject, repeats, sparing=True).accepted:
                for member, value in repeats.items():
                    driver.update(subject, {member: value}, sparing=True)
            step = driver.update(subject, {"status": status}, sparing=True)
        by_name.append(step)
    now = driver.value(subject, "status")
    number = next(other for other in (STATUSES["COMPLETED"], STATUSES["ACCEPTED"]) if other != now)
    by_number = driver.tried(subject, {"status": number})
    others: Members = {"periodicity": {"weekly": {"type": "EVERY", "shift": 1, "days": "2,4,5,6"}}}
    if not driver.update(subject, {**others, "status": "ACCEPTED"}).accepted:
        driver.update(subject, others)
    return by_name, by_number


def _beside(driver: PlanFixDriver, place: int) -> Members:
    """What a listed value goes with: a text that portals trip over where it is all there is."""
    return standing_alone(driver, ALONE[place].text, ("title", "description")[place % 2])


def standing_alone(driver: PlanFixDriver, text: str, member: str) -> Members:
    """A title and a description: the one is a text and nothing else, the other bears the mark, too."""
    other = {"title": "description", "description": "title"}[member]
    return {member: text, other: driver.client.transport.named(f"{text}|")}


def emptied_members(driver: PlanFixDriver, subject: int, parent: int) -> Mapping[str, Change]:
    """Members that are sent empty, as many in an update as the portal takes; they get their values back.

    Args:
        driver: where.
        subject: the task.
        parent: a task that can be its parent.

    Returns:
        Name of the member → the update that sent it empty.
    """
    together = [member for member in EMPTY if member not in _ON_THEIR_OWN]
    # What holds nothing could not be seen to be cleared, and a flag that is off is as good as nothing.
    full: dict[str, Content] = {"checkResult": 1, "parent": {"id": parent}}
    for member in ("project", "client"):
        chosen = driver.other(f"{member}s", driver.value(subject, member))
        if chosen is not None:
            full[member] = {"id": chosen}
    if not driver.ids(subject, "users") and driver.known["users"]:
        full["workers"] = {"addUsers": {"id": list(driver.known["users"][:1])}}
    driver.tried(subject, full)
    first = driver.latest(subject)
    step = driver.tried(subject, dict.fromkeys(together, ""))
    found = dict.fromkeys(together, step)
    alone = (*_ON_THEIR_OWN,) if step.accepted else (*together, *_ON_THEIR_OWN)
    for member in alone:
        restore(driver, subject, first)
        found[member] = driver.tried(subject, {member: ""})
    restore(driver, subject, first)
    return found


def restore(driver: PlanFixDriver, subject: int, first: Reading | None) -> None:
    """Give a scratch task the members back that it had, in one update, where it has others now."""
    now = driver.latest(subject)
    if first is None or now is None:
        return
    members: dict[str, Content] = dict(workers_back(now, first))
    for member, value in first.members.items():
        if now.members.get(member) != value and member not in {"users", "groups"}:
            members |= given_back(member, first, driver.calendar)
    if members:
        driver.tried(subject, members)


def odd_updates(driver: PlanFixDriver, subject: int) -> Mapping[str, Change]:
    """Updates with something odd in each; name, as requirement ids carry it → the update."""
    first = driver.latest(subject)
    importance = "AVERAGE" if driver.value(subject, "importance") == "HIGH" else "HIGH"
    plans: Mapping[str, Members] = {
        "ELEMENT-TWICE": {"title": [driver.text(), driver.text()]},
        "MISPLACED-ELEMENT": {"title": driver.text(), "workers": {"importance": importance}},
        "WEEKDAY-TWICE": {"periodicity": {"weekly": {"type": "EVERY", "shift": 1, "days": "3,3"}}},
        "IMPORTANCE-BY-NUMBER": {"importance": 0 if importance == "AVERAGE" else 1},
        "PROJECT-ZERO": {"project": {"id": 0}},
        "OWN-PARENT": {"parent": {"id": subject}},
    }
    found = {name: driver.tried(subject, members) for name, members in plans.items()}
    restore(driver, subject, first)
    found["DEEP-NESTING"] = _deeply_nested(driver, subject)
    found["LARGE-TEXT"] = driver.tried(subject, {"description": boundary_text(_MILLION)})
    if found["LARGE-TEXT"].accepted:
        driver.tried(subject, {"description": driver.text()})  # else every later read carries the million
    return found


def unknown_elements(driver: PlanFixDriver, subject: int) -> Mapping[str, Change]:
    """Updates with elements that no update has: behind all others, before them, and between them.

    Their names are ASCII or Cyrillic, or those of what only answers have. The page calls for what else they
    send, so those that are taken are evidence of single updates, too.
    """
    calendar = driver.calendar
    importance = "AVERAGE" if driver.value(subject, "importance") == "HIGH" else "HIGH"
    plans: Mapping[str, Members] = {
        UNKNOWN: {"title": driver.text(), "etalon": "нет такого параметра"},
        f"{UNKNOWN}/FIRST": {"etalon": "нет такого параметра", "title": driver.text()},
        f"{UNKNOWN}/BETWEEN": {
            "title": driver.text(),
            "цвет": "красный",
            "beginDateTime": moment(calendar.on(1, 2), "10:00"),
            "importance": importance,
        },
    }
    found = {name: driver.tried(subject, in_this_order(subject, members)) for name, members in plans.items()}
    driver.changes += [step for step in found.values() if step.accepted]
    return found


def in_this_order(subject: int, members: Members) -> Element:
    """An update whose elements stand as they are given, not in the order of the page."""
    return document("task.update", elements({"task": {"id": subject, **members}}))


def below_its_child(driver: PlanFixDriver, parent: int, child: int) -> Change:
    """A task that is put below its own child, and back where it was."""
    driver.tried(child, {"parent": {"id": parent}})
    step = driver.tried(parent, {"parent": {"id": child}})
    if step.accepted:
        driver.tried(parent, {"parent": {"id": 0}})
    return step


def _monthly(day_type: str) -> Members:
    return {"periodicity": {"monthly": {"type": "EXACT", "month": 1, "day": 1, "dayType": day_type}}}


def _deeply_nested(driver: PlanFixDriver, subject: int) -> Change:
    """An update with elements nested so deeply that a parser that recurses breaks."""
    before = driver.latest(subject)
    members: Members = {"title": driver.text(), "etalon": {}}

    def nested(request: Element) -> bytes:
        return render(request).replace(b"<etalon/>", b"<e>" * _DEEP + b"</e>" * _DEEP)

    update = driver.client.update_task(subject, members, form=nested)
    return change_of(update, before, driver.reread(subject))


def with_entities(driver: PlanFixDriver, subject: int, names: Sequence[str]) -> Change:
    """An update whose texts hold entities that its document type declares.

    It is not signed: what a signature over an entity covers is said nowhere.

    Args:
        driver: where.
        subject: the task.
        names: `ENTITIES`, `FILES`, or both.
    """
    before, after = AROUND
    access = replace(driver.client.access, private_key="")
    members: Members = {_MEMBERS[name]: f"{before}{name}{after}" for name in names}
    head, _, rest = driver.client.body("task.update", {"task": {"id": subject, **members}}, access).partition(
        b"<request"
    )
    for name in names:
        rest = rest.replace(f"[{name}]".encode(), f"[{LITERALS[name]}]".encode())
    declared = "".join(_DOCTYPES[name] for name in names)
    body = head + f"<!DOCTYPE request [{declared}]>\n".encode() + b"<request" + rest
    first = driver.latest(subject)
    update = driver.client.call("task.update", body, subject=subject, access=access)
    return change_of(update, first, driver.reread(subject) if accepted(update) else first)


def member_of(name: str) -> str:
    """The member whose text holds an entity."""
    return _MEMBERS[name]
