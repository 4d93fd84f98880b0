"""What the rest of Etalon asks of a vendor: how its portals are described, reached, guarded and judged.

A vendor is a value of a class of its own in a folder of its own. Another package brings one more by an entry
point of the group `etalon.vendors`. Whatever needs the vendor's machinery imports it when it is called, so
that listing vendors costs nothing.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from etalon.derivation.page import Page
    from etalon.derivation.spec import Overlay, Saved, Spec
    from etalon.judging.recorded import Judge
    from etalon.messages import Message
    from etalon.portals.cards import Card
    from etalon.portals.config import Secret, Target
    from etalon.portals.exchange import Exchange, Request
    from etalon.portals.leftovers import Cleaner
    from etalon.portals.mocking import FaultInfo, MockPortal
    from etalon.portals.secrets import Redactor
    from etalon.portals.side_effects import SideEffects
    from etalon.portals.transport import Transport
    from etalon.proving.scripts import Stage

IdForm = Literal["guid", "number"]
"""How the ids of a kind of thing are written in `[targets.NAME.known]`."""


@dataclass(frozen=True, slots=True)
class Mock:
    """A vendor's mocked portal.

    Attributes:
        create: makes one, given the dialect and the names of faults and variations.
        faults: name → what the fault stands for.
        variations: name → what is different, for variations that still conform.
    """

    create: Callable[..., MockPortal]
    faults: Mapping[str, FaultInfo]
    variations: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Understood:
    """A request as the most lenient of portals would read it.

    Attributes:
        reads: the id of the one task that it only reads; None where it does anything else.
        named: ids of the tasks that it is about.
        beside: ids of other tasks that it changes, too, unless they stood there before.
        asked: what else it asks for.
        removes: whether it removes tasks.
        writes: whether it may change anything, without removing it.
        forbidden: what it would write to that is no task of any run; None else.
        tells: by which means it would write to people's mailboxes; None where it does not.
        kept: what it asks of a task, as a document without any log-in; empty where nobody could need it.
    """

    reads: int | None
    named: frozenset[int]
    asked: SideEffects
    beside: frozenset[int] = frozenset()
    removes: bool = False
    writes: bool = False
    forbidden: Message | None = None
    tells: Message | None = None
    kept: str = ""


class Client(Protocol):
    """A log-in to a portal, as far as commands that judge nothing need one."""

    def log_in(self) -> None:
        """Log in.

        Raises:
            PortalError: the portal cannot be reached, or does not let us in.
        """

    def discover(self) -> Mapping[str, Sequence[int | str]]:
        """The ids that a run would use: kind of thing → ids."""

    @property
    def account(self) -> str:
        """Who is logged in, for a person."""


class Vendor(ABC):
    """A vendor whose portals Etalon judges.

    Attributes:
        kind: its name in config files, on the command line and in results.
        place: where it stands among the others wherever they are listed, the lowest first.
        api: the name of what its portals offer, in any language.
        pages: its pages, as a sentence tells how they are known.
        dialects: what its portals are known to speak; the first is what the pages say.
        capabilities: what a portal may be declared to lack.
        lent_without: the capability without which a run is lent tasks of the config; empty where it never is.
        credentials: log-in key of a target → the environment variable that usually holds it.
        known: kind of thing whose ids a config may name → how they are written.
        people: those of these kinds that are people or groups of them.
        polite_rate: requests a second to a live portal, where the config does not say.
        embedded: name of a target that Etalon serves itself → its dialect; the first is judged by default.
        mock_login: the log-in keys by which the mocked portal is judged.
        spare_login: those of the mocked portal's log-in keys that a target does without, beside the others.
        creates: the operation that creates a task.
        reads: the operation that shows one.
        updates: the operation that updates one. Carried out twice it has to come to the same: it is sent
            again where its answer was lost.
        removes: the operation that removes one; empty where none does.
        logs_in: the operation that logs in; empty where none does.
        left_title: the title by which people find a task that nothing can remove; empty where runs remove.
        home: the package that holds its folders `contracts`, `specs` and `suites`, laid out as they are at
            the top of Etalon's checkout; empty for Etalon's own.
        messages: the package that holds what Etalon says of this vendor alone: Fluent files in its folders
            `en` and `ru` (to keys of `etalon/messages` they can only add variants), and in `sources.ru.yaml`,
            which may be missing, the places on the vendor's pages in Russian. Empty where it has none.
    """

    kind: ClassVar[str]
    place: ClassVar[int]
    api: ClassVar[str]
    pages: ClassVar[str]
    dialects: ClassVar[tuple[str, ...]]
    capabilities: ClassVar[frozenset[str]]
    lent_without: ClassVar[str] = ""
    credentials: ClassVar[Mapping[str, str]]
    known: ClassVar[Mapping[str, IdForm]]
    people: ClassVar[frozenset[str]]
    polite_rate: ClassVar[float]
    embedded: ClassVar[Mapping[str, str]]
    mock_login: ClassVar[tuple[str, ...]]
    spare_login: ClassVar[frozenset[str]] = frozenset()
    creates: ClassVar[str]
    reads: ClassVar[str] = ""
    updates: ClassVar[str]
    removes: ClassVar[str] = ""
    logs_in: ClassVar[str] = ""
    left_title: ClassVar[str] = ""
    home: ClassVar[str] = ""
    messages: ClassVar[str] = ""

    @abstractmethod
    def missing_login(self, given: Collection[str]) -> tuple[str, Message] | None:
        """The first log-in key that a target has to have and lacks, and what was expected; None where none.

        Args:
            given: the keys that it has.
        """

    def objection(self, key: str, value: str) -> Message | None:
        """What was expected of the value of a log-in key; None where nothing is wrong with it."""
        del key, value
        return None

    def hide(self, redactor: Redactor, credentials: Mapping[str, Secret]) -> None:
        """Have hidden what goes over the wire for credentials and is not simply one of them."""
        del redactor, credentials

    @abstractmethod
    def link(self, target: Target, task: int) -> str:
        """The address of a task for a browser, without any log-in data."""

    @abstractmethod
    def understood(self, request: Request) -> Understood:
        """A request as the most lenient of portals would read it."""

    @abstractmethod
    def card(self, exchange: Exchange) -> Card | None:
        """The task that an answer shows; None where it shows none, or leaves in doubt which."""

    @abstractmethod
    def says_missing(self, exchange: Exchange) -> bool:
        """Whether an answer to a read says that there is no such task.

        Portals differ in how they say so. A refusal to show it, a failure of the portal, an answer that names
        an id say nothing of the kind; nor does what stands before a portal.
        """

    def shown_in(self, body: bytes) -> SideEffects | None:
        """What a task was like by the answer to a read, as what a request could ask for; None where unknown.

        What a task had at first it may always be given back, be it a person whom nobody named.
        """
        del body
        return None

    def documented(self) -> Mapping[str, Sequence[str]]:
        """The operations that the judged pages describe, with their parameters."""
        return {}

    @abstractmethod
    def mock(self) -> Mock:
        """The mocked portal."""

    @abstractmethod
    def client(self, target: Target, transport: Transport, redactor: Redactor) -> Client:
        """A client that has not logged in yet."""

    @abstractmethod
    def cleaner(self, target: Target, transport: Transport, redactor: Redactor) -> Cleaner:
        """What can be done about that which killed runs left on a portal, logged in."""

    def stage(self, client: Client) -> Stage | None:
        """Where proofs are sent again, by a client that has logged in; None where the vendor has none."""
        del client
        return None

    def recognised(self, exchanges: Iterable[Exchange]) -> list[Exchange]:
        """The exchanges of a recording that are with such a portal, each with its operation and its task."""
        del exchanges
        return []

    def judges(self, exchanges: Sequence[Exchange]) -> Mapping[str, Judge]:
        """Requirement id → what judges a recording by it, given the exchanges that are recognised."""
        del exchanges
        return {}

    def knows_page(self, page: Page) -> bool:
        """Whether a documentation page is one of this vendor's."""
        del page
        return False

    def derive(self, saved: Sequence[Saved], overlay: Overlay | None) -> Spec:
        """The spec that pages describe.

        Raises:
            PageError: none of them describes a function, or two describe one; or the vendor derives no specs.
        """
        del saved, overlay
        from etalon.derivation.page import PageError  # noqa: PLC0415 - as the module's docstring says

        raise PageError(f"The vendor {self.kind} derives no specs from pages; write its spec by hand.")
