"""The share of schemas for which XSD-driven generation keeps its word.

    python benchmarks/w3c_suite.py xsdtests=../xsdtests maven=../maven-site … [--sample 300] [--seed 1]

Each argument is a name and a checkout. The W3C XML Schema Test Suite (github.com/w3c/xsdtests) is known by
its test sets, which name the schemas that must be valid and their version; any other folder is searched for
.xsd files, and those count that load. For each schema: 20 documents, each serialised, read back and judged by
xmlschema, and by libxml2 where it loads the schema; and 20 violations, each of which must have exactly one
error, at the element that its record names.

A schema is eligible if xmlschema loads it and its content models alone leave some global element a document;
the first of those is drawn, or all of them. One that only a key or a pattern leaves without documents counts
as refused, and what xmlschema finds wrong counts as invalid, even where libxml2 and the recommendation say
that it is not.
Fewer than 20 documents are enough only where the schema has no more: where any draw was given up, they are
short. Times are of the processor, so that they mean the same on a busy machine.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import time
import warnings
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, TypeVar

import xmlschema
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import FailedHealthCheck, Unsatisfiable
from lxml import etree
from rich.console import Console
from rich.table import Table
from xmlschema.validators import XsdAnyElement, XsdComplexType, XsdElement, XsdGroup

from hypothesis_xmlschema import UnsupportedSchemaError, Violation, from_schema

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hypothesis.strategies import SearchStrategy

_T = TypeVar("_T")
_EACH = 20
_TEST_SUITE = "{http://www.w3.org/XML/2004/xml-schema-test-suite/}"
_HREF = "{http://www.w3.org/1999/xlink}href"


@dataclass
class Figures:
    """What was counted of one collection and version."""

    outcomes: Counter[str] = field(default_factory=Counter)
    violations: Counter[str] = field(default_factory=Counter)
    compiling: list[float] = field(default_factory=list)
    drawing: list[float] = field(default_factory=list)


def main() -> int:
    """Print one row per collection and version of XSD."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("collections", nargs="+", metavar="NAME=FOLDER")
    parser.add_argument("--sample", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="URL=PATH",
        help="where files of a URL lie on this machine",
    )
    parser.add_argument(
        "--any-element",
        action="store_true",
        help="draw any global element, not just the first that has documents",
    )
    parser.add_argument("--show", action="store_true", help="name each schema that fails, with the reason")
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    table = Table(
        "collection", "XSD", "eligible", "20 of 20", "share", "refused", "invalid", "short",
        "libxml2 differs", "violations", "exactly one error", "compile ms", "max", "ms a document",
    )  # fmt: skip
    for collection in arguments.collections:
        name, _, folder = collection.partition("=")
        schemas = sorted(set(_schemas(Path(folder))))
        random.Random(arguments.seed).shuffle(schemas)  # noqa: S311 - a sample
        figures: dict[str, Figures] = {}
        for path, version in schemas[: arguments.sample]:
            counted = figures.setdefault(version, Figures())
            reason = _judge(path, version, counted, arguments.map, any_element=arguments.any_element)
            if reason and arguments.show:
                print(path, version, reason, file=sys.stderr)
        for version, found in sorted(figures.items()):
            table.add_row(*_row(name, version, found))
    Console(width=170).print(table)
    return 0


def _schemas(folder: Path) -> Iterator[tuple[Path, str]]:
    sets = [*sorted(folder.glob("*Meta/*.testSet")), *sorted(folder.glob("*Meta/*_w3c.xml"))]
    if not sets:
        yield from ((path, "1.0") for path in folder.rglob("*.xsd"))
        return
    yield from ((path, "1.0") for path in folder.glob("nistData/**/*.xsd"))  # all of them are valid
    for test_set in sets:
        tree = etree.parse(test_set)
        for group in tree.iter(f"{_TEST_SUITE}testGroup"):
            for test in group.iter(f"{_TEST_SUITE}schemaTest"):
                versions = test.get("version") or group.get("version") or tree.getroot().get("version") or ""
                expected = [
                    (e.get("validity"), e.get("version") or "") for e in test.iter(f"{_TEST_SUITE}expected")
                ]
                documents = [d.get(_HREF) for d in test.iter(f"{_TEST_SUITE}schemaDocument")]
                if not documents or not any(validity == "valid" for validity, _ in expected):
                    continue
                only = all(validity != "valid" or "1.1" in where for validity, where in expected)
                path = (test_set.parent / str(documents[-1])).resolve()
                if path.exists():
                    yield path, "1.1" if only or ("1.1" in versions and "1.0" not in versions) else "1.0"


def _judge(path: Path, version: str, figures: Figures, mapped: Sequence[str], *, any_element: bool) -> str:
    """Counts one schema; says why it failed, or nothing."""
    kind = xmlschema.XMLSchema11 if version == "1.1" else xmlschema.XMLSchema10
    try:
        schema = kind(str(path), allow="local", uri_mapper=partial(_local, mapped))
    except Exception:  # noqa: BLE001 - whatever keeps it from loading, it does not count
        return ""
    able = _instantiable(schema)
    elements = [e for _, e in sorted(schema.elements.items()) if not e.abstract and e in able]
    if not elements:
        return ""
    element = None if any_element else elements[0].name
    started = time.process_time()
    try:
        strategy = from_schema(schema, element)
    except UnsupportedSchemaError as error:
        figures.outcomes["refused"] += 1
        return str(error)
    figures.compiling.append(time.process_time() - started)
    started = time.process_time()
    documents = _drawn(strategy)
    figures.drawing.append((time.process_time() - started) / max(1, len(documents)))
    reasons = [reason for document in documents if (reason := _error(schema, document))]
    short = not reasons and len(documents) < _EACH and _gives_up(strategy)
    figures.outcomes["invalid" if reasons else "short" if short else "valid"] += 1
    if version == "1.0" and not reasons:
        figures.outcomes["differs"] += _differs(path, documents)
    try:
        found = _drawn(from_schema(schema, element, violating=True))
    except UnsupportedSchemaError:
        found = []
    for violation in found:
        figures.violations["one" if _is_alone(schema, violation) else "other"] += 1
    return reasons[0] if reasons else f"{len(documents)} documents" if short else ""


