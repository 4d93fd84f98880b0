"""XML templates of a page → trees, read as a person reads them: typing errors and ellipses included.

The templates are no documents (`<typeId><typeId>`, `...` between elements), so no XML parser takes them.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from etalon.derivation.page import Line

_START = re.compile(r"<\?xml\b|<(?:request|response)\b", re.IGNORECASE)
ROOT = re.compile(r"<(?:request|response)\b", re.IGNORECASE)
_NAME = r"[A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?"
_TOKEN = re.compile(
    rf"<!--(?P<comment>.*?)-->|<\?.*?\?>|<!\[CDATA\[(?P<cdata>.*?)\]\]>|</\s*(?P<end>{_NAME})\s*>"
    rf"|<(?P<start>{_NAME})(?P<attributes>(?:\s+{_NAME}\s*=\s*(?:\"[^\"<]*\"|'[^'<]*'|[^\s\"'<>]+))*)\s*(?P<empty>/?)>"
    r"|(?P<text>[^<]+|<)",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(rf"({_NAME})\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'<>]+))")
_ELLIPSIS = re.compile(r"[\s.…]*(?:и\s+т\.?\s*д\.?)?[\s.…]*")
_LABEL = re.compile(r"[\w\s-]{1,40}")
NOT_SCHEMA = "not turned into schema"
_DEEPEST = 100
"""Levels. Pages nest their templates some eight deep."""
_ROOTS = frozenset({"request", "response"})
# A table or a heading inside of a template: the page was cut before its end.
_NOT_XML = re.compile(r"^\s*(?:\||#{1,6}\s|-{3,}\s*\|)|\s\|\s", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Node:
    """An element of a template.

    Attributes:
        name: its name.
        line: the line of its start tag.
        text: the sample text, if any.
        attributes: names and sample values.
        children: its elements, those of one name merged into one.
        repeated: whether the template shows it more than once or with an ellipsis.
        elided: whether an ellipsis stands for content that the template leaves out.
        either_or: whether a comment says that it stands instead of the element before it.
        sometimes: whether another template of the same message lacks it.
    """

    name: str
    line: int
    text: str = ""
    attributes: tuple[tuple[str, str], ...] = ()
    children: tuple[Node, ...] = ()
    repeated: bool = False
    elided: bool = False
    either_or: bool = False
    sometimes: bool = False


@dataclass(frozen=True, slots=True)
class Template:
    """A template with what had to be guessed: (line, what was done); `whole` unless the page ends in it."""

    root: Node
    slips: tuple[tuple[int, str], ...]
    whole: bool


@dataclass(slots=True)
class _Open:
    name: str
    line: int
    attributes: tuple[tuple[str, str], ...] = ()
    texts: list[str] = field(default_factory=list)
    children: list[Node] = field(default_factory=list)
    ellipsis: bool = False
    either_or: bool = False

    def closed(self) -> Node:
        """The node with the children of one name merged."""
        names = [child.name for child in self.children]
        repeats = self.ellipsis and names and (len(set(names)) == 1 or names.count(names[-1]) > 1)
        merged = tuple(
            _merged(
                [child for child in self.children if child.name == name], again=name == names[-1] and repeats
            )
            for name in dict.fromkeys(names)
        )
        return Node(
            self.name,
            self.line,
            " ".join(self.texts),
            self.attributes,
            merged,
            elided=self.ellipsis and not repeats,
            either_or=self.either_or,
        )


def merged(nodes: Sequence[Node]) -> Node:
    """One node for several templates of the same message."""
    return _merged([_partly(node, nodes) for node in nodes], again=False, times=False)


def _partly(node: Node, alike: Sequence[Node]) -> Node:
    """The node, with a mark on what not all of the nodes alike have; a bare one among them shows nothing."""
    telling = [other for other in alike if other.children]
    children = []
    for child in node.children:
        others = [other for one in telling for other in one.children if other.name == child.name]
        partly = _partly(child, others)
        lacking = any(all(other.name != child.name for other in one.children) for one in telling)
        children.append(replace(partly, sometimes=partly.sometimes or lacking))
    return replace(node, children=tuple(children))


def _merged(nodes: Sequence[Node], *, again: bool | list[str], times: bool = True) -> Node:
    first = nodes[0]
    names = dict.fromkeys(child.name for node in nodes for child in node.children)
    children = tuple(
        _merged([c for node in nodes for c in node.children if c.name == name], again=False, times=False)
        for name in names
    )
    return Node(
        first.name,
        first.line,
        next((node.text for node in nodes if node.text), ""),
        tuple({name: value for node in reversed(nodes) for name, value in node.attributes}.items()),
        children,
        repeated=bool(again) or any(node.repeated for node in nodes) or (times and len(nodes) > 1),
        elided=(not children and any(node.elided for node in nodes)) or all(node.elided for node in nodes),
        either_or=first.either_or,
        sometimes=any(node.sometimes for node in nodes),
    )


def begins(text: str) -> int | None:
    """Where in the line a template begins, None where none does (the XML of a cell is none)."""
    found = _START.search(text)
    return found.start() if found and "|" not in text[: found.start()] else None


def read_template(lines: Sequence[Line]) -> tuple[Template | None, int, str]:
    """Reads the template that begins with the first of the lines.

    Returns:
        The template, None where there is only an XML declaration; how many lines it takes; and what
        follows it in the last of them (old pages glue a table's header to the end tag).
    """
    text = "\n".join(line.text for line in lines)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line.text) + 1)
    reader = _Reader()
    offset = 0
    for token in _TOKEN.finditer(text):
        index = bisect_right(starts, token.start()) - 1
        if (token["text"] or "") and (
            _NOT_XML.search(token["text"]) or not (reader.stack or token["text"].isspace())
        ):
            break
        offset = token.end()
        reader.take(token, lines[index].number)
        if reader.root is not None:
            break
    whole = reader.root is not None
    if not whole:
        reader.close_all()
    taken = max(bisect_right(starts, max(offset - 1, 0)), 1)
    rest = text[offset : starts[taken] - 1] if whole else ""
    if reader.root is None:
        return None, taken, rest
    return Template(reader.root, tuple(reader.slips), whole), taken, rest


class _Reader:
    """A stack of open elements."""

    def __init__(self) -> None:
        self.stack: list[_Open] = []
        self.root: Node | None = None
        self.slips: list[tuple[int, str]] = []
        self._either_or = False

    def take(self, token: re.Match[str], line: int) -> None:
        if token["cdata"] is not None:
            self._content(None, token["cdata"].replace("<", " ").strip() or None, line)
        elif token["start"]:
            self._start(token, line)
        elif token["end"]:
            self._end(token["end"], line)
        elif self.stack:
            self._content(token["comment"], token["text"], line)

    def close_all(self) -> None:
        while self.stack:
            self._close()

    def _start(self, token: re.Match[str], line: int) -> None:
        name = self._local(token["start"], line)
        if len(self.stack) >= _DEEPEST:
            self.slips.append((line, f"{NOT_SCHEMA}: <{name}> is nested more than {_DEEPEST} deep"))
            return
        top = self.stack[-1] if self.stack else None
        if top and top.name == name and top.line == line and not top.children and not token["empty"]:
            self.slips.append((line, f"the second <{name}> is read as the end tag"))
            self._close()
            return
        attributes = tuple(
            (self._local(key, line), a or b or c)
            for key, a, b, c in _ATTRIBUTE.findall(token["attributes"])
            if not key.startswith("xml")
        )
        self.stack.append(_Open(name, line, attributes, either_or=self._either_or))
        self._either_or = False
        if token["empty"]:
            self._close()

    def _local(self, name: str, line: int) -> str:
        """The name without a prefix: PlanFix's messages have no namespaces."""
        prefix, colon, local = name.rpartition(":")
        if colon:
            self.slips.append((line, f"the prefix {prefix}: of {local} is passed over"))
        return local

    def _end(self, name: str, line: int) -> None:
        name = name.rpartition(":")[2]
        names = [element.name for element in self.stack]
        if name in _ROOTS and name not in names and names:
            self.slips.append((line, f"</{name}> is read as the end of <{names[0]}>"))
            name = names[0]
        if name not in names:
            self.slips.append((line, f"</{name}> ends nothing and is passed over"))
            return
        while self.stack[-1].name != name:
            self.slips.append((line, f"<{self.stack[-1].name}> has no end tag and is read as ending here"))
            self._close()
        self._close()

    def _content(self, comment: str | None, text: str | None, line: int) -> None:
        words = (comment if comment is not None else text or "").strip()
        if not words and comment is None:
            return
        top = self.stack[-1]
        if _ELLIPSIS.fullmatch(words):
            top.ellipsis = True
        elif comment is None:
            top.texts.append(" ".join(words.split()))
        elif words.lower() in {"или", "либо", "or"}:
            self._either_or = True
        else:
            label = _LABEL.fullmatch(words)
            what = "a label" if label else f"{NOT_SCHEMA}: a comment of {len(words)} characters"
            self.slips.append((line, what))

    def _close(self) -> None:
        node = self.stack.pop().closed()
        if self.stack:
            self.stack[-1].children.append(node)
        else:
            self.root = node
