from __future__ import annotations

from hypothesis import settings

# A test that fails on one machine or on some days tells less than one that always fails.
settings.register_profile("hypothesis-xmlschema", deadline=None, derandomize=True)
settings.load_profile("hypothesis-xmlschema")
