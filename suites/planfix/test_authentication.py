from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import pytest

from etalon.judging.planfix.evidence import Probe, Refusals
from etalon.judging.planfix.rules import causes_apart, changes_nothing, is_refused
from etalon.judging.verdicts import NotApplicable
from etalon.portals.planfix.answers import accepted, error_code

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from etalon.judging.checking import Check
    from etalon.judging.planfix.evidence import Step
    from etalon.labs.planfix import Lab, Tasks
    from etalon.portals.exchange import Exchange

NEVER_GIVEN = "e7a10ne7a10ne7a10ne7a10ne7a10n00"
"""32 characters, the length of keys, tokens and sessions, that no portal has given anyone."""

WHY = {
    "API-KEY": "the API key is wrong",
    "ACCOUNT": "there is no such account",
    "SESSION": "the portal never gave this session or token",
    "SIGNATURE": "the signature is wrong",
    "UNKNOWN-FUNCTION": "there is no such function",
    "BROKEN-XML": "the document is not well-formed",
}


@pytest.fixture(scope="session")
def strangers(
    lab: Lab, tasks: Tasks, changes: Mapping[str, Step]
) -> tuple[Mapping[str, Probe], Sequence[Refusals]]:
    """Calls that have to be refused before the portal looks at their task, and the task around them."""
    del changes  # the task has all its members by now
    made: dict[str, Probe] = {}
    wanted = [name for name in WHY if name != "SIGNATURE" or lab.client.access.private_key]

    def send(name: str) -> Probe:
        made[name] = Probe(name, WHY[name], _sending(lab, tasks.subject)[name]())
        return made[name]

    refusals = lab.refusals(tasks.subject, [partial(send, name) for name in wanted])
    return made, refusals


def _sending(lab: Lab, subject: int) -> Mapping[str, Callable[[], Exchange]]:
    client, access = lab.client, lab.client.access
    title = {"title": lab.text()}
    foreign = replace(access, token=NEVER_GIVEN) if access.token else replace(access, sid=NEVER_GIVEN)
    broken = client.body("task.update", {"task": {"id": subject, **title}}).replace(b"</task>", b"")
    return {
        "API-KEY": lambda: client.update_task(subject, title, access=replace(access, api_key=NEVER_GIVEN)),
        "ACCOUNT": lambda: client.update_task(
            subject, title, access=replace(access, account="e7a10n-nobody")
        ),
        "SESSION": lambda: client.update_task(subject, title, access=foreign),
        "SIGNATURE": lambda: client.update_task(
            subject, title, access=replace(access, private_key=NEVER_GIVEN)
        ),
        "UNKNOWN-FUNCTION": lambda: client.call("task.etalon", {"task": {"id": subject, **title}}),
        "BROKEN-XML": lambda: client.call("task.update", broken, subject=subject, access=access),
    }


@pytest.mark.requirement("PF-AUTH-{wrong}")
@pytest.mark.parametrize("wrong", ["API-KEY", "ACCOUNT", "SESSION", "SIGNATURE"])
def test_a_stranger_is_refused(
    check: Check, strangers: tuple[Mapping[str, Probe], Sequence[Refusals]], wrong: str
) -> None:
    check.each([_probe(strangers[0], wrong)], is_refused)


@pytest.mark.requirement("PF-{wrong}")
@pytest.mark.parametrize("wrong", ["UNKNOWN-FUNCTION", "BROKEN-XML"])
def test_what_is_no_call_is_refused(
    check: Check, strangers: tuple[Mapping[str, Probe], Sequence[Refusals]], wrong: str
) -> None:
    check.each([_probe(strangers[0], wrong)], is_refused)


@pytest.mark.requirement("PF-AUTH-REFUSED-CHANGES-NOTHING")
def test_a_refused_call_changes_nothing(
    check: Check, lab: Lab, strangers: tuple[Mapping[str, Probe], Sequence[Refusals]]
) -> None:
    lab.require_reads()
    if not strangers[1]:
        raise NotApplicable("the portal refuses none of these calls, so there is nothing to undo")
    check.each(strangers[1], changes_nothing, shrink=lab.single_refusals)


@pytest.mark.requirement("PF-AUTH-UNSIGNED")
def test_what_becomes_of_an_unsigned_call(check: Check, lab: Lab, tasks: Tasks) -> None:
    if not lab.client.access.private_key:
        raise NotApplicable("the target names no private-key, so every call of this run is unsigned")
    exchange = lab.client.call(
        "task.get", {"task": {"id": tasks.subject}}, access=replace(lab.client.access, private_key="")
    )
    check.observe("accepted" if accepted(exchange) else "refused", exchange)


@pytest.mark.requirement("PF-CODE-{wrong}")
@pytest.mark.parametrize("wrong", list(WHY))
def test_with_which_code_a_call_is_refused(
    check: Check, strangers: tuple[Mapping[str, Probe], Sequence[Refusals]], wrong: str
) -> None:
    exchange = _probe(strangers[0], wrong).exchange
    if accepted(exchange):
        raise NotApplicable("the portal does not refuse it")
    code = error_code(exchange)
    check.observe(code if code in check.requirement.behaviours else "other", exchange)


@pytest.mark.requirement("PF-ERRORS-TELL-CAUSES-APART")
def test_codes_tell_causes_apart(
    check: Check, strangers: tuple[Mapping[str, Probe], Sequence[Refusals]], unknown_task: Probe
) -> None:
    probes = [strangers[0][name] for name in ("API-KEY", "SESSION", "UNKNOWN-FUNCTION")]
    check.each([[*probes, unknown_task]], causes_apart)


def _probe(made: Mapping[str, Probe], name: str) -> Probe:
    if name not in made:
        raise NotApplicable("the target names no private-key, so calls of this run are not signed")
    return made[name]
