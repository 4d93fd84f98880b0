"""What a text must be: regular expressions as values, with intersection and complement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from hypothesis_xmlschema.characters import (
    ANY,
    CharacterSet,
)


@dataclass(frozen=True, slots=True)
class Characters:
    """One character of a set."""

    characters: CharacterSet


@dataclass(frozen=True, slots=True)
class Sequence:
    """One after the other."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """One of these; of none, nothing."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Both:
    """All of these at once."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Without:
    """What is not this."""

    part: Expression


@dataclass(frozen=True, slots=True)
class Repeated:
    """So many in a row; `most` is None where there is no bound."""

    part: Expression
    least: int
    most: int | None


Expression: TypeAlias = Characters | Sequence | Either | Both | Without | Repeated


NOTHING = Either(())


ANY_TEXT = Repeated(Characters(ANY), 0, None)


def literal(text: str) -> Expression:
    """Exactly this text."""
    return Sequence(tuple(Characters(CharacterSet.of(character)) for character in text))


def sets_of(expression: Expression) -> list[CharacterSet]:
    """The sets of characters that an expression is made of."""
    found: list[CharacterSet] = []
    waiting: list[Expression] = [expression]
    while waiting:
        match waiting.pop():
            case Characters(characters):
                found.append(characters)
            case Sequence(parts) | Either(parts) | Both(parts):
                waiting += parts
            case Without(part):
                # What is not the expression may hold any character.
                waiting.append(part)
                found.append(ANY)
            case Repeated(part, _, _):
                waiting.append(part)
    return found
