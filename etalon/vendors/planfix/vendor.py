"""The PlanFix XML API, as the rest of Etalon knows it."""

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
    from etalon.portals.config import Secret, Target
    from etalon.portals.exchange import Exchange, Request
    from etalon.portals.leftovers import Cleaner
    from etalon.portals.secrets import Redactor
    from etalon.portals.side_effects import SideEffects
    from etalon.portals.transport import Transport
    from etalon.proving.scripts import Stage
    from etalon.vendors.vendor import Client


class PlanFix(Vendor):
    """Portals that answer `task.update` of the XML API and its sisters."""

    kind = "planfix"
    place = 20
    api = "PlanFix XML API"
    pages = "a PlanFix page (it would show a request template or a list of values)"
    dialects = ("documented",)
    capabilities = frozenset(
        {"task.add", "task.get", "user.getList", "userGroup.getList", "project.getList", "contact.getList"}
    )
    lent_without = "task.add"
    credentials = {
        "account": "PLANFIX_ACCOUNT",
        "api-key": "PLANFIX_API_KEY",
        "private-key": "PLANFIX_PRIVATE_KEY",
        "user": "PLANFIX_USER",
        "password": "PLANFIX_PASSWORD",
        "token": "PLANFIX_TOKEN",
        "certificate-password": "PLANFIX_CERTIFICATE_PASSWORD",
    }
    known = dict.fromkeys(("users", "groups", "projects", "clients", "tasks"), "number")
    people = frozenset({"users", "groups"})
    polite_rate = 1.0  # of an account (PlanFix API introduction)
    embedded = {"planfix": "documented"}
    mock_login = ("account", "api-key", "private-key", "user", "password")
    spare_login = frozenset({"token"})
    creates, reads, updates, logs_in = "task.add", "task.get", "task.update", "auth.login"
    left_title = "Etalon: scratch task, may be deleted"
    messages = "etalon.vendors.planfix.messages"

    def missing_login(self, given: Collection[str]) -> tuple[str, Message] | None:
        for key in ("account", "api-key"):
            if key not in given:
                return key, Message("wants-value")
        needed = () if "token" in given else ("user", "password")
        return next(((key, Message("wants-value-or-token")) for key in needed if key not in given), None)

    def hide(self, redactor: Redactor, credentials: Mapping[str, Secret]) -> None:
        if "api-key" in credentials:
            key, token = credentials["api-key"], credentials.get("token")
            second = (token.variable, token.value) if token else ("", "")
            redactor.learn_basic((key.variable, key.value), second)

    def link(self, target: Target, task: int) -> str:
        # On the account's own host, where the target's url is the API's common one.
        parts = urlsplit(target.url)
        host = parts.netloc.rpartition("@")[2]
        if host.startswith("api"):
            host = f"{target.credential('account') or ''}.{host.partition('.')[2]}"
        return f"{parts.scheme}://{host}/task/{task}"

    def understood(self, request: Request) -> Understood:
        from etalon.vendors.planfix.rules import understood

        return understood(request)

    def card(self, exchange: Exchange) -> Card | None:
        from etalon.vendors.planfix.cards import card_of

        return card_of(exchange)

    def says_missing(self, exchange: Exchange) -> bool:
        from etalon.vendors.planfix.cards import says_missing

        return says_missing(exchange)

    def shown_in(self, body: bytes) -> SideEffects | None:
        from etalon.portals.side_effects import recovered
        from etalon.vendors.planfix.side_effects import side_effects_of

        root = recovered(body)
        return None if root is None else side_effects_of(root)

    def documented(self) -> Mapping[str, Sequence[str]]:
        from etalon.generation.parameters import document_paths
        from etalon.shipped import spec

        return {"task.update": document_paths(spec("planfix", "task.update.request.xsd"))}

    def mock(self) -> Mock:
        from etalon.vendors.planfix import mock

        return Mock(mock.create, mock.FAULTS, mock.VARIATIONS)

    def client(self, target: Target, transport: Transport, redactor: Redactor) -> Client:
        from etalon.vendors.planfix.client import PlanFixClient

        return PlanFixClient(target, transport, redactor)

    def cleaner(self, target: Target, transport: Transport, redactor: Redactor) -> Cleaner:
        from etalon.vendors.planfix.cleaning import PlanFixCleaner

        return PlanFixCleaner(target, transport, redactor)

    def stage(self, client: Client) -> Stage | None:
        from etalon.vendors.planfix.client import PlanFixClient
        from etalon.vendors.planfix.scenarios.stage import PlanFixStage

        return PlanFixStage(client) if isinstance(client, PlanFixClient) else None

    def recognised(self, exchanges: Iterable[Exchange]) -> list[Exchange]:
        from etalon.vendors.planfix.judging.recorded import recognised

        return recognised(exchanges)

    def judges(self, exchanges: Sequence[Exchange]) -> Mapping[str, Judge]:
        from xmlschema import XMLSchema11

        from etalon.shipped import spec
        from etalon.vendors.planfix.judging.laws import ERROR
        from etalon.vendors.planfix.judging.recorded import judges

        schemas = {
            path.name.removesuffix(".ok.xsd"): XMLSchema11(str(path))
            for path in sorted(spec("planfix").glob("*.ok.xsd"))
        }
        schemas[ERROR] = XMLSchema11(str(spec("planfix", "task.update.error.xsd")))
        return judges(exchanges, schemas)

    def knows_page(self, page: Page) -> bool:
        from etalon.vendors.planfix.derivation import is_planfix_page

        return is_planfix_page(page)

    def derive(self, saved: Sequence[Saved], overlay: Overlay | None) -> Spec:
        from etalon.vendors.planfix.derivation.spec import spec_of

        return spec_of(saved, overlay)


VENDOR = PlanFix()
