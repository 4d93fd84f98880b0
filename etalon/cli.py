"""The command line: `etalon run`, `serve`, `requirements`, `derive`, `report` and `diff`."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from rich.console import Console

from etalon import __version__, deriving
from etalon.arguments import count, kind
from etalon.cleaning import clean_command
from etalon.derivation.page import PageError
from etalon.dry_run import dry_run
from etalon.portals.config import DEFAULT_MAX_REQUESTS, KINDS, ConfigError
from etalon.portals.embedded import CREATE, FAULTS, VARIATIONS
from etalon.portals.har import RecordingError
from etalon.portals.mocks.base import UnknownDialectError, UnknownFaultError
from etalon.portals.serving import CannotServeError, listening_socket, serve, url_of
from etalon.profiles import DEFAULT_SEED, PROFILES, seed_for
from etalon.proving import command as proving
from etalon.proving.bindings import BindingError
from etalon.proving.matrix import MatrixError
from etalon.recordings import judge_recording
from etalon.reporting.baseline import BaselineError
from etalon.reporting.baseline_writing import updated, with_pins
from etalon.reporting.diff import compare
from etalon.reporting.diff_output import diff_json, diff_markdown, diff_text, print_diff
from etalon.reporting.files import UnwritableOutputError, ensure_writable, write_all, write_text
from etalon.reporting.html import render_diff
from etalon.reporting.listing import print_requirements, requirements_json, requirements_markdown
from etalon.reporting.results import UnreadableResultsError, read
from etalon.resources import contract
from etalon.running import judge
from etalon.targets import DEFAULT_CONFIG

if TYPE_CHECKING:
    from collections.abc import Sequence

    from etalon.portals.mocks.base import MockPortal

USAGE_ERROR = 4
_INTERRUPTED = 2

_EXAMPLES = """\
examples:
  etalon run                              judge both embedded portals; the report lands in reports/out
  etalon run office                       judge [targets.office] of etalon.toml
  etalon run office --profile quick       the fewest requests
  etalon run r7 --select 'R7-UPDATE-*'    some requirements only
  etalon serve r7 --fault title-cut-at-255
                                          a portal with a known defect, to see a red report
exit codes of run: 0 conforms, 1 deviates, 4 usage or configuration, 6 inconclusive
"""


_DERIVING = """\
examples:
  etalon derive page.txt -o openapi.yaml            an R7-Office page
  etalon derive pages/ -o schemas                   a folder of PlanFix pages
  etalon derive page.txt --report                   what was understood, and what was not
  etalon derive page.txt --against specs/r7/openapi.yaml
                                                    what a newer page changes
