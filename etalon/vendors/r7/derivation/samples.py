"""Reads the examples on a page: JSON with line numbers, as far as it goes, and XML."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from lxml import etree

from etalon.vendors.r7.derivation.page_content import Sample, XmlAnswer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from etalon.derivation.page import Line

_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_WORD = re.compile(r"true|false|null", re.IGNORECASE)
_BETWEEN = re.compile(r"(?:\s|,|\.{2,}|…|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
_DEEPEST = 100
"""Levels. Pages nest their examples three to six deep."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of an example.

    Attributes:
        sample: the value, as far as it could be read.
        used: how many of the lines it covers.
        rest: what follows it on its last line.
        stopped: the line where reading had to stop before the value was whole; None when it is whole.
        ended: whether it stopped on the last of the lines.
    """

    sample: Sample
    used: int
    rest: str
    stopped: int | None
    ended: bool


def read_json(lines: Sequence[Line]) -> Reading:
    """Reads the JSON value that begins on the first of the lines.

    The reading is lenient as the pages are: a trailing comma, an ellipsis, `True` for `true`. Where it
    cannot go on, what it has so far is kept, and the place is told.
    """
    reader = _JsonReader(lines)
    sample = reader.value(0)
    position = reader.position
    used = reader.text.count("\n", 0, position) + 1
    end = reader.text.find("\n", position)
    rest = reader.text[position : end if end >= 0 else len(reader.text)].strip()
    return Reading(sample, used, rest, reader.stopped, reader.ended)


class _JsonReader:
    def __init__(self, lines: Sequence[Line]) -> None:
        self.text = "\n".join(line.text for line in lines)
        self.position = 0
        self.stopped: int | None = None
        self.ended = False
        self._numbers = [line.number for line in lines]

    def line(self) -> int:
        return self._numbers[min(self.text.count("\n", 0, self.position), len(self._numbers) - 1)]

    def stop(self) -> None:
        if self.stopped is None:
            self.ended = "\n" not in self.text[self.position :].strip()
            self.stopped = self.line()

    def peek(self) -> str:
        match = _BETWEEN.match(self.text, self.position)
        self.position = match.end() if match else self.position
        return self.text[self.position : self.position + 1]

    def value(self, depth: int) -> Sample:
        mark = self.peek()
        line = self.line()
        if mark in ("{", "[") and depth < _DEEPEST:
            self.position += 1
            return self._object(line, depth) if mark == "{" else self._array(line, depth)
        if match := _STRING.match(self.text, self.position):
            self.position = match.end()
            return Sample("string", line, _unescaped(match[0]))
        if match := _NUMBER.match(self.text, self.position):
            self.position = match.end()
            whole = match[0].lstrip("-").isdigit()
            return (
                Sample("integer", line, int(match[0])) if whole else Sample("number", line, float(match[0]))
            )
        if match := _WORD.match(self.text, self.position):
            self.position = match.end()
            word = match[0].lower()
            return Sample("null", line) if word == "null" else Sample("boolean", line, word == "true")
        if mark == '"':
            self.position = len(self.text)
        self.stop()
        return Sample("null", line)

    def _object(self, line: int, depth: int) -> Sample:
        members: list[tuple[str, Sample]] = []
        while self.stopped is None and self.peek() != "}":
            name = _STRING.match(self.text, self.position)
            if name is None:
                self.stop()
                break
            begun = self.line()
            self.position = name.end()
            if self.peek() != ":":
                self.stop()
                break
            self.position += 1
            value = self.value(depth + 1)
            if self.stopped is None or value.kind != "null":
                members.append(
                    (_unescaped(name[0]), Sample(value.kind, begun, value.value, value.members, value.items))
                )
        if self.stopped is None:
            self.position += 1
        return Sample("object", line, members=tuple(members))

    def _array(self, line: int, depth: int) -> Sample:
        items: list[Sample] = []
        while self.stopped is None and self.peek() != "]":
            item = self.value(depth + 1)
            if self.stopped is None or item.kind != "null":
                items.append(item)
        if self.stopped is None:
            self.position += 1
        return Sample("array", line, items=tuple(items))


def _unescaped(quoted: str) -> str:
    try:
        return str(json.loads(quoted, strict=False))
    except json.JSONDecodeError:
        return quoted[1:-1]


def read_xml(lines: Sequence[Line]) -> tuple[XmlAnswer | None, int, int | None, str]:
    """Reads the XML element that begins on the first of the lines.

    Returns:
        The answer (None where nothing could be read), how many lines it covers, the line where it breaks
        off (None when it is whole), and what follows it on its last line.
    """
    text = "\n".join(line.text for line in lines)
    root = re.search(r"<([A-Za-z_][\w.-]*)", text)
    if root is None:
        return None, 1, lines[0].number, ""
    close = re.search(rf"</{re.escape(root[1])}\s*>", text[root.start() :])
    end = root.start() + close.end() if close else len(text)
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True)
    document = etree.fromstring(text[root.start() : end].encode(), parser)
    used = text.count("\n", 0, end) + 1
    first = text.count("\n", 0, root.start())
    if document is None:
        return None, used, lines[0].number, ""
    elements: dict[str, int] = {}

    def gather(element: etree._Element, prefix: str) -> None:
        for child in element.iterchildren("*"):
            path = f"{prefix}{child.tag}"
            index = first + (cast("int | None", child.sourceline) or 1) - 1
            elements.setdefault(path, lines[min(index, len(lines) - 1)].number)
            gather(child, f"{path}.")

    gather(document, "")
    rest_end = text.find("\n", end)
    rest = text[end : rest_end if rest_end >= 0 else len(text)].strip()
    answer = XmlAnswer(lines[first].number, str(document.tag), tuple(elements.items()))
    return answer, used, None if close else lines[-1].number, rest
