"""A proof for other tools: a Postman collection, and a test of pytest."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from etalon.proving.shell import shell_script
from etalon.reporting.records import VariableRecord

if TYPE_CHECKING:
    from etalon.reporting.records import FindingRecord, ProofStepRecord, Template

_SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
_MODULE = '''"""{row}: {summary}

Fails where this shows. Reads the portal's address from ETALON_URL and secrets from the environment.
"""

import subprocess

import pytest

SCRIPT = r{script!r}


def test_{name}() -> None:
    done = subprocess.run(["bash", "-c", SCRIPT], capture_output=True, text=True, check=False)
    if done.returncode == 2:
        pytest.skip(done.stdout)
    assert done.returncode == 0, done.stdout
'''


def postman_collection(row: str, finding: FindingRecord) -> str:
    """A Postman collection (format 2.1) of the steps; ids and sessions are captured by test scripts.

    Raises:
        ValueError: the finding was not made again.
    """
    proof = finding.proof
    if proof is None or not proof.steps:
        raise ValueError(f"{row} has no proof")
    steps = [*([proof.log_in] if proof.log_in else []), *proof.steps]
    document = {
        "info": {"name": f"{row}: {finding.summary}", "schema": _SCHEMA},
        "item": [_item(number, step) for number, step in enumerate(steps, start=1)],
        "variable": [{"key": "ETALON_URL", "value": ""}],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def pytest_module(row: str, finding: FindingRecord) -> str:
    """A test that fails where the finding shows.

    Raises:
        ValueError: the finding was not made again.
    """
    script = shell_script(row, finding)
    name = row.lower().replace("-", "_")
    summary = finding.summary.replace("\\", " ").replace('"""', "'")
    text = _MODULE.replace("SCRIPT = r{script!r}", f"SCRIPT = {script!r}")
    return text.replace("{row}", row).replace("{summary}", summary).replace("{name}", name)


def _item(number: int, step: ProofStepRecord) -> dict[str, object]:
    item: dict[str, object] = {
        "name": f"{number}. {step.says or step.operation}",
        "request": {
            "method": step.method,
            "header": [{"key": name, "value": _braced(value)} for name, value in step.headers],
            "url": "{{ETALON_URL}}" + _braced(step.url),
            **({"body": {"mode": "raw", "raw": _braced(step.body)}} if step.body else {}),
        },
    }
    if step.makes:
        place = step.makes_at
        script = [
            "const text = pm.response.text();",
            f'const json = text.match(/"{place}"\\s*:\\s*"?([^",}}]+)/);',
            f"const found = json || text.match(/<{place}>([^<]+)/);",
            f'pm.collectionVariables.set("{step.makes}", found ? found[1] : "");',
        ]
        item["event"] = [{"listen": "test", "script": {"exec": script}}]
    return item


def _braced(template: Template) -> str:
    return "".join(
        f"{{{{{part.variable}}}}}" if isinstance(part, VariableRecord) else part for part in template
    )
