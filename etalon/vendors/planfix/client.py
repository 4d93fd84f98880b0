"""Speaks to a PlanFix portal through its XML API: one address, one function per request.

Authentication, limits and error codes rest on the PlanFix API introduction, authentication and error codes
pages; what the last two tables leave out is known from published clients.
"""

from __future__ import annotations

import base64
import re
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from etalon.messages import Message
from etalon.portals.config import SECRETS, is_loopback
from etalon.portals.errors import (
    LoginError,
    MissingPrerequisiteError,
    PortalError,
    ThrottledError,
    UnusableAnswerError,
)
from etalon.portals.exchange import Exchange, Request
from etalon.portals.scratch import Parting, ScratchTasks
from etalon.vendors.planfix.answers import (
    Answer,
    NotAnAnswerError,
    accepted,
    answer_of,
    error_code,
    number_of,
    resembles_an_answer,
    text_of,
)
from etalon.vendors.planfix.requests import Access, Content, document, elements, framed, render
from etalon.vendors.planfix.sessions import SESSION_EXPIRED, Sessions
from etalon.vendors.planfix.vendor import VENDOR

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from lxml.etree import _Element as Element

    from etalon.portals.config import Target
    from etalon.portals.secrets import Redactor
    from etalon.portals.transport import Transport

    Members = Mapping[str, Content]
    Payload = Members | Element | bytes
    Renderer = Callable[[Element], bytes]
    """Writes a `request` document as it goes over the wire."""

NO_SUCH_TASK = "3001"
_LIMIT_EXCEEDED = "0007"
_BEING_CHANGED = "3014"
_RETRIES_WHEN_BUSY = 3
_SECONDS_WHEN_BUSY = 1.0
_SECONDS_WHEN_BUSY_HERE = 0.05

_REFUSALS: Mapping[str, Message] = {
    "0001": Message("refusal-0001"),
    "0002": Message("refusal-0002"),
    "0004": Message("refusal-0004"),
    "0006": Message("refusal-0006"),
    "0010": Message("refusal-0010"),
    "0011": Message("refusal-0011"),
    "0012": Message("refusal-0012"),
    "0013": Message("refusal-0013"),
    "0014": Message("refusal-0014"),
    "0022": Message("refusal-0022"),
    "0024": Message("refusal-0024"),
    "1001": Message("refusal-1001"),
}
"""Error codes that end a log-in → what to tell the user."""

_LOOK_UPS: Mapping[str, tuple[str, Mapping[str, Content], str]] = {
    "users": ("user.getList", {"status": "ACTIVE", "pageCurrent": 1, "pageSize": 100}, "users/user"),
    "groups": ("userGroup.getList", {"pageCurrent": 1, "pageSize": 100}, "userGroups/userGroup"),
    "projects": (
        "project.getList",
        {"status": "ACTIVE", "pageCurrent": 1, "pageSize": 100},
        "projects/project",
    ),
    "clients": ("contact.getList", {"pageCurrent": 1, "pageSize": 100}, "contacts/contact"),
}
"""Kind of thing → function, its content, and where its answer lists the things."""

MEMBERS = (
    "title",
    "description",
    "importance",
    "status",
    "checkResult",
    "owner",
    "parent",
    "project",
    "client",
    "startTime",
    "endTime",
    "workers",
    "periodicity",
)
"""The members of a task.update in the order of its page."""

_TEXTS = ("title", "description")
_LISTED_AT_ONCE = 100
_ORDER = {name: place for place, name in enumerate(MEMBERS)}

LEFT_BEHIND_TITLE = VENDOR.left_title
_SIGNED = re.compile(rb"<signature\s*>([0-9a-f]{32})</signature\s*>")


