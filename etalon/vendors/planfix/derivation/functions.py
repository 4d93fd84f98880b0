"""A function page → its messages, the parameters they carry and the notes on it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from etalon.derivation.page import PARTIAL, Note, Standing
from etalon.vendors.planfix.derivation.blocks import Prose
from etalon.vendors.planfix.derivation.deciding import Decider
from etalon.vendors.planfix.derivation.drafts import Binder, Draft, Said, drafted, row_names, share_rows
from etalon.vendors.planfix.derivation.function_messages import (
    Attribute,
    Message,
    MessageKind,
    Obligation,
    Parameter,
)
from etalon.vendors.planfix.derivation.phrases import read_row
from etalon.vendors.planfix.derivation.prose import read_prose, scope_of
from etalon.vendors.planfix.derivation.references import is_id, list_of_values
from etalon.vendors.planfix.derivation.tables import Table
from etalon.vendors.planfix.derivation.templates import NOT_SCHEMA, Node, Template, merged

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from etalon.vendors.planfix.derivation.blocks import Block
    from etalon.vendors.planfix.derivation.function_messages import MessageMember
    from etalon.vendors.planfix.derivation.references import ReferencePage
    from etalon.vendors.planfix.derivation.tables import TableRow


"""How notes begin that say what of the page's function the spec does not have."""


@dataclass(frozen=True, slots=True)
class FunctionPage:
    """What a function page says."""

    name: str
    messages: tuple[Message, ...]
    parameters: tuple[Parameter, ...]
    notes: tuple[Note, ...]


@dataclass(slots=True)
class _Part:
    """A message as the page presents it: its templates, and its tables with the prose before each."""

    nodes: list[Node] = field(default_factory=list)
    tables: list[tuple[Table, list[Prose]]] = field(default_factory=list)


def function_name(found: Sequence[Block]) -> str | None:
    """The method of a function page: of the first request template that something describes or answers."""
    requests = [b.root for b in found if isinstance(b, Template) and b.root.name == "request"]
    answers = any(isinstance(b, Template) and b.root.name == "response" for b in found)
    parameters = any(isinstance(b, Table) and not b.of_values for b in found)
    if not requests or not (answers or parameters):
        return None
    return dict(requests[0].attributes).get("method")


def read_function(found: Sequence[Block], function: str, references: Sequence[ReferencePage]) -> FunctionPage:
    """Reads a function page from its blocks."""
    notes: list[Note] = []
    parts = _parts(found, function, notes)
    notes += _unanswered(found, parts)
    said: dict[MessageKind, list[tuple[Said, str | None]]] = {}
    roots: dict[MessageKind, Draft] = {}
    for kind, part in parts.items():
        roots[kind] = drafted(merged(part.nodes))
        said[kind] = list(_bound(roots[kind], part, function, notes))
        share_rows(roots[kind])
    references = [*references, *_own_lists(found, function, notes)]
    values = {
        v for rows in said.values() for one, _ in rows for v in (*one.facts.values, *_condition_values(one))
    }
    statements = read_prose((block for block in found if isinstance(block, Prose)), values)
    notes += statements.notes
    messages, parameters = [], []
    for kind, root in roots.items():
        decider = Decider(kind, function, statements, references)
        messages.append(decider.message(root))
        notes += decider.notes
        parameters += [
            _parameter(kind, one, path, decider.decided.get(id(one)), untyped=id(one) in decider.untyped)
            for one, path in said[kind]
        ]
    notes += [_understood(parameter) for parameter in parameters if parameter.path]
    return FunctionPage(
        function, tuple(messages), tuple(parameters), tuple(sorted(notes, key=lambda n: n.line))
    )


def _parts(found: Sequence[Block], function: str, notes: list[Note]) -> dict[MessageKind, _Part]:
    parts: dict[MessageKind, _Part] = {MessageKind.REQUEST: _Part()}
    current, lead = MessageKind.REQUEST, list[Prose]()
    other = ""
    for block in found:
        if isinstance(block, Template) and block.root.name == "request":
            method = dict(block.root.attributes).get("method")
            other = "" if method in {function, None} else str(method)
            if other:
                detail = f"{PARTIAL}the page describes {other}, too: what it says from here on is left out"
                notes.append(Note(block.root.line, "template", Standing.LEFT_OPEN, detail))
        if other:
            notes += _left_out(block, other)
        elif isinstance(block, Prose):
            lead.append(block)
        elif isinstance(block, Table):
            parts[current].tables.append((block, lead))
            lead = []
        else:
            lead = []
            _slips(block, notes)
            current = kind = _kind(block.root)
            parts.setdefault(kind, _Part()).nodes.append(block.root)
    return parts


