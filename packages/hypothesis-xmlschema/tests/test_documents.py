from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import xmlschema
from hypothesis import HealthCheck, Phase, find, given, seed, settings
from hypothesis import strategies as st
from lxml import etree

from hypothesis_xmlschema import (
    ControlError,
    OverrideError,
    UnsupportedSchemaError,
    explain,
    from_schema,
    paths_of,
)

XML_CHARACTERS = st.characters(
    exclude_categories=("Cs", "Cc"), include_characters="\t\n\r", exclude_characters="\ufffe\uffff"
)

if TYPE_CHECKING:
    from collections.abc import Callable

REQUEST = Path(__file__).with_name("request.xsd")

# One seed, no database: what these tests see is the same everywhere.
many = settings(
    max_examples=200,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
shrinking = settings(max_examples=2000, database=None, deadline=None)


@cache
def request() -> xmlschema.XMLSchema11:
    return xmlschema.XMLSchema11(str(REQUEST))


def whole(body: str) -> str:
    return f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">{body}</xs:schema>'


def small(
    body: str, version: type[xmlschema.XMLSchemaBase] = xmlschema.XMLSchema11
) -> xmlschema.XMLSchemaBase:
    return version(whole(body))


def members(content: str, assertion: str) -> str:
    """An element r with a sequence and an assertion."""
    return (
        f'<xs:element name="r"><xs:complexType><xs:sequence>{content}</xs:sequence>'
        f'<xs:assert test="{assertion}"/></xs:complexType></xs:element>'
    )


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


def shape(element: etree._Element) -> str:
    attributes = "".join(f" {name!s}={value!r}" for name, value in sorted(element.attrib.items()))
    content = (element.text or "") + ",".join(shape(child) for child in element)
    return f"{etree.QName(element).localname}{attributes}({content})"


def paths(document: etree._Element) -> set[str]:
    tree = document.getroottree()
    elements = {tree.getelementpath(element) for element in document.iter() if element is not document}
    return {"/".join(step.partition("[")[0] for step in path.split("/")) for path in elements}


def test_documents_are_valid_once_serialised_and_read_back() -> None:
    documents = drawn(from_schema(request()))
    assert len(documents) == 200
    for document in documents:
        request().validate(reparsed(document))


def test_each_member_of_the_request_is_reached() -> None:
    elements = {path for path in paths_of(request()) if "@" not in path}
    seen: set[str] = set()
    for document in drawn(from_schema(request(), max_optional=8), settings(many, max_examples=600)):
        seen |= paths(document)
    assert elements - seen == set()


def test_paths_are_listed_once_and_stop_where_an_element_contains_itself() -> None:
    schema = small("""
      <xs:element name="r"><xs:complexType>
        <xs:choice maxOccurs="9">
          <xs:element name="a" type="xs:int"/>
          <xs:sequence><xs:element name="b" type="xs:int"/><xs:element name="a" type="xs:int"/></xs:sequence>
          <xs:element name="c"><xs:complexType>
            <xs:sequence><xs:element ref="r" minOccurs="0"/></xs:sequence>
            <xs:attribute name="k" type="xs:int"/>
          </xs:complexType></xs:element>
        </xs:choice>
        <xs:attribute name="n" type="xs:int"/>
      </xs:complexType></xs:element>""")
    assert sorted(paths_of(schema)) == ["@n", "a", "b", "c", "c/@k", "c/r"]
    for path in paths_of(schema):
        assert drawn(from_schema(schema, exclude=[path]), settings(many, max_examples=5))


def test_members_come_in_any_order() -> None:
    orders = {
        tuple(child.tag for child in document.iterfind("task/*"))
        for document in drawn(from_schema(request(), required=["task/title"], max_optional=0))
    }
    assert orders == {("id", "title"), ("title", "id")}


def test_documents_stay_small() -> None:
    sizes = sorted(len(etree.tostring(document)) for document in drawn(from_schema(request())))
    assert sizes[len(sizes) // 2] < 400
    assert all(len(d.findall("task/*")) <= 3 for d in drawn(from_schema(request(), max_optional=2)))


def test_a_request_shrinks_to_its_mandatory_members() -> None:
    document = find(from_schema(request()), lambda _: True, settings=shrinking)
    assert shape(document) == "request method='task.update'(task(id(1)))"


@pytest.mark.parametrize(
    ("condition", "smallest"),
    [
        (lambda d: d.find("task/parent") is not None, "task(id(1),parent(id(0)))"),
        (
            lambda d: len(d.findall("task/workers/addUsers/id")) > 1,
            "task(id(1),workers(addUsers(id(1),id(1))))",
        ),
        (lambda d: "5" in (d.findtext("task/title") or ""), "task(id(1),title(5))"),
        (lambda d: d.find("task/periodicity/monthly/dayType") is not None, "monthly(dayType(DAY))"),
    ],
)
def test_shrinking_leaves_what_matters(condition: Callable[[etree._Element], bool], smallest: str) -> None:
    document = find(from_schema(request()), condition, settings=settings(shrinking, max_examples=20_000))
    assert smallest in shape(document)
    assert len(list(document.iter())) <= 7


def test_required_members_bring_their_ancestors() -> None:
    strategy = from_schema(request(), required=["task/periodicity/weekly/days", "signature"])
    for document in drawn(strategy):
        assert document.find("task/periodicity/weekly/days") is not None
        assert document.find("signature") is not None
        request().validate(document)


def test_a_floating_required_path_holds_wherever_its_parent_is() -> None:
    kinds = ("daily", "weekly", "monthly")
    strategy = from_schema(request(), required=["task/periodicity", *(f"**/{kind}/type" for kind in kinds)])
    seen = set()
    for document in drawn(strategy):
        for kind in kinds:
            for element in document.iter(kind):
                seen.add(kind)
                assert element.find("type") is not None
    assert seen == set(kinds)


def test_an_attribute_can_be_required_and_chooses_the_type() -> None:
    for document in drawn(from_schema(request(), required=["task/periodicity/@unset"])):
        periodicity = document.find("task/periodicity")
        assert periodicity is not None
        assert periodicity.get("unset") is not None


def test_excluded_members_are_never_there() -> None:
    strategy = from_schema(request(), exclude=["task/workers", "**/shift", "task/periodicity/@unset"])
    for document in drawn(strategy):
        assert document.find("task/workers") is None
        assert not list(document.iter("shift"))
        assert not document.xpath("//@unset")


def test_excluding_what_a_parent_needs_excludes_the_parent() -> None:
    assert all(d.find("task/owner") is None for d in drawn(from_schema(request(), exclude=["task/owner/id"])))


def test_overrides_replace_texts_and_the_first_that_matches_counts() -> None:
    strategy = from_schema(
        request(),
        overrides={
            "task/id": st.just("9001"),
            "task/workers/*/id": st.sampled_from(["501", "502"]),
            "**/id": st.just("77"),
            "task/title": st.just(" ё ]]>\n<b>&amp;"),
        },
        required=["task/title", "task/workers/addUsers/id", "task/owner"],
    )
    for document in drawn(strategy):
        again = reparsed(document)
        assert again.findtext("task/id") == "9001"
        assert again.findtext("task/owner/id") == "77"
        assert {e.text for e in again.findall("task/workers/addUsers/id")} <= {"501", "502"}
        assert again.findtext("task/title") == " ё ]]>\n<b>&amp;"


def test_an_overridden_enumeration_still_obeys_the_assertions() -> None:
    strategy = from_schema(
        request(),
        overrides={"task/periodicity/daily/type": st.sampled_from(["EVERY", "EVERY_WORKING"])},
        required=["task/periodicity/daily/type"],
    )
    documents = drawn(strategy)
    assert {d.findtext("task/periodicity/daily/type") for d in documents} == {"EVERY", "EVERY_WORKING"}
    for document in documents:
        request().validate(document)


def test_an_empty_override_leaves_the_member_out() -> None:
    documents = drawn(from_schema(request(), overrides={"task/project/id": st.nothing()}))
    assert all(document.find("task/project") is None for document in documents)


@pytest.mark.parametrize(("path", "text"), [("task/id", "0"), ("task/startTime", "30-02-2024")])
def test_an_override_that_the_type_refuses_is_reported(path: str, text: str) -> None:
    strategy = from_schema(request(), overrides={path: st.just(text)}, required=[path])
    with pytest.raises(OverrideError, match=f"override for {path} drew '{text}'"):
        drawn(strategy)


@pytest.mark.parametrize("text", ["\x00", "a\x1b", "\ud800", "\uffff"])
def test_an_override_that_xml_cannot_carry_is_reported(text: str) -> None:
    strategy = from_schema(request(), overrides={"task/title": st.just(text)}, required=["task/title"])
    with pytest.raises(OverrideError, match="XML"):
        drawn(strategy)


@given(st.text(XML_CHARACTERS))
@settings(many)
def test_every_text_of_the_default_alphabet_survives_serialisation(text: str) -> None:
    element = etree.Element("title")
    element.text = text
    assert (reparsed(element).text or "") == text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"required": ["task/tilte"]}, "nothing at task/tilte"),
        ({"overrides": {"titel": st.just("")}}, "nothing at titel"),
        ({"exclude": ["task//id"]}, "not a path"),
        ({"exclude": ["task/id"]}, "cannot be without"),
        ({"required": ["task/title"], "exclude": ["task/title"]}, "task/title is required"),
        ({"required": ["task/periodicity/daily", "task/periodicity/weekly"]}, "is required"),
        ({"required": ["task/periodicity/@unset", "task/periodicity/daily"]}, "is required"),
        ({"overrides": {"task/owner": st.just("1")}}, "holds members"),
    ],
)
def test_wishes_that_no_document_fulfils(arguments: dict[str, object], message: str) -> None:
    with pytest.raises(ControlError, match=message):
        from_schema(request(), **arguments)  # type: ignore[call-overload]  # one table for all keywords