def _local(mapped: Sequence[str], url: str) -> str:
    for pair in mapped:
        prefix, _, folder = pair.rpartition("=")
        if url.startswith(prefix):
            return folder + url.removeprefix(prefix)
    return url


def _instantiable(schema: xmlschema.XMLSchemaBase) -> set[XsdElement]:
    """The elements that content models leave a document, by the schema's components alone."""
    elements = {e for e in schema.maps.iter_components() if isinstance(e, XsdElement)}
    kinds = [kind for kind in schema.maps.iter_components() if isinstance(kind, XsdComplexType)]
    able: set[XsdElement] = set()

    def ends(group: XsdGroup) -> bool:
        each = [
            not particle.min_occurs
            or (ends(particle) if isinstance(particle, XsdGroup) else stands(particle))
            for particle in group
        ]
        return any(each) if group.model == "choice" else all(each)

    def stands(particle: object) -> bool:
        if isinstance(particle, XsdAnyElement):
            return bool(particle.namespace or particle.not_namespace)
        assert isinstance(particle, XsdElement)
        named = particle.ref if particle.ref is not None else particle
        return named in able or any(other in able for other in named.iter_substitutes())

    def can_be(kind: object) -> bool:
        if not isinstance(kind, XsdComplexType):
            return True
        content = kind.content
        return not kind.abstract and (
            not isinstance(content, XsdGroup)
            or not content.min_occurs
            or ends(content)
            or (not len(content) and content.model != "choice")
        )

    while True:
        usable = [kind for kind in kinds if can_be(kind)]
        found = {
            e
            for e in elements - able
            if not e.abstract
            and (can_be(e.type) or any(kind.is_derived(e.type) for kind in usable if kind.name))
        }
        if not found:
            return able
        able |= found


_AS_MANY_AS_WANTED = settings(
    max_examples=_EACH,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def _drawn(strategy: SearchStrategy[_T]) -> list[_T]:
    values: list[_T] = []

    @seed(7)
    @_AS_MANY_AS_WANTED
    @given(strategy)
    def collect(value: _T) -> None:
        values.append(value)

    try:
        collect()
    except (Unsatisfiable, FailedHealthCheck):
        return []
    return values


def _gives_up(strategy: SearchStrategy[etree._Element]) -> bool:
    """Whether any draw leads to nothing."""
    drawn = [0, 0]

    @seed(7)
    @_AS_MANY_AS_WANTED
    @given(st.data())
    def count(data: st.DataObject) -> None:
        drawn[0] += 1
        data.draw(strategy)
        drawn[1] += 1

    with suppress(Unsatisfiable, FailedHealthCheck):
        count()
    return drawn[0] > drawn[1]


def _read_back(document: etree._Element) -> etree._Element:
    return etree.fromstring(etree.tostring(document, encoding="utf-8"))


def _error(schema: xmlschema.XMLSchemaBase, document: etree._Element) -> str:
    return next((str(error.reason) for error in schema.iter_errors(_read_back(document))), "")


def _differs(path: Path, documents: list[etree._Element]) -> bool:
    try:
        other = etree.XMLSchema(etree.parse(path))
    except (etree.XMLSchemaParseError, etree.XMLSyntaxError):
        return False
    return not all(other.validate(_read_back(document)) for document in documents)


def _is_alone(schema: xmlschema.XMLSchemaBase, violation: Violation) -> bool:
    errors = list(schema.iter_errors(_read_back(violation.document)))
    if len(errors) != 1:
        return False
    # xmlschema names the namespaces, and a position where it is the first of several.
    where = re.sub(r"\{[^}]*\}|[\w.-]+:|\[1\]", "", str(errors[0].path))
    return where == violation.path.partition("/@")[0].replace("[1]", "")


def _row(name: str, version: str, figures: Figures) -> list[str]:
    outcomes = figures.outcomes
    eligible = outcomes["valid"] + outcomes["invalid"] + outcomes["refused"] + outcomes["short"]
    violations = figures.violations.total()
    return [
        name,
        version,
        str(eligible),
        str(outcomes["valid"]),
        f"{outcomes['valid'] / max(1, eligible):.1%}",
        str(outcomes["refused"]),
        str(outcomes["invalid"]),
        str(outcomes["short"]),
        str(outcomes["differs"]),
        str(violations),
        f"{figures.violations['one'] / max(1, violations):.2%}",
        f"{median(figures.compiling or [0]) * 1000:.1f}",
        f"{max(figures.compiling, default=0) * 1000:.0f}",
        f"{median(figures.drawing or [0]) * 1000:.2f}",
    ]


if __name__ == "__main__":
    sys.exit(main())
