"""`etalon replay`: the proofs of a results file sent again, or written out for others to send."""

from __future__ import annotations

import os
from contextlib import ExitStack, closing
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from etalon.errors import UserError
from etalon.judging.claims import Claim, ClaimKind, is_shown
from etalon.messages import Message
from etalon.portals.config import Secret, Target
from etalon.portals.embedded import embedded
from etalon.portals.errors import PortalError
from etalon.portals.exchange import Exchange, Request
from etalon.portals.secrets import redactor_of
from etalon.portals.transport import Transport
from etalon.proving.recording import MARK
from etalon.proving.shell import shell_script
from etalon.reporting.printing import console, printable, tell, warn
from etalon.reporting.records import VariableRecord
from etalon.reporting.results import read
from etalon.targets import resolve
from etalon.vendors import vendor_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from etalon.proving.scripts import Stage
    from etalon.reporting.records import ClaimRecord, FindingRecord, ProofRecord, ProofStepRecord, Template
    from etalon.reporting.results import RequirementResult, TargetResult

_SHOWS, _INCONCLUSIVE = 1, 6


class Outcome(StrEnum):
    """What came of sending a proof again."""

    SHOWS = "shows"
    SHOWS_NO_MORE = "shows no more"
    CANNOT_BE_TRIED = "cannot be tried"


@dataclass(frozen=True, slots=True)
class Proven:
    """A finding with a proof, and the requirement that it breaks."""

    row: str
    finding: FindingRecord
    proof: ProofRecord


def replay(results: Path, rows: Sequence[str], *, target: str, url: str, config: Path) -> int:
    """Send proofs again, and say of each what it shows.

    Args:
        results: a results file.
        rows: requirements whose findings are tried; all by default.
        target: name of the target of the config to try them on; by default, that of the results.
        url: a portal to try them on instead; its log-in comes from the environment.
        config: the config file.

    Returns:
        1 where any shows, 6 where none does and any cannot be tried, else 0.

    Raises:
        UserError: the file, a requirement or the target cannot be used.
    """
    run = read(results)
    seen: list[Outcome] = []
    with ExitStack() as opened:
        for one in run.targets:
            chosen = _chosen(one, rows)
            if not chosen:
                continue
            where = _target(one, target, url, config, opened)
            for proven, outcome, why in _tried(where, chosen):
                seen.append(outcome)
                sentence = f"{proven.row}: {outcome.value}{f' ({why})' if why else ''}"
                console().print(printable(redactor_of(where).clean(sentence)), soft_wrap=True)
    if not seen:
        raise UserError(Message("nothing-to-replay", path=str(results)))
    if Outcome.SHOWS in seen:
        return _SHOWS
    return _INCONCLUSIVE if Outcome.CANNOT_BE_TRIED in seen else 0


def written(results: Path, rows: Sequence[str], form: str, folder: Path) -> int:
    """Write proofs out, one file a finding.

    Args:
        results: a results file.
        rows: requirements whose findings are written; all by default.
        form: `sh`, `postman` or `pytest`.
        folder: where the files go.

    Returns:
        0.

    Raises:
        UserError: there is none, or the folder takes no files.
    """
    from etalon.proving.exports import postman_collection, pytest_module  # noqa: PLC0415

    run = read(results)
    found = [proven for one in run.targets for proven in _chosen(one, rows) if proven.proof.steps]
    if not found:
        raise UserError(Message("nothing-to-replay", path=str(results)))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for proven in found:
            if form == "sh":
                path = folder / f"{proven.row}.sh"
                path.write_text(shell_script(proven.row, proven.finding), encoding="utf-8")
                path.chmod(0o755)
            elif form == "postman":
                path = folder / f"{proven.row}.postman_collection.json"
                path.write_text(postman_collection(proven.row, proven.finding), encoding="utf-8")
            else:
                path = folder / f"test_{proven.row.lower().replace('-', '_')}.py"
                path.write_text(pytest_module(proven.row, proven.finding), encoding="utf-8")
            tell(str(path))
    except OSError as error:
        raise UserError(Message("output-unwritable", why=error.strerror or str(error))) from error
    return 0


def _chosen(result: TargetResult, rows: Sequence[str]) -> list[Proven]:
    """The findings that were asked for.

    Raises:
        UserError: a requirement was asked for that has no finding.
    """
    red: dict[str, RequirementResult] = {row.id: row for row in result.requirements if row.findings}
    for row in rows:
        if row not in red:
            raise UserError(Message("no-such-finding", row=row, names=tuple(red)))
    return [
        Proven(row, found.findings[0], found.findings[0].proof)
        for row, found in red.items()
        if found.findings[0].proof is not None and (not rows or row in rows)
    ]


