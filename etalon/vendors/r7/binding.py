"""The members of an R7 task, as `specs/r7/openapi.yaml` describes them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from etalon.generation.openapi_document import load_spec
from etalon.resources.openapi import read_resource
from etalon.shipped import spec

if TYPE_CHECKING:
    from collections.abc import Mapping

    from etalon.resources.resource import Resource

CREATE, READ, UPDATE = "createTask", "getTask", "updateTask"
_NEVER_CHANGING = frozenset({"id", "createby", "created"})


@cache
def document() -> Mapping[str, Any]:
    """The spec of the task operations, and of what a run needs beside them."""
    return load_spec(spec("r7", "openapi.yaml"))


@cache
def task() -> Resource:
    """A task: what a creation and an update send, and what answers show."""
    return read_resource(document(), "task", CREATE, UPDATE, "response", never_changing=_NEVER_CHANGING)