SHAPES = {
    "sequence, choice and occurs": """
      <xs:element name="r">
        <xs:complexType>
          <xs:sequence>
            <xs:element name="a" type="xs:int" minOccurs="2" maxOccurs="3"/>
            <xs:choice minOccurs="0" maxOccurs="unbounded">
              <xs:element name="b" type="xs:date"/>
              <xs:sequence>
                <xs:element name="c" type="xs:boolean"/>
                <xs:element name="d" type="xs:decimal"/>
              </xs:sequence>
            </xs:choice>
          </xs:sequence>
          <xs:attribute name="k" type="xs:NMTOKEN"/>
          <xs:attribute name="m" use="required" type="xs:hexBinary"/>
        </xs:complexType>
      </xs:element>""",
    "simple content with attributes": """
      <xs:element name="r">
        <xs:complexType>
          <xs:simpleContent>
            <xs:extension base="xs:dateTime">
              <xs:attribute name="v" type="xs:double" use="required"/>
            </xs:extension>
          </xs:simpleContent>
        </xs:complexType>
      </xs:element>""",
    "list, union and lengths": """
      <xs:simpleType name="l">
        <xs:restriction>
          <xs:simpleType><xs:list itemType="xs:unsignedByte"/></xs:simpleType>
          <xs:minLength value="2"/>
          <xs:maxLength value="3"/>
        </xs:restriction>
      </xs:simpleType>
      <xs:simpleType name="s">
        <xs:restriction base="xs:string"><xs:length value="7"/></xs:restriction>
      </xs:simpleType>
      <xs:simpleType name="u"><xs:union memberTypes="xs:boolean xs:date"/></xs:simpleType>
      <xs:element name="r">
        <xs:complexType>
          <xs:sequence>
            <xs:element name="l" type="l"/>
            <xs:element name="s" type="s"/>
            <xs:element name="u" type="u"/>
          </xs:sequence>
        </xs:complexType>
      </xs:element>""",
    "ranges and patterns on numbers": """
      <xs:simpleType name="n">
        <xs:restriction base="xs:integer">
          <xs:minExclusive value="5"/>
          <xs:maxInclusive value="9"/>
        </xs:restriction>
      </xs:simpleType>
      <xs:simpleType name="p">
        <xs:restriction base="xs:integer"><xs:pattern value="0{3}[1-4]"/></xs:restriction>
      </xs:simpleType>
      <xs:element name="r">
        <xs:complexType>
          <xs:sequence><xs:element name="n" type="n"/><xs:element name="p" type="p"/></xs:sequence>
        </xs:complexType>
      </xs:element>""",
    "substitution": """
      <xs:element name="head" type="xs:string" abstract="true"/>
      <xs:element name="one" type="xs:string" substitutionGroup="head"/>
      <xs:element name="two" type="xs:string" substitutionGroup="head"/>
      <xs:element name="r">
        <xs:complexType><xs:sequence><xs:element ref="head" maxOccurs="4"/></xs:sequence></xs:complexType>
      </xs:element>""",
    "optional recursion ends": """
      <xs:element name="r">
        <xs:complexType>
          <xs:sequence><xs:element ref="r" minOccurs="0"/><xs:element name="v" type="xs:int"/></xs:sequence>
        </xs:complexType>
      </xs:element>""",
}


