"""Runs the suites against faulty mocked portals, several at a time, in processes of their own."""

from __future__ import annotations

import multiprocessing
import signal
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from etalon.judging.verdicts import Verdict
from etalon.portals.embedded import embedded_target
from etalon.portals.serving import served
from etalon.profiles import PROFILES
from etalon.proving.matrix import FaultRun
from etalon.runs import importing_nothing_from_here
from etalon.vendors import vendor_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from concurrent.futures import Future

    import pytest

    from etalon.judging.verdicts import Judgement
    from etalon.portals.config import Kind
    from etalon.session import TargetRun


@dataclass(frozen=True, slots=True)
class PlannedRun:
    """A run to come: a suite against a portal with faults, or without.

    Attributes:
        target: the name of the embedded portal.
        faults: names out of its catalogue; none for the sound portal.
        bound: ids of the requirements that they break.
        profile: how thorough the run is.
        seed: what is drawn at random.
        pinned: behaviours that the target pins, where the page leaves them open.
        selected: globs on requirement ids; all of them by default.
        variations: what the portal does otherwise without breaking anything.
    """

    target: str
    kind: Kind
    dialect: str
    faults: tuple[str, ...]
    bound: tuple[str, ...]
    profile: str
    seed: int
    pinned: Mapping[str, str] = field(default_factory=dict)
    selected: tuple[str, ...] = ()
    variations: tuple[str, ...] = ()


def execute_all(plans: Sequence[PlannedRun], workers: int) -> Iterator[tuple[int, FaultRun]]:
    """Execute planned runs, `workers` of them at a time.

    Yields:
        Place of the plan and its run, as the runs end. Leaving the loop early ends what still runs.
    """
    context = multiprocessing.get_context("spawn")
    opened = ExitStack()
    opened.enter_context(importing_nothing_from_here())
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_leave_interrupts_to_parent)
    try:
        running: dict[Future[FaultRun], int] = {}
        waiting = iter(enumerate(plans))
        for place, plan in waiting:
            running[pool.submit(execute, plan)] = place
            if len(running) >= 2 * workers:
                break
        while running:
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                yield running.pop(future), future.result()
                following = next(waiting, None)
                if following is not None:
                    running[pool.submit(execute, following[1])] = following[0]
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
        opened.close()


def execute(plan: PlannedRun) -> FaultRun:
    """Serve a portal with its faults, judge it, and say what went red."""
    run = judged(plan)
    return FaultRun(
        kind=plan.kind,
        dialect=plan.dialect,
        fault="+".join(plan.faults),
        bound=plan.bound,
        red=tuple(row for row, judgement in in_order(run) if judgement.verdict is Verdict.DEVIATES),
        judged=sum(judgement.checked > 0 for judgement in run.judgements.values()),
        requests=run.requests,
        first_red=run.first_red,
        pinned=dict(plan.pinned),
    )


def judged(plan: PlannedRun) -> TargetRun:
    """Serve a portal as a plan has it, and judge it in this process."""
    import pytest  # noqa: PLC0415 - only workers need it, and it takes half a second

    from etalon.plugin.beginning import OPENED, SESSION  # noqa: PLC0415 - likewise
    from etalon.running import leave_out_the_unread, suite_arguments  # noqa: PLC0415 - likewise
    from etalon.session import Session, TargetRun  # noqa: PLC0415 - likewise

    with ExitStack() as opened:
        portal = vendor_of(plan.kind).mock().create(plan.dialect, plan.faults, plan.variations)
        target = embedded_target(plan.target, portal).served_at(opened.enter_context(served(portal)))
        run = TargetRun(replace(target, name=plan.target, expect=plan.pinned), proves=False)
        session = Session(PROFILES[plan.profile], plan.seed, [run], plan.selected)

        class Begun:
            """Brings the run along, instead of letting the plugin begin one."""

            def pytest_configure(self, config: pytest.Config) -> None:
                config.stash[SESSION] = session
                config.stash[OPENED] = ExitStack()
                leave_out_the_unread(config)

        pytest.main([*suite_arguments(), "--etalon-output="], plugins=[Begun()])
    return run


def in_order(run: TargetRun) -> Iterator[tuple[str, Judgement]]:
    """The ids that were judged with their judgements, in the order of the contract."""
    for row in run.contract.requirements:
        if row.id in run.judgements:
            yield row.id, run.judgements[row.id]


def _leave_interrupts_to_parent() -> None:
    """Ctrl-C reaches the whole group of processes; the parent alone decides what it means."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
