"""The config file `etalon.toml`: which portals there are, and how to talk to them.

Every mistake is a `ConfigError` whose message names the file, the key and what was expected there.
"""

from __future__ import annotations

import difflib
import ipaddress
import os
import tomllib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, TypeVar, get_args
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

Kind = Literal["r7", "planfix"]
KINDS: tuple[Kind, ...] = get_args(Kind)
DIALECTS: Mapping[Kind, tuple[str, ...]] = {
    "r7": ("documented", "communityserver"),
    "planfix": ("documented",),
}

# A live PlanFix answers one request a second at most (PlanFix API introduction); R7 publishes no limit.
_POLITE_RATE: Mapping[Kind, float] = {"r7": 5.0, "planfix": 1.0}
_DEFAULT_MAX_REQUESTS = 5000
_DEFAULT_TIMEOUT = 30.0

_CREDENTIALS: Mapping[Kind, Mapping[str, str]] = {
    "r7": {"token": "R7_TOKEN", "user": "R7_USER", "password": "R7_PASSWORD"},
    "planfix": {
        "account": "PLANFIX_ACCOUNT",
        "api-key": "PLANFIX_API_KEY",
        "private-key": "PLANFIX_PRIVATE_KEY",
        "user": "PLANFIX_USER",
        "password": "PLANFIX_PASSWORD",
        "token": "PLANFIX_TOKEN",
    },
}
_SECRET = frozenset({"token", "password", "api-key", "private-key"})
_KNOWN: Mapping[Kind, frozenset[str]] = {
    "r7": frozenset({"responsibles", "categories", "contacts", "opportunities", "cases", "tasks"}),
    "planfix": frozenset({"users", "groups", "projects", "clients", "tasks"}),
}
CAPABILITIES: Mapping[Kind, frozenset[str]] = {
    "r7": frozenset({"task.delete", "task.read", "xml", "contacts", "opportunities", "cases"}),
    "planfix": frozenset(
        {"task.add", "task.get", "user.getList", "userGroup.getList", "project.getList", "contact.getList"}
    ),
}
_COMMON_KEYS = frozenset(
    {
        "kind",
        "url",
        "dialect",
        "allow-writes",
        "requests-per-second",
        "max-requests",
        "timeout",
        "lacks",
        "known",
        "expect",
    }
)


_Choice = TypeVar("_Choice", bound=str)


class ConfigError(Exception):
    """The config file, or a value in it, is not usable; the message is for the user."""


@dataclass(frozen=True, slots=True)
class Secret:
    """A credential, and the environment variable that stands for it in what is shown.

    Its representation hides the value, so that a traceback or a log line cannot leak it.
    """

    value: str = field(repr=False)
    variable: str


@dataclass(frozen=True, slots=True)
class Target:
    """One portal to be judged.

    Attributes:
        credentials: the target's log-in keys (`token`, `api-key`, …) → values.
        requests_per_second: the pace; 0 means as fast as the portal answers.
        lacks: capabilities that the portal is declared not to have.
        known: ids that exist on the portal, by kind of thing (`responsibles`, `users`, …).
        expect: pinned behaviours, by behaviour name.
        embedded: whether Etalon itself serves the portal.
        warnings: what the user should know about this target's configuration.
    """

    name: str
    kind: Kind
    url: str
    dialect: str = "documented"
    credentials: Mapping[str, Secret] = field(default_factory=dict)
    allow_writes: bool = False
    requests_per_second: float = 0.0
    max_requests: int = _DEFAULT_MAX_REQUESTS
    timeout: float = _DEFAULT_TIMEOUT
    lacks: frozenset[str] = frozenset()
    known: Mapping[str, tuple[int | str, ...]] = field(default_factory=dict)
    expect: Mapping[str, str] = field(default_factory=dict)
    embedded: bool = False
    warnings: tuple[str, ...] = ()

    @property
    def where(self) -> str:
        """The target as a message names it: its name, and its URL without userinfo and query."""
        parts = urlsplit(self.url)
        host = parts.netloc.rpartition("@")[2]
        return f"{self.name} ({parts.scheme}://{host}{parts.path})"

    def credential(self, key: str) -> str | None:
        """The value of a log-in key, or None when the target has none."""
        secret = self.credentials.get(key)
        return secret.value if secret else None

    def served_at(self, url: str) -> Target:
        """The same target at another URL (an embedded portal learns its port when it starts)."""
        return replace(self, url=url)


