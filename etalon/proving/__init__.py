"""Proof that checks can fail: the suites against mocked portals, one fault at a time."""
