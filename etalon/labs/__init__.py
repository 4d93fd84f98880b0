"""Portals under judgement: where generated traffic is sent and becomes evidence."""
