"""What the package promises of itself: it stands alone, and does what its documentation shows."""

from __future__ import annotations

import ast
import inspect
import os
import re
import subprocess
import sys
import tomllib
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis_xmlschema

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
MODULES = sorted(Path(hypothesis_xmlschema.__file__).parent.rglob("*.py"))


def imported(module: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert not node.level, "imports are absolute here"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def examples(language: str, text: str = README) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def test_nothing_is_imported_but_what_is_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {re.split(r"[^\w-]", requirement)[0] for requirement in project["dependencies"]}
    needed = {name.partition(".")[0] for module in MODULES for name in imported(module)}
    assert needed - sys.stdlib_module_names == declared | {"hypothesis_xmlschema"}


def test_the_tests_of_the_readme_pass_as_it_says(tmp_path: Path) -> None:
    (tmp_path / "test_orders.py").write_text(examples("python")[0], encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_orders.py"],
        cwd=tmp_path,
        env={**os.environ, "CI": "true"},  # then Hypothesis minds no slowness, as of a busy machine
        capture_output=True,
        text=True,
        check=False,
    )
    assert "2 passed" in done.stdout, done.stdout + done.stderr


def test_the_list_of_the_readme_is_what_is_printed() -> None:
    names: dict[str, Any] = {}
    with redirect_stdout(StringIO()) as printed:
        for example in examples("python"):
            exec(example, names)  # noqa: S102 - the README's own code
    assert printed.getvalue() == examples("text")[0]


def test_the_list_of_the_reference_is_drawn_from_the_schema_of_the_readme() -> None:
    names: dict[str, Any] = {}
    exec(examples("python")[0], names)  # noqa: S102 - the README's own code
    [example] = examples("python", (ROOT / "docs" / "reference.md").read_text(encoding="utf-8"))
    names |= {"schema": names["SCHEMA"], "violations_of": hypothesis_xmlschema.violations_of}
    exec(example, names)  # noqa: S102 - the reference's own code
    assert names["violation"].kind == "missing-child"


def test_what_is_exported_is_named_in_the_documentation() -> None:
    text = README + (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")
    for name in hypothesis_xmlschema.__all__:
        assert f"`{name}" in text, name
        assert inspect.getdoc(getattr(hypothesis_xmlschema, name)), name


def test_every_keyword_is_in_the_reference() -> None:
    reference = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")
    public = (hypothesis_xmlschema.from_schema, hypothesis_xmlschema.violations_of)
    keywords = {name for function in public for name in inspect.signature(function).parameters}
    for keyword in keywords - {"schema", "element"}:
        assert re.search(rf"\b{keyword}\b", reference), keyword