class PlanFixClient:
    """One portal, logged in to once, and the scratch tasks that were made on it."""

    def __init__(
        self,
        target: Target,
        transport: Transport,
        redactor: Redactor,
        *,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.target = target
        self.transport = transport
        self._redactor = redactor
        self._sleep = sleep
        self._given_up: PortalError | None = None
        self._sessions = Sessions()
        # A portal of this machine is busy with one request; one of the vendor's may be with a script.
        self._busy = _SECONDS_WHEN_BUSY_HERE if is_loopback(target.url) else _SECONDS_WHEN_BUSY
        self._titled: set[int] = set()
        self._recurring: set[int] = set()
        self.access = Access(
            account=target.credential("account") or "",
            api_key=target.credential("api-key") or "",
            token=target.credential("token") or "",
            private_key=target.credential("private-key") or "",
        )
        for key in SECRETS & target.credentials.keys():
            redactor.learn(target.credentials[key].variable, target.credentials[key].value)
        self._learn_basic()
        # The API has no function that deletes a task: all are left behind, under a title that says so.
        self.scratch = ScratchTasks(transport, self._part_with, self._marked)

    def log_in(self) -> None:
        """Open a session where user and password are given, and see that the portal lets us in.

        Raises:
            LoginError: the portal refuses the API key, account, user, password or token.
            UnusableAnswerError: what answers is not the API.
            PortalError: the conversation failed.
        """
        if self.access.token:
            if "user.getList" not in self.target.lacks:
                self._let_in(self.call("user.getList", {"pageCurrent": 0}))
            return
        self._open_session()

    def renew(self) -> bool:
        """Open another session, where the run works with one that is over.

        Returns:
            Whether there is another one.

        Raises:
            LoginError: the portal's sessions are over at once.
        """
        if not self.access.sid or self._sessions.alive():
            return False
        self._open_another_session()
        return True

    @property
    def account(self) -> str:
        """The account, and the user or the token that is logged in."""
        user = self.target.credential("user")
        return f"{self.access.account}, {f'user {user}' if user else 'by token'}"

    def discover(self) -> Mapping[str, Sequence[int]]:
        """The ids that exist: those of the config, and what the portal lists where it names none.

        Returns:
            By kind of thing; a kind that is neither configured nor listed by the portal is empty.
        """
        known: dict[str, Sequence[int]] = {}
        for kind, (function, content, path) in _LOOK_UPS.items():
            configured = self.target.known.get(kind)
            if configured:
                known[kind] = tuple(int(one) for one in configured)
            elif function in self.target.lacks:
                known[kind] = ()
            else:
                known[kind] = _listed(self.call(function, content), path)
        for kind in ("users", "groups"):
            self.transport.guard.knows(kind, known[kind])
        return known

    def add_task(self, members: Mapping[str, Content] | Element) -> Exchange:
        """`task.add`; the id that it is answered with becomes a claim on a scratch task.

        Raises:
            MissingPrerequisiteError: the portal is declared not to have the function.
        """
        if "task.add" in self.target.lacks:
            raise MissingPrerequisiteError(
                Message("lacks-task-add-and-names-no-tasks", where=self.target.where, target=self.target.name)
            )
        payload = {"task": members} if isinstance(members, Mapping) else members
        with self.scratch.making():
            exchange = self.call("task.add", payload)
            created = answer_of(exchange).task_id if accepted(exchange) else None
            if created is None or created in self.scratch.ids:
                self.scratch.astray()  # whether it made a task, the list of tasks tells in the end
            elif created is not None:
                self.scratch.claimed(created)
                if isinstance(members, Mapping) and members.get("title") == LEFT_BEHIND_TITLE:
                    self._titled.add(created)
        return exchange

    def update_task(
        self,
        subject: int | None,
        members: Mapping[str, Content] | Element,
        *,
        access: Access | None = None,
        cleaning: bool = False,
        form: Renderer = render,
    ) -> Exchange:
        """`task.update`.

        Args:
            subject: the task; None sends no id.
            members: what to change, or a whole `request` document that names its task itself.
            access: sent instead of the run's own.
            cleaning: whether it comes out of the requests held back for cleaning up.
            form: writes the document.
        """
        if subject is not None:
            self._see_whose(subject, cleaning=cleaning)
        payload = self._change(subject, members)
        return self.call("task.update", payload, subject=subject, access=access, cleaning=cleaning, form=form)

    def update_together(self, subject: int, updates: Sequence[Mapping[str, Content]]) -> list[Exchange]:
        """Several `task.update` of one task on the wire at the same time, as of so many clients.

        One that the portal answers with 3014 ("being changed, try again") is tried again alone.

        Args:
            subject: the task.
            updates: what each of them changes.

        Returns:
            How each ended, in the order of the updates.

        Raises:
            ThrottledError: the portal's daily limit is used up (code 0007).
        """
        self._refuse_if_given_up()
        self._see_whose(subject)
        payloads = [self._change(subject, members) for members in updates]
        requests = [self._request("task.update", payload, self.access, render) for payload in payloads]
        together = self.transport.send_together([("task.update", request, subject) for request in requests])
        return [
            self._insisted(exchange, "task.update", payload, subject, None, cleaning=False, form=render)
            for payload, exchange in zip(payloads, together, strict=True)
        ]

    def _see_whose(self, subject: int, *, cleaning: bool = False) -> None:
        """Read a task that no read has shown yet to be the run's own, or to be nobody's."""
        if self.reads and not self.transport.guard.ownership.may_change(subject):
            self.read_task(subject, cleaning=cleaning)

    def _change(
        self, subject: int | None, members: Mapping[str, Content] | Element
    ) -> Mapping[str, Content] | Element:
        """The content of an update; a task whose title it changes has to be labelled again."""
        named = (
            members.keys() if isinstance(members, Mapping) else {n.tag for n in members.iterfind("task/*")}
        )
        if "title" in named:
            self._titled.discard(subject or 0)
        if "periodicity" in named:
            self._recurring.add(subject or 0)
        if not isinstance(members, Mapping):
            return members
        subjects: dict[str, Content] = {} if subject is None else {"id": subject}
        # As on the page, since whether a portal takes another order has a check of its own.
        ordered = sorted(members, key=lambda name: _ORDER.get(name, len(_ORDER)))
        return {"task": {**subjects, **{name: members[name] for name in ordered}}}

    @property
    def reads(self) -> bool:
        """Whether the portal can read tasks; without that, none can be shown to be the run's own."""
        return "task.get" not in self.target.lacks

    def owns(self, subject: int) -> bool:
        """Whether a read has shown a task to be the run's own."""
        return self.transport.guard.ownership.owns(subject)

    def read_task(self, subject: int, *, access: Access | None = None, cleaning: bool = False) -> Exchange:
        """`task.get`; `access` is sent instead of the run's own."""
        content: Members = {"task": {"id": subject}}
        return self.call("task.get", content, subject=subject, access=access, cleaning=cleaning)

    def call(
        self,
        function: str,
        payload: Payload = b"",
        *,
        subject: int | None = None,
        access: Access | None = None,
        cleaning: bool = False,
        form: Renderer = render,
    ) -> Exchange:
        """Call one function of the API.

        A session of the run's own that has expired is renewed once, and a task that the portal is changing
        just now is tried again a few times (codes 0005 and 3014).

        Args:
            function: its name, e.g. `task.get`.
            payload: content to be framed, a `request` document to be framed, or bytes to be sent as they are.
            subject: id of the task it is about.
            access: sent instead of the run's own; then nothing is renewed.
            cleaning: whether it comes out of the requests held back for cleaning up.
            form: writes the document.

        Raises:
            ThrottledError: the portal's daily limit is used up (code 0007).
        """
        self._refuse_if_given_up()
        exchange = self._send(function, payload, subject, access or self.access, cleaning=cleaning, form=form)
        return self._insisted(exchange, function, payload, subject, access, cleaning=cleaning, form=form)

    def _insisted(
        self,
        exchange: Exchange,
        function: str,
        payload: Payload,
        subject: int | None,
        access: Access | None,
        *,
        cleaning: bool,
        form: Renderer,
    ) -> Exchange:
        """The exchange, or a later one of the same request where the portal asks for that."""

        def send() -> Exchange:
            return self._send(function, payload, subject, access or self.access, cleaning=cleaning, form=form)

        if access is None and self.access.sid:
            if error_code(exchange) == SESSION_EXPIRED:
                exchange = self._in_another_session(exchange, send)
            self._sessions.note(exchange, send)
        for _ in range(_RETRIES_WHEN_BUSY):
            if error_code(exchange) != _BEING_CHANGED:
                break
            self._sleep(self._busy)
            exchange = send()
        if error_code(exchange) == _LIMIT_EXCEEDED:
            raise self._throttled()
        return exchange

    def _in_another_session(self, expired: Exchange, send: Callable[[], Exchange]) -> Exchange:
        """The same call in another session, unless the portal has another reason to answer 0005.

        Raises:
            LoginError: the portal's sessions are over at once.
        """
        sessions = self._sessions
        if (sessions.overused or sessions.worn_out) and sessions.alive():
            sessions.overused = True
            return expired
        if self.access.sid.encode() in expired.request.body:
            self._open_another_session()
        again = send()
        if error_code(again) == SESSION_EXPIRED:
            alive = sessions.alive()
            if alive is False:
                raise self._shut_out()
            sessions.overused = bool(alive)
        return again

    def _open_another_session(self) -> None:
        if self._sessions.worn_out:
            raise self._shut_out()
        self._open_session()

    def _shut_out(self) -> LoginError:
        """The error for sessions that end at once; nothing is sent any more after it."""
        error = LoginError(
            Message(
                "sessions-over-at-once",
                where=self.target.where,
                opened=self._sessions.opened,
                served=self._sessions.served,
            )
        )
        self._given_up = error
        return error

    def _refuse_if_given_up(self) -> None:
        if self._given_up is not None:
            raise type(self._given_up)(self._given_up.reason)

    def body(
        self,
        function: str,
        payload: Mapping[str, Content] | Element,
        access: Access | None = None,
        form: Renderer = render,
    ) -> bytes:
        """A request's document as `call` would send it."""
        content = document(function, elements(payload)) if isinstance(payload, Mapping) else payload
        return form(framed(content, access or self.access))

    def _send(
        self,
        function: str,
        payload: Payload,
        subject: int | None,
        access: Access,
        *,
        cleaning: bool,
        form: Renderer = render,
    ) -> Exchange:
        request = self._request(function, payload, access, form)
        return self.transport.send(function, request, subject=subject, cleaning=cleaning)

    def _request(self, function: str, payload: Payload, access: Access, form: Renderer) -> Request:
        content = payload if isinstance(payload, bytes) else self.body(function, payload, access, form)
        if access.private_key == self.access.private_key:  # a check may sign with a wrong key
            for value in _SIGNED.findall(content):
                self._redactor.learn_signature("PLANFIX_SIGNATURE", value.decode())
        pair = base64.b64encode(f"{access.api_key}:{access.token}".encode()).decode()
        headers = (
            ("Accept", "application/xml"),
            ("Content-Type", "application/xml"),
            ("Authorization", f"Basic {pair}"),
        )
        return Request("POST", self.target.url, headers, content)

    def _open_session(self) -> None:
        access = replace(self.access, sid="")
        credentials: dict[str, Content] = {
            "login": self.target.credential("user") or "",
            "password": self.target.credential("password") or "",
        }
        answer = self._let_in(self._send("auth.login", credentials, None, access, cleaning=False))
        sid = text_of(answer.root.find("sid")).strip()
        if answer.status not in {"ok", "error"} or (answer.ok and not sid):
            status = Message("the-status", status=repr(answer.status))
            shown = Message("ok-and-no-sid") if answer.ok else status
            raise UnusableAnswerError(Message("log-in-unlike-page", where=self.target.where, what=shown))
        if not answer.ok:
            code = answer.code
            shown = Message("error-of-code", code=code) if code else Message("error-without-code")
            raise LoginError(Message("log-in-refused", where=self.target.where, shown=shown))
        self._sessions.opened += 1
        self._redactor.learn("PLANFIX_SID", sid)
        self.access = replace(self.access, sid=sid)

    def _let_in(self, exchange: Exchange) -> Answer:
        """The answer to a first request.

        Raises:
            LoginError: it refuses what the request identifies itself with.
            UnusableAnswerError: it is not the API's.
            ThrottledError: the portal's limit is used up.
        """
        try:
            answer = answer_of(exchange)
        except NotAnAnswerError as error:
            if resembles_an_answer(exchange):
                raise UnusableAnswerError(
                    Message("no-response-document", where=self.target.where, what=error.what)
                ) from error
            media_type = exchange.response.media_type or Message("without-media-type")
            raise UnusableAnswerError(
                Message(
                    "no-xml-api",
                    where=self.target.where,
                    what=media_type,
                    status=exchange.response.status,
                    error=error.what,
                )
            ) from error
        if answer.code in _REFUSALS:
            raise LoginError(Message("login-refused", where=self.target.where, why=_REFUSALS[answer.code]))
        if answer.code == _LIMIT_EXCEEDED:
            raise self._throttled()
        return answer

    def _throttled(self) -> ThrottledError:
        """The error for a limit that is used up; nothing is sent any more after it."""
        error = ThrottledError(Message("limit-used-up", where=self.target.where))
        self._given_up = error
        return error

    def newest_cards(self) -> Iterator[Element]:
        """The cards of the list's first page and its last ones: the newest, whichever way it is sorted.

        Raises:
            UnusableAnswerError: the answer is no list.
        """
        first, count = self._page(1)
        yield from first
        last = -(-count // _LISTED_AT_ONCE)
        for number in range(max(2, last - 1), last + 1):
            yield from self._page(number)[0]

    def _page(self, number: int) -> tuple[Sequence[Element], int]:
        """The cards of a page of all tasks, and how many tasks there are."""
        listed: dict[str, Content] = {"target": "all", "pageCurrent": number, "pageSize": _LISTED_AT_ONCE}
        exchange = self.call("task.getList", listed, cleaning=True)
        tasks = answer_of(exchange).root.find("tasks") if accepted(exchange) else None
        if tasks is None:
            code = error_code(exchange) or Message("no-code")
            raise UnusableAnswerError(Message("lists-no-tasks", where=self.target.where, code=code))
        total = tasks.get("totalCount", "")
        return tasks.findall("task"), int(total) if total.isascii() and total.isdigit() else 0

    def _marked(self) -> Iterator[int]:
        """The ids of the newest tasks that have the run's mark."""
        for card in self.newest_cards():
            task = number_of(card.find("id"))
            if task is not None and any(self.transport.mark in text_of(card.find(name)) for name in _TEXTS):
                yield task

    def _part_with(self, task: int) -> Parting:
        """Give a task of the run's own a title by which people find and delete it; it stays there."""
        ownership = self.transport.guard.ownership
        owned, labelled = self.owns(task), task in self._titled
        if self.reads and not (owned and labelled) and not ownership.may_remove(task):
            read = self.read_task(task, cleaning=True)
            if error_code(read) == NO_SUCH_TASK:
                return Parting.GONE if owned else Parting.NOT_SHOWN
        if not self.owns(task):
            return Parting.NOT_SHOWN
        if not labelled and ownership.may_remove(task):
            self.label(task, recurring=task in self._recurring)
        return Parting.STAYS

    def label(self, task: int, *, recurring: bool) -> bool:
        """Give a task the title by which people find and delete it, and let nothing come of it any more.

        Args:
            task: one of the run's own.
            recurring: whether it may have a periodicity, by which a portal would go on to make tasks.

        Returns:
            Whether it bears the title now.
        """
        title: Members = {"title": LEFT_BEHIND_TITLE}
        if not self.transport.guard.ownership.described(task):
            # What is left goes on to show whose it is, for `etalon clean` and for people.
            title = {**title, "description": self.transport.named("Etalon")}
        if recurring and accepted(
            self.update_task(task, {**title, "periodicity": {"@unset": "1"}}, cleaning=True)
        ):
            return True
        return accepted(self.update_task(task, title, cleaning=True))

    def _learn_basic(self) -> None:
        credentials = self.target.credentials
        if "api-key" not in credentials:
            return
        key, token = credentials["api-key"], credentials.get("token")
        password = (token.variable, token.value) if token else ("", "")
        self._redactor.learn_basic((key.variable, key.value), password)


def _listed(exchange: Exchange, path: str) -> tuple[int, ...]:
    try:
        answer = answer_of(exchange)
    except NotAnAnswerError:
        return ()
    return tuple(number for number in answer.ids(f"{path}/id") if number) if answer.ok else ()
