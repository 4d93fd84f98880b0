from __future__ import annotations

import ast
import re
from functools import cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
import yaml

from etalon.reporting import phrases
from etalon.shipped import owed
from tests import reporting_samples as samples

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
ROOMS = (
    "etalon/judging",
    "etalon/vendors",
    "etalon/portals",
    "etalon/plugin.py",
    "etalon/session.py",
    "suites",
    "etalon/confirming.py",
    "etalon/recordings.py",
    "etalon/targets.py",
    "etalon/reporting",
)
# What a run says: the calls that take a sentence, and by which argument.
FINDING = {"summary": 0, "expected": 1, "observed": 2}
REASONS = re.compile(
    r"NotApplicable|NotTestable|Inconclusive|UnreachableError|LoginError|ThrottledError|"
    r"RequestsExhaustedError|UnusableAnswerError|MissingPrerequisiteError|note|"
    r"TasksExhaustedError|_refusal|ConfigError|BaselineError|UnwritableOutputError|ForeignOutputError|BusyOutputError|RecordingError|CannotServeError"
)
CYRILLIC = re.compile("[А-Яа-яЁё]")


class Said(NamedTuple):
    """A sentence in the source, its holes filled with a word."""

    place: str
    text: str
    is_value: bool = False


def modules() -> Iterator[Path]:
    for room in ROOMS:
        path = ROOT / room
        found = sorted(path.rglob("*.py")) if path.is_dir() else [path]
        yield from (module for module in found if "mock" not in module.parts)


def forms(node: ast.expr) -> Iterator[str]:
    """What an expression can say, as far as it stands there."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=parts):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "title" for part in parts)
        case ast.IfExp(body=one, orelse=other):
            yield from chain(forms(one), forms(other))
        case ast.BoolOp(values=several):
            yield from chain.from_iterable(map(forms, several))


def argument(call: ast.Call, keyword: str, position: int) -> ast.expr | None:
    for given in call.keywords:
        if given.arg == keyword:
            return given.value
    return call.args[position] if len(call.args) > position else None


def name_of(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def said_by(call: ast.Call) -> Iterator[tuple[str, bool]]:
    name = name_of(call)
    if name == "Finding" or (name == "_finding" and len(call.args) > 2):
        for keyword, position in FINDING.items():
            node = argument(call, keyword, position)
            yield from ((form, keyword != "summary") for form in (forms(node) if node else ()))
    elif name == "difference" and len(call.args) > 4:
        yield from ((f"title {form}.", False) for form in forms(call.args[4]))
    elif name == "differs" and len(call.args) > 3:
        yield from ((f"title {form}.", False) for form in forms(call.args[3]))
    elif REASONS.fullmatch(name) and call.args:
        yield from ((form, False) for form in forms(call.args[0]))
    for given in call.keywords:
        if given.arg == "otherwise":
            yield from ((form, False) for form in forms(given.value))


@cache
def sentences() -> tuple[Said, ...]:
    return tuple(
        Said(f"{module.relative_to(ROOT)}:{node.lineno}", text, is_value)
        for module in modules()
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        for text, is_value in said_by(node)
        if re.sub("title", "", text).strip(" .:")  # not made of values alone
        and " " in text
    )


@cache
def catalogue() -> dict[str, Any]:
    path = ROOT / "etalon" / "reporting" / "phrases.ru.yaml"
    document: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return document


def test_every_sentence_of_a_check_has_its_russian() -> None:
    said = [sentence for sentence in sentences() if not sentence.is_value]
    assert len(said) > 100
    assert [sentence for sentence in said if not phrases.is_known(sentence.text)] == []


def test_every_phrase_that_stands_for_a_value_has_its_russian() -> None:
    said = [sentence for sentence in sentences() if sentence.is_value]
    assert len(said) > 30
    assert [sentence for sentence in said if not phrases.is_known_value(sentence.text)] == []


def test_every_place_on_a_page_has_its_russian() -> None:
    rows = owed().values()
    parts = {part for row in rows for part in (*row.source.row.split("; "), row.source.page)}
    in_words = {part for part in parts if re.search(r"(?<![.\w])[a-z]{2,} [a-z]{2,}", part)}
    assert {part for part in in_words if not CYRILLIC.search(phrases.source_row(part, "ru"))} == set()


def test_every_behaviour_has_its_meaning_in_russian() -> None:
    names = {name for row in owed().values() for name in row.behaviours}
    in_words = {name for name in names if not re.match(r"\d", name)}
    assert {name for name in in_words if not phrases.behaviour(name)} == set()
    assert set(catalogue()["behaviours"]) <= names
    assert phrases.behaviour("0005") == ""


def test_a_behaviour_stands_in_a_finding_with_its_meaning() -> None:
    summary = "The portal's behaviour is accepted, where refused is expected."
    finding = samples.finding(summary, expected="refused", observed="accepted")
    assert phrases.said(summary, "ru") == (
        "Портал ведёт себя так: принимает (accepted); ожидается: отклоняет (refused)."
    )
    assert phrases.sides(finding, "ru") == ("отклоняет (refused)", "принимает (accepted)")
    assert phrases.sides(finding, "en") == ("refused", "accepted")
    assert phrases.values(samples.finding(expected="refused", observed="accepted")) is None


def holes(text: str) -> list[str]:
    return sorted(re.findall(r"\{\w+(?:\.\.\.)?\}", text))


@pytest.mark.parametrize("section", ["sentences", "values", "sources"])
def test_no_value_gets_lost_on_the_way_into_russian(section: str) -> None:
    entries = catalogue()[section]
    assert [english for english, russian in entries.items() if holes(english) != holes(russian)] == []


@pytest.mark.parametrize(
    ("english", "russian"),
    [
        (
            "An ok is answered although there is no such user.",
            "Портал отвечает ok, хотя такого пользователя нет.",
        ),
        (
            "title changed through an update that was refused because no task is named.",
            "Поле title изменилось, причина — изменение, отклонённое потому, что задача не указана.",
        ),
        (
            "office (https://portal.example) broke the connection off (reset).",
            "office (https://portal.example) оборвал соединение (reset).",
        ),
        (
            "deviates since 2026-11-21: title is read back otherwise than it was written.",
            "нарушается с 2026-11-21: Поле title читается не таким, каким его записали.",
        ),
        ("A sentence that nobody has translated.", "A sentence that nobody has translated."),
    ],
)
def test_a_sentence_is_said_with_its_values_in_their_places(english: str, russian: str) -> None:
    assert phrases.said(english, "ru") == russian
    assert phrases.said(english, "en") == english


def test_what_a_portal_put_into_a_task_is_never_translated() -> None:
    title = samples.finding(expected="Встреча", observed="no task")
    assert phrases.values(title) is None
    words = phrases.values(samples.finding(expected="an error answer", observed="an ok answer"))
    assert words is not None
    assert [side["ru"] for side in words] == ["ответ с ошибкой", "ответ ok"]


def test_what_stands_where_there_is_no_value_is_translated_beside_a_value() -> None:
    missing = samples.finding(expected="415", observed="(not shown)")
    assert phrases.sides(missing, "ru") == ("415", "(не показано)")
    assert phrases.sides(missing, "en") == ("415", "(not shown)")
    assert phrases.absence("(call me)") is None


def test_a_portal_cannot_keep_the_translator_busy() -> None:
    hostile = "HTTP " * 300 + "{member} and {member2}: " * 20 + "is read back otherwise" * 20
    assert phrases.said(hostile[:2000], "ru")
    assert phrases.said(hostile * 100, "ru") == hostile * 100
