"""The config file `etalon.toml`: which portals there are, and how to talk to them.

Every mistake is a `ConfigError` whose message names the file, the key and what was expected there.
"""

from __future__ import annotations

import difflib
import math
import os
import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import partial, reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeGuard, TypeVar
from urllib.parse import urlsplit

import httpx

from etalon.errors import why_unreadable
from etalon.messages import Message, cleaned
from etalon.portals.config import (
    DEFAULT_MAX_REQUESTS,
    DEFAULT_MAX_TASKS,
    DEFAULT_TIMEOUT,
    SECRETS,
    ConfigError,
    Secret,
    Target,
    Tls,
    is_loopback,
)
from etalon.portals.proxies import proxy_for
from etalon.portals.secrets import without_secrets
from etalon.portals.tls import client_context
from etalon.vendors import kinds, vendor_of, vendors

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from etalon.messages import Words
    from etalon.portals.config import Kind

_COMMON_KEYS = frozenset(
    {
        "kind",
        "url",
        "dialect",
        "allow-writes",
        "requests-per-second",
        "max-requests",
        "max-tasks",
        "timeout",
        "settle",
        "confirm",
        "notify",
        "verify",
        "ca",
        "certificate",
        "certificate-key",
        "lacks",
        "known",
        "expect",
    }
)
_GUID = re.compile(r"\{?[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\}?")
_DURATION = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)(ms|s|m)")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0}
_LONGEST_SETTLE = 300.0
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
# What may be the token itself, written behind `env:` by mistake, is not shown.
_LONGEST_VARIABLE = 64
_LIKE_A_TOKEN = re.compile(r"(?=.*[0-9])[A-Za-z0-9]{12,}")

_Choice = TypeVar("_Choice", bound=str)


@dataclass(frozen=True, slots=True)
class ConfigFile:
    """A config file whose targets are looked at when they are asked for.

    So a target that is not judged may name secrets that are not at hand.
    """

    path: Path
    tables: Mapping[str, Any]
    environ: Mapping[str, str]

    def target(self, name: str) -> Target:
        """One target, ready to be judged.

        Raises:
            ConfigError: the file does not have it, one of its values is missing, misspelt or of a wrong type,
                or it may not be written to.
        """
        where = f"{self.path}: targets.{name}"
        if name not in self.tables:
            close = difflib.get_close_matches(name, self.tables, n=1)
            have = ", ".join(sorted(self.tables)) or "none"
            hint = (
                Message("hint-did-you-mean", name=f'"{close[0]}"')
                if close
                else Message("hint-file-has", names=have)
            )
            raise ConfigError(Message("no-such-target", where=where, hint=hint))
        table = self.tables[name]
        try:
            target = _Table(self.path, name, table, self.environ).target()
        except ConfigError as error:
            # What was found in place of something else may be a secret that stands elsewhere as well.
            clean = partial(without_secrets, table=table, environ=self.environ)
            raise ConfigError(cleaned(error.words, clean)) from None
        if not target.allow_writes:
            raise ConfigError(Message("wants-allow-writes", where=where, url=target.url))
        return target


