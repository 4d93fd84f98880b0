"""Makes a failing example smaller with as few attempts as it can, since each attempt costs requests."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Item = TypeVar("Item")


class Attempts:
    """A number of attempts that may still be made."""

    def __init__(self, count: int) -> None:
        self.left = count

    def spend(self) -> bool:
        """Take one, if there is one left."""
        if self.left <= 0:
            return False
        self.left -= 1
        return True


def smallest(
    items: Sequence[Item],
    fails: Callable[[Sequence[Item]], bool],
    attempts: Attempts,
    *,
    possible: Callable[[Sequence[Item]], bool] | None = None,
) -> Sequence[Item]:
    """A part of a failing sequence that still fails, as small as the attempts allow.

    Halves, then quarters, and so on are left out in turn (delta debugging, Zeller and Hildebrandt 2002).

    Args:
        items: a sequence that fails.
        fails: tries a part out; it is never asked about the empty one or the same part twice.
        attempts: how many parts may be tried.
        possible: whether a part makes sense at all; one that does not counts as not failing, costs no attempt
            and is not tried out. By default, every part does.
    """
    current = list(items)
    tried: set[tuple[Item, ...]] = {tuple(current)}
    pieces = 2
    while len(current) > 1:
        size = -(-len(current) // pieces)
        for start in range(0, len(current), size):
            part = current[start : start + size] if pieces == 2 else current[:start] + current[start + size :]  # noqa: PLR2004 - at halves, a half and its complement are the same parts
            if not part or tuple(part) in tried:
                continue
            if possible and not possible(part):
                tried.add(tuple(part))
                continue
            if not attempts.spend():
                return current
            tried.add(tuple(part))
            if fails(part):
                current = part
                pieces = max(pieces - 1, 2)
                break
        else:
            if size == 1:
                return current
            pieces = min(pieces * 2, len(current))
    return current


def smallest_text(text: str, fails: Callable[[str], bool], attempts: Attempts) -> str:
    """A part of a failing text that still fails, as short as the attempts allow."""
    return "".join(smallest(text, lambda part: fails("".join(part)), attempts))
