"""Runs to report on, small and hostile."""

from __future__ import annotations

from itertools import cycle, islice

from etalon.judging.verdicts import Verdict
from etalon.messages import Message
from etalon.reporting.records import (
    AllowedRecord,
    ExchangeRecord,
    FindingRecord,
    MessageRecord,
    OperationCoverage,
    ParameterCoverage,
    Spending,
    StepRecord,
)
from etalon.reporting.results import RequirementResult, RunResult, TargetResult

THEMES = {
    "create": {"en": "Creating a task", "ru": "Создание задачи"},
    "update": {"en": "Updating a task: what is sent changes", "ru": "Изменение задачи: присланное меняется"},
    "keeps": {"en": "Updating a task: the rest is kept", "ru": "Изменение задачи: остальное сохраняется"},
    "errors": {"en": "Refused requests", "ru": "Отклонённые запросы"},
}
PAGE = "https://api.r7-office.ru/portals/method/crm/task/put"
CURL = """curl -sS -X PUT 'https://portal.example/api/2.0/crm/task/501.json' \\
  -H "Authorization: $R7_TOKEN" -H 'Content-Type: application/json' \\
  -d '{"title": "Ёжик й", "categoryId": 31, "deadline": "2008-04-10T06-30-00.000Z"}'"""

CLEARED = Message("unsent-member-treated", member="description", does=Message("does-clear"))
NO_CONTACT = Message("no-id-known", member="contact", target="office", kind="contacts", lacking="contacts")

HOSTILE = (
    "<script>document.title='owned'</script>",
    "</script></style></title><img src=x onerror=\"document.title='owned'\">",
    "javascript:document.title='owned'",
    "\u202egnp.exe\u202c \u2066אבג\u2069 שלום עולם",
    "{{ 7 * 7 }} {% raw %} [red]markup[/red] \x1b[31mred\x1b[0m \x00\ud800",
    "x" * 5_000,
)


def exchange(title: str = "Ёжик") -> ExchangeRecord:
    return ExchangeRecord(
        request=(
            "PUT https://portal.example/api/2.0/crm/task/501.json\nAuthorization: $R7_TOKEN\n"
            f'Content-Type: application/json\n\n{{"title": "{title}", "categoryId": 31}}'
        ),
        response=(
            "200 OK\nContent-Type: application/json; charset=utf-8\n\n"
            f'{{"count": 1, "response": {{"id": 501, "title": "{title}", "description": ""}}, "status": 0}}'
        ),
    )


def finding(
    summary: str | Message = CLEARED,
    expected: str = "Заметка: «шьёт й ежик»  — конец",
    observed: str = "Заметка: «шьёт й ежик» — конец",
    **parts: object,
) -> FindingRecord:
    values: dict[str, object] = {"member": "description", "exchanges": (exchange(),), "reproduce": CURL}
    if isinstance(summary, Message):
        told = MessageRecord.of(summary)
        values |= {"kind": told.kind, "params": told.params}
    values |= {"summary": str(summary), "expected": expected, "observed": observed}
    return FindingRecord(**(values | parts))  # type: ignore[arg-type]  # any part


def requirement(
    requirement_id: str = "R7-UPDATE-KEEPS-DESCRIPTION",
    verdict: Verdict = Verdict.CONFORMS,
    **parts: object,
) -> RequirementResult:
    values: dict[str, object] = {
        "theme": "keeps",
        "level": "should",
        "statement": {
            "en": "An update that does not send the description leaves it as it was.",
            "ru": "Изменение, в котором нет описания, оставляет описание прежним.",
        },
        "source": {"page": "r7-crm-task-update", "row": "description, optional", "url": PAGE},
        "checked": 0 if verdict in UNCHECKED else 4,
    }
    if verdict is Verdict.DEVIATES:
        values["findings"] = (finding(),)
    if verdict in {Verdict.NOT_TESTABLE, Verdict.NOT_APPLICABLE, Verdict.INCONCLUSIVE}:
        values |= {"reason": str(NO_CONTACT), "reason_message": MessageRecord.of(NO_CONTACT)}
    if verdict is Verdict.OBSERVED:
        values |= {"behaviour": "merge", "level": "silent"}
    return RequirementResult(id=requirement_id, verdict=verdict, **(values | parts))  # type: ignore[arg-type]  # any part


