"""What is laid over a derived spec: a few lines that no page carries, each with its reason.

An OpenAPI document takes an overlay in the format of the OpenAPI Overlay Specification 1.0, schemas one in
the format of RFC 5261 (XML patch). Either way a line without a reason is refused, and so is one that finds
nothing to work on: it would be a claim about a page that has moved on.
"""

from __future__ import annotations

from etalon.derivation.overlays.lines import OverlayError, Stale
from etalon.derivation.overlays.openapi import overlaid_document
from etalon.derivation.overlays.xsd import overlaid_schemas

__all__ = ["OverlayError", "Stale", "overlaid_document", "overlaid_schemas"]
