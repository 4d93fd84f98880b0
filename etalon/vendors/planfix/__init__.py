"""The client side of the PlanFix XML API."""
