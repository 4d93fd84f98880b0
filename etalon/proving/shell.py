"""A proof as a shell script: numbered steps that capture ids and sessions, and end with what they show.

It needs bash, curl, md5sum and Python 3, reads the portal's address from `$ETALON_URL` and secrets from the
environment, and exits 1 where the defect shows, 0 where it does not, 2 where it cannot be tried.
"""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from etalon.judging import reader
from etalon.portals.curl import in_a_comment
from etalon.proving.recording import MARK
from etalon.reporting.records import VariableRecord

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from etalon.reporting.records import ClaimRecord, FindingRecord, ProofRecord, ProofStepRecord, Template


def shell_script(row: str, finding: FindingRecord) -> str:
    """The script of a finding's proof.

    Args:
        row: the requirement that it breaks.
        finding: with a proof.

    Raises:
        ValueError: the finding was not made again.
    """
    proof = finding.proof
    if proof is None or proof.claim is None or not proof.steps:
        raise ValueError(f"{row} has no proof")
    made = {step.makes for step in (*proof.steps, *([proof.log_in] if proof.log_in else [])) if step.makes}
    needed = sorted(_variables(proof) - made - {MARK})
    lines = [
        "#!/usr/bin/env bash",
        f"# {row}: {in_a_comment(finding.summary)}",
        "# Exits 1 where this shows, 0 where it does not, 2 where it cannot be tried.",
        "set -u",
        ': "${ETALON_URL:?the address of the portal}"',
        *(f': "${{{name}:?see the environment variables of the report}}"' for name in needed),
        "base=${ETALON_URL%/}",
        "folder=$(mktemp -d) && trap 'rm -rf \"$folder\"' EXIT",
        "MARK=$(printf 'e%07x' \"$((RANDOM * RANDOM % 268435456))\")",
        _READER,
        'say() { printf \'%s. %s\\n\' "$1" "$2"; }',
        "stop() { printf 'cannot be tried: %s\\n' \"$1\"; exit 2; }",
        'at() { local answer=$1; shift; python3 "$folder/reader.py" at "$folder/$answer" "$@"; }',
        'look() { python3 "$folder/reader.py" looks "$folder/$1" "$2" "$3"; }',
    ]
    if proof.log_in is not None:
        lines += [*_sent(proof.log_in, 0), _given(proof.log_in)]
    for number, step in enumerate(proof.steps, start=1):
        lines += [
            f"say {number} {shlex.quote(in_a_comment(step.says or step.operation))}",
            *_sent(step, number),
        ]
        if step.makes and number < len(proof.steps):
            lines.append(_given(step))
        if step.reads and not _reads_before(proof, number, step.reads):
            lines += [
                f'grep -q "$MARK" "$folder/{number}" || stop "the task does not show the mark of this script"'
            ]
    return "\n".join([*lines, *_judged(proof.claim), ""])


def _sent(step: ProofStepRecord, number: int) -> list[str]:
    """The lines that send a request and keep its answer under its number."""
    lines: list[str] = []
    if step.signed:
        lines.append(f"{step.signature}=$(printf %b {_escaped(step.signed)} | md5sum | cut -d' ' -f1)")
    words = ["curl", "-gsS", "-X", step.method, "--url", f'"$base"{_quoted(step.url)}']
    for name, value in step.headers:
        if value[:1] == ("Basic ",) and len(value) > 1:
            words += ["-u", _quoted(value[1:])]
        else:
            words += ["-H", _quoted((f"{name}: ", *value))]
    words += ["-o", f'"$folder/{number}"', "-w", "'%{http_code} %{content_type}'"]
    if step.body:
        if not any(name.lower() == "content-type" for name, _ in step.headers):
            words += ["-H", "Content-Type:"]
        words = [f"printf %b {_escaped(step.body, binary=step.binary)}", "|", *words, "--data-binary", "@-"]
    lines.append(f'came_{number}=$({" ".join(words)}) || stop "no answer"')
    if step.makes:
        lines.append(f"{step.makes}=$(at {number} {step.makes_at})")
    return lines


