"""Which checks run: those of the targets' kinds that are selected, once per target, the late ones last."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from etalon.judging.requirements import is_selected
from etalon.messages import Message
from etalon.plugin.beginning import SESSION, begin
from etalon.plugin.items import requirement_id, target_name
from etalon.shipped import homes
from etalon.vendors import kinds

if TYPE_CHECKING:
    from etalon.portals.config import Kind
    from etalon.session import Session

_LATE = ("spends_the_rest", "after_all")  # markers, in the order in which their checks come after all others


def pytest_configure(config: pytest.Config) -> None:
    """Make the markers known, and refuse a run in several processes: its checks share their traffic."""
    if getattr(config.option, "numprocesses", None) and _asks_for_suites(config):
        raise pytest.UsageError(str(Message("suites-in-one-process")))
    config.addinivalue_line(
        "markers", "requirement(id): the requirement of contracts/ that the check judges; one each"
    )
    config.addinivalue_line("markers", "spends_the_rest: sends what the requests allow, so it runs late")
    config.addinivalue_line("markers", "after_all: judges the traffic of all other checks, so it runs last")


@pytest.hookimpl(tryfirst=True)
def pytest_collection(session: pytest.Session) -> None:
    """Begin the run, where suites are about to be collected: a mistake of the user's ends it here."""
    if _asks_for_suites(session.config):
        begin(session.config)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave the suites of portals alone that no target is of, once a run has begun."""
    kind = _kind_of(collection_path)
    if kind is None:
        return None
    return None if any(run.target.kind == kind for run in begin(config).targets) else True


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run every check of a suite once per target of its kind."""
    kind = _kind_of(Path(metafunc.module.__file__ or ""))
    if kind is None or "target" not in metafunc.fixturenames:
        return
    names = [run.target.name for run in begin(metafunc.config).targets if run.target.kind == kind]
    metafunc.parametrize("target", names, indirect=True, scope="session")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Drop what `--etalon-select` does not choose, and put what comes late behind the others."""
    if SESSION not in config.stash:
        return
    session = config.stash[SESSION]
    _bind(session, items)
    chosen = [item for item in items if _is_chosen(item, session)]
    dropped = [item for item in items if not _is_chosen(item, session)]
    if dropped:
        config.hook.pytest_deselected(items=dropped)
    order = [run.target.name for run in session.targets]
    items[:] = sorted(chosen, key=lambda item: _place(item, order))


def _bind(session: Session, items: list[pytest.Item]) -> None:
    """Note for which rows a check was collected.

    Raises:
        pytest.UsageError: a check is bound to a row that its target's contract lacks.
    """
    bound: dict[str, dict[str, pytest.Item]] = {run.target.name: {} for run in session.targets}
    for item in items:
        if item.get_closest_marker("requirement") is not None:
            bound[target_name(item)][requirement_id(item)] = item
    for run in session.targets:
        run.bound = frozenset(bound[run.target.name])
        for row in sorted(run.bound - {one.id for one in run.contract.requirements}):
            where = bound[run.target.name][row].nodeid
            raise pytest.UsageError(f"{where} is bound to {row}, which is no row of a contract")


def _asks_for_suites(config: pytest.Config) -> bool:
    """Whether any path on the command line holds, is or lies in the suites."""
    paths = [config.invocation_params.dir.joinpath(one.partition("::")[0]).resolve() for one in config.args]
    return any(
        path == suites or suites in path.parents or path in suites.parents
        for suites in (home / "suites" for home in homes())
        for path in paths
    )


def _kind_of(path: Path) -> Kind | None:
    """The kind of portal that a file of the suites is for: the name of its folder below `suites/`."""
    parts = path.parts
    for kind in kinds():
        if any(pair == ("suites", kind) for pair in pairwise(parts)):
            return kind
    return None


def _is_chosen(item: pytest.Item, session: Session) -> bool:
    if item.get_closest_marker("requirement") is None:
        return True
    return is_selected(requirement_id(item), session.selected)


def _place(item: pytest.Item, order: list[str]) -> tuple[int, int]:
    if item.get_closest_marker("requirement") is None:
        return (-1, 0)
    late = [place for place, marker in enumerate(_LATE, start=1) if item.get_closest_marker(marker)]
    return (order.index(target_name(item)), max(late, default=0))
