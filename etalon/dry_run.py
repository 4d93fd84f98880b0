"""`etalon run --dry-run`: what a run would do to a portal, said before it does it.

Nothing but the log-in and the look-ups is sent. What the checks would send is found out by a rehearsal: the
same suite, profile, seed and selection against an embedded portal that is declared to lack the same.
"""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rich.table import Table

from etalon.messages import Message
from etalon.portals.errors import PortalError
from etalon.portals.secrets import redactor_of
from etalon.portals.serving import served
from etalon.portals.transport import Transport
from etalon.reporting.printing import console, printable, warn
from etalon.reporting.results import read
from etalon.runs import run_apart
from etalon.shipped import contract
from etalon.targets import chosen_targets, resolve
from etalon.vendors import vendor_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from etalon.portals.config import Target

_INCONCLUSIVE = 6
_SHOWN = 10
_REHEARSAL_WITHIN = 900.0
"""Seconds; the profile deep explores at length."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run would send.

    Attributes:
        themes: theme of the contract → requests.
        created: tasks that would be made.
        changes: requests that would change a task.
    """

    themes: Mapping[str, int]
    created: int
    changes: int

    @property
    def requests(self) -> int:
        """All of them, those of cleaning up included."""
        return sum(self.themes.values())


class RehearsalError(PortalError):
    """The rehearsal did not come to its end, so nothing can be foretold."""


def dry_run(
    names: Sequence[str], config: Path, *, profile: str, seed: int, selected: Sequence[str], lang: str
) -> int:
    """Say what a run would do to each target.

    Returns:
        0, or 6 where a portal cannot be reached or logged in to.

    Raises:
        ConfigError: config file, targets or selection cannot be used.
    """
    code = 0
    out = console()
    with ExitStack() as opened:
        for target in chosen_targets(resolve(names, config, opened), selected):
            try:
                account, known = _looked_at(target)
                plan = rehearsed(target, profile=profile, seed=seed, selected=selected)
            except PortalError as error:
                warn(redactor_of(target).clean(str(error)))
                code = _INCONCLUSIVE
                continue
            for warning in target.warnings:
                warn(redactor_of(target).clean(str(warning)))
            sentences = _sentences(target, account, known, plan)
            for sentence in sentences:
                out.print(printable(sentence), soft_wrap=True)
            out.print(_table(target, plan, lang))
    return code


def rehearsed(target: Target, *, profile: str, seed: int, selected: Sequence[str]) -> Plan:
    """What a run sends to a sound portal of a target's kind that lacks what the target lacks.

    Raises:
        RehearsalError: the rehearsal itself failed.
    """
    portal = vendor_of(target.kind).mock().create(target.dialect, ())
    with tempfile.TemporaryDirectory() as folder, served(portal) as url:
        table = [
            "[targets.rehearsal]",
            f'kind = "{target.kind}"',
            f'url = "{url}"',
            f'dialect = "{target.dialect}"',
            "allow-writes = true",
            f"lacks = {json.dumps(sorted(target.lacks))}",
            f"max-requests = {target.max_requests}",
            *(f"{key} = {json.dumps(portal.credentials[key])}" for key in vendor_of(target.kind).mock_login),
        ]
        if target.known.get("tasks"):
            table += ["[targets.rehearsal.known]", f"tasks = {json.dumps(list(portal.known['tasks']))}"]
        Path(folder, "etalon.toml").write_text("\n".join(table), encoding="utf-8")
        arguments = ["--profile", profile, "--seed", str(seed), "--output", "out", "--record", "all.har"]
        for pattern in selected:
            arguments += ["--select", pattern]
        code = run_apart(["rehearsal", *arguments], folder=Path(folder), within=_REHEARSAL_WITHIN)
        try:
            [result] = read(Path(folder, "out", "results.json")).targets
            sent = Counter(_operations(Path(folder, "all.har")))
        except Exception as error:
            raise RehearsalError(Message("rehearsal-failed", where=target.where, code=code)) from error
        themes = {part.theme: part.requests for part in result.spending}
        themes[""] = result.requests - sum(themes.values())
        vendor = vendor_of(target.kind)
        created, changes = sent[vendor.creates], sent[vendor.updates]
        return Plan({theme: count for theme, count in themes.items() if count}, created, changes)


def _operations(path: Path) -> list[str]:
    document = json.loads(path.read_text(encoding="utf-8"))
    return [entry["comment"] for entry in document["log"]["entries"]]


def _looked_at(target: Target) -> tuple[str, Mapping[str, Sequence[int | str]]]:
    """Who is logged in, and what ids there are to use."""
    with closing(Transport(target)) as transport:
        client = vendor_of(target.kind).client(target, transport, redactor_of(target))
        client.log_in()
        return client.account, client.discover()


def _sentences(
    target: Target, account: str, known: Mapping[str, Sequence[int | str]], plan: Plan
) -> list[str]:
    clean = redactor_of(target).clean
    lines = [f"{target.where}, {target.kind}, {target.dialect}; logged in as {clean(account)}."]
    used = ", ".join(f"{len(ids)} {kind}" for kind, ids in known.items() if ids)
    lines.append(f"Ids to use, none of them changed: {used or 'none'}.")
    lines += _assigned(target, known)
    lent = target.known.get("tasks", ())[:2]
    if plan.created:
        lines.append(f"It would create about {plan.created} tasks, and change them {plan.changes} times.")
    elif lent:
        shown = " and ".join(map(str, lent))
        lines.append(f"It would change tasks {shown} {plan.changes} times, and put them back as they were.")
    removes = "task.delete" in vendor_of(target.kind).capabilities - target.lacks
    if plan.created and removes:
        lines.append("It would remove all of them at the end.")
    elif plan.created:
        title = vendor_of(target.kind).left_title
        titled = f', titled "{title}"' if title else ""
        lines.append(f"None of them can be removed: they would stay{titled}.")
    lines.append(
        "Nobody would be notified." if not target.notify else "People MAY be notified: notify = true."
    )
    rate = target.requests_per_second
    takes = f", at least {plan.requests / rate:.0f} s at {rate:g} a second" if rate else ""
    lines.append(f"About {plan.requests} requests{takes}; max-requests = {target.max_requests}.")
    return lines


def _assigned(target: Target, known: Mapping[str, Sequence[int | str]]) -> list[str]:
    """To whom tasks may go: whoever is named there finds them among their own while the run goes on."""
    lines = []
    vendor = vendor_of(target.kind)
    for kind in (kind for kind in vendor.known if kind in vendor.people):
        ids = known.get(kind, ())
        if ids:
            shown = ", ".join(map(str, ids[:_SHOWN])) + (
                f" and {len(ids) - _SHOWN} more" if ids[_SHOWN:] else ""
            )
            named = f"; known.{kind} would choose" if not target.known.get(kind) else ""
            lines.append(f"Tasks would be assigned to none but these {kind}: {shown}{named}.")
    return lines


def _table(target: Target, plan: Plan, lang: str) -> Table:
    table = Table("theme", "requests", box=None)
    themes = contract(target.kind).themes
    for theme, count in plan.themes.items():
        table.add_row(themes[theme][lang] if theme else "log-in, removal", str(count))
    return table
