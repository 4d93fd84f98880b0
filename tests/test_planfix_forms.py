from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etalon.messages import Message
from etalon.vendors.planfix.answers import parse, text_of
from etalon.vendors.planfix.forms import FORMS, PACKED, Form, written
from etalon.vendors.planfix.requests import Access, Content, document, elements, framed, render
from etalon.vendors.planfix.signature import signature

ALL = {**FORMS, "PACKED": PACKED}
ACCESS = Access("acme", "key", sid="0" * 32, private_key="secret")
# A carriage return of the text itself could only stand as a reference, which not every form writes.
TEXTS = st.text(st.characters(exclude_categories=("Cc", "Cs"), include_characters="\n\t"), max_size=60)


@pytest.mark.parametrize("name", ALL)
@given(title=TEXTS, description=TEXTS)
def test_every_form_says_the_same(name: str, title: str, description: str) -> None:
    members: dict[str, Content] = {"id": 5, "title": title, "description": description}
    members["periodicity"] = {"@unset": "1"}
    request = framed(document("task.update", elements({"task": members})), ACCESS)
    there = parse(written(request, ALL[name]))
    task = there.find("task")
    assert there.get("method") == "task.update"
    assert task is not None
    assert sorted(str(node.tag) for node in task) == ["description", "id", "periodicity", "title"]
    assert text_of(task.find("title")) == title.replace("\r\n", "\n")
    assert text_of(task.find("description")) == description
    assert task.find("periodicity[@unset='1']") is not None
    assert text_of(there.find("signature")) == text_of(request.find("signature"))
    assert signature(there, ACCESS.private_key) == text_of(there.find("signature"))


@pytest.mark.parametrize("name", ALL)
def test_every_form_is_another_document(name: str) -> None:
    task: dict[str, Content] = {"id": 5, "title": "Ёж & «'ёлка'»\nи ещё", "description": "а\nб\nв"}
    request = framed(document("task.update", elements({"task": task})), ACCESS)
    assert written(request, ALL[name]) != render(request)
    assert written(request, Form(Message("form-indented"))) == render(request)


def test_what_an_encoding_lacks_is_written_as_references() -> None:
    request = document("task.update", elements({"task": {"title": "Ёж 😀"}}))
    source = written(request, FORMS["ENCODINGS"])
    assert "Ёж &#128512;".encode("windows-1251") in source
    assert text_of(parse(source).find("task/title")) == "Ёж 😀"
