"""What is used of Hypothesis that is not public: in one module, there in this version, replaceable."""

from __future__ import annotations

import ast
import importlib.util
import inspect
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import xmlschema
from hypothesis import given, seed, settings
from hypothesis import strategies as st
from hypothesis.internal.conjecture.data import ConjectureData

from hypothesis_xmlschema import hypothesis_internals
from hypothesis_xmlschema.building import built
from hypothesis_xmlschema.compiling import compile_schema
from hypothesis_xmlschema.documents import Drawing, Size

if TYPE_CHECKING:
    from types import ModuleType

    from lxml import etree

    from hypothesis_xmlschema.choices import Choices

SCHEMA = """
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
  <xs:element name="r">
    <xs:complexType>
      <xs:sequence><xs:element name="a" type="xs:int" maxOccurs="3"/></xs:sequence>
    </xs:complexType>
  </xs:element>
</xs:schema>
"""
ONE = Path(hypothesis_internals.__file__)
OTHERS = sorted(path for path in ONE.parent.rglob("*.py") if path != ONE)
# Of a strategy and of the data that it draws from: no name with an underscore, and none that is documented.
NAMES = {"is_empty", "do_draw", "draw_integer", "start_span", "stop_span", "wrapped_strategy"}


def uses(source: str) -> set[str]:
    """What a module uses of Hypothesis that is not public."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.Attribute) and node.attr in NAMES:
            found.add(f"hypothesis._.{node.attr}")
    return {
        name
        for name in found
        if name.startswith("hypothesis.")
        and any(part == "internal" or part.startswith("_") for part in name.split("."))
    }


@pytest.mark.parametrize("module", OTHERS, ids=lambda path: path.stem)
def test_no_other_module_uses_what_is_not_public(module: Path) -> None:
    assert uses(module.read_text(encoding="utf-8")) == set()


def test_the_search_for_it_finds_what_the_one_module_uses() -> None:
    found = uses(ONE.read_text(encoding="utf-8"))
    assert "hypothesis.internal.conjecture.data.ConjectureData" in found
    assert {"hypothesis._.draw_integer", "hypothesis._.start_span", "hypothesis._.stop_span"} <= found
    assert uses("from hypothesis.strategies._internal import core") != set()
    assert uses("import hypothesis.internal.reflection") != set()
    assert uses("from hypothesis import strategies") == set()


def test_the_installed_hypothesis_has_all_of_it() -> None:
    assert hypothesis_internals.IS_AVAILABLE
    integer = inspect.signature(ConjectureData.draw_integer).parameters
    assert [*integer][1:3] == ["min_value", "max_value"]
    assert "forced" in integer
    assert hasattr(st.SearchStrategy, "do_draw")
    assert hypothesis_internals.is_empty(st.nothing().map(str))
    assert not hypothesis_internals.is_empty(st.just("a"))


def loaded_again() -> ModuleType:
    spec = importlib.util.spec_from_file_location("internals_elsewhere", ONE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("lacks", ["the module", "a method"])
def test_without_it_documents_are_drawn_by_the_public_interface(lacks: str) -> None:
    with pytest.MonkeyPatch.context() as elsewhere:
        if lacks == "the module":
            elsewhere.setitem(sys.modules, "hypothesis.internal.conjecture.data", None)
        else:
            elsewhere.delattr(ConjectureData, "stop_span")
        module = loaded_again()
    assert loaded_again().IS_AVAILABLE
    assert not module.IS_AVAILABLE
    schema = xmlschema.XMLSchema11(SCHEMA)
    program = compile_schema(schema, "r")

    def document(source: Choices) -> etree._Element:
        drawn_by.add(type(source).__name__)
        return built(program, Drawing(program, source, Size()).document())

    drawn_by: set[str] = set()

    @seed(1)
    @settings(max_examples=60, database=None, deadline=None)
    @given(module.strategy_of(document))
    def is_valid(document: etree._Element) -> None:
        schema.validate(document)

    is_valid()
    assert drawn_by == {"_Public"}


def test_nothing_is_known_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(st.SearchStrategy, "is_empty")
    assert hypothesis_internals.is_empty(st.nothing())
    assert not hypothesis_internals.is_empty(st.just("a"))
