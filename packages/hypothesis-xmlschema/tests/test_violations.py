from __future__ import annotations

from collections import Counter
from contextlib import suppress
from functools import cache
from pathlib import Path

import pytest
import xmlschema
from hypothesis import HealthCheck, Phase, find, given, seed, settings
from lxml import etree

from hypothesis_xmlschema import KINDS, UnsupportedSchemaError, Violation, from_schema, violations_of

REQUEST = Path(__file__).with_name("request.xsd")

many = settings(
    max_examples=150,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@cache
def request() -> xmlschema.XMLSchema11:
    return xmlschema.XMLSchema11(str(REQUEST))


def small(body: str) -> tuple[xmlschema.XMLSchema11, etree.XMLSchema | None]:
    text = f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">{body}</xs:schema>'
    try:
        return xmlschema.XMLSchema11(text), etree.XMLSchema(etree.fromstring(text))
    except etree.XMLSchemaParseError:  # XSD 1.1
        return xmlschema.XMLSchema11(text), None


def violations(schema: xmlschema.XMLSchema11, configured: settings = many) -> list[Violation]:
    found: list[Violation] = []

    @seed(20)
    @configured
    @given(from_schema(schema, violating=True))
    def collect(violation: Violation) -> None:
        found.append(violation)

    collect()
    return found


def errors(schema: xmlschema.XMLSchema11, violation: Violation) -> list[xmlschema.XMLSchemaValidationError]:
    again = etree.fromstring(etree.tostring(violation.document, encoding="utf-8"))
    return list(schema.iter_errors(again))


SHAPES = {
    "members": """
      <xs:element name="r">
        <xs:complexType>
          <xs:sequence>
            <xs:element name="a" type="xs:int"/>
            <xs:element name="b" type="xs:date" minOccurs="0" maxOccurs="2"/>
            <xs:choice><xs:element name="c"><xs:complexType/></xs:element>
              <xs:element name="d" type="xs:boolean"/></xs:choice>
          </xs:sequence>
          <xs:attribute name="k" type="xs:NMTOKEN" use="required"/>
          <xs:attribute name="f" fixed="one"/>
        </xs:complexType>
      </xs:element>""",
    "facets": """
      <xs:element name="r">
        <xs:complexType>
          <xs:all>
            <xs:element name="code" nillable="true"><xs:simpleType><xs:restriction base="xs:string">
              <xs:pattern value="[A-Z]{2}\\d*"/><xs:maxLength value="6"/></xs:restriction></xs:simpleType>
            </xs:element>
            <xs:element name="amount"><xs:simpleType><xs:restriction base="xs:decimal">
              <xs:totalDigits value="5"/><xs:fractionDigits value="2"/><xs:minInclusive value="0"/>
              </xs:restriction></xs:simpleType></xs:element>
            <xs:element name="kind"><xs:simpleType><xs:restriction base="xs:token">
              <xs:enumeration value="one"/><xs:enumeration value="two"/></xs:restriction></xs:simpleType>
            </xs:element>
          </xs:all>
        </xs:complexType>
      </xs:element>""",
    "identities": """
      <xs:element name="r">
        <xs:complexType>
          <xs:sequence>
            <xs:element name="part" minOccurs="2" maxOccurs="9"><xs:complexType>
              <xs:attribute name="n" type="xs:int"/></xs:complexType></xs:element>
            <xs:element name="use" maxOccurs="9"><xs:complexType>
              <xs:attribute name="part" type="xs:int" use="required"/></xs:complexType></xs:element>
          </xs:sequence>
        </xs:complexType>
        <xs:key name="parts"><xs:selector xpath="part"/><xs:field xpath="@n"/></xs:key>
        <xs:keyref name="used" refer="parts"><xs:selector xpath="use"/><xs:field xpath="@part"/></xs:keyref>
      </xs:element>""",
    "assertions": """
      <xs:element name="r">
        <xs:complexType>
          <xs:sequence><xs:element name="low" type="xs:byte"/><xs:element name="high" type="xs:byte"/>
          </xs:sequence>
          <xs:assert test="low le high"/>
        </xs:complexType>
      </xs:element>""",
}


@pytest.mark.parametrize("body", SHAPES.values(), ids=SHAPES.keys())
def test_each_violation_breaks_one_constraint_where_its_record_says(body: str) -> None:
    schema, libxml2 = small(body)
    found = violations(schema)
    assert found
    for violation in found:
        here = errors(schema, violation)
        assert len(here) == 1, violation
        element = violation.path.partition("/@")[0].replace("[1]", "")
        assert str(here[0].path).replace("[1]", "") == element
        if libxml2 is not None:
            again = etree.fromstring(etree.tostring(violation.document, encoding="utf-8"))
            assert not libxml2.validate(again)
            if violation.clause.endswith(
                "-valid"
            ):  # libxml2 names those of facets as the recommendation does
                rule = "SCHEMAV_" + violation.clause.upper().replace("-", "_")
                assert rule in str(libxml2.error_log)


@pytest.mark.parametrize(
    ("shape", "clauses"),
    [
        (
            "members",
            {
                "cvc-complex-type.2.4.a",
                "cvc-complex-type.2.4.b",
                "cvc-complex-type.2.4.d",
                "cvc-complex-type.2.1",
                "cvc-complex-type.2.3",
                "cvc-complex-type.3.2.1",
                "cvc-complex-type.4",
                "cvc-au",
                "cvc-datatype-valid.1",
                "cvc-elt.3.1",
                "cvc-elt.4.2",
                "cvc-type.3.1.2",
            },
        ),
        (
            "facets",
            {
                "cvc-pattern-valid",
                "cvc-maxLength-valid",
                "cvc-totalDigits-valid",
                "cvc-fractionDigits-valid",
                "cvc-minInclusive-valid",
                "cvc-enumeration-valid",
                "cvc-elt.3.2.1",
            },
        ),
        ("identities", {"cvc-identity-constraint.4.2.2", "cvc-identity-constraint.4.3"}),
        ("assertions", {"cvc-assertion"}),
    ],
)
def test_all_that_can_be_broken_is(shape: str, clauses: set[str]) -> None:
    schema, _ = small(SHAPES[shape])
    missing = set(clauses)

    @seed(20)
    @settings(many, max_examples=1500)
    @given(from_schema(schema, violating=True))
    def look(violation: Violation) -> None:
        missing.discard(violation.clause)
        if not missing:
            raise _AllSeenError

    with suppress(_AllSeenError):
        look()
    assert missing == set()


class _AllSeenError(Exception):
    """No further example is needed."""


def test_violations_of_a_large_schema_are_of_many_kinds() -> None:
    found = violations(request())
    assert len(found) == 150
    assert all(len(errors(request(), violation)) == 1 for violation in found)
    assert len({violation.constraint for violation in found}) > 15
    assert max(Counter(violation.clause for violation in found).values()) < 75


def test_the_record_names_what_stood_there_and_what_stands_there_now() -> None:
    schema, _ = small(SHAPES["facets"])
    for violation in violations(schema):
        if violation.clause == "cvc-minInclusive-valid":
            assert violation.path == "/r/amount"
            assert violation.constraint == "minInclusive 0"
            assert float(violation.before) >= 0 > float(violation.after)
            assert violation.document.findtext("amount") == violation.after
            return
    pytest.fail("no bound was broken")


def test_a_violation_shrinks_to_the_smallest_document_that_shows_it() -> None:
    violation = find(
        from_schema(request(), violating=True),
        lambda v: v.clause == "cvc-pattern-valid" and v.path.endswith("startDate"),
        settings=settings(max_examples=5000, database=None, deadline=None),
    )
    assert len(list(violation.document.iter())) <= 6


def test_what_cannot_be_violated_is_refused() -> None:
    schema, _ = small('<xs:element name="r" type="xs:anyType"/>')
    try:
        strategy = from_schema(schema, violating=True)
    except UnsupportedSchemaError:
        return
    violation = find(strategy, lambda _: True, settings=settings(database=None, deadline=None))
    assert len(errors(schema, violation)) == 1


def test_wishes_hold_in_violations_too() -> None:
    @seed(3)
    @settings(many, max_examples=60)
    @given(from_schema(request(), violating=True, exclude=["task/workers", "**/shift"]))
    def holds(violation: Violation) -> None:
        assert violation.document.find("task/workers") is None
        assert not list(violation.document.iter("shift"))

    holds()


@pytest.mark.parametrize("body", SHAPES.values(), ids=SHAPES.keys())
def test_each_listed_violation_breaks_one_constraint_where_its_record_says(body: str) -> None:
    schema, _ = small(body)
    found = list(violations_of(schema))
    assert {violation.kind for violation in found} <= set(KINDS)
    for violation in found:
        [error] = errors(schema, violation)
        assert str(error.path).replace("[1]", "") == violation.path.partition("/@")[0].replace("[1]", "")
    records = [(violation.path, violation.constraint) for violation in found]
    assert len(records) == len(set(records))


def test_the_list_names_every_place_of_a_large_schema_once_and_each_time_the_same() -> None:
    found = list(violations_of(request(), exclude=["account", "silent", "signature"]))
    enumerations = {v.path.removeprefix("/request/task/") for v in found if "enumeration" in v.constraint}
    assert enumerations == {
        "importance",
        "status",
        *(f"periodicity/{kind}/type" for kind in ("daily", "weekly", "monthly", "endCondition")),
        "periodicity/monthly/dayType",
    }
    again = violations_of(request(), exclude=["account", "silent", "signature"])
    assert [etree.tostring(v.document) for v in again] == [etree.tostring(v.document) for v in found]
    assert all(len(errors(request(), violation)) == 1 for violation in found)


def test_only_what_is_asked_for_is_listed() -> None:
    kinds = ("missing-child", "unknown-attribute")
    assert {violation.kind for violation in violations_of(request(), kinds=kinds)} == set(kinds)


def test_wishes_hold_in_the_list_too() -> None:
    found = list(
        violations_of(
            request(),
            kinds=["nil"],
            texts={"task/id": "77", "**/shift": "3"},
            required=["**/daily/shift"],
            exclude=["task/workers"],
        )
    )
    assert {violation.document.findtext("task/id") for violation in found} == {"77"}
    assert {node.text for violation in found for node in violation.document.iter("shift")} == {"3"}
    assert all(len(daily) for violation in found for daily in violation.document.iter("daily"))
    assert not any(list(violation.document.iter("workers")) for violation in found)


def test_wrong_texts_of_the_caller_stand_for_those_of_the_schema() -> None:
    given = {"xs:integer": ["5x", "0", "7"], "importance": ["none"]}
    found = [
        (
            violation.path.removeprefix("/request/task/"),
            violation.constraint,
            violation.clause,
            violation.after,
        )
        for violation in violations_of(request(), kinds=["text"], wrong=given)
    ]
    assert [record[1:] for record in found if record[0] == "owner/id"] == [
        ("type integer", "cvc-datatype-valid.1", "5x"),
        ("minInclusive 1", "cvc-minInclusive-valid", "0"),
        ("pattern", "cvc-pattern-valid", "01"),
    ]
    assert [record[3] for record in found if record[0] == "importance"] == ["none"]
    assert [record[3] for record in found if record[0] == "status"] == ["DRAFTx"]


def test_a_mandatory_attribute_that_chooses_the_type_is_not_said_to_be_missing() -> None:
    # Without it the element has another type, which demands none.
    paths = {violation.path for violation in violations_of(request(), kinds=["missing-attribute"])}
    assert paths == {"/request"}


def test_an_xml_id_stays_one_that_parsers_take() -> None:
    # libxml2 refuses such documents while it parses them: https://www.w3.org/TR/xml-id/
    schema, _ = small("""
      <xs:import namespace="http://www.w3.org/XML/1998/namespace"/>
      <xs:element name="r"><xs:complexType>
        <xs:sequence><xs:element name="a" maxOccurs="5"><xs:complexType>
          <xs:attribute ref="xml:id" use="required"/></xs:complexType></xs:element></xs:sequence>
        <xs:anyAttribute namespace="##any"/>
      </xs:complexType></xs:element>""")
    found = violations(schema)
    assert "missing-attribute" in {violation.kind for violation in found}
    assert all(len(errors(schema, violation)) == 1 for violation in found)


def test_a_fixed_value_is_that_of_the_use_or_of_the_declaration() -> None:
    schema, _ = small("""
      <xs:attribute name="declared" fixed="x"/>
      <xs:attribute name="free"/>
      <xs:element name="r"><xs:complexType>
        <xs:attribute ref="declared"/>
        <xs:attribute ref="free" fixed="y"/>
        <xs:attribute name="own" fixed="z"/>
      </xs:complexType></xs:element>""")
    clauses = {v.path: v.clause for v in violations_of(schema, kinds=["fixed-attribute"])}
    assert clauses == {"/r/@declared": "cvc-attribute.4", "/r/@free": "cvc-au", "/r/@own": "cvc-au"}
