"""XSD with its annotations (`urn:etalon:spec`) → a resource.

The README of the specs tells what each annotation says. One that is not known here is refused.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from lxml import etree

from etalon.resources.annotations import Annotations, require_known
from etalon.resources.resource import Effect, Member, Operation, Part, Resource, Role, Sending, Shown, Source
from etalon.resources.values import Likeness

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path as FilePath

    from lxml.etree import _Element as Element

    from etalon.resources.places import Path
    from etalon.resources.resource import Reader
    from etalon.resources.values import Value

_NAMES = {"xs": "http://www.w3.org/2001/XMLSchema", "e": "urn:etalon:spec"}
# Whether an answer that does not show a member of such a kind says that there is nothing.
_UNKNOWN_WHEN_ABSENT = frozenset({Likeness.WORD, Likeness.FLAG, Likeness.NUMBERED_WORD})
_ABSENT_IS_ZERO = "absent-is-zero"
_NUMBERS = frozenset({"xs:integer", "xs:int", "xs:positiveInteger", "xs:nonNegativeInteger"})
_EMPTY = "empty"
_IN_A_LIST = 3
_KNOWN: Mapping[str, frozenset[str]] = {
    "function": frozenset({"name", "message", "documented-by", "extension", "partial", "gives-known"}),
    "member": frozenset(
        {"role", "reads-as", "normalised", "refers-to", "effect", "ends", "secret", "listed-on"}
    ),
    "source": frozenset({"page", "row", "part", "line"}),
    "rule": frozenset({"level"}),
    "extension": frozenset({"of"}),
}


@dataclass(frozen=True, slots=True)
class Special:
    """How a value that only one vendor has is read.

    Attributes:
        read: gives the value of the element that holds it.
        is_whole: whether it has all that a request needs for it to have a meaning.
        agrees: whether one that is read back means what was sent.
    """

    read: Reader
    is_whole: Callable[[Value], bool] | None = None
    agrees: Callable[[Value, Value], bool] | None = None


@dataclass(frozen=True, slots=True)
class Schemas:
    """The schemas of a folder, by function and message (`request`, `ok`, `error`)."""

    files: Mapping[tuple[str, str], FilePath]
    operations: tuple[Operation, ...]

    def file(self, function: str, message: str) -> FilePath:
        """The schema of one message of a function.

        Raises:
            KeyError: the folder has none.
        """
        return self.files[function, message]

    def of(self, message: str) -> Mapping[str, FilePath]:
        """Function → its schema of that message."""
        return {function: path for (function, one), path in self.files.items() if one == message}


def schemas_in(folder: FilePath) -> Schemas:
    """The schemas of a folder, each known by what its head says of it.

    Raises:
        UnknownAnnotationError: an annotation says something that no code reads.
    """
    files: dict[tuple[str, str], FilePath] = {}
    operations: dict[str, Operation] = {}
    for path in sorted(folder.glob("*.xsd")):
        root = etree.parse(path).getroot()
        _require_known(root, path.name)
        head = root.find("xs:annotation/xs:appinfo/e:function", _NAMES)
        if head is None:
            continue
        notes = Annotations(_attributes(head), path.name)
        name, message = notes.text("name"), notes.text("message")
        page, more = notes.text("documented-by"), notes.flag("extension")
        found = Operation(
            name, gives=notes.text("gives-known"), source=Source(page, notes.text("partial"), extension=more)
        )
        notes.finish()
        files[name, message] = path
        if found.gives or name not in operations:
            operations[name] = found
    return Schemas(files, tuple(operations.values()))


def _require_known(root: Element, file: str) -> None:
    """See that a schema has no annotation that is not known, be it on what no resource is bound to."""
    for node in root.iter(f"{{{_NAMES['e']}}}*"):
        name, where = etree.QName(node).localname, f"{file}, line {node.sourceline}"
        require_known({name}, _KNOWN, where)
        require_known(_attributes(node), _KNOWN[name], f"{where}, {name}")


def read_resource(
    name: str,
    requests: Mapping[str, FilePath],
    shown: FilePath,
    special: Mapping[str, Special],
    operations: Iterable[Operation] = (),
) -> Resource:
    """What schemas say of one kind of object.

    Args:
        name: of the kind, and of the element that holds one.
        requests: operation → the schema of its request; the first gives the members and their order.
        shown: the schema of the answer to a read.
        special: normalisation, or `structure` → how such a value is read.
        operations: the functions of the API.

    Raises:
        UnknownAnnotationError: an annotation says something that no code reads.
    """
    found: dict[str, Member] = {}
    for operation, path in requests.items():
        for member in _Binder(path, operation, name, special).members():
            before = found.get(member.name)
            if before is None:
                found[member.name] = member
            else:
                [one], [other] = before.parts, member.parts
                sent = {
                    key: (*one.sent.get(key, ()), *other.sent.get(key, ()))
                    for key in {*one.sent, *other.sent}
                }
                found[member.name] = replace(before, parts=(replace(one, sent=sent),))
    shown_beside = (one for one in _Binder(shown, "", name, special).members() if one.name not in found)
    return Resource(
        name,
        tuple(found.values()),
        # What the API gave an object stays: an answer that has it empty, or not at all, does not show it.
        tuple(
            replace(one, absence_is_nothing=False, shown=Shown.WHEN_SET)
            for one in shown_beside
            if one.parts[0].read == ((one.name,),)
        ),
        operations={one.name: one for one in operations},
    )


@dataclass(frozen=True, slots=True)
class _Place:
    """A place of a message that says something about a member.

    Attributes:
        path: from the object to it.
        reads: the paths by which an answer shows what it writes.
        facts: what its annotations say.
        type: the name of its simple type.
    """

    path: Path
    reads: tuple[Path, ...]
    role: str
    effect: Effect
    normalised: str
    refers_to: str
    ends: bool
    source: Source
    type: str


class _Binder:
    """Reads the members of one message."""

    def __init__(self, path: FilePath, operation: str, name: str, special: Mapping[str, Special]) -> None:
        self._root = etree.parse(path).getroot()
        self._operation = operation
        self._name = name
        self._special = special
        self._file = path.name

    def members(self) -> list[Member]:
        """The members of the object, in the order of the page."""
        holder = next(
            node
            for node in self._root.iterfind("xs:element//xs:element", _NAMES)
            if node.get("name") == self._name
        )
        grouped: dict[str, list[_Place]] = {}
        for child in _children(holder):
            places = list(self._places(child, ()))
            whole = any(place.role == "command" for place in places)
            for place in places:
                name = place.path[0] if whole or len(place.reads[0]) < _IN_A_LIST else place.reads[0][1]
                grouped.setdefault(name, []).append(place)
        return [
            self._member(name, places) for name, places in grouped.items() if places[0].role != "selector"
        ]

    def _places(self, node: Element, above: Path) -> Iterator[_Place]:
        path = (*above, node.get("name") or "")
        for attribute in node.iterfind("xs:alternative/xs:complexType/xs:attribute", _NAMES):
            yield self._place(attribute, (*path, f"@{attribute.get('name')}"))
        inner = _children(node)
        for child in inner:
            yield from self._places(child, path)
        if not inner:
            yield self._place(node, path)

    def _place(self, node: Element, path: Path) -> _Place:
        head = "xs:annotation/xs:appinfo/e:"
        said, row = (node.find(f"{head}{name}", _NAMES) for name in ("member", "source"))
        notes = Annotations(_attributes(said), f"{self._file}: {'/'.join(path)}")
        reads = [tuple(one.split("/")[1:]) for one in notes.text("reads-as").split()]
        role, effect = notes.text("role"), notes.text("effect", Effect.SETS)
        found = _Place(
            path=path,
            reads=tuple(reads) or (path,),
            role=role,
            effect=Effect.UNSETS if role == "command" else Effect(effect),
            normalised=notes.text("normalised"),
            refers_to=notes.text("refers-to"),
            ends=notes.flag("ends"),
            source=_source(row, node.find(f"{head}extension", _NAMES), notes.text("listed-on")),
            type=node.get("type") or "",
        )
        notes.flag(
            "secret"
        )  # of the envelope alone; what is secret is known by its name (`etalon.portals.secrets`)
        notes.finish()
        return found

    def _member(self, name: str, places: Iterable[_Place]) -> Member:
        told = list(places)
        unset = next((place for place in told if place.effect is Effect.UNSETS), None)
        first = told[0]
        if unset is not None:
            likeness = Likeness.STRUCTURE
            sets: tuple[Sending, ...] = (Sending((name,)), Sending(unset.path, Effect.UNSETS))
        else:
            likeness = self._likeness(first)
            sets = tuple(Sending(place.path, place.effect) for place in told)
        special = self._special.get(likeness.value)
        part = Part(
            sent={self._operation: sets} if self._operation else {},
            read=((name,),) if unset is not None else first.reads,
            likeness=likeness,
            reader=special.read if special else None,
            is_whole=special.is_whole if special else None,
            agrees=special.agrees if special else None,
        )
        refers = likeness in {Likeness.INTEGER, Likeness.SET} and first.role == "reference"
        return Member(
            name=name,
            parts=(part,),
            role=Role(first.role) if unset is None and first.role in set(Role) else Role.CONTENT,
            refers_to=(first.refers_to,) if refers and first.refers_to else (),
            absence_is_nothing=likeness not in _UNKNOWN_WHEN_ABSENT
            and (
                first.role != "reference" or likeness is Likeness.SET or first.normalised == _ABSENT_IS_ZERO
            ),
            markup=first.normalised == "html",
            ends=first.ends,
            source=first.source,
        )

    def _likeness(self, place: _Place) -> Likeness:
        if place.normalised in set(Likeness):
            return Likeness(place.normalised)
        if place.role == "reference":
            return Likeness.INTEGER
        declared = self._declared(place.type)
        if declared is None:
            return Likeness.TEXT if place.type in {"xs:string", ""} else Likeness.INTEGER
        bases = [node.get("base") or "" for node in declared.iterfind("xs:restriction", _NAMES)]
        if declared.find("xs:restriction/xs:enumeration", _NAMES) is not None:
            return Likeness.WORD
        if "xs:boolean" in bases:
            return Likeness.FLAG
        if any(base in _NUMBERS for base in bases):
            return Likeness.INTEGER
        return Likeness.MOMENT if "date" in place.type.lower() else Likeness.TEXT

    def _declared(self, name: str) -> Element | None:
        """The simple type of that name; of one that may also be empty, what it is where it is not."""
        found = self._root.find(f"xs:simpleType[@name='{name}']", _NAMES)
        union = None if found is None else found.find("xs:union", _NAMES)
        if union is None:
            return found
        kinds = [kind for kind in (union.get("memberTypes") or "").split() if kind != _EMPTY]
        return self._declared(kinds[0]) if kinds else found


def _children(node: Element) -> list[Element]:
    """The elements that one may hold, in its order."""
    found: list[Element] = []
    for types in (
        *node.iterfind("xs:complexType", _NAMES),
        *node.iterfind("xs:alternative/xs:complexType", _NAMES),
    ):
        for group in ("all", "sequence", "choice"):
            found += types.iterfind(f"xs:{group}/xs:element", _NAMES)
    return found


def _attributes(node: Element | None) -> dict[str, str]:
    return {} if node is None else {str(name): str(value) for name, value in node.items()}


def _source(row: Element | None, extension: Element | None, listed_on: str) -> Source:
    facts = _attributes(row)
    return Source(
        page=facts.get("page", ""),
        row=facts.get("row", "") or facts.get("part", ""),
        line=int(facts.get("line", 0)),
        extension=extension is not None,
        listed_on=listed_on,
    )
