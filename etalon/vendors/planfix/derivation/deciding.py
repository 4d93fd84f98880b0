"""Drafts → members: obligations, types, roles and rules."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from etalon.derivation.page import MISSING, Note, Standing
from etalon.vendors.planfix.derivation.drafts import ENVELOPE
from etalon.vendors.planfix.derivation.function_messages import (
    Attribute,
    Kind,
    Message,
    MessageKind,
    MessageMember,
    Obligation,
    Origin,
    Rule,
    ValueType,
)
from etalon.vendors.planfix.derivation.text import folded
from etalon.vendors.planfix.derivation.values import of_codes, typed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from etalon.vendors.planfix.derivation.drafts import Draft, Said
    from etalon.vendors.planfix.derivation.prose import Exclusion, Statements
    from etalon.vendors.planfix.derivation.references import ReferencePage

_PARTS = {
    MessageKind.REQUEST: "request template",
    MessageKind.OK: "answer template",
    MessageKind.ERROR: "error template",
}
_SECRETS = frozenset({"sid", "signature", "password"})


class Decider:
    """Decides one message."""

    def __init__(
        self, kind: MessageKind, function: str, statements: Statements, references: Sequence[ReferencePage]
    ) -> None:
        self._kind = kind
        self._function = function
        self._statements = statements
        self._references = references
        self._request = kind is MessageKind.REQUEST
        self.notes: list[Note] = []
        self.untyped: set[int] = set()
        self.decided: dict[int, MessageMember | Attribute] = {}

    def message(self, root: Draft) -> Message:
        """The message whose root this is."""
        return Message(self._kind, self._function, self._member(root))

    def _member(self, draft: Draft) -> MessageMember:
        origin = self._origin(draft)
        obligation = self._obligation(draft)
        attributes = tuple(self._attributes(draft))
        children = tuple(self._member(child) for child in draft.children)
        leaf = not children and not draft.elided and draft.parent is not None
        value, open_question = self._value(draft) if leaf else (None, None)
        if open_question:
            self._leave_open(origin, open_question)
        if open_question and draft.said and value and value.kind is Kind.STRING:
            self.untyped.add(id(draft.said))
        if draft.elided:
            self._leave_open(origin, "the template leaves its content out: any content is let through")
        rules = tuple(self._rules(draft, children)) if self._request else ()
        facts = tuple(self._facts(draft, value))
        member = MessageMember(
            draft.name,
            origin,
            obligation,
            value,
            children,
            attributes,
            rules,
            repeated=draft.repeated,
            elided=draft.elided,
            facts=facts,
        )
        if draft.said:
            self.decided[id(draft.said)] = member
        return member

    def _origin(self, draft: Draft) -> Origin:
        if draft.said:
            return Origin(draft.said.row.line, row=draft.said.label)
        return Origin(draft.line, part=_PARTS[self._kind])

    def _leave_open(self, origin: Origin, detail: str) -> None:
        self.notes.append(Note(origin.line, origin.row or origin.part or "", Standing.LEFT_OPEN, detail))

    def _obligation(self, draft: Draft) -> Obligation:
        if draft.parent is None:
            return Obligation.MANDATORY
        stated = draft.said.facts.obligation if draft.said else None
        if draft.repeated:
            return Obligation.OPTIONAL if stated is not Obligation.CONDITIONAL else stated
        if self._request and self._replaceable(draft):
            return Obligation.CONDITIONAL
        if stated is not None and (self._request or stated is Obligation.OPTIONAL):
            return stated
        if self._request and self._excepted(draft):
            return Obligation.MANDATORY
        return Obligation.MANDATORY if self._implied(draft) else Obligation.OPTIONAL

    def _replaceable(self, draft: Draft) -> bool:
        assert draft.parent is not None
        return any(
            sibling.said and sibling.said.facts.instead_of == draft.name for sibling in draft.parent.children
        )

    def _excepted(self, draft: Draft) -> bool:
        """Whether a sentence makes all parameters but this one optional."""
        label = draft.said.label if draft.said else ""
        return label in self._statements.mandatory

    def _implied(self, draft: Draft) -> bool:
        """Whether a message makes no sense without a member that the page is silent about.

        That is so for the one object that a message is about, for the id that names it (unless the function
        makes it), and for the id in a node that consists of an id.
        """
        parent = draft.parent
        assert parent is not None
        if draft.sometimes:
            return False
        if parent.parent is None:
            others = [child for child in parent.children if child.name not in ENVELOPE]
            return (
                bool(draft.name == self._subject and draft.children)
                or (others == [draft] and (not self._request or bool(draft.children)) and draft.in_template)
                or (not others and parent.children == [draft] and not self._request)
            )
        if draft.name != "id" or parent.repeated:
            return False
        if len(parent.children) == 1 and self._request:
            return True
        about = parent.parent.parent is None and parent.name == self._subject
        return about and not (self._request and self._verb.lower().startswith(("add", "create", "getlist")))

    @property
    def _subject(self) -> str:
        return self._function.partition(".")[0]

    @property
    def _verb(self) -> str:
        return self._function.partition(".")[2]

    def _value(self, draft: Draft) -> tuple[ValueType, str | None]:
        value, question = typed(
            draft.name, draft.said, draft.text, self._references, self._function, answered=not self._request
        )
        if draft.said is None and draft.name not in ENVELOPE and value.kind is Kind.STRING:
            codes = of_codes(draft.name, self._references) if self._kind is MessageKind.ERROR else None
            if codes:
                return codes, None
            if self._kind is MessageKind.ERROR:
                value = replace(value, listed_on=MISSING)
            question = "no row describes it: any text is let through"
        return value, question

    def _attributes(self, draft: Draft) -> Iterator[Attribute]:
        for name, said in draft.attributes.items():
            sample = draft.samples.get(name, "")
            origin = (
                Origin(said.row.line, row=said.label) if said else Origin(draft.line, part=_PARTS[self._kind])
            )
            if draft.parent is None and name in {"method", "status"}:
                yield Attribute(name, origin, ValueType(Kind.STRING), fixed=sample)
                continue
            value, question = typed(
                name, said, sample, self._references, self._function, answered=not self._request
            )
            if question:
                self._leave_open(origin, question)
            attribute = Attribute(name, origin, value, voids=bool(said and said.facts.voids))
            if said:
                self.decided[id(said)] = attribute
            yield attribute

    def _rules(self, draft: Draft, children: Sequence[MessageMember]) -> Iterator[Rule]:
        names = {child.name: child for child in children}
        yield from self._exclusions(draft, names)
        alternatives: dict[str, list[Draft]] = {}
        for child in draft.children:
            said = child.said
            if said is None:
                continue
            yield from self._conditions(said, child.name, names)
            if said.facts.instead_of in names:
                alternatives.setdefault(str(said.facts.instead_of), []).append(child)
            elif said.facts.instead_of:
                self._leave_open(
                    self._origin(child), f"stands for {said.facts.instead_of}, which is not beside it"
                )
        for replaced, instead in alternatives.items():
            test = " or ".join([replaced, *(child.name for child in instead)])
            yield Rule(test, "should", self._origin(instead[0]))

    def _exclusions(self, draft: Draft, names: Mapping[str, MessageMember]) -> Iterator[Rule]:
        seen = set()
        for exclusion in self._statements.exclusions:
            if not self._applies(exclusion, draft, names) or frozenset(exclusion.names) in seen:
                continue
            seen.add(frozenset(exclusion.names))
            yield Rule(
                f"count(({', '.join(exclusion.names)})) <= 1", "must", Origin(exclusion.line, part="prose")
            )
        one = [child for child in draft.children if child.said and child.said.facts.exactly_one]
        if len(one) > 1:
            yield Rule(f"count(({', '.join(child.name for child in one)})) = 1", "must", self._origin(one[0]))
        for before, child in zip(draft.children, draft.children[1:], strict=False):
            if child.either_or:
                yield Rule(f"count(({before.name}, {child.name})) <= 1", "must", self._origin(child))

    @staticmethod
    def _applies(exclusion: Exclusion, draft: Draft, names: Mapping[str, MessageMember]) -> bool:
        return set(exclusion.names) <= set(names) and exclusion.within in {None, draft.name}

    def _conditions(self, said: Said, name: str, names: Mapping[str, MessageMember]) -> Iterator[Rule]:
        origin = Origin(said.row.line, row=said.label)
        for condition in said.facts.conditions:
            neighbour = names.get(condition.neighbour)
            if neighbour is None or neighbour.value is None:
                self._leave_open(origin, f"goes with values of {condition.neighbour}, which is not beside it")
                continue
            equal = f"{_text_of(neighbour)} = ({', '.join(map(repr, condition.values))})"
            allowed = equal if condition.with_values else f"not({equal})"
            level = "should" if condition.with_values else "must"
            yield Rule(f"not({name}) or not({neighbour.name}) or {allowed}", level, origin)
        if (needed := said.facts.needed_with) is not None:
            beside = next(
                (member for key, member in names.items() if key.lower() == needed.neighbour.lower()), None
            )
            if beside is None or beside.value is None:
                self._leave_open(
                    origin, f"mandatory with values of {needed.neighbour}, which is not beside it"
                )
            else:
                yield Rule(f"{name} or not({_text_of(beside)} = {needed.values[0]!r})", "must", origin)
        if said.facts.needs is not None:
            yield from self._needing(said.facts.needs, name, names, origin)
        value = said.facts.needed_for
        if value is None:
            return
        neighbour = next(
            (member for member in names.values() if member.value and value in member.value.values), None
        )
        if neighbour is None:
            self._leave_open(origin, f"mandatory for {value}, which no member beside it is known to take")
            return
        yield Rule(f"{name} or not({_text_of(neighbour)} = {value!r})", "must", origin)

    def _needing(
        self, needed: str, name: str, names: Mapping[str, MessageMember], origin: Origin
    ) -> Iterator[Rule]:
        if needed in names:
            yield Rule(f"not({name}) or {needed}", "should", origin)
        else:
            self._leave_open(origin, f"goes with {needed}, which is not beside it")

    def _facts(self, draft: Draft, value: ValueType | None) -> Iterator[tuple[str, str]]:
        """The attributes of `e:member` that follow from the page."""
        top = draft.parent is not None and draft.parent.parent is None
        yield "role", self._role(draft, value, top=top)
        refers_to = draft.said.facts.refers_to if draft.said else None
        if value and value.kind is Kind.ID and refers_to:
            yield "refers-to", refers_to
        if value and value.kind is Kind.ID and draft.repeated and self._request:
            yield from _effect(draft)
        if draft.name in _SECRETS and value:
            yield "secret", "true"
        if value and value.listed_on:
            yield "listed-on", value.listed_on
        if not value or not self._request:
            return
        if value.kind in {Kind.DATETIME, Kind.DATE}:
            yield "normalised", "datetime"
        elif value.kind is Kind.LIST or (draft.repeated and value.kind is Kind.ID):
            yield "normalised", "set"
        elif value.kind is Kind.ID and value.minimum == 0:
            yield "normalised", "absent-is-zero"

    def _role(self, draft: Draft, value: ValueType | None, *, top: bool) -> str:
        if value is None:
            return "container"
        if top and draft.name in ENVELOPE:
            return "envelope"
        if not self._request:
            return "server-managed" if draft.name in {"id", "general", "code"} else "content"
        parent = draft.parent
        about = parent is not None and parent.name == self._subject and len(parent.path) == 1
        if about and draft.name in {"id", "general"}:
            return "selector"
        return "reference" if value.kind is Kind.ID else "content"


def _effect(draft: Draft) -> Iterator[tuple[str, str]]:
    """Whether the ids in a list are added to a set or taken out of it, as its rows or the row above say."""
    rows = [one.said for one in (draft, draft.parent) if one and one.said]
    words = " ".join(folded(said.row.meaning) for said in rows)
    if "подключа" in words or "добавля" in words:
        yield "effect", "adds"
    elif "удаля" in words or "исключа" in words:
        yield "effect", "removes"


def _text_of(member: MessageMember) -> str:
    """How an assertion reads the member's text; typed values are compared as text, unions included."""
    value = member.value
    plain = value is not None and value.kind is Kind.ENUM and not value.or_id
    return member.name if plain else f"string({member.name})"
