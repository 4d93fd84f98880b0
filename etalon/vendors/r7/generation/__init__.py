"""Requests for r7."""
