"""What a request asks of an object, and what the object has to be afterwards."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from etalon.portals.numerals import whole_number
from etalon.resources.places import all_at, raw_at
from etalon.resources.resource import Effect
from etalon.resources.values import Likeness

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from lxml.etree import _Element as Element

    from etalon.resources.resource import Part, Resource
    from etalon.resources.values import Value


@dataclass(frozen=True, slots=True)
class Patch:
    """What a request asks of an object.

    Attributes:
        subject: the id of the object, where the request itself names it.
        sets: member → its new value; nothing (None) where it is emptied in a way that the page gives.
        adds: members that are sets → ids to add, those lists that are there.
        removes: the same for ids to remove.
        unsets: members that are taken away as a whole.
        unclear: members that are sent in a way to which the page gives no meaning, such as half of them.
    """

    subject: int | None = None
    sets: Mapping[str, Value] = field(default_factory=dict)
    adds: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    removes: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    unsets: frozenset[str] = frozenset()
    unclear: frozenset[str] = frozenset()

    @property
    def touched(self) -> frozenset[str]:
        """The members that the request says anything about."""
        return frozenset({*self.sets, *self.adds, *self.removes, *self.unsets, *self.unclear})

    def touches(self, member: str) -> bool:
        """Whether the request says anything about a member, be it unclear."""
        return member in self.touched


NOTHING: Final = Patch()


def expected(
    before: Mapping[str, Value], patch: Patch, resets: Mapping[str, Value] | None = None
) -> Mapping[str, Value]:
    """The members of an object after a request that was carried out.

    Args:
        before: members as they were known before it.
        patch: what it asks for.
        resets: members that the API is known to empty where a request does not send them → what they then
            are; all others are kept.

    Returns:
        Member → value. A member is left out where the page does not say what becomes of it: it is sent in an
        unclear way, it is not known from before, or an id is added and removed at once.
    """
    after = {member: value for member, value in before.items() if not patch.touches(member)}
    after |= {member: value for member, value in (resets or {}).items() if not patch.touches(member)}
    after |= patch.sets
    for member in {*patch.adds, *patch.removes}:
        added, removed = patch.adds.get(member, ()), patch.removes.get(member, ())
        had = before.get(member, ())
        if member in before and (had is None or isinstance(had, tuple)) and not set(added) & set(removed):
            whole = {one for one in (*(had or ()), *added) if isinstance(one, int)} - set(removed)
            after[member] = tuple(sorted(whole)) or None
    after |= dict.fromkeys(patch.unsets)
    return {member: value for member, value in after.items() if member not in patch.unclear}


def json_patch(resource: Resource, operation: str, body: Mapping[str, Any]) -> Patch:
    """What a JSON body asks for; a member of which only a part is sent, or null, is unclear."""
    sets: dict[str, Value] = {}
    unclear: set[str] = set()
    for member in resource.members:
        paths = [path for part in member.parts if (path := part.sending(operation))]
        given = [raw_at(body, path) for path in paths]
        if not any(there for there, _ in given):
            continue
        if all(there and raw is not None for there, raw in given):
            values = [part.value_of(raw) for part, (_, raw) in zip(member.parts, given, strict=True)]
            sets[member.name] = values[0] if len(values) == 1 else tuple(values)
        else:
            unclear.add(member.name)
    return Patch(sets=sets, unclear=frozenset(unclear))


def xml_patch(resource: Resource, operation: str, task: Element) -> Patch:
    """What an XML document asks for; a member that stands twice, or empty, is unclear.

    Args:
        resource: what the object consists of.
        operation: the function that is called.
        task: the element of the object.
    """
    asked = _Asked()
    lists: dict[str, set[str]] = {}
    for member in resource.members:
        [part] = member.parts
        if part.likeness is Likeness.SET:
            asked.of_lists(member.name, part, operation, task)
            lists.setdefault(part.sent[operation][0].path[0], set()).add(member.name)
        else:
            asked.of_value(member.name, part, operation, task)
    for container, members in lists.items():
        if task.find(container) is not None and not members & {*asked.adds, *asked.removes}:
            asked.unclear |= members  # what such an element without any list asks for, no page says
    subject = whole_number(next(iter(all_at(task, ("id",))), "").strip())
    unsets, unclear = frozenset(asked.unsets), frozenset(asked.unclear)
    return Patch(subject, asked.sets, asked.adds, asked.removes, unsets, unclear)


@dataclass(slots=True)
class _Asked:
    """A patch in the making."""

    sets: dict[str, Value] = field(default_factory=dict)
    adds: dict[str, tuple[int, ...]] = field(default_factory=dict)
    removes: dict[str, tuple[int, ...]] = field(default_factory=dict)
    unsets: set[str] = field(default_factory=set)
    unclear: set[str] = field(default_factory=set)

    def of_value(self, name: str, part: Part, operation: str, task: Element) -> None:
        unset, path = part.sending(operation, Effect.UNSETS), part.sending(operation)
        if unset and raw_at(task, unset)[0]:
            self.unsets.add(name)
            return
        nodes = task.findall(path[0]) if path else []
        if len(nodes) > 1 or any(not "".join(map(str, node.itertext())).strip() for node in nodes):
            self.unclear.add(name)
        elif nodes:
            value = part.read_at(task, path or ())
            if part.is_whole and not part.is_whole(value):
                self.unclear.add(name)
            else:
                self.sets[name] = value

    def of_lists(self, name: str, part: Part, operation: str, task: Element) -> None:
        for effect, listed in ((Effect.ADDS, self.adds), (Effect.REMOVES, self.removes)):
            path = part.sending(operation, effect)
            if not path or task.find("/".join(path[:-1])) is None:
                continue
            numbers = [whole_number(text.strip()) for text in all_at(task, path)]
            ids = tuple(number for number in numbers if number is not None)
            if ids:
                listed[name] = ids
            if not numbers or numbers[0] is None:
                self.unclear.add(name)  # what a list without ids asks for, no page says