def _unanswered(found: Sequence[Block], parts: Collection[MessageKind]) -> Iterator[Note]:
    """A note for each answer that the page has no template of.

    Some functions are described without an error answer. Their pages end in prose; one that ends in a table
    or a template was cut there.
    """
    last = found[-1]
    line = last.root.line if isinstance(last, Template) else last.line
    for kind, what in ((MessageKind.OK, "answer"), (MessageKind.ERROR, "error answer")):
        if kind in parts:
            continue
        whole = kind is MessageKind.ERROR and MessageKind.OK in parts and isinstance(last, Prose)
        detail = f"{'' if whole else PARTIAL}the page shows no {what}: it has none, or was cut before it"
        yield Note(line, f"{what} template", Standing.LEFT_OPEN, detail)


def _left_out(block: Block, function: str) -> Iterator[Note]:
    """A note for each row of a table that is another function's."""
    for row in block.rows if isinstance(block, Table) else ():
        yield Note(row.line, row.name, Standing.LEFT_OPEN, f"a row of {function}, which is left out")


def _kind(root: Node) -> MessageKind:
    attributes = dict(root.attributes)
    if root.name == "request":
        return MessageKind.REQUEST
    if attributes.get("status") == "error" or {child.name for child in root.children} == {"code"}:
        return MessageKind.ERROR
    return MessageKind.OK


def _own_lists(found: Sequence[Block], function: str, notes: list[Note]) -> Iterator[ReferencePage]:
    """The lists of values in a function page, each with the parameter that a line above it names."""
    lead: list[Prose] = []
    for block in found:
        if isinstance(block, Table) and block.of_values:
            listed = list_of_values(block, lead, function)
            for row in block.rows:
                standing = Standing.UNDERSTOOD if listed else Standing.LEFT_OPEN
                if listed is None:
                    what = "a value of no parameter that is named above"
                elif row.name in {value.value for value in listed.values}:
                    what = f"a value of {listed.subject}"
                elif is_id(row.name):
                    what = f"an id may stand instead of a value of {listed.subject}"
                else:
                    standing, what = (
                        Standing.LEFT_OPEN,
                        f"describes values of {listed.subject}, and gives none",
                    )
                notes.append(Note(row.line, row.name, standing, what))
            if listed:
                yield listed
        lead = [*lead, block] if isinstance(block, Prose) else []


def _slips(template: Template, notes: list[Note]) -> None:
    place = f"{template.root.name} template"
    for line, detail in template.slips:
        standing = Standing.LEFT_OPEN if detail.startswith(NOT_SCHEMA) else Standing.UNDERSTOOD
        notes.append(Note(line, place, standing, detail))
    if not template.whole:
        detail = f"{PARTIAL}the page ends inside of this template"
        notes.append(Note(template.root.line, place, Standing.LEFT_OPEN, detail))


def _bound(root: Draft, part: _Part, function: str, notes: list[Note]) -> Iterator[tuple[Said, str | None]]:
    names = {draft.name for draft in root.walk() if draft.children}
    for table, lead in part.tables:
        title = scope_of(lead, names)
        scope = next((draft for draft in root.walk() if draft.name == title), None)
        binder = Binder(root, function, scope)
        for row in table.rows:
            if not table.of_values:
                yield from _placed(row, binder, title, notes)


def _placed(
    row: TableRow, binder: Binder, title: str | None, notes: list[Note]
) -> Iterator[tuple[Said, str | None]]:
    facts = read_row(row)
    label = f"{title}.{row.name}" if title else row.name
    notes += [Note(row.line, label, Standing.LEFT_OPEN, f"{NOT_SCHEMA}: {text}") for text in facts.unread]
    names = row_names(row.name)
    if not names:
        notes.append(Note(row.line, label, Standing.LEFT_OPEN, "the row's name is no path of elements"))
        yield Said(row, facts, label), None
    for path, attribute in names:
        said = Said(row, facts, label)
        draft = binder.place(path)
        where = "/".join(draft.path)
        if attribute is not None:
            draft.attributes[attribute] = said
            where += f"/@{attribute}"
        elif draft.said is None:
            draft.said = said
        else:
            notes.append(
                Note(
                    row.line,
                    label,
                    Standing.LEFT_OPEN,
                    "a second row for the same member; the first one counts",
                )
            )
            said = draft.said
        yield said, where


def _condition_values(said: Said) -> Iterator[str]:
    for condition in said.facts.conditions:
        yield from condition.values


def _parameter(
    kind: MessageKind,
    said: Said,
    path: str | None,
    decided: MessageMember | Attribute | None,
    *,
    untyped: bool,
) -> Parameter:
    row = said.row
    if path is None or decided is None:
        return Parameter(kind, row.line, said.label, None, row.type or None, None)
    if isinstance(decided, Attribute):
        return Parameter(kind, row.line, said.label, path, decided.value.kind.value, Obligation.OPTIONAL)
    if decided.value is None:
        return Parameter(kind, row.line, said.label, path, "node", decided.obligation)
    named = None if untyped else decided.value.kind.value
    return Parameter(kind, row.line, said.label, path, named, decided.obligation)


def _understood(parameter: Parameter) -> Note:
    detail = f"{parameter.message} {parameter.path}: {parameter.type or 'text'}, {parameter.obligation}"
    return Note(parameter.line, parameter.row, Standing.UNDERSTOOD, detail)
