from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from fluent.syntax import FluentParser
from fluent.syntax import ast as ftl
from fluent.syntax.visitor import Visitor

from etalon.messages import Message, catalogue
from etalon.messages.catalogue import LANGS, UnsayableError, said
from etalon.reporting import phrases
from etalon.reporting.records import MessageRecord
from etalon.reporting.sources import source_row
from etalon.shipped import contract, owed
from etalon.vendors import kinds, vendor_of
from etalon.yaml_text import parse_yaml
from tests import reporting_samples as samples
from tests.packages_of_others import put, python

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from etalon.messages import Parameter

ROOT = Path(__file__).parent.parent
SHARED = ROOT / "etalon" / "messages"
# Messages to which a vendor adds variants.
OPEN = {"behaviour-meaning", "shell-variable"}
OF_A_VENDOR = re.compile(r"(?:etalon/vendors|suites)/(\w+)/")
CYRILLIC = re.compile("[А-Яа-яЁё]")
# What is the same in both languages: signs and names alone.
WORDLESS = re.compile(r"[^A-Za-zА-Яа-яЁё]*(?:HTTP|XSD|Etalon)?[^A-Za-zА-Яа-яЁё]*")


class Holes(Visitor):
    """Collects the parameters that a message asks for, and what stands in it beside them."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.text = ""
        self.needs: set[str] = set()
        self.counts: set[str] = set()

    def visit_VariableReference(self, node: ftl.VariableReference) -> None:  # noqa: N802 - the visitor's name
        self.names.add(node.id.name)

    def visit_FunctionReference(self, node: ftl.FunctionReference) -> None:  # noqa: N802 - as above
        counted = [one.id.name for one in node.arguments.positional if isinstance(one, ftl.VariableReference)]
        self.counts.update(counted)
        self.generic_visit(node)

    def visit_MessageReference(self, node: ftl.MessageReference) -> None:  # noqa: N802 - as above
        self.needs.add(node.id.name)

    def visit_TextElement(self, node: ftl.TextElement) -> None:  # noqa: N802 - as above
        self.text += node.value


class Made(NamedTuple):
    """A message as the source makes it; `names` is None where it passes parameters on by `**`."""

    place: str
    key: str
    names: frozenset[str] | None


def folder(kind: str) -> Path:
    """Where the sentences of a vendor stand."""
    return ROOT.joinpath(*vendor_of(kind).messages.split("."))


@cache
def entries_of(folder: Path, lang: str) -> Mapping[str, Holes]:
    """Key → what its message needs, in a folder and a language; every entry parsed and none twice."""
    found: dict[str, Holes] = {}
    for file in sorted((folder / lang).glob("*.ftl")):
        for entry in FluentParser().parse(file.read_text(encoding="utf-8")).body:
            assert not isinstance(entry, ftl.Junk), f"{file}: {entry.content}"
            if isinstance(entry, ftl.Message):
                assert entry.id.name not in found, entry.id.name
                found[entry.id.name] = Holes()
                found[entry.id.name].visit(entry)
    return found


@cache
def entries(lang: str) -> Mapping[str, Holes]:
    """The same of all folders: no vendor says under a known key anything but further variants."""
    found = dict(entries_of(SHARED, lang))
    for kind in kinds():
        own = entries_of(folder(kind), lang)
        assert found.keys() & own.keys() <= OPEN
        found = {**own, **found}
    return found


def parameters(key: str, lang: str) -> frozenset[str]:
    holes = entries(lang)[key]
    return frozenset(holes.names).union(*(parameters(other, lang) for other in holes.needs))


def modules() -> Iterator[Path]:
    for top in ("etalon", "suites"):
        for module in sorted((ROOT / top).rglob("*.py")):
            text = module.read_text(encoding="utf-8")
            if "etalon.messages" in text or "reporting.words" in text or "view, words" in text:
                yield module


@cache
def made() -> tuple[Made, ...]:
    return tuple(
        Made(
            f"{module.relative_to(ROOT)}:{node.lineno}",
            str(node.args[0].value) if isinstance(node.args[0], ast.Constant) else "",
            None
            if any(given.arg is None for given in node.keywords)
            else frozenset(str(given.arg) for given in node.keywords),
        )
        for module in modules()
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and node.args and says_a_message(node)
    )


def name_of(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def says_a_message(call: ast.Call) -> bool:
    """Whether it makes a message; `word` and `both` pass a key on in some places, and have namesakes."""
    first = call.args[0]
    named = isinstance(first, ast.Constant) and isinstance(first.value, str)
    return name_of(call) == "Message" or (named and name_of(call) in {"word", "both"})


@cache
def said_by_templates() -> frozenset[str]:
    text = "".join(file.read_text(encoding="utf-8") for file in (ROOT / "reports/templates").glob("*.j2"))
    calls = r"""\b(?:say|say_count|both|figure|side|words_side)\("([\w-]+)\""""
    return frozenset(re.findall(calls, text))


# The messages themselves, and what reads them out of files, make some without naming them.
PASSED_ON = (
    "etalon/messages/",
    "etalon/reporting/phrases.py",
    "etalon/reporting/records.py",
    "etalon/reporting/template_words.py",
    "etalon/reporting/words.py",
)


def literal() -> list[Made]:
    return [one for one in made() if one.key or not one.place.startswith(PASSED_ON)]


def test_both_languages_have_the_same_messages() -> None:
    english, russian = entries("en"), entries("ru")
    assert set(english) ^ set(russian) == set()
    assert len(english) > 300


def test_a_message_takes_the_same_parameters_in_both_languages() -> None:
    assert [key for key in entries("en") if parameters(key, "en") != parameters(key, "ru")] == []


def test_every_message_of_the_source_is_in_the_catalogue_with_its_parameters() -> None:
    assert len(literal()) > 300
    unknown = [one for one in literal() if one.key not in entries("en")]
    assert unknown == []
    assert [
        one for one in literal() if one.names is not None and one.names != parameters(one.key, "en")
    ] == []


def test_every_message_of_the_catalogue_is_used() -> None:
    used = {one.key for one in literal()}
    used |= said_by_templates()
    assert said_by_templates() <= set(entries("en"))
    used |= {other for holes in entries("ru").values() for other in holes.needs}
    assert set(entries("en")) - used == set()


def test_a_message_of_one_vendor_alone_stands_in_its_folder() -> None:
    users: dict[str, set[str]] = {key: set() for key in entries("en")}
    for one in made():
        if one.key in users:
            vendor = OF_A_VENDOR.match(one.place)
            users[one.key].add(vendor[1] if vendor else "")
    for key in said_by_templates():
        users[key].add("")
    for kind in kinds():
        alone = {key for key, by in users.items() if by == {kind}}
        assert entries_of(folder(kind), "en").keys() - OPEN == alone


BROUGHT = """
from etalon.vendors.r7.vendor import R7

class Brought(R7):
    kind, place, messages = "brought", 30, "brought.messages"

VENDOR = Brought()
"""
FURTHER = """
no-coffee = no coffee
ok-although = other
shell-variable = { $name ->
    [CUP] a cup
    [TASK_ID] other
   *[other] other
}
"""
SAYS = """
from etalon.messages import Message
from etalon.messages.catalogue import said

print(said(Message("no-coffee"), "en"))
print(said(Message("ok-although", why="-"), "en"))
for name in ("CUP", "TASK_ID", "SAUCER"):
    print(said(Message("shell-variable", name=name), "en"))
"""


def test_a_package_brings_a_vendor_that_adds_to_what_is_said_and_changes_nothing_else(tmp_path: Path) -> None:
    put(tmp_path, {"__init__.py": BROUGHT, "messages/en/all.ftl": FURTHER})
    shown = python(tmp_path, "-c", SAYS).stdout
    kept = ["An ok is answered although -.", "a cup", "the id that the creation answers", ""]
    assert shown.splitlines() == ["no coffee", *kept]


def test_every_message_is_said_in_russian() -> None:
    alike = {
        key
        for key, holes in entries("ru").items()
        if not CYRILLIC.search(holes.text) and not WORDLESS.fullmatch(holes.text)
    }
    assert alike == set()


@pytest.mark.parametrize("lang", LANGS)
def test_every_message_can_be_said(lang: str) -> None:
    for key in entries(lang):
        values: dict[str, Parameter] = {name: f"<{name}>" for name in parameters(key, lang)}
        values |= dict.fromkeys(entries(lang)[key].counts, 12_345)
        sentence = said(Message(key, **values), lang)
        assert not re.search("[\u2066-\u2069\u200e\u200f]|\\{|\\?\\?\\?", sentence.replace("{id}", "")), key


@pytest.mark.parametrize(
    ("message", "english", "russian"),
    [
        (
            Message("ok-although", why=Message("no-such-user")),
            "An ok is answered although there is no such user.",
            "Портал отвечает ok, хотя такого пользователя нет.",
        ),
        (
            Message(
                "changed-through",
                member="title",
                what=Message("through-refused-update", why=Message("names-no-task")),
            ),
            "title changed through an update that was refused because no task is named.",
            "Поле title изменилось, причина — изменение, отклонённое потому, что задача не указана.",
        ),
        (
            Message(
                "behaves-otherwise",
                observed=Message("behaviour", name="accepted"),
                expected=Message("behaviour", name="refused"),
            ),
            "The portal's behaviour is accepted, where refused is expected.",
            "Портал ведёт себя так: принимает (accepted); ожидается: отклоняет (refused).",
        ),
        (
            Message("left-on-portal", what=("one", Message("no-task"))),
            "Left on the portal: one, no task",
            "Осталось на портале: one, нет задачи",
        ),
        (Message("task-of-id", id=9_001_234), "task 9001234", "задача 9001234"),
    ],
)
def test_a_message_is_said_with_its_parameters_in_their_places(
    message: Message, english: str, russian: str
) -> None:
    assert (said(message, "en"), said(message, "ru")) == (english, russian)
    assert str(message) == english


@pytest.mark.parametrize("text", ["{ $member }", "<b>&amp;</b>", "{-term}", "a\nb = c", "\u202e", "*[other]"])
def test_a_parameter_is_never_read_as_markup(text: str) -> None:
    assert said(Message("task-lost", why=text), "ru") == f"Задача больше не читается: {text}."


@pytest.mark.parametrize("long", ["x" * 100_000, "\ufdd00\ufdd1" * 400, "\ufdd07\ufdd1" + "y" * 5_000])
def test_a_long_parameter_stands_whole_in_its_sentence(long: str) -> None:
    assert said(Message("task-lost", why=long), "ru") == f"Задача больше не читается: {long}."
    inner = Message("ok-although", why=long)
    nested = Message("task-lost", why=(inner, "z"))
    assert said(nested, "en") == f"A task can no longer be read: {said(inner, 'en')}, z."
    assert long in said(inner, "en")


def test_messages_are_the_same_by_key_and_parameters_alone() -> None:
    one = Message("and-so", first="1", then=Message("on"))
    assert one == Message("and-so", then=Message("on"), first="1")
    assert hash(one) == hash(Message("and-so", then=Message("on"), first="1"))
    assert one != Message("and-so", first="1", then=Message("off"))


def test_texts_are_cleaned_wherever_they_stand_in_a_message() -> None:
    message = Message("a", one="secret", two=Message("b", three=("a secret", 4)))
    cleaned = message.cleaned(lambda text: text.replace("secret", "…"))
    assert cleaned == Message("a", one="…", two=Message("b", three=("a …", 4)))


def test_what_cannot_be_said_is_told_by_its_key() -> None:
    for message in (Message("no-such-message", why="x"), Message("ok-although")):
        with pytest.raises(UnsayableError):
            said(message, "ru")
        assert str(message).startswith(message.key)


def test_a_sentence_whose_message_is_not_known_is_shown_as_it_came() -> None:
    assert phrases.said("As it came.", "ru") == "As it came."
    assert (
        phrases.said("As it came.", "ru", MessageRecord("of-a-later-version", {"what": "x"})) == "As it came."
    )
    assert phrases.said("As it came.", "ru", MessageRecord("ok-although")) == "As it came."


def test_every_place_on_a_page_has_its_russian() -> None:
    rows = owed().values()
    parts = {part for row in rows for part in (*row.source.row.split("; "), row.source.page)}
    in_words = {part for part in parts if re.search(r"(?<![.\w])[a-z]{2,} [a-z]{2,}", part)}
    assert {part for part in in_words if not CYRILLIC.search(source_row(part, "ru"))} == set()
    assert source_row("x" * 5_000, "ru") == "x" * 5_000


@pytest.mark.parametrize("kind", kinds())
def test_a_vendors_folder_holds_the_places_on_its_pages_and_no_other(kind: str) -> None:
    text = (folder(kind) / "sources.ru.yaml").read_text(encoding="utf-8")
    rows = [row.source for row in contract(kind).requirements]
    places = "\n".join(part for row in rows for part in (*row.row.split("; "), row.page))
    fragments = [re.split(r"\{[\w.]+\}", english) for english in parse_yaml(text)]
    assert [parts for parts in fragments if not re.search(".+".join(map(re.escape, parts)), places)] == []


def test_every_behaviour_has_its_meaning_in_russian() -> None:
    names = {name for row in owed().values() for name in row.behaviours}
    in_words = {name for name in names if not re.match(r"\d", name)}
    code = phrases.behaviour("0005")
    assert {name for name in in_words if phrases.behaviour(name) == code} == set()
    assert said_of(SHARED) <= names
    for kind in kinds():
        alone = {name for row in contract(kind).requirements for name in row.behaviours}
        assert said_of(folder(kind)) <= alone


def said_of(folder: Path) -> set[str]:
    text = (folder / "ru" / "behaviours.ftl").read_text(encoding="utf-8")
    return set(re.findall(r"^    \[([\w-]+)\]", text, re.MULTILINE))


def test_what_a_portal_put_into_a_task_is_never_translated() -> None:
    assert phrases.values(samples.finding(expected="no task", observed="an ok answer")) is None
    words = phrases.values(
        samples.finding(
            expected="an error answer",
            observed="no task",
            expected_message=MessageRecord("error-answer"),
        )
    )
    assert words is not None
    assert [side["ru"] for side in words] == ["ответ с ошибкой", "no task"]


def test_what_stands_where_there_is_no_value_is_translated_beside_a_value() -> None:
    missing = samples.finding(
        expected="415", observed="(not shown)", observed_message=MessageRecord("not-shown")
    )
    assert phrases.sides(missing, "ru") == ("415", "(не показано)")
    assert phrases.sides(missing, "en") == ("415", "(not shown)")


def test_the_catalogue_is_read_when_it_is_first_needed() -> None:
    assert catalogue.says("ok-although")
    assert not catalogue.says("ok-although-not")
