"""The commands of `etalon`, a module each: its arguments, and what it does with them.

A command imports what it works with when it runs, so that `--help` does not wait for pytest, for schemas and
for servers.
"""
