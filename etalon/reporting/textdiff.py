"""Where two texts differ: the least stretch of each that a reader has to look at."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from etalon.reporting.text import code_point

# Comparing character by character takes time by the square of the length, and a long stretch in which
# hardly anything is equal reads worse in confetti than as a whole.
_FINE_LENGTH = 400
_FINE_RATIO, _TELLING_SHARE = 0.6, 0.5
_LEAST_EQUAL_RUN, _TELLING_RUN = 2, 3
_FEW_CODE_POINTS = 8
_WORD = re.compile(r"\w+|\W", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of one of the two texts."""

    text: str
    differs: bool


@dataclass(frozen=True, slots=True)
class TextDiff:
    """Two texts, each cut into stretches that are equal in both and stretches that differ."""

    expected: tuple[Piece, ...]
    observed: tuple[Piece, ...]

    @property
    def code_points(self) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
        """The differing characters by code point, where they are few and the eye may not tell them apart."""
        expected, observed = (
            "".join(piece.text for piece in side if piece.differs) for side in (self.expected, self.observed)
        )
        if not expected and not observed and self.expected != self.observed:
            expected, observed = (  # they share nothing
                "".join(piece.text for piece in side) for side in (self.expected, self.observed)
            )
        together = expected + observed
        telling = all(char.isascii() and char.isprintable() and char != " " for char in together)
        if not together or telling or len(together) > _FEW_CODE_POINTS:
            return None
        return tuple(map(code_point, expected)), tuple(map(code_point, observed))


def compare(expected: str, observed: str) -> TextDiff:
    """Compare two texts.

    Where whole words were put in or left out, these are the difference. Else the beginning and the end that
    they share are cut off first; a short remainder with much in common is compared character by character,
    any other counts as differing throughout. Texts that share nothing, or words that end alike by chance
    (refused, accepted), come back whole and unmarked: there is no stretch to point at.
    """
    if expected == observed:
        return TextDiff(_pieces((expected, False)), _pieces((observed, False)))
    words = _whole_words(expected, observed)
    if words is not None:
        return _by_stretches(words)
    start = _shared_length(expected, observed)
    end = _shared_length(expected[start:][::-1], observed[start:][::-1])
    left, right = expected[start : len(expected) - end], observed[start : len(observed) - end]
    fine = _fine(left, right)
    if fine is None:
        shared = start + end
        words_alone = _WORD.fullmatch(expected) and _WORD.fullmatch(observed)
        if (
            left
            and right
            and (not shared or (words_alone and 2 * shared < min(len(expected), len(observed))))
        ):
            return TextDiff(_pieces((expected, False)), _pieces((observed, False)))
        fine = [(left, right, True)]
    prefix, suffix = expected[:start], expected[len(expected) - end :]
    return _by_stretches([(prefix, prefix, False), *fine, (suffix, suffix, False)])


def from_difference(expected: str, observed: str, longest: int) -> tuple[str, str]:
    """Both texts from shortly before they differ, where that would lie beyond what is shown of them.

    Args:
        expected: what should have come.
        observed: what came.
        longest: how many characters will be shown of either.
    """
    shared = _shared_length(expected, observed)
    left_out = shared - longest // 4
    if max(len(expected), len(observed)) <= longest or shared <= longest // 2:
        return expected, observed
    return f"(+{left_out}) … {expected[left_out:]}", f"(+{left_out}) … {observed[left_out:]}"


def _by_stretches(stretches: list[tuple[str, str, bool]]) -> TextDiff:
    return TextDiff(
        _pieces(*((ours, differs) for ours, _, differs in stretches)),
        _pieces(*((theirs, differs) for _, theirs, differs in stretches)),
    )


def _whole_words(expected: str, observed: str) -> list[tuple[str, str, bool]] | None:
    """How one text becomes the other by whole words put in or left out alone; None where that is not enough.

    What was put into `1, 2` to make `1, 1, 2, 2` is two items; by characters it would be a stretch across
    three of them.
    """
    if not expected or not observed or max(len(expected), len(observed)) > _FINE_LENGTH:
        return None
    ours, theirs = (_WORD.findall(text) for text in (expected, observed))
    operations = SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes()
    kinds = {operation for operation, *_ in operations}
    if "equal" not in kinds or "replace" in kinds:
        return None
    return [
        ("".join(ours[i1:i2]), "".join(theirs[j1:j2]), operation != "equal")
        for operation, i1, i2, j1, j2 in operations
    ]


def _shared_length(left: str, right: str) -> int:
    pairs = enumerate(zip(left, right, strict=False))
    return next((index for index, (ours, theirs) in pairs if ours != theirs), min(len(left), len(right)))


def _fine(left: str, right: str) -> list[tuple[str, str, bool]] | None:
    if not left or not right or max(len(left), len(right)) > _FINE_LENGTH:
        return None
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    # Of a text that was also cut, little is there; that little counts by what it shares.
    runs = sum(block.size for block in matcher.get_matching_blocks() if block.size >= _TELLING_RUN)
    if matcher.ratio() < _FINE_RATIO and runs < _TELLING_SHARE * min(len(left), len(right)):
        return None
    return [
        (left[i1:i2], right[j1:j2], operation != "equal" or i2 - i1 < _LEAST_EQUAL_RUN)
        for operation, i1, i2, j1, j2 in matcher.get_opcodes()
    ]


def _pieces(*stretches: tuple[str, bool]) -> tuple[Piece, ...]:
    """Join neighbours of one kind; an empty stretch stays only to show where the other text has more."""
    joined: list[Piece] = []
    for text, differs in stretches:
        if joined and joined[-1].differs is differs:
            joined[-1] = Piece(joined[-1].text + text, differs)
        elif text or differs:
            joined.append(Piece(text, differs))
    return tuple(joined)
