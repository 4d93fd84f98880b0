"""From the names on the command line to targets that can be judged, embedded portals started."""

from __future__ import annotations

from typing import TYPE_CHECKING

from etalon.portals import config
from etalon.portals.embedded import CREATE, DEFAULT_TARGETS, EMBEDDED, embedded_target
from etalon.portals.serving import served
from etalon.resources import contract

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import ExitStack
    from pathlib import Path

    from etalon.portals.config import Target


def resolve(names: Sequence[str], path: Path, opened: ExitStack) -> list[Target]:
    """The targets of a run, in the order asked for; without a name, both embedded portals.

    A name of the config file goes before the name of an embedded portal.

    Args:
        names: as given by the user.
        path: the config file; it is read only when a name is not an embedded portal's, or it is there.
        opened: takes the started portals, and stops them when it is closed.

    Raises:
        ConfigError: a name that exists nowhere, a file that cannot be used, a target that may not be
            written to, or a pin that no requirement has.
    """
    configured = config.load(path) if path.exists() or any(name not in EMBEDDED for name in names) else {}
    targets = []
    for name in dict.fromkeys(names or DEFAULT_TARGETS):
        if name in EMBEDDED and (not names or name not in configured):
            targets.append(_started(name, opened))
        else:
            [target] = config.choose(configured, [name], path)
            _check_pins(target, path)
            targets.append(target)
    return targets


def _started(name: str, opened: ExitStack) -> Target:
    kind, dialect = EMBEDDED[name]
    portal = CREATE[kind](dialect, ())
    url = opened.enter_context(served(portal))
    return embedded_target(name, portal).served_at(url)


def _check_pins(target: Target, path: Path) -> None:
    pins = contract(target.kind).pins
    for pin, value in target.expect.items():
        where = f"{path}: targets.{target.name}.expect.{pin}"
        if pin not in pins:
            raise config.ConfigError(
                f"{where}: is no behaviour that can be pinned; expected one of: {', '.join(sorted(pins))}."
            )
        if value not in pins[pin]:
            raise config.ConfigError(
                f"{where}: expected one of {', '.join(sorted(pins[pin]))}; found {value!r}."
            )
