"""What Etalon says as data: a message is a key and its parameters, the catalogue makes sentences of it.

Whoever finds something out says which message it is; nobody but the catalogue knows how that reads. What is
the same is told by key and parameters, and sentences are never compared.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Union

if TYPE_CHECKING:
    from collections.abc import Callable

Parameter = Union[str, int, "Message", tuple["Parameter", ...]]
"""A text of somebody else's, a count, words of Etalon's own, or a list of these."""


@dataclass(frozen=True, slots=True, init=False)
class Message:
    """Words of Etalon's: `Message("no-such-key", where="etalon.toml")`.

    Attributes:
        key: names the message in the catalogue, and in results files as the kind of a finding.
        parameters: name → value, in the order of the names.
    """

    key: str
    parameters: tuple[tuple[str, Parameter], ...]

    def __init__(self, key: str, /, **parameters: Parameter) -> None:
        object.__setattr__(self, "key", key)
        object.__setattr__(self, "parameters", tuple(sorted(parameters.items())))

    def __str__(self) -> str:
        """The sentence in English, as exceptions and results files show it."""
        # The catalogue reads its files when the first sentence is said, and most commands say none.
        from etalon.messages.catalogue import UnsayableError, said  # noqa: PLC0415

        try:
            return said(self, "en")
        except UnsayableError:  # a sentence that cannot be made must not hide what it was to tell
            return " ".join([self.key, *(f"{name}={value}" for name, value in self.parameters)])

    def cleaned(self, clean: Callable[[str], str]) -> Message:
        """The message with every text in it passed through a function, as one that takes secrets out."""
        return Message(self.key, **{name: _cleaned(value, clean) for name, value in self.parameters})


Words = str | Message
"""What a portal or a person has written, as plain text, or words of Etalon's own."""


def cleaned(words: Words, clean: Callable[[str], str]) -> Words:
    """Words with every text in them passed through a function."""
    return words.cleaned(clean) if isinstance(words, Message) else clean(words)


def _cleaned(value: Parameter, clean: Callable[[str], str]) -> Parameter:
    match value:
        case Message():
            return value.cleaned(clean)
        case tuple():
            return tuple(_cleaned(one, clean) for one in value)
        case str():
            return clean(value)
        case _:
            return value
