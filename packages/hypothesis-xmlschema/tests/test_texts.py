from __future__ import annotations

import re
from fractions import Fraction
from random import Random

import pytest
import xmlschema
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from hypothesis_xmlschema.choices import Seeded
from hypothesis_xmlschema.compiling import compile_schema
from hypothesis_xmlschema.errors import PatternError
from hypothesis_xmlschema.expressions import ANY_TEXT, Both, Without
from hypothesis_xmlschema.lexical import whole_numbers
from hypothesis_xmlschema.patterns import expression_of
from hypothesis_xmlschema.regular import language
from hypothesis_xmlschema.simple import Simple
from hypothesis_xmlschema.wrong_texts import WrongTexts

SCHEMA = '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">{}</xs:schema>'

# Patterns that mean the same to Python, so that it can be the judge.
ALIKE = [
    "[1-9][0-9]*",
    "a{2,4}b?",
    "(ab|a)(c|bcd)*",
    "[^a-c]{1,3}",
    "(a|b)*abb",
    "x?y+z*",
    "(a{0,2}){3}",
    "|a",
]


@pytest.mark.parametrize("pattern", ALIKE)
def test_the_words_of_a_pattern_match_it_each_once_and_short_ones_first(pattern: str) -> None:
    words = language(expression_of(pattern))
    found = [words.nth(index) for index in range(min(words.size, 300))]
    assert len(set(found)) == len(found)
    assert all(re.fullmatch(pattern, word) for word in found)
    plain = [len(word) for word in found if word.isascii() and word.isprintable()]
    assert plain == sorted(plain)


@pytest.mark.parametrize("pattern", ALIKE)
def test_the_complement_of_a_pattern_holds_what_does_not_match(pattern: str) -> None:
    words = language(Both((Without(expression_of(pattern)), ANY_TEXT)))
    found = [words.nth(index) for index in range(200)]
    assert not any(re.fullmatch(pattern, word) for word in found)


@given(st.sampled_from(ALIKE), st.text("abcdxyz019", max_size=6))
@settings(deadline=None)
def test_membership_is_as_python_sees_it(pattern: str, text: str) -> None:
    assert language(expression_of(pattern)).accepts(text) == bool(re.fullmatch(pattern, text))


@given(st.integers(-2000, 2000), st.integers(0, 3000), st.integers(-6000, 6000))
@settings(deadline=None)
def test_whole_numbers_are_those_within_bounds(low: int, width: int, number: int) -> None:
    numbers = language(whole_numbers(low, low + width))
    assert numbers.accepts(str(number)) == (low <= number <= low + width)
    assert low <= int(numbers.nth(numbers.size - 1)) <= low + width


@pytest.mark.parametrize(
    ("pattern", "inside", "outside"),
    [
        (r"[a-z-[aeiou]]+", "xyz", "xaz"),
        (r"\i\c*", "a-1", "-a"),
        (r"\p{Lu}\P{Lu}", "Aa", "aA"),
        (r"\p{IsCyrillic}+", "жук", "bug"),
        (r"a.c", "a^c", "a\nc"),
        (r"^a$", "^a$", "a"),
        (r"[\d\-]{3}", "1-2", "1+2"),
    ],
)
def test_what_is_xml_schemas_own(pattern: str, inside: str, outside: str) -> None:
    words = language(expression_of(pattern))
    assert words.accepts(inside)
    assert not words.accepts(outside)


@pytest.mark.parametrize("pattern", ["a{2", "[a", "(a", "a)", r"\p{Nonsense}", "*a", "[z-a]", r"\q"])
def test_what_is_no_pattern_is_refused(pattern: str) -> None:
    with pytest.raises(PatternError):
        expression_of(pattern)


