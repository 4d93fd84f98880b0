from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import find, given, settings
from hypothesis import strategies as st

from etalon.generation.drawing import draw
from etalon.generation.text import (
    BOUNDARY_LENGTHS,
    CARRIAGE_RETURN,
    NASTY,
    TextShape,
    boundary_text,
    is_visible,
    packed_text,
    portal_text,
    utf16_length,
)

# XML 1.0, production 2 (Char), without the carriage return.
XML_TEXT = re.compile("[\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]*")
LOOKS_LIKE_A_DATE = re.compile(r"\d{4}-\d\d-\d\d|/Date\(")


@pytest.mark.parametrize("atom", NASTY, ids=lambda atom: atom.name)
def test_atoms_are_legal_everywhere(atom: object) -> None:
    text = getattr(atom, "text", "")
    assert text
    assert XML_TEXT.fullmatch(text)
    assert text == text.strip(), "blanks at the ends are the business of whoever joins atoms"
    assert is_visible(text)


def test_atoms_are_distinct() -> None:
    assert len({atom.name for atom in NASTY}) == len({atom.text for atom in NASTY}) == len(NASTY)


def test_atoms_cover_what_breaks_portals() -> None:
    everything = "".join(atom.text for atom in NASTY)
    for needle in ("ё", "и\u0306", "\u200d", "<b>", "&amp;", "&lt;", '"', "'", "\\", "]]>", "  ", "\n", "\t"):
        assert needle in everything
    for needle in ("%", "+", "{{", "\u200b", "\u00a0", "\u200f", "null"):
        assert needle in everything
    assert any(character > "\uffff" for character in everything)
    assert {"R", "AL"} <= {unicodedata.bidirectional(character) for character in everything}
    assert unicodedata.normalize("NFC", everything) != everything


def test_all_atoms_packed() -> None:
    text = packed_text()
    positions = [text.index(f"|{number}|{atom.text}|") for number, atom in enumerate(NASTY, start=1)]
    assert positions == sorted(positions)
    assert text.startswith("  ")
    assert text.endswith("  ")
    assert XML_TEXT.fullmatch(text)


@given(st.integers(10, 400))
def test_packed_text_fits_and_leaves_no_room_for_another_atom(limit: int) -> None:
    text = packed_text(limit)
    left = [
        f"|{number}|{atom.text}"
        for number, atom in enumerate(NASTY, start=1)
        if f"|{number}|{atom.text}|" not in text
    ]
    assert utf16_length(text) <= limit
    assert all(utf16_length(text) + utf16_length(piece) > limit for piece in left)
    assert text == packed_text(limit)


def test_packed_text_needs_room_for_one_atom() -> None:
    with pytest.raises(ValueError, match="into 9 code units"):
        packed_text(9)


@pytest.mark.parametrize("length", [0, 1, 2, *BOUNDARY_LENGTHS])
def test_boundary_text_has_the_length_in_either_unit(length: int) -> None:
    assert len(boundary_text(length)) == utf16_length(boundary_text(length)) == length


def test_boundary_text_tells_its_positions() -> None:
    text = boundary_text(5000)
    groups = list(re.finditer(r"[а-яё](\d+)·", text))
    assert len(groups) > 800
    assert all(int(group[1]) == group.start() + 1 for group in groups)
    assert "ё" in text


def test_boundary_text_of_negative_length() -> None:
    with pytest.raises(ValueError, match="-1"):
        boundary_text(-1)


SHAPES = st.builds(
    lambda low, more, blank, carriage_return: TextShape(low + more, low, blank, carriage_return),
    st.integers(0, 300),
    st.integers(1, 5000),
    st.booleans(),
    st.booleans(),
)


@settings(deadline=None)
@given(st.data())
def test_portal_text_has_its_shape(data: st.DataObject) -> None:
    shape = data.draw(SHAPES)
    text = data.draw(shape.strategy())
    assert shape.min_size <= utf16_length(text) <= shape.max_size
    assert XML_TEXT.fullmatch(text.replace("\r", "") if shape.carriage_return else text)
    assert not LOOKS_LIKE_A_DATE.search(text)
    assert shape.blank or is_visible(text)


def test_portal_text_reaches_what_it_is_for() -> None:
    texts = draw(portal_text(0, 5001), 300, seed_=1)
    lengths = {len(text) for text in texts}
    assert {79, 80, 81, 255, 256, 257, 999, 1000, 1001, 4999, 5000, 5001} & lengths
    assert any("😀" in text for text in texts)
    assert any(text.startswith(" ") for text in texts)
    assert any(text.endswith(("\n", "\t")) for text in texts)
    assert "" in texts
    assert not any("\r" in text for text in texts)
    returned = draw(portal_text(carriage_return=True), 300, seed_=1)
    assert any(CARRIAGE_RETURN.text in text for text in returned)


def test_portal_text_shrinks_to_a_short_plain_word() -> None:
    assert find(portal_text(), lambda _: True) == ""
    assert find(portal_text(blank=False), lambda _: True) == "а"
    assert find(portal_text(), lambda text: len(text) > 2) == "aaa"


@pytest.mark.parametrize(("low", "high"), [(-1, 5), (6, 5)])
def test_impossible_lengths_are_refused(low: int, high: int) -> None:
    with pytest.raises(ValueError, match=str(low)):
        portal_text(low, high)


def test_an_empty_text_cannot_be_visible() -> None:
    with pytest.raises(ValueError, match="shows nothing"):
        portal_text(0, 0, blank=False)


@pytest.mark.parametrize("text", ["", " ", "\n\t", "\u00a0", "\u200b\u200f", "\u0301"])
def test_blank_texts_show_nothing(text: str) -> None:
    assert not is_visible(text)


@given(SHAPES)
def test_the_format_name_says_the_shape(shape: TextShape) -> None:
    assert TextShape.from_format_name(shape.format_name) == shape


@pytest.mark.parametrize("name", ["", "date-time", "etalon-text-", "etalon-text-1-2-loud"])
def test_other_format_names_are_no_shapes(name: str) -> None:
    assert TextShape.from_format_name(name) is None
