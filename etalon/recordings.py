"""`etalon judge`: holds a recording of any client's traffic against the contracts, and sends nothing."""

from __future__ import annotations

import base64
import binascii
import json
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from lxml import etree

from etalon.judging.checking import Check
from etalon.judging.verdicts import Deviates, Inconclusive, Judgement, Verdict
from etalon.messages import Message
from etalon.mistakes import exit_code, summary_of
from etalon.portals.config import ConfigError, Target
from etalon.portals.exchange import header
from etalon.portals.har import RecordingError, read_har
from etalon.portals.likenesses import LEAST
from etalon.portals.secrets import SECRET_HEADER
from etalon.profiles import DEFAULT_SEED, PROFILES
from etalon.reporting.files import PAGE, write_all
from etalon.reporting.folder import claimed, refuse_foreign
from etalon.reporting.printing import console, tell, warn
from etalon.reporting.terminal import print_summary
from etalon.reporting.words import word
from etalon.session import Session, TargetRun
from etalon.shipped import contract
from etalon.vendors import kinds, vendor_of, vendors

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from etalon.judging.recorded import Judge
    from etalon.judging.requirements import Requirement
    from etalon.portals.config import Kind
    from etalon.portals.exchange import Exchange
    from etalon.portals.secrets import Redactor

_NOT_IN_IT = Message("not-in-a-recording")
_SECRET_MEMBERS = frozenset({"password", "token", "sid"})


def judge_recording(path: Path, output: Path, *, dialect: str, lang: str, command: str) -> int:
    """Judge a recording and write the reports.

    Args:
        path: a HAR file of any client's traffic; more than one portal's is taken apart by kind and host.
        output: folder of the reports.
        dialect: that of the portals in it, as far as their vendor knows it.
        lang: language of the reports.
        command: the command line, to be shown.

    Returns:
        0 where all that the recording shows conforms, 1 where anything deviates, 6 where it shows nothing.

    Raises:
        RecordingError: the file is no recording, or has no exchange with either portal in it.
        UnwritableOutputError: the folder takes no reports.
    """
    refuse_foreign(output)
    exchanges, unreadable = read_har(path)
    targets = [
        _judged(name, kind, found, dialect) for kind in kinds() for name, found in _by_host(kind, exchanges)
    ]
    if not targets:
        apis = tuple(one.api for one in vendors().values())
        raise RecordingError(Message("no-exchange-of-ours", path=str(path), number=len(exchanges), apis=apis))
    if unreadable:
        for target in targets:
            target.note(Message("entries-left-out", count=unreadable))
    session = Session(profile=PROFILES["standard"], seed=DEFAULT_SEED, targets=targets, command=command)
    session.finish(complete=True)
    result = session.result()
    with claimed(output):
        write_all(result, output, lang)
    print_summary(result, console(), lang)
    tell(f"\n{output / PAGE}")  # where to look next
    for sentence in dict.fromkeys(
        word("label-mistake", lang, summary=run.redactor.clean(summary_of(error)))
        for run, error in session.mistakes
    ):
        warn(sentence)
    judged = any(judgement.checked for target in targets for judgement in target.judgements.values())
    if not judged and not session.mistakes:
        warn(f"{path}: nothing in it could be judged.")
        return 6
    return exit_code(result.exit_code, any_mistake=bool(session.mistakes))


def _by_host(kind: Kind, exchanges: Iterable[Exchange]) -> Iterator[tuple[str, list[Exchange]]]:
    """The exchanges with each portal of a kind, under the name of its host."""
    found: dict[str, list[Exchange]] = {}
    for exchange in vendor_of(kind).recognised(exchanges):
        found.setdefault(urlsplit(exchange.request.url).netloc.rpartition("@")[2], []).append(exchange)
    yield from found.items()


def _judged(name: str, kind: Kind, exchanges: Sequence[Exchange], dialect: str) -> TargetRun:
    spoken = {one for vendor in vendors().values() for one in vendor.dialects}
    if dialect not in spoken:
        what = Message("one-of", names=tuple(sorted(spoken)))
        raise ConfigError(Message("expected-found", where="--dialect", what=what, found=f"{dialect!r}"))
    vendor = vendor_of(kind)
    own = dialect if dialect in vendor.dialects else vendor.dialects[0]
    parts = urlsplit(exchanges[0].request.url)
    run = TargetRun(Target(name, kind, f"{parts.scheme}://{name}", own))
    _learn(run.redactor, exchanges)
    run.note(Message("out-of-a-recording"))
    judges = vendor.judges(exchanges)
    for row in contract(kind).requirements:
        if not row.planned:
            run.judgements[row.id] = _judgement(row, judges.get(row.id), run)
    return run


def _judgement(row: Requirement, judge: Judge | None, run: TargetRun) -> Judgement:
    """What a recording says about one requirement; what it does not show is not red."""
    if judge is None:
        return Judgement(Verdict.NOT_APPLICABLE, reason=_NOT_IN_IT)
    check = Check(row, run.expected(row))
    try:
        judge(check)
    except Deviates as error:
        return Judgement(Verdict.DEVIATES, checked=check.checked, findings=(error.finding,))
    except Inconclusive as error:
        return Judgement(Verdict.NOT_APPLICABLE, reason=error.reason)
    except Exception as error:  # noqa: BLE001 - a mistake of ours costs this requirement, not the others
        run.mistakes.append(error)
        reason = Message("etalon-failed", error=summary_of(error))
        return Judgement(Verdict.INCONCLUSIVE, reason=reason)
    return check.judgement()


def _learn(redactor: Redactor, exchanges: Iterable[Exchange]) -> None:
    """Take note of every credential that a stranger's traffic carries."""
    for exchange in exchanges:
        for secret in _credentials(exchange):
            redactor.learn("SECRET", secret)  # which hides a short one as a whole word only


def _credentials(exchange: Exchange) -> Iterator[str]:
    for headers in (exchange.request.headers, exchange.response.headers):
        for name, value in headers:
            if name.lower() in {"cookie", "set-cookie"}:
                cookies = (part.partition("=")[2].strip() for part in value.split(";"))
                # A value of few characters is a setting (`true`), which stands in many a body.
                yield from (cookie for cookie in cookies if len(cookie) >= LEAST)
            elif SECRET_HEADER.match(name) and " " not in value:
                yield value
    authorization = header(exchange.request.headers, "authorization") or ""
    scheme, _, credentials = authorization.rpartition(" ")
    yield credentials
    if scheme.lower() == "basic":
        with suppress(binascii.Error, ValueError):
            user, _, password = base64.b64decode(credentials).decode().partition(":")
            yield password
            if len(user) >= LEAST or not user.isalpha():  # a short word stands in many a sentence
                yield user
    for body in (exchange.request.body, exchange.response.body):
        yield from _named(body)


def _named(body: bytes) -> Iterator[str]:
    """The values that a body, JSON or XML, names as secret."""
    with suppress(ValueError, RecursionError):
        yield from _in_json(json.loads(body))
        return
    with suppress(etree.XMLSyntaxError, ValueError):
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        for element in etree.fromstring(body, parser).iter(*_SECRET_MEMBERS):
            yield (element.text or "").strip()


def _in_json(value: object) -> Iterator[str]:
    """Without recursion: a document may nest as deeply as it likes."""
    left = [value]
    while left:
        part = left.pop()
        if isinstance(part, list):
            left += part
        elif isinstance(part, dict):
            for name, inner in part.items():
                if str(name).lower() in _SECRET_MEMBERS and isinstance(inner, str):
                    yield inner
                else:
                    left.append(inner)
