"""`etalon replay`: the proofs of a results file sent again, or written out for others to send."""

from __future__ import annotations

import os
from contextlib import ExitStack, closing
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from etalon.errors import UserError
from etalon.judging.claims import Claim, ClaimKind, can_be_told, is_shown
from etalon.messages import Message
from etalon.portals.config import Secret, Target
from etalon.portals.embedded import embedded
from etalon.portals.errors import PortalError
from etalon.portals.exchange import Exchange, Request
from etalon.portals.ledger import FOLDER, open_ledger
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
    from etalon.reporting.results import TargetResult

_SHOWS, _INCONCLUSIVE = 1, 6
_HERE = "127.0.0.1"


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
    missed: list[UserError] = []
    with ExitStack() as opened:
        for one, chosen in _chosen(run.targets, rows):
            where = _target(one, target, url, config, opened)
            if where.kind != one.kind:
                missed.append(UserError(Message("replay-of-another-kind", name=where.name, kind=one.kind)))
                continue
            for proven, outcome, why in _tried(where, chosen, config.parent / FOLDER):
                seen.append(outcome)
                sentence = f"{proven.row}: {outcome.value}{f' ({why})' if why else ''}"
                console().print(printable(redactor_of(where).clean(sentence)), soft_wrap=True)
    if not seen:
        raise missed[0] if missed else UserError(Message("nothing-to-replay", path=str(results)))
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
    found = [proven for _, chosen in _chosen(run.targets, rows) for proven in chosen if proven.proof.steps]
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


def _chosen(
    results: Sequence[TargetResult], rows: Sequence[str]
) -> Iterator[tuple[TargetResult, list[Proven]]]:
    """The targets that have any of the findings that were asked for, with those.

    Raises:
        UserError: a requirement was asked for that has no finding on any of them.
    """
    red = [row.id for result in results for row in result.requirements if row.findings]
    for row in rows:
        if row not in red:
            raise UserError(Message("no-such-finding", row=row, names=tuple(dict.fromkeys(red))))
    for result in results:
        found = [
            Proven(row.id, row.findings[0], row.findings[0].proof)
            for row in result.requirements
            if row.findings and row.findings[0].proof is not None and (not rows or row.id in rows)
        ]
        if found:
            yield result, found


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
    # A portal that has the name of one of ours, and whose config is not here, is not ours all the same.
    ours = result.name in embedded() and urlsplit(result.url).hostname == _HERE
    if name or ours or config.exists():
        [found] = resolve([name or result.name], config, opened)
        return found
    raise UserError(Message("replay-needs-target", name=result.name, path=str(config)))


def _tried(target: Target, chosen: Sequence[Proven], journals: Path) -> Iterator[tuple[Proven, Outcome, str]]:
    vendor, redactor = vendor_of(target.kind), redactor_of(target)
    with ExitStack() as opened:
        ledger = None
        if not target.embedded:  # what a replay that is killed leaves is found again by its journal
            ledger = opened.enter_context(closing(open_ledger(journals, target)))
            ledger.clean = redactor.clean
        transport = opened.enter_context(closing(Transport(target, ledger=ledger)))
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
        came: dict[str, tuple[Outcome, str]] = {}
        try:
            for proven in chosen:
                cause = proven.proof.explained_by or proven.row
                if cause not in came:  # one proof may be that of several findings
                    came[cause] = _outcome(stage, proven, target)
                yield proven, *came[cause]
        finally:
            if stage is not None:
                _part_with(stage, target)


def _part_with(stage: Stage, target: Target) -> None:
    """Remove what was made for proofs, and say what is left of it."""
    scratch, link = stage.scratch, partial(vendor_of(target.kind).link, target)
    try:
        scratch.clean_up()
    finally:
        said: list[Message] = []
        if scratch.left_behind and not target.embedded:
            said.append(Message("left-on-portal", what=tuple(map(link, scratch.left_behind))))
        said += [
            Message("creation-answered-anothers-task", id=f"{one} ({link(one)})") for one in scratch.not_shown
        ]
        if scratch.unsearched:
            said.append(Message("creation-may-have-made-a-task", mark=stage.transport.mark))
        for message in said:
            warn(str(message))


def _outcome(stage: Stage | None, proven: Proven, target: Target) -> tuple[Outcome, str]:
    """What comes of sending a proof, and why where it cannot be tried."""
    if stage is None or proven.proof.claim is None or not proven.proof.steps:
        return Outcome.CANNOT_BE_TRIED, "it was not made again when it was found"
    try:
        return _sent(stage, proven, proven.proof.claim, target)
    except PortalError as error:
        return Outcome.CANNOT_BE_TRIED, str(error)


def _sent(stage: Stage, proven: Proven, recorded: ClaimRecord, target: Target) -> tuple[Outcome, str]:
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
        answer, made = stage.make(step.operation, request)
        done.append(answer)
        if made is not None:
            values[step.makes] = str(made)
        elif len(done) < len(proven.proof.steps):
            return Outcome.CANNOT_BE_TRIED, f"a creation made no task: HTTP {answer.response.status}"
    claim = _claim(recorded, values)
    if is_shown(claim, done, stage):
        return Outcome.SHOWS, ""
    if can_be_told(claim, done, stage):
        return Outcome.SHOWS_NO_MORE, ""
    last = done[claim.step].response.status
    return Outcome.CANNOT_BE_TRIED, f"the portal refused what it rests on, or could not answer: HTTP {last}"


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