@pytest.mark.parametrize("body", SHAPES.values(), ids=SHAPES.keys())
@pytest.mark.parametrize("version", [xmlschema.XMLSchema10, xmlschema.XMLSchema11])
def test_other_content_models(body: str, version: type[xmlschema.XMLSchemaBase]) -> None:
    schema = small(body, version)
    documents = drawn(from_schema(schema, "r"))
    libxml2 = etree.XMLSchema(etree.fromstring(whole(body)))
    assert documents
    for document in documents:
        schema.validate(reparsed(document))
        libxml2.assertValid(reparsed(document))


@pytest.mark.parametrize("name", ["{urn:x}r", "r"])
def test_names_with_a_namespace(name: str) -> None:
    schema = xmlschema.XMLSchema11("""
      <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:x" xmlns="urn:x">
        <xs:element name="g" type="xs:int"/>
        <xs:element name="r">
          <xs:complexType>
            <xs:sequence><xs:element name="local" type="xs:int"/><xs:element ref="g"/></xs:sequence>
          </xs:complexType>
        </xs:element>
      </xs:schema>""")
    for document in drawn(from_schema(schema, name, overrides={"g": st.just("4")})):
        schema.validate(reparsed(document))
        assert document.findtext("{urn:x}g") == "4"


def test_an_assertion_that_compares_two_values_is_checked_on_what_is_drawn() -> None:
    content = '<xs:element name="low" type="xs:byte"/><xs:element name="high" type="xs:byte"/>'
    for document in drawn(from_schema(small(members(content, "low le high")))):
        assert int(document.findtext("low") or "") <= int(document.findtext("high") or "")