"""


class _Parser(argparse.ArgumentParser):
    """A parser whose usage errors have the exit code that INTERFACE promises."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(USAGE_ERROR, f"{self.prog}: {message}\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Returns:
        The exit code.
    """
    given = sys.argv[1:] if arguments is None else list(arguments)
    options = _parser().parse_args(given)
    try:
        code: int = options.do(options, given)
    except (
        BaselineError,
        BindingError,
        ConfigError,
        MatrixError,
        CannotServeError,
        PageError,
        RecordingError,
        UnknownFaultError,
        UnknownDialectError,
        UnreadableResultsError,
        UnwritableOutputError,
    ) as error:
        sys.stderr.write(f"etalon: {error}\n")
        return USAGE_ERROR
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output has gone; Python would complain on the way out
        return 0
    return code


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="etalon",
        description="Judges task portals by what their vendors' pages promise.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"etalon {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True, parser_class=_Parser)
    _add_run(commands)
    _add_serve(commands)
    _add_requirements(commands)
    _add_derive(commands)
    _add_report(commands)
    _add_diff(commands)
    _add_clean(commands)
    _add_judge(commands)
    _add_baseline(commands)
    proving.add(commands)
    return parser


def _add_run(commands: argparse._SubParsersAction[_Parser]) -> None:
    run = commands.add_parser(
        "run",
        help="judge portals, and write the reports",
        description="Judges the named targets; without a name, both embedded portals.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    run.add_argument(
        "targets",
        nargs="*",
        metavar="TARGET",
        help="a target of the config file, or r7, planfix, r7-communityserver",
    )
    run.add_argument("--config", default=str(DEFAULT_CONFIG), metavar="FILE", help="default: %(default)s")
    run.add_argument(
        "--profile", choices=tuple(PROFILES), default="standard", help="how thorough; default: %(default)s"
    )
    run.add_argument(
        "--seed",
        type=int,
        help=f"of what is drawn at random; default: {DEFAULT_SEED}, in deep another each time",
    )
    run.add_argument(
        "--max-requests",
        type=count,
        metavar="N",
        help="stop before a target has had more; default: max-requests of the config file, else "
        f"{DEFAULT_MAX_REQUESTS}. deep spends them",
    )
    run.add_argument(
        "--output", default="reports/out", metavar="DIR", help="folder of the reports; default: %(default)s"
    )
    run.add_argument(
        "--select", action="append", default=[], metavar="PATTERN", help="glob on requirement ids, repeatable"
    )
    run.add_argument(
        "--baseline", metavar="FILE", help="deviations that are accepted, behaviours that are pinned"
    )
    run.add_argument(
        "--lang", choices=("en", "ru"), default="en", help="language of the reports; default: %(default)s"
    )
    run.add_argument(
        "--dry-run", action="store_true", help="say what a run would do; send the log-in and look-ups alone"
    )
    run.add_argument(
        "--record", default="", metavar="FILE.har", help="write the traffic there, without secrets"
    )
    run.add_argument(
        "--no-confirm", action="store_true", help="report findings without repeating the run to confirm them"
    )
    run.add_argument("--no-progress", action="store_true", help="no progress bar")
    run.set_defaults(do=_run)


def _run(options: argparse.Namespace, given: Sequence[str]) -> int:
    if options.dry_run:
        return dry_run(
            options.targets,
            Path(options.config),
            profile=options.profile,
            seed=seed_for(PROFILES[options.profile], options.seed),
            selected=options.select,
            lang=options.lang,
        )
    return judge(
        targets=options.targets,
        config=options.config,
        profile=options.profile,
        seed=seed_for(PROFILES[options.profile], options.seed),
        max_requests=options.max_requests,
        output=options.output,
        selected=options.select,
        baseline=options.baseline,
        lang=options.lang,
        record=options.record,
        confirmed=not options.no_confirm,
        progress=not options.no_progress,
        command="etalon " + " ".join(given),
    )


def _add_serve(commands: argparse._SubParsersAction[_Parser]) -> None:
    serving = commands.add_parser(
        "serve",
        help="run a mocked portal as a local server",
        description="Runs a mocked portal until interrupted; prints its URL, credentials and known ids.",
    )
    serving.add_argument("kind", choices=KINDS)
    serving.add_argument("--host", default="127.0.0.1", help="default: %(default)s")
    serving.add_argument("--port", type=int, default=0, help="default: any free one")
    serving.add_argument("--dialect", default="documented", help="default: %(default)s")
    serving.add_argument(
        "--fault",
        action="append",
        default=[],
        metavar="NAME",
        help="switch a defect on, repeatable; --fault list names them all",
    )
    serving.add_argument(
        "--variation",
        action="append",
        default=[],
        metavar="NAME",
        help="let it do otherwise what the pages leave open, repeatable; --variation list names them all",
    )
    serving.add_argument(
        "--format",
        choices=("text", "json", "toml"),
        default="text",
        help="json: one line of JSON; toml: a config file that judges it",
    )
    serving.set_defaults(do=_serve)


def _serve(options: argparse.Namespace, _given: Sequence[str]) -> int:
    if "list" in options.fault:
        for fault in FAULTS[options.kind].values():
            print(f"{fault.name:40} {fault.family:16} {fault.stands_for}")  # noqa: T201 - the answer
        return 0
    if "list" in options.variation:
        for name, tells in VARIATIONS[options.kind].items():
            print(f"{name:40} {tells}")  # noqa: T201 - the answer
        return 0
    portal = CREATE[options.kind](options.dialect, options.fault, options.variation)
    listener = listening_socket(options.host, options.port)
    listener.listen()
    url = url_of(listener, portal)
    print(_announcement(portal, url, options.format), flush=True)  # noqa: T201 - what the caller waits for
    serve(portal, listener)
    return 0


def _announcement(portal: MockPortal, url: str, form: str) -> str:
    facts = {
        "kind": portal.kind,
        "dialect": portal.dialect,
        "url": url,
        "faults": list(portal.faults),
        "credentials": dict(portal.credentials),
        "known": {kind: list(ids) for kind, ids in portal.known.items()},
    }
    if form == "json":
        return json.dumps(facts, ensure_ascii=False)
    head = f"{portal.kind} ({portal.dialect}) at {url}   Ctrl-C stops it"
    lines = [f"# {head}"] if form == "toml" else [head, "", "etalon.toml to judge it:", ""]
    lines += [f"[targets.{portal.kind}-here]", f'kind = "{portal.kind}"', f'url = "{url}"']
    lines += [f'dialect = "{portal.dialect}"', "allow-writes = true"]
    lines += [
        f"{key} = {json.dumps(value)}"
        for key, value in portal.credentials.items()
        if not (key == "token" and portal.kind == "planfix")
    ]
    lines += ["", f"[targets.{portal.kind}-here.known]"]
    lines += [f"{kind} = {json.dumps(list(ids))}" for kind, ids in portal.known.items()]
    return "\n".join(lines)


def _add_requirements(commands: argparse._SubParsersAction[_Parser]) -> None:
    listing = commands.add_parser(
        "requirements",
        help="list what the portals owe",
        description="Lists the requirements with level, source and statement.",
    )
    listing.add_argument("kinds", nargs="*", type=kind, metavar="r7|planfix")
    listing.add_argument(
        "--format", choices=("table", "json", "markdown"), default="table", help="default: %(default)s"
    )
    listing.add_argument("--lang", choices=("en", "ru"), default="en", help="default: %(default)s")
    listing.set_defaults(do=_requirements)


def _requirements(options: argparse.Namespace, _given: Sequence[str]) -> int:
    contracts = [contract(kind) for kind in options.kinds or KINDS]
    match options.format:
        case "json":
            print(requirements_json(contracts))  # noqa: T201 - the answer
        case "markdown":
            print(requirements_markdown(contracts, options.lang))  # noqa: T201 - the answer
        case _:
            print_requirements(contracts, Console(), options.lang)
    return 0


def _add_derive(commands: argparse._SubParsersAction[_Parser]) -> None:
    deriving_ = commands.add_parser(
        "derive",
        help="turn saved vendor pages into a spec",
        description="Turns saved vendor pages into a spec: R7-Office pages into one OpenAPI document, each "
        "PlanFix page into schemas for request, ok answer and error answer.",
        epilog=_DERIVING,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    deriving_.add_argument(
        "pages", nargs="+", metavar="PAGE", help="a saved page, or a folder of them, all of one vendor"
    )
    deriving_.add_argument("--vendor", choices=KINDS, help="default: guessed from the first page")
    deriving_.add_argument(
        "-o", metavar="FILE", dest="output", help="file for the spec; for PlanFix's schemas, a folder"
    )
    deriving_.add_argument(
        "--report", action="store_true", help="what was understood, row by row; the spec only with -o"
    )
    deriving_.add_argument(
        "--overlay",
        metavar="FILE",
        help="lay these lines over what the pages say: an OpenAPI Overlay, or RFC 5261 patches of schemas",
    )
    deriving_.add_argument(
        "--against",
        metavar="SPEC",
        help="say what the pages change in this spec, its folder's overlay.* laid over them; exits 1 when "
        "they do",
    )
    deriving_.set_defaults(do=_derive)


def _derive(options: argparse.Namespace, _given: Sequence[str]) -> int:
    overlay = Path(options.overlay) if options.overlay else None
    if options.against and overlay is None:
        overlay = deriving.overlay_beside(Path(options.against))
    spec = deriving.derive([Path(page) for page in options.pages], options.vendor, overlay)
    for sentence in (*spec.refused, *deriving.partial_lines(spec)):
        sys.stderr.write(f"etalon: {sentence}\n")
    if options.against:
        changes = deriving.against(Path(options.against), spec)
        print("\n".join(map(str, changes)) or "Nothing changed.")  # noqa: T201 - the answer
        return int(bool(changes))
    if spec.stale:
        raise PageError("\n".join(map(str, spec.stale)))
    if options.report:
        print("\n".join(deriving.report_lines(spec)))  # noqa: T201 - the answer
    if options.output or not options.report:
        _deliver(spec, options.output)
    return 0


def _deliver(spec: deriving.Spec, output: str | None) -> None:
    if not spec.files:
        names = ", ".join(spec.references)
        raise PageError(
            f"{names}: only lists of values, no function to derive a schema of; "
            "give the pages of the functions along with them, or look at --report."
        )
    if output:
        for path in deriving.write(spec, Path(output)):
            print(path)  # noqa: T201 - the answer
        return
    main, *others = spec.files
    print(spec.files[main])  # noqa: T201 - the answer
    if others:
        sys.stderr.write(f"etalon: beside {main} there are {', '.join(others)}: write all with -o FOLDER\n")


def _add_report(commands: argparse._SubParsersAction[_Parser]) -> None:
    rendering = commands.add_parser(
        "report", help="render a results file again", description="Renders a results file again."
    )
    rendering.add_argument("results", metavar="RESULTS", help="a results.json, or the folder that holds it")
    rendering.add_argument("--output", default=None, metavar="DIR", help="default: beside the results file")
    rendering.add_argument("--lang", choices=("en", "ru"), default="en", help="default: %(default)s")
    rendering.set_defaults(do=_report)


def _report(options: argparse.Namespace, _given: Sequence[str]) -> int:
    source = _results_file(options.results)
    output = Path(options.output) if options.output else source.parent
    run = read(source)
    ensure_writable(output)
    write_all(run, output, options.lang)
    print(output / "index.html")  # noqa: T201 - the answer
    return 0


def _add_diff(commands: argparse._SubParsersAction[_Parser]) -> None:
    comparing = commands.add_parser(
        "diff",
        help="compare two results files",
        description="Compares two runs; exits 1 when anything regressed or changed its behaviour.",
    )
    comparing.add_argument("old", metavar="OLD", help="a results.json, or the folder that holds it")
    comparing.add_argument("new", metavar="NEW", help="likewise")
    comparing.add_argument(
        "--format",
        choices=("table", "json", "markdown", "html"),
        default="table",
        help="markdown: for a comment on a merge request; default: %(default)s",
    )
    comparing.add_argument("-o", "--output", metavar="FILE", help="default: the terminal")
    comparing.add_argument("--lang", choices=("en", "ru"), default="en", help="default: %(default)s")
    comparing.set_defaults(do=_diff)


def _diff(options: argparse.Namespace, _given: Sequence[str]) -> int:
    difference = compare(read(_results_file(options.old)), read(_results_file(options.new)))
    match options.format:
        case "json":
            text = diff_json(difference)
        case "markdown":
            text = diff_markdown(difference, options.lang)
        case "html":
            text = render_diff(difference, options.lang)
        case _:
            text = diff_text(difference, options.lang) if options.output else ""
    if options.output:
        write_text(Path(options.output), text)
        print(options.output)  # noqa: T201 - the answer
    elif text:
        print(text)  # noqa: T201 - the answer
    else:
        print_diff(difference, Console(), options.lang)
    return difference.exit_code


def _add_baseline(commands: argparse._SubParsersAction[_Parser]) -> None:
    accepting = commands.add_parser(
        "baseline",
        help="accept the deviations of a run for now",
        description="Writes a baseline file from a run, or brings one up to date: new deviations are added, "
        "those that hold again go, everything else stays as it was written.",
    )
    accepting.add_argument("results", metavar="RESULTS", help="a results.json, or the folder that holds it")
    accepting.add_argument(
        "-o", "--output", default="etalon-baseline.toml", metavar="FILE", help="default: %(default)s"
    )
    accepting.add_argument(
        "--reason", default="", help="why the new ones are accepted; default: since when, and what they are"
    )
    accepting.add_argument(
        "--until",
        type=date.fromisoformat,
        metavar="YYYY-MM-DD",
        help="the last day on which the new ones are accepted",
    )
    accepting.add_argument("--pin", action="store_true", help="pin the observed behaviours, too")
    accepting.set_defaults(do=_baseline)


def _baseline(options: argparse.Namespace, _given: Sequence[str]) -> int:
    run, path = read(_results_file(options.results)), Path(options.output)
    try:
        present = path.read_text(encoding="utf-8") if path.exists() else ""
    except (OSError, UnicodeDecodeError) as error:
        raise BaselineError(f"{path}: cannot be read as a baseline: {error}") from error
    text = updated(present, str(path), run, reason=options.reason, until=options.until)
    write_text(path, with_pins(text, str(path), run) if options.pin else text)
    print(path)  # noqa: T201 - the answer
    return 0


def _add_judge(commands: argparse._SubParsersAction[_Parser]) -> None:
    judging = commands.add_parser(
        "judge",
        help="judge a recording of any client's traffic, sending nothing",
        description="Holds a recording (HAR, of a browser, a proxy or `run --record`) against the contracts.",
    )
    judging.add_argument("recording", metavar="FILE.har")
    judging.add_argument(
        "--output", default="reports/out", metavar="DIR", help="folder of the reports; default: %(default)s"
    )
    judging.add_argument(
        "--dialect", default="documented", help="what the R7 portals in it speak; default: %(default)s"
    )
    judging.add_argument("--lang", choices=("en", "ru"), default="en", help="default: %(default)s")
    judging.set_defaults(do=_judge)


def _judge(options: argparse.Namespace, given: Sequence[str]) -> int:
    return judge_recording(
        Path(options.recording),
        Path(options.output),
        dialect=options.dialect,
        lang=options.lang,
        command="etalon " + " ".join(given),
    )


def _add_clean(commands: argparse._SubParsersAction[_Parser]) -> None:
    cleaning = commands.add_parser(
        "clean",
        help="remove what earlier runs left behind",
        description="Removes, or lists where the portal cannot delete, what runs left that were killed.",
    )
    cleaning.add_argument("target", metavar="TARGET", help="a target of the config file")
    cleaning.add_argument(
        "--config", default=str(DEFAULT_CONFIG), metavar="FILE", help="default: %(default)s"
    )
    cleaning.set_defaults(do=_clean)


def _clean(options: argparse.Namespace, _given: Sequence[str]) -> int:
    return clean_command(options.target, Path(options.config))


def _results_file(given: str) -> Path:
    path = Path(given)
    return path / "results.json" if path.is_dir() else path
