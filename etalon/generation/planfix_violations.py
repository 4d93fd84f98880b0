"""Updates of a PlanFix task that break one constraint of their schema each, and are sound otherwise."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from xmlschema.validators import XsdElement, XsdSimpleType

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from xmlschema import XMLSchemaBase

    from etalon.generation.planfix_updates import Members

LISTED, NUMBER, FLAG, FORM, EXISTING, WEEKDAY, RANGE = (
    "listed",
    "number",
    "flag",
    "form",
    "existing",
    "weekday",
    "range",
)
"""What a value breaks: the list of values, that it is a number, that it is 0 or 1, the form of a date, that
there is such a day and time, that there is such a weekday, the range of a number."""


@dataclass(frozen=True, slots=True)
class Violation:
    """An update with one wrong value.

    Attributes:
        path: the element below `task`, as in `periodicity/daily/type`.
        breaks: which kind of constraint.
        value: the wrong value.
        members: the update.
        type: name of the type whose constraint it is.
    """

    path: str
    breaks: str
    value: str
    members: Members
    type: str = ""

    @property
    def why(self) -> str:
        """What is wrong, as a finding says it after "although"."""
        return f"{self.path} is {self.value!r}, {_WHY[self.breaks]}"


_WHY: Final = {
    LISTED: "which is not one of the values listed",
    NUMBER: "which is no number",
    FLAG: "which is neither 0 nor 1",
    FORM: "which has neither of the two forms of a date",
    EXISTING: "and there is no such day or time",
    WEEKDAY: "and a week has the days 1 to 7",
    RANGE: "which lies out of range",
}

# Family of values → two that it takes, by which it is known, and wrong ones with what each of them breaks.
_FAMILIES: Final[Mapping[tuple[str, ...], tuple[tuple[str, str], ...]]] = {
    ("05-03-2031", "05-03-2031 09:00"): (
        ("2031-03-05T09:00", FORM),
        ("30-02-2031", EXISTING),
        ("29-02-2031", EXISTING),
        ("05-03-2031 25:61", EXISTING),
    ),
    ("1,3", "7"): (("1,8", WEEKDAY), ("0", WEEKDAY), ("вторник", WEEKDAY)),
    ("7", "12"): (("5x", NUMBER), ("twelve", NUMBER), ("0", RANGE), ("-1", RANGE), ("32", RANGE)),
}
_UNLISTED: Final = "ETALON"
_NEITHER: Final = "2"
# Of a count, a careless reader takes the digits in front; of an id that would most often name nobody, as it
# should, whereas letters make 0, which some ids may be.
_NO_COUNT, _NO_ID = "5x", "twelve"

_KINDS: Final[Mapping[str, Members]] = {
    "daily": {"type": "EVERY", "shift": 1},
    "weekly": {"type": "EVERY", "shift": 1, "days": "1"},
    "monthly": {"type": "EXACT", "month": 1, "day": 1, "dayType": "MONDAY"},
}
_AROUND: Final[Mapping[str, Members]] = {
    **{kind: {kind: content} for kind, content in _KINDS.items()},
    "startDate": {"daily": _KINDS["daily"], "startDate": "06-03-2031"},
    "endCondition/type": {"daily": _KINDS["daily"], "endCondition": {"type": "ENDLESS"}},
    "endCondition/date": {
        "daily": _KINDS["daily"],
        "endCondition": {"type": "BYENDDATE", "date": "31-12-2031"},
    },
    "endCondition/repeatCount": {
        "daily": _KINDS["daily"],
        "endCondition": {"type": "BYCOUNT", "repeatCount": 2},
    },
    # A portal that takes the wrong value must not remind anybody: so it begins in years.
    "notify": {"daily": _KINDS["daily"], "startDate": "06-03-2031", "notify": {"type": 0, "day": 1}},
}
"""Part of a periodicity → a sound periodicity that has it."""


def violations(schema: XMLSchemaBase) -> list[Violation]:
    """Every constraint on a value of task.update broken alone, in the order of the page.

    What a value has to be is found out by asking its type, so that a change of the schema changes what is
    broken. The rest of each update is sound: a portal that refuses it can have no other reason.

    Args:
        schema: of the task.update request.
    """
    task = schema.elements["request"].find("task")
    if not isinstance(task, XsdElement):
        raise TypeError("the schema describes no request with a task")
    return [
        Violation(path, breaks, value, _with(path, value), str(type_.local_name or type_.name or ""))
        for path, type_ in _leaves(task)
        for value, breaks in _wrong_values(type_)
        if value != (_NO_COUNT if path.endswith("/id") else _NO_ID)
    ]


def _leaves(element: XsdElement, above: str = "") -> Iterator[tuple[str, XsdSimpleType]]:
    for part in _parts(element):
        path = f"{above}{part.local_name}"
        if isinstance(part.type, XsdSimpleType):
            if path != "id":  # the id of the task itself, which another task may have
                yield path, part.type
        else:
            yield from _leaves(part, f"{path}/")


def _parts(element: XsdElement) -> Iterator[XsdElement]:
    # A type that depends on an attribute is the last alternative where the attribute is not there.
    alternatives: Any = element.alternatives
    type_: Any = alternatives[-1].type if alternatives else element.type
    for part in type_.content.iter_elements():
        if isinstance(part, XsdElement):
            yield part


def _wrong_values(type_: XsdSimpleType) -> Iterator[tuple[str, str]]:
    if type_.enumeration:
        yield _UNLISTED, LISTED
        return
    if type_.is_valid("0") and type_.is_valid("1") and not type_.is_valid(_NEITHER):
        yield _NEITHER, FLAG
        return
    for taken, wrong in _FAMILIES.items():
        if all(type_.is_valid(value) for value in taken) and not type_.is_valid(_UNLISTED):
            found = [(value, breaks) for value, breaks in wrong if not type_.is_valid(value)]
            # Below the range once is enough: what is less than 0 is less than 1, too.
            yield from (pair for pair in found if pair != ("-1", RANGE) or ("0", RANGE) not in found)
            return


def _with(path: str, value: str) -> Members:
    """An update whose only wrong value stands at a path."""
    steps = path.split("/")
    members: dict[str, Any] = {}
    if steps[0] == "periodicity":
        inner = path.removeprefix("periodicity/")
        around = next(content for part, content in _AROUND.items() if f"{inner}/".startswith(f"{part}/"))
        members = {"periodicity": deepcopy(dict(around))}
    node = members
    for step in steps[:-1]:
        node = node.setdefault(step, {})
    node[steps[-1]] = value
    return members
