"""The share of schemas for which XSD-driven generation keeps its word.

    python benchmarks/xsd_suite.py xsdtests=../xsdtests maven=../maven-site … [--sample 300] [--seed 1]

Each argument is a name and a checkout. The W3C XML Schema Test Suite (github.com/w3c/xsdtests) is known by
its test sets, which name the schemas that must be valid and their version; any other folder is searched for
.xsd files, and those count that load. For each schema: 20 documents, each serialised, read back and judged by
xmlschema, and by libxml2 where it loads the schema; and 20 violations, each of which must have exactly one
error, at the element that its record names.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import time
import warnings
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, TypeVar

import xmlschema
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import FailedHealthCheck, Unsatisfiable
from lxml import etree
from rich.console import Console
from rich.table import Table

from etalon.generation.xsd import UnsupportedSchemaError, Violation, from_schema

if TYPE_CHECKING:
    from collections.abc import Iterator

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
    parser.add_argument("--show", action="store_true", help="name each schema that fails, with the reason")
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    table = Table(
        "collection", "XSD", "eligible", "20 of 20", "share", "refused", "invalid", "libxml2 differs",
        "violations", "exactly one error", "compile ms", "max", "ms a document",
    )  # fmt: skip
    for collection in arguments.collections:
        name, _, folder = collection.partition("=")
        schemas = sorted(set(_schemas(Path(folder))))
        random.Random(arguments.seed).shuffle(schemas)  # noqa: S311 - a sample
        figures: dict[str, Figures] = {}
        for path, version in schemas[: arguments.sample]:
            reason = _judge(path, version, figures.setdefault(version, Figures()))
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


def _judge(path: Path, version: str, figures: Figures) -> str:
    """Counts one schema; says why it failed, or nothing."""
    kind = xmlschema.XMLSchema11 if version == "1.1" else xmlschema.XMLSchema10
    try:
        schema = kind(str(path), allow="local")
    except Exception:  # noqa: BLE001 - whatever keeps it from loading, it does not count
        return ""
    elements = [e for _, e in sorted(schema.elements.items()) if not e.abstract]
    if not elements:
        return ""
    started = time.perf_counter()
    try:
        strategy = from_schema(schema, elements[0].name)
    except UnsupportedSchemaError as error:
        figures.outcomes["refused"] += 1
        return str(error)
    figures.compiling.append(time.perf_counter() - started)
    started = time.perf_counter()
    documents = _drawn(strategy)
    figures.drawing.append((time.perf_counter() - started) / max(1, len(documents)))
    reasons = [reason for document in documents if (reason := _error(schema, document))]
    figures.outcomes["invalid" if reasons or not documents else "valid"] += 1
    if version == "1.0" and not reasons:
        figures.outcomes["differs"] += _differs(path, documents)
    try:
        found = _drawn(from_schema(schema, elements[0].name, violating=True))
    except UnsupportedSchemaError:
        found = []
    for violation in found:
        figures.violations["one" if _is_alone(schema, violation) else "other"] += 1
    return reasons[0] if reasons else "" if documents else "nothing was drawn"


def _drawn(strategy: SearchStrategy[_T]) -> list[_T]:
    values: list[_T] = []

    @seed(7)
    @settings(
        max_examples=_EACH,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def collect(value: _T) -> None:
        values.append(value)

    try:
        collect()
    except (Unsatisfiable, FailedHealthCheck):
        return []
    return values


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
    where = re.sub(r"\{[^}]*\}|\w+:|\[1\]", "", str(errors[0].path))
    return where == violation.path.partition("/@")[0].replace("[1]", "")


def _row(name: str, version: str, figures: Figures) -> list[str]:
    outcomes = figures.outcomes
    eligible = outcomes["valid"] + outcomes["invalid"] + outcomes["refused"]
    violations = figures.violations.total()
    return [
        name,
        version,
        str(eligible),
        str(outcomes["valid"]),
        f"{outcomes['valid'] / max(1, eligible):.1%}",
        str(outcomes["refused"]),
        str(outcomes["invalid"]),
        str(outcomes["differs"]),
        str(violations),
        f"{figures.violations['one'] / max(1, violations):.2%}",
        f"{median(figures.compiling or [0]) * 1000:.1f}",
        f"{max(figures.compiling, default=0) * 1000:.0f}",
        f"{median(figures.drawing or [0]) * 1000:.2f}",
    ]


if __name__ == "__main__":
    sys.exit(main())
