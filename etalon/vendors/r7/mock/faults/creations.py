"""Faults of creation: what is made is not what was sent, or not what is answered, or made of too little."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from etalon.portals.mocking import FaultFamily
from etalon.vendors.r7.mock import seed
from etalon.vendors.r7.mock.conversion import ABSENT, PARAMETERS
from etalon.vendors.r7.mock.dates import TICKS_PER_SECOND
from etalon.vendors.r7.mock.faults.hooks import Fault
from etalon.vendors.r7.mock.inbound import Operation
from etalon.vendors.r7.mock.problems import ApiError, bad_argument, unconvertible

if TYPE_CHECKING:
    from collections.abc import Callable

    from etalon.vendors.r7.mock.calls import Call, Write
    from etalon.vendors.r7.mock.conversion import RequestParameter, Values
    from etalon.vendors.r7.mock.dialects import Dialect
    from etalon.vendors.r7.mock.entries import Task

_loses = partial(Fault, family=FaultFamily.LOSES)
_alters = partial(Fault, family=FaultFamily.ALTERS)
_answers = partial(Fault, family=FaultFamily.ANSWERS_WRONGLY)

_WEEK = 7 * 86_400 * TICKS_PER_SECOND
_MANDATORY = {"deadline", "responsible", "category"}
_OF_THE_COMMAND = ("title", "description", "contact", "entity_type", "entity_id", "alert_value")


def _on_creation(change: Callable[[Write, Task], Task]) -> Callable[[Write, Task], Task]:
    return lambda write, task: task if write.old else change(write, task)


def _former_id(_: Write, task: Task) -> Task:
    return replace(task, id=task.id - 1) if task.id % 2 else task


def _first_category(write: Write, task: Task) -> Task:
    return replace(task, category=write.call.books.task_categories()[0].id)


def _after_its_category(write: Write, task: Task) -> Task:
    return replace(task, title=f"{write.call.books.list_items[task.category].title}: {task.title}")


def _with_last_command(write: Write, task: Task) -> Task:
    memory = write.call.portal.memory
    last = memory.get("created", task)
    memory["created"] = task
    return replace(task, **{name: getattr(last, name) for name in _OF_THE_COMMAND})


def _demands_description(call: Call, values: Values) -> Values:
    if call.operation is Operation.CREATE and not values.get("description"):
        raise bad_argument("The description is empty.")
    return values


def _refuses_is_notify(operation: Operation) -> Callable[[Call, Values], Values]:
    def bind(call: Call, values: Values) -> Values:
        if call.operation is operation and "isnotify" in call.spelt:
            raise bad_argument("Unknown member isNotify.")
        return values

    return bind


def _with_defaults(call: Call, values: Values) -> Values:
    if call.operation is not Operation.CREATE:
        return values
    defaults = {
        "title": "Новая задача",
        "deadline": call.portal.clock() + _WEEK,
        "responsible": call.caller.guid,
        "category": call.books.task_categories()[0].id,
    }
    return {**defaults, **values}


def _skipping_mandatory(dialect: Dialect) -> Dialect:
    def convert(parameter: RequestParameter, value: object) -> Any:  # noqa: ANN401 - a value of its own type
        try:
            return dialect.converts(parameter, value)
        except ApiError:
            if parameter.attribute in _MANDATORY:
                return ABSENT
            raise

    return replace(dialect, converts=convert)


def _unreadable_defaulted(call: Call, values: Values) -> Values:
    """Default what a creation spells wrongly; an update is refused for it, as it should be."""
    unread = [one for one in PARAMETERS if one.attribute in _MANDATORY and one.name in call.spelt]
    skipped = [parameter for parameter in unread if parameter.attribute not in values]
    if skipped and call.operation is not Operation.CREATE:
        raise unconvertible(skipped[0].name, skipped[0].kind)
    defaults = _with_defaults(call, {})
    return {**values, **{parameter.attribute: defaults[parameter.attribute] for parameter in skipped}}


CREATING_WRONGLY: tuple[Fault, ...] = (
    _answers(
        name="create-answers-former-id",
        stands_for="an id that is asked for on a pooled connection, at times that of the insert before",
        echoes=_on_creation(_former_id),
    ),
    _answers(
        name="create-answers-with-last-request",
        stands_for="an answer that is mapped from the command of the creation before, which was kept",
        echoes=_on_creation(_with_last_command),
    ),
    _answers(
        name="create-answers-with-first-category",
        stands_for="an answer that is built before the category is looked up",
        echoes=_on_creation(_first_category),
    ),
    _alters(
        name="create-names-after-category",
        stands_for="one customer's rule for names of tasks, which was left in for all",
        stores=_on_creation(_after_its_category),
    ),
    _loses(
        name="create-takes-first-category",
        stands_for="the quick form's category, which every creation through the API gets as well",
        writes=_on_creation(_first_category),
    ),
    _alters(
        name="create-by-service-account",
        stands_for="a queue of creations that one service account works off",
        writes=_on_creation(lambda _, task: replace(task, author=seed.MANAGER.guid)),
    ),
    _answers(
        name="create-demands-description",
        stands_for="a validator that is shared with the form for people, where the description is mandatory",
        binds=_demands_description,
    ),
    _answers(
        name="create-refuses-is-notify",
        stands_for="a strict binder, and a model of a creation that was never given the switch",
        binds=_refuses_is_notify(Operation.CREATE),
    ),
    _answers(
        name="update-refuses-is-notify",
        stands_for="a strict binder, and a model of an update that was never given the switch",
        binds=_refuses_is_notify(Operation.UPDATE),
    ),
    _answers(
        name="create-fills-in-defaults",
        stands_for="a creation that fills in the form's defaults for what is missing",
        binds=_with_defaults,
    ),
    _answers(
        name="create-defaults-the-unreadable",
        stands_for="a creation that takes the form's default for what it cannot read",
        speaks=_skipping_mandatory,
        binds=_unreadable_defaulted,
    ),
)
