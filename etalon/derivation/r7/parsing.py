"""An R7-Office API page → what it says: finds the parts of the page and reads each."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from etalon.derivation.page import Line, Page, PageError
from etalon.derivation.r7.model import Cut, PathVariable, R7Page, Sample, Stray, XmlAnswer
from etalon.derivation.r7.rows import read_rows
from etalon.derivation.r7.samples import read_json, read_xml
from etalon.derivation.r7.words import (
    AUTHENTICATED,
    HOST_LINE,
    JSON_LABEL,
    METHOD_ALONE,
    NO_PARAMETERS,
    PATH_ALONE,
    REQUEST_LINE,
    SENT_IN,
    UNAUTHENTICATED,
    XML_LABEL,
    Heading,
    column_of,
    heading_of,
    plain,
    split_headings,
)
from etalon.derivation.tables import row_cells

SITE = "site"
"""The place of text that the site adds to every page, such as a request to rate it."""

_VARIABLE = re.compile(r"\{(?P<name>[^{}:]+)(?::(?P<constraint>(?:[^{}]|\{[^{}]*\})*))?\}")
_GLUED = re.compile(r"^(?P<code>\s*[}\]]+|.*</[A-Za-z_][\w.-]*>)\s*(?P<rest>[^\s,}\]<].*)$")
_FENCE = re.compile(r"^\s*(?:```|~~~)\w*\s*$")
_CONTENT_TYPE = re.compile(r"^\s*Content-Type\s*:\s*(?P<media>[\w.+/-]+)", re.IGNORECASE)
_HOST = re.compile(r"^\s*Host\s*:\s*(?P<host>[\w.-]+(?::\d+)?)", re.IGNORECASE)
_RATING = re.compile(r"была ли полезна|was this (?:article )?helpful", re.IGNORECASE)


@dataclass(slots=True)
class _Parts:
    """The lines of a page under each of its headings."""

    title: Line
    method: str
    target: str
    after_title: str
    before: list[Line]
    lines: dict[Heading | None, list[Line]] = field(default_factory=dict)
    seen: set[Heading] = field(default_factory=set)


def find_title(page: Page) -> tuple[int, int, re.Match[str]] | None:
    """Finds the line that names method and path.

    Returns:
        Indices of its first and its last line (the method may stand on a line of its own) and the match;
        None where the page has none, or only that of the example, which is followed by `Host:`.
    """
    filled = [index for index, line in enumerate(page.lines) if line.text.strip()]
    for position, index in enumerate(filled):
        text, last = page.lines[index].text, index
        following = filled[position + 1 :]
        if METHOD_ALONE.match(text) and following and PATH_ALONE.match(page.lines[following[0]].text):
            last = following.pop(0)
            text = f"{text.strip()} {page.lines[last].text.strip()}"
        match = REQUEST_LINE.match(text)
        if match is None:
            continue
        if following and HOST_LINE.match(page.lines[following[0]].text):
            return None
        return index, last, match
    return None


def parse(page: Page) -> R7Page:
    """Reads a page.

    Raises:
        PageError: the page names no method and path in the way of R7-Office's API pages.
    """
    parts = _split(page)
    strays = _before_title(parts.before)
    cut: list[Cut] = []
    path, variables = _template(parts.target)
    rows, loose = read_rows(parts.lines.get(Heading.PARAMETERS, []))
    parameterless = any(NO_PARAMETERS.search(stray.text) for stray in loose)
    strays += [stray for stray in loose if not NO_PARAMETERS.search(stray.text)]
    authenticated, authentication_line = _authentication(parts, strays)
    example = _example(parts, strays, cut)
    answer, xml, returned = _answer(parts, strays, cut)
    prose = [
        (heading, line.number, line.text.strip())
        for heading in (Heading.DESCRIPTION, Heading.REMARKS)
        for line in parts.lines.get(heading, [])
        if not AUTHENTICATED.search(line.text)
    ]
    if not cut:
        cut += _missing_end(
            page, parts, answered=answer is not None or xml is not None, rows_found=bool(rows)
        )
    return R7Page(
        name=page.name,
        line=parts.title.number,
        method=parts.method.lower(),
        path=path,
        variables=variables,
        authenticated=authenticated,
        authentication_line=authentication_line,
        prose=(*prose, *returned),
        rows=rows,
        parameterless=parameterless,
        request_line=example.target,
        host=example.host,
        media=example.media,
        body=example.body,
        answer=answer,
        xml=xml,
        cut=tuple(cut),
        strays=tuple(strays),
    )


def _before_title(lines: list[Line]) -> list[Stray]:
    """One entry for all that stands above the title: the menu of the site, mostly."""
    if not lines:
        return []
    reach = f"lines {lines[0].number} to {lines[-1].number}" if len(lines) > 1 else "one line"
    return [Stray(lines[0].number, "before the title", f"{reach}, beginning with: {lines[0].text.strip()}")]


def _split(page: Page) -> _Parts:
    found = find_title(page)
    if found is None:
        raise PageError(
            f"{page.name} is not an R7-Office API page, or its beginning is missing: "
            "no title such as `POST api/2.0/crm/task` stands in it."
        )
    first, last, match = found
    title = page.lines[first]
    before = [line for line in page.lines[:first] if line.text.strip()]
    parts = _Parts(title, match["method"], match["path"], match["rest"].strip(), before)
    lines = _unglued(page.lines[last + 1 :])
    current: Heading | None = None
    for index, line in enumerate(lines):
        heading = _heading(lines, index, current)
        if heading is None:
            parts.lines.setdefault(current, []).append(line)
        else:
            current = heading
            parts.seen.add(heading)
    return parts


def _unglued(lines: tuple[Line, ...]) -> list[Line]:
    """The filled lines, with headings on lines of their own, and without the fences of Markdown."""
    out: list[Line] = []
    for line in lines:
        if not line.text.strip() or _FENCE.match(line.text):
            continue
        texts = [line.text]
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
    if heading in (Heading.DESCRIPTION, Heading.PARAMETERS) or SENT_IN.match(following.strip()):
        return None
    opens_row = (sent := SENT_IN.search(previous)) is not None and not previous[sent.end() :].strip(" *_`|")
    if opens_row or (column_of(previous) is not None and heading_of(previous) is not Heading.PARAMETERS):
        return None
    return heading


def _template(target: str) -> tuple[str, tuple[PathVariable, ...]]:
    """The path of the title without query, and its variables."""
    variables: list[PathVariable] = []

    def bare(match: re.Match[str]) -> str:
        variables.append(PathVariable(match["name"].strip(), match["constraint"] or ""))
        return f"{{{match['name'].strip()}}}"

    path = _VARIABLE.sub(bare, target).split("?")[0].rstrip(".,;")
    return f"/{path}", tuple(variables)


def _authentication(parts: _Parts, strays: list[Stray]) -> tuple[bool | None, int]:
    lines = [Line(parts.title.number, parts.after_title), *parts.lines.get(None, [])]
    for heading in (Heading.REMARKS, Heading.DESCRIPTION):
        lines += [line for line in parts.lines.get(heading, []) if AUTHENTICATED.search(line.text)]
    said: tuple[bool | None, int] = (None, parts.title.number)
    for line in lines:
        if UNAUTHENTICATED.search(line.text):
            said = (False, line.number)
        elif AUTHENTICATED.search(line.text):
            said = (True, line.number)
        elif line.text.strip():
            strays.append(Stray(line.number, "after the title", line.text.strip()))
    return said


@dataclass(frozen=True, slots=True)
class _Example:
    target: tuple[str, int] | None
    host: str
    media: str
    body: Sample | None


def _example(parts: _Parts, strays: list[Stray], cut: list[Cut]) -> _Example:
    target: tuple[str, int] | None = None
    host = ""
    media = "application/json"
    body: Sample | None = None
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
        else:
            strays.append(Stray(line.number, "example", line.text.strip()))
    return _Example(target, host, media, body)


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


def _answer(
    parts: _Parts, strays: list[Stray], cut: list[Cut]
) -> tuple[Sample | None, XmlAnswer | None, list[tuple[Heading, int, str]]]:
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


def _missing_end(page: Page, parts: _Parts, *, answered: bool, rows_found: bool) -> list[Cut]:
    """A whole page says what it returns; one that stops earlier was cut."""
    announced = Heading.ANSWER in parts.seen
    if answered or (Heading.RETURNS in parts.seen and not announced):
        return []
    last = next((line for line in reversed(page.lines) if line.text.strip()), parts.title)
    if announced:
        return [Cut(last.number, "example answer", "the page ends where its example answer should begin")]
    if Heading.EXAMPLE in parts.seen:
        where = "after its example request"
    elif Heading.PARAMETERS in parts.seen:
        where = "inside its parameters" if rows_found else "before its parameters"
    else:
        where = "before its parameters"
    return [Cut(last.number, "page", f"the page ends {where}, without saying what is returned")]
