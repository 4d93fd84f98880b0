"""Messages → XSD 1.1 text in the vocabulary of the committed specs (`urn:etalon:spec`)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

from etalon.vendors.planfix.derivation.function_messages import MessageKind, Obligation
from etalon.vendors.planfix.derivation.simple_types import SimpleTypes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from etalon.vendors.planfix.derivation.function_messages import (
        Attribute,
        Message,
        MessageMember,
        Origin,
        Rule,
    )

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<!-- Written by etalon derive from the page: edit an overlay of it, not this. -->
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:e="urn:etalon:spec"
           xmlns:vc="http://www.w3.org/2007/XMLSchema-versioning" vc:minVersion="1.1">"""
_ANY = '<xs:any notQName="##definedSibling" processContents="lax" minOccurs="0" maxOccurs="unbounded"/>'
_OPEN = (
    '<xs:defaultOpenContent mode="interleave">',
    '  <xs:any notQName="##definedSibling" processContents="lax"/>',
    "</xs:defaultOpenContent>",
)


def schema_text(message: Message, page: str) -> str:
    """The schema of a message.

    Requests are strict: unlisted members are refused. Answers are lenient: unlisted members, empty values and
    unlisted attributes are let through. Members come in any order (XSD 1.1 xs:all, which allows repetition).

    Args:
        message: What the page says.
        page: The page's name, for `e:source`.
    """
    return _Writer(message, page).text()


class _Writer:
    def __init__(self, message: Message, page: str) -> None:
        self._message = message
        self._page = page
        self._lenient = message.kind is not MessageKind.REQUEST
        self._types = SimpleTypes(lenient=self._lenient)

    def text(self) -> str:
        message = self._message
        head = _empty(
            "e:function",
            name=message.function,
            message=message.kind.value,
            **{"documented-by": self._page},
            **({"partial": message.partial} if message.partial else {}),
        )
        body = list(self._element(message.root, root=True))
        lines = [
            *_wrapped("xs:annotation", _wrapped("xs:appinfo", [head])),
            *(_OPEN if self._lenient else ()),
            *self._types.lines(),
            *body,
        ]
        return "\n".join([_HEAD, *_indented(lines), "</xs:schema>", ""])

    def _element(self, member: MessageMember, parent: str = "", *, root: bool = False) -> Iterator[str]:
        occurs = {} if root else _occurs(member)
        note = list(self._annotation(member.origin, _empty("e:member", **dict(member.facts))))
        bare = not member.attributes and member.value is not None
        if bare and member.value is not None:
            place = f"{parent}.{member.name}"
            name = self._types.name(member.value, place, mandatory="minOccurs" not in occurs)
            yield from _wrapped("xs:element", note, name=member.name, type=name, **occurs)
            return
        if any(attribute.voids for attribute in member.attributes):
            yield from _wrapped(
                "xs:element", [*note, *self._alternatives(member)], name=member.name, **occurs
            )
            return
        content = self._complex(member, optional="minOccurs" in occurs)
        yield from _wrapped("xs:element", [*note, *content], name=member.name, **occurs)

    def _complex(self, member: MessageMember, *, optional: bool) -> Iterator[str]:
        attributes = [line for one in member.attributes for line in self._attribute(one, member.name)]
        if self._lenient:
            attributes.append('<xs:anyAttribute processContents="lax"/>')
        if member.value is not None:
            base = self._types.name(member.value, member.name, mandatory=not optional)
            extension = _wrapped("xs:extension", attributes, base=base)
            yield from _wrapped("xs:complexType", _wrapped("xs:simpleContent", extension))
            return
        children = [line for child in member.children for line in self._element(child, member.name)]
        if member.elided and not self._lenient:
            children.append(_ANY)
        rules = [line for rule in member.rules for line in self._rule(rule)]
        yield from _wrapped("xs:complexType", [*_wrapped("xs:all", children), *attributes, *rules])

    def _alternatives(self, member: MessageMember) -> Iterator[str]:
        """The node with an attribute whose presence makes its content irrelevant, and the node without."""
        voiding = [attribute for attribute in member.attributes if attribute.voids]
        anything = ['<xs:any minOccurs="0" maxOccurs="unbounded" processContents="skip"/>']
        alone = len(voiding) == 1
        attributes = [line for one in voiding for line in self._attribute(one, member.name, required=alone)]
        voided = _wrapped("xs:complexType", [*_wrapped("xs:sequence", anything), *attributes], mixed="true")
        test = " or ".join(f"@{attribute.name}" for attribute in voiding)
        yield from _wrapped("xs:alternative", voided, test=test)
        yield from _wrapped("xs:alternative", self._complex(_without_voiding(member), optional=True))

    def _attribute(self, attribute: Attribute, parent: str, *, required: bool = False) -> Iterator[str]:
        role = "command" if attribute.voids else ("envelope" if attribute.fixed is not None else "content")
        facts = {"role": role, **({"effect": "removes"} if attribute.voids else {})}
        note = self._annotation(attribute.origin, _empty("e:member", **facts))
        if attribute.fixed is not None:
            declared = {"type": "xs:string", "fixed": attribute.fixed, "use": "required"}
        else:
            declared = {
                "type": self._types.name(attribute.value, f"{parent}.{attribute.name}", mandatory=False)
            }
            declared |= {"use": "required"} if required else {}
        yield from _wrapped("xs:attribute", note, name=attribute.name, **declared)

    def _rule(self, rule: Rule) -> Iterator[str]:
        note = self._annotation(rule.origin, _empty("e:rule", level=rule.level))
        yield from _wrapped("xs:assert", note, test=rule.test)

    def _annotation(self, origin: Origin, *facts: str) -> Iterator[str]:
        place = {"row": origin.row} if origin.row is not None else {"part": origin.part or "prose"}
        line = {"line": str(origin.line)} if origin.line else {}
        source = _empty("e:source", page=self._page, **place, **line)
        yield from _wrapped("xs:annotation", _wrapped("xs:appinfo", [source, *facts]))


def _without_voiding(member: MessageMember) -> MessageMember:
    return replace(member, attributes=tuple(a for a in member.attributes if not a.voids))


def _occurs(member: MessageMember) -> dict[str, str]:
    occurs = {} if member.obligation is Obligation.MANDATORY else {"minOccurs": "0"}
    return occurs | ({"maxOccurs": "unbounded"} if member.repeated else {})


def _empty(tag: str, **attributes: str) -> str:
    return f"<{tag}{_spelt(attributes)}/>"


def _wrapped(tag: str, lines: Iterable[str], **attributes: str) -> list[str]:
    inner = list(lines)
    if not inner:
        return [f"<{tag}{_spelt(attributes)}/>"]
    return [f"<{tag}{_spelt(attributes)}>", *_indented(inner), f"</{tag}>"]


def _indented(lines: Iterable[str]) -> list[str]:
    return [f"  {line}" for line in lines]


def _spelt(attributes: dict[str, str]) -> str:
    return "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items())
