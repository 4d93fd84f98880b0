"""`etalon derive`: saved vendor pages in, specs out, and what became of every statement."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import yaml
from xmlschema import XMLSchema11, XMLSchemaException

from etalon.derivation.drift import Drift, SpecMember, drift, openapi_members, xsd_members
from etalon.derivation.page import PARTIAL, PageError, Standing
from etalon.derivation.reading import read_page
from etalon.derivation.spec import Overlay, Saved, Spec
from etalon.errors import why_unreadable
from etalon.reporting.files import ensure_own_file, write_text
from etalon.vendors import vendor_of, vendors

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from etalon.derivation.page import Page
    from etalon.portals.config import Kind
    from etalon.vendors.vendor import Vendor


# What every derived spec begins with. Notes about a spec, and overlays, have its other words in them, too.
_DERIVED = re.compile(
    r"\A(?:# Written by etalon derive from the page|"
    r"<\?xml[^<>]{0,100}\?>\s*<!-- Written by etalon derive from the page)"
)


def derive(paths: Iterable[Path], vendor: Kind | None = None, overlay: Path | None = None) -> Spec:
    """Derive specs from pages, all of one vendor.

    Files that cannot be read, and second pages of a function, are errors where they were named, and passed
    over with a sentence where they lie in a folder. So are pages that describe no function, if others do.

    Args:
        paths: saved pages, and folders of them; folders inside of these are left alone.
        vendor: guessed from the first page where it is not given.
        overlay: what is laid over what the pages say.

    Raises:
        PageError: a file is no page, is of another vendor, none describes a function, two describe the same
            one, or the overlay is none.
    """
    saved, refused = _read(paths)
    if not saved:
        raise PageError(refused[0] if refused else "There is no page there to derive a spec from.")
    found = vendor_of(vendor) if vendor else _vendor_of([one.page for one in saved])
    spec = found.derive(saved, Overlay.read(overlay) if overlay else None)
    return replace(spec, refused=(*refused, *spec.refused))


def overlay_beside(spec: Path) -> Path | None:
    """The overlay that a committed spec was made with: `overlay.*` in its folder."""
    return next((path for path in sorted(spec.parent.glob("overlay.*")) if path != spec), None)


def against(committed: Path, spec: Spec) -> tuple[Drift, ...]:
    """What newer pages change in a committed spec.

    Args:
        committed: an `openapi.yaml`, or an XSD named as the derived one (`task.update.request.xsd`).
        spec: what the newer pages became.

    Raises:
        PageError: the file is no spec, or the pages have nothing to compare it with.
    """
    if committed.suffix == ".xsd":
        if committed.name not in spec.files:
            have = ", ".join(spec.files)
            raise PageError(f"{committed}: the pages derive {have}, but no {committed.name}.")
        newer = _schema_members(io.StringIO(spec.files[committed.name]), f"the new {committed.name}")
        return drift(_schema_members(str(committed), str(committed)), newer)
    derived = next((text for name, text in spec.files.items() if name.endswith(".yaml")), None)
    if derived is None:
        raise PageError(f"{committed}: expected an .xsd, since the pages derive schemas.")
    try:
        document = yaml.safe_load(committed.read_text(encoding="utf-8"))
        old = openapi_members(document)
    except (OSError, ValueError, RecursionError, yaml.YAMLError, KeyError, TypeError) as error:
        raise PageError(
            f"{committed}: cannot be read as an OpenAPI document ({why_unreadable(error)})."
        ) from error
    new = openapi_members(yaml.safe_load(derived))
    described = {_operation(path) for path in new}
    return drift({path: member for path, member in old.items() if _operation(path) in described}, new)


def _operation(path: str) -> str:
    """The method and path that a member's place begins with; other operations are other pages' concern."""
    method, where, *_ = path.split(" ")
    return f"{method} {where}"


def write(spec: Spec, output: Path) -> list[Path]:
    """Write the files of a spec.

    Args:
        spec: what pages became.
        output: the file for a spec of one file; a folder, made where it is missing, for several.

    Returns:
        The paths that were written.

    Raises:
        UnwritableOutputError: they cannot be written, or another's files have their names.
    """
    alone = len(spec.files) == 1 and not output.is_dir()
    targets = {name: output if alone else output / name for name in spec.files}
    for path in targets.values():
        ensure_own_file(path, _DERIVED)
    for name, path in targets.items():
        write_text(path, spec.files[name])
    return list(targets.values())


def partial_lines(spec: Spec) -> Iterator[str]:
    """A sentence about each place where a page breaks off, so that its spec is not whole."""
    for name, notes in spec.notes.items():
        for note in notes:
            if note.detail.startswith(PARTIAL):
                yield f"{name}, line {note.line}: {note.detail}"


def report_lines(spec: Spec) -> Iterator[str]:
    """What became of every statement of the pages, a line each, what was left open first."""
    for name, listed in spec.references.items():
        yield f"{name}: a list of values ({listed})"
    for name, notes in spec.notes.items():
        opened = [note for note in notes if note.standing is Standing.LEFT_OPEN]
        yield f"{name}: {len(notes) - len(opened)} statements understood, {len(opened)} left open"
        for note in (*opened, *(note for note in notes if note.standing is Standing.UNDERSTOOD)):
            yield f"  {note.standing.value:10}  line {note.line:<4}  {note.place}: {note.detail}"


def _read(paths: Iterable[Path]) -> tuple[list[Saved], list[str]]:
    """The pages, and a sentence about each file of a folder that is none."""
    saved: list[Saved] = []
    refused: list[str] = []
    for path in paths:
        if not path.is_dir():
            saved.append(Saved(read_page(path), named=True))
            continue
        for part in sorted(path.iterdir()):
            if part.is_file() and not part.name.startswith("."):
                try:
                    saved.append(Saved(read_page(part), named=False))
                except PageError as error:
                    refused.append(str(error))
    return saved, refused


def _vendor_of(pages: Sequence[Page]) -> Vendor:
    for page in pages:
        for vendor in vendors().values():
            if vendor.knows_page(page):
                return vendor
    names = ", ".join(page.name for page in pages)
    kinds_of_pages = " nor ".join(vendor.pages for vendor in vendors().values())
    raise PageError(f"{names}: neither {kinds_of_pages}; say which with --vendor.")


def _schema_members(source: str | io.StringIO, name: str) -> Mapping[str, SpecMember]:
    try:
        return xsd_members(XMLSchema11(source))
    except (OSError, XMLSchemaException) as error:
        problem = next(iter(str(error).splitlines()), "")
        raise PageError(f"{name}: cannot be read as a schema ({problem}).") from error
