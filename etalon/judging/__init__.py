"""Exchanges → findings. Pure functions, no I/O: one law judges live, mocked and recorded traffic."""
