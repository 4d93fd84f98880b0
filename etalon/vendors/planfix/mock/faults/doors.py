"""Faults in who is let in: keys, sessions and signatures that are nearly right."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Final

from etalon.portals.mocking import FaultFamily
from etalon.vendors.planfix.mock.errors import Code
from etalon.vendors.planfix.mock.faults.fault import Fault
from etalon.vendors.planfix.mock.hooks import Check
from etalon.vendors.planfix.mock.signature import signatures
from etalon.vendors.planfix.mock.wire import child, text_of

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from etalon.vendors.planfix.mock.hooks import Answer, Gate, Merge
    from etalon.vendors.planfix.mock.state import Task


def _key_in_any_case(at: Gate) -> Code | None:
    key = at.store.access.api_key
    return None if at.check is Check.API_KEY and at.given.lower() == key.lower() else at.code


def _sid_in_any_case(at: Gate) -> Code | None:
    if at.check is not Check.SESSION or at.code is None:
        return at.code
    sid = text_of(child(at.request, "sid")).lower()
    return at.code if at.store.sessions.use(sid, at.store.clock()) is None else None


def _begins_rightly(at: Gate) -> Code | None:
    if at.check is not Check.SIGNATURE or at.code is None or at.request is None:
        return at.code
    given = text_of(child(at.request, "signature"))
    right = signatures(at.request, at.store.access.private_key)
    return None if any(one.startswith(given) for one in right) else at.code


def _right_without_zeros(at: Gate) -> Code | None:
    if at.check is not Check.SIGNATURE or at.request is None:
        return at.code
    given = text_of(child(at.request, "signature"))
    if not given:
        return at.code
    seen = deepcopy(at.request)
    for node in list(seen.iter()):
        above = node.getparent()
        if above is not None and text_of(node) == "0":
            above.remove(node)
    return None if given in signatures(seen, at.store.access.private_key) else Code.WRONG_SIGNATURE


def _note_session(at: Answer) -> Element:
    sid = text_of(child(at.root, "sid"))
    if at.function == "auth.login" and sid:
        at.store.notes["session"] = sid
    return at.root


def _by_latest_session(at: Merge) -> Task:
    sid = text_of(child(at.call.request, "sid"))
    return at.before if sid and at.call.store.notes.get("session", sid) != sid else at.after


OF_DOORS: Final = (
    Fault(
        name="api-key-case-ignored",
        family=FaultFamily.ANSWERS_WRONGLY,
        stands_for="Keys are compared by a collation that knows no difference of case.",
        reported="https://github.com/ashirt-ops/ashirt-server/pull/7",
        gate=_key_in_any_case,
    ),
    Fault(
        name="session-case-ignored",
        family=FaultFamily.ANSWERS_WRONGLY,
        stands_for="Sessions are looked up in a column that knows no difference of case.",
        reported="https://github.com/dsquier/oauth2-server-php-mysql/issues/12",
        gate=_sid_in_any_case,
    ),
    Fault(
        name="signature-compared-as-far-as-given",
        family=FaultFamily.ANSWERS_WRONGLY,
        stands_for="The comparison is as long as what was given: any beginning of the right value passes.",
        reported="https://github.com/tinyproxy/tinyproxy/issues/160",
        gate=_begins_rightly,
    ),
    Fault(
        name="signature-overlooks-zeros",
        family=FaultFamily.ANSWERS_WRONGLY,
        stands_for="A parameter that is zero counts as empty, and is left out of what is signed.",
        reported="https://github.com/jrconlin/oauthsimple/pull/10",
        gate=_right_without_zeros,
    ),
    Fault(
        name="older-session-stores-nothing",
        family=FaultFamily.LOSES,
        stands_for="A second log-in takes the first one's place, and what the first sends goes nowhere.",
        reported="https://github.com/ohmage/server/issues/58",
        answered=_note_session,
        merged=_by_latest_session,
    ),
)