SIMPLE = {
    "patterns of two steps": (
        (
            '<xs:simpleType name="t"><xs:restriction base="xs:string"><xs:pattern value="[a-z]*x[a-z]*"/>'
            '<xs:maxLength value="4"/></xs:restriction></xs:simpleType>'
        ),
        '<xs:restriction base="t"><xs:pattern value="\\w{3,}"/></xs:restriction>',
        r"(?=.*x)[a-z]{3,4}",
    ),
    "a pattern on a bounded number": (
        "",
        '<xs:restriction base="xs:byte"><xs:pattern value="-?\\d{3}"/></xs:restriction>',
        r"(-?(0\d\d|1[01]\d|12[0-7])|-128)",
    ),
    "a pattern on a date": (
        "",
        '<xs:restriction base="xs:date"><xs:pattern value="....-02-29"/></xs:restriction>',
        r"\d\d[02468][048]-02-29|\d\d[13579][26]-02-29",
    ),
    "a list with a pattern": (
        "",
        (
            '<xs:restriction><xs:simpleType><xs:list itemType="xs:boolean"/></xs:simpleType>'
            '<xs:pattern value="(true|1) .*"/><xs:length value="3"/></xs:restriction>'
        ),
        r"(true|1)( (true|false|0|1)){2}",
    ),
    "a long list with a pattern": (
        "",
        (
            '<xs:restriction><xs:simpleType><xs:list itemType="xs:date"/></xs:simpleType><xs:pattern value="'
            + " ".join(["19\\d\\d-\\d4-2\\d", "\\d\\d51-\\d7-\\d6"] * 5)
            + '"/></xs:restriction>'
        ),
        " ".join([r"19\d\d-04-2\d", r"\d\d51-07-[012]6"] * 5),
    ),
    "digits": (
        "",
        (
            '<xs:restriction base="xs:decimal"><xs:totalDigits value="3"/><xs:fractionDigits value="1"/>'
            '<xs:minExclusive value="0"/></xs:restriction>'
        ),
        r"\+?0*\d{1,3}(\.\d)?",
    ),
    "a narrow float": (
        "",
        (
            '<xs:restriction base="xs:double"><xs:minInclusive value="0.1234"/>'
            '<xs:maxExclusive value="0.1235"/></xs:restriction>'
        ),
        r"\+?0+\.1234\d*",
    ),
    "a required zone": (
        "",
        '<xs:restriction base="xs:dateTime"><xs:explicitTimezone value="required"/></xs:restriction>',
        r".*(Z|[+-]\d\d:\d\d)",
    ),
    "a pattern on a date within bounds": (
        "",
        (
            '<xs:restriction base="xs:date"><xs:pattern value="\\d{4}-\\d\\d-\\d\\d"/>'
            '<xs:minInclusive value="2019-12-30"/><xs:maxExclusive value="2020-03-01"/></xs:restriction>'
        ),
        r"2019-12-3[01]|2020-0[12]-\d\d",
    ),
    "a pattern on a moment within bounds": (
        "",
        (
            '<xs:restriction base="xs:dateTime"><xs:pattern value=".*:0\\d(\\.\\d+)?Z"/>'
            '<xs:minExclusive value="2020-02-29T23:59:01Z"/></xs:restriction>'
        ),
        r"(2020-02-29T23:59:0([2-9]|1\.\d+)|(?!2020-0[12])20[2-9]|2[1-9]|[3-9]).*Z",
    ),
    "assertions about characters": (
        "",
        (
            '<xs:restriction base="xs:string"><xs:assertion test="starts-with($value, \'AB\') and '
            "string-length($value) = (4, 6)\"/><xs:assertion test=\"not(contains($value, 'C') or "
            "matches($value, '[^A-Z]'))\"/></xs:restriction>"
        ),
        r"AB[ABD-Z]{2}([ABD-Z]{2})?",
    ),
    "an assertion about a pattern": (
        "",
        (
            '<xs:restriction base="xs:token"><xs:assertion test="matches($value, \'^\\d{3}\')"/>'
            "</xs:restriction>"
        ),
        r"\d{3}.*",
    ),
    "an assertion facet": (
        "",
        '<xs:restriction base="xs:integer"><xs:assertion test="$value mod 7 = 3"/></xs:restriction>',
        r"[+-]?\d+",
    ),
}


@pytest.mark.parametrize(("globals_", "body", "expected"), SIMPLE.values(), ids=SIMPLE.keys())
def test_texts_satisfy_all_facets(globals_: str, body: str, expected: str) -> None:
    text = SCHEMA.format(f'{globals_}<xs:element name="r"><xs:simpleType>{body}</xs:simpleType></xs:element>')
    program = compile_schema(xmlschema.XMLSchema11(text), "r")
    simple = program.types[0].content
    assert isinstance(simple, Simple)
    choices = Seeded(Random(1))  # noqa: S311 - which texts, nothing secret
    texts = {simple.values.draw(choices) for _ in range(200)}
    assert texts
    for value in texts:
        assert simple.accepts(value)
        assert re.fullmatch(expected, value), value


@pytest.mark.parametrize("kind", ["gYear", "gYearMonth", "date", "dateTime"])
@pytest.mark.parametrize("facet", ["minInclusive", "maxInclusive", "minExclusive", "maxExclusive"])
@pytest.mark.parametrize("year", ["-0003", "0000", "0001", "9999", "12000"])
def test_bounds_may_lie_in_any_year(kind: str, facet: str, year: str) -> None:
    bound = year + {"gYear": "", "gYearMonth": "-06", "date": "-06-15", "dateTime": "-06-15T12:00:00Z"}[kind]
    facets = f'<xs:{facet} value="{bound}"/>'
    body = f'<xs:simpleType><xs:restriction base="xs:{kind}">{facets}</xs:restriction></xs:simpleType>'
    schema = xmlschema.XMLSchema11(SCHEMA.format(f'<xs:element name="r">{body}</xs:element>'))
    simple = compile_schema(schema, "r").types[0].content
    assert isinstance(simple, Simple)
    choices = Seeded(Random(3))  # noqa: S311 - which texts, nothing secret
    texts = {simple.values.draw(choices) for _ in range(60)}
    assert len(texts) >= 5
    assert all(simple.accepts(text) for text in texts)
    assert any(wrong.constraint.startswith(facet) for wrong in WrongTexts().of(simple))


BUILT_IN = """
    integer byte unsignedLong decimal float boolean date dateTime time gYear gMonthDay duration anyURI
    language Name NMTOKENS hexBinary base64Binary string token normalizedString
"""


@pytest.mark.parametrize("name", BUILT_IN.split())
def test_texts_of_built_in_types_are_valid_for_libxml2_too(name: str) -> None:
    text = SCHEMA.format(f'<xs:element name="r" type="xs:{name}"/>')
    simple = compile_schema(xmlschema.XMLSchema10(text), "r").types[0].content
    libxml2 = etree.XMLSchema(etree.fromstring(text))
    assert isinstance(simple, Simple)
    choices = Seeded(Random(2))  # noqa: S311 - which texts, nothing secret
    element = etree.Element("r")
    for _ in range(200):
        element.text = simple.values.draw(choices)
        assert simple.accepts(element.text), element.text
        assert libxml2.validate(element), element.text


def test_numbers_come_in_other_spellings_too() -> None:
    simple = (
        compile_schema(xmlschema.XMLSchema11(SCHEMA.format('<xs:element name="r" type="xs:decimal"/>')), "r")
        .types[0]
        .content
    )
    assert isinstance(simple, Simple)
    texts = [simple.values.nth(index) for index in range(60)]
    assert any(text.startswith("+") for text in texts)
    assert any(re.match("-?0\\d", text) for text in texts)
    assert len({Fraction(text) for text in texts}) >= 45
