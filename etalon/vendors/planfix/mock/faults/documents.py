"""Faults in how the portal reads a request's document, and in how it works on two requests at once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from etalon.portals.mocking import FaultFamily
from etalon.vendors.planfix.mock.changes import MEMBERS
from etalon.vendors.planfix.mock.errors import ApiError, Code
from etalon.vendors.planfix.mock.faults.fault import Fault

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml.etree import _Element as Element

    from etalon.vendors.planfix.mock.hooks import Merge, Target
    from etalon.vendors.planfix.mock.state import Task

_BOM: Final = b"\xef\xbb\xbf"
_DECIMAL: Final = re.compile(rb"&#[0-9]+;")
_INSTRUCTION_AND_TEXT: Final = re.compile(rb"<\?(?!xml\b).*?\?>[^<]*", re.DOTALL)
_BLANK_IN_TAG: Final = re.compile(rb"<[^!?][^>]*\s>")
_SINGLE_QUOTED: Final = re.compile(rb"^[^>]*=\s*'")
_GAP: Final = re.compile(rb"<task\s*>\s")
_ENTITY: Final = re.compile(rb"<!ENTITY\s+(\w+)\s+(SYSTEM\s+)?\"([^\"]*)\"\s*>")
_DOCTYPE: Final = re.compile(rb"<!DOCTYPE[^\[>]*(?:\[.*?\])?\s*>\s*", re.DOTALL)
_ORDER: Final = ("id", *MEMBERS)


def _refusing(code: Code, wrong: Callable[[bytes], bool]) -> Callable[[bytes], bytes]:
    """Refuses documents of a form that it should know."""

    def source(body: bytes) -> bytes:
        if wrong(body):
            raise ApiError(code)
        return body

    return source


def _expanding(*, files: bool) -> Callable[[bytes], bytes]:
    """Puts in what a document type declares; for a file, what a portal's own disk might hold."""

    def raw(body: bytes) -> bytes:
        declared = _ENTITY.findall(body)
        expanded = _DOCTYPE.sub(b"", body) if declared else body
        for name, system, value in declared:
            inside = b"tracker-07" if system and files else b"" if system else value
            expanded = expanded.replace(b"&" + name + b";", inside)
        return expanded

    return raw


def _in_page_order(request: Element) -> None:
    for task in request.findall("task"):
        reached = -1
        for node in list(task):
            place = _ORDER.index(str(node.tag)) if node.tag in _ORDER else reached
            if place < reached and node.tag != "id":
                task.remove(node)
            reached = max(reached, place)


def _as_it_was_on_arrival(at: Target) -> Task | None:
    if at.call.function == "task.update" and at.asked is not None:
        return at.call.seen.get(at.asked, at.task)
    return at.task


def _save_children(at: Merge) -> None:
    store = at.call.store
    for task in list(store.tasks.values()):
        if task.parent == at.after.id and task.id in store.previous:
            store.tasks[task.id] = store.previous[task.id]


def _as_it_was_in_its_turn(at: Target) -> Task | None:
    store = at.call.store
    if at.call.function != "task.update" or at.asked is None or store.latest in {0, at.asked}:
        return at.task
    return store.previous.get(at.asked, at.task)


READING_WRONGLY: Final = (
    Fault(
        name="quote-entities-kept",
        family=FaultFamily.ALTERS,
        stands_for="The reader knows three entities by heart; those of the quotes stay as they are written.",
        source=lambda body: body.replace(b"&quot;", b"&amp;quot;").replace(b"&apos;", b"&amp;apos;"),
    ),
    Fault(
        name="decimal-references-lost",
        family=FaultFamily.LOSES,
        stands_for="Character references are taken for unknown entities, and dropped.",
        source=lambda body: _DECIMAL.sub(b"", body),
    ),
    Fault(
        name="hex-references-kept",
        family=FaultFamily.ALTERS,
        stands_for="Only decimal character references are decoded; hexadecimal ones stay text.",
        source=lambda body: body.replace(b"&#x", b"&amp;#x"),
    ),
    Fault(
        name="text-after-instruction-lost",
        family=FaultFamily.LOSES,
        stands_for="The reader takes an element's text up to the first node that is no text.",
        source=lambda body: _INSTRUCTION_AND_TEXT.sub(b"", body),
    ),
    Fault(
        name="single-quotes-unread",
        family=FaultFamily.ANSWERS_WRONGLY,
        stands_for="The function is found by a pattern with double quotes.",
        source=_refusing(
            Code.UNKNOWN_FUNCTION, lambda body: bool(_SINGLE_QUOTED.search(body.partition(b"<request")[2]))
        ),
    ),
    Fault(
        name="declaration-demanded",
        family=FaultFamily.ANSWERS_WRONGLY,
        stands_for="What does not begin with an XML declaration is not taken for XML.",
        source=_refusing(Code.NOT_XML, lambda body: not body.removeprefix(_BOM).startswith(b"<?xml")),
    ),
    Fault(
        name="bom-refused",
        family=FaultFamily.ANSWERS_WRONGLY,
        stands_for="A byte order mark counts as content in front of the document.",
        source=_refusing(Code.NOT_XML, lambda body: body.startswith(_BOM)),
    ),
    Fault(
        name="indentation-refused",
        family=FaultFamily.ANSWERS_WRONGLY,
        stands_for="Children are taken by position, and blanks between them are children, too.",
        source=_refusing(Code.BAD_VALUE, lambda body: bool(_GAP.search(body))),
    ),
    Fault(
        name="blanks-in-tags-refused",
        family=FaultFamily.ANSWERS_WRONGLY,
        stands_for="Tags are found by patterns that know no blank before the end.",
        source=_refusing(Code.NOT_XML, lambda body: bool(_BLANK_IN_TAG.search(body))),
    ),
    Fault(
        name="read-in-page-order",
        family=FaultFamily.LOSES,
        stands_for="A reader that runs through the members once skips those that come late.",
        received=_in_page_order,
    ),
    Fault(
        name="carriage-returns-kept",
        family=FaultFamily.ALTERS,
        stands_for="The text is cut out of the body by hand, line ends as they came.",
        source=lambda body: body.replace(b"\r\n", b"&#13;\n").replace(b"\r", b"&#13;"),
    ),
    Fault(
        name="entities-expanded",
        family=FaultFamily.ANSWERS_WRONGLY,
        stands_for="The parser is told to substitute entities, and a document type declares any number.",
        raw=_expanding(files=False),
    ),
    Fault(
        name="entity-files-read",
        family=FaultFamily.ANSWERS_WRONGLY,
        stands_for="External entities are loaded, and a request can read the portal's disk.",
        raw=_expanding(files=True),
    ),
    Fault(
        name="update-lost-to-another",
        family=FaultFamily.LOSES,
        stands_for="A task is read, changed and written as a whole, without a lock: the last to write wins.",
        pause=0.02,
        target=_as_it_was_on_arrival,
    ),
    Fault(
        name="turns-of-two-tasks-lose-updates",
        family=FaultFamily.LOSES,
        stands_for="Who comes back to a task from another works on a copy that is one update old.",
        target=_as_it_was_in_its_turn,
    ),
    Fault(
        name="parent-saves-its-children",
        family=FaultFamily.LEAKS,
        stands_for="Saving a task saves its children out of a cache that is one update old.",
        stored=_save_children,
    ),
)
