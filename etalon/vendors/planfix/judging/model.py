"""What an update asks for, and what the task has to be afterwards.

Rests on the page `planfix-task-update`: a member that is left out is not updated; workers are written as what
is added and deleted; a periodicity replaces, or with `unset` removes, the one that is there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from etalon.vendors.planfix.answers import NotAnAnswerError, number_of, parse
from etalon.vendors.planfix.judging import values
from etalon.vendors.planfix.judging.task import PLAIN, TEAMS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml.etree import _Element as Element

    from etalon.vendors.planfix.judging.values import Value


@dataclass(frozen=True, slots=True)
class Update:
    """What a task.update asks for.

    Attributes:
        task: the id that it names; None where it names none.
        plain: member → its new value.
        added: `users` and `groups` → ids to add, those lists that are there.
        deleted: the same for ids to delete.
        periodicity: the new periodicity; None where none is sent or what is sent holds no kind.
        unset: the value of the attribute that removes the periodicity; None where it is not there.
        unset_content: whether there is anything inside the periodicity that is removed.
        unclear: members that are sent in a way to which the page gives no meaning, such as empty.
    """

    task: int | None = None
    plain: Mapping[str, Value] = field(default_factory=dict)
    added: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    deleted: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    periodicity: Value = None
    unset: str | None = None
    unset_content: bool = False
    unclear: frozenset[str] = frozenset()

    def touches(self, member: str) -> bool:
        """Whether the update says anything about a member, be it unclear."""
        if member == "periodicity":
            return self.periodicity is not None or self.unset is not None or member in self.unclear
        return member in self.plain or member in self.unclear or bool(self._delta(member))

    @property
    def touched(self) -> frozenset[str]:
        """The members that the update says anything about."""
        return frozenset(member for member in (*PLAIN, *TEAMS, "periodicity") if self.touches(member))

    def _delta(self, team: str) -> tuple[int, ...]:
        return self.added.get(team, ()) + self.deleted.get(team, ())


NOTHING: Final = Update()


def asked(body: bytes) -> Update:
    """What the body of a task.update asks for; nothing where it is no such document."""
    try:
        root = parse(body)
    except NotAnAnswerError:
        return NOTHING
    task = root.find("task")
    return NOTHING if task is None else _update(task)


def expected(before: Mapping[str, Value], update: Update) -> dict[str, Value]:
    """The members of a task after an accepted update.

    Args:
        before: members as they were read before it.
        update: what it asks for.

    Returns:
        Member → value. A member is left out where the page does not say what becomes of it: it is sent in an
        unclear way, it is not known from before, or an id is added and deleted at once.
    """
    after = {member: value for member, value in before.items() if not update.touches(member)}
    after |= update.plain
    for team in TEAMS:
        added, deleted = update.added.get(team, ()), update.deleted.get(team, ())
        had = before.get(team)
        if (added or deleted) and isinstance(had, tuple) and not set(added) & set(deleted):
            after[team] = tuple(sorted((set(had) | set(added)) - set(deleted)))
    if update.unset is not None:
        after["periodicity"] = None
    elif update.periodicity is not None:
        after["periodicity"] = update.periodicity
    return {member: value for member, value in after.items() if member not in update.unclear}


def _update(task: Element) -> Update:
    plain: dict[str, Value] = {}
    unclear: set[str] = set()
    for member, read in PLAIN.items():
        nodes = task.findall(member)
        if not nodes:
            continue
        value = read(nodes[0])
        if len(nodes) > 1 or _is_empty(nodes[0]):
            unclear.add(member)
        else:
            plain[member] = value
    added, deleted = _lists(task, "add"), _lists(task, "del")
    if task.find("workers") is not None:
        # What a list without ids asks for, or workers without a list, the page does not say.
        unclear |= {team for team in TEAMS if _lists_nobody(task, team) or not (added or deleted)}
    node = task.find("periodicity")
    unset = None if node is None else node.get("unset")
    periodicity = None if node is None or unset is not None else values.periodicity(node)
    if node is not None and unset is None and not values.is_complete(periodicity):
        unclear.add("periodicity")
    return Update(
        task=number_of(task.find("id")),
        plain=plain,
        added=added,
        deleted=deleted,
        periodicity=periodicity,
        unset=unset,
        unset_content=unset is not None and node is not None and len(node) > 0,
        unclear=frozenset(unclear),
    )


def _is_empty(node: Element) -> bool:
    return not any(str(piece).strip() for piece in node.itertext())


def _lists_nobody(task: Element, team: str) -> bool:
    lists = (task.find(f"workers/{verb}{team.capitalize()}") for verb in ("add", "del"))
    return any(node is not None and number_of(node.find("id")) is None for node in lists)


def _lists(task: Element, verb: str) -> dict[str, tuple[int, ...]]:
    found: dict[str, tuple[int, ...]] = {}
    for team in TEAMS:
        nodes = task.findall(f"workers/{verb}{team.capitalize()}/id")
        ids = tuple(number for node in nodes if (number := number_of(node)) is not None)
        if ids:
            found[team] = ids
    return found
