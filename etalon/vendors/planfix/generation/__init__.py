"""Requests for planfix."""
