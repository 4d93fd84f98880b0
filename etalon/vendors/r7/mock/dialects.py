"""How the two dialects differ, as data: the page as read, and CommunityServer as observed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from etalon.vendors.r7.mock import checks, conversion, dates, negotiation, reading

if TYPE_CHECKING:
    from collections.abc import Callable

    from etalon.vendors.r7.mock.books import Books
    from etalon.vendors.r7.mock.conversion import RequestParameter, Values
    from etalon.vendors.r7.mock.entries import Task
    from etalon.vendors.r7.mock.inbound import Inbound


@dataclass(frozen=True, slots=True)
class Dialect:
    """The behaviours of one dialect.

    Attributes:
        reads: request → parameters by lower-case name.
        converts: parameter → typed value, or `ABSENT`.
        checks: refuses a drafted task that must not be stored; called with the books, the draft, the
            values that were sent and whether the task is new.
        keeps: what is left of a task once it lies in the store; the answer to a write shows the task
            before that.
        wants_xml: says whether a request is answered in XML.
        update_replaces: a member that an update does not send is reset rather than kept.
        unknown_update_creates: an update of an unknown id makes a new task.
        refuses_odd_ids: an id of 0 or beyond 32 bits is a bad argument (0 only where a task is read or
            deleted); elsewhere it is one more unknown id.
        misses_close_with: status for closing or reopening an unknown id.
        refuses_log_in_with: status for a wrong name or password.
        offset_minutes: offset of the moments in answers, east of UTC.
        counts_category_tasks: a task's category says how many tasks have it.
        shows_category_color: a category has a member `color`.
        hides_zero: a reminder of 0 minutes is left out.
        escapes_slashes: a slash in JSON is written with a backslash before it.
        page_gap: items that `nextIndex` skips.
        shows_pages: an unknown route is answered with an HTML page, not with the envelope.
    """

    name: str
    reads: Callable[[Inbound], dict[str, object]]
    converts: Callable[[RequestParameter, object], Any]
    checks: Callable[[Books, Task, Values, bool], None]
    keeps: Callable[[Task], Task]
    wants_xml: Callable[[Inbound], bool]
    update_replaces: bool
    unknown_update_creates: bool
    refuses_odd_ids: bool
    misses_close_with: int
    refuses_log_in_with: int
    offset_minutes: int
    counts_category_tasks: bool
    shows_category_color: bool
    hides_zero: bool
    escapes_slashes: bool
    page_gap: int
    shows_pages: bool


def _keep_all(task: Task) -> Task:
    return task


def _keep_as_mysql(task: Task) -> Task:
    """Return the task as CommunityServer's table `crm_task` gives it back.

    Columns of type `datetime` hold whole seconds; NULL texts come back empty (`TaskDao.ToTask`); a
    deadline that the tenant's clock cannot show comes back as no date at all.
    """
    deadline = dates.to_whole_seconds(task.deadline)
    try:
        dates.spell(deadline, conversion.TENANT_OFFSET_MINUTES)
    except OverflowError:
        deadline = dates.NEVER
    return replace(
        task,
        created=dates.to_whole_seconds(task.created),
        deadline=deadline,
        description=task.description or "",
        alert_value=task.alert_value or 0,
    )


DOCUMENTED = Dialect(
    name="documented",
    reads=reading.read_json_members,
    converts=conversion.convert_json,
    checks=checks.check_as_documented,
    keeps=_keep_all,
    wants_xml=negotiation.xml_by_suffix_or_accept,
    update_replaces=False,
    unknown_update_creates=False,
    refuses_odd_ids=False,
    misses_close_with=404,
    refuses_log_in_with=401,
    offset_minutes=0,
    counts_category_tasks=False,
    shows_category_color=False,
    hides_zero=False,
    escapes_slashes=False,
    page_gap=0,
    shows_pages=False,
)

COMMUNITYSERVER = Dialect(
    name="communityserver",
    reads=reading.read_all_parameters,
    converts=conversion.convert_text,
    checks=checks.check_as_communityserver,
    keeps=_keep_as_mysql,
    wants_xml=negotiation.xml_by_suffix,
    update_replaces=True,
    unknown_update_creates=True,
    refuses_odd_ids=True,
    misses_close_with=400,
    refuses_log_in_with=500,
    offset_minutes=conversion.TENANT_OFFSET_MINUTES,
    counts_category_tasks=True,
    shows_category_color=True,
    hides_zero=True,
    escapes_slashes=True,
    page_gap=1,
    shows_pages=True,
)

BY_NAME = {dialect.name: dialect for dialect in (DOCUMENTED, COMMUNITYSERVER)}
