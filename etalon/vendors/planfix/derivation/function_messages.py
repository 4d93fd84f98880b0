"""What a PlanFix page says, as values: its members with their types, obligations and places."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Obligation(StrEnum):
    """Whether a message must carry a member."""

    MANDATORY = "mandatory"
    OPTIONAL = "optional"
    CONDITIONAL = "conditional"


class Kind(StrEnum):
    """The value types that the pages speak of."""

    ID = "id"
    INT = "int"
    DECIMAL = "decimal"
    STRING = "string"
    BOOL = "bool"
    DATETIME = "DateTime"
    DATE = "Date"
    TIME = "Time"
    ENUM = "enum"
    LIST = "list"


class MessageKind(StrEnum):
    """The three messages of a function; the names that schemas go by."""

    REQUEST = "request"
    OK = "ok"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class ValueType:
    """The type of a value.

    Attributes:
        kind: what the page calls it.
        values: the only texts allowed, where the page or a reference page lists them.
        or_id: whether the id of an object may stand instead of a listed value.
        minimum: the least number, of each item in a list.
        maximum: the greatest number, of each item in a list.
        length: the longest text, in characters.
        shortest: the shortest text, in characters.
        digits: the fewest and the most digits, where the page says that a text consists of them.
        distinct: whether a list is a set.
        listed_on: name of the other page that lists the values; `MISSING` where that page was not given.
    """

    kind: Kind
    values: tuple[str, ...] = ()
    or_id: bool = False
    minimum: int | None = None
    maximum: int | None = None
    length: int | None = None
    shortest: int | None = None
    digits: tuple[int, int] | None = None
    distinct: bool = False
    listed_on: str = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a member stands: a row of a table, or a template alone."""

    line: int
    row: str | None = None
    part: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A condition between the members of one node.

    Attributes:
        test: the XPath that has to hold.
        level: `must`, or `should` where the page implies it.
        origin: the row or sentence that says so.
    """

    test: str
    level: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute of a node; `voids` where its presence makes the content irrelevant."""

    name: str
    origin: Origin
    value: ValueType
    fixed: str | None = None
    voids: bool = False


@dataclass(frozen=True, slots=True)
class MessageMember:
    """A member of a message: an element, with what it contains.

    Attributes:
        name: the element's name.
        origin: where the page has it.
        obligation: whether it has to be there.
        value: the type of its text; None for a container.
        children: what it contains.
        attributes: what its start tag carries.
        rules: conditions between the children.
        repeated: whether it may occur more than once.
        elided: whether the template leaves its content out.
        facts: attributes of `e:member`: role, refers-to, effect, normalised, secret.
    """

    name: str
    origin: Origin
    obligation: Obligation
    value: ValueType | None
    children: tuple[MessageMember, ...] = ()
    attributes: tuple[Attribute, ...] = ()
    rules: tuple[Rule, ...] = ()
    repeated: bool = False
    elided: bool = False
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a function: its kind and root; `partial` says what the page lacks of the function."""

    kind: MessageKind
    function: str
    root: MessageMember
    partial: str = ""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter row and what became of it.

    Attributes:
        message: the message it describes.
        line: the row's line.
        row: the row's name cell; rows of a node's own table carry its name in front (`daily.type`).
        path: names below the root, divided by slashes, an attribute after `@`; None where nothing fits it.
        type: the kind of its values, `node` for a container, None where the page gives none.
        obligation: None where the row could not be placed.
    """

    message: MessageKind
    line: int
    row: str
    path: str | None
    type: str | None
    obligation: Obligation | None
