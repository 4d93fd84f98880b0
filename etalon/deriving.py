"""`etalon derive`: saved vendor pages in, specs out, and what became of every statement."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import yaml
from xmlschema import XMLSchema11, XMLSchemaException

from etalon.derivation import planfix, r7
from etalon.derivation.drift import Drift, Member, drift, openapi_members, xsd_members
from etalon.derivation.overlays import OverlayError, Stale, overlaid_document, overlaid_schemas
from etalon.derivation.page import PARTIAL, Note, Page, PageError, Standing
from etalon.derivation.reading import read_page
from etalon.errors import why_unreadable
from etalon.reporting.files import ensure_own_file, write_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from etalon.portals.config import Kind


_EDIT_OVERLAY = (
    "# Written by etalon derive from the pages and the overlay beside this file: edit that, not this.\n"
)
_DERIVE_ANEW = "# Written by etalon derive from the pages: edit an overlay of it, not this.\n"
# What every derived spec begins with. Notes about a spec, and overlays, have its other words in them, too.
_DERIVED = re.compile(
    r"\A(?:# Written by etalon derive from the page|"
    r"<\?xml[^<>]{0,100}\?>\s*<!-- Written by etalon derive from the page)"
)


class _Plain(yaml.SafeDumper):
    """Writes what stands twice twice: a person reads no anchors."""

    def ignore_aliases(self, _data: object) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class Spec:
    """What pages of one kind became.

    Attributes:
        files: file name → text, the first of them the main one.
        notes: page name → what became of its statements.
        references: names of the pages that are lists of values, with what they list.
        refused: sentences about files that were passed over.
        stale: lines of the overlay that no longer find their place.
    """

    files: Mapping[str, str]
    notes: Mapping[str, tuple[Note, ...]]
    references: Mapping[str, str]
    refused: tuple[str, ...] = ()
    stale: tuple[Stale, ...] = ()


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
    kind = vendor or _vendor_of([one.page for one in saved])
    laid = _Overlay.read(overlay) if overlay else None
    spec = _from_r7(saved, laid) if kind == "r7" else _from_planfix(saved, laid)
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
        raise PageError(f"{committed}: expected an .xsd, since the pages are PlanFix's.")
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


@dataclass(frozen=True, slots=True)
class _Saved:
    """A page, and whether the user named it, or it lies in a folder that the user named."""

    page: Page
    named: bool


def _read(paths: Iterable[Path]) -> tuple[list[_Saved], list[str]]:
    """The pages, and a sentence about each file of a folder that is none."""
    saved: list[_Saved] = []
    refused: list[str] = []
    for path in paths:
        if not path.is_dir():
            saved.append(_Saved(read_page(path), named=True))
            continue
        for part in sorted(path.iterdir()):
            if part.is_file() and not part.name.startswith("."):
                try:
                    saved.append(_Saved(read_page(part), named=False))
                except PageError as error:
                    refused.append(str(error))
    return saved, refused


class _Described:
    """Which functions have been described by now, and which pages were passed over."""

    def __init__(self) -> None:
        self.refused: list[PageError] = []
        self._by: dict[str, str] = {}

    def takes(self, saved: _Saved, functions: Iterable[str]) -> bool:
        """Whether a page may be used: none describes one of its functions already.

        Raises:
            PageError: one does, and the user named the page.
        """
        for function in functions:
            if function in self._by:
                other = self._by[function]
                error = PageError(
                    f"{saved.page.name} and {other} both describe {function}: leave one of them out."
                )
                if saved.named:
                    raise error
                self.refused.append(error)
                return False
        self._by |= dict.fromkeys(functions, saved.page.name)
        return True


def _vendor_of(pages: Sequence[Page]) -> Kind:
    for page in pages:
        if r7.is_r7_page(page):
            return "r7"
        if planfix.is_planfix_page(page):
            return "planfix"
    names = ", ".join(page.name for page in pages)
    raise PageError(
        f"{names}: neither an R7-Office page (it would name a method and a path) nor a PlanFix page "
        "(it would show a request template or a list of values); say which with --vendor."
    )


@dataclass(frozen=True, slots=True)
class _Overlay:
    """An overlay's text, and the name that messages call it by."""

    name: str
    text: str

    @classmethod
    def read(cls, path: Path) -> _Overlay:
        try:
            return cls(path.name, path.read_text(encoding="utf-8"))
        except OSError as error:
            raise OverlayError(f"{path}: cannot be read ({error.strerror}).") from error
        except UnicodeDecodeError as error:
            raise OverlayError(f"{path}: cannot be read: it is not UTF-8.") from error


def _from_r7(saved: Sequence[_Saved], overlay: _Overlay | None) -> Spec:
    described = _Described()
    pages: list[Page] = []
    for one in saved:
        try:
            alone, _ = r7.derive([one.page])
        except PageError as error:
            described.refused.append(error)
            continue
        if described.takes(one, _operations(alone)):
            pages.append(one.page)
    if not pages:
        raise described.refused[0]
    document, told = r7.derive(pages)
    stale: Sequence[Stale] = ()
    if overlay:
        document, stale = overlaid_document(document, overlay.text, overlay.name)
    head = _EDIT_OVERLAY if overlay else _DERIVE_ANEW
    text = head + yaml.dump(document, Dumper=_Plain, allow_unicode=True, sort_keys=False, width=110)
    notes = {page.name: tuple(note for note in told if note.page == page.name) for page in pages}
    return Spec({"openapi.yaml": text}, notes, {}, tuple(map(str, described.refused)), tuple(stale))


def _operations(document: Mapping[str, Any]) -> list[str]:
    return [f"{method.upper()} {path}" for path, item in document["paths"].items() for method in item]


def _from_planfix(saved: Sequence[_Saved], overlay: _Overlay | None) -> Spec:
    pages = [one.page for one in saved]
    listed = {page.name: found for page in pages if (found := planfix.reference(page)) is not None}
    references = [page for page in pages if page.name in listed]
    described = _Described()
    files: dict[str, str] = {}
    notes: dict[str, tuple[Note, ...]] = {}
    for one in saved:
        if one.page.name in listed:
            continue
        try:
            derived = planfix.derive(one.page, references)
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


def _schema_members(source: str | io.StringIO, name: str) -> Mapping[str, Member]:
    try:
        return xsd_members(XMLSchema11(source))
    except (OSError, XMLSchemaException) as error:
        problem = next(iter(str(error).splitlines()), "")
        raise PageError(f"{name}: cannot be read as a schema ({problem}).") from error
