from __future__ import annotations

import json
import re
import tomllib
from typing import TYPE_CHECKING

import pytest

from etalon.cli import main
from etalon.judging.verdicts import Verdict
from etalon.reporting import results
from etalon.vendors import vendor_of
from tests import reporting_samples as samples

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import CommandLine

ROW = "R7-UPDATE-KEEPS-DESCRIPTION"


@pytest.fixture
def runs(tmp_path: Path) -> tuple[str, str]:
    """Two results files, the second with a regression."""
    rows = samples.requirement(ROW), samples.requirement(ROW, Verdict.DEVIATES)
    paths = tmp_path / "old.json", tmp_path / "new.json"
    for path, row in zip(paths, rows, strict=True):
        results.write(samples.run(samples.target("office", row)), path)
    return str(paths[0]), str(paths[1])


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ("table", f"office/{ROW}  conforms → deviates"),
        ("markdown", f"- **`office/{ROW}`** conforms → deviates: "),
        ("html", "<!doctype html>"),
        ("json", '"format": "etalon-diff/1"'),
    ],
)
def test_a_comparison_in_every_form_in_the_terminal_and_in_a_file(
    runs: tuple[str, str], form: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["diff", *runs, "--format", form]) == 1
    assert said in capsys.readouterr().out
    file = tmp_path / "diff"
    assert main(["diff", *runs, "--format", form, "-o", str(file)]) == 1
    assert said in file.read_text(encoding="utf-8")
    assert capsys.readouterr().out == f"{file}\n"


def test_a_baseline_is_written_and_kept(runs: tuple[str, str], tmp_path: Path) -> None:
    file = tmp_path / "b.toml"
    assert main(["baseline", runs[1], "-o", str(file), "--reason", "agreed", "--until", "2027-03-01"]) == 0
    [entry] = tomllib.loads(file.read_text(encoding="utf-8"))["allow"]
    assert (entry["requirement"], entry["reason"], str(entry["until"])) == (ROW, "agreed", "2027-03-01")
    written = file.read_text(encoding="utf-8")
    assert main(["baseline", runs[1], "-o", str(file)]) == 0
    assert file.read_text(encoding="utf-8") == written
    assert main(["baseline", runs[0], "-o", str(file)]) == 0
    assert "[[allow]]" not in file.read_text(encoding="utf-8")


def test_a_baseline_that_cannot_be_read_is_left_alone(
    runs: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "b.toml"
    file.write_text("[[allow]\n", encoding="utf-8")
    assert main(["baseline", runs[1], "-o", str(file)]) == 4
    assert "is not valid TOML" in capsys.readouterr().err
    assert file.read_text(encoding="utf-8") == "[[allow]\n"


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_an_older_run_is_rendered_again(
    runs: tuple[str, str], tmp_path: Path, lang: str, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "again"
    assert main(["report", runs[1], "--output", str(output), "--lang", lang]) == 0
    assert capsys.readouterr().out == f"{output / 'index.html'}\n"
    said = {"en": "clears it", "ru": "сбрасывает его"}[lang]
    for name in ("summary.md", "junit.xml"):
        assert said in (output / name).read_text(encoding="utf-8")
    assert json.loads((output / "badge.json").read_text(encoding="utf-8"))["isError"] is True


@pytest.mark.parametrize("kind", ["r7", "planfix"])
def test_the_variations_of_a_mocked_portal_are_listed(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", kind, "--variation", "list"]) == 0
    listed = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    assert listed == list(vendor_of(kind).mock().variations)


def test_what_took_several_requests_is_told_in_numbered_steps(etalon: CommandLine) -> None:
    portal = vendor_of("r7").mock().create("documented", ["title-cut-at-255"])
    outcome = etalon.judge(portal, "--select", "R7-TEXT-LONG-TITLE", "--profile", "quick", "--lang", "ru")
    (finding,) = outcome.requirements["R7-TEXT-LONG-TITLE"]["findings"]
    says = [re.sub(r"\d+", "N", step["says"]) for step in finding["steps"]]
    assert says == ["create a task", "read task N", "update task N", "read task N"]
    assert len(finding["exchanges"]) == len(says)
    assert all(step["reproduce"].startswith(("curl ", "printf %b ")) for step in finding["steps"])
    junit = (etalon.output / "junit.xml").read_text(encoding="utf-8")
    assert re.search(r"\n# 3\. изменить задачу \d+\n(curl|printf %b) ", junit)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["diff", "none.json", "none.json"], "none.json: не читается как файл результатов: No such file"),
        (
            ["run", "office", "--config", "none.toml"],
            "none.toml: такого файла нет; укажите другой: --config.",
        ),
        (["run", "r7", "--baseline", "none.toml"], "none.toml: не читается как базовая линия: No such file"),
        (
            ["run", "office", "--config", "office.toml"],
            'ожидается адрес вида "https://portal.example", а ключа нет.',
        ),
    ],
)
def test_mistakes_are_explained_in_the_language_chosen(
    arguments: list[str], said: str, etalon: CommandLine
) -> None:
    (etalon.folder / "office.toml").write_text('[targets.office]\nkind = "r7"\n')
    outcome = etalon(*arguments, "--lang", "ru")
    assert outcome.code == 4
    assert said in outcome.err


def test_a_last_day_that_is_none_is_a_mistake_of_usage(
    runs: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["baseline", runs[1], "--until", "soon"])
    assert stopped.value.code == 4
    assert "--until: expected a date like 2027-03-01, found 'soon'" in capsys.readouterr().err
