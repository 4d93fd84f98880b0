"""Updates of a PlanFix task in other forms of XML, and several at the same time."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from etalon.judging.together import Rush
from etalon.judging.verdicts import Finding
from etalon.vendors.planfix.forms import FORMS, FORMS_OF_TEXT, PACKED, written
from etalon.vendors.planfix.generation.updates import moment
from etalon.vendors.planfix.judging.evidence import change_of
from etalon.vendors.planfix.judging.forms import MEMBERS, Trial, same_effect
from etalon.vendors.planfix.judging.singles import broken_alone

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from etalon.resources.values import Value
    from etalon.vendors.planfix.scenarios.driver import Lab, Members

_OTHER_ENCODING = "ENCODINGS"
_OF_LINES = "NEWLINES"
_CYCLES = 5
_BEYOND_THE_BMP = "🙂"
APART = ("NO-DECLARATION", "CDATA")


def each_form(lab: Lab, subject: int, names: Iterable[str] = FORMS) -> Mapping[str, Trial]:
    """A title or a description in one form; two forms share the reads around them, each with its own text.

    Args:
        lab: the portal.
        subject: the task.
        names: of the forms; all of them by default.

    Returns:
        Name of the form → how the text arrived.
    """
    trials: dict[str, Trial] = {}
    names = sorted(names, key=lambda name: name == _OF_LINES)  # a description comes second, and has lines
    for pair in (names[start : start + 2] for start in range(0, len(names), 2)):
        before = lab.latest(subject)
        beside = _same_parent(lab, subject)
        lines = _lines(lab)
        if _OTHER_ENCODING in pair:
            lines = lines.replace(_BEYOND_THE_BMP, "")  # that encoding has no such character
        texts: list[Members] = [{"title": _line(lab), **beside}, {"description": lines, **beside}]
        sent = {
            name: lab.client.update_task(subject, members, form=partial(written, form=FORMS[name]))
            for name, members in zip(pair, texts, strict=False)
        }
        after = lab.reread(subject)
        usual = _usual(lab, subject, texts)
        for name, update in sent.items():
            form = FORMS[name]
            trials[name] = Trial(form.tells, change_of(update, before, after), form.may_refuse, usual)
    return trials


def packed_forms(lab: Lab, subject: int) -> tuple[Mapping[str, Trial], Sequence[Rush]]:
    """A description in all forms at once, a title in another encoding, and a round of updates at once.

    Not all that is said with a byte order mark would be understood without one, and not all that is read out
    of a piece of CDATA would be where it is nearly the whole text: `APART` has the forms to be tried alone
    where there are requests for it.

    All of it goes between two reads, since each changes other members. Where the description does not arrive
    though it does in the usual form, every form is tried on its own.

    Returns:
        Name of the form → how the text arrived; and the round.
    """
    known = broken_alone(lab.changes)
    before = lab.latest(subject)
    description: Members = {"description": _a_line_for_each_form(lab), **_same_parent(lab, subject)}
    title: Members = {"title": _line(lab)}
    described = lab.client.update_task(subject, description, form=partial(written, form=PACKED))
    titled = lab.client.update_task(subject, title, form=partial(written, form=FORMS[_OTHER_ENCODING]))
    at_once = lab.client.update_together(subject, [*_of_two_clients(lab, subject)])
    together = tuple(change_of(one, None, None) for one in at_once)
    after = lab.reread(subject)
    rushes = [Rush(before, (together,), after, known)] if before and after else []
    usual = _usual(lab, subject, [description, title])
    packed = Trial(PACKED.tells, change_of(described, before, after), usual=usual)
    encoded = Trial(
        FORMS[_OTHER_ENCODING].tells, change_of(titled, before, after), may_refuse=True, usual=usual
    )
    if isinstance(same_effect(packed), Finding):
        return each_form(lab, subject), rushes
    return {**dict.fromkeys(FORMS, packed), _OTHER_ENCODING: encoded}, rushes


def _usual(lab: Lab, subject: int, texts: Iterable[Members]) -> Mapping[str, Value]:
    """What becomes of texts in the usual form, where the portal has been seen to alter some; else nothing.

    They are sent after those in other forms, which would be covered up otherwise.
    """
    if not broken_alone(lab.changes) & set(MEMBERS):
        return {}
    lab.client.update_task(subject, {name: text for members in texts for name, text in members.items()})
    after = lab.reread(subject)
    return {name: after.members.get(name) for name in MEMBERS} if after else {}


def hurried(lab: Lab, subject: int) -> Sequence[Rush]:
    """Twenty rounds of two clients that change different members, and five of two that change workers."""
    rushes = []
    for cycle in range(_CYCLES):
        rounds = [[first, second] for first, second in _pairs(lab, subject, cycle) if first and second]
        rush = lab.rush(subject, rounds)
        if rush is not None:
            rushes.append(rush)
    return rushes


def _of_two_clients(lab: Lab, subject: int) -> tuple[Members, Members]:
    """What two clients change at the same time; nothing of it depends on the rest."""
    first, second = _workers(lab, subject)
    return (
        {**_switched(lab, subject), **_other(lab, subject, "project"), **first},
        {
            "startTime": moment(lab.calendar.on(7, 14), "08:20"),
            "endTime": moment(lab.calendar.on(8, 21), "19:05"),
            **_other(lab, subject, "client"),
            **second,
        },
    )


def _pairs(lab: Lab, subject: int, cycle: int) -> Sequence[tuple[Members, Members]]:
    month = cycle + 1
    checked = {"checkResult": int(not lab.value(subject, "checkResult"))}
    return (
        ({"title": lab.text()}, {"description": lab.text()}),
        ({"importance": _other_importance(lab, subject)}, checked),
        (
            {
                "startTime": moment(lab.calendar.on(month, 14), "08:20"),
                "endTime": moment(lab.calendar.on(month, 21, after=1), "19:05"),
            },
            _other(lab, subject, "project"),
        ),
        (_other(lab, subject, "client"), {"periodicity": {"daily": {"type": "EVERY", "shift": cycle + 2}}}),
        _workers(lab, subject),
    )


def _switched(lab: Lab, subject: int) -> Members:
    return {
        "importance": _other_importance(lab, subject),
        "checkResult": int(not lab.value(subject, "checkResult")),
    }


def _other_importance(lab: Lab, subject: int) -> str:
    return "AVERAGE" if lab.value(subject, "importance") == "HIGH" else "HIGH"


def _other(lab: Lab, subject: int, member: str) -> Members:
    chosen = lab.other(f"{member}s", lab.value(subject, member), 1)
    return {} if chosen is None else {member: {"id": chosen}}


def _workers(lab: Lab, subject: int) -> tuple[Members, Members]:
    """Two changes of different workers: two who are added, or else two who are deleted."""
    teams = (
        ("Users", lab.known["users"], lab.ids(subject, "users")),
        ("Groups", lab.known["groups"], lab.ids(subject, "groups")),
    )
    idle = [(f"add{team}", one) for team, known, there in teams for one in known if one not in there]
    busy = [(f"del{team}", one) for team, _, there in teams for one in there]
    for chosen in (idle, busy):
        if len(chosen) > 1:
            first, second = ({"workers": {verb: {"id": one}}} for verb, one in chosen[:2])
            return first, second
    return {}, {}


def _same_parent(lab: Lab, subject: int) -> Members:
    """A member that changes nothing, so that a text has one beside it, and the two an order."""
    parent = lab.value(subject, "parent")
    return {"parent": {"id": parent if isinstance(parent, int) else 0}}


def _line(lab: Lab) -> str:
    return f"{lab.text()}, «Q&A» — \"1\" и '2'"


def _a_line_for_each_form(lab: Lab) -> str:
    """Every form of a text gets a line with all that it may stumble over; that of line ends gets two."""
    line = _lines(lab).replace("\n", " ")
    return "\n".join(f"{line} {number}" for number in range(FORMS_OF_TEXT + 1))


def _lines(lab: Lab) -> str:
    """A text of several lines that begins with what the entities of XML stand for.

    An opening bracket is left out: portals may take what follows it for markup.
    """
    return f"\"Q\" & 'A' > 1.\n{lab.text()}\nёлка № 2\nи «3»{_BEYOND_THE_BMP}\nконец"
