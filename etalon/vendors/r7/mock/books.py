"""The mutable state of one mocked R7 portal."""

from __future__ import annotations

from etalon.vendors.r7.mock import seed
from etalon.vendors.r7.mock.entries import NO_GUID, Contact, Entity, ListItem, Person, Task
from etalon.vendors.r7.mock.problems import not_found


class Books:
    """What the portal knows, and its tasks, which alone change.

    Attributes:
        tasks: by id, in the order of creation.
        list_items: by id; task categories and items of other lists, as in one table.
        contacts: by id.
        entities: by kind (`opportunity`, `case`) and id.
    """

    def __init__(self) -> None:
        self.people: dict[str, Person] = {person.guid: person for person in seed.PEOPLE}
        self.list_items: dict[int, ListItem] = {item.id: item for item in seed.LIST_ITEMS}
        self.contacts: dict[int, Contact] = {contact.id: contact for contact in seed.CONTACTS}
        self.entities: dict[tuple[str, int], Entity] = {
            (entity.kind, entity.id): entity for entity in seed.ENTITIES
        }
        self.tasks: dict[int, Task] = {task.id: task for task in seed.TASKS}
        self._next_id = seed.FIRST_FREE_TASK_ID

    @property
    def free_id(self) -> int:
        """The id that the next task gets."""
        return self._next_id

    def take_id(self) -> int:
        """Return a task id that was never used."""
        task_id = self._next_id
        self._next_id += 1
        return task_id

    def task(self, task_id: int) -> Task:
        """Return the task of that id.

        Raises:
            ApiError: 404 when there is none.
        """
        try:
            return self.tasks[task_id]
        except KeyError:
            raise not_found("Task") from None

    def person_of_token(self, token: str) -> Person | None:
        """Return whom the token logs in."""
        return next((person for person in self.people.values() if token and person.token == token), None)

    def person_of_login(self, user_name: object, password: object) -> Person | None:
        """Return whom the name and password log in."""
        return next(
            (
                person
                for person in self.people.values()
                if person.token and (person.user_name, person.password) == (user_name, password)
            ),
            None,
        )

    def task_categories(self) -> list[ListItem]:
        """Return the task categories in their order."""
        categories = (item for item in self.list_items.values() if item.is_task_category)
        return sorted(categories, key=lambda item: item.sort_order)

    def entities_of(self, kind: str) -> list[Entity]:
        """Return the opportunities or the cases."""
        return [entity for entity in self.entities.values() if entity.kind == kind]

    def tasks_in(self, category: int) -> int:
        """Return how many tasks have that category."""
        return sum(task.category == category for task in self.tasks.values())

    def may_edit(self, person: Person, task: Task) -> bool:
        """Say whether the person is an administrator, the task's author or its responsible."""
        return person.is_admin or (person.guid != NO_GUID and person.guid in {task.author, task.responsible})
