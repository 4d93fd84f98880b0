"""Resources: what an API lets a client write and read back, bound from its spec. Pure data, no I/O."""
