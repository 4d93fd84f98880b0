"""Overlays of an OpenAPI document, as the OpenAPI Overlay Specification 1.0 has them."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import TYPE_CHECKING, Any

import yaml
from jsonpath import JSONPathEnvironment, JSONPathError

from etalon.derivation.overlays.lines import OverlayError, Stale
from etalon.errors import why_unreadable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_PATHS = JSONPathEnvironment(strict=True)  # RFC 9535, which the Overlay Specification calls for


def overlaid_document(
    document: Mapping[str, Any], text: str, name: str
) -> tuple[dict[str, Any], list[Stale]]:
    """Lays an overlay over a document.

    Args:
        document: an OpenAPI document; it stays as it is.
        text: the overlay. Each action has a `target` (JSONPath), a `description` that gives its reason, and
            an `update` or `remove: true`. An update goes into each object it finds member by member, and to
            the end of each list (Overlay Specification 1.0, 4.4.3).
        name: the overlay's file, for messages.

    Returns:
        The new document, and the actions whose target is not in it.

    Raises:
        OverlayError: the text is no overlay, or an action lacks its reason.
    """
    result = deepcopy(dict(document))
    stale = []
    for number, action in enumerate(_actions(text, name), 1):
        where = f"{name}: action {number}"
        target, reason = _told(action, where)
        places = _found(result, target, where)
        if not places:
            stale.append(Stale(target, reason))
        elif action.get("remove") is True:
            # From the end, or an index of a list would no longer be that of its item.
            for place in reversed(places):
                _remove(result, place)
        elif "update" in action:
            for place in places:
                _update(_at(result, place), action["update"], where)
        else:
            raise OverlayError(f"{where} neither updates nor removes anything.")
    return result, stale


def _actions(text: str, name: str) -> list[Mapping[str, Any]]:
    try:
        overlay = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise OverlayError(f"{name}: cannot be read as YAML ({why_unreadable(error)}).") from error
    actions = overlay.get("actions") if isinstance(overlay, Mapping) and "overlay" in overlay else None
    if not isinstance(actions, list) or not all(isinstance(action, Mapping) for action in actions):
        raise OverlayError(f"{name}: no OpenAPI overlay: it has no member overlay, or no list of actions.")
    return actions


def _told(action: Mapping[str, Any], where: str) -> tuple[str, str]:
    target, reason = action.get("target"), action.get("description")
    if not isinstance(target, str):
        raise OverlayError(f"{where} has no target.")
    if not isinstance(reason, str) or not reason.strip():
        raise OverlayError(f"{where} ({target}) has no description: an overlay says why.")
    return target, " ".join(reason.split())


def _found(document: dict[str, Any], target: str, where: str) -> list[tuple[str | int, ...]]:
    try:
        return [tuple(match.parts) for match in _PATHS.finditer(target, document)]
    except JSONPathError as error:
        raise OverlayError(f"{where}: {target} is no JSONPath ({error.args[0]}).") from error


def _at(document: Any, place: Iterable[str | int]) -> Any:  # noqa: ANN401 - JSON
    for step in place:
        document = document[step]
    return document


def _remove(document: dict[str, Any], place: Sequence[str | int]) -> None:
    holder = _at(document, place[:-1])
    del holder[place[-1]]


def _update(found: object, value: object, where: str) -> None:
    if isinstance(found, list):
        found += deepcopy(value) if isinstance(value, list) else [deepcopy(value)]
    elif isinstance(found, dict) and isinstance(value, Mapping):
        _merge(found, value)
    else:
        raise OverlayError(f"{where}: an update needs an object or a list to go into.")


def _merge(into: dict[str, Any], value: Mapping[str, Any]) -> None:
    for key, new in value.items():
        old = into.get(key)
        if isinstance(old, dict) and isinstance(new, Mapping):
            _merge(old, new)
        elif isinstance(old, list) and isinstance(new, list):
            old += deepcopy(new)
        else:
            into[key] = deepcopy(new)
