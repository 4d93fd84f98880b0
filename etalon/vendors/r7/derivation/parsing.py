"""An R7-Office API page → what it says: finds the parts of the page and reads each."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from etalon.derivation.page import Line, Page, PageError
from etalon.derivation.tables import row_cells
from etalon.vendors.r7.derivation.page_content import Cut, PathVariable, R7Page, Sample, Stray, XmlAnswer
from etalon.vendors.r7.derivation.rows import read_rows
from etalon.vendors.r7.derivation.samples import read_json, read_xml
from etalon.vendors.r7.derivation.words import (
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
    begins_table,
    column_of,
    heading_of,
    plain,
    split_headings,
)

SITE = "site"
"""The place of text that the site adds to every page, such as a request to rate it."""

_VARIABLE = re.compile(r"\{(?P<name>[^{}:]+)(?::(?P<constraint>(?:[^{}]|\{[^{}]*\})*))?\}")
_GLUED = re.compile(r"^(?P<code>\s*[}\]]+|.*</[A-Za-z_][\w.-]*>)\s*(?P<rest>[^\s,}\]<].*)$")
_FENCE = re.compile(r"^\s*(?:```|~~~)\w*\s*$")
_HEADERS = re.compile(r"\s+(?=(?:Host|Content-Type|Accept)\s*:)|\s+(?=[{\[])", re.IGNORECASE)
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


@dataclass(frozen=True, slots=True)
class _Title:
    """A line that names method and path.

    Attributes:
        first: index of the line.
        last: index of its last line: the method may stand on a line of its own.
        match: the match of the whole.
    """

    first: int
    last: int
    match: re.Match[str]

    def names(self, other: _Title) -> bool:
        """Whether the other line requests this very function, as an example does."""
        if self.match["method"] != other.match["method"]:
            return False
        path = _VARIABLE.sub("{}", self.match["path"]).split("?")[0].rstrip("/")
        pattern = re.escape(path).replace(r"\{\}", "[^/]+")
        return re.fullmatch(pattern, other.match["path"].split("?")[0].rstrip("/"), re.IGNORECASE) is not None


def is_titled(page: Page) -> bool:
    """Whether a line of the page names method and path, other than the request of an example."""
    return bool(_titles(page))


def _titles(page: Page) -> list[_Title]:
    """The lines that name method and path, and are no request of an example."""
    filled = [index for index, line in enumerate(page.lines) if line.text.strip()]
    found: list[_Title] = []
    for position, index in enumerate(filled):
        text, last = page.lines[index].text, index
        following = filled[position + 1 :][:2]
        if METHOD_ALONE.match(text) and following and PATH_ALONE.match(page.lines[following[0]].text):
            last = following.pop(0)
            text = f"{text.strip()} {page.lines[last].text.strip()}"
        match = REQUEST_LINE.match(text)
        if match is None:
            continue
        title = _Title(index, last, match)
        before = page.lines[filled[position - 1]].text if position else ""
        exemplary = heading_of(before) is Heading.EXAMPLE or any(
            HOST_LINE.match(after)
            for after in (match["rest"], *(page.lines[at].text for at in following[:1]))
        )
        if not exemplary and not (found and found[-1].names(title)):
            found.append(title)
    return found


def _sections(page: Page) -> list[tuple[_Title, int, int]]:
    """The titles of a page, each with the indices that what belongs to it begins and ends at.

    A menu names functions, too. What says nothing of a function below its title is the menu's, unless all of
    the page is so, as one is that breaks off.

    Raises:
        PageError: no line of the page is a title.
    """
    titles = _titles(page)
    if not titles:
        raise PageError(
            f"{page.name} is not an R7-Office API page, or its beginning is missing: "
            "no title such as `POST api/2.0/crm/task` stands in it."
        )
    ends = [*(title.first for title in titles[1:]), len(page.lines)]
    told = [
        title
        for title, end in zip(titles, ends, strict=True)
        if any(_tells(line.text) for line in page.lines[title.last + 1 : end])
    ] or titles[:1]
    begins = [0, *(title.first for title in told[1:])]
    return list(zip(told, begins, [*begins[1:], len(page.lines)], strict=True))


def _tells(text: str) -> bool:
    heading = heading_of(text)
    return (
        (heading is not None and heading is not Heading.REMARKS)
        or SENT_IN.search(text) is not None
        or HOST_LINE.match(text) is not None
        or JSON_LABEL.match(plain(text)) is not None
    )


def parse(page: Page) -> tuple[R7Page, ...]:
    """Reads a page: the function that it describes, or the several ones.

    Raises:
        PageError: the page names no method and path in the way of R7-Office's API pages.
    """
    return tuple(_function(page, *section) for section in _sections(page))


def _function(page: Page, title: _Title, begin: int, end: int) -> R7Page:
    parts = _split(page, title, begin, end)
    strays = _before_title(parts.before)
    cut: list[Cut] = []
    path, variables = _template(page.name, parts.target)
    rows, loose = read_rows(parts.lines.get(Heading.PARAMETERS, []))
    parameterless = any(NO_PARAMETERS.search(stray.text) for stray in loose)
    strays += [stray for stray in loose if not NO_PARAMETERS.search(stray.text)]
    authenticated, authentication_line = _authentication(parts, strays)
    example = _example(parts, strays, cut)
    answer, xml, returned = _answer(parts, strays, cut)
    prose = [
        (heading, line.number, line.text.strip())
        for heading in (Heading.DESCRIPTION, Heading.REMARKS)
        for line in [
            *(_unheaded(parts) if heading is Heading.DESCRIPTION else ()),
            *parts.lines.get(heading, []),
        ]
        if not AUTHENTICATED.search(line.text)
    ]
    if not cut:
        cut += _missing_end(
            parts,
            last=next(line for line in reversed(page.lines[:end]) if line.text.strip()),
            answered=answer is not None or xml is not None,
            rows_found=bool(rows),
        )
    return R7Page(
        name=page.name,
        line=parts.title.number,
        method=parts.method.lower(),
        path=path,
        variables=variables,
        authenticated=authenticated,
        authentication_line=authentication_line,
        prose=(*prose, *example.returned, *returned),
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


def _split(page: Page, title: _Title, begin: int, end: int) -> _Parts:
    before = [line for line in page.lines[begin : title.first] if line.text.strip()]
    match = title.match
    parts = _Parts(page.lines[title.first], match["method"], match["path"], match["rest"].strip(), before)
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


def _template(page: str, target: str) -> tuple[str, tuple[PathVariable, ...]]:
    """The path of the title without query, and its variables.

    Raises:
        PageError: a variable in it has no end.
    """
    variables: list[PathVariable] = []

    def bare(match: re.Match[str]) -> str:
        variables.append(PathVariable(match["name"].strip(), match["constraint"] or ""))
        return f"{{{match['name'].strip()}}}"

    path = _VARIABLE.sub(bare, target).split("?")[0].rstrip(".,;")
    if set("{}") & set(_VARIABLE.sub("", target)):
        raise PageError(f"{page}: its title breaks off inside of {target!r}.")
    return f"/{path}", tuple(variables)


def _unheaded(parts: _Parts) -> list[Line]:
    """What stands between the title and the first part: the description, where the headings are missing."""
    alone = Heading.DESCRIPTION not in parts.seen and Heading.PARAMETERS in parts.lines
    return parts.lines.get(None, []) if alone else []


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
        elif line.text.strip() and not _unheaded(parts):
            strays.append(Stray(line.number, "after the title", line.text.strip()))
    return said


@dataclass(frozen=True, slots=True)
class _Example:
    target: tuple[str, int] | None
    host: str
    media: str
    body: Sample | None
    returned: tuple[tuple[Heading, int, str], ...] = ()


def _example(parts: _Parts, strays: list[Stray], cut: list[Cut]) -> _Example:
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
    return _Example(target, host, media, body, tuple(returned))


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


def _missing_end(parts: _Parts, *, last: Line, answered: bool, rows_found: bool) -> list[Cut]:
    """A whole page says what it returns; one that stops earlier was cut."""
    announced = Heading.ANSWER in parts.seen
    if answered or (Heading.RETURNS in parts.seen and not announced):
        return []
    if announced:
        return [Cut(last.number, "example answer", "the page ends where its example answer should begin")]
    if Heading.EXAMPLE in parts.seen:
        where = "after its example request"
    elif Heading.PARAMETERS in parts.seen:
        where = "inside its parameters" if rows_found else "before its parameters"
    else:
        where = "before its parameters"
    return [Cut(last.number, "page", f"the page ends {where}, without saying what is returned")]