def load(path: Path, environ: Mapping[str, str] = os.environ) -> ConfigFile:
    """Read a config file.

    Args:
        path: an `etalon.toml`.
        environ: where `env:NAME` values are read from.

    Raises:
        ConfigError: the file cannot be read, is not TOML, or has something other than targets in it.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise ConfigError(Message("no-such-config", where=str(path))) from error
    except OSError as error:
        raise ConfigError(Message("unreadable", where=str(path), why=error.strerror or str(error))) from error
    except UnicodeDecodeError as error:
        raise ConfigError(Message("not-utf-8", where=str(path), why=error.reason)) from error
    except (ValueError, RecursionError) as error:
        raise ConfigError(Message("not-toml", where=str(path), why=why_unreadable(error))) from error
    _only(document, {"targets"}, f"{path}")
    tables = document.get("targets", {})
    if not isinstance(tables, dict):
        raise ConfigError(Message("wants-tables-of-targets", path=str(path)))
    return ConfigFile(path, tables, environ)


@dataclass(frozen=True, slots=True)
class _Table:
    """One `[targets.NAME]` table on its way to a Target."""

    path: Path
    name: str
    table: Mapping[str, Any]
    environ: Mapping[str, str]

    def target(self) -> Target:
        if not isinstance(self.table, dict):
            raise ConfigError(
                Message("expected", where=f"{self.path}: targets.{self.name}", what=Message("wants-table"))
            )
        log_in = (vendor.credentials for vendor in vendors().values())
        _only(self.table, _COMMON_KEYS.union(*log_in), self._at())
        kind = self._one_of("kind", kinds())
        url = self._url()
        _only(self.table, _COMMON_KEYS | set(vendor_of(kind).credentials), self._at())
        dialect = self._one_of("dialect", vendor_of(kind).dialects, default="documented")
        credentials, warnings = self._credentials(kind)
        tls = self._tls(credentials.get("certificate-password"))
        proxy_for(url)  # a mistake in it is said before anything is sent
        if not tls.verify:
            warnings = (
                *warnings,
                Message("verification-off", where=self._at("verify")),
            )
        rate = 0.0 if is_loopback(url) else vendor_of(kind).polite_rate
        return Target(
            name=self.name,
            kind=kind,
            url=url,
            dialect=dialect,
            credentials=credentials,
            allow_writes=self._flag("allow-writes"),
            requests_per_second=self._rate(rate),
            max_requests=self._whole_number("max-requests", DEFAULT_MAX_REQUESTS),
            max_tasks=self._whole_number("max-tasks", DEFAULT_MAX_TASKS),
            timeout=self._timeout(),
            lacks=self._lacks(kind),
            known=self._known(kind),
            expect=self._expect(),
            tls=tls,
            notify=self._flag("notify"),
            settle=self._settle(),
            confirm=self._flag("confirm") if "confirm" in self.table else None,
            warnings=warnings,
        )

    def _at(self, key: str = "") -> str:
        return f"{self.path}: targets.{self.name}" + (f".{key}" if key else "")

    def _refused(self, key: str, what: Words, *found: object) -> ConfigError:
        """The error for a key that does not hold what it should; what was found there is shown if given."""
        where = self._at(key)
        if not found:
            return ConfigError(Message("expected", where=where, what=what))
        return ConfigError(Message("expected-but-found", where=where, what=what, found=repr(found[0])))

    def _one_of(self, key: str, values: tuple[_Choice, ...], default: _Choice | None = None) -> _Choice:
        value = self.table.get(key, default)
        for allowed in values:
            if value == allowed:
                return allowed
        quoted: list[Words] = [f'"{allowed}"' for allowed in values]
        expected = reduce(_or, quoted)
        if value is None:
            raise ConfigError(Message("expected-and-missing", where=self._at(key), what=expected))
        raise self._refused(key, expected, value)

    def _url(self) -> str:
        url = self.table.get("url")
        where, like = self._at("url"), '"https://portal.example"'
        if url is None:
            raise ConfigError(
                Message("expected-and-missing", where=where, what=Message("wants-url", url=like))
            )
        try:
            parts = urlsplit(url if isinstance(url, str) else "")
            # A host of another script has to have a spelling in ASCII, which httpx finds.
            usable = parts.scheme in {"http", "https"} and parts.port != 0 and httpx.URL(url).host
        except (ValueError, httpx.InvalidURL):  # brackets that do not match, a port beyond 65535
            usable = False
        if not usable or not url.isprintable() or " " in url:
            # What was found is not shown: it may be a secret that went astray.
            raise ConfigError(Message("wants-url-found-else", where=where, url=like))
        if parts.username or parts.password:
            raise ConfigError(Message("wants-url-without-password", where=where, url=like))
        if parts.query or parts.fragment:
            raise ConfigError(Message("wants-url-without-query", where=where, url=like))
        return str(url)

    def _flag(self, key: str, *, default: bool = False) -> bool:
        value = self.table.get(key, default)
        if not isinstance(value, bool):
            raise self._refused(key, Message("wants-true-or-false"), value)
        return value

    def _rate(self, default: float) -> float:
        value = self.table.get("requests-per-second", default)
        if not _is_number(value) or value < 0:
            raise ConfigError(
                Message(
                    "expected-found",
                    where=self._at("requests-per-second"),
                    what=Message("wants-number-or-0"),
                    found=f"{value!r}",
                )
            )
        return float(value)

    def _timeout(self) -> float:
        value = self.table.get("timeout", DEFAULT_TIMEOUT)
        if not _is_number(value) or value <= 0:
            raise self._refused("timeout", Message("wants-seconds"), value)
        return float(value)

    def _settle(self) -> float:
        value = self.table.get("settle", "0s")
        match = _DURATION.fullmatch(value) if isinstance(value, str) else None
        seconds = float(match[1]) * _SECONDS[match[2]] if match else -1.0
        if not 0 <= seconds <= _LONGEST_SETTLE:
            raise ConfigError(
                Message(
                    "expected-found",
                    where=self._at("settle"),
                    what=Message("wants-time", one='"2s"', other='"500ms"'),
                    found=f"{value!r}",
                )
            )
        return seconds

    def _tls(self, key_password: Secret | None) -> Tls:
        """How the connection is secured; its files stand beside the config file, where they are relative."""
        tls = Tls(
            verify=self._flag("verify", default=True),
            ca=self._file("ca"),
            certificate=self._file("certificate"),
            key=self._file("certificate-key"),
            key_password=key_password.value if key_password else "",
        )
        if tls.certificate is None and (tls.key or key_password):
            raise ConfigError(Message("wants-certificate", where=self._at("certificate")))
        try:
            client_context(tls)
        except ConfigError as error:
            raise ConfigError(Message("in-table", table=self._at(), why=error.words)) from error
        return tls

    def _file(self, key: str) -> Path | None:
        value = self.table.get(key)
        if value is None:
            return None
        if not isinstance(value, str) or not value or "\0" in value:
            raise self._refused(key, Message("wants-pem-name"))
        try:
            return self.path.parent / Path(value).expanduser()
        except RuntimeError as error:
            raise ConfigError(Message("wants-path-without-tilde", where=self._at(key))) from error

    def _whole_number(self, key: str, default: int) -> int:
        value = self.table.get(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise self._refused(key, Message("wants-whole-number"), value)
        return value

    def _credentials(self, kind: Kind) -> tuple[dict[str, Secret], tuple[Message, ...]]:
        found: dict[str, Secret] = {}
        warnings: list[Message] = []
        for key, usual in vendor_of(kind).credentials.items():
            if key not in self.table:
                continue
            given = self.table[key]
            if not isinstance(given, str) or not given:
                raise self._refused(key, Message("wants-text"))
            if given.startswith("env:"):
                found[key] = self._from_environment(key, given.removeprefix("env:"), usual)
            else:
                found[key] = Secret(given, usual)
                if key in SECRETS:
                    warnings.append(Message("secret-in-plain-text", where=self._at(key), name=usual))
            value = found[key].value
            if any(unicodedata.category(character) == "Cc" for character in value):
                raise self._refused(key, Message("wants-one-line"))
            objection = vendor_of(kind).objection(key, value)
            if objection is not None:
                raise self._refused(key, objection)
        missing = vendor_of(kind).missing_login(found)
        if missing is not None:
            key, what = missing
            raise ConfigError(Message("expected-and-missing", where=self._at(key), what=what))
        return found, tuple(warnings)

    def _from_environment(self, key: str, variable: str, usual: str) -> Secret:
        if not _VARIABLE.fullmatch(variable):
            raise self._refused(key, Message("wants-name-after", prefix='"env:"', example=f'"env:{usual}"'))
        value = self.environ.get(variable)
        if not value and (len(variable) > _LONGEST_VARIABLE or _LIKE_A_TOKEN.fullmatch(variable)):
            raise self._refused(key, Message("wants-set-variable", prefix='"env:"'))
        if not value:
            raise self._refused(key, Message("wants-variable", name=variable))
        return Secret(value, variable)

    def _lacks(self, kind: Kind) -> frozenset[str]:
        values = self.table.get("lacks", [])
        if not isinstance(values, list):
            raise self._refused("lacks", Message("wants-capabilities"))
        for value in values:
            if not isinstance(value, str) or value not in vendor_of(kind).capabilities:
                have = ", ".join(sorted(vendor_of(kind).capabilities))
                raise ConfigError(
                    Message(
                        "expected-found",
                        where=self._at("lacks"),
                        what=Message("some-of", names=have),
                        found=f"{value!r}",
                    )
                )
        return frozenset(values)

    def _known(self, kind: Kind) -> dict[str, tuple[int | str, ...]]:
        table = self.table.get("known", {})
        if not isinstance(table, dict):
            raise self._refused("known", Message("wants-lists-of-ids"))
        forms = vendor_of(kind).known
        _only(table, forms, self._at("known"))
        for key, values in table.items():
            is_id, shape = (
                (_is_guid, Message("wants-guids"))
                if forms[key] == "guid"
                else (_is_id, Message("wants-whole-numbers"))
            )
            if not isinstance(values, list) or not all(map(is_id, values)):
                raise self._refused("known." + key, shape)
        return {key: tuple(values) for key, values in table.items()}

    def _expect(self) -> dict[str, str]:
        table = self.table.get("expect", {})
        if not isinstance(table, dict) or not all(isinstance(value, str) for value in table.values()):
            raise self._refused("expect", Message("wants-pins", example='partial-update = "merge"'))
        return dict(table)


def _only(table: Mapping[str, Any], allowed: Iterable[str], where: str) -> None:
    """Refuse keys that mean nothing here: a misspelt key must not be ignored in silence."""
    names = sorted(allowed)
    for key in table:
        if key not in names:
            close = difflib.get_close_matches(key, names, n=1)
            hint = (
                Message("hint-did-you-mean", name=f'"{close[0]}"')
                if close
                else Message("hint-some-of", names=tuple(names))
            )
            raise ConfigError(Message("no-such-key", where=where, key=key, hint=hint))


def _or(one: Words, other: Words) -> Message:
    return Message("or", one=one, other=other)


def _is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _is_id(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _is_guid(value: object) -> bool:
    return isinstance(value, str) and _GUID.fullmatch(value) is not None
