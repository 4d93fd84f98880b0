"""Sends what the plan chooses: updates of many members with awkward values, each followed by a lone member.

So every class of value is written, and then left alone while something else is, and no state is bland: the
task repeats, has workers, is finished at times.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

from etalon.generation.calendar import Calendar
from etalon.generation.classes import TEXTS
from etalon.generation.plan import planned
from etalon.generation.text import packed_text
from etalon.portals.errors import UnusableAnswerError
from etalon.resources.values import Moment
from etalon.vendors.planfix.generation.updates import first_reminder, moment
from etalon.vendors.planfix.scenarios.open import BESIDE_LISTED, in_this_order, standing_alone
from etalon.vendors.planfix.task_list import newest_cards

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from etalon.generation.plan import Plan
    from etalon.resources.values import Value
    from etalon.vendors.planfix.requests import Content
    from etalon.vendors.planfix.scenarios.driver import Members, PlanFixDriver, Tasks

_STATUSES = {"finished": "COMPLETED", "accepted": "ACCEPTED"}
_LONE = (
    "finished",
    "title",
    "description",
    "owner",
    "parent",
    "project",
    "client",
    "startTime",
    "endTime",
    "users",
    "groups",
    "periodicity",
    "unchanged",
    "same-day",
    "unset",
    "accepted",
)
_LONGEST_TITLE = 250
_READ_AGAIN = "description"
_MOST_REFUSED = 3  # then the portal takes none of it


def plan_of(driver: PlanFixDriver, rows: int, seed: int) -> Plan:
    """The plan of the run.

    Args:
        driver: the portal.
        rows: how many at most.
        seed: decides it.
    """
    texts = list(TEXTS)
    days = list(_days(driver.calendar))
    many = rows >= 2 * len(texts)
    # Where rows are few, they have the classes that the listed values have not gone with.
    rest = texts[BESIDE_LISTED:]
    return planned(
        {
            "text": texts if many else rest,
            # The other one shows the run's mark, by which the task goes on to be known as its own.
            "alone in": ["title", "description"],
            "start": days if many else days[::2],
            "end": days if many else days[1::2],
            "periodicity": list(_periodicities(driver.calendar)),
            "users": ["one", "all", "all-but-first", "none"] if driver.known["users"] else [],
            "groups": ["all", "one", "none"] if driver.known["groups"] else [],
            "flags": ["AVERAGE/1", "HIGH/0", "AVERAGE/0", "HIGH/1"],
            "project": ["one", "other"] if driver.known["projects"] else [],
            "client": ["one", "other", "zero"] if driver.known["clients"] else [],
            "alone": _LONE[::2],
            "then": _LONE[1::2],
        },
        rows,
        seed,
    )


def carry_out(driver: PlanFixDriver, tasks: Tasks, plan: Plan) -> list[Mapping[str, str]]:
    """Send the rows of a plan to the task, one after another.

    Returns:
        The rows that were sent; each of their updates is evidence of single updates.
    """
    done: list[Mapping[str, str]] = []
    refused = 0
    for chosen in plan.rows:
        if refused >= _MOST_REFUSED:
            break
        done.append(chosen)
        whole = driver.update(tasks.subject, _whole(driver, tasks.subject, chosen))
        if not whole.accepted:
            refused += 1
            _milder(driver, tasks.subject, chosen)
        for name in (chosen["alone"], chosen["then"]):
            _lone(driver, tasks, name)
    sent = {name for chosen in done for name in (chosen["alone"], chosen["then"])}
    for name in _LONE:
        if done and not refused and name not in sent:  # the rows were fewer than these
            _lone(driver, tasks, name)
    return done


def _lone(driver: PlanFixDriver, tasks: Tasks, name: str) -> None:
    """An update of one member; after one of a text, which is long then, the task is read after a list."""
    lone = _alone(driver, tasks, name)
    if lone:
        # An element without content may stand before one with a value.
        driver.update(tasks.subject, in_this_order(tasks.subject, lone))
    if name == _READ_AGAIN:
        with suppress(UnusableAnswerError):
            next(newest_cards(driver.client), None)
        driver.reread(tasks.subject)


def _whole(driver: PlanFixDriver, subject: int, chosen: Mapping[str, str]) -> Members:
    importance, check = chosen["flags"].split("/")
    members: dict[str, Content] = {
        **standing_alone(driver, TEXTS[chosen["text"]], chosen["alone in"]),
        "importance": importance,
        "checkResult": int(check),
        "startTime": _days(driver.calendar)[chosen["start"]],
        "endTime": _days(driver.calendar, after=2)[chosen["end"]],
        "periodicity": _periodicities(driver.calendar)[chosen["periodicity"]],
    }
    for member in ("project", "client"):
        found = _reference(driver.known[f"{member}s"], chosen.get(member))
        if found is not None:
            members[member] = {"id": found}
    workers = _workers(driver, subject, chosen)
    return {**members, "workers": workers} if workers else members


def _milder(driver: PlanFixDriver, subject: int, chosen: Mapping[str, str]) -> None:
    """The awkward values one member at a time, which shows for which of them all were refused."""
    whole = _whole(driver, subject, chosen)
    for member in ("title", "description", "startTime", "endTime", "periodicity"):
        driver.update(subject, {member: whole[member]}, sparing=True)


def _reference(known: Sequence[int], level: str | None) -> int | None:
    match level:
        case "zero":
            return 0
        case "one" if known:
            return known[0]
        case "other" if known:
            return known[-1]
    return None


def _workers(driver: PlanFixDriver, subject: int, chosen: Mapping[str, str]) -> Members:
    """The lists that make the workers those of the row, in falling order, the first of them twice."""
    lists: dict[str, Content] = {}
    for team in ("users", "groups"):
        known, there = driver.known[team], driver.ids(subject, team)
        wanted = {
            "one": known[:1],
            "all": known,
            "all-but-first": known[1:],
            "none": known[:0],
        }[chosen.get(team, "none")]
        for verb, some in (("add", set(wanted) - set(there)), ("del", set(there) - set(wanted))):
            if some:
                falling = sorted(some, reverse=True)
                lists[f"{verb}{team.capitalize()}"] = {"id": [*falling[:1], *falling]}
    return lists


def _alone(driver: PlanFixDriver, tasks: Tasks, name: str) -> Members:
    """The member that is sent alone; nothing where it has no other value than it has."""
    subject, mark = tasks.subject, driver.client.transport.mark
    if name == "unchanged":
        title = driver.value(subject, "title")
        return {"title": title} if isinstance(title, str) else {}
    if name == "unset":
        checked = {"checkResult": int(not driver.value(subject, "checkResult"))}
        return {"periodicity": {"@unset": "1"}, **checked}
    if name == "same-day":
        return dict.fromkeys(("startTime", "endTime"), moment(driver.calendar.on(6, 18)))
    if name in _STATUSES:
        return {"status": _STATUSES[name]}
    if name in {"users", "groups"}:
        return _turned(driver, subject, name)
    if name in {"owner", "project", "client"}:
        other = driver.other("users" if name == "owner" else f"{name}s", driver.value(subject, name))
        return {} if other is None else {name: {"id": other}}
    had = driver.value(subject, name)
    values: Mapping[str, Content] = {
        "title": packed_text(_LONGEST_TITLE, mark),
        "description": packed_text(mark=mark),
        "parent": {"id": 0 if had else tasks.parent},
        "startTime": moment(driver.calendar.on(2, 17), "09:41"),
        "endTime": moment(_day_after(had, driver.calendar), "17:19"),
        "periodicity": {"daily": {"type": "EVERY", "shift": 4}},
    }
    return {name: values[name]}


def _day_after(end: Value, calendar: Calendar) -> date:
    """The day after the task ends, so that it still starts before."""
    return (end.at.date() if isinstance(end, Moment) else calendar.on(3, 3, after=3)) + timedelta(days=1)


def _turned(driver: PlanFixDriver, subject: int, team: str) -> Members:
    """An update that takes the last of a team away, or adds one to none."""
    there = driver.ids(subject, team)
    chosen = there[-1:] or driver.known[team][:1]
    verb = "del" if there else "add"
    return {"workers": {f"{verb}{team.capitalize()}": {"id": list(chosen)}}} if chosen else {}


def _days(calendar: Calendar, after: int = 0) -> Mapping[str, str]:
    """Dates that readers and writers get wrong, in either form.

    Args:
        calendar: the days.
        after: by how many years they are later at least, so that ends follow starts.
    """
    # Of starts and ends, the end is the later one: what is peculiar recurs in later years.
    years = Calendar.of(calendar.on(1, 1, after=after)) if after else calendar
    spring = years.clocks_go_forward
    return {
        "summer": moment(years.on(7, 14), "09:30"),
        "winter": moment(years.on(1, 14), "09:30"),
        "leap-day": moment(years.leap_day, "18:45"),
        "end-of-year": moment(years.in_next_iso_year, "23:59"),
        "start-of-year": moment(years.on(1, 1, after=1), "00:00"),
        "short": moment(years.on(8, 31)),
        "short-leap-day": moment(years.leap_day),
        "midnight": moment(years.on(5, 31), "00:00"),
        "noon": moment(years.on(5, 31), "12:00"),
        "last-minute": moment(years.on(4, 30), "23:59"),
        "before-clocks-go-forward": moment(spring, "01:59"),
        "hour-that-is-skipped": moment(spring, "02:30"),
        "after-clocks-go-forward": moment(spring, "03:00"),
    }


def _periodicities(calendar: Calendar) -> Mapping[str, Members]:
    def weekly(days: str, shift: int = 1, **more: Content) -> Members:
        return {"weekly": {"type": "EVERY", "shift": shift, "days": days}, **more}

    def until(day: str) -> Content:
        return {"type": "BYENDDATE", "date": day}

    start = moment(calendar.monday)
    return {
        "one-day": weekly("6"),
        "all-days": weekly("1,2,3,4,5,6,7", startDate=start),
        "six-days": weekly("1,2,3,4,5,6"),
        "last-day": weekly("7", 2),
        "falling-days": weekly("7,5,3", endCondition={"type": "BYCOUNT", "repeatCount": 1}),
        "weekly-until": weekly("2,4", endCondition=until(moment(calendar.on(12, 31, after=1), "23:59"))),
        "weekly-after": {"weekly": {"type": "AFTER_COMPLETE", "shift": 2}},
        "last-of-month": {"monthly": {"type": "EVERY", "month": 1, "day": 31}},
        "last-friday": {"monthly": {"type": "EXACT", "month": 2, "day": 5, "dayType": "FRIDAY"}},
        "monthly-after": {"monthly": {"type": "AFTER_COMPLETE", "month": 12}},
        "daily-reminding": {
            "daily": {"type": "EVERY", "shift": 1},
            "startDate": first_reminder(calendar),
            "notify": {"type": 1, "day": 1},
        },
        "working-days": {"daily": {"type": "EVERY_WORKING"}, "endCondition": {"type": "ENDLESS"}},
    }
