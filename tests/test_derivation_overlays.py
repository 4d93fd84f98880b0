"""Overlays: lines that no page carries, laid over a derived spec, each with its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml
from lxml import etree

from etalon.derivation.overlays import OverlayError, overlaid_document, overlaid_schemas
from etalon.shipped import spec
from tests.test_derive import PLANFIX_PAGE, R7_PAGE

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from tests.conftest import CommandLine

DOCUMENT: dict[str, Any] = {
    "info": {"title": "Garden"},
    "tags": ["old"],
    "components": {
        "schemas": {
            "A": {"required": ["id", "title", "color"], "properties": {"id": {"type": "integer"}}},
            "B": {"required": ["title"], "properties": {"id": {"type": "integer"}}},
        }
    },
}
XS = "{http://www.w3.org/2001/XMLSchema}"
SCHEMAS = {
    f"{kind}.xsd": '<?xml version="1.0" encoding="UTF-8"?>\n'
    f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="{kind}" type="xs:int"/>'
    "</xs:schema>"
    for kind in ("request", "answer")
}


def overlay(*actions: dict[str, Any]) -> str:
    return yaml.safe_dump({"overlay": "1.0.0", "info": {}, "actions": list(actions)})


def laid(*actions: dict[str, Any]) -> dict[str, Any]:
    document, stale = overlaid_document(DOCUMENT, overlay(*actions), "o.yaml")
    assert not stale
    return document


def patches(lines: str, files: str = "request.xsd") -> str:
    return (
        '<overlay xmlns="urn:etalon:overlay" xmlns:xs="http://www.w3.org/2001/XMLSchema">'
        f'<diff files="{files}">{lines}</diff></overlay>'
    )


def patched(lines: str, files: str = "request.xsd") -> dict[str, etree._Element]:
    made, stale = overlaid_schemas(SCHEMAS, patches(lines, files), "o.xml")
    assert not stale
    return {name: etree.fromstring(text.encode()) for name, text in made.items()}


def test_an_update_goes_into_objects_member_by_member() -> None:
    assert laid({"target": "$.info", "description": "why", "update": {"version": "1"}})["info"] == {
        "title": "Garden",
        "version": "1",
    }
    assert DOCUMENT["info"] == {"title": "Garden"}


def test_an_update_goes_to_the_end_of_a_list() -> None:
    assert laid({"target": "$.tags", "description": "why", "update": ["new"]})["tags"] == ["old", "new"]


def test_an_update_goes_into_all_that_its_target_finds() -> None:
    document = laid(
        {
            "target": "$.components.schemas['A', 'B'].properties.id",
            "description": "why",
            "update": {"minimum": 1},
        }
    )
    for name in ("A", "B"):
        assert document["components"]["schemas"][name]["properties"]["id"] == {
            "type": "integer",
            "minimum": 1,
        }


def test_items_of_a_list_are_removed_by_their_value() -> None:
    document = laid(
        {
            "target": "$.components.schemas.A.required[?@ != 'id']",
            "description": "why",
            "remove": True,
        }
    )
    assert document["components"]["schemas"]["A"]["required"] == ["id"]


def test_actions_that_find_nothing_are_told() -> None:
    text = overlay({"target": "$.gone", "description": "because", "update": {}})
    document, stale = overlaid_document(DOCUMENT, text, "o.yaml")
    assert document == DOCUMENT
    assert [str(line) for line in stale] == ["overlay: $.gone is no longer there (because)"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a: [", "cannot be read as YAML"),
        ("- 1", "no OpenAPI overlay"),
        (overlay({"target": "$.info", "update": {}}), "an overlay says why"),
        (overlay({"description": "why", "update": {}}), "has no target"),
        (overlay({"target": "$.info", "description": "why"}), "neither updates nor removes"),
        (overlay({"target": "$.info[", "description": "why", "update": {}}), "is no JSONPath"),
        (
            overlay({"target": "$.info.title", "description": "why", "update": {}}),
            "needs an object or a list",
        ),
    ],
)
def test_an_overlay_that_cannot_be_laid_is_refused(text: str, says: str) -> None:
    with pytest.raises(OverlayError, match=says):
        overlaid_document(DOCUMENT, text, "o.yaml")


def test_attributes_are_replaced_added_and_removed() -> None:
    root = patched(
        '<replace sel="//xs:element/@type" reason="why">xs:long</replace>'
        '<add sel="//xs:element" type="@nillable" reason="why">true</add>'
    )["request.xsd"]
    element = root.find(f"{XS}element")
    assert element is not None
    assert {str(key): value for key, value in element.attrib.items()} == {
        "name": "request",
        "type": "xs:long",
        "nillable": "true",
    }
    root = patched('<remove sel="//xs:element/@type" reason="why"/>')["request.xsd"]
    assert root[0].get("type") is None


@pytest.mark.parametrize(
    ("place", "order"),
    [
        ("", ["request", "a", "b"]),
        ('pos="prepend"', ["a", "b", "request"]),
    ],
)
def test_elements_are_added_inside(place: str, order: list[str]) -> None:
    new = '<xs:element name="a"/><xs:element name="b"/>'
    root = patched(f'<add sel="/xs:schema" {place} reason="why">{new}</add>')["request.xsd"]
    assert [child.get("name") for child in root] == order


@pytest.mark.parametrize(
    ("place", "order"), [("before", ["a", "b", "request"]), ("after", ["request", "a", "b"])]
)
def test_elements_are_added_beside(place: str, order: list[str]) -> None:
    new = '<xs:element name="a"/><xs:element name="b"/>'
    root = patched(f'<add sel="/xs:schema/xs:element" pos="{place}" reason="why">{new}</add>')["request.xsd"]
    assert [child.get("name") for child in root] == order


def test_a_pattern_reaches_several_files() -> None:
    made = patched('<replace sel="//xs:element/@type" reason="why">xs:long</replace>', "*.xsd")
    assert [root[0].get("type") for root in made.values()] == ["xs:long", "xs:long"]


def test_a_schema_that_no_page_describes_is_added() -> None:
    text = (
        '<overlay xmlns="urn:etalon:overlay" xmlns:xs="http://www.w3.org/2001/XMLSchema">'
        '<schema file="new.xsd" reason="why"><xs:schema><xs:element name="n"/></xs:schema></schema></overlay>'
    )
    made, _ = overlaid_schemas(SCHEMAS, text, "o.xml")
    assert list(made) == ["request.xsd", "answer.xsd", "new.xsd"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("<a", "cannot be read as XML"),
        ("<a/>", "its root is a"),
        (patches('<remove sel="//xs:element"/>'), "an overlay says why"),
        (patches('<remove reason="why"/>'), "needs sel"),
        (patches('<remove sel="//[" reason="why"/>'), "is no XPath"),
        (patches('<move sel="//xs:element" reason="why"/>'), "move cannot be done"),
        (patches('<add sel="//xs:element" pos="near" reason="why"/>'), "pos is before"),
        (patches('<replace sel="//xs:element" reason="why"/>'), "one element is needed"),
        (patches('<replace sel="/xs:schema" reason="why"><xs:schema/></replace>'), "root cannot be replaced"),
        (patches("", "")[:-10] + "<b/></overlay>", "needs files"),
    ],
)
def test_patches_that_cannot_be_carried_out_are_refused(text: str, says: str) -> None:
    with pytest.raises(OverlayError, match=says):
        overlaid_schemas(SCHEMAS, text, "o.xml")


def test_every_line_of_the_committed_overlays_says_why() -> None:
    actions = yaml.safe_load(spec("r7", "overlay.yaml").read_text(encoding="utf-8"))["actions"]
    assert all(len(action["description"]) > 20 for action in actions)
    root = etree.parse(spec("planfix", "overlay.xml")).getroot()
    lines = [part for part in root.iter(etree.Element) if part.get("sel") or part.get("file")]
    assert len(lines) > 15
    assert all(part.get("reason") for part in lines)


def test_an_overlay_on_the_command_line(etalon: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "plant.txt").write_text(R7_PAGE, encoding="utf-8")
    operation = "$.paths['/api/2.0/garden/plant'].post"
    action = {"target": operation, "description": "why", "update": {"operationId": "plantIt"}}
    (tmp_path / "overlay.yaml").write_text(overlay(action), encoding="utf-8")
    assert etalon("derive", "plant.txt", "--overlay", "overlay.yaml", "-o", "openapi.yaml").code == 0
    document = yaml.safe_load((tmp_path / "openapi.yaml").read_text(encoding="utf-8"))
    assert document["paths"]["/api/2.0/garden/plant"]["post"]["operationId"] == "plantIt"
    same = etalon("derive", "plant.txt", "--against", "openapi.yaml")
    assert (same.code, same.out) == (0, "Nothing changed.\n")


def test_a_stale_line_on_the_command_line(etalon: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "plant.txt").write_text(PLANFIX_PAGE, encoding="utf-8")
    text = patches('<remove sel="//xs:element[@name = \'roots\']" reason="they are not shown"/>', "*.xsd")
    (tmp_path / "overlay.xml").write_text(text, encoding="utf-8")
    outcome = etalon("derive", "plant.txt", "--overlay", "overlay.xml", "-o", "out")
    assert outcome.code == 4
    assert "roots" in outcome.err
    assert "they are not shown" in outcome.err
    assert not (tmp_path / "out").exists()


def test_two_pages_of_one_function_are_refused(etalon: CommandLine, tmp_path: Path) -> None:
    for name in ("old.txt", "new.txt"):
        (tmp_path / name).write_text(PLANFIX_PAGE, encoding="utf-8")
    outcome = etalon("derive", "old.txt", "new.txt", "-o", "out")
    assert outcome.code == 4
    assert "both describe plant.add" in outcome.err


def test_values_on_a_page_that_was_not_given_are_no_drift(etalon: CommandLine, tmp_path: Path) -> None:
    page = PLANFIX_PAGE.replace(
        "| height | int | высота | |", "| height | enum | высота | значения смотри в разделе высоты |"
    )
    listed = (
        "Список значений для поля **height** у растения:\n\n"
        "Значение | Описание | Примечание\n---|---|---\n**LOW** | Низкое |\n**TALL** | Высокое |\n"
    )
    (tmp_path / "plant.txt").write_text(page, encoding="utf-8")
    (tmp_path / "heights.md").write_text(listed, encoding="utf-8")
    assert etalon("derive", "plant.txt", "heights.md", "-o", "specs").code == 0
    schema = tmp_path / "specs" / "plant.add.request.xsd"
    assert 'value="TALL"' in schema.read_text(encoding="utf-8")
    alone = etalon("derive", "plant.txt", "--against", str(schema))
    assert (alone.code, alone.out) == (0, "Nothing changed.\n"), alone.err
