"""Scenarios against planfix."""
