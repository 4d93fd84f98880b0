"""The pytest plugin: gives checks their target and their requirement, and gathers the verdicts.

A check is a pytest function with the marker `requirement("API-…")`; its id may name parameters of the
function, as in `requirement("API-UPDATE-STORES-{member}")`. It runs once per target of its portal's kind.
"""

pytest_plugins = (
    "etalon.plugin.options",
    "etalon.plugin.beginning",
    "etalon.plugin.collecting",
    "etalon.plugin.fixtures",
    "etalon.plugin.outcomes",
    "etalon.plugin.finishing",
)
