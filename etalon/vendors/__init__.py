"""The vendors whose portals Etalon judges, a folder each."""
