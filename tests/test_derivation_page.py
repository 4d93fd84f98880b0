from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from etalon.derivation.page import PageError
from etalon.derivation.reading import read_page
from etalon.derivation.tables import is_rule, row_cells

if TYPE_CHECKING:
    from pathlib import Path


def saved(folder: Path, content: bytes, name: str = "page.txt") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def texts(path: Path) -> list[str]:
    return [line.text for line in read_page(path).lines]


def test_text_keeps_its_lines_and_their_numbers(tmp_path: Path) -> None:
    page = read_page(saved(tmp_path, b"one\r\n\r\nthree\rfour\n", "task.get.txt"))
    assert page.name == "task.get"
    assert [(line.number, line.text) for line in page.lines] == [
        (1, "one"),
        (2, ""),
        (3, "three"),
        (4, "four"),
        (5, ""),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1251"])
def test_encodings_of_saved_russian_pages(tmp_path: Path, encoding: str) -> None:
    assert texts(saved(tmp_path, "Описание\nЗадача".encode(encoding))) == ["Описание", "Задача"]


def test_html_may_declare_its_encoding(tmp_path: Path) -> None:
    content = '<html><head><meta charset="koi8-r"></head><body><p>Задача</p></body></html>'
    assert texts(saved(tmp_path, content.encode("koi8-r"), "page.html")) == ["Задача"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "page.txt is empty."),
        (b" \n\t\n", "page.txt is empty."),
        (b"%PDF-1.7\n...", "page.txt is a PDF; save the page as text or as HTML."),
        (
            b"PK\x03\x04rest",
            "page.txt is a ZIP archive or an office document; save the page as text or as HTML.",
        ),
        (b"abc\0def", "page.txt is a binary file, not a saved page."),
        (bytes(range(128, 256)), "page.txt is neither UTF-8 nor windows-1251 text."),
        (b"\xff\xfea", "page.txt begins like UTF-16 and is not."),
        (b"<html><script>let a</script></html>", "page.txt is HTML without any text"),
    ],
)
def test_what_is_no_page_is_refused_in_one_sentence(tmp_path: Path, content: bytes, message: str) -> None:
    with pytest.raises(PageError) as refusal:
        read_page(saved(tmp_path, content))
    assert str(refusal.value).startswith(message)


def test_a_file_that_is_too_large_is_not_even_read(tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    with path.open("wb") as file:
        file.truncate(50 * 1024 * 1024)
    with pytest.raises(PageError, match=r"page\.txt is 50 MiB; a saved page has at most 10 MiB\."):
        read_page(path)


def test_missing_files_and_folders_are_refused(tmp_path: Path) -> None:
    with pytest.raises(PageError, match="cannot be read: No such file"):
        read_page(tmp_path / "none.txt")
    with pytest.raises(PageError, match="is a folder"):
        read_page(tmp_path)


def test_html_becomes_the_lines_that_a_reader_sees(tmp_path: Path) -> None:
    content = """<!doctype html><html><head><title>unseen</title><style>p {}</style></head><body>
    <script>document.write("unseen")</script><!-- unseen -->
    <h1>POST <b>api/2.0/crm/task</b></h1><p>One&nbsp;line,<br>and another</p>
    <table><thead><tr><th>Name<th>Type</tr></thead>
    <tr><td>title<div>sent in body</div></td><td>a|b</td></tr><tr><td></td><td>guid</td></tr></table>
    <pre><code>{
  "id": <span class="number">1</span>
}</code></pre></body></html>"""
    assert texts(saved(tmp_path, content.encode())) == [
        "POST api/2.0/crm/task",
        "One line,",
        "and another",
        "| Name | Type |",
        r"| title sent in body | a\|b |",
        "|  | guid |",
        "{",
        '  "id": 1',
        "}",
    ]


def test_a_table_that_only_lays_out_the_page_is_read_as_what_it_holds(tmp_path: Path) -> None:
    content = (
        "<table><tr><td><p>menu</p></td><td><table><tr><td>a</td><td>b</td></tr></table></td></tr></table>"
    )
    assert texts(saved(tmp_path, content.encode(), "page.html")) == ["menu", "| a | b |"]


def test_text_that_begins_with_a_tag_of_xml_is_no_html(tmp_path: Path) -> None:
    assert texts(saved(tmp_path, b"<request method='a'>\n</request>")) == [
        "<request method='a'>",
        "</request>",
    ]


@pytest.mark.parametrize(
    ("line", "cells"),
    [
        ("| a | b |", ("a", "b")),
        ("a | b |", ("a", "b")),
        ("| a | | c |", ("a", "", "c")),
        (r"| a \| b | c", ("a | b", "c")),
        ("no row", None),
    ],
)
def test_rows_of_text_tables(line: str, cells: tuple[str, ...] | None) -> None:
    assert row_cells(line) == cells


def test_the_rule_below_a_table_head() -> None:
    assert is_rule("| --- | :---: |")
    assert is_rule("|---|---|")
    assert not is_rule("| - | b |")
    assert not is_rule("-----")


def test_merged_cells_of_html_keep_their_columns(tmp_path: Path) -> None:
    rows = (
        "<tr><td rowspan=2>a</td><td colspan=2>b</td></tr><tr><td>c</td><td>d</td></tr>"
        "<tr><td>e</td><td colspan=0>f</td><td>g</td></tr>"
    )
    page = saved(tmp_path, f"<html><table>{rows}</table></html>".encode(), "page.html")
    assert texts(page) == ["| a | b |  |", "| a | c | d |", "| e | f | g |"]


def test_a_cell_of_html_keeps_its_list_and_how_far_its_name_is_set_in(tmp_path: Path) -> None:
    cells = "<td>&nbsp;&nbsp;name</td><td>&nbsp;</td><td>one of:<ul><li>a</li><li>b</li></ul></td>"
    page = saved(tmp_path, f"<html><table><tr>{cells}</tr></table></html>".encode(), "page.html")
    assert texts(page) == ["| &nbsp;&nbsp;name |  | one of: * a * b |"]


def test_more_text_than_any_page_has_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PageError, match=r"page\.txt holds 585 KiB of text"):
        read_page(saved(tmp_path, b"word word\n" * 66_666))
    picture = b"<html><p>text</p><img src='data:image/png;base64," + b"A" * 1_000_000 + b"'></html>"
    assert texts(saved(tmp_path, picture, "page.html")) == ["text"]
