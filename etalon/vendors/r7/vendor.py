"""R7-Office CRM tasks, as the rest of Etalon knows them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from etalon.messages import Message
from etalon.vendors.vendor import Mock, Understood, Vendor

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from etalon.derivation.page import Page
    from etalon.derivation.spec import Overlay, Saved, Spec
    from etalon.judging.recorded import Judge
    from etalon.portals.cards import Card
    from etalon.portals.config import Target
    from etalon.portals.exchange import Exchange, Request
    from etalon.portals.leftovers import Cleaner
    from etalon.portals.secrets import Redactor
    from etalon.portals.transport import Transport
    from etalon.proving.scripts import Stage
    from etalon.vendors.vendor import Client

_API = "/api/2.0"


class R7(Vendor):
    """Portals that answer `POST api/2.0/crm/task` and its sisters."""

    kind = "r7"
    place = 10
    api = "R7-Office CRM"
    pages = "an R7-Office page (it would name a method and a path)"
    dialects = ("documented", "communityserver")
    capabilities = frozenset({"task.delete", "task.read", "xml", "contacts", "opportunities", "cases"})
    credentials = {
        "token": "R7_TOKEN",
        "user": "R7_USER",
        "password": "R7_PASSWORD",
        "certificate-password": "R7_CERTIFICATE_PASSWORD",
    }
    known = {
        "responsibles": "guid",
        "categories": "number",
        "contacts": "number",
        "opportunities": "number",
        "cases": "number",
        "tasks": "number",
    }
    people = frozenset({"responsibles"})
    polite_rate = 5.0  # no limit is published
    embedded = {"r7": "documented", "r7-communityserver": "communityserver"}
    mock_login = ("token",)
    creates, reads, updates, removes = "createTask", "getTask", "updateTask", "deleteTask"
    logs_in = "authenticate"
    messages = "etalon.vendors.r7.messages"

    def missing_login(self, given: Collection[str]) -> tuple[str, Message] | None:
        needed = () if "token" in given else ("user", "password")
        return next(((key, Message("wants-value-or-token")) for key in needed if key not in given), None)

    def objection(self, key: str, value: str) -> Message | None:
        needs_ascii = key == "token" and not value.isascii()  # it goes into a header
        return Message("wants-ascii") if needs_ascii else None

    def link(self, target: Target, task: int) -> str:
        # That of the open ancestor: CommunityServer, Products/CRM.
        parts = urlsplit(target.url)
        path = parts.path.rstrip("/").removesuffix(_API)
        host = parts.netloc.rpartition("@")[2]
        return f"{parts.scheme}://{host}{path}/Products/CRM/Tasks.aspx?id={task}"

    def understood(self, request: Request) -> Understood:
        from etalon.vendors.r7.rules import understood

        return understood(request)

    def card(self, exchange: Exchange) -> Card | None:
        from etalon.vendors.r7.cards import card_of

        return card_of(exchange)

    def says_missing(self, exchange: Exchange) -> bool:
        from etalon.vendors.r7.cards import says_missing

        return says_missing(exchange)

    def documented(self) -> Mapping[str, Sequence[str]]:
        from etalon.generation.openapi_document import load_spec
        from etalon.generation.parameters import documented_operations
        from etalon.shipped import spec

        return documented_operations(load_spec(spec("r7", "openapi.yaml")))

    def mock(self) -> Mock:
        from etalon.vendors.r7 import mock

        return Mock(mock.create, mock.FAULTS, mock.VARIATIONS)

    def client(self, target: Target, transport: Transport, redactor: Redactor) -> Client:
        from etalon.vendors.r7.client import R7Client

        return R7Client(target, transport, redactor)

    def cleaner(self, target: Target, transport: Transport, redactor: Redactor) -> Cleaner:
        from etalon.vendors.r7.cleaning import R7Cleaner

        return R7Cleaner(target, transport, redactor)

    def stage(self, client: Client) -> Stage | None:
        from etalon.vendors.r7.client import R7Client
        from etalon.vendors.r7.scenarios.stage import R7Stage

        return R7Stage(client) if isinstance(client, R7Client) else None

    def recognised(self, exchanges: Iterable[Exchange]) -> list[Exchange]:
        from etalon.vendors.r7.judging.recorded import recognised

        return recognised(exchanges)

    def judges(self, exchanges: Sequence[Exchange]) -> Mapping[str, Judge]:
        from etalon.generation.openapi_document import load_spec
        from etalon.shipped import spec
        from etalon.vendors.r7.judging.recorded import judges

        return judges(exchanges, load_spec(spec("r7", "openapi.yaml")))

    def knows_page(self, page: Page) -> bool:
        from etalon.vendors.r7.derivation import is_r7_page

        return is_r7_page(page)

    def derive(self, saved: Sequence[Saved], overlay: Overlay | None) -> Spec:
        from etalon.vendors.r7.derivation.spec import spec_of

        return spec_of(saved, overlay)


VENDOR = R7()
