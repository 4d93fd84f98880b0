"""The words of the reports, in English and Russian, as data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal, get_args

from etalon.judging.verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable

    from etalon.reporting.results import RunResult

Lang = Literal["en", "ru"]
LANGS: tuple[Lang, ...] = get_args(Lang)
Words = Mapping[str, str]

# The same sign in every medium, so that no verdict is told by colour alone.
SIGNS: Mapping[Verdict, str] = {
    Verdict.CONFORMS: "✓",
    Verdict.DEVIATES: "✗",
    Verdict.OBSERVED: "◎",
    Verdict.NOT_TESTABLE: "!",
    Verdict.INCONCLUSIVE: "?",
    Verdict.NOT_APPLICABLE: "–",
    Verdict.PLANNED: "○",
}

# Worst first, then what was settled, then what was left out: the order of every table and filter.
VERDICTS_IN_ORDER: tuple[Verdict, ...] = (
    Verdict.DEVIATES,
    Verdict.INCONCLUSIVE,
    Verdict.NOT_TESTABLE,
    Verdict.CONFORMS,
    Verdict.OBSERVED,
    Verdict.NOT_APPLICABLE,
    Verdict.PLANNED,
)

VERDICTS: Mapping[Verdict, Words] = {
    Verdict.CONFORMS: {"en": "conforms", "ru": "соблюдено"},
    Verdict.DEVIATES: {"en": "deviates", "ru": "нарушено"},
    Verdict.OBSERVED: {"en": "observed", "ru": "наблюдение"},
    Verdict.NOT_TESTABLE: {"en": "not testable", "ru": "нельзя проверить"},
    Verdict.INCONCLUSIVE: {"en": "inconclusive", "ru": "не ясно"},
    Verdict.NOT_APPLICABLE: {"en": "not applicable", "ru": "не применимо"},
    Verdict.PLANNED: {"en": "planned", "ru": "в планах"},
}

# What is said of a portal, or of a run, as a whole.
OVERALL: Mapping[Verdict, Words] = {
    Verdict.CONFORMS: {"en": "Conforms", "ru": "Соответствует"},
    Verdict.DEVIATES: {"en": "Deviates", "ru": "Отклоняется"},
    Verdict.NOT_TESTABLE: {"en": "Not testable", "ru": "Нельзя проверить"},
    Verdict.INCONCLUSIVE: {"en": "Inconclusive", "ru": "Не ясно"},
}

# One sentence by verdict: English for one and for many, Russian for one, few and many.
SENTENCES: Mapping[Verdict, Mapping[str, tuple[str, ...]]] = {
    Verdict.CONFORMS: {
        "en": ("{n} requirement is kept.", "{n} requirements are kept."),
        "ru": ("{n} требование соблюдено.", "{n} требования соблюдены.", "{n} требований соблюдено."),
    },
    Verdict.DEVIATES: {
        "en": ("{n} requirement is not kept.", "{n} requirements are not kept."),
        "ru": ("{n} требование нарушено.", "{n} требования нарушены.", "{n} требований нарушено."),
    },
    Verdict.OBSERVED: {
        "en": (
            "{n} behaviour that the documentation leaves open is recorded.",
            "{n} behaviours that the documentation leaves open are recorded.",
        ),
        "ru": (
            "Записано {n} поведение, о котором документация молчит.",
            "Записаны {n} поведения, о которых документация молчит.",
            "Записано {n} поведений, о которых документация молчит.",
        ),
    },
    Verdict.NOT_TESTABLE: {
        "en": (
            "{n} requirement could not be tested: something is missing that you can supply.",
            "{n} requirements could not be tested: something is missing that you can supply.",
        ),
        "ru": (
            "{n} требование нельзя проверить: не хватает того, что вы можете указать.",
            "{n} требования нельзя проверить: не хватает того, что вы можете указать.",
            "{n} требований нельзя проверить: не хватает того, что вы можете указать.",
        ),
    },
    Verdict.INCONCLUSIVE: {
        "en": ("{n} requirement could not be settled.", "{n} requirements could not be settled."),
        "ru": (
            "По {n} требованию вывода нет.",
            "По {n} требованиям вывода нет.",
            "По {n} требованиям вывода нет.",
        ),
    },
    Verdict.NOT_APPLICABLE: {
        "en": ("{n} does not apply to this portal.", "{n} do not apply to this portal."),
        "ru": (
            "{n} к этому порталу не применимо.",
            "{n} к этому порталу не применимы.",
            "{n} к этому порталу не применимо.",
        ),
    },
    Verdict.PLANNED: {
        "en": ("{n} is planned and was not checked.", "{n} are planned and were not checked."),
        "ru": (
            "{n} в планах и не проверялось.",
            "{n} в планах и не проверялись.",
            "{n} в планах и не проверялось.",
        ),
    },
}

LEVELS: Mapping[str, Words] = {
    "must": {"en": "must", "ru": "должно"},
    "should": {"en": "should", "ru": "следует"},
    "silent": {"en": "silent", "ru": "не сказано"},
}
LEVEL_MEANINGS: Mapping[str, Words] = {
    "must": {"en": "the page says it", "ru": "страница говорит об этом прямо"},
    "should": {"en": "the page implies it", "ru": "это следует из страницы"},
    "silent": {"en": "the page leaves it open", "ru": "страница об этом молчит"},
}

# Units with their plural forms, as in SENTENCES.
COUNTED: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "accepted": {
        "en": ("{n} deviation is accepted by the baseline.", "{n} deviations are accepted by the baseline."),
        "ru": (
            "{n} нарушение принято в базовой линии.",
            "{n} нарушения приняты в базовой линии.",
            "{n} нарушений принято в базовой линии.",
        ),
    },
    "check": {"en": ("{n} check", "{n} checks"), "ru": ("{n} проверка", "{n} проверки", "{n} проверок")},
    "request": {
        "en": ("{n} request", "{n} requests"),
        "ru": ("{n} запрос", "{n} запроса", "{n} запросов"),
    },
    "deviation": {
        "en": ("{n} deviation", "{n} deviations"),
        "ru": ("{n} нарушение", "{n} нарушения", "{n} нарушений"),
    },
    "requirement": {
        "en": ("{n} requirement", "{n} requirements"),
        "ru": ("{n} требование", "{n} требования", "{n} требований"),
    },
    "parameter": {
        "en": ("{n} parameter", "{n} parameters"),
        "ru": ("{n} параметр", "{n} параметра", "{n} параметров"),
    },
    "exchange": {"en": ("{n} exchange", "{n} exchanges"), "ru": ("{n} обмен", "{n} обмена", "{n} обменов")},
    "step": {"en": ("{n} step", "{n} steps"), "ru": ("{n} шаг", "{n} шага", "{n} шагов")},
    "character": {
        "en": ("{n} character", "{n} characters"),
        "ru": ("{n} символ", "{n} символа", "{n} символов"),
    },
    "left out": {
        "en": ("{n} character left out", "{n} characters left out"),
        "ru": ("пропущен {n} символ", "пропущено {n} символа", "пропущено {n} символов"),
    },
}

WORDS: Mapping[str, Words] = {
    "report of": {"en": "Conformance report", "ru": "Отчёт о соответствии"},
    "skip": {"en": "Skip to the results", "ru": "К результатам"},
    "language": {"en": "Language", "ru": "Язык"},
    "incomplete": {"en": "This run is not complete.", "ru": "Этот прогон не завершён."},
    "incomplete means": {
        "en": "It was cut off before its end. What is missing was not checked; nothing follows from that.",
        "ru": "Он оборвался до конца. Чего здесь нет, то не проверялось, и выводов из этого делать нельзя.",
    },
    "interrupted": {
        "en": "interrupted; removing what the run made (Ctrl-C again leaves it there)",
        "ru": "прервано; убираю созданное прогоном (ещё раз Ctrl-C — останется на портале)",
    },
    "mistake": {
        "en": "Etalon itself failed ({summary}); please report it, README says where (What a verdict means)",
        "ru": "сбой самого Etalon ({summary}); где о нём сообщить, сказано в README, «Что значит вердикт»",
    },
    "others in the config": {
        "en": "without a name, only the embedded portals are judged; etalon run {name} judges that of {file}",
        "ru": "без имени проверяются только встроенные порталы; портал из {file} проверяет etalon run {name}",
    },
    "no targets": {"en": "No portal was judged.", "ru": "Ни один портал не проверен."},
    "no requirements": {
        "en": "Nothing was checked, so nothing can be said.",
        "ru": "Ничего не проверено, поэтому и сказать нечего.",
    },
    "figures": {"en": "Figures of the run", "ru": "Цифры прогона"},
    "requirements": {"en": "Requirements", "ru": "Требования"},
    "requests": {"en": "Requests", "ru": "Запросы"},
    "time": {"en": "Time", "ru": "Время"},
    "seed": {"en": "Seed", "ru": "Зерно"},
    "profile": {"en": "Profile", "ru": "Профиль"},
    "version": {"en": "Etalon", "ru": "Etalon"},
    "started": {"en": "Started", "ru": "Начат"},
    "finished": {"en": "Finished", "ru": "Окончен"},
    "command": {"en": "Command", "ru": "Команда"},
    "portals": {"en": "Portals", "ru": "Порталы"},
    "portal": {"en": "Portal", "ru": "Портал"},
    "dialect": {"en": "dialect", "ru": "диалект"},
    "address": {"en": "Address", "ru": "Адрес"},
    "notes": {"en": "Notes on this run", "ru": "Замечания о прогоне"},
    "left behind": {"en": "Tasks left behind", "ru": "Оставшиеся задачи"},
    "left behind means": {
        "en": "The run made these tasks and could not remove them:",
        "ru": "Прогон создал эти задачи и не смог удалить:",
    },
    "what deviates": {"en": "What deviates", "ru": "Что нарушено"},
    "nothing deviates": {
        "en": "No deviation was found.",
        "ru": "Нарушений не найдено.",
    },
    "not judged": {"en": "What could not be judged", "ru": "Что не удалось проверить"},
    "matrix": {"en": "What an update does to each member", "ru": "Что изменение делает с каждым параметром"},
    "matrix means": {
        "en": "What becomes of a member that an update leaves out, or sends without a value.",
        "ru": "Что становится с параметром, которого нет в изменении или который отправлен без значения.",
    },
    "matrix alone": {
        "en": "Sent alone: what becomes of all the others.",
        "ru": "«Он один»: что становится со всеми остальными.",
    },
    "update member": {"en": "Member", "ru": "Параметр"},
    "update absent": {"en": "absent", "ru": "нет"},
    "update alone": {"en": "sent alone", "ru": "он один"},
    "update null": {"en": "null", "ru": "null"},
    "update zero": {"en": "0", "ru": "0"},
    "update empty": {"en": "empty", "ru": "пустой"},
    "not shown": {"en": "What this portal does not show", "ru": "Чего этот портал не показывает"},
    "not shown means": {
        "en": "The page's sample answer does not promise these members, and no answer had them. "
        "What becomes of them could not be judged, and counts neither for the portal nor against it:",
        "ru": "Пример ответа на странице не обещает этих параметров, и ни в одном ответе их не было. "
        "Что с ними становится, проверить нельзя; это не в пользу портала и не против него:",
    },
    "fingerprint": {"en": "How this portal behaves", "ru": "Как ведёт себя этот портал"},
    "fingerprint means": {
        "en": "Where several behaviours are possible, this is the one that was observed. "
        "Portals that behave alike have the same fingerprint:",
        "ru": "Там, где возможно разное поведение, портал повёл себя так. "
        "У порталов с одинаковым поведением одинаковый отпечаток:",
    },
    "instead of": {"en": "not", "ru": "другие варианты:"},
    "accepted": {"en": "What the baseline accepts", "ru": "Что принято в базовой линии"},
    "accepted means": {
        "en": "These deviations are known and accepted for now; they do not fail the run.",
        "ru": "Эти нарушения известны и пока приняты; прогон из-за них не считается неудачным.",
    },
    "accepted badge": {"en": "accepted", "ru": "принято"},
    "accepted because": {"en": "Accepted because", "ru": "Принято, потому что"},
    "until": {"en": "Until", "ru": "До"},
    "link": {"en": "Tracked at", "ru": "Ведётся в"},
    "baseline": {"en": "Baseline", "ru": "Базовая линия"},
    "stale": {
        "en": "The baseline no longer holds; this alone fails the run:",
        "ru": "Базовая линия устарела, уже одно это делает прогон неудачным:",
    },
    "variables": {
        "en": "The lines that show a finding again take these from the shell; set them first:",
        "ru": "Строки, которые повторяют найденное, берут это из оболочки; задайте сначала:",
    },
    "spending": {"en": "Requests and time by theme", "ru": "Запросы и время по темам"},
    "spending means": {
        "en": "Checks share what was sent once; it counts for the theme that needed it first.",
        "ru": "Отправленное однажды служит многим проверкам; учтено за темой, которой понадобилось раньше.",
    },
    "no theme": {"en": "Logging in, cleaning up", "ru": "Вход, уборка за собой"},
    "coverage": {"en": "What was sent of the spec", "ru": "Что из спецификации отправляли"},
    "coverage means": {
        "en": "Each documented parameter: the kinds of value it was sent with, and in how many requests.",
        "ru": "Каждый описанный параметр: какого рода значения отправляли и во скольких запросах.",
    },
    "parameter": {"en": "Parameter", "ru": "Параметр"},
    "kinds": {"en": "Sent as", "ru": "Отправляли как"},
    "never sent": {"en": "never sent", "ru": "не отправляли ни разу"},
    "all requirements": {"en": "All requirements", "ru": "Все требования"},
    "id": {"en": "Id", "ru": "Код"},
    "theme": {"en": "Theme", "ru": "Тема"},
    "level": {"en": "Level", "ru": "Уровень"},
    "verdict": {"en": "Verdict", "ru": "Вердикт"},
    "statement": {"en": "Statement", "ru": "Требование"},
    "source": {"en": "Source", "ru": "Источник"},
    "reason": {"en": "Reason", "ru": "Причина"},
    "behaviour": {"en": "Behaviour", "ru": "Поведение"},
    "behaviours": {"en": "Behaviours", "ru": "Варианты поведения"},
    "expected behaviour": {"en": "Expected", "ru": "Ожидается"},
    "checked": {"en": "Checked", "ru": "Проверено"},
    "member": {"en": "Member", "ru": "Поле"},
    "expected": {"en": "Expected", "ru": "Ожидалось"},
    "observed": {"en": "Observed", "ru": "Получено"},
    "remaining": {"en": "left:", "ru": "осталось:"},
    "nothing": {"en": "nothing", "ru": "ничего"},
    "differs by": {"en": "Code points that differ", "ru": "Различаются символы"},
    "exchanges": {"en": "Exchanges", "ru": "Обмены"},
    "request": {"en": "Request", "ru": "Запрос"},
    "response": {"en": "Response", "ru": "Ответ"},
    "reproduce": {"en": "Reproduce", "ru": "Повторить"},
    "copy": {"en": "Copy", "ru": "Скопировать"},
    "copy all": {"en": "Copy all", "ru": "Скопировать все"},
    "copied": {"en": "Copied", "ru": "Скопировано"},
    "selected": {"en": "Selected: press Ctrl+C", "ru": "Выделено: нажмите Ctrl+C"},
    "evidence above": {"en": "evidence above", "ru": "доказательства выше"},
    "filter": {"en": "Filter", "ru": "Фильтр"},
    "search": {"en": "Search", "ru": "Поиск"},
    "all themes": {"en": "All themes", "ru": "Все темы"},
    "shown": {"en": "shown", "ru": "показано"},
    "of": {"en": "of", "ru": "из"},
    "clear": {"en": "Clear", "ru": "Сбросить"},
    "open all": {"en": "Open all", "ru": "Раскрыть все"},
    "close all": {"en": "Close all", "ru": "Свернуть все"},
    "nothing matches": {
        "en": "No requirement matches the filter.",
        "ru": "Под фильтр не подходит ни одно требование.",
    },
    "legend": {"en": "How to read the verdicts", "ru": "Как читать вердикты"},
    "total": {"en": "Total", "ru": "Всего"},
    "compared": {"en": "Compared runs", "ru": "Сравнение прогонов"},
    "old": {"en": "Before", "ru": "Было"},
    "new": {"en": "Now", "ru": "Стало"},
    "cost": {"en": "Requests and time", "ru": "Запросы и время"},
    "more": {"en": "and more", "ru": "и ещё"},
    "no changes": {"en": "Nothing changed.", "ru": "Ничего не изменилось."},
    "not compared": {
        "en": "No portal is in both runs, so nothing was compared.",
        "ru": "Ни одного портала нет в обоих прогонах, поэтому сравнивать нечего.",
    },
    "runs differ": {
        "en": "The runs themselves differ, so part of the changes may come from that:",
        "ru": "Сами прогоны различаются, часть изменений может быть из-за этого:",
    },
    "only old": {"en": "only in the old run", "ru": "только в старом прогоне"},
    "only new": {"en": "only in the new run", "ru": "только в новом прогоне"},
    "kind": {"en": "Kind", "ru": "Вид"},
    "complete": {"en": "Complete", "ru": "Завершён"},
    "yes": {"en": "yes", "ru": "да"},
    "no": {"en": "no", "ru": "нет"},
}

# What the shell lines of a finding leave to be filled in, beside the secrets, which the config calls so, too.
VARIABLES: Mapping[str, Words] = {
    "TASK_ID": {"en": "the id that the creation answers", "ru": "идентификатор из ответа на создание"},
    "PLANFIX_SID": {"en": "the session that auth.login answers", "ru": "сессия из ответа на auth.login"},
    "PLANFIX_SIGNATURE": {
        "en": "the signature of the request, made with the private key",
        "ru": "подпись запроса, сделанная закрытым ключом",
    },
}

VERDICT_MEANINGS: Mapping[Verdict, Words] = {
    Verdict.CONFORMS: {
        "en": "checked, and the portal does what it owes",
        "ru": "проверено, портал делает то, что должен",
    },
    Verdict.DEVIATES: {
        "en": "checked, and the portal does something else",
        "ru": "проверено, портал делает не то, что должен",
    },
    Verdict.OBSERVED: {
        "en": "the page leaves it open; the behaviour is recorded, not judged",
        "ru": "страница об этом молчит; поведение записано, но не оценивается",
    },
    Verdict.NOT_TESTABLE: {
        "en": "not checked: an id or a credential is missing that you can supply",
        "ru": "не проверено: не хватает идентификатора или доступа, который вы можете указать",
    },
    Verdict.INCONCLUSIVE: {
        "en": "not settled: the portal could not be reached, throttled or broke off",
        "ru": "не решено: портал был недоступен, ограничил запросы или оборвал связь",
    },
    Verdict.NOT_APPLICABLE: {
        "en": "not checked: this portal is declared to lack it, or does not show it",
        "ru": "не проверяется: у портала этого нет или он этого не показывает",
    },
    Verdict.PLANNED: {
        "en": "not checked yet: the requirement is written down, its check is to come",
        "ru": "ещё не проверяется: требование записано, проверка появится позже",
    },
}

# The kinds of value of `judging.coverage`.
VALUE_KINDS: Mapping[str, Words] = {
    "absent": {"en": "left out", "ru": "без него"},
    "null": {"en": "null", "ru": "null"},
    "true": {"en": "true", "ru": "true"},
    "false": {"en": "false", "ru": "false"},
    "zero": {"en": "zero", "ru": "ноль"},
    "positive": {"en": "positive number", "ru": "положительное число"},
    "negative": {"en": "negative number", "ru": "отрицательное число"},
    "fraction": {"en": "fraction", "ru": "дробное число"},
    "at-32-bits": {"en": "at the edge of 32 bits", "ru": "на границе 32 бит"},
    "list": {"en": "list", "ru": "список"},
    "object": {"en": "object", "ru": "объект"},
    "empty": {"en": "empty", "ru": "пустое"},
    "guid": {"en": "GUID", "ru": "GUID"},
    "date": {"en": "date", "ru": "дата"},
    "date-time": {"en": "date and time", "ru": "дата и время"},
    "ascii": {"en": "plain ASCII", "ru": "простой ASCII"},
    "cyrillic": {"en": "Cyrillic", "ru": "кириллица"},
    "other-letters": {"en": "other scripts", "ru": "другие письменности"},
    "beyond-bmp": {"en": "emoji and the like", "ru": "эмодзи и подобное"},
    "markup": {"en": "markup characters", "ru": "знаки разметки"},
    "quotes": {"en": "quotes, backslashes", "ru": "кавычки, обратные косые"},
    "line-breaks": {"en": "line breaks", "ru": "переводы строк"},
    "spaces": {"en": "outer or double spaces", "ru": "пробелы по краям или двойные"},
    "invisible": {"en": "invisible characters", "ru": "невидимые символы"},
    "long": {"en": "255 characters or more", "ru": "255 символов и длиннее"},
}

CHANGES: Mapping[str, Words] = {
    "regressed": {"en": "Regressed", "ru": "Стало нарушаться"},
    "behaviour-changed": {"en": "Behaviour changed", "ru": "Поведение изменилось"},
    "no-longer-testable": {"en": "No longer tested", "ru": "Больше не проверено"},
    "newly-testable": {"en": "Newly tested", "ru": "Впервые проверено"},
    "fixed": {"en": "Fixed", "ru": "Исправлено"},
    "expectation-changed": {
        "en": "Same behaviour, other expectation",
        "ru": "Поведение то же, ожидание другое",
    },
    "appeared": {"en": "Appeared", "ru": "Появилось"},
    "disappeared": {"en": "Disappeared", "ru": "Исчезло"},
}


def say(words: Words, lang: str) -> str:
    """The words in a language, in English where it lacks them."""
    return words.get(lang) or words.get("en", "")


def counted(forms: Mapping[str, tuple[str, ...]], number: int, lang: str) -> str:
    """A number with the words that agree with it.

    Russian has three forms (CLDR: one for 1, 21, 31 …, few for 2-4, 22-24 …, many for the rest, 11-14
    among them), English two.
    """
    return forms[lang][_plural(number, lang)].format(n=grouped(number, lang))


def grouped(number: int, lang: str) -> str:
    """A whole number with its thousands set apart, as the language is used to."""
    return f"{number:,}".replace(",", "\u202f" if lang == "ru" else ",")


def duration(seconds: float, lang: str) -> str:
    """Seconds with their unit: one decimal below a hundred, whole above."""
    precise = seconds < 100  # noqa: PLR2004 - three digits say enough
    number = f"{seconds:.1f}" if precise else grouped(round(seconds), lang)
    return f"{number.replace('.', ',')}\u00a0с" if lang == "ru" else f"{number}\u00a0s"


def figures(run: RunResult, lang: str, quoted: Callable[[str], str] = str) -> str:
    """What a run took and how it can be done again, in half a line.

    Args:
        run: the run.
        lang: `en` or `ru`.
        quoted: makes a text of the results file harmless where it goes.
    """
    return ", ".join(
        (
            counted(COUNTED["request"], run.requests, lang),
            duration(run.seconds, lang),
            f"{say(WORDS['profile'], lang).lower()} {quoted(run.profile)}",
            f"{say(WORDS['seed'], lang).lower()} {run.seed}",
            f"Etalon {quoted(run.etalon)}",
        )
    )


def _plural(number: int, lang: str) -> int:
    if lang != "ru":
        return 0 if number == 1 else 1
    last, last_two = number % 10, number % 100
    if last == 1 and last_two != 11:  # noqa: PLR2004 - CLDR's plural rule
        return 0
    return 1 if last in {2, 3, 4} and last_two not in {12, 13, 14} else 2
