from __future__ import annotations

import json
import os
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from etalon.vendors import vendor_of
from tests.browser import missing

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import CommandLine

SELECTED = ("--profile", "quick", "--lang", "ru", "--select", "R7-TEXT-*", "--select", "R7-UPDATE-STORES-*")


@pytest.fixture
def allure_results(etalon: CommandLine) -> Path:
    portal = vendor_of("r7").mock().create("documented", ["title-cut-at-255"])
    assert etalon.judge(portal, *SELECTED, rendered=True).code == 1
    return etalon.output / "allure-results"


def results(folder: Path) -> dict[str, dict[str, Any]]:
    found = (json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("*-result.json"))
    return {label(result, "story"): result for result in found}


def label(result: dict[str, Any], name: str) -> str:
    values: list[str] = [one["value"] for one in result["labels"] if one["name"] == name]
    return values[0]


def test_a_finding_has_its_place_its_weight_and_its_evidence(allure_results: Path) -> None:
    found = results(allure_results)
    assert {result["status"] for result in found.values()} == {"passed", "failed"}
    broken = found["R7-TEXT-LONG-TITLE"]
    assert (label(broken, "epic"), label(broken, "feature")) == ("here", "Сохранность текста")
    assert label(broken, "severity") in {"critical", "normal"}
    assert broken["links"][0]["url"].startswith("https://")
    assert broken["statusDetails"]["message"].endswith("Поле title читается не таким, каким его отправили.")
    assert broken["attachments"][0]["name"] == "Поле title читается не таким, каким его отправили."
    steps = [step["name"] for step in broken["steps"]]
    assert any(name.startswith("PUT ") and "→ HTTP/1.1 200" in name for name in steps)
    evidence = [attachment["source"] for step in broken["steps"] for attachment in step["attachments"]]
    assert len(evidence) == 2 * len(steps)
    assert all((allure_results / source).stat().st_size for source in evidence)
    assert [one["name"] for one in broken["attachments"]][-1] == "Повторить"


def test_allure_makes_its_report_of_it(allure_results: Path, tmp_path: Path) -> None:
    allure = os.environ.get("ETALON_ALLURE") or shutil.which("allure")
    if allure is None:
        missing("there is no allure: npm install allure, and set ETALON_ALLURE to its bin/allure")
    report = tmp_path / "allure-report"
    command = [allure, "generate", str(allure_results), "-o", str(report)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)  # noqa: S603 - the machine's own allure
    assert done.returncode == 0, done.stdout + done.stderr
    tests = json.loads((report / "summary.json").read_text(encoding="utf-8"))["stats"]
    assert tests["failed"] == 1
    assert tests["passed"] == len(results(allure_results)) - 1
