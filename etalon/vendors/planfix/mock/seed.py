"""What a fresh portal holds. People, firms, tasks and credentials are invented."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, TypeVar

from etalon.vendors.planfix.mock.dates import read_moment
from etalon.vendors.planfix.mock.periodicity import EndCondition, Notify, Periodicity, Recurrence
from etalon.vendors.planfix.mock.sessions import Sessions
from etalon.vendors.planfix.mock.state import STATUSES, Access, Client, Group, Project, Store, Task, User

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

ACCESS: Final = Access(
    account="lukomorye",
    api_key="4b1d9c6e0a7f4e58b2c3d4e5f6071829",
    private_key="b7e2a91c5d3f48069c1e7a2b4d6f8013",
    login="qa",
    password="at-the-green-oak",  # noqa: S106 - opens nothing but this mocked portal
    token="c0ffee5e0f4a4b6d8e7f1a2b3c4d5e6f",  # noqa: S106 - as above
)

SCRATCH_TASKS: Final = (9001, 9002)
"""Tasks that a run may change when it cannot create its own."""


def _now() -> datetime:
    return datetime.now(UTC)


def fresh_store(clock: Callable[[], datetime] = _now) -> Store:
    """A portal's memory as it is before the first request, independent of every other.

    Args:
        clock: gives the current time, with a zone; tests pass their own.
    """
    return Store(
        access=ACCESS,
        caller=501,
        clock=clock,
        sessions=Sessions(),
        users=_by_id(
            (
                User(501, "Вера", "Колосова", "qa", admin=True, groups=(61,)),
                User(502, "Артём", "Рябинин", "ryabinin", admin=False, groups=(61, 62)),
                User(503, "Семён", "Вьюгин", "vyugin", admin=False, groups=(62,)),
                User(504, "Дарья", "Полынина", "polynina", admin=False, groups=(63,)),
            )
        ),
        groups=_by_id((Group(61, "Отдел поставок"), Group(62, "Монтажники"), Group(63, "Дежурная смена"))),
        projects=_by_id(
            (
                Project(700, "Переезд склада", owner=501),
                Project(701, "Договоры на год", owner=502),
                Project(702, "Сайт «Лукоморье»", owner=502),
            )
        ),
        clients=_by_id(
            (
                Client(810, "Пётр Ильич Заречный", company=False),
                Client(811, "Анна Ладова", company=False),
                Client(812, "ООО «Тридевять земель»", company=True),
            )
        ),
        tasks=dict(_by_id(_tasks())),
    )


def _tasks() -> tuple[Task, ...]:
    return (
        Task(
            id=9001,
            general=1,
            created=read_moment("12-02-2024 09:30"),
            owner=502,
            title="Сверить остатки",
            description="Пересчитать стеллажи А–Д.\nРасхождения — в таблицу.",
            importance="HIGH",
            status=STATUSES["ACCEPTED"],
            project=700,
            client=811,
            start=read_moment("15-02-2024"),
            end=read_moment("29-02-2024 18:00"),
            users=(502, 503),
            groups=(62,),
        ),
        Task(
            id=9002,
            general=2,
            created=read_moment("12-02-2024 10:05"),
            owner=503,
            title="Заказать стеллажи",
            description="Нужны шесть секций, высота не больше 2,4 м.",
            check_result=True,
            parent=9001,
            project=700,
            users=(504,),
        ),
        Task(
            id=9003,
            general=3,
            created=read_moment("13-02-2024 08:00"),
            owner=501,
            title="Обход склада",
            description="Огнетушители, замки, температура.",
            project=700,
            users=(503,),
            groups=(63,),
            periodicity=Periodicity(
                Recurrence("weekly", "EVERY", shift=1, days=(1, 4)),
                start_date=read_moment("19-02-2024"),
                end_condition=EndCondition("ENDLESS"),
                notify=Notify(type=0, day=1),
            ),
        ),
    )


_Row = TypeVar("_Row", User, Group, Project, Client, Task)


def _by_id(rows: Iterable[_Row]) -> Mapping[int, _Row]:
    return {row.id: row for row in rows}
