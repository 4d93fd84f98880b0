"""Ids that no portal has given to anything, for checks of what a portal does with them.

Apart from what draws examples, since the clients need them, too, and are not to load Hypothesis for that.
"""

from __future__ import annotations

UNKNOWN_ID = 2_147_000_000
"""An id beyond what any portal has counted to, and within 32 bits."""
UNKNOWN_PERSON = "0f0e0d0c-0b0a-4908-8706-050403020100"
"""A GUID that no portal has given to anyone."""
