from __future__ import annotations

import pathlib
import re

import pytest

from etalon.reporting import results
from etalon.reporting.files import ensure_own_file, write_all, write_text
from etalon.reporting.folder import UnwritableOutputError, claimed
from tests import reporting_samples as samples


def test_all_reports_are_written_into_a_folder_that_is_made(tmp_path: pathlib.Path) -> None:
    output = tmp_path / "reports" / "out"
    write_all(samples.hostile(), output, "ru")
    written = sorted(path.name for path in output.iterdir())
    assert written == ["badge.json", "badge.svg", "index.html", "junit.xml", "results.json", "summary.md"]
    assert results.read(output / "results.json") == results.from_document(
        results.to_document(samples.hostile())
    )
    assert '<html lang="ru">' in (output / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("inside", ["", "deeper"])
def test_a_file_in_the_way_is_said_in_one_sentence(tmp_path: pathlib.Path, inside: str) -> None:
    (tmp_path / "taken").write_text("x", encoding="utf-8")
    output = tmp_path / "taken" / inside
    with pytest.raises(UnwritableOutputError) as before, claimed(output):
        pass
    with pytest.raises(UnwritableOutputError) as after:
        write_all(samples.healthy(), output)
    for caught in (before, after):
        assert str(caught.value).startswith(f"The output folder {output} cannot be written: ")
        assert "\n" not in str(caught.value)


def test_a_folder_that_takes_no_file_is_refused(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tempfile.TemporaryFile", refuse)
    with (
        pytest.raises(UnwritableOutputError, match=r"cannot be written: Permission denied\.$"),
        claimed(tmp_path),
    ):
        pass


OWN = re.compile("ours")


def test_a_file_of_ones_own_is_written_again(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "deeper" / "file"
    for text in ("ours, first", "ours, then", ""):
        ensure_own_file(path, OWN)
        write_text(path, text)
        assert path.read_text(encoding="utf-8") == text
    ensure_own_file(path, OWN)  # an empty file is nobody's loss


@pytest.mark.parametrize("content", [b"theirs", b"\xff\xfe\x00binary"])
def test_a_file_of_others_is_not_touched(tmp_path: pathlib.Path, content: bytes) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(UnwritableOutputError, match="Etalon has not written it"):
        ensure_own_file(path, OWN)
    assert path.read_bytes() == content
    assert [one.name for one in tmp_path.iterdir()] == ["file"]


def test_a_folder_is_no_file(tmp_path: pathlib.Path) -> None:
    with pytest.raises(UnwritableOutputError, match="cannot be written: Is a directory"):
        ensure_own_file(tmp_path, OWN)


def test_a_link_stays_one_and_a_device_is_written_as_it_is(tmp_path: pathlib.Path) -> None:
    (tmp_path / "there").write_text("ours", encoding="utf-8")
    (tmp_path / "link").symlink_to("there")
    ensure_own_file(tmp_path / "link", OWN)
    write_text(tmp_path / "link", "ours, too")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "there").read_text(encoding="utf-8") == "ours, too"
    pipe = tmp_path / "null"
    pipe.symlink_to("/dev/null")
    write_text(pipe, "anything")
    assert pipe.resolve().is_char_device()


@pytest.mark.skipif(not pathlib.Path("/dev/full").exists(), reason="Linux has a device that is always full")
def test_a_full_disk_is_said_in_one_sentence() -> None:
    with pytest.raises(UnwritableOutputError, match="cannot be written: No space left on device"):
        write_text(pathlib.Path("/dev/full"), "x" * 100_000)
