r"""The syntax of XML Schema's patterns (XSD part 2, appendix on regular expressions) → expressions.

A pattern must match the whole text. `^` and `$` are characters like others, `.` is all but the two line ends,
`\i` and `\c` are XML's name characters, a class can subtract another.
"""

from __future__ import annotations

from functools import lru_cache

from hypothesis_xmlschema.characters import DOT, CharacterSet, block, category, escape, normalised
from hypothesis_xmlschema.errors import PatternError
from hypothesis_xmlschema.expressions import Characters, Either, Expression, Repeated, Sequence

_SINGLE = {"n": "\n", "r": "\r", "t": "\t"} | {c: c for c in "\\|.-^?*+{}()[]$"}


@lru_cache(maxsize=1024)
def expression_of(pattern: str) -> Expression:
    """Reads a pattern.

    Raises:
        PatternError: It is not one.
    """
    reader = _Reader(pattern)
    found = reader.alternatives()
    if reader.at < len(pattern):
        raise reader.error("unexpected character")
    return found


class _Reader:
    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.at = 0

    def error(self, what: str) -> PatternError:
        return PatternError(f"{what} at position {self.at} of the pattern {self.pattern!r}")

    def peek(self, ahead: int = 0) -> str:
        return self.pattern[self.at + ahead : self.at + ahead + 1]

    def take(self) -> str:
        if self.at >= len(self.pattern):
            raise self.error("unexpected end")
        self.at += 1
        return self.pattern[self.at - 1]

    def alternatives(self) -> Expression:
        branches = [self.branch()]
        while self.peek() == "|":
            self.at += 1
            branches.append(self.branch())
        return branches[0] if len(branches) == 1 else Either(tuple(branches))

    def branch(self) -> Expression:
        pieces: list[Expression] = []
        while self.peek() and self.peek() not in "|)":
            pieces.append(self.piece())
        return pieces[0] if len(pieces) == 1 else Sequence(tuple(pieces))

    def piece(self) -> Expression:
        atom = self.atom()
        bounds = self.quantifier()
        return atom if bounds is None else Repeated(atom, *bounds)

    def quantifier(self) -> tuple[int, int | None] | None:
        simple: dict[str, tuple[int, int | None]] = {"?": (0, 1), "*": (0, None), "+": (1, None)}
        if self.peek() in simple and self.peek():
            return simple[self.take()]
        if self.peek() != "{":
            return None
        end = self.pattern.find("}", self.at)
        low, comma, high = self.pattern[self.at + 1 : end].partition(",")
        if end < 0 or not low.isdigit() or not (high == "" or high.isdigit()):
            raise self.error("malformed quantifier")
        self.at = end + 1
        return int(low), (int(low) if not comma else int(high) if high else None)

    def atom(self) -> Expression:
        character = self.take()
        if character == "(":
            if self.pattern.startswith("?:", self.at):
                self.at += 2
            inside = self.alternatives()
            if self.take() != ")":
                raise self.error("unbalanced parenthesis")
            return inside
        if character == "[":
            return Characters(self.character_class())
        if character == "\\":
            return Characters(self.escaped())
        if character == ".":
            return Characters(DOT)
        if character in "?*+{}]":
            self.at -= 1
            raise self.error("unexpected character")
        return Characters(CharacterSet.of(character))

    def escaped(self) -> CharacterSet:
        letter = self.take()
        if letter in _SINGLE:
            return CharacterSet.of(_SINGLE[letter])
        if letter in "sSiIcCdDwW":
            return escape(letter)
        if letter in "pP" and self.peek() == "{":
            end = self.pattern.find("}", self.at)
            name = self.pattern[self.at + 1 : end]
            self.at = end + 1
            try:
                found = block(name[2:]) if name.startswith("Is") else category(name)
            except ValueError as error:
                raise self.error(str(error)) from error
            return found if letter == "p" else found.complement()
        raise self.error("unknown escape")

    def character_class(self) -> CharacterSet:
        negative = self.peek() == "^"
        self.at += negative
        found = CharacterSet((), ())
        first = True
        while first or self.peek() != "]":
            if self.peek() == "-" and self.peek(1) == "[" and not first:
                self.at += 2
                subtracted = self.character_class()
                if self.peek() != "]":
                    raise self.error("a subtraction ends its class")
                found = (found.complement() if negative else found) - subtracted
                self.at += 1
                return found
            found |= self.item()
            first = False
        self.at += 1
        return found.complement() if negative else found

    def item(self) -> CharacterSet:
        """A character, a range or an escape of a class."""
        start = self.one()
        if isinstance(start, CharacterSet):
            return start
        if self.peek() != "-" or self.peek(1) in ("]", "[", ""):
            return CharacterSet.of(start)
        self.at += 1
        end = self.one()
        if isinstance(end, CharacterSet) or end < start:
            raise self.error("malformed range")
        return CharacterSet.exactly(normalised([(ord(start), ord(end))]))

    def one(self) -> str | CharacterSet:
        character = self.take()
        if character == "[":
            raise self.error("unexpected character")
        if character != "\\":
            return character
        if self.peek() in _SINGLE and self.peek():
            return _SINGLE[self.take()]
        return self.escaped()
