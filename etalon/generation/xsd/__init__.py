"""Hypothesis strategies from XML Schema: documents that a schema accepts.

Stands alone: it imports nothing of Etalon outside this package.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from etalon.generation.xsd.compiling import compile_schema
from etalon.generation.xsd.documents import documents
from etalon.generation.xsd.errors import ControlError, OverrideError, UnsupportedSchemaError
from etalon.generation.xsd.paths import Control, PathPattern
from etalon.generation.xsd.restricting import restrict

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from hypothesis.strategies import SearchStrategy
    from lxml import etree
    from xmlschema import XMLSchemaBase

__all__ = ["ControlError", "OverrideError", "UnsupportedSchemaError", "from_schema"]

_MAX_OPTIONAL = 4


def from_schema(
    schema: XMLSchemaBase,
    element: str | None = None,
    *,
    overrides: Mapping[str, SearchStrategy[str]] | None = None,
    required: Collection[str] = (),
    exclude: Collection[str] = (),
    max_optional: int = _MAX_OPTIONAL,
) -> SearchStrategy[etree._Element]:
    """Returns a strategy of documents that the schema accepts, each an lxml root element.

    Documents hold a small drawn subset of the optional members, an `xs:all` in any order, and no content for
    wildcards. They shrink to mandatory members with plain texts. One seed draws the same documents in every
    process that has loaded the same modules: Hypothesis mixes in constants that it finds in local code.

    Members are addressed by paths of local names below the root: `task/parent/id`, `task/periodicity/@unset`;
    `*` is any one element, and a leading `**/` lets the path begin at any depth. An anchored path that
    addresses nothing is an error; a floating one is not, so that one set of them serves many schemas.

    Args:
        schema: A schema that xmlschema has built, version 1.0 or 1.1.
        element: The global element to draw, by its local name or in Clark notation; may be left out where
            there is only one.
        overrides: Texts by path instead of the type's own; the first path that matches counts. What is drawn
            must be valid there. An empty strategy (`st.nothing()`) leaves the member out.
        required: Optional members that must be there. An anchored path brings its ancestors with it; a
            floating one holds wherever its parent is drawn: `**/daily/type` gives every daily a type.
        exclude: Members that must not be there.
        max_optional: The most optional members of one element, beyond those that assertions and `required`
            bring along.

    Raises:
        UnsupportedSchemaError: The schema uses what cannot be drawn; it names the component and the reason.
        ControlError: A path is malformed or addresses nothing, or no document is left.
    """
    control = Control(
        overrides=tuple((PathPattern.parse(text), strategy) for text, strategy in (overrides or {}).items()),
        required=tuple(map(PathPattern.parse, required)),
        excluded=tuple(map(PathPattern.parse, exclude)),
    )
    return documents(restrict(compile_schema(schema, element), control), max_optional)
