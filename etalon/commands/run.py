"""`etalon run`: judge portals, and write the reports."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from etalon.arguments import add_config, add_lang, add_output, add_profile, count, day
from etalon.portals.config import DEFAULT_MAX_REQUESTS
from etalon.portals.embedded import default_targets, embedded
from etalon.profiles import DEFAULT_SEED, PROFILES, seed_for

if TYPE_CHECKING:
    from collections.abc import Sequence


EXAMPLES = f"""\
examples:
  etalon run                              judge both embedded portals; the report lands in reports/out
  etalon run office                       judge [targets.office] of etalon.toml
  etalon run office --profile quick       the fewest requests
  {f"etalon run {default_targets()[0]} --select '*-UPDATE-*'":<40}some requirements only
  etalon serve {default_targets()[0]} --fault title-cut-at-255
                                          a portal with a known defect, to see a red report
exit codes of run: 0 conforms, 1 deviates, 3 Etalon itself failed, 4 usage or configuration, 6 inconclusive
"""


def add(commands: argparse._SubParsersAction[Any]) -> None:
    """Add the command to the command line."""
    run = commands.add_parser(
        "run",
        help="judge portals, and write the reports",
        description="Judges the named targets; without a name, both embedded portals.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    run.add_argument(
        "targets",
        nargs="*",
        metavar="TARGET",
        help=f"a target of the config file, or {', '.join(embedded())}",
    )
    add_config(run)
    add_profile(run)
    run.add_argument(
        "--seed",
        type=int,
        help=f"of what is drawn at random; default: {DEFAULT_SEED}, in deep another each time",
    )
    run.add_argument(
        "--day",
        type=day,
        metavar="YYYY-MM-DD",
        help="from which dates are reckoned, as to repeat an earlier run; default: today",
    )
    run.add_argument(
        "--max-requests",
        type=count,
        metavar="N",
        help="stop before a target has had more; default: max-requests of the config file, else "
        f"{DEFAULT_MAX_REQUESTS}. deep spends them",
    )
    add_output(run)
    run.add_argument(
        "--select", action="append", default=[], metavar="PATTERN", help="glob on requirement ids, repeatable"
    )
    run.add_argument(
        "--baseline", metavar="FILE", help="deviations that are accepted, behaviours that are pinned"
    )
    add_lang(run, "the reports")
    run.add_argument(
        "--dry-run", action="store_true", help="say what a run would do; send the log-in and look-ups alone"
    )
    run.add_argument(
        "--record", default="", metavar="FILE.har", help="write the traffic there, without secrets"
    )
    run.add_argument(
        "--no-confirm", action="store_true", help="report findings without repeating the run to confirm them"
    )
    run.add_argument(
        "--no-proof",
        action="store_true",
        help="report findings without making each again by the fewest steps",
    )
    run.add_argument("--no-progress", action="store_true", help="no progress bar")
    run.add_argument(
        "--verbose",
        action="store_true",
        help="a line about each exchange, without secrets, on the error stream",
    )
    run.set_defaults(do=_do)


def _do(options: argparse.Namespace, given: Sequence[str]) -> int:
    if options.dry_run:
        from etalon.dry_run import dry_run

        return dry_run(
            options.targets,
            Path(options.config),
            profile=options.profile,
            seed=seed_for(PROFILES[options.profile], options.seed),
            selected=options.select,
            lang=options.lang,
        )
    from etalon.running import judge

    return judge(
        targets=options.targets,
        config=options.config,
        profile=options.profile,
        seed=seed_for(PROFILES[options.profile], options.seed),
        day=options.day,
        max_requests=options.max_requests,
        output=options.output,
        selected=options.select,
        baseline=options.baseline,
        lang=options.lang,
        record=options.record,
        confirmed=not options.no_confirm,
        proven=not options.no_proof,
        progress=not options.no_progress,
        verbose=options.verbose,
        command="etalon " + " ".join(given),
    )
