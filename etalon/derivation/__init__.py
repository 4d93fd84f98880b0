"""A docs page → a spec. Knows the two page formats, nothing of HTTP."""
