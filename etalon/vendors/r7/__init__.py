"""The client side of R7-Office CRM tasks."""
