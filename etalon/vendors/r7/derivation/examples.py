"""Reads the example request of a page, and what it says and shows of the answer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from etalon.vendors.r7.derivation.page_content import Cut, Sample, Stray, XmlAnswer
from etalon.vendors.r7.derivation.samples import read_json, read_xml
from etalon.vendors.r7.derivation.words import HOST_LINE, JSON_LABEL, REQUEST_LINE, XML_LABEL, Heading, plain

if TYPE_CHECKING:
    from etalon.derivation.page import Line
    from etalon.vendors.r7.derivation.parts import Parts

SITE = "site"
"""The place of text that the site adds to every page, such as a request to rate it."""

_CONTENT_TYPE = re.compile(r"^\s*Content-Type\s*:\s*(?P<media>[\w.+/-]+)", re.IGNORECASE)
_HOST = re.compile(r"^\s*Host\s*:\s*(?P<host>[\w.-]+(?::\d+)?)", re.IGNORECASE)
_RATING = re.compile(r"была ли полезна|was this (?:article )?helpful", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Example:
    """The example request of a page.

    Attributes:
        target: its path, and the line that names it; None where there is none.
        host: what its `Host` line names; empty without one.
        media: the media type of its body.
        body: its JSON body.
        returned: heading, line and text of what says what is returned, where the headings are missing.
    """

    target: tuple[str, int] | None
    host: str
    media: str
    body: Sample | None
    returned: tuple[tuple[Heading, int, str], ...] = ()


def read_example(parts: Parts, strays: list[Stray], cut: list[Cut]) -> Example:
    """The example request of a page.

    Args:
        parts: the parts of the page.
        strays: takes what belongs to no example.
        cut: takes where the page breaks off inside of it.
    """
    target: tuple[str, int] | None = None
    host = ""
    media = "application/json"
    body: Sample | None = None
    returned: list[tuple[Heading, int, str]] = []
    lines = parts.lines.get(Heading.EXAMPLE, [])
    index = 0
    while index < len(lines):
        line = lines[index]
        index += 1
        if request := REQUEST_LINE.match(line.text):
            target = (request["path"], line.number)
        elif content := _CONTENT_TYPE.match(line.text):
            media = content["media"].lower()
        elif named := _HOST.match(line.text):
            host = named["host"]
        elif HOST_LINE.match(line.text) or JSON_LABEL.match(plain(line.text)):
            continue
        elif body is None and line.text.lstrip().startswith(("{", "[")):
            body, used = _json(
                lines[index - 1 :], "example request", strays, cut, last=Heading.RETURNS not in parts.seen
            )
            index += used - 1
        elif Heading.ANSWER in parts.lines and Heading.ANSWER not in parts.seen:
            # The headings are missing: what stands between request and answer says what is returned.
            returned.append((Heading.RETURNS, line.number, line.text.strip()))
        else:
            strays.append(Stray(line.number, "example", line.text.strip()))
    return Example(target, host, media, body, tuple(returned))


def read_answer(
    parts: Parts, strays: list[Stray], cut: list[Cut]
) -> tuple[Sample | None, XmlAnswer | None, list[tuple[Heading, int, str]]]:
    """The example answer of a page.

    Args:
        parts: the parts of the page.
        strays: takes what belongs to no example.
        cut: takes where the page breaks off inside of it.

    Returns:
        The answer in JSON, the one in XML, and heading, line and text of what says what is returned.
    """
    lines = parts.lines.get(Heading.RETURNS, []) + parts.lines.get(Heading.ANSWER, [])
    returned: list[tuple[Heading, int, str]] = []
    answer: Sample | None = None
    xml: XmlAnswer | None = None
    index = 0
    while index < len(lines):
        line = lines[index]
        text = line.text.strip()
        index += 1
        if JSON_LABEL.match(plain(text)) or XML_LABEL.match(plain(text)):
            continue
        if answer is None and text.startswith(("{", "[")):
            rest = lines[index - 1 :]
            reach = next((at for at, item in enumerate(rest) if XML_LABEL.match(plain(item.text))), len(rest))
            answer, used = _json(rest[:reach], "example answer", strays, cut, last=reach == len(rest))
            index += used - 1
        elif xml is None and text.startswith("<"):
            xml, used, broken, after = read_xml(lines[index - 1 :])
            if broken is not None:
                cut.append(Cut(broken, "XML example answer", "the page ends inside its XML example answer"))
            if after:
                strays.append(Stray(lines[index + used - 2].number, "example answer", after))
            index += used - 1
        elif answer is None and xml is None:
            returned.append((Heading.RETURNS, line.number, text))
        else:
            place = SITE if _RATING.search(text) else "example answer"
            strays.append(Stray(line.number, place, text))
    return answer, xml, returned


def _json(
    lines: list[Line], place: str, strays: list[Stray], cut: list[Cut], *, last: bool
) -> tuple[Sample, int]:
    reading = read_json(lines)
    if reading.stopped is not None:
        if reading.ended and last:
            cut.append(Cut(reading.stopped, place, f"the page ends inside its {place}"))
        else:
            strays.append(
                Stray(reading.stopped, place, "this is no JSON; what stands before it was read, the rest not")
            )
    if reading.rest and reading.stopped is None:
        strays.append(Stray(lines[reading.used - 1].number, place, reading.rest))
    return reading.sample, reading.used
