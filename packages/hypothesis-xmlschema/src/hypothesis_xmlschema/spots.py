"""Places where one constraint can be broken, and what is known there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xmlschema.validators import XsdIdentity

    from hypothesis_xmlschema.choices import Choices
    from hypothesis_xmlschema.documents import Size
    from hypothesis_xmlschema.nodes import Program, Typed
    from hypothesis_xmlschema.routes import RouteStep
    from hypothesis_xmlschema.simple import Simple
    from hypothesis_xmlschema.trees import Node
    from hypothesis_xmlschema.wrong_texts import WrongTexts


@dataclass(frozen=True, slots=True)
class Site:
    """A place where a document can be broken, and how.

    Attributes:
        kind: One of the keys of `MUTATIONS`.
        step: The end of the way to its element.
        name: The attribute, where it is one.
        identity: The key, where it is one.
    """

    kind: str
    step: RouteStep
    name: str = ""
    identity: XsdIdentity | None = None


@dataclass(frozen=True, slots=True)
class Grounds:
    """What is known of the schema.

    Attributes:
        whole: The program from which nothing was left out, to judge content models by.
        program: What documents are drawn from.
        size: How large they may grow.
        wrong: The wrong texts of its types.
        whole_types: The types of `whole`, by the identity of xmlschema's.
    """

    whole: Program
    program: Program
    size: Size
    wrong: WrongTexts
    whole_types: Mapping[int, Typed]

    def whole_type(self, node: Node) -> Typed | None:
        """The type of an element with all that the schema allows."""
        return None if node.typed is None else self.whole_types.get(id(node.typed.component))


@dataclass(frozen=True, slots=True)
class Spot:
    """An element to be broken.

    Attributes:
        grounds: What is known of the schema.
        site: How it is to be broken.
        node: The element at the end of the way.
        root: Of its document.
        choices: Where choices come from.
    """

    grounds: Grounds
    site: Site
    node: Node
    root: Node
    choices: Choices


@dataclass(frozen=True, slots=True)
class Mutation:
    """What was changed: at which element and attribute, and the record of it.

    Attributes:
        given: Whether it is a text of the caller's, which may break more than the record names.
    """

    node: Node
    name: str
    constraint: str
    clause: str
    before: str
    after: str
    given: bool = False


def other_text(text: str | None, simple: Simple | None) -> str | None:
    """Another text that the type itself accepts."""
    if text is None or simple is None or simple.component is None:
        return None
    accepted = simple.component.text_is_valid
    tried = (f"{text}x", f"{text}1", f"1{text}", "1", "0", "2", "true", "false", "other", "2001-01-01")
    return next((t for t in tried if t.strip() != text.strip() and accepted(t)), None)
