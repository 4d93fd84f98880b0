"""A proof as data, in a results file: requests with places for secrets, ids and the mark of the sender."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec.structs import replace

from etalon.judging.claims import ClaimKind, member_of
from etalon.judging.reader import printed
from etalon.reporting.records import ClaimRecord, ProofRecord, ProofStepRecord, VariableRecord

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from etalon.portals.exchange import Exchange
    from etalon.portals.secrets import Redactor
    from etalon.proving.proofs import Proof
    from etalon.proving.scripts import Stage
    from etalon.reporting.records import Template
    from etalon.resources.resource import Member

MARK = "MARK"
_SENT_BY_ITSELF = frozenset({"content-length", "host", "connection", "accept-encoding", "user-agent"})


def recorded(
    proof: Proof,
    stage: Stage,
    redactor: Redactor,
    base: str,
    says: Callable[[Exchange], str],
    logs_in: str,
) -> ProofRecord:
    """A proof as a results file has it.

    Args:
        proof: how a finding was made again.
        stage: where.
        redactor: knows the secrets.
        base: the portal's address, in front of every URL.
        says: what an exchange does, in words.
        logs_in: the operation that opens a session.
    """
    script = proof.script
    if script is None or not proof.exchanges:
        return ProofRecord(proof.shown.value, proof.explained_by)
    places = _Places(proof.exchanges, stage, redactor)
    steps = [places.step(exchange, base, says(exchange)) for exchange in proof.exchanges]
    opened = next((one for one in stage.transport.journal if one.operation == logs_in), None)
    log_in = None
    if opened is not None and any(_needs(step, stage.session) for step in steps):
        log_in = replace(
            places.step(opened, base, says(opened)), makes=stage.session, makes_at=stage.session_at
        )
    return ProofRecord(proof.shown.value, proof.explained_by, tuple(steps), places.claim(proof), log_in)


def _needs(step: ProofStepRecord, variable: str) -> bool:
    templates = (step.url, step.body, *(value for _, value in step.headers))
    return any(
        isinstance(part, VariableRecord) and part.variable == variable for one in templates for part in one
    )


class _Places:
    """What stands in the requests of one proof and is another thing each time."""

    def __init__(self, exchanges: Iterable[Exchange], stage: Stage, redactor: Redactor) -> None:
        self._stage, self._redactor = stage, redactor
        made = [stage.made_by(one) for one in exchanges if one.operation == stage.creates]
        self._tasks = {task: f"TASK_{place}" for place, task in enumerate(filter(None, made), start=1)}
        known = {str(task): name for task, name in self._tasks.items()} | {stage.transport.mark: MARK}
        self._known: Mapping[str, str] = known
        every = "|".join(map(re.escape, known))
        self._split = re.compile(rf"(?<![0-9A-Za-z])({every})(?![0-9A-Za-z])")

    def step(self, exchange: Exchange, base: str, says: str) -> ProofStepRecord:
        """A request, to be sent again."""
        request, stage = exchange.request, self._stage
        try:
            text, binary = request.body.decode(), False
        except UnicodeDecodeError:
            text, binary = request.body.decode("latin-1"), True
        headers = tuple(
            (name, self._of_header(name, value))
            for name, value in request.headers
            if name.lower() not in _SENT_BY_ITSELF
        )
        values = stage.signed_values(request.body)
        signed: Template = tuple(part for value in values for part in self.template(value))
        if signed:
            signed = (*signed, VariableRecord(stage.key))
        makes = reads = ""
        if exchange.operation == stage.creates:
            makes = self._tasks.get(stage.made_by(exchange) or 0, "")
        if exchange.operation == stage.reads:
            reads = self._tasks.get(exchange.subject or 0, "")
        return ProofStepRecord(
            operation=exchange.operation,
            says=self._split.sub(lambda found: self._number(found[1]), says),
            method=request.method,
            url=self.template(request.url.removeprefix(base.rstrip("/"))),
            headers=headers,
            body=self.template(text),
            binary=binary,
            signed=signed,
            signature=stage.signature if signed else "",
            makes=makes,
            makes_at="id" if makes else "",
            reads=reads,
        )

    def claim(self, proof: Proof) -> ClaimRecord | None:
        """What the answers of a proof show."""
        if proof.script is None:
            return None
        claim, stage = proof.script.claim, self._stage
        shown_by = proof.exchanges[claim.step]
        member = member_of(stage.resource, claim.member)
        now = stage.reading_of(shown_by)
        expected = observed = ""
        exact = False
        if member is not None and now is not None:
            observed = _raw(member, shown_by, stage)
            if claim.kind is ClaimKind.DIFFERS:
                expected, exact = _raw(member, proof.exchanges[claim.against], stage), True
            elif claim.kind is ClaimKind.UNLIKE_SENT and member.is_text and not member.markup:
                sent = stage.patch_of(proof.exchanges[claim.against]).sets.get(member.name)
                expected, exact = sent if isinstance(sent, str) else "", isinstance(sent, str)
        elif claim.kind is ClaimKind.LOOKS:
            observed = claim.value
        return ClaimRecord(
            kind=claim.kind.value,
            step=claim.step,
            against=claim.against,
            member=claim.member,
            task=self._tasks.get(shown_by.subject or stage.made_by(shown_by) or 0, ""),
            places=tuple(".".join(path) for part in member.parts for path in part.read) if member else (),
            status=claim.status or shown_by.response.status,
            done=claim.done,
            expected=self.template(expected),
            observed=self.template(observed),
            exact=exact,
        )

    def _number(self, known: str) -> str:
        """Which of the script's tasks an id belongs to."""
        return self._known[known].removeprefix("TASK_")

    def template(self, text: str) -> Template:
        """A text with places for secrets, ids and the mark."""
        parts: list[str | VariableRecord] = []
        for piece in self._redactor.pieces(text):
            if piece.is_variable:
                parts.append(VariableRecord(piece.text))
                continue
            for index, part in enumerate(self._split.split(piece.text)):
                if part:
                    parts.append(VariableRecord(self._known[part]) if index % 2 else part)
        return tuple(parts)

    def _of_header(self, name: str, value: str) -> Template:
        shown = self._redactor.header(name, value)
        return tuple(VariableRecord(piece.text) if piece.is_variable else piece.text for piece in shown)


def _raw(member: Member, exchange: Exchange, stage: Stage) -> str:
    """What an answer has at the places of a member, as `reader.py` prints it for the shell."""
    shown = stage.reading_of(exchange)
    if shown is None:
        return ""
    places = [".".join(path) for part in member.parts for path in part.read]
    return printed(shown.card, places)
