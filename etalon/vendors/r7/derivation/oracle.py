"""What an oracle has to know about a member of a request, as far as one page shows it.

An API of this family spells one thing in two ways: what is sent as `responsibleId` or `deadline` comes back
as `responsible.id` and `deadLine`. Which member answers which is told by their names alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from etalon.vendors.r7.derivation.page_content import Sample
    from etalon.vendors.r7.derivation.parameters import Parameter
    from etalon.vendors.r7.derivation.spellings import JsonSchema

_NORMALISED = {
    "Guid": "guid",
    "DateDash": "instant",
    "DateRoundtrip": "instant",
    "DateDashOrRoundtrip": "instant",
    "Instant": "instant",
}


def oracle(parameter: Parameter, answer: Sample | None) -> JsonSchema:
    """The annotations of a request's member that follow from its page.

    Args:
        parameter: a member of the body.
        answer: the page's example answer.

    Returns:
        `role`, `normalised`, `reads-as` (the path in the answered object) and `shown` (`always` where the
        example has the member, `never-promised` where it lacks it), each where it can be told.
    """
    name = str(parameter.schema.get("$ref", "")).rpartition("/")[2]
    facts: JsonSchema = {"normalised": _NORMALISED[name]} if name in _NORMALISED else {}
    answered = _answered(answer)
    if answered is None:
        return facts
    path = _read_as(parameter.name, answered)
    if path is None:
        return {**facts, "shown": "never-promised"}
    role = "reference" if path.endswith(".id") else "content"
    return {"role": role, **facts, "shown": "always", "reads-as": path}


def _answered(answer: Sample | None) -> Sample | None:
    """The object that the answer is about: the envelope's response, if that is one object."""
    response = answer.member("response") if answer else None
    return response if response is not None and response.members else None


def _read_as(name: str, answered: Sample) -> str | None:
    wanted = name.lower()
    for member, value in answered.members:
        if member.lower() == wanted and not value.members:
            return member
        if f"{member.lower()}id" == wanted and value.member("id") is not None:
            return f"{member}.id"
    return None
