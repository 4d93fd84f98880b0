"""Updates of a PlanFix task in other forms of XML, and several at the same time."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from etalon.judging.together import Rush
from etalon.judging.verdicts import Finding
from etalon.vendors.planfix.forms import FORMS, FORMS_OF_TEXT, PACKED, written
from etalon.vendors.planfix.generation.updates import moment
from etalon.vendors.planfix.judging.evidence import change_of
from etalon.vendors.planfix.judging.forms import MEMBERS, UNSENT, InForm, same_effect
from etalon.vendors.planfix.judging.singles import broken_alone

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from etalon.resources.values import Value
    from etalon.vendors.planfix.scenarios.driver import Members, PlanFixDriver

_OTHER_ENCODING = "ENCODINGS"
_OF_LINES = "NEWLINES"
_CYCLES = 1
_BEYOND_THE_BMP = "🙂"
APART = ("NO-DECLARATION", "CDATA", "COMMENTS")


def each_form(driver: PlanFixDriver, subject: int, names: Iterable[str] = FORMS) -> Mapping[str, InForm]:
    """A title or a description in one form; two forms share the reads around them, each with its own text.

    Args:
        driver: the portal.
        subject: the task.
        names: of the forms; all of them by default.

    Returns:
        Name of the form → how the text arrived.
    """
    updates: dict[str, InForm] = {}
    names = sorted(names, key=lambda name: name == _OF_LINES)  # a description comes second, and has lines
    for pair in (names[start : start + 2] for start in range(0, len(names), 2)):
        before = driver.latest(subject)
        beside = _same_parent(driver, subject)
        line, lines = _line(driver), _lines(driver)
        if _OTHER_ENCODING in pair:
            line, lines = _in_that_encoding(line), _in_that_encoding(lines)
        texts: list[Members] = [{"title": line, **beside}, {"description": lines, **beside}]
        sent = {
            name: driver.client.update_task(subject, members, form=partial(written, form=FORMS[name]))
            for name, members in zip(pair, texts, strict=False)
        }
        after = driver.reread(subject)
        usual = _usual(driver, subject, texts)
        kept = UNSENT not in broken_alone(driver.changes)
        for name, update in sent.items():
            form = FORMS[name]
            step = change_of(update, before, after)
            updates[name] = InForm(form.tells, step, form.may_refuse, usual, alone=kept)
    return updates


def packed_forms(driver: PlanFixDriver, subject: int) -> tuple[Mapping[str, InForm], Sequence[Rush]]:
    """A description in all forms at once, a title in another encoding, and a round of updates at once.

    Not all that is said with a byte order mark would be understood without one, and not all that is read out
    of a piece of CDATA would be where it is nearly the whole text: `APART` has the forms to be tried alone
    where there are requests for it.

    All of it goes between two reads, since each changes other members. Where the description does not arrive
    though it does in the usual form, every form is tried on its own.

    Returns:
        Name of the form → how the text arrived; and the round.
    """
    known = broken_alone(driver.changes)
    before = driver.latest(subject)
    description: Members = {"description": _a_line_for_each_form(driver), **_same_parent(driver, subject)}
    title: Members = {"title": _in_that_encoding(_line(driver))}
    described = driver.client.update_task(subject, description, form=partial(written, form=PACKED))
    titled = driver.client.update_task(subject, title, form=partial(written, form=FORMS[_OTHER_ENCODING]))
    at_once = driver.client.update_together(subject, [*_of_two_clients(driver, subject)])
    together = tuple(change_of(one, None, None) for one in at_once)
    after = driver.reread(subject)
    rushes = [Rush(before, (together,), after, known)] if before and after else []
    usual = _usual(driver, subject, [description, title])
    # The updates at the same time send what comments hold.
    packed = InForm(PACKED.tells, change_of(described, before, after), usual=usual, alone=False)
    encoded = InForm(
        FORMS[_OTHER_ENCODING].tells,
        change_of(titled, before, after),
        may_refuse=True,
        usual=usual,
        alone=False,
    )
    if isinstance(same_effect(packed), Finding):
        return each_form(driver, subject), rushes
    return {**dict.fromkeys(FORMS, packed), _OTHER_ENCODING: encoded}, rushes


def _usual(driver: PlanFixDriver, subject: int, texts: Iterable[Members]) -> Mapping[str, Value]:
    """What becomes of texts in the usual form, where the portal has been seen to alter some; else nothing.

    They are sent after those in other forms, which would be covered up otherwise.
    """
    if not broken_alone(driver.changes) & set(MEMBERS):
        return {}
    driver.client.update_task(subject, {name: text for members in texts for name, text in members.items()})
    after = driver.reread(subject)
    return {name: after.members.get(name) for name in MEMBERS} if after else {}


def hurried(driver: PlanFixDriver, subject: int) -> Sequence[Rush]:
    """Rounds of two clients that change different members, then of two that change workers."""
    rushes = []
    for cycle in range(_CYCLES):
        rounds = [[first, second] for first, second in _pairs(driver, subject, cycle) if first and second]
        rush = driver.rush(subject, rounds)
        if rush is not None:
            rushes.append(rush)
    return rushes


def _of_two_clients(driver: PlanFixDriver, subject: int) -> tuple[Members, Members]:
    """What two clients change at the same time; nothing of it depends on the rest."""
    first, second = _workers(driver, subject)
    return (
        {**_switched(driver, subject), **_other(driver, subject, "project"), **first},
        {
            "startTime": moment(driver.calendar.on(7, 14), "08:20"),
            "endTime": moment(driver.calendar.on(8, 21), "19:05"),
            **_other(driver, subject, "client"),
            **second,
        },
    )


def _pairs(driver: PlanFixDriver, subject: int, cycle: int) -> Sequence[tuple[Members, Members]]:
    month = cycle + 1
    checked = {"checkResult": int(not driver.value(subject, "checkResult"))}
    return (
        ({"title": driver.text()}, {"description": driver.text()}),
        ({"importance": _other_importance(driver, subject)}, checked),
        (
            {
                "startTime": moment(driver.calendar.on(month, 14), "08:20"),
                "endTime": moment(driver.calendar.on(month, 21, after=1), "19:05"),
            },
            _other(driver, subject, "project"),
        ),
        (
            _other(driver, subject, "client"),
            {"periodicity": {"daily": {"type": "EVERY", "shift": cycle + 2}}},
        ),
        _workers(driver, subject),
    )


def _switched(driver: PlanFixDriver, subject: int) -> Members:
    return {
        "importance": _other_importance(driver, subject),
        "checkResult": int(not driver.value(subject, "checkResult")),
    }


def _other_importance(driver: PlanFixDriver, subject: int) -> str:
    return "AVERAGE" if driver.value(subject, "importance") == "HIGH" else "HIGH"


def _other(driver: PlanFixDriver, subject: int, member: str) -> Members:
    chosen = driver.other(f"{member}s", driver.value(subject, member), 1)
    return {} if chosen is None else {member: {"id": chosen}}


def _workers(driver: PlanFixDriver, subject: int) -> tuple[Members, Members]:
    """Two changes of different workers: two who are added, or else two who are deleted."""
    teams = (
        ("Users", driver.known["users"], driver.ids(subject, "users")),
        ("Groups", driver.known["groups"], driver.ids(subject, "groups")),
    )
    idle = [(f"add{team}", one) for team, known, there in teams for one in known if one not in there]
    busy = [(f"del{team}", one) for team, _, there in teams for one in there]
    for chosen in (idle, busy):
        if len(chosen) > 1:
            first, second = ({"workers": {verb: {"id": one}}} for verb, one in chosen[:2])
            return first, second
    return {}, {}


def _same_parent(driver: PlanFixDriver, subject: int) -> Members:
    """A member that changes nothing, so that a text has one beside it, and the two an order."""
    parent = driver.value(subject, "parent")
    return {"parent": {"id": parent if isinstance(parent, int) else 0}}


def _line(driver: PlanFixDriver) -> str:
    return f"{driver.text()}, «Q&A» [1] — \"1\" и '2' ❤\ufe0f &amp; ]"


def _in_that_encoding(text: str) -> str:
    """A text without what the other encoding lacks, which would go as references, a form of its own."""
    coding = FORMS[_OTHER_ENCODING].encoding
    return text.encode(coding, "ignore").decode(coding)


def _a_line_for_each_form(driver: PlanFixDriver) -> str:
    """Every form of a text gets a line with all that it may stumble over; that of line ends gets two."""
    line = _lines(driver).replace("\n", " ")
    return "\n".join(f"{line} {number}" for number in range(FORMS_OF_TEXT + 1))


def _lines(driver: PlanFixDriver) -> str:
    """A text of several lines that begins with what the entities of XML stand for.

    An opening bracket is left out: portals may take what follows it for markup.
    """
    return (
        f"\"Q\" & 'A' > 1.\n{driver.text()} [a] ]]\nёлка № 2 ]]> &amp; е\u0308\n"
        f"и «3»{_BEYOND_THE_BMP} ❤\ufe0f\nконец ]"
    )
