"""What one of pytest's items judges: which requirement, on which target."""

from __future__ import annotations

import pytest


def requirement_id(item: pytest.Item) -> str:
    """The id of the requirement that an item is bound to, its parameters filled in."""
    marker = item.get_closest_marker("requirement")
    if marker is None:
        raise pytest.UsageError(f"{item.nodeid} is bound to no requirement")
    parameters = getattr(item, "callspec", None)
    values = parameters.params if parameters else {}
    template: str = marker.args[0]
    return template.format(**{name: str(value).upper() for name, value in values.items()})


def target_name(item: pytest.Item) -> str:
    """The name of the target that an item judges."""
    name: str = item.callspec.params["target"]  # type: ignore[attr-defined]  # every check has a target
    return name
