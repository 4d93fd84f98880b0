from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etalon.reporting import textdiff
from etalon.reporting.markup import attribute, compared, message, prose, web_address
from etalon.reporting.text import Mark, legible, pieces, shortened


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain ё й 🎉 שלום", "plain ё й 🎉 שלום"),
        ("\u202egnp.exe", "‹RLO›gnp.exe"),
        ("a\x1b[31m", "a‹ESC›[31m"),
        ("\x00\x00\x00", "‹NUL ×3›"),
        ("a\u00a0b\ufeff", "a‹NBSP›b‹BOM›"),
        ("\ud800\uffff", "‹U+D800›‹U+FFFF›"),
        ("", ""),
    ],
)
def test_the_invisible_is_named(text: str, shown: str) -> None:
    assert legible(text) == shown


@given(st.text(st.characters(codec=None, categories=None)))
def test_legible_text_is_printable_and_nothing_visible_is_lost(text: str) -> None:
    assert legible(text).isprintable()
    back = "".join(piece.char * piece.count if isinstance(piece, Mark) else piece for piece in pieces(text))
    assert back == text


def test_long_text_is_cut_with_the_number_of_characters_left_out() -> None:
    assert shortened("x" * 10, 10) == "x" * 10
    assert shortened("x" * 15, 10) == "x" * 10 + " … (+5)"


def stretches(side: tuple[textdiff.Piece, ...]) -> list[str]:
    return [f"[{piece.text}]" if piece.differs else piece.text for piece in side]


@pytest.mark.parametrize(
    ("expected", "observed", "left", "right"),
    [
        ("same", "same", ["same"], ["same"]),
        ("status 200", "status 404", ["status ", "[200]"], ["status ", "[404]"]),
        ("a  b", "a b", ["a ", "[ ]", "b"], ["a ", "[]", "b"]),
        ("title", "", ["[title]"], ["[]"]),
        ("1, 2", "1, 1, 2, 2", ["[]", "1, 2", "[]"], ["[1, ]", "1, 2", "[, 2]"]),
        ("merge", "other", ["merge"], ["other"]),
        ("refused", "accepted", ["refused"], ["accepted"]),
        (
            "|one|Q&A|two|three|four|five|six",
            "|one|Q&amp;A|two",
            ["|one|Q&", "[]", "A|two", "[|three|four|five|six]"],
            ["|one|Q&", "[amp;]", "A|two", "[]"],
        ),
        ("Task 1", "Task 2", ["Task ", "[1]"], ["Task ", "[2]"]),
        (
            "шьёт мой ёж",
            "шьет мой еж",
            ["шь", "[ё]", "т мой ", "[ё]", "ж"],
            ["шь", "[е]", "т мой ", "[е]", "ж"],
        ),
    ],
)
def test_the_differing_stretch(expected: str, observed: str, left: list[str], right: list[str]) -> None:
    diff = textdiff.compare(expected, observed)
    assert stretches(diff.expected) == left
    assert stretches(diff.observed) == right


@given(st.text("abё ", max_size=30), st.text("abё ", max_size=30))
def test_a_comparison_loses_no_text_and_agrees_on_what_is_equal(expected: str, observed: str) -> None:
    diff = textdiff.compare(expected, observed)
    assert "".join(piece.text for piece in diff.expected) == expected
    assert "".join(piece.text for piece in diff.observed) == observed
    if any(piece.differs for piece in (*diff.expected, *diff.observed)):
        ours, theirs = (
            "".join(piece.text for piece in side if not piece.differs)
            for side in (diff.expected, diff.observed)
        )
        assert ours == theirs


def test_characters_that_look_alike_are_told_apart_by_code_point() -> None:
    diff = textdiff.compare("мой", "мои\u0306")
    assert diff.code_points == (
        ("U+0439 CYRILLIC SMALL LETTER SHORT I",),
        ("U+0438 CYRILLIC SMALL LETTER I", "U+0306 COMBINING BREVE"),
    )
    assert textdiff.compare("abc1", "abc2").code_points is None


def test_a_long_equal_stretch_is_cut_down_to_the_surroundings_of_the_difference() -> None:
    expected, observed, _ = compared("x" * 5_000 + "A" + "y" * 5_000, "x" * 5_000 + "B" + "y" * 5_000)
    assert "<del>A</del>" in expected
    assert "<ins>B</ins>" in observed
    assert "4,880 characters left out" in expected
    assert len(expected) < 1_000


def test_a_message_keeps_its_lines_and_its_size() -> None:
    shown = message("GET /\r\nA: 1\r\n\r\n" + "<&>" * 10_000, 2_000)
    assert shown.startswith("GET /\nA: 1\n\n&lt;&amp;&gt;")
    assert len(shown.encode()) < 2_300
    assert "characters left out" in shown


def test_prose_and_attributes_are_escaped() -> None:
    assert prose("<b>\u202e") == (
        '&lt;b&gt;<span class="ch" title="U+202E RIGHT-TO-LEFT OVERRIDE">RLO</span>'
    )
    assert attribute("\"'<>&\r\n\t\x00") == "&#34;&#39;&lt;&gt;&amp;&#13;&#10;&#9;"


def test_quotes_take_no_more_room_than_they_have_to() -> None:
    assert prose('"it\'s"') == '"it\'s"'
    assert message('{"a": "b"}', 100) == '{"a": "b"}'


def test_an_address_with_letters_of_any_script_is_a_link_as_a_browser_sends_it() -> None:
    address = "https://planfix.ru/wiki/index.php?a=%20&title=ПланФикс_API"
    encoded = "%D0%9F%D0%BB%D0%B0%D0%BD%D0%A4%D0%B8%D0%BA%D1%81_API"
    assert web_address(address) == f"https://planfix.ru/wiki/index.php?a=%20&title={encoded}"
    assert web_address("https://planfix.ru\u202e/") == ""
    assert web_address("https://рlanfix.ru/") == ""


@pytest.mark.parametrize(
    ("address", "safe"),
    [
        ("https://api.r7-office.ru/x?y=1#z", True),
        ("http://localhost:8080/", True),
        ("javascript:alert(1)", False),
        ("JavaScript://%0aalert(1)", False),
        ("data:text/html,x", False),
        ("//evil.example", False),
        ("https:///x", False),
        ("https://a b", False),
        ("https://[x", False),
        ("", False),
    ],
)
def test_only_web_addresses_become_links(address: str, safe: bool) -> None:
    assert web_address(address) == (address if safe else "")


def test_long_texts_are_shown_from_shortly_before_they_differ() -> None:
    expected, observed = "x" * 1_000 + "end", "x" * 1_000
    assert textdiff.from_difference(expected, observed, 200) == (
        f"(+950) … {'x' * 50}end",
        f"(+950) … {'x' * 50}",
    )
    assert textdiff.from_difference("short", "shor", 200) == ("short", "shor")
    assert textdiff.from_difference("a" + "x" * 500, "b", 200) == ("a" + "x" * 500, "b")


def test_characters_that_look_alike_are_told_apart_even_where_nothing_is_shared() -> None:
    assert textdiff.compare("ё", "e").code_points == (
        ("U+0451 CYRILLIC SMALL LETTER IO",),
        ("U+0065 LATIN SMALL LETTER E",),
    )
    assert textdiff.compare("keep", "reset").code_points is None
    assert textdiff.compare("ёжик", "ёжик").code_points is None
