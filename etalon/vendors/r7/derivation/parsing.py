"""An R7-Office API page → what it says of each of its functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from etalon.derivation.page import Line
from etalon.vendors.r7.derivation.examples import read_answer, read_example
from etalon.vendors.r7.derivation.page_content import Cut, R7Page, Stray
from etalon.vendors.r7.derivation.parts import Parts, parts_of
from etalon.vendors.r7.derivation.rows import read_rows
from etalon.vendors.r7.derivation.titles import Title, path_template, sections
from etalon.vendors.r7.derivation.words import AUTHENTICATED, NO_PARAMETERS, UNAUTHENTICATED, Heading

if TYPE_CHECKING:
    from etalon.derivation.page import Page


def parse(page: Page) -> tuple[R7Page, ...]:
    """Reads a page: the function that it describes, or the several ones.

    Raises:
        PageError: the page names no method and path in the way of R7-Office's API pages.
    """
    return tuple(_function(page, *section) for section in sections(page))


def _function(page: Page, title: Title, begin: int, end: int) -> R7Page:
    parts = parts_of(page, title, begin, end)
    strays = _before_title(parts.before)
    cut: list[Cut] = []
    path, variables = path_template(page.name, parts.target)
    rows, loose = read_rows(parts.lines.get(Heading.PARAMETERS, []))
    parameterless = any(NO_PARAMETERS.search(stray.text) for stray in loose)
    strays += [stray for stray in loose if not NO_PARAMETERS.search(stray.text)]
    authenticated, authentication_line = _authentication(parts, strays)
    example = read_example(parts, strays, cut)
    answer, xml, returned = read_answer(parts, strays, cut)
    prose = [
        (heading, line.number, line.text.strip())
        for heading in (Heading.DESCRIPTION, Heading.REMARKS)
        for line in [
            *(parts.unheaded if heading is Heading.DESCRIPTION else ()),
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


def _authentication(parts: Parts, strays: list[Stray]) -> tuple[bool | None, int]:
    lines = [Line(parts.title.number, parts.after_title), *parts.lines.get(None, [])]
    for heading in (Heading.REMARKS, Heading.DESCRIPTION):
        lines += [line for line in parts.lines.get(heading, []) if AUTHENTICATED.search(line.text)]
    said: tuple[bool | None, int] = (None, parts.title.number)
    for line in lines:
        if UNAUTHENTICATED.search(line.text):
            said = (False, line.number)
        elif AUTHENTICATED.search(line.text):
            said = (True, line.number)
        elif line.text.strip() and not parts.unheaded:
            strays.append(Stray(line.number, "after the title", line.text.strip()))
    return said


def _missing_end(parts: Parts, *, last: Line, answered: bool, rows_found: bool) -> list[Cut]:
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
