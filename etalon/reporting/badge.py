"""A badge for a README: as SVG, and as the JSON that shields.io's endpoint badge reads (schemaVersion 1)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from etalon.judging.verdicts import Verdict
from etalon.reporting.words import word

if TYPE_CHECKING:
    from etalon.reporting.results import RunResult

_LABEL = "etalon"
# Each dark enough for white letters (WCAG 2.2, contrast of 4.5 to 1).
_COLOURS = {Verdict.CONFORMS: "#1a6b3d", Verdict.DEVIATES: "#ad2318"}
_UNSETTLED = "#85560a"
# Of Verdana at 11 pixels: about what a letter takes; the text is fitted into it by the viewer.
_LETTER, _MARGIN, _HEIGHT = 7, 10, 20

_SVG = """\
<svg xmlns="http://www.w3.org/2000/svg" width="{whole}" height="{height}" role="img" aria-label="{title}">
<title>{title}</title>
<clipPath id="r"><rect width="{whole}" height="{height}" rx="3"/></clipPath>
<g clip-path="url(#r)">
<rect width="{left}" height="{height}" fill="#3a3d42"/>
<rect x="{left}" width="{right}" height="{height}" fill="{colour}"/>
</g>
<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" text-anchor="middle">
<text x="{label_at}" y="14" textLength="{label_length}">{label}</text>
<text x="{message_at}" y="14" textLength="{message_length}">{message}</text>
</g>
</svg>
"""


def message(run: RunResult, lang: str = "en") -> str:
    """What the badge says: `conforms 97/99`, of what was judged, or the verdict that stands in its way."""
    kept = run.count(Verdict.CONFORMS)
    judged = kept + run.count(Verdict.DEVIATES) + run.allowed
    verdict = word("overall", lang, verdict=run.verdict).lower()
    return f"{verdict} {kept}/{judged}" if judged else verdict


def badge_document(run: RunResult, lang: str = "en") -> dict[str, Any]:
    """The badge as shields.io's endpoint wants it; it is never cached longer than five minutes."""
    return {
        "schemaVersion": 1,
        "label": _LABEL,
        "message": message(run, lang),
        "color": _COLOURS.get(run.verdict, _UNSETTLED),
        "isError": run.verdict is not Verdict.CONFORMS,
        "cacheSeconds": 300,
    }


def badge_json(run: RunResult, lang: str = "en") -> str:
    """`badge_document` as text."""
    return json.dumps(badge_document(run, lang), ensure_ascii=False, indent=1) + "\n"


def badge_svg(run: RunResult, lang: str = "en") -> str:
    """The badge as an image that loads nothing."""
    said = message(run, lang)
    left, right = (len(text) * _LETTER + _MARGIN for text in (_LABEL, said))
    return _SVG.format(
        title=escape(f"{_LABEL}: {said}"),
        whole=left + right,
        height=_HEIGHT,
        left=left,
        right=right,
        colour=_COLOURS.get(run.verdict, _UNSETTLED),
        label=_LABEL,
        label_at=left / 2,
        label_length=left - _MARGIN,
        message=escape(said),
        message_at=left + right / 2,
        message_length=right - _MARGIN,
    )
