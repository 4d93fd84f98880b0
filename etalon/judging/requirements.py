"""Requirements as data: what each portal owes, by which source, and what is expected of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Level(StrEnum):
    """How firmly the vendor's page states a requirement."""

    MUST = "must"
    SHOULD = "should"
    SILENT = "silent"


class ContractError(Exception):
    """A contract file breaks its own form; a mistake of Etalon's, not of a user's."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a requirement comes from: a page, the row or sentence in our own words, the page's address."""

    page: str
    row: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """The place of a requirement in the matrix of what an update does: which member, in which situation."""

    member: str
    situation: str


@dataclass(frozen=True, slots=True)
class Requirement:
    """One row of a contract.

    Attributes:
        id: stable, never a position (`API-UPDATE-KEEPS-DESCRIPTION`).
        theme: the group that it is reported under.
        statement: the requirement in one sentence, by language (`en`, `ru`).
        behaviours: the behaviours that its check tells apart; empty where it only holds or does not.
        expects: the behaviour that the page calls for; None where the page is silent.
        pin: key of `[targets.X.expect]` that sets the expected behaviour.
        pin_values: value of that key → behaviour; empty where they are the same words.
        planned: whether its check is still to come.
        cell: its place in the matrix of partial updates, where it has one.
    """

    id: str
    theme: str
    level: Level
    source: Source
    statement: Mapping[str, str]
    behaviours: tuple[str, ...] = ()
    expects: str | None = None
    pin: str | None = None
    pin_values: Mapping[str, str] = field(default_factory=dict)
    planned: bool = False
    cell: Cell | None = None


@dataclass(frozen=True, slots=True)
class Dialect:
    """What a dialect expects otherwise than the page, as data.

    Attributes:
        expects: requirement id → behaviour.
        traits: facts that traffic must respect to mean anything to the portal (members that an update
            must carry, and the like), by name.
    """

    name: str
    expects: Mapping[str, str] = field(default_factory=dict)
    traits: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Contract:
    """All that one kind of portal owes."""

    kind: str
    themes: Mapping[str, Mapping[str, str]]
    requirements: tuple[Requirement, ...]
    dialects: Mapping[str, Dialect]

    def __getitem__(self, requirement_id: str) -> Requirement:
        """The requirement of that id.

        Raises:
            KeyError: there is none.
        """
        for requirement in self.requirements:
            if requirement.id == requirement_id:
                return requirement
        raise KeyError(requirement_id)

    @property
    def pins(self) -> Mapping[str, frozenset[str]]:
        """The keys that `[targets.X.expect]` may have, and the values that each may take."""
        pins: dict[str, set[str]] = {}
        for requirement in self.requirements:
            if requirement.pin:
                values = requirement.pin_values or dict.fromkeys(requirement.behaviours)
                pins.setdefault(requirement.pin, set()).update(values)
        return {pin: frozenset(values) for pin, values in pins.items()}


def expected_behaviour(requirement: Requirement, dialect: Dialect, pinned: Mapping[str, str]) -> str | None:
    """The behaviour that a target owes: its pin, else its dialect's, else the page's.

    Returns:
        One of the requirement's behaviours, or None where nothing is expected and the requirement is
        only characterised.
    """
    if requirement.pin and requirement.pin in pinned:
        value = pinned[requirement.pin]
        behaviour = requirement.pin_values.get(value, value)
        if behaviour in requirement.behaviours:
            return behaviour
    return dialect.expects.get(requirement.id, requirement.expects)


def is_selected(requirement_id: str, patterns: Sequence[str]) -> bool:
    """Whether one of some globs chooses a requirement by its id; without any glob, all are chosen."""
    return not patterns or any(fnmatchcase(requirement_id, pattern) for pattern in patterns)


def parse_contract(document: Mapping[str, Any]) -> Contract:
    """A contract out of the parsed file.

    Raises:
        ContractError: a row lacks a part, repeats an id, or names a theme, page, level or behaviour
            that does not exist.
    """
    pages = document["pages"]
    themes = document["themes"]
    rows = tuple(_requirement(row, pages, themes) for row in document["requirements"])
    ids = [row.id for row in rows]
    repeated = {row_id for row_id in ids if ids.count(row_id) > 1}
    if repeated:
        raise ContractError(f"ids stand twice: {', '.join(sorted(repeated))}")
    dialects = {
        name: _dialect(name, table or {}, {row.id: row for row in rows})
        for name, table in document["dialects"].items()
    }
    return Contract(document["portal"], themes, rows, dialects)


def _requirement(row: Mapping[str, Any], pages: Mapping[str, Any], themes: Mapping[str, Any]) -> Requirement:
    try:
        page, where = row["source"]["page"], row["source"]["row"]
        requirement = Requirement(
            id=row["id"],
            theme=row["theme"],
            level=Level(row["level"]),
            source=Source(page, where, pages[page].get("url", "")),
            statement={"en": row["en"], "ru": row["ru"]},
            behaviours=tuple(row.get("behaviours", ())),
            expects=row.get("expects"),
            pin=row.get("pin"),
            pin_values=row.get("pin-values", {}),
            planned=row.get("planned", False),
            cell=Cell(**row["cell"]) if "cell" in row else None,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ContractError(f"{row.get('id', row)}: {error!r}") from error
    if requirement.theme not in themes:
        raise ContractError(f"{requirement.id}: there is no theme {requirement.theme!r}")
    if requirement.level is Level.SILENT and requirement.expects is not None:
        raise ContractError(f"{requirement.id}: a page that is silent expects nothing")
    if requirement.level is Level.SILENT and not requirement.behaviours:
        raise ContractError(f"{requirement.id}: a silent row lists the behaviours that it tells apart")
    for behaviour in (requirement.expects, *requirement.pin_values.values()):
        if behaviour is not None and behaviour not in requirement.behaviours:
            raise ContractError(f"{requirement.id}: {behaviour!r} is not one of its behaviours")
    return requirement


def _dialect(name: str, table: Mapping[str, Any], rows: Mapping[str, Requirement]) -> Dialect:
    expects = table.get("expects", {})
    for requirement_id, behaviour in expects.items():
        if requirement_id not in rows:
            raise ContractError(f"dialect {name}: there is no requirement {requirement_id}")
        if behaviour not in rows[requirement_id].behaviours:
            raise ContractError(f"dialect {name}: {requirement_id} does not list {behaviour!r}")
    traits = {trait: tuple(values) for trait, values in table.get("traits", {}).items()}
    return Dialect(name, expects, traits)
