"""Etalon: conformance verdicts for task portals that are documented only in prose."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("etalon")
except PackageNotFoundError:  # a checkout that was never installed
    __version__ = "0+unknown"

__all__ = ["__version__"]
