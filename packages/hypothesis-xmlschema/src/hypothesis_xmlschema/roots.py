"""The global elements that a document may begin with (XSD 1.1 part 1, 5.2: any that is not abstract)."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from hypothesis_xmlschema.errors import UnsupportedSchemaError
from hypothesis_xmlschema.hypothesis_internals import strategy_of
from hypothesis_xmlschema.trees import local_name

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hypothesis.strategies import SearchStrategy
    from xmlschema import XMLSchemaBase

    from hypothesis_xmlschema.choices import Choices

_T = TypeVar("_T")
_XS = "{http://www.w3.org/2001/XMLSchema}"
_MOST_NAMED = 12


def roots_of(schema: XMLSchemaBase, element: str | None = None) -> tuple[str, ...]:
    """The names of the global elements that are meant, in Clark notation, in their order.

    Args:
        schema: A schema that xmlschema has built.
        element: A name, local or in Clark notation. A local one is looked for in the target namespace of the
            schema first; without one, all elements of that namespace are meant. Where it has none, those of
            the schemas that are imported are.

    Raises:
        UnsupportedSchemaError: There is none, or several have the local name.
    """
    concrete = sorted(name for name, component in schema.maps.elements.items() if not component.abstract)
    own = [name for name in concrete if name.rpartition("}")[0].lstrip("{") == schema.target_namespace]
    # xmlschema keeps the elements of the schema for schemas beside those of every schema.
    concrete = [name for name in concrete if not name.startswith(_XS)]
    named, others = (
        [name for name in names if element in (None, name, local_name(name))] for names in (own, concrete)
    )
    found = named or others
    if not found or (element is not None and len(found) > 1):
        raise _which(found or own or concrete, element)
    return tuple(found)


def root_of(schema: XMLSchemaBase, element: str | None = None) -> str:
    """The one global element that is meant; see `roots_of`.

    Raises:
        UnsupportedSchemaError: There is none, or there are several.
    """
    roots = roots_of(schema, element)
    if len(roots) > 1:
        raise _which(roots, element)
    return roots[0]


def _which(names: Sequence[str], element: str | None) -> UnsupportedSchemaError:
    known = ", ".join(names[:_MOST_NAMED]) + (", …" if len(names) > _MOST_NAMED else "")
    return UnsupportedSchemaError(
        "schema",
        f"name one of its global elements that are not abstract ({known or 'none'}; named: {element})",
    )


def any_of(roots: Sequence[str], strategy: Callable[[str], SearchStrategy[_T]]) -> SearchStrategy[_T]:
    """Draws from the strategies of several elements; each is made when it is first chosen.

    The first is made at once, so that what has no documents at all is refused at once. Another that turns out
    to have none gives way to the next; `explain` names it.

    Raises:
        UnsupportedSchemaError: None of the elements has documents; it tells of the first.
    """
    made: dict[str, SearchStrategy[_T] | UnsupportedSchemaError] = {}

    def of(root: str) -> SearchStrategy[_T] | UnsupportedSchemaError:
        if root not in made:
            try:
                made[root] = strategy(root)
            except UnsupportedSchemaError as error:
                made[root] = error
        return made[root]

    able = next((n for n, root in enumerate(roots) if not isinstance(of(root), UnsupportedSchemaError)), None)
    if able is None:
        refused = of(roots[0])
        assert isinstance(refused, UnsupportedSchemaError)
        raise refused
    able_or_unknown = roots[able:]

    def document(choices: Choices) -> _T:
        chosen = choices.integer(len(able_or_unknown) - 1)
        for root in (*able_or_unknown[chosen:], able_or_unknown[0]):
            found = of(root)
            if not isinstance(found, UnsupportedSchemaError):
                return choices.value(found)
        raise AssertionError("the first of them has documents")

    return strategy_of(document)
