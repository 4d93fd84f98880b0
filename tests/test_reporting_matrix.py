"""The matrix of partial updates, and what a portal never shows, in results and report."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from etalon.judging.requirements import Cell
from etalon.judging.verdicts import Verdict
from etalon.reporting import view
from etalon.reporting.html import render_html
from etalon.reporting.results import RequirementResult, RunResult, TargetResult, from_document, to_document
from etalon.reporting.schema import problems
from etalon.reporting.words import word
from etalon.shipped import contract

if TYPE_CHECKING:
    from etalon.portals.config import Kind


def cell(requirement: str, member: str, situation: str, behaviour: str) -> RequirementResult:
    return RequirementResult(
        id=requirement,
        theme="partial-update",
        level="silent",
        verdict=Verdict.OBSERVED,
        statement={"en": "What it does.", "ru": "Что делает."},
        source={"page": "page", "row": member},
        behaviour=behaviour,
        checked=1,
        behaviours=("keep", "reset"),
        cell=Cell(member, situation),
    )


TARGET = TargetResult(
    name="office",
    kind="r7",
    dialect="documented",
    url="https://portal.example",
    requests=4,
    requirements=(
        cell("R7-KEEPS-TITLE", "title", "absent", "keep"),
        cell("R7-NULL-TITLE", "title", "null", "reset"),
        cell("R7-KEEPS-CONTACT", "contact", "absent", "reset"),
    ),
    not_shown=("isnotify",),
)
RUN = RunResult(
    etalon="0", profile="quick", seed=1, started="2026-01-01T00:00:00Z", targets=(TARGET,), complete=False
)


def test_the_matrix_has_a_row_for_each_member_and_a_column_for_each_situation() -> None:
    found = view.matrix(TARGET)
    assert found is not None
    assert found.situations == ("absent", "null")
    assert [(member, [row.behaviour if row else None for row in cells]) for member, cells in found.rows] == [
        ("title", ["keep", "reset"]),
        ("contact", ["reset", None]),
    ]


def test_a_portal_of_another_kind_has_no_matrix() -> None:
    plain = replace(TARGET, requirements=tuple(replace(row, cell=None) for row in TARGET.requirements))
    assert view.matrix(plain) is None
    page = render_html(replace(RUN, targets=(replace(plain, not_shown=()),)))
    assert "What an update does to each member" not in page
    assert "What this portal does not show" not in page


def test_matrix_and_hidden_members_survive_the_results_file() -> None:
    document = to_document(RUN)
    assert list(problems(document)) == []
    again = from_document(document).targets[0]
    assert [row.cell for row in again.requirements] == [row.cell for row in TARGET.requirements]
    assert again.not_shown == ("isnotify",)


def test_the_report_shows_both() -> None:
    page = render_html(RUN)
    assert "What an update does to each member" in page
    assert "Что изменение делает с каждым параметром" in page
    assert "What this portal does not show" in page
    assert "<code>isnotify</code>" in page
    assert page.count('title="R7-NULL-TITLE"') == 1


@pytest.mark.parametrize("kind", ["r7", "planfix"])
def test_every_place_in_a_portals_matrix_belongs_to_one_requirement(kind: Kind) -> None:
    cells = [row.cell for row in contract(kind).requirements if row.cell]
    assert len(cells) == len(set(cells))
    russian = {word("situation", "ru", situation=cell.situation) for cell in cells}
    assert len(russian) == len({cell.situation for cell in cells})
    assert not russian & {"absent", "alone", "zero", "empty"}
