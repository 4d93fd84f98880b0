"""From the names on the command line to targets that can be judged, embedded portals started."""

from __future__ import annotations

from typing import TYPE_CHECKING

from etalon.judging.requirements import is_selected
from etalon.messages import Message
from etalon.portals.config import DEFAULT_CONFIG, ConfigError
from etalon.portals.config_file import load
from etalon.portals.embedded import default_targets, embedded, embedded_target
from etalon.portals.serving import served
from etalon.shipped import contract
from etalon.vendors import vendor_of

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence
    from contextlib import ExitStack
    from pathlib import Path

    from etalon.portals.config import Target


def resolve(names: Sequence[str], path: Path, opened: ExitStack) -> list[Target]:
    """The targets of a run, in the order asked for; without a name, both embedded portals.

    A name of the config file goes before the name of an embedded portal.

    Args:
        names: as given by the user; one may hold several, as a variable of a CI system does.
        path: the config file; that of the default name may be missing where only embedded portals are judged.
        opened: takes the started portals, and stops them when it is closed.

    Raises:
        ConfigError: a name that is empty, an option or exists nowhere, a file that cannot be used, a target
            that may not be written to, or a pin that no requirement has.
    """
    file = load(path) if path.exists() or path != DEFAULT_CONFIG else None
    asked = list(_names(names, file.tables if file else ()))
    if file is None and not embedded().keys() >= set(asked):
        file = load(path)
    targets = []
    for name in dict.fromkeys(asked or default_targets()):
        if name in embedded() and (not asked or file is None or name not in file.tables):
            targets.append(_started(name, opened))
        elif file is not None:
            target = file.target(name)
            _check_pins(target, path)
            targets.append(target)
    return targets


def chosen_targets(targets: Sequence[Target], patterns: Sequence[str]) -> list[Target]:
    """The targets that owe any of the chosen requirements.

    Args:
        targets: what could be judged.
        patterns: the globs of `--select`; without any, all requirements are chosen.

    Raises:
        ConfigError: a pattern chooses nothing, so that nothing would be judged by it.
    """
    owed = {target.name: [row.id for row in contract(target.kind).requirements] for target in targets}
    for pattern in patterns:
        if not any(is_selected(row, [pattern]) for rows in owed.values() for row in rows):
            raise ConfigError(Message("selects-nothing", pattern=pattern, names=" or ".join(owed)))
    return [target for target in targets if any(is_selected(row, patterns) for row in owed[target.name])]


def _names(given: Sequence[str], tables: Container[str]) -> Iterator[str]:
    """The names that were given, those apart that stand in one text with blanks between them.

    Raises:
        ConfigError: one is empty, as of a variable that is not set, or an option.
    """
    for text in given:
        if text in tables:
            yield text  # a name may have blanks
            continue
        names = text.split()
        if not names:
            raise ConfigError(Message("empty-name-of-target", names=default_targets()))
        for name in names:
            if name.startswith("-"):
                raise ConfigError(Message("option-for-a-name", name=name))
            yield name


def _started(name: str, opened: ExitStack) -> Target:
    kind, dialect = embedded()[name]
    portal = vendor_of(kind).mock().create(dialect, ())
    url = opened.enter_context(served(portal))
    return embedded_target(name, portal).served_at(url)


def _check_pins(target: Target, path: Path) -> None:
    pins = contract(target.kind).pins
    for pin, value in target.expect.items():
        where = f"{path}: targets.{target.name}.expect.{pin}"
        if pin not in pins:
            raise ConfigError(Message("no-such-pin", where=where, names=tuple(sorted(pins))))
        if value not in pins[pin]:
            raise ConfigError(
                Message(
                    "expected-found",
                    where=where,
                    what=Message("one-of", names=tuple(sorted(pins[pin]))),
                    found=f"{value!r}",
                )
            )
