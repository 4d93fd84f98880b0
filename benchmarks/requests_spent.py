"""What a run costs: requests first, then seconds, against one update and one read per requirement.

    python benchmarks/requests_spent.py

The peer is the plain way to test a requirement: create, change, read, all for it alone. It is counted,
not run: a creation, an update and a read for each requirement that was judged.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from etalon.profiles import PROFILES
from etalon.reporting.results import read
from etalon.running import judge

_PLAIN = 3
_TARGETS = ("r7", "r7-communityserver", "planfix")


def main() -> int:
    """Print one row per embedded portal and profile."""
    table = Table("portal", "profile", "judged", "requests", "each", "of the plain way", "s", "CPU s")
    for target in _TARGETS:
        for profile in ("quick", "standard"):
            with tempfile.TemporaryDirectory() as folder:
                started, before = time.monotonic(), _cpu()
                judge(
                    targets=[target],
                    config="etalon.toml",
                    profile=PROFILES[profile].name,
                    seed=1,
                    output=folder,
                    selected=(),
                    lang="en",
                    progress=False,
                    command="benchmark",
                )
                seconds, cpu = time.monotonic() - started, _cpu() - before
                [result] = read(Path(folder) / "results.json").targets
            judged = sum(row.checked > 0 for row in result.requirements)
            table.add_row(
                target,
                profile,
                str(judged),
                str(result.requests),
                f"{result.requests / judged:.2f}",
                f"{result.requests / (judged * _PLAIN):.0%}",
                f"{seconds:.1f}",
                f"{cpu:.1f}",
            )
    Console(file=sys.stderr).print(table)
    return 0


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    sys.exit(main())