def _target(result: TargetResult, name: str, url: str, config: Path, opened: ExitStack) -> Target:
    if url:
        vendor = vendor_of(result.kind)
        credentials = {
            key: Secret(os.environ[variable], variable)
            for key, variable in vendor.credentials.items()
            if os.environ.get(variable)
        }
        return Target(
            result.name, result.kind, url, result.dialect, credentials=credentials, allow_writes=True
        )
    if name or result.name in embedded() or config.exists():
        [found] = resolve([name or result.name], config, opened)
        return found
    raise UserError(Message("replay-needs-target", name=result.name, path=str(config)))


def _tried(target: Target, chosen: Sequence[Proven]) -> Iterator[tuple[Proven, Outcome, str]]:
    vendor, redactor = vendor_of(target.kind), redactor_of(target)
    with closing(Transport(target)) as transport:
        transport.on_exchange = redactor.overhear
        client = vendor.client(target, transport, redactor)
        try:
            client.log_in()
            client.discover()
        except PortalError as error:
            for proven in chosen:
                yield proven, Outcome.CANNOT_BE_TRIED, str(error)
            return
        stage = vendor.stage(client)
        for proven in chosen:
            if stage is None or proven.proof.claim is None or not proven.proof.steps:
                yield proven, Outcome.CANNOT_BE_TRIED, "it was not made again when it was found"
                continue
            try:
                shows = _shows(stage, proven, target)
            except PortalError as error:
                yield proven, Outcome.CANNOT_BE_TRIED, str(error)
                continue
            yield proven, Outcome.SHOWS if shows else Outcome.SHOWS_NO_MORE, ""
        if stage is not None:
            stage.scratch.clean_up()
            for task in stage.scratch.left_behind:
                warn(vendor.link(target, int(task)))


def _shows(stage: Stage, proven: Proven, target: Target) -> bool:
    """Send the steps of a proof, and see whether their answers show it.

    Raises:
        PortalError: the conversation failed, or a step may not be sent.
    """
    values = {secret.variable: secret.value for secret in target.credentials.values()}
    values |= {MARK: stage.transport.mark, stage.session: stage.session_value}
    done: list[Exchange] = []
    for step in proven.proof.steps:
        request, subject = _request(step, values, stage, target)
        if not step.makes:
            done.append(stage.transport.send(step.operation, request, subject=subject))
            continue
        with stage.scratch.making():
            answer = stage.transport.send(step.operation, request)
            made = stage.made_by(answer) if stage.is_done(answer) else None
            if made is not None:
                stage.scratch.claimed(made)
                values[step.makes] = str(made)
        done.append(answer)
        if made is None and len(done) < len(proven.proof.steps):
            return False
    claim = proven.proof.claim
    return claim is not None and is_shown(_claim(claim, values), done, stage)


def _request(
    step: ProofStepRecord, values: Mapping[str, str], stage: Stage, target: Target
) -> tuple[Request, int | None]:
    """A step as it goes out, and the id of the task that it is about."""
    body = _filled(step.body, values).encode("latin-1" if step.binary else "utf-8")
    headers = tuple((name, _filled(value, values)) for name, value in step.headers)
    named = [part.variable for part in (*step.url, *step.body) if isinstance(part, VariableRecord)]
    subject = next((int(values[one]) for one in named if one.startswith("TASK_") and one in values), None)
    request = Request(
        step.method,
        target.url.rstrip("/") + _filled(step.url, values),
        tuple((name, _basic(value)) for name, value in headers),
        stage.signed_again(body) if step.signed else body,
    )
    return request, subject


def _filled(template: Template, values: Mapping[str, str]) -> str:
    return "".join(
        values.get(part.variable, "") if isinstance(part, VariableRecord) else part for part in template
    )


def _basic(value: str) -> str:
    """A header as it goes over the wire: user and password of HTTP Basic are coded."""
    from base64 import b64encode  # noqa: PLC0415

    scheme, _, pair = value.partition(" ")
    return f"Basic {b64encode(pair.encode()).decode()}" if scheme == "Basic" and ":" in pair else value


def _claim(record: ClaimRecord, values: Mapping[str, str]) -> Claim:
    return Claim(
        ClaimKind(record.kind),
        record.step,
        record.against,
        record.member,
        record.status,
        record.done,
        _filled(record.observed, values),
    )
