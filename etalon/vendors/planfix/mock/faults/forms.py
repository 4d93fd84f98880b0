"""Faults in reading documents whose form and text are awkward at once, or that name what no page knows."""

from __future__ import annotations

import re
from itertools import takewhile
from typing import TYPE_CHECKING, Final

from etalon.portals.mocking import FaultFamily
from etalon.vendors.planfix.mock.faults.fault import Fault
from etalon.vendors.planfix.mock.variations import KNOWN_MEMBERS

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml.etree import _Element as Element

_CONTENT: Final = re.compile(rb">((?:[^<]++|<!\[CDATA\[.*?\]\]>)*+)</", re.DOTALL)
_SECTION: Final = re.compile(rb"<!\[CDATA\[.*?\]\]>", re.DOTALL)
_REFERENCE: Final = re.compile(rb"&#(?:x([0-9a-fA-F]+)|([0-9]+));")
_BLANKS_BETWEEN: Final = re.compile(rb"(&#?\w+;)[ \t\r\n]+(?=&#?\w+;)")
_COMMENTED_OUT: Final = re.compile(rb"<!--\s*(<(\w+)>[^<]*</\2>)\s*-->")
_EMPTY_AND_NEXT: Final = re.compile(rb"(<\w+[^<>]*/>)\s*<(\w+)[^<>]*(?<!/)>.*?</\2\s*>", re.DOTALL)
_BASIC_PLANE: Final = 0xFFFF
_PRIVATE_USE: Final = range(0xE000, 0xF900)
_UNREADABLE: Final = 0xFFFD


def _content(change: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    """Alters the text of an element as it is written, if a CDATA section is in it."""

    def altered(found: re.Match[bytes]) -> bytes:
        content = found[1]
        return b">" + (change(content) if b"<" in content else content) + b"</"

    return lambda body: _CONTENT.sub(altered, body)


def _first_section(content: bytes) -> bytes:
    sections = _SECTION.findall(content)
    return bytes(sections[0]) if len(sections) > 1 else content


def _text_after(content: bytes) -> bytes:
    return content.rpartition(b"]]>")[2] or content


def _sixteen_bits(found: re.Match[bytes]) -> bytes:
    number = int(found[1], 16) if found[1] else int(found[2])
    if number <= _BASIC_PLANE:
        return found[0]
    number &= _BASIC_PLANE
    readable = chr(number).isprintable() or number in _PRIVATE_USE
    return f"&#{number if readable else _UNREADABLE};".encode()


def _only_before_unknown(request: Element) -> None:
    for task in request.findall("task"):
        known = takewhile(lambda node: node.tag in KNOWN_MEMBERS | {"id", "general"}, list(task))
        for node in list(task)[len(list(known)) :]:
            task.remove(node)


def _nothing_beside_cyrillic(request: Element) -> None:
    if not all(str(node.tag).isascii() for node in request.iter()):
        for task in request.findall("task"):
            for node in [part for part in task if part.tag not in {"id", "general"}]:
                task.remove(node)


OF_FORM: Final = (
    Fault(
        name="later-sections-lost",
        family=FaultFamily.LOSES,
        stands_for="Of several CDATA sections in an element only the first is read.",
        reported="https://github.com/imixs/open-bpmn/issues/358",
        source=_content(_first_section),
    ),
    Fault(
        name="bracket-at-section-end-lost",
        family=FaultFamily.LOSES,
        stands_for="A bracket in front of the two that end a CDATA section is taken for one of them.",
        reported="https://github.com/meduketto/iksemel/issues/22",
        source=lambda body: body.replace(b"]]]>", b"]]>"),
    ),
    Fault(
        name="section-overwritten-by-text-after",
        family=FaultFamily.LOSES,
        stands_for="Text after a CDATA section, even a blank, takes the place of what was read before.",
        reported="https://github.com/lddubeau/saxes/pull/8",
        source=_content(_text_after),
    ),
    Fault(
        name="astral-references-cut",
        family=FaultFamily.ALTERS,
        stands_for="A character reference is cut to 16 bits, and an emoji becomes some other character.",
        reported="https://github.com/NaturalIntelligence/fast-xml-parser/issues/725",
        source=lambda body: _REFERENCE.sub(_sixteen_bits, body),
    ),
    Fault(
        name="blank-between-entities-lost",
        family=FaultFamily.LOSES,
        stands_for="A blank between two entities counts as white space that may be ignored.",
        reported="https://github.com/pdvrieze/xmlutil/issues/241",
        source=lambda body: _BLANKS_BETWEEN.sub(rb"\1", body),
    ),
    Fault(
        name="commented-member-read",
        family=FaultFamily.ALTERS,
        stands_for="An element that is commented out is read like any other.",
        reported="https://github.com/FLAMEGPU/FLAMEGPU/issues/222",
        source=lambda body: _COMMENTED_OUT.sub(rb"\1", body),
    ),
    Fault(
        name="member-after-empty-one-lost",
        family=FaultFamily.LOSES,
        stands_for="After an element that closes itself the reader moves on twice, past the one behind it.",
        reported="https://github.com/stoicflame/enunciate/pull/30",
        source=lambda body: _EMPTY_AND_NEXT.sub(rb"\1", body),
    ),
    Fault(
        name="members-after-unknown-lost",
        family=FaultFamily.LOSES,
        stands_for="An unknown element is skipped, and every known one behind it counts as unknown, too.",
        reported="https://github.com/javaee/jaxb-v2/issues/20",
        received=_only_before_unknown,
    ),
    Fault(
        name="cyrillic-element-voids-update",
        family=FaultFamily.LOSES,
        stands_for="Names of elements are ASCII to the reader, and one in Cyrillic spoils the document.",
        reported="https://github.com/isaacs/sax-js/pull/73",
        received=_nothing_beside_cyrillic,
    ),
)
