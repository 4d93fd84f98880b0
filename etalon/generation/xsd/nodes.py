"""The compiled form of a schema: immutable, ordered, free of the validator's own objects.

xmlschema's maps change while it validates, and its substitution groups are sets. What is drawn from must be
the same in every process, so compiling takes an ordered snapshot once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import SearchStrategy
    from lxml import etree

Model: TypeAlias = Literal["sequence", "choice", "all"]

# What a row of an assertion's table says of one member: there or not, or there with this text.
Presence: TypeAlias = bool | str
Row: TypeAlias = tuple[tuple[str, Presence], ...]


@dataclass(frozen=True, slots=True)
class Text:
    """The texts of one simple type.

    Attributes:
        name: The type as a person finds it in the schema.
        strategy: Draws lexical forms that the type accepts.
        accepts: Whether the type accepts a text.
        values: All texts where they are finitely many and listed, else None.
    """

    name: str
    strategy: SearchStrategy[str]
    accepts: Callable[[str], bool]
    values: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute of a type; `name` is in Clark notation where it has a namespace."""

    name: str
    text: Text
    required: bool


@dataclass(frozen=True, slots=True)
class Typed:
    """One type that an element can have, without the element's name.

    Attributes:
        attributes: In the order of their names.
        content: A group of members, a text, or nothing.
        rows: The combinations of members that the assertions allow, where these could be tabulated.
    """

    attributes: tuple[Attribute, ...]
    content: Group | Text | None
    rows: tuple[Row, ...] | None = None


@dataclass(frozen=True, slots=True)
class Element:
    """An element declaration.

    Attributes:
        tag: Its name, in Clark notation where it has a namespace.
        types: Its type; several where xs:alternative lets the attributes choose.
        accepts: Whether a built element, with its attributes and members, is valid.
        checked: Whether what is drawn must be passed to `accepts`, because no construction ensures it.
    """

    tag: str
    types: tuple[Typed, ...]
    accepts: Callable[[etree._Element], bool]
    checked: bool

    @property
    def name(self) -> str:
        """The local name, by which paths address the element."""
        return self.tag.rpartition("}")[2]


@dataclass(frozen=True, slots=True)
class Member:
    """A particle: what may stand how often; `most` is None where there is no bound."""

    particle: Element | Group
    least: int
    most: int | None


@dataclass(frozen=True, slots=True)
class Group:
    """A model group. An `all` holds no `all` inside: they are flattened (XSD 1.1, 3.8.6.1)."""

    model: Model
    members: tuple[Member, ...]
