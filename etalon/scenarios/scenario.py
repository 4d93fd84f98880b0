"""Scenarios as values: what each needs, what has to have gone before it, and what it sends."""

from __future__ import annotations

from dataclasses import dataclass
from inspect import Parameter, Signature, getdoc, signature
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Needs = ParamSpec("Needs")
Evidence = TypeVar("Evidence")


@dataclass(frozen=True, slots=True)
class Scenario:
    """Traffic that is sent once per target, and that many checks judge.

    Attributes:
        name: by which checks and other scenarios ask for what it gives.
        needs: the scenarios and values whose evidence it takes.
        after: the scenarios that have to have gone before, though it takes nothing of theirs.
        gives: what it gives, in a sentence.
        send: sends it, given what it needs.
    """

    name: str
    needs: tuple[str, ...]
    after: tuple[str, ...]
    gives: str
    send: Callable[..., object]


def scenario(
    *, after: Sequence[str] = ()
) -> Callable[[Callable[Needs, Evidence]], Callable[Needs, Evidence]]:
    """Makes a function a scenario: its parameters are what it needs, what it returns is what it gives.

    A pytest fixture of its name hands it out to checks, and its traffic goes once per target.

    Args:
        after: names of the scenarios that have to have gone before.
    """

    def made(send: Callable[Needs, Evidence]) -> Callable[Needs, Evidence]:
        value = Scenario(
            name=send.__name__,
            needs=tuple(signature(send).parameters),
            after=tuple(after),
            gives=(getdoc(send) or "").partition("\n")[0],
            send=send,
        )
        return handed_out(value)

    return made


def handed_out(value: Scenario) -> Callable[..., Any]:
    """The fixture that hands out what a scenario gives."""

    def hand_out(**found: object) -> object:
        return value.send(**{name: found[name] for name in value.needs})

    hand_out.__name__ = value.name
    hand_out.__doc__ = value.gives
    names = dict.fromkeys((*value.needs, *value.after))
    hand_out.__signature__ = Signature(  # type: ignore[attr-defined]  # by which pytest finds what it needs
        [Parameter(name, Parameter.KEYWORD_ONLY) for name in names]
    )
    return pytest.fixture(scope="session", name=value.name)(hand_out)
