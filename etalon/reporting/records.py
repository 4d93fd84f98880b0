"""The parts of a results file: findings with their evidence, coverage, what was spent.

What the schema asks for beyond the kinds of values (`minLength`, `pattern`) is for writers to respect.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Literal

from msgspec import Meta, Struct

from etalon.messages import Message

if TYPE_CHECKING:
    from etalon.messages import Parameter

Name = Annotated[str, Meta(extra_json_schema={"minLength": 1})]
Count = Annotated[int, Meta(extra_json_schema={"minimum": 0})]
Seconds = Annotated[float, Meta(extra_json_schema={"minimum": 0})]


class MessageRecord(Struct, frozen=True):
    """Words of Etalon's as data: what they are made of, in any language."""

    kind: Name
    params: Annotated[
        dict[str, str | int | MessageRecord | tuple[str | int | MessageRecord, ...]],
        Meta(description="Name to a text, a count, further words of Etalon's, or a list of these."),
    ] = {}

    @classmethod
    def of(cls, message: Message) -> MessageRecord:
        """The record of a message."""
        return cls(message.key, {name: _recorded(value) for name, value in message.parameters})

    @property
    def message(self) -> Message:
        """The message, which the catalogue may know or not."""
        return Message(self.kind, **{name: _told(value) for name, value in self.params.items()})


class ExchangeRecord(Struct, frozen=True):
    """An exchange as it may be shown: HTTP messages as text, without secrets."""

    request: str
    response: str


class StepRecord(Struct, frozen=True):
    """One step of a finding that takes several: what it does in words, and the `curl` line that does it."""

    says: str
    reproduce: str
    message: Annotated[MessageRecord | None, Meta(description="What `says` is made of.")] = None


class VariableRecord(Struct, frozen=True):
    """A place in a request: a secret, an id that an answer gave, the mark of whoever sends it."""

    variable: Name


Template = tuple[str | VariableRecord, ...]
"""A text with places in it."""


class ProofStepRecord(Struct, frozen=True, rename="kebab", kw_only=True):
    """A request of a proof, to be sent again."""

    operation: Annotated[str, Meta(description="In the vendor's terms.")]
    says: Annotated[str, Meta(description="What it does, in English.")] = ""
    method: Name
    url: Annotated[Template, Meta(description="What stands behind the portal's address.")]
    headers: tuple[tuple[str, Template], ...] = ()
    body: Template = ()
    binary: Annotated[bool, Meta(description="Whether the body's characters stand for bytes.")] = False
    signed: Annotated[
        Template, Meta(description="What MD5 makes its signature of, the key last; empty without one.")
    ] = ()
    signature: Annotated[str, Meta(description="The variable that stands for the signature.")] = ""
    makes: Annotated[
        str, Meta(description="The variable that its answer gives: the id of a task, or a session.")
    ] = ""
    makes_at: Annotated[str, Meta(description="Where its answer has that.")] = ""
    reads: Annotated[str, Meta(description="The variable of the task that it reads.")] = ""


class ClaimRecord(Struct, frozen=True, rename="kebab", kw_only=True):
    """Which answers of a proof show the finding, and how."""

    kind: Literal["differs", "unlike-sent", "shown-as", "answered", "looks"]
    step: Annotated[Count, Meta(description="Place of the answer that shows it, counted from 0.")]
    against: Annotated[Count, Meta(description="Place of what it is held against.")] = 0
    member: str = ""
    places: Annotated[tuple[str, ...], Meta(description="Where an answer has the member.")] = ()
    task: Annotated[str, Meta(description="The variable of the task that the answer is about.")] = ""
    status: Count = 0
    done: bool = False
    expected: Template = ()
    observed: Template = ()
    exact: Annotated[
        bool, Meta(description="Whether anything else than what was expected shows it, too.")
    ] = False


class ProofRecord(Struct, frozen=True, rename="kebab"):
    """How a finding was made again from nothing, on a task of its own."""

    shown: Annotated[
        Literal["again", "not-again", "not-tried"],
        Meta(description="Whether its steps showed it again; what does not is told as it was seen."),
    ] = "not-tried"
    explained_by: Annotated[
        str,
        Meta(description="The requirement whose proof shows this finding, too; empty where it has its own."),
    ] = ""
    steps: tuple[ProofStepRecord, ...] = ()
    claim: ClaimRecord | None = None
    log_in: Annotated[
        ProofStepRecord | None, Meta(description="What goes before the steps, where they need a session.")
    ] = None


