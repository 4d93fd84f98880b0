"""What a fresh R7 portal holds: invented people, lists, contacts, entities and tasks."""

from __future__ import annotations

from etalon.vendors.r7.mock import dates
from etalon.vendors.r7.mock.dates import DateRules
from etalon.vendors.r7.mock.entries import Contact, Entity, ListItem, Person, Task

_SPELT_IN_FULL = DateRules(frozenset({0}), day_alone=False, bare_offset=False, zone_minutes=0)

ADMINISTRATOR = Person(
    guid="5b1f7c0e-93d4-4c6a-8a52-0d6e1f2b7a91",
    display_name="Ксения Лебедева",
    user_name="k.lebedeva",
    title="Администратор",
    password="kedr-i-mayak",  # noqa: S106 - an invented portal has invented passwords
    token="Zt4vR9mQkX2sLp7aHd1nWc6yEb3uGf8oJ5iTq0wN",  # noqa: S106 - as above
    is_admin=True,
)
MANAGER = Person(
    guid="c2a9e4d7-18b3-4f05-b6e1-7f3d5a90c864",
    display_name="Тимур Ахметов",
    user_name="t.akhmetov",
    title="Менеджер",
    password="reka-sever",  # noqa: S106 - as above
    token="Pq8hB3xVn6LwYt1mRc5kDj9sFa2eZu7gHo4iKv0X",  # noqa: S106 - as above
)
ASSISTANT = Person(
    guid="e86d03fa-5c27-4b9d-9e14-a2c7b8f6d350", display_name="Olga Smith", user_name="o.smith"
)

PEOPLE = (ADMINISTRATOR, MANAGER, ASSISTANT)

LIST_ITEMS = (
    ListItem(17, "Холодный", 1, is_task_category=False),
    ListItem(1031, "Звонок", 1, "call"),
    ListItem(1032, "Встреча", 2, "meeting"),
    ListItem(1035, "Письмо", 3, "email"),
    ListItem(1040, "Демонстрация", 4, "demo"),
    ListItem(1044, "Счёт", 5, "note"),
)

CONTACTS = (
    Contact(401, "ООО «Вектор & Партнёры»", is_company=True, email="office@vektor.example"),
    Contact(402, "Марина Ёлкина", is_company=False, email="elkina@vektor.example"),
    Contact(415, "Northwind Ltd", is_company=True),
)

# Opportunities and cases are numbered apart: 502 is one of each, so that a type that was lost shows.
ENTITIES = (
    Entity("opportunity", 501, "Поставка серверов"),
    Entity("opportunity", 502, "Продление лицензий"),
    Entity("case", 502, "Переезд офиса"),
    Entity("case", 601, "Ремонт <склада>"),
)

TASKS = (
    Task(
        id=1187,
        author=ADMINISTRATOR.guid,
        created=dates.parse("2025-02-03T08:15:42Z", _SPELT_IN_FULL),
        title="Позвонить в «Вектор»",
        description="Уточнить сроки & адрес",
        deadline=dates.parse("2031-03-01T09:00:00Z", _SPELT_IN_FULL),
        responsible=ADMINISTRATOR.guid,
        category=1031,
        contact=401,
        entity_type="opportunity",
        entity_id=501,
        alert_value=30,
    ),
    Task(
        id=1190,
        author=ADMINISTRATOR.guid,
        created=dates.parse("2025-02-04T11:20:05Z", _SPELT_IN_FULL),
        title="Prepare the demo",
        description="",
        deadline=dates.parse("2031-04-15T12:30:00Z", _SPELT_IN_FULL),
        responsible=MANAGER.guid,
        category=1040,
        contact=415,
        entity_type="case",
        entity_id=601,
        alert_value=0,
    ),
    Task(
        id=1194,
        author=MANAGER.guid,
        created=dates.parse("2025-02-06T06:02:31Z", _SPELT_IN_FULL),
        title="Закрыть акт",
        description="Подписан обеими сторонами",
        deadline=dates.parse("2025-02-28T15:00:00Z", _SPELT_IN_FULL),
        responsible=ASSISTANT.guid,
        category=1044,
        alert_value=0,
        is_closed=True,
    ),
)

FIRST_FREE_TASK_ID = 1201
