"""The compiled form of a schema: immutable, ordered, and closed under reference.

xmlschema's maps change while it validates, and its substitution groups are sets. What is drawn from must be
the same in every process, so compiling takes an ordered snapshot once. Declarations and types refer to each
other by number: a schema that contains itself is as finite as any other.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

    from xmlschema.validators import XsdAssert, XsdComplexType, XsdElement, XsdIdentity, XsdSimpleType

    from hypothesis_xmlschema.simple import Simple

Compositor: TypeAlias = Literal["sequence", "choice", "all"]

# What a row of an assertion's table says of one member: there or not, or there with this text.
Presence: TypeAlias = bool | str
Row: TypeAlias = tuple[tuple[str, Presence], ...]

Setting: TypeAlias = tuple[tuple[str, str | None], ...]
"""What the attributes say that choose a type; None means that one is left out."""

IMPOSSIBLE = math.inf


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute of a type; `name` is in Clark notation where it has a namespace."""

    name: str
    simple: Simple
    required: bool
    fixed: str | None = None


@dataclass(frozen=True, slots=True)
class Wildcard:
    """What stands for members of other schemas.

    Attributes:
        names: Names that it lets pass and that nothing declares; empty where those are refused.
        declared: Declarations whose members it lets pass.
        attributes: The same of attributes.
        allows: Whether it lets a name pass.
        process: How what it lets pass is looked at: strict, lax or skip.
        said: What xsi:type says on members of those names, where such alone lets them pass.
    """

    names: tuple[str, ...]
    declared: tuple[int, ...]
    attributes: tuple[Attribute, ...]
    allows: Callable[[str], bool]
    process: str
    said: str | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """A place for one element: any of these declarations, the named one first, then what substitutes it."""

    name: str
    declarations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Particle:
    """A particle: what may stand how often; `most` is None where there is no bound."""

    term: Reference | Group | Wildcard
    least: int
    most: int | None


@dataclass(frozen=True, slots=True)
class Group:
    """A model group. An `all` holds no `all` inside: they are flattened (XSD 1.1, 3.8.6.1)."""

    compositor: Compositor
    particles: tuple[Particle, ...]


@dataclass(frozen=True, slots=True)
class Open:
    """Open content (XSD 1.1): members that may stand between the others, or after them."""

    wildcard: Wildcard
    interleaved: bool


@dataclass(frozen=True, slots=True)
class Typed:
    """One type.

    Attributes:
        name: Its name in Clark notation, or as a person finds it where it has none.
        attributes: In the order of their names.
        any_attribute: The wildcard of attributes.
        content: A group of members, a text, or nothing.
        mixed: Whether texts may stand between the members.
        opened: Open content.
        assertions: Those that no construction ensures.
        asserted: All of them.
        rows: The combinations of members that the other assertions allow.
        reason: Why it has no documents, where that is known: component and reason.
        component: xmlschema's type.
    """

    name: str
    attributes: tuple[Attribute, ...] = ()
    any_attribute: Wildcard | None = None
    content: Group | Simple | None = None
    mixed: bool = False
    opened: Open | None = None
    assertions: tuple[XsdAssert, ...] = ()
    asserted: tuple[XsdAssert, ...] = ()
    rows: tuple[Row, ...] | None = None
    reason: tuple[str, str] | None = None
    component: XsdComplexType | XsdSimpleType | None = None


@dataclass(frozen=True, slots=True)
class TypeUse:
    """A type that an element can have.

    Attributes:
        type: Its number.
        name: What xsi:type says, as a qualified name with its prefix; None for the declared type.
        settings: Texts of attributes any of which make a type alternative come true; None means left out.
    """

    type: int
    name: str | None = None
    settings: tuple[Setting, ...] = ((),)


@dataclass(frozen=True, slots=True)
class Declaration:
    """An element declaration.

    Attributes:
        tag: Its name, in Clark notation where it has a namespace.
        types: The declared type first.
        nillable: Whether xsi:nil may say that it has no content.
        fixed: The only text that it may have.
        abstract: Whether only what substitutes it can be used.
        identities: The unique, key and keyref constraints that it carries.
        chosen: Whether its type is chosen by attributes, which must be checked.
        component: xmlschema's declaration.
    """

    tag: str
    types: tuple[TypeUse, ...]
    nillable: bool
    fixed: str | None
    abstract: bool
    identities: tuple[XsdIdentity, ...]
    chosen: bool
    component: XsdElement

    @property
    def name(self) -> str:
        """The local name, by which paths address the element."""
        return self.tag.rpartition("}")[2]


@dataclass(frozen=True, slots=True)
class Program:
    """All that documents are drawn from.

    Attributes:
        root: The number of the root's declaration.
        declarations: By number.
        types: By number.
        prefixes: What the root binds beside what serialising binds anyway.
        costs: Of each declaration, how many elements its smallest tree has; infinite where it has none.
        type_costs: Of each type, how many elements its smallest content has.
        namespaces: Of the schema, by prefix, for XPath.
    """

    root: int
    declarations: tuple[Declaration, ...]
    types: tuple[Typed, ...]
    prefixes: tuple[tuple[str, str], ...] = ()
    costs: tuple[float, ...] = field(default=(), repr=False)
    type_costs: tuple[float, ...] = field(default=(), repr=False)
