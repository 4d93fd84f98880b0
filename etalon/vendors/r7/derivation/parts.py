"""Splits what belongs to a title into the parts of a page, each under its heading, written out or implied."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from etalon.derivation.page import Line
from etalon.derivation.tables import row_cells
from etalon.vendors.r7.derivation.words import (
    HOST_LINE,
    JSON_LABEL,
    REQUEST_LINE,
    SENT_IN,
    Heading,
    begins_table,
    column_of,
    heading_of,
    plain,
    split_headings,
)

if TYPE_CHECKING:
    from etalon.derivation.page import Page
    from etalon.vendors.r7.derivation.titles import Title

_GLUED = re.compile(r"^(?P<code>\s*[}\]]+|.*</[A-Za-z_][\w.-]*>)\s*(?P<rest>[^\s,}\]<].*)$")
_FENCE = re.compile(r"^\s*(?:```|~~~)\w*\s*$")
_HEADERS = re.compile(r"\s+(?=(?:Host|Content-Type|Accept)\s*:)|\s+(?=[{\[])", re.IGNORECASE)


@dataclass(slots=True)
class Parts:
    """The lines of a page under each of its headings."""

    title: Line
    method: str
    target: str
    after_title: str
    before: list[Line]
    lines: dict[Heading | None, list[Line]] = field(default_factory=dict)
    seen: set[Heading] = field(default_factory=set)

    @property
    def unheaded(self) -> list[Line]:
        """What stands between title and first part: the description, where the headings are missing."""
        alone = Heading.DESCRIPTION not in self.seen and Heading.PARAMETERS in self.lines
        return self.lines.get(None, []) if alone else []


def parts_of(page: Page, title: Title, begin: int, end: int) -> Parts:
    """The parts of what belongs to a title, which begins and ends at these indices of the page's lines."""
    before = [line for line in page.lines[begin : title.first] if line.text.strip()]
    match = title.match
    parts = Parts(page.lines[title.first], match["method"], match["path"], match["rest"].strip(), before)
    lines = _unglued(page.lines[title.last + 1 : end])
    answered = any(heading_of(line.text) in (Heading.RETURNS, Heading.ANSWER) for line in lines)
    current: Heading | None = None
    for index, line in enumerate(lines):
        heading = _heading(lines, index, current)
        if heading is None:
            current = _implied(lines, index, current, answered=answered) or current
            parts.lines.setdefault(current, []).append(line)
        else:
            current = heading
            parts.seen.add(heading)
    return parts


def _implied(lines: list[Line], index: int, current: Heading | None, *, answered: bool) -> Heading | None:
    """The part that a line opens on a page saved without its headings; None where it opens none."""
    text = lines[index].text
    if current in (None, Heading.DESCRIPTION) and begins_table([line.text for line in lines[index:]]):
        return Heading.PARAMETERS
    following = lines[index + 1].text if index + 1 < len(lines) else ""
    if current in (None, Heading.DESCRIPTION, Heading.PARAMETERS, Heading.REMARKS):
        return Heading.EXAMPLE if REQUEST_LINE.match(text) and HOST_LINE.match(following) else None
    if current is Heading.EXAMPLE and not answered and JSON_LABEL.match(plain(text)):
        return Heading.ANSWER
    return None


def _unglued(lines: tuple[Line, ...]) -> list[Line]:
    """The filled lines, with headings on lines of their own, and without the fences of Markdown."""
    out: list[Line] = []
    for line in lines:
        if not line.text.strip() or _FENCE.match(line.text):
            continue
        texts = [line.text]
        if (request := REQUEST_LINE.match(line.text)) and HOST_LINE.match(request["rest"]):
            out += [Line(line.number, part) for part in _HEADERS.split(line.text)]
            continue
        glued = _GLUED.match(line.text)
        if glued and (not glued["code"].lstrip().startswith("<") or line.text.lstrip().startswith("</")):
            texts = [glued["code"], glued["rest"]]
        if row_cells(line.text) is None:
            texts = [part for text in texts for part in split_headings(text)]
        out += [Line(line.number, text) for text in texts]
    return out


def _heading(lines: list[Line], index: int, current: Heading | None) -> Heading | None:
    """The heading that a line is; a parameter, a column or a description may be spelled like one."""
    heading = heading_of(lines[index].text)
    if heading is None or current is not Heading.PARAMETERS:
        return heading
    following = lines[index + 1].text if index + 1 < len(lines) else ""
    previous = lines[index - 1].text if index else ""
    if REQUEST_LINE.match(following):
        return heading
    if following.strip().startswith("|"):
        return None
    if heading in (Heading.DESCRIPTION, Heading.PARAMETERS) or SENT_IN.match(following.strip()):
        return None
    opens_row = (sent := SENT_IN.search(previous)) is not None and not previous[sent.end() :].strip(" *_`|")
    if opens_row or (column_of(previous) is not None and heading_of(previous) is not Heading.PARAMETERS):
        return None
    return heading