def load(path: Path, environ: Mapping[str, str] = os.environ) -> dict[str, Target]:
    """Read the targets of a config file.

    Args:
        path: an `etalon.toml`.
        environ: where `env:NAME` values are read from.

    Raises:
        ConfigError: the file cannot be read, or one of its values is missing, misspelt or of a wrong type.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ConfigError(f"{path}: there is no such file. Name another with --config.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read ({error}).") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: is not valid TOML: {error}.") from error
    _only(document, {"targets"}, f"{path}")
    tables = document.get("targets", {})
    if not isinstance(tables, dict):
        raise ConfigError(f"{path}: targets: expected tables [targets.NAME].")
    return {name: _Table(path, name, table, environ).target() for name, table in tables.items()}


def choose(targets: Mapping[str, Target], names: Iterable[str], path: Path) -> list[Target]:
    """The named targets, in order.

    Raises:
        ConfigError: a name that the file does not have, or a target that may not be written to.
    """
    chosen = []
    for name in names:
        if name not in targets:
            have = ", ".join(sorted(targets)) or "none"
            raise ConfigError(f"{path}: targets.{name}: there is no such target; the file has: {have}.")
        target = targets[name]
        if not target.allow_writes and not target.embedded:
            raise ConfigError(
                f"{path}: targets.{name}.allow-writes: expected true. Judging creates, changes and removes "
                f"tasks on {target.url.rpartition('@')[2]}; say so for a portal where that is welcome."
            )
        chosen.append(target)
    return chosen


def is_loopback(url: str) -> bool:
    """Whether a URL's host is this machine."""
    host = urlsplit(url).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class _Table:
    """One `[targets.NAME]` table on its way to a Target."""

    path: Path
    name: str
    table: Mapping[str, Any]
    environ: Mapping[str, str]

    def target(self) -> Target:
        if not isinstance(self.table, dict):
            raise ConfigError(f"{self.path}: targets.{self.name}: expected a table.")
        kind = self._one_of("kind", KINDS)
        url = self._url()
        _only(self.table, _COMMON_KEYS | set(_CREDENTIALS[kind]), self._at())
        dialect = self._one_of("dialect", DIALECTS[kind], default="documented")
        credentials, warnings = self._credentials(kind)
        rate = 0.0 if is_loopback(url) else _POLITE_RATE[kind]
        return Target(
            name=self.name,
            kind=kind,
            url=url,
            dialect=dialect,
            credentials=credentials,
            allow_writes=self._flag("allow-writes"),
            requests_per_second=self._number("requests-per-second", rate),
            max_requests=int(self._number("max-requests", _DEFAULT_MAX_REQUESTS)),
            timeout=self._number("timeout", _DEFAULT_TIMEOUT),
            lacks=self._lacks(kind),
            known=self._known(kind),
            expect=self._expect(),
            warnings=warnings,
        )

    def _at(self, key: str = "") -> str:
        return f"{self.path}: targets.{self.name}" + (f".{key}" if key else "")

    def _one_of(self, key: str, values: tuple[_Choice, ...], default: _Choice | None = None) -> _Choice:
        value = self.table.get(key, default)
        for allowed in values:
            if value == allowed:
                return allowed
        expected = " or ".join(f'"{allowed}"' for allowed in values)
        found = "it is missing" if value is None else f"found {value!r}"
        raise ConfigError(f"{self._at(key)}: expected {expected}, {found}.")

    def _url(self) -> str:
        url = self.table.get("url")
        if (
            not isinstance(url, str)
            or urlsplit(url).scheme not in {"http", "https"}
            or not urlsplit(url).hostname
        ):
            found = "it is missing" if url is None else "found something else"
            raise ConfigError(f'{self._at("url")}: expected a URL like "https://portal.example", {found}.')
        if urlsplit(url).username or urlsplit(url).password:
            raise ConfigError(
                f"{self._at('url')}: expected a URL without user and password; use the log-in keys."
            )
        return url

    def _flag(self, key: str) -> bool:
        value = self.table.get(key, False)
        if not isinstance(value, bool):
            raise ConfigError(f"{self._at(key)}: expected true or false, found {value!r}.")
        return value

    def _number(self, key: str, default: float) -> float:
        value = self.table.get(key, default)
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or value < 0
            or (value == 0 and key != "requests-per-second")
        ):
            raise ConfigError(f"{self._at(key)}: expected a positive number, found {value!r}.")
        return float(value)

    def _credentials(self, kind: Kind) -> tuple[dict[str, Secret], tuple[str, ...]]:
        found: dict[str, Secret] = {}
        warnings: list[str] = []
        for key, variable in _CREDENTIALS[kind].items():
            if key not in self.table:
                continue
            value = self.table[key]
            if not isinstance(value, str) or not value:
                raise ConfigError(f"{self._at(key)}: expected a text that is not empty.")
            if value.startswith("env:"):
                name = value.removeprefix("env:")
                if not self.environ.get(name):
                    raise ConfigError(f"{self._at(key)}: expected the environment variable {name} to be set.")
                found[key] = Secret(self.environ[name], name)
            else:
                found[key] = Secret(value, variable)
                if key in _SECRET:
                    warnings.append(f'{self._at(key)}: a secret in plain text; better "env:{variable}".')
        self._require_login(kind, found)
        return found, tuple(warnings)

    def _require_login(self, kind: Kind, found: Mapping[str, Secret]) -> None:
        needed = [] if kind == "r7" else ["account", "api-key"]
        if "token" not in found:
            needed += ["user", "password"]
        for key in needed:
            if key not in found:
                way_out = " (or a token)" if key in {"user", "password"} else ""
                raise ConfigError(f"{self._at(key)}: expected a value{way_out}, it is missing.")

    def _lacks(self, kind: Kind) -> frozenset[str]:
        values = self.table.get("lacks", [])
        if not isinstance(values, list):
            raise ConfigError(f"{self._at('lacks')}: expected a list of capabilities.")
        for value in values:
            if value not in CAPABILITIES[kind]:
                have = ", ".join(sorted(CAPABILITIES[kind]))
                raise ConfigError(f"{self._at('lacks')}: expected some of {have}; found {value!r}.")
        return frozenset(values)

    def _known(self, kind: Kind) -> dict[str, tuple[int | str, ...]]:
        table = self.table.get("known", {})
        if not isinstance(table, dict):
            raise ConfigError(f"{self._at('known')}: expected a table of lists of ids.")
        _only(table, _KNOWN[kind], self._at("known"))
        for key, values in table.items():
            wanted: type = str if key == "responsibles" else int
            if not isinstance(values, list) or not all(
                isinstance(value, wanted) and not isinstance(value, bool) for value in values
            ):
                shape = "GUIDs as texts" if wanted is str else "whole numbers"
                raise ConfigError(f"{self._at('known.' + key)}: expected a list of {shape}.")
        return {key: tuple(values) for key, values in table.items()}

    def _expect(self) -> dict[str, str]:
        table = self.table.get("expect", {})
        if not isinstance(table, dict) or not all(isinstance(value, str) for value in table.values()):
            raise ConfigError(f'{self._at("expect")}: expected pins like partial-update = "merge".')
        return dict(table)


def _only(table: Mapping[str, Any], allowed: Iterable[str], where: str) -> None:
    """Refuse keys that mean nothing here: a misspelt key must not be ignored in silence."""
    names = sorted(allowed)
    for key in table:
        if key not in names:
            close = difflib.get_close_matches(key, names, n=1)
            hint = f'did you mean "{close[0]}"?' if close else f"expected some of: {', '.join(names)}."
            raise ConfigError(f"{where}: {key}: is not a key here; {hint}")
