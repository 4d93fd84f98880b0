"""Finds the titles on a page, each the method and path of a function, and what of the page belongs to it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from etalon.derivation.page import PageError
from etalon.vendors.r7.derivation.page_content import PathVariable
from etalon.vendors.r7.derivation.words import (
    HOST_LINE,
    JSON_LABEL,
    METHOD_ALONE,
    PATH_ALONE,
    REQUEST_LINE,
    SENT_IN,
    Heading,
    heading_of,
    plain,
)

if TYPE_CHECKING:
    from etalon.derivation.page import Page

_VARIABLE = re.compile(r"\{(?P<name>[^{}:]+)(?::(?P<constraint>(?:[^{}]|\{[^{}]*\})*))?\}")


@dataclass(frozen=True, slots=True)
class Title:
    """A line that names method and path.

    Attributes:
        first: index of the line.
        last: index of its last line: the method may stand on a line of its own.
        match: the match of the whole.
    """

    first: int
    last: int
    match: re.Match[str]

    def names(self, other: Title) -> bool:
        """Whether the other line requests this very function, as an example does."""
        if self.match["method"] != other.match["method"]:
            return False
        path = _VARIABLE.sub("{}", self.match["path"]).split("?")[0].rstrip("/")
        pattern = re.escape(path).replace(r"\{\}", "[^/]+")
        return re.fullmatch(pattern, other.match["path"].split("?")[0].rstrip("/"), re.IGNORECASE) is not None


def is_titled(page: Page) -> bool:
    """Whether a line of the page names method and path, other than the request of an example."""
    return bool(_titles(page))


def sections(page: Page) -> list[tuple[Title, int, int]]:
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


def path_template(page: str, target: str) -> tuple[str, tuple[PathVariable, ...]]:
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


def _titles(page: Page) -> list[Title]:
    """The lines that name method and path, and are no request of an example."""
    filled = [index for index, line in enumerate(page.lines) if line.text.strip()]
    found: list[Title] = []
    for position, index in enumerate(filled):
        text, last = page.lines[index].text, index
        following = filled[position + 1 :][:2]
        if METHOD_ALONE.match(text) and following and PATH_ALONE.match(page.lines[following[0]].text):
            last = following.pop(0)
            text = f"{text.strip()} {page.lines[last].text.strip()}"
        match = REQUEST_LINE.match(text)
        if match is None:
            continue
        title = Title(index, last, match)
        before = page.lines[filled[position - 1]].text if position else ""
        exemplary = heading_of(before) is Heading.EXAMPLE or any(
            HOST_LINE.match(after)
            for after in (match["rest"], *(page.lines[at].text for at in following[:1]))
        )
        if not exemplary and not (found and found[-1].names(title)):
            found.append(title)
    return found


def _tells(text: str) -> bool:
    heading = heading_of(text)
    return (
        (heading is not None and heading is not Heading.REMARKS)
        or SENT_IN.search(text) is not None
        or HOST_LINE.match(text) is not None
        or JSON_LABEL.match(plain(text)) is not None
    )
