"""When a request is answered in XML."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from etalon.vendors.r7.mock.inbound import Inbound

_XML_SUFFIXES = {"xml", "tml"}
_XML_TYPES = {"text/xml", "application/xml"}


def xml_by_suffix(inbound: Inbound) -> bool:
    """CommunityServer's way: the suffix alone, and never for a request that is itself JSON."""
    return inbound.route.suffix in _XML_SUFFIXES and inbound.media_type != "application/json"


def xml_by_suffix_or_accept(inbound: Inbound) -> bool:
    """The page's way, whose sample answers stand under `application/json` and `text/xml`.

    A suffix decides; without one, XML must be asked for by name, and more strongly than anything else.
    """
    if inbound.route.suffix:
        return inbound.route.suffix in _XML_SUFFIXES
    wanted = _qualities(inbound.headers.get("accept", ""))
    xml = max((quality for media, quality in wanted if media in _XML_TYPES), default=0.0)
    others = max((quality for media, quality in wanted if media not in _XML_TYPES), default=0.0)
    return xml > others


def _qualities(accept: str) -> list[tuple[str, float]]:
    """Split an `Accept` header into media ranges and their weights (RFC 9110, section 12.5.1)."""
    ranges = []
    for part in accept.split(","):
        media, *parameters = (piece.strip().lower() for piece in part.split(";"))
        weight = next((text[2:] for text in parameters if text.startswith("q=")), "1")
        try:
            quality = float(weight)
        except ValueError:
            quality = 0.0
        if media:
            ranges.append((media, quality))
    return ranges
