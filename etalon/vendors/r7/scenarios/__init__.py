"""Scenarios against r7."""