def _given(step: ProofStepRecord) -> str:
    """The line that stops where an answer gave no id or session, which other steps need."""
    return f'[ -n "${step.makes}" ] || stop "{step.operation} gave no {step.makes_at}"'


def _judged(claim: ClaimRecord) -> list[str]:
    """The lines that tell whether the answers show the claim."""
    step, against = claim.step + 1, claim.against + 1
    places = " ".join(map(shlex.quote, claim.places))
    if claim.kind == "answered":
        return _ending(f'[ "${{came_{step}%% *}}" = {claim.status} ]', f"HTTP {claim.status}", claim)
    if claim.kind == "looks":
        task = f'"${{{claim.task}}}"' if claim.task else "''"
        return [
            f'now=$(look {step} "${{came_{step}#* }}" {task})',
            f"seen=$(printf %b {_escaped(claim.observed)})",
            *_ending('[ "$now" = "$seen" ]', "", claim),
        ]
    lines = [f"now=$(at {step} {places})"]
    read = {step, against} if claim.kind == "differs" else {step}
    if claim.member != "id":  # an answer without a task says nothing of its members
        lines += [f'[ -n "$(at {one} id)" ] || stop "answer {one} shows no task"' for one in sorted(read)]
    if claim.kind == "differs":
        lines.append(f"before=$(at {against} {places})")
        return [*lines, *_ending('[ "$now" != "$before" ]', "", claim)]
    if claim.exact:
        lines.append(f"before=$(printf %b {_escaped(claim.expected)})")
        return [*lines, *_ending('[ "$now" != "$before" ]', "", claim)]
    lines.append(f"wrong=$(printf %b {_escaped(claim.observed)})")
    return [*lines, *_ending('[ "$now" = "$wrong" ]', "", claim)]


def _ending(shows: str, what: str, claim: ClaimRecord) -> list[str]:
    told = shlex.quote(what or (claim.member or "the answer"))
    sides = f'"${{before-another value}}" "${{now-HTTP {claim.status}}}"'
    return [
        f"if {shows}; then",
        f"  printf 'shows: %s\\nexpected: %s\\nobserved: %s\\n' {told} {sides}",
        "  exit 1",
        "fi",
        "echo 'does not show'",
    ]


def _reads_before(proof: ProofRecord, number: int, task: str) -> bool:
    return any(step.reads == task for step in proof.steps[: number - 1])


def _variables(proof: ProofRecord) -> set[str]:
    steps = [*proof.steps, *([proof.log_in] if proof.log_in else [])]
    templates: list[Template] = []
    for step in steps:
        templates += [step.url, step.body, step.signed, *(value for _, value in step.headers)]
    named = {part.variable for one in templates for part in one if isinstance(part, VariableRecord)}
    return named - {step.signature for step in steps}


def _quoted(template: Template) -> str:
    """A template as words of a shell: its variables, and nothing else, are expanded."""
    return "".join(_pieces(template, shlex.quote)) or "''"


def _escaped(template: Template, *, binary: bool = False) -> str:
    """A template as `printf %b` reads it."""
    coding = "latin-1" if binary else "utf-8"

    def octal(text: str) -> str:
        plain = "".join(
            sign
            if sign != "\\" and sign.isprintable() and (sign.isascii() or not binary)
            else "".join(f"\\0{byte:03o}" for byte in sign.encode(coding, "replace"))
            for sign in text
        )
        return shlex.quote(plain)

    return "".join(_pieces(template, octal)) or "''"


def _pieces(template: Template, quote: Callable[[str], str]) -> Iterable[str]:
    for part in template:
        yield f'"${{{part.variable}}}"' if isinstance(part, VariableRecord) else quote(part)


_READER = (
    "cat > \"$folder/reader.py\" <<'PYTHON'\n" + Path(reader.__file__).read_text(encoding="utf-8") + "PYTHON"
)
