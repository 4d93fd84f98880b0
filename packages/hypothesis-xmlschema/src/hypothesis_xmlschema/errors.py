"""What can go wrong between a schema and its documents."""

from __future__ import annotations

from elementpath import ElementPathError

BEYOND_THE_VALIDATOR = (ElementPathError, ValueError, TypeError, KeyError, ArithmeticError)
"""What xmlschema raises of its own where it cannot judge a text or an element; then neither can we."""


class UnsupportedSchemaError(ValueError):
    """The schema uses something that this generator cannot draw.

    Raised while the schema is compiled, never while a document is drawn.

    Attributes:
        component: The schema component, as a person finds it: ``element task/id``, ``type xs:QName``.
        reason: What about it is not supported.
    """

    def __init__(self, component: str, reason: str) -> None:
        super().__init__(f"{component}: {reason}")
        self.component = component
        self.reason = reason


class PatternError(ValueError):
    """A pattern that cannot be read, or whose automaton cannot be built."""


class ControlError(ValueError):
    """The caller's paths ask for documents that the schema does not have."""


class OverrideError(ValueError):
    """An overriding strategy drew a text that the schema or XML itself does not allow at its path.

    Filtering such texts away would hide that the override does not say what its author thinks.
    """

    def __init__(self, path: str, text: str, reason: str) -> None:
        super().__init__(f"the override for {path} drew {text!r}: {reason}")
        self.path = path
        self.text = text


class NothingFoundError(Exception):
    """No text that satisfies its type was found within the budget; the document is given up."""
