"""A spec → examples. Knows schemas, nothing of portals."""
