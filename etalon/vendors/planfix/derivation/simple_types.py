"""Value types → named simple types of a schema."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

from etalon.vendors.planfix.derivation.function_messages import Kind

if TYPE_CHECKING:
    from etalon.vendors.planfix.derivation.function_messages import ValueType

# Days of the Gregorian calendar that exist, years 1000 to 9999, as the DateTime page spells them.
_DATE = (
    "((0[1-9]|1[0-9]|2[0-8])-(0[1-9]|1[0-2])-[1-9][0-9]{3}|(29|30)-(0[13-9]|1[0-2])-[1-9][0-9]{3}"
    "|31-(0[13578]|1[02])-[1-9][0-9]{3}"
    "|29-02-([1-9][0-9](0[48]|[2468][048]|[13579][26])|([2468][048]|[13579][26])00))"
)
_TIME = "([01][0-9]|2[0-3]):[0-5][0-9]"
_PATTERNS = {
    Kind.DATETIME: ("dateTime", f"{_DATE}( {_TIME})?"),
    Kind.DATE: ("date", _DATE),
    Kind.TIME: ("time", _TIME),
    Kind.BOOL: ("bool", "[01]"),
}
_ONE_DIGIT = 9
_LARGEST_INT = 2147483647


class SimpleTypes:
    """The simple types that a schema comes to need, each once."""

    def __init__(self, *, lenient: bool) -> None:
        self._lenient = lenient
        self._bodies: dict[str, str] = {}

    def name(self, value: ValueType, member: str, *, mandatory: bool) -> str:
        """The name of the type; in an answer, a member that may be absent may be empty as well.

        Args:
            value: what the page says of the value.
            member: the member with its parent, `daily.type`; a type of its own is named by it.
            mandatory: whether the member has to be there.
        """
        name = self._strict(value, member, mandatory=mandatory)
        if not self._lenient or mandatory or name == "xs:string":
            return name
        self._add("empty", '<xs:restriction base="xs:token"><xs:length value="0"/></xs:restriction>')
        return self._add(f"{name}IfAny", f'<xs:union memberTypes="{name} empty"/>')

    def lines(self) -> list[str]:
        """The declarations."""
        return [
            line
            for name, body in self._bodies.items()
            for line in (f'<xs:simpleType name="{name}">', f"  {body}", "</xs:simpleType>")
        ]

    def _add(self, name: str, body: str) -> str:
        number, wanted = 1, name
        while self._bodies.setdefault(wanted, body) != body:
            number += 1
            wanted = f"{name}{number}"
        return wanted

    def _strict(self, value: ValueType, member: str, *, mandatory: bool) -> str:
        if value.kind in _PATTERNS:
            name, pattern = _PATTERNS[value.kind]
            return self._words_or(value) if value.values else self._matching(name, pattern)
        if value.kind is Kind.ENUM:
            return self._enumeration(value, member)
        if value.kind is Kind.LIST:
            return self._list(value, member)
        if value.kind in {Kind.ID, Kind.INT}:
            return self._number(value, mandatory=mandatory)
        return self._string(value)

    def _words_or(self, value: ValueType) -> str:
        """A bool whose template shows words: the type's own page knows 0 and 1, so both are let through."""
        return self._listed("boolOrWord", tuple(dict.fromkeys(("0", "1", *value.values))))

    def _string(self, value: ValueType) -> str:
        if value.kind is Kind.DECIMAL:
            return self._add("decimal", '<xs:restriction base="xs:decimal"/>')
        if value.digits:
            low, high = value.digits
            return self._matching("code", f"[0-9]{{{low}}}" if low == high else f"[0-9]{{{low},{high}}}")
        if value.length is None and value.shortest is None:
            return "xs:string"
        name, facets = "string", ""
        if value.shortest is not None:
            name += f"From{value.shortest}"
            facets += f'<xs:minLength value="{value.shortest}"/>'
        if value.length is not None:
            name += f"To{value.length}" if facets else str(value.length)
            facets += f'<xs:maxLength value="{value.length}"/>'
        return self._add(name, f'<xs:restriction base="xs:string">{facets}</xs:restriction>')

    def _number(self, value: ValueType, *, mandatory: bool) -> str:
        if self._lenient and value.kind is Kind.INT:
            return self._restricted("number", "xs:integer", "-?[0-9]+")
        if self._lenient:
            base = "xs:positiveInteger" if mandatory else "xs:nonNegativeInteger"
            return self._restricted("object" if mandatory else "objectOrZero", base, "[0-9]+")
        low, high = value.minimum or 0, value.maximum
        name = {Kind.ID: "identifier", Kind.INT: "count"}[value.kind]
        if value.kind is Kind.ID:
            name += "" if low else "OrZero"
        elif low or high is not None:
            name += f"From{low}" + (f"To{high}" if high is not None else "")
        pattern = "[1-9][0-9]*" if low else "0|[1-9][0-9]*"
        bounds = f'<xs:minInclusive value="{low}"/>'
        if high is not None and high < _LARGEST_INT:
            bounds += f'<xs:maxInclusive value="{high}"/>'
        # Of how many bits an id is, no page says: a portal of many years may be beyond 32.
        base = "xs:integer" if value.kind is Kind.ID else "xs:int"
        return self._restricted(name, base, pattern, bounds)

    def _enumeration(self, value: ValueType, member: str) -> str:
        if not value.values:
            return "xs:string"
        listed = self._listed(member, value.values)
        if not value.or_id:
            return listed
        number = self._restricted("ownId", "xs:nonNegativeInteger", "[0-9]+")
        return self._add(f"{listed}OrId", f'<xs:union memberTypes="{listed} {number}"/>')

    def _listed(self, name: str, values: tuple[str, ...]) -> str:
        facets = "".join(f"<xs:enumeration value={quoteattr(value)}/>" for value in values)
        return self._add(name, f'<xs:restriction base="xs:token">{facets}</xs:restriction>')

    def _list(self, value: ValueType, member: str) -> str:
        low, high = value.minimum, value.maximum
        item, most = "[^,]+", "*"
        if value.values:
            item = f"({'|'.join(map(re.escape, value.values))})"
            most = f"{{0,{len(value.values) - 1}}}" if value.distinct else "*"
        elif low is not None and high is not None and high <= _ONE_DIGIT:
            item = f"[{low}-{high}]"
            most = f"{{0,{high - low}}}" if value.distinct else "*"
        facets = f"<xs:pattern value={quoteattr(f'{item}(,{item}){most}')}/>"
        if value.distinct:
            test = "count(distinct-values(tokenize($value, ','))) = count(tokenize($value, ','))"
            facets += f"<xs:assertion test={quoteattr(test)}/>"
        return self._add(member, f'<xs:restriction base="xs:token">{facets}</xs:restriction>')

    def _matching(self, name: str, pattern: str) -> str:
        return self._restricted(name, "xs:boolean" if name == "bool" else "xs:token", pattern)

    def _restricted(self, name: str, base: str, pattern: str, facets: str = "") -> str:
        facets += f"<xs:pattern value={quoteattr(pattern)}/>"
        return self._add(name, f'<xs:restriction base="{base}">{facets}</xs:restriction>')
