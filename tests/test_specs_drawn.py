"""What the XSD library draws of this repository's schemas: sound, and nothing of them out of reach."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path

import pytest
import xmlschema
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from lxml import etree

from hypothesis_xmlschema import Violation, from_schema, paths_of, violations_of

SPECS = Path(__file__).parents[1] / "specs" / "planfix"
MESSAGES = sorted(path.name.removesuffix(".xsd") for path in SPECS.glob("*.*.xsd"))
UPDATE = "task.update.request"
ENVELOPE = ["account", "sid", "silent", "signature"]

# One seed, no database: what these tests see is the same everywhere.
many = settings(
    max_examples=200,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@cache
def planfix(name: str) -> xmlschema.XMLSchema11:
    return xmlschema.XMLSchema11(str(SPECS / f"{name}.xsd"))


def drawn(strategy: st.SearchStrategy[etree._Element], configured: settings = many) -> list[etree._Element]:
    documents: list[etree._Element] = []

    @seed(20)
    @configured
    @given(strategy)
    def collect(document: etree._Element) -> None:
        documents.append(document)

    collect()
    return documents


def reparsed(document: etree._Element) -> etree._Element:
    return etree.fromstring(etree.tostring(document, encoding="utf-8"))


def paths(document: etree._Element) -> set[str]:
    tree = document.getroottree()
    elements = {tree.getelementpath(element) for element in document.iter() if element is not document}
    return {"/".join(step.partition("[")[0] for step in path.split("/")) for path in elements}


def errors(schema: xmlschema.XMLSchema11, violation: Violation) -> list[xmlschema.XMLSchemaValidationError]:
    return list(schema.iter_errors(reparsed(violation.document)))


def test_there_are_messages() -> None:
    assert UPDATE in MESSAGES


@pytest.mark.parametrize("name", MESSAGES)
def test_documents_are_valid_once_serialised_and_read_back(name: str) -> None:
    schema = planfix(name)
    documents = drawn(from_schema(schema))
    assert len(documents) == 200
    for document in documents:
        schema.validate(reparsed(document))


def test_each_member_of_the_request_is_reached() -> None:
    elements = {path for path in paths_of(planfix(UPDATE), "request") if "@" not in path}
    assert len(elements) > 40
    seen: set[str] = set()
    for document in drawn(from_schema(planfix(UPDATE), max_optional=8), settings(many, max_examples=600)):
        seen |= paths(document)
    assert elements - seen == set()


def test_violations_of_a_request_are_of_many_kinds() -> None:
    schema = planfix(UPDATE)
    found: list[Violation] = []

    @seed(20)
    @settings(many, max_examples=150)
    @given(from_schema(schema, violating=True))
    def collect(violation: Violation) -> None:
        found.append(violation)

    collect()
    assert len(found) == 150
    assert all(len(errors(schema, violation)) == 1 for violation in found)
    assert len({violation.constraint for violation in found}) > 15
    assert max(Counter(violation.clause for violation in found).values()) < 75


def test_the_list_of_violations_names_every_place_of_a_request_once() -> None:
    schema = planfix(UPDATE)
    found = list(violations_of(schema, exclude=ENVELOPE))
    enumerations = {v.path.removeprefix("/request/task/") for v in found if "enumeration" in v.constraint}
    assert enumerations == {
        "importance",
        "status",
        *(f"periodicity/{kind}/type" for kind in ("daily", "weekly", "monthly", "endCondition", "notify")),
        "periodicity/monthly/dayType",
    }
    assert all(len(errors(schema, violation)) == 1 for violation in found)
