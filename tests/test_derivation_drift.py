from __future__ import annotations

import pytest
from xmlschema import XMLSchema11

from etalon.derivation.drift import Drift, DriftKind, drift, openapi_members, xsd_members
from etalon.generation.json_bodies import load_spec
from etalon.shipped import spec

DOCUMENT = """
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
  <xs:element name="request"><xs:complexType><xs:all>
    <xs:element name="title" type="xs:string"/>
    <xs:element name="status" minOccurs="0"><xs:simpleType><xs:restriction base="xs:string">
      <xs:enumeration value="DRAFT"/><xs:enumeration value="ACTIVE"/>
    </xs:restriction></xs:simpleType></xs:element>
    <xs:element name="owner" minOccurs="0"><xs:complexType><xs:all>
      <xs:element name="id" type="xs:int"/>
    </xs:all></xs:complexType></xs:element>
  </xs:all><xs:attribute name="method" use="required"/></xs:complexType></xs:element>
</xs:schema>
"""


def changes(old: str, new: str) -> tuple[Drift, ...]:
    return drift(xsd_members(XMLSchema11(old)), xsd_members(XMLSchema11(new)))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            'name="title" type="xs:string"',
            'name="title" type="xs:int"',
            "request/title: retyped (string → int)",
        ),
        (
            'name="title" type="xs:string"',
            'name="title" type="xs:string" minOccurs="0"',
            "request/title: became optional",
        ),
        ('name="status" minOccurs="0"', 'name="status"', "request/status: became mandatory"),
        (
            '<xs:enumeration value="ACTIVE"/>',
            '<xs:enumeration value="DONE"/>',
            "request/status: other values allowed (DRAFT, ACTIVE → DRAFT, DONE)",
        ),
        (
            '<xs:attribute name="method" use="required"/>',
            '<xs:attribute name="method"/>',
            "request/@method: became optional",
        ),
    ],
)
def test_a_change_of_a_schema_is_said_in_words(old: str, new: str, said: str) -> None:
    assert [str(change) for change in changes(DOCUMENT, DOCUMENT.replace(old, new))] == [said]


def test_a_member_that_comes_or_goes_takes_its_own_along() -> None:
    renamed = DOCUMENT.replace('name="owner"', 'name="author"')
    assert [(change.path, change.kind) for change in changes(DOCUMENT, renamed)] == [
        ("request/owner", DriftKind.REMOVED),
        ("request/author", DriftKind.ADDED),
    ]


def test_a_schema_does_not_drift_from_itself() -> None:
    assert changes(DOCUMENT, DOCUMENT) == ()


def test_an_openapi_document_is_compared_member_by_member() -> None:
    old, new = (load_spec(spec("r7", "openapi.yaml")) for _ in range(2))
    assert drift(openapi_members(old), openapi_members(new)) == ()
    properties = new["components"]["schemas"]["PutCrmTaskByTaskidBody"]["properties"]
    properties["priority"] = {"type": "integer"}
    del properties["alertValue"]
    new["components"]["schemas"]["PostCrmTaskBody"]["required"].remove("title")
    said = {str(change) for change in drift(openapi_members(old), openapi_members(new))}
    assert said == {
        "PUT /api/2.0/crm/task/{taskid} request: alertValue: removed",
        "PUT /api/2.0/crm/task/{taskid} request: priority: added (optional integer)",
        "POST /api/2.0/crm/task request: title: became optional",
    }
