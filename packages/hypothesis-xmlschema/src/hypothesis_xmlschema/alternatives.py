"""Type alternatives (XSD 1.1): which attributes make each of them come true.

A test sees nothing but attributes. So the attributes that tests mention can be set to what tests compare them
with, each combination tried once, and the ones kept that lead to each type.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from elementpath import ElementPathError
from xmlschema.validators import XsdAlternative, XsdAttribute

from hypothesis_xmlschema.errors import PatternError
from hypothesis_xmlschema.patterns import expression_of
from hypothesis_xmlschema.regular import language

if TYPE_CHECKING:
    from elementpath import XPathToken
    from xmlschema import XMLSchemaBase
    from xmlschema.validators import XsdElement

    from hypothesis_xmlschema.nodes import Setting

_MOST_TRIED = 600
_MOST_SETTINGS = 4
_MOST_PAIRED = 4


def settings_of(component: XsdElement) -> list[tuple[Any, tuple[Setting, ...]]]:
    """Pairs of a type and attributes that choose it, what few attributes choose first.

    Returns:
        Nothing where the declaration has no alternatives.
    """
    if not component.alternatives:
        return []
    names, texts = _asked(component)
    found: dict[int, tuple[Any, list[Setting]]] = {}
    for values in itertools.islice(itertools.product(texts, repeat=len(names)), _MOST_TRIED):
        setting = tuple(zip(names, values, strict=True))
        element = ET.Element(component.name or "", {n: v for n, v in setting if v is not None})
        try:
            kind = component.get_alternative_type(element)
        except (ElementPathError, TypeError, ValueError):
            continue
        if not kind.abstract and _fits(kind, setting):
            settings = found.setdefault(id(kind), (kind, []))[1]
            if len(settings) < _MOST_SETTINGS:
                settings.append(setting)
    for alternative in component.alternatives:
        # Tests of inherited attributes come true elsewhere in the document.
        if not alternative.type.abstract:
            found.setdefault(id(alternative.type), (alternative.type, [()]))
    return [(kind, tuple(settings)) for kind, settings in found.values()]


def asked_texts(schema: XMLSchemaBase) -> dict[str, list[str]]:
    """The attributes that any alternative's test mentions, with the constants it compares them with."""
    found: dict[str, dict[str, None]] = {}
    for alternative in schema.iter_components(XsdAlternative):
        token = getattr(alternative, "token", None)
        if token is not None:
            texts = [str(literal.value) for literal in token.iter("(string)", "(integer)", "(decimal)")]
            for name in mentioned_attributes(token):
                found.setdefault(name, {}).update(dict.fromkeys(texts))
    return {name: list(texts) for name, texts in found.items()}


def _asked(component: XsdElement) -> tuple[list[str], list[str | None]]:
    """The attributes that tests mention, and the texts to try, None for no attribute at all."""
    names: dict[str, None] = {}
    literals: dict[str, None] = {}
    for alternative in component.alternatives:
        if alternative.token is not None:
            names.update(dict.fromkeys(mentioned_attributes(alternative.token)))
            literals.update(dict.fromkeys(literals_of(alternative.token)))
    texts: list[str | None] = [None, *literals]
    while len(texts) ** len(names) > _MOST_TRIED and len(texts) > 2:  # noqa: PLR2004 - none, and one
        texts.pop()
    return list(names), texts


def _fits(kind: Any, setting: Setting) -> bool:  # noqa: ANN401 - one of xmlschema's types
    """Whether the type itself lets the attributes have these texts."""
    attributes = getattr(kind, "attributes", {})
    for name, value in setting:
        use = attributes.get(name)
        if not isinstance(use, XsdAttribute):
            if value is not None and None not in attributes:
                return False
            continue
        if value is None:
            if use.use == "required":
                return False
        elif use.use == "prohibited" or use.fixed not in (None, value) or not use.type.text_is_valid(value):
            return False
    return True


def mentioned_attributes(token: XPathToken) -> list[str]:
    """The attributes that an expression names."""
    found: dict[str, None] = {}
    for step in token.iter("@", "attribute"):
        for name in step.iter("(name)", ":"):
            if name.symbol == "(name)":
                found[str(name.value)] = None
    return list(found)


def literals_of(token: XPathToken) -> list[str]:
    """Texts worth trying: the literals of an expression, and numbers next to them."""
    found: dict[str, None] = {}
    for literal in token.iter("(string)", "(integer)", "(decimal)", "(float)"):
        text = str(literal.value)
        found[text] = None
        if literal.symbol == "(integer)":
            found.update(dict.fromkeys((str(int(text) + 1), str(int(text) - 1))))
    found.update(dict.fromkeys(("true", "false", "x", "1", "0")))
    return [*_matching(token), *found]


def pairs_of(token: XPathToken) -> list[str]:
    """Two strings of an expression in a row: what begins with one and ends with another."""
    texts = list(dict.fromkeys(str(literal.value) for literal in token.iter("(string)")))[:_MOST_PAIRED]
    return ["".join(pair) for pair in itertools.permutations(texts, 2)]


def _matching(token: XPathToken) -> list[str]:
    """Texts that the patterns of an expression match."""
    found: dict[str, None] = {}
    for call in token.iter("matches"):
        pattern = str(call[1].value) if len(call) > 1 and call[1].symbol == "(string)" else ""
        bare = pattern.removeprefix("^").removesuffix("$")
        try:
            words = language(expression_of(bare))
        except PatternError:
            continue
        found.update(dict.fromkeys(words.nth(at) for at in (0, 1, 2, 5, 11, 37) if at < words.size))
    return list(found)
