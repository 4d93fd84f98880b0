"""A template's tree with the parameter rows put to its nodes, before anything is decided."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from etalon.vendors.planfix.derivation.phrases import Facts
    from etalon.vendors.planfix.derivation.tables import TableRow
    from etalon.vendors.planfix.derivation.templates import Node

ENVELOPE = frozenset({"account", "sid", "signature", "silent"})
_PATH = r"[A-Za-z_][\w-]*(?:[./][A-Za-z_][\w-]*)*"
_ROW_NAME = re.compile(rf"(?P<path>{_PATH})(?:(?:\s+|\s*@|\.@|\[@?)(?P<attribute>[A-Za-z_][\w-]*)\]?)?")
_SEVERAL = re.compile(rf"{_PATH}(?:\s*(?:[,(/]|или|or)\s*{_PATH}\s*\)?)+")


@dataclass(slots=True)
class Said:
    """A row, what its words state, and the name that reports give it."""

    row: TableRow
    facts: Facts
    label: str


@dataclass(slots=True, eq=False)
class Draft:
    """A node of a message while rows are being put to it."""

    name: str
    line: int
    parent: Draft | None
    children: list[Draft] = field(default_factory=list)
    samples: dict[str, str] = field(default_factory=dict)
    attributes: dict[str, Said | None] = field(default_factory=dict)
    text: str = ""
    repeated: bool = False
    elided: bool = False
    either_or: bool = False
    in_template: bool = True
    sometimes: bool = False
    said: Said | None = None

    def walk(self) -> Iterator[Draft]:
        """This node and all beneath it, level by level."""
        level = [self]
        while level:
            yield from level
            level = [child for draft in level for child in draft.children]

    def child(self, name: str) -> Draft | None:
        """The child of that name."""
        return next((child for child in self.children if child.name == name), None)

    @property
    def path(self) -> tuple[str, ...]:
        """The names from below the root down to here."""
        return () if self.parent is None else (*self.parent.path, self.name)


def drafted(node: Node, parent: Draft | None = None) -> Draft:
    """The draft of a template."""
    draft = Draft(
        node.name,
        node.line,
        parent,
        samples=dict(node.attributes),
        attributes=dict.fromkeys(name for name, _ in node.attributes),
        text=node.text,
        repeated=node.repeated,
        elided=node.elided,
        either_or=node.either_or,
        sometimes=node.sometimes,
    )
    draft.children = [drafted(child, draft) for child in node.children]
    return draft


def row_names(name: str) -> tuple[tuple[tuple[str, ...], str | None], ...]:
    """The paths that a row's name cell names, each with an attribute's name or None; () if it names none."""
    text = name.strip(" *:")
    single = _ROW_NAME.fullmatch(text)
    if single:
        return ((tuple(re.split(r"[./]", single["path"])), single["attribute"]),)
    if _SEVERAL.fullmatch(text):
        return tuple(
            (tuple(re.split(r"[./]", path)), None) for path in re.findall(_PATH, text) if path != "or"
        )
    return ()


class Binder:
    """Puts the rows of one table to the nodes of a message."""

    def __init__(self, root: Draft, function: str, scope: Draft | None = None) -> None:
        self._root = root
        self._scope = scope or root
        subject = root.child(function.partition(".")[0])
        inner = [child for child in root.children if child.name not in ENVELOPE]
        only = inner[0] if len(inner) == 1 and inner[0].children else root
        self._home = scope or subject or only
        self._last: Draft | None = None

    def place(self, path: tuple[str, ...]) -> Draft:
        """The node that a row's path means; made where the template lacks it.

        A path may begin at any depth (`task.id` and `id` both stand for request/task/id); the shallowest node
        that it ends at is meant.
        """
        if len(path) > 1 and path[0] in {"request", "response"}:
            path = path[1:]
        found = self._find(path)
        if found is None:
            found = self._made(path)
        if len(path) == 1 and found.parent is not None:
            self._last = found.parent
        return found

    def _find(self, path: tuple[str, ...]) -> Draft | None:
        for start in dict.fromkeys((self._scope, self._root)) if len(path) > 1 else (self._scope,):
            for same in (tuple.__eq__, _alike):
                for draft in start.walk():
                    if draft is not start and same(draft.path[-len(path) :], path):
                        return draft
        return None

    def _made(self, path: tuple[str, ...]) -> Draft:
        parent = self.place(path[:-1]) if len(path) > 1 else (self._last or self._home)
        if parent.parent is None and len(path) == 1:
            parent = self._home
        made = Draft(path[-1], 0, parent, in_template=False)
        parent.children.append(made)
        return made


def _alike(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return "/".join(one).lower() == "/".join(other).lower()


def share_rows(root: Draft) -> None:
    """Puts the rows of a node to another whose content a row calls alike, where it has none of its own."""
    for draft in root.walk():
        name = draft.said.facts.alike if draft.said else None
        model = next((other for other in root.walk() if other.name == name and other is not draft), None)
        if model is None:
            continue
        rows = {other.path[len(model.path) :]: other.said for other in model.walk()}
        for inner in draft.walk():
            inner.said = inner.said or rows.get(inner.path[len(draft.path) :])
