"""The PlanFix XML API: all that is this vendor's."""
