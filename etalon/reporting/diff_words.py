"""A comparison of two runs in words, the same in every medium."""

from __future__ import annotations

from typing import TYPE_CHECKING

from etalon.reporting import words
from etalon.reporting.diff import ChangeKind
from etalon.reporting.phrases import behaviour, said
from etalon.reporting.words import say, word

if TYPE_CHECKING:
    from etalon.reporting.diff import Cost, Difference, RequirementChange, RunDiff, State


def headline(diff: RunDiff, lang: str) -> str:
    """The comparison in one line: `Regressed: 2, Behaviour changed: 1`."""
    parts = (
        f"{word('change', lang, change=kind)}: {len(diff.of(kind))}" for kind in ChangeKind if diff.of(kind)
    )
    nothing = word("label-not-compared", lang) if diff.says_nothing else word("label-no-changes", lang)
    return ", ".join(parts) or nothing


def sentence(entry: RequirementChange, lang: str) -> str:
    """What to say of a change: what the portal does now, else what it owes."""
    if entry.new and entry.new.summary:
        return said(entry.new.summary, lang, entry.new.message)
    return say(entry.statement, lang)


def transition(entry: RequirementChange, lang: str) -> str:
    """From what to what it changed: `conforms → deviates`."""
    absent = {"old": word("label-only-new", lang), "new": word("label-only-old", lang)}
    if entry.old is None or entry.new is None:
        state = entry.new or entry.old
        assert state is not None, "a change has a state on one side at least"
        return f"{_state(state, lang)} ({absent['old' if entry.old is None else 'new']})"
    return f"{_state(entry.old, lang)} → {_state(entry.new, lang)}"


def _state(state: State, lang: str) -> str:
    verdict = word("verdict", lang, verdict=state.verdict)
    if state.behaviour is None:
        return verdict
    meaning = behaviour(state.behaviour) if lang == "ru" else ""
    return f"{verdict} ({', '.join(filter(None, (meaning, state.behaviour)))})"


def difference(difference: Difference, lang: str) -> str:
    """In what the runs themselves differ: `Profile: quick → standard`."""
    subject = word("subject", lang, subject=difference.subject)
    if difference.subject == "target":
        only = word("label-only-new", lang) if difference.new else word("label-only-old", lang)
        return f"{subject} {difference.target}: {only}"
    flags = {"yes": word("label-yes", lang), "no": word("label-no", lang)}
    old, new = (
        flags.get(value, value) if difference.subject == "complete" else value
        for value in (difference.old, difference.new)
    )
    if difference.target:
        subject = f"{difference.target}, {subject.lower()}"
    return f"{subject}: {old} → {new}"


def cost(cost: Cost, lang: str) -> str:
    """What a target cost before and now."""
    requests = f"{cost.requests[0]} → {word('count-request', lang, n=cost.requests[1])}"
    return f"{cost.target}: {requests}, {' → '.join(words.duration(spent, lang) for spent in cost.seconds)}"
