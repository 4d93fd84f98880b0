"""Where a person finds a task in the portal's own pages."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from etalon.portals.config import Target

_API = "/api/2.0"


def link_to(target: Target, task: int) -> str:
    """The address of a task for a browser, without any log-in data.

    R7's is that of the open ancestor (CommunityServer, Products/CRM). PlanFix's is on the account's own host,
    where the target's url is the API's common one.
    """
    parts = urlsplit(target.url)
    host = parts.netloc.rpartition("@")[2]
    if target.kind == "r7":
        path = parts.path.rstrip("/").removesuffix(_API)
        return f"{parts.scheme}://{host}{path}/Products/CRM/Tasks.aspx?id={task}"
    account = target.credential("account") or ""
    if host.startswith("api"):
        host = f"{account}.{host.partition('.')[2]}"
    return f"{parts.scheme}://{host}/task/{task}"
