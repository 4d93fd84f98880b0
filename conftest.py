"""Wires pytest to the engine: `pytest suites --etalon-target NAME` does what `etalon run NAME` does."""

pytest_plugins = ("etalon.plugin",)
