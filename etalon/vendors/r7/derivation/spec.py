"""Saved R7-Office pages → one OpenAPI document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from etalon.derivation.overlays import overlaid_document
from etalon.derivation.page import PageError
from etalon.derivation.spec import Described, Spec
from etalon.vendors.r7.derivation import derive

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from etalon.derivation.overlays import Stale
    from etalon.derivation.page import Page
    from etalon.derivation.spec import Overlay, Saved

_EDIT_OVERLAY = (
    "# Written by etalon derive from the pages and the overlay beside this file: edit that, not this.\n"
)
_DERIVE_ANEW = "# Written by etalon derive from the pages: edit an overlay of it, not this.\n"


class _Plain(yaml.SafeDumper):
    """Writes what stands twice twice: a person reads no anchors."""

    def ignore_aliases(self, _data: object) -> bool:
        return True


def spec_of(saved: Sequence[Saved], overlay: Overlay | None) -> Spec:
    """The document of all functions that the pages describe, with the overlay laid over it.

    Raises:
        PageError: none of them describes a function, or two that the user named describe one.
        OverlayError: the overlay is none.
    """
    described = Described()
    pages: list[Page] = []
    for one in saved:
        try:
            alone, _ = derive([one.page])
        except PageError as error:
            described.refused.append(error)
            continue
        if described.takes(one, _operations(alone)):
            pages.append(one.page)
    if not pages:
        raise described.refused[0]
    document, told = derive(pages)
    stale: Sequence[Stale] = ()
    if overlay:
        document, stale = overlaid_document(document, overlay.text, overlay.name)
    head = _EDIT_OVERLAY if overlay else _DERIVE_ANEW
    text = head + yaml.dump(document, Dumper=_Plain, allow_unicode=True, sort_keys=False, width=110)
    notes = {page.name: tuple(note for note in told if note.page == page.name) for page in pages}
    return Spec({"openapi.yaml": text}, notes, {}, tuple(map(str, described.refused)), tuple(stale))


def _operations(document: Mapping[str, Any]) -> list[str]:
    return [f"{method.upper()} {path}" for path, item in document["paths"].items() for method in item]
