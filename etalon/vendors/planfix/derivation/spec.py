"""Saved PlanFix pages → schemas, the pages that list values used by those that name them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from etalon.derivation.overlays import overlaid_schemas
from etalon.derivation.page import PageError
from etalon.derivation.spec import Described, Spec
from etalon.vendors.planfix.derivation import derive, reference

if TYPE_CHECKING:
    from collections.abc import Sequence

    from etalon.derivation.overlays import Stale
    from etalon.derivation.page import Note
    from etalon.derivation.spec import Overlay, Saved


def spec_of(saved: Sequence[Saved], overlay: Overlay | None) -> Spec:
    """The schemas of all functions that the pages describe, with the overlay laid over them.

    Raises:
        PageError: none of them can be understood, or two that the user named describe one function.
        OverlayError: the overlay is none.
    """
    pages = [one.page for one in saved]
    listed = {page.name: found for page in pages if (found := reference(page)) is not None}
    references = [page for page in pages if page.name in listed]
    described = Described()
    files: dict[str, str] = {}
    notes: dict[str, tuple[Note, ...]] = {}
    for one in saved:
        if one.page.name in listed:
            continue
        try:
            derived = derive(one.page, references)
        except PageError as error:
            described.refused.append(error)
            continue
        if described.takes(one, [derived.method]):
            files |= derived.schemas
            notes[one.page.name] = derived.notes
    if described.refused and not files:
        raise described.refused[0]
    stale: Sequence[Stale] = ()
    if overlay:
        files, stale = overlaid_schemas(files, overlay.text, overlay.name)
    told = {name: f"{found.kind}: {len(found.values)} values" for name, found in listed.items()}
    return Spec(files, notes, told, tuple(map(str, described.refused)), tuple(stale))
