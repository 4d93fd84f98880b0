"""Scripts: the requests that show a finding, sent again from nothing, on tasks that are made for it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from etalon.judging.claims import Claim, is_shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from etalon.judging.evidence import Reading
    from etalon.portals.exchange import Exchange, Request
    from etalon.portals.scratch import ScratchTasks
    from etalon.portals.transport import Transport
    from etalon.resources.patch import Patch
    from etalon.resources.resource import Resource

    Ids = Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Step:
    """A request of a script.

    Attributes:
        exchange: as it went before.
        body: sent in place of the one that it had; None sends that.
    """

    exchange: Exchange
    body: bytes | None = None

    @property
    def sent(self) -> bytes:
        """The body that goes out, ids and log-in aside."""
        return self.exchange.request.body if self.body is None else self.body


@dataclass(frozen=True, slots=True)
class Script:
    """Steps from nothing, and what their answers show.

    Attributes:
        steps: the first makes a task, the second reads it: nothing is written to what is not the run's.
        claim: which answers show it, and how.
    """

    steps: tuple[Step, ...]
    claim: Claim

    def without(self, place: int) -> Script:
        """The script without a step that its claim does not rest on."""

        def moved(old: int) -> int:
            return old - (old > place)

        claim = replace(self.claim, step=moved(self.claim.step), against=moved(self.claim.against))
        return Script((*self.steps[:place], *self.steps[place + 1 :]), claim)

    def with_body(self, place: int, body: bytes) -> Script:
        """The script with another body in a step."""
        step = replace(self.steps[place], body=body)
        return replace(self, steps=(*self.steps[:place], step, *self.steps[place + 1 :]))


class Stage(ABC):
    """A portal on which scripts are sent: what a vendor's requests need to be sent once more.

    Attributes:
        transport: the wire, with its guard and its budget.
        scratch: takes note of the tasks that are made.
        creates: the operation that makes a task.
        reads: the operation that shows one.
        session: the variable that stands for a session in what is shown.
        session_at: where the answer to a log-in has the session.
        signature: the variable that stands for a signature; empty where requests have none.
        key: the variable that stands for the key of signatures.
    """

    transport: Transport
    scratch: ScratchTasks
    creates: str
    reads: str
    session: str
    session_at: str
    signature: str = ""
    key: str = ""

    @property
    @abstractmethod
    def resource(self) -> Resource:
        """What a task consists of."""

    @abstractmethod
    def reading_of(self, exchange: Exchange | None) -> Reading | None:
        """The task that an answer shows, or None where it shows none."""

    @abstractmethod
    def patch_of(self, exchange: Exchange) -> Patch:
        """What a request asks of a task."""

    @abstractmethod
    def is_done(self, exchange: Exchange) -> bool:
        """Whether an answer says that the portal did what it was asked for."""

    @abstractmethod
    def made_by(self, creation: Exchange) -> int | None:
        """The id of the task that a creation says it made."""

    @abstractmethod
    def request_again(self, step: Step, ids: Ids) -> Request:
        """The request of a step, with the ids of other tasks in place of those that it named."""

    @abstractmethod
    def fewer(self, step: Step, member: str) -> Iterator[bytes]:
        """Bodies that send less than a step does, those most likely to show the same first."""

    @abstractmethod
    def plainly(self, creation: Step) -> Iterator[bytes]:
        """Bodies of a creation that are plainer than the one it had, the plainest first."""

    @property
    @abstractmethod
    def session_value(self) -> str:
        """The session, or the token, of the log-in."""

    def signed_again(self, body: bytes) -> bytes:
        """A request with the signature that belongs to what it has now."""
        return body

    def signed_values(self, body: bytes) -> list[str]:
        """What the signature of a request is made of, beside the key; none where it has none of its own."""
        del body
        return []

    def make(self, operation: str, request: Request) -> tuple[Exchange, int | None]:
        """Send a creation.

        Returns:
            Its exchange, and the id of the task that it made; None where it made none.

        Raises:
            PortalError: the conversation failed, or the request may not be sent.
        """
        with self.scratch.making():
            answer = self.transport.send(operation, request)
            made = self.made_by(answer) if self.is_done(answer) else None
            if made is not None:
                self.scratch.claimed(made)
        return answer, made

    def send(self, script: Script) -> list[Exchange] | None:
        """Send a script from nothing.

        Returns:
            The exchanges, one a step; None where a creation made no task.

        Raises:
            PortalError: the conversation failed, or a request may not be sent.
        """
        ids: dict[int, int] = {}
        done: list[Exchange] = []
        for step in script.steps:
            old = step.exchange
            request = self.request_again(step, ids)
            subject = ids.get(old.subject, old.subject) if old.subject is not None else None
            if old.operation != self.creates:
                done.append(self.transport.send(old.operation, request, subject=subject))
                continue
            answer, made = self.make(old.operation, request)
            done.append(answer)
            former = self.made_by(old)
            if made is not None and former is not None:
                ids[former] = made
            elif former is not None and len(done) < len(script.steps):
                return None
        return done

    def shows(self, script: Script) -> list[Exchange] | None:
        """Send a script, and give its exchanges where they show what it claims; None else."""
        done = self.send(script)
        return done if done is not None and is_shown(script.claim, done, self) else None
