"""Sends updates that leave members out, or send them as null or empty.

Packed first: one update for all members that can share one, and one for each where that one is refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from etalon.resources.values import holds
from etalon.vendors.r7.judging.evidence import reading
from etalon.vendors.r7.judging.situations import empty_value
from etalon.vendors.r7.scenarios.driver import UPDATE

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from etalon.judging.evidence import Change
    from etalon.resources.resource import Member, Part
    from etalon.resources.values import Value
    from etalon.vendors.r7.scenarios.driver import R7Driver

MANDATORY = ("title", "deadline", "responsible", "category")
"""The members that the page on creation does not mark optional."""
# Two updates that leave out one half each; by the page's order, every second member.
_HALVES = 2


def left_out(driver: R7Driver, subject: int, common: dict[str, Any]) -> Sequence[Change]:
    """Two updates, each without half of the members; single ones for a half that is refused.

    Args:
        driver: the portal.
        subject: the task.
        common: parameters whose values all of them share, where they send them.
    """
    made: list[Change] = []
    for half in range(_HALVES):
        names = [
            member.name
            for place, member in enumerate(driver.members)
            if place % _HALVES == half and member.name not in driver.must_carry
        ]
        packed = driver.attempt(subject, driver.without(driver.body(UPDATE) | common, UPDATE, *names))
        made.append(packed)
        if not packed.accepted:
            made += [left_out_alone(driver, subject, name, common) for name in names]
    return [*made, *(left_out_alone(driver, subject, name, common) for name in sorted(driver.must_carry))]


def left_out_alone(driver: R7Driver, subject: int, name: str, common: dict[str, Any]) -> Change:
    """An update of everything but one member."""
    return driver.attempt(subject, driver.without(driver.body(UPDATE) | common, UPDATE, name))


def as_null(driver: R7Driver, subject: int, refused: Collection[str]) -> Mapping[str, Change]:
    """For each member, an update that sends it as null; isNotify included."""
    return _instead(driver, subject, refused, lambda _: None)


def as_empty(
    driver: R7Driver, subject: int, refused: Collection[str], names: Collection[str] | None = None
) -> Mapping[str, Change]:
    """For each member, an update that sends it empty; isNotify included.

    Args:
        driver: the portal.
        subject: the task.
        refused: members without which an update is refused.
        names: of the members that are tried; all of them by default.
    """
    return _instead(driver, subject, refused, lambda part: empty_value(part.likeness), names)


def entity_apart(driver: R7Driver, subject: int) -> Mapping[tuple[str, str], Change]:
    """(part of the linked entity, situation) → an update that treats the one part so, and sends the other.

    The other part is sent with what suits the entity that the task has: its kind, or an id of that kind.
    """
    kind, number = driver.member("entitytype"), driver.member("entityid")
    made: dict[tuple[str, str], Change] = {}
    for part in (kind, number):
        for situation in ("absent", "null", "empty", "alone"):
            whole = _with_entity(driver, subject)
            if whole is None:
                return made
            [parameter] = part.parameters(UPDATE)
            body = driver.troubled(UPDATE, subject) | whole
            if situation == "alone":
                body = {parameter: whole[parameter]}
            elif situation == "absent":
                del body[parameter]
            else:
                body[parameter] = None if situation == "null" else empty_value(part.parts[0].likeness)
            made[part.name, situation] = driver.attempt(subject, body)
    return made


def _with_entity(driver: R7Driver, subject: int) -> dict[str, Any] | None:
    """The parameters of an entity of the kind that the task has by now, another one where one is known."""
    entity = driver.member("entity")
    latest = reading(driver.traces.latest(subject))
    if latest is None or not _both(latest.value_of(entity)):
        latest = driver.update(subject).after
    if latest is None or not _both(latest.value_of(entity)):
        return None
    kind, number = _both(latest.value_of(entity))
    known = driver.known.get(entity.selected_by[str(kind)], ())
    other = next((one for one in known if one != number), number)
    return dict(zip(entity.parameters(UPDATE), (kind, other), strict=True))


def _both(value: Value) -> tuple[Value, ...]:
    """The two parts of an entity; none where one of them is missing."""
    return value if isinstance(value, tuple) and all(map(holds, value)) else ()


def _instead(
    driver: R7Driver,
    subject: int,
    refused: Collection[str],
    value: Callable[[Part], object],
    names: Collection[str] | None = None,
) -> Mapping[str, Change]:
    """For each member, an update that sends a value in its place.

    Args:
        driver: the portal.
        subject: the task.
        refused: members without which an update is refused: they hardly share one with the others.
        value: what a part sends.
        names: of the members that are tried; all of them by default.
    """
    members = [
        member
        for member in (*driver.members, driver.member("isnotify"))
        if driver.can_send(member) and (names is None or member.name in names)
    ]
    together = [member for member in members if member.name not in refused]
    optional = [member for member in together if member.name not in MANDATORY]
    made: dict[str, Change] = {}
    # A portal that refuses some of them mostly refuses those that a task cannot do without.
    for group in (together, optional):
        fill(driver, subject)
        packed = driver.attempt(subject, _replaced(driver, subject, group, value))
        if packed.accepted:
            made = {member.name: packed for member in group}
            break
        if len(optional) in {0, len(together)}:
            break
    for member in members:
        if member.name not in made:
            fill(driver, subject)
            made[member.name] = driver.attempt(subject, _replaced(driver, subject, [member], value))
    return made


def fill(driver: R7Driver, subject: int) -> None:
    """Set what the task lacks: what is not there could not be seen to be kept."""
    latest = reading(driver.traces.latest(subject))
    if latest is None:
        return  # it cannot be read
    shown = [member for member in driver.members if driver.shows(member) and driver.can_send(member)]
    if not all(latest.holds(member.name) for member in shown):
        driver.filled.append(driver.update(subject, driver.troubled(UPDATE, subject)))


def _replaced(
    driver: R7Driver, subject: int, members: Sequence[Member], value: Callable[[Part], object]
) -> dict[str, Any]:
    body = driver.troubled(UPDATE, subject)
    for member in members:
        for parameter, part in zip(member.parameters(UPDATE), member.parts, strict=True):
            if parameter in body:
                body[parameter] = value(part)
    return body
