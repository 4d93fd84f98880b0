from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from etalon.reporting import results
from etalon.reporting.files import UnwritableOutputError, ensure_writable, write_all
from tests import reporting_samples as samples

if TYPE_CHECKING:
    import pathlib


def test_all_reports_are_written_into_a_folder_that_is_made(tmp_path: pathlib.Path) -> None:
    output = tmp_path / "reports" / "out"
    write_all(samples.hostile(), output, "ru")
    written = sorted(path.name for path in output.iterdir())
    assert written == ["badge.json", "badge.svg", "index.html", "junit.xml", "results.json", "summary.md"]
    assert results.read(output / "results.json") == results.from_document(
        results.to_document(samples.hostile())
    )
    assert '<html lang="ru">' in (output / "index.html").read_text(encoding="utf-8")


def test_asking_leaves_nothing_behind(tmp_path: pathlib.Path) -> None:
    ensure_writable(tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize("inside", ["", "deeper"])
def test_a_file_in_the_way_is_said_in_one_sentence(tmp_path: pathlib.Path, inside: str) -> None:
    (tmp_path / "taken").write_text("x", encoding="utf-8")
    output = tmp_path / "taken" / inside
    with pytest.raises(UnwritableOutputError) as before:
        ensure_writable(output)
    with pytest.raises(UnwritableOutputError) as after:
        write_all(samples.healthy(), output)
    assert str(before.value) == str(after.value)
    assert str(before.value).startswith(f"The output folder {output} cannot be written: ")
    assert "\n" not in str(before.value)


def test_a_folder_that_takes_no_file_is_refused(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tempfile.TemporaryFile", refuse)
    with pytest.raises(UnwritableOutputError, match=r"cannot be written: Permission denied\.$"):
        ensure_writable(tmp_path)