class FindingRecord(Struct, frozen=True, kw_only=True, rename="kebab"):
    """What the portal did that it owed otherwise, as it may be shown."""

    kind: Annotated[str, Meta(description="What kind of finding it is.")] = ""
    params: Annotated[
        dict[str, str | int | MessageRecord | tuple[str | int | MessageRecord, ...]],
        Meta(description="What the sentence has in its places."),
    ] = {}
    summary: Annotated[
        str,
        Meta(description="Kind and parameters as a sentence in English.", extra_json_schema={"minLength": 1}),
    ]
    member: Annotated[
        str, Meta(description="The member that it is about; empty where it is about the whole answer.")
    ] = ""
    expected: Annotated[str, Meta(description="What was owed: a value, or words in English.")]
    expected_message: Annotated[
        MessageRecord | None, Meta(description="What the words are made of; null where it is a value.")
    ] = None
    observed: Annotated[str, Meta(description="What came, likewise.")]
    observed_message: MessageRecord | None = None
    exchanges: Annotated[
        tuple[ExchangeRecord, ...], Meta(description="The fewest exchanges that show it, in order.")
    ] = ()
    reproduce: Annotated[
        str,
        Meta(description="Shell lines that show it again; credentials stand as environment variables."),
    ] = ""
    steps: Annotated[
        tuple[StepRecord, ...], Meta(description="The same one by one, where it takes several.")
    ] = ()

    proof: Annotated[
        ProofRecord | None, Meta(description="How it was made again; null in files of former versions.")
    ] = None

    @property
    def message(self) -> MessageRecord | None:
        """Kind and parameters; None in files of the former format."""
        return MessageRecord(self.kind, self.params) if self.kind else None


class AllowedRecord(Struct, frozen=True):
    """The line of a baseline that accepts a deviation."""

    reason: Name
    link: Annotated[str, Meta(description="Where it is tracked; may be empty.")] = ""
    until: Annotated[
        str, Meta(description="ISO date of the last day on which it is accepted; empty without one.")
    ] = ""


class Spending(Struct, frozen=True):
    """What the checks of one theme cost; a theme pays for what it was the first to need."""

    theme: Name
    requests: Count
    seconds: Seconds


class ParameterCoverage(Struct, frozen=True):
    """With which kinds of value one documented parameter was sent, and how often; none where it never was."""

    name: Name
    kinds: Annotated[
        Mapping[str, int], Meta(extra_json_schema={"additionalProperties": {"type": "integer", "minimum": 1}})
    ]


class OperationCoverage(Struct, frozen=True):
    """With which kinds of value the documented parameters of an operation were sent, in the page's order."""

    operation: Annotated[str, Meta(description="In the vendor's terms.", extra_json_schema={"minLength": 1})]
    requests: Count
    parameters: tuple[ParameterCoverage, ...]


class SituationCoverage(Struct, frozen=True, rename="kebab"):
    """How far the plan of situations went: which values, states and forms were tried together."""

    rows: Annotated[int, Meta(description="Rows that were sent.", extra_json_schema={"minimum": 0})]
    covered: Annotated[Count, Meta(description="Pairs of situations that these rows had together.")]
    pairs: Annotated[Count, Meta(description="Pairs of situations that there are.")]
    left_out: Annotated[
        tuple[str, ...], Meta(description="Situations that no row had at all, as `factor: level`.")
    ] = ()


def _recorded(value: Parameter) -> str | int | MessageRecord | tuple[str | int | MessageRecord, ...]:
    match value:
        case Message():
            return MessageRecord.of(value)
        case tuple():
            return tuple(
                MessageRecord.of(one) if isinstance(one, Message) else one
                for one in value
                if not isinstance(one, tuple)
            )
        case _:
            return value


def _told(value: str | int | MessageRecord | tuple[str | int | MessageRecord, ...]) -> Parameter:
    match value:
        case MessageRecord():
            return value.message
        case tuple():
            return tuple(one.message if isinstance(one, MessageRecord) else one for one in value)
        case _:
            return value
