"""`etalon serve`: a mocked portal as a local server."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from etalon.vendors import kinds, vendor_of

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from etalon.portals.mocking import MockPortal


def add(commands: argparse._SubParsersAction[Any]) -> None:
    """Add the command to the command line."""
    serving = commands.add_parser(
        "serve",
        help="run a mocked portal as a local server",
        description="Runs a mocked portal until interrupted; prints its URL, credentials and known ids.",
    )
    serving.add_argument("kind", choices=kinds())
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
    serving.set_defaults(do=_do)


def _do(options: argparse.Namespace, _given: Sequence[str]) -> int:
    mock = vendor_of(options.kind).mock()
    from etalon.portals.serving import listening_socket, serve, url_of
    from etalon.reporting.printing import tell

    if "list" in options.fault:
        for fault in mock.faults.values():
            tell(f"{fault.name:40} {fault.family:16} {fault.stands_for}")
        return 0
    if "list" in options.variation:
        for name, tells in mock.variations.items():
            tell(f"{name:40} {tells}")
        return 0
    portal = mock.create(options.dialect, options.fault, options.variation)
    listener = listening_socket(options.host, options.port)
    listener.listen()
    url = url_of(listener, portal)
    tell(_announcement(portal, url, options.format))
    sys.stdout.flush()
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
        if key not in vendor_of(portal.kind).spare_login
    ]
    lines += ["", f"[targets.{portal.kind}-here.known]"]
    lines += [f"{kind} = {json.dumps(list(ids))}" for kind, ids in portal.known.items()]
    return "\n".join(lines)
