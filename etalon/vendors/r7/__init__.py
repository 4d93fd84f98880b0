"""R7-Office CRM tasks: all that is this vendor's."""
