"""Faults of what is let pass: members, tokens and ids that name nothing, and have an effect all the same."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from etalon.portals.mocking import FaultFamily
from etalon.vendors.r7.mock import authorisation
from etalon.vendors.r7.mock.conversion import Kind
from etalon.vendors.r7.mock.faults.hooks import Fault

if TYPE_CHECKING:
    from etalon.vendors.r7.mock.calls import Call, Write
    from etalon.vendors.r7.mock.conversion import RequestParameter
    from etalon.vendors.r7.mock.dialects import Dialect
    from etalon.vendors.r7.mock.entries import Person, Task

_leaks = partial(Fault, family=FaultFamily.LEAKS)
_alters = partial(Fault, family=FaultFamily.ALTERS)
_answers = partial(Fault, family=FaultFamily.ANSWERS_WRONGLY)

_LENGTH_OF_GUID = 36


def _id_of_body(write: Write, task: Task) -> Task:
    named = write.call.spelt.get("id")
    tasks = write.call.books.tasks
    if write.old is None or not isinstance(named, int) or named == task.id or named not in tasks:
        return task
    return replace(tasks[named], **write.call.values)


def _author_of_body(write: Write, task: Task) -> Task:
    named = write.call.spelt.get("createby")
    guid = named.get("id") if isinstance(named, dict) else named
    people = write.call.books.people
    return replace(task, author=guid) if write.old and isinstance(guid, str) and guid in people else task


def _by_beginning(call: Call, caller: Person | None) -> Person | None:
    for token in authorisation.presented_tokens(call.inbound):
        for person in call.books.people.values():
            if caller is None and person.token and token.startswith(person.token):
                return person
    return caller


def _in_32_bits(call: Call, caller: Person | None) -> Person | None:
    route = call.inbound.route
    wrapped = replace(route, task_id=None if route.task_id is None else route.task_id % 2**32)
    call.inbound = replace(call.inbound, route=wrapped)
    return caller


def _cutting_guids(dialect: Dialect) -> Dialect:
    def convert(member: RequestParameter, value: object) -> Any:  # noqa: ANN401 - a value of the member's own type
        is_long = member.kind is Kind.GUID and isinstance(value, str)
        return dialect.converts(member, str(value)[:_LENGTH_OF_GUID] if is_long else value)

    return replace(dialect, converts=convert)


TOLERATING: tuple[Fault, ...] = (
    _leaks(
        name="id-in-body-wins",
        stands_for="an update whose record takes its key from the body, over the one in the path",
        reported="https://github.com/getodk/central-backend/pull/141",
        writes=_id_of_body,
    ),
    _alters(
        name="author-in-body-taken",
        stands_for="a serialiser in which the author is writable, not only at creation",
        reported="https://github.com/netbox-community/netbox/issues/22513",
        writes=_author_of_body,
    ),
    _answers(
        name="token-with-tail-accepted",
        stands_for="a hash that ignores what stands after so many bytes of a token",
        reported="https://github.com/kelektiv/node.bcrypt.js/issues/325",
        admits=_by_beginning,
    ),
    _answers(
        name="task-id-in-32-bits",
        stands_for="an id that is read into 32 bits, so that one far too large names another's record",
        reported="https://github.com/wazuh/wazuh/issues/38626",
        admits=_in_32_bits,
    ),
    _answers(
        name="guid-tail-ignored",
        stands_for="a parser of GUIDs that stops when it has enough and takes what follows for no error",
        reported="https://github.com/pocoproject/poco/issues/4375",
        speaks=_cutting_guids,
    ),
)