def test_an_assertion_that_cannot_hold_is_refused() -> None:
    schema = small(members('<xs:element name="a" minOccurs="0" type="xs:int"/>', "a and not(a)"))
    with pytest.raises(UnsupportedSchemaError, match="element r: no combination of members"):
        from_schema(schema)


@pytest.mark.parametrize(
    ("body", "component"),
    [
        ('<xs:element name="r" type="xs:error"/>', "type xs:error"),
        (members('<xs:any namespace=""/>', "true()"), "wildcard in element r"),
        (members('<xs:element ref="r"/>', "true()"), "element r"),
        (
            members('<xs:element name="a" minOccurs="999999999" maxOccurs="unbounded"/>', "true()"),
            "element r",
        ),
        ('<xs:complexType name="t" abstract="true"/><xs:element name="r" type="t"/>', "element r"),
        ('<xs:element name="r" abstract="true"/>', "schema"),
        ('<xs:element name="a" type="xs:error"/><xs:element name="b" type="xs:error"/>', "type xs:error"),
    ],
)
def test_what_cannot_be_drawn_is_refused_before_drawing(body: str, component: str) -> None:
    with pytest.raises(UnsupportedSchemaError) as refused:
        from_schema(small(body))
    assert refused.value.component.startswith(component)
    assert refused.value.reason