UNCHECKED = frozenset({Verdict.NOT_TESTABLE, Verdict.NOT_APPLICABLE, Verdict.INCONCLUSIVE, Verdict.PLANNED})


def target(name: str = "office", *requirements: RequirementResult, **parts: object) -> TargetResult:
    values: dict[str, object] = {
        "kind": "r7",
        "dialect": "documented",
        "url": "https://portal.example",
        "requests": 213,
        "seconds": 12.345,
        "themes": THEMES,
    }
    return TargetResult(name=name, requirements=requirements, **(values | parts))  # type: ignore[arg-type]  # any part


def run(*targets: TargetResult, **parts: object) -> RunResult:
    values: dict[str, object] = {
        "etalon": "0.1.0",
        "profile": "standard",
        "seed": 1,
        "started": "2026-11-21T02:00:00Z",
        "finished": "2026-11-21T02:00:41.500000Z",
        "complete": True,
        "command": "etalon run office --profile standard --seed 1",
    }
    return RunResult(targets=targets, **(values | parts))  # type: ignore[arg-type]  # any part


def one_of_each(name: str = "office") -> TargetResult:
    return target(
        name,
        *(
            requirement(f"R7-CASE-{verdict.name.replace('_', '-')}", verdict, theme=theme)
            for verdict, theme in zip(Verdict, cycle(THEMES), strict=False)
        ),
    )


def healthy() -> RunResult:
    rows = (
        requirement(f"R7-ROW-{number:03}", Verdict.CONFORMS, theme=theme)
        for number, theme in enumerate(islice(cycle(THEMES), 40))
    )
    planned = requirement("R7-LATER", Verdict.PLANNED, theme="errors")
    seen = requirement("R7-UPDATE-PARTIAL", Verdict.OBSERVED)
    return run(target("office", *rows, seen, planned), command="etalon run")


def hostile() -> RunResult:
    rows = [
        requirement(
            f"R7-HOSTILE-{number}",
            Verdict.DEVIATES,
            findings=(
                finding(
                    text,
                    text,
                    text[::-1],
                    member=text,
                    exchanges=(exchange(text),),
                    reproduce=text,
                    steps=(StepRecord(text, text),),
                ),
            ),
            behaviours=HOSTILE,
            allowed=AllowedRecord(text, text, text) if number % 2 else None,
            source={"page": text, "row": text, "url": text},
            statement={"en": text, "ru": text},
            behaviour=text,
            expected=text,
            theme=text,
        )
        for number, text in enumerate(HOSTILE)
    ]
    refused = [
        requirement(f"R7-REFUSED-{number}", Verdict.INCONCLUSIVE, reason=text)
        for number, text in enumerate(HOSTILE)
    ]
    return run(
        target(
            "office",
            *rows,
            *refused,
            url=HOSTILE[0],
            notes=HOSTILE,
            left_behind=HOSTILE,
            themes={},
            dialect=HOSTILE[1],
            spending=tuple(Spending(text, 7, 1.5) for text in HOSTILE),
            coverage=tuple(
                OperationCoverage(text, 7, (ParameterCoverage(text, {text: 7}),)) for text in HOSTILE
            ),
        ),
        command=HOSTILE[1],
        baseline=HOSTILE[0],
        stale=HOSTILE,
    )


def crowded(findings: int = 100, requirements: int = 300) -> RunResult:
    long = "Пример очень длинного текста, 𝄞 и  пробелы\t" * 110
    verdicts = cycle([Verdict.CONFORMS] * 8 + [Verdict.OBSERVED, Verdict.NOT_TESTABLE, Verdict.PLANNED])
    rows = [
        requirement(
            f"R7-DEVIATING-{number:03}",
            Verdict.DEVIATES,
            theme=theme,
            level=level,
            findings=(
                finding(expected=long, observed=long[:-40], exchanges=(exchange(long), exchange(long))),
            ),
        )
        for number, theme, level in zip(
            range(findings), cycle(THEMES), cycle(["must", "must", "should"]), strict=False
        )
    ]
    rows += [
        requirement(f"R7-ROW-{number:03}", verdict, theme=theme)
        for number, verdict, theme in zip(
            range(requirements - findings), verdicts, cycle(THEMES), strict=False
        )
    ]
    half = len(rows) // 2
    return run(target("office", *rows[:half]), target("tracker", *rows[half:], kind="planfix"))