def test_without_a_name_documents_begin_with_any_element_that_has_some() -> None:
    schema = small("""
        <xs:element name="a" type="xs:error"/>
        <xs:element name="b" type="xs:byte"/>
        <xs:element name="c" type="xs:boolean"/>
        <xs:element name="d" type="xs:error"/>
        <xs:element name="head" abstract="true"/>
    """)
    documents = drawn(from_schema(schema))
    assert {document.tag for document in documents} == {"b", "c"}
    for document in documents:
        schema.validate(reparsed(document))
    broken = drawn(from_schema(schema, violating=True).map(lambda violation: violation.document))
    assert {document.tag for document in broken} == {"b", "c"}
    left_out = {note.component for note in explain(schema) if note.manner == "left out"}
    assert left_out == {"element a", "element d"}
    assert find(from_schema(schema), lambda _: True, settings=shrinking).tag == "b"


def test_paths_from_the_root_need_the_name_of_one() -> None:
    schema = small('<xs:element name="a" type="xs:int"/><xs:element name="b" type="xs:int"/>')
    with pytest.raises(ControlError, match="name the element"):
        from_schema(schema, exclude=["note"])
    assert drawn(from_schema(schema, exclude=["**/note"]))


def test_elements_of_imported_namespaces_can_be_named(tmp_path: Path) -> None:
    (tmp_path / "other.xsd").write_text(whole('<xs:element name="b" type="xs:int"/>'), encoding="utf-8")
    (tmp_path / "own.xsd").write_text(
        """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:x">
        <xs:import schemaLocation="other.xsd"/><xs:element name="a" type="xs:int"/></xs:schema>""",
        encoding="utf-8",
    )
    schema = xmlschema.XMLSchema11(str(tmp_path / "own.xsd"))
    assert {document.tag for document in drawn(from_schema(schema))} == {"{urn:x}a"}
    assert {document.tag for document in drawn(from_schema(schema, "b"))} == {"b"}


def test_strategies_are_made_once() -> None:
    schema = request()
    assert from_schema(schema, max_optional=2) is from_schema(schema, "request", max_optional=2)


PRINT_DIGEST = """
import sys
sys.path.insert(0, {tests!r})
from test_documents import digest
print(digest())
"""


def digest() -> str:
    documents = drawn(from_schema(request()), settings(many, max_examples=50))
    return hashlib.sha256(b"\n".join(etree.tostring(document) for document in documents)).hexdigest()


def test_one_seed_draws_the_same_documents_in_every_process() -> None:
    # Processes alike but for the hash seed: Hypothesis mixes in constants of all local modules loaded.
    digests = set()
    for hash_seed in ("0", "1", "2"):
        process = subprocess.run(  # noqa: S603 - this interpreter, a script of this file
            [sys.executable, "-c", PRINT_DIGEST.format(tests=str(Path(__file__).parent))],
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
            capture_output=True,
            text=True,
            check=True,
        )
        digests.add(process.stdout)
    assert len(digests) == 1


def test_an_assertion_that_no_search_satisfies_is_refused() -> None:
    schema = small(members('<xs:element name="a" type="xs:int"/>', "a = 1234567 and a = 7654321"))
    with pytest.raises(UnsupportedSchemaError, match="element r: no content that satisfies its assertions"):
        from_schema(schema)
