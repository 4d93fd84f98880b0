"""What the words of a parameter row state: obligation, values, bounds, conditions.

Each recogniser knows the ways the vendor's pages put one kind of statement. A sentence that none knows
is reported: nothing in a row passes unread.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from etalon.vendors.planfix.derivation.function_messages import Obligation
from etalon.vendors.planfix.derivation.text import folded, links, plain, sentences

if TYPE_CHECKING:
    from collections.abc import Callable

    from etalon.vendors.planfix.derivation.tables import TableRow

_W = r"[a-z_][\w.]*"
_OPTIONAL = re.compile(
    r"не\s?обязател|необязат|опционал|optional|по[- ]умолчанию|если (?:не указан|не задан|пуст)"
    r"|может отсутствовать"
    r"|можно не (?:передавать|указывать|задавать)|(?:параметр|поле) не обязат|отсутствие параметра"
    r"|not (?:required|mandatory|obligatory|necessary)|(?:may|can) be (?:omitted|left out|absent)|by default"
    r"|default value|if (?:it is )?(?:not|un)\s?(?:given|set|specified)|if omitted|if (?:absent|empty)"
)
_MANDATORY = re.compile(
    r"(?<!не)(?<!не )(?:обязательн\w+ (?:параметр|поле|атрибут|аргумент|узел|элемент|значение\b(?! \d))"
    r"|^обязательн(?:ый|ая|ое|ые|о)(?=,|\s+(?:при|если|для)\b)|обязательн\w+$"
    r"|обязателен|обязательна|обязательны|обязательно (?:долж\w+|указ\w+)"
    r"|(?:параметр|поле) обязател|required|mandatory|должен быть (?:указан|задан))"
)
_FILLED_IN = re.compile(r"\s*(?:для|к) заполнени[юя]")
_WHEN = re.compile(
    r"(?:обязател\w+|required|mandatory|указан|задан).*?\b(?:для|при|если|when|if|for|unless)\b.*"
)
_EQUAL = re.compile(rf"\b({_W})\s*(?:=|равн\w+|is|equals)\s*[\"']?(\w+)")
_ZERO = re.compile(
    r"(?:допустим\w*|допускается|разрешен\w*|может быть)(?: значение)? (?:равн\w+ )?0\b|^0 \(ноль\)|^0 - "
    r"|(?:may|can) be (?:equal to )?0\b|\b0 (?:\(zero\) )?is (?:allowed|valid)"
)
_AT_MOST = re.compile(
    r"(?:не (?:больше|более|превыша\w+)|максимум|максимальн\w+(?: значение)?:?"
    r"|at most|no(?:t)? more than|up to"
    r"|(?:cannot|must not|may not|should not) (?:exceed|be (?:more|greater) than)|max(?:imum|\.)?:?) (\d+)\b"
)
_AT_LEAST = re.compile(
    r"(?:не (?:меньше|менее)|минимум|минимальн\w+(?: значение)?:?"
    r"|at least|no(?:t)? less than|min(?:imum|\.)?:?)"
    r" (\d+)\b"
)
_BETWEEN = re.compile(r"\b(?:от|from|between) (\d+) (?:до|to|and) (\d+)\b|индекс (\d+).*?[а-я] - (\d+)")
_LONGEST = re.compile(r"(?:(?:не (?:больше|более|длиннее)|максимум|до|at most) (\d+)) (?:символ|character)")
_SHORTEST = re.compile(
    r"(?:от|не (?:меньше|менее|короче)|минимум|at least) (\d+)(?: до \d+)? (?:символ|character)"
)
_THOUSANDS = re.compile(r"(?<=\d) (?=\d{3}\b)")
_DIGITS = re.compile(r"(\d+)-(?:х|ти)?\s?-?значн\w+ (?:число|код)|(\d+) цифр")
_INSTEAD = re.compile(rf"(?:вместо|при отсутствии|instead of)(?: параметра| поля| the)? ({_W})")
_NEEDS = re.compile(
    rf"(?:не может быть (?:задан\w*|указан\w*|использован\w*) без|(?:используется|задается|указывается)"
    rf"(?: только)? (?:вместе|совместно) с|cannot be (?:used|given|set) without|(?:used )?only together with)"
    rf"(?: параметр\w+| пол\w+| the)? ({_W})"
)
_ONLY_WITH = re.compile(
    rf"(?<!не )(?:используется|применяется|учитывается|задается|указывается|имеет смысл)(?: только)?"
    rf"(?:,)? (?:при|если|для)(?: значени\w+)? ({_W})(?: равн\w+| в значении)?\s*=?\s*(.+)"
    rf"|(?:used|valid|applies|given|set)(?: only)? (?:when|if|with|for)(?: the)? ({_W})(?: is| equals)?"
    r"\s*=?\s*(.+)"
)
_NOT_WITH = re.compile(
    rf"не (?:используется|применяется|учитывается|задается) (?:при|если)(?: значени\w+)? ({_W})(?: равн\w+)?"
    r"\s*=?\s*(.+)"
)
_VALUES = re.compile(
    r"(?:допустим\w+|возможн\w+|разрешенн\w+|принима\w+|один из|одно из|могут быть|может быть)(?: \w+){0,3}?"
    r" ?(?:значени\w*|вариант\w*|valu\w*)?(?: (?:параметра|поля))?\s*:?\s*(?=[\w*])|значения\s*:"
    r"|values(?: are)?\s*:|(?:allowed|possible|valid|available) values (?:are )?(?=[\w*\"])|one of:? ",
)
_FORBIDDEN = re.compile(r"недопустим\w+ значени\w+[^:]*:?\s*(.+)")
_ELSEWHERE = re.compile(
    r"(?:значени|перечень|список|формат|варианты).*(?:раздел|смотри|см\.|константы|странице)"
    r"|значени\w* из раздела|смотри ниже|см\. ниже"
    r"|(?:values?|list|format|types?)\b.*\b(?:see|section|below)\b|\bsee\b.*\b(?:values?|section|below)\b"
)
_NUMBERED = re.compile(r"(?:^|[,;:]\s*|\n\s*[*•-]?\s*)(\d+)\s*-\s*(?!\d)")
_OR_ID = re.compile(r"(?:или|либо) идентификатор")
_EXACTLY_ONE = re.compile(
    r"должен (?:присутствовать|быть)(?: указан| задан)? только один|только один (?:узел|из)"
    r"|only one (?:node|of|element)\b"
)
_IGNORED = re.compile(r"содержимое .*игнориру|внутри узла игнориру")
_VOIDS = re.compile(r"наличие этого атрибута|при наличии атрибута")
_ALIKE = re.compile(rf"аналогичн\w+ (?:списку |структуре |узлу |параметру )?({_W})")
_COMMA = re.compile(r"разделитель.*запят|через запятую|запятыми")
_WORDED = re.compile(r":\s*([a-z]+(?: [a-z]+)?(?:\s*/\s*[a-z]+(?: [a-z]+)?)+)\s*$")
# Remarks that tell a reader where to click or look and bind nobody.
_ASIDE = re.compile(
    r"в интерфейсе|можно получить|подпись\b|смотри (?:описание|полное описание|раздел|пример)"
    r"|подробн\w+ описание"
    r"|идентификаторы .*получ|если это контакт|для контактов|список доступных|возвращается только"
    r"|равен (?:идентификатору|\[)"
    r"|выдается в результате|в ответе|^если \w+\s*=\s*\w+ и \w+\s*="
    r"|в интерфейсе|см\. описание|see the|for a description|in the response"
)
_REFERENCES = (
    (
        "user",
        r"пользовател|сотрудник|аудитор|исполнител|участник|менеджер|создател|автор|\buser|employee|worker",
    ),
    ("group", r"групп|\bgroup"),
    ("task", r"задач|\btask"),
    ("project", r"проект|\bproject"),
    ("contact", r"контакт|контрагент|клиент|компани|\bcontact|\bclient|compan"),
)


@dataclass(frozen=True, slots=True)
class Condition:
    """`with_values`: the member is for these values of a neighbour only; otherwise for all but these."""

    neighbour: str
    values: tuple[str, ...]
    with_values: bool


@dataclass(slots=True)
class Facts:
    """What the words of one row state.

    Attributes:
        obligation: None where the row is silent.
        needed_for: the value of a neighbour that makes the member mandatory.
        needed_with: the neighbour and its values that make the member mandatory.
        needs: the member without which this one makes no sense.
        values: the listed values.
        forbidden: values that the row takes out of a list elsewhere.
        or_id: an id may stand instead of a listed value.
        elsewhere: the words and the stem of the page that has the values; None where the row lists none.
        zero: 0 is allowed beside ids.
        minimum: the least number.
        maximum: the greatest.
        length: the longest text.
        shortest: the shortest text.
        digits: how many digits the text consists of.
        conditions: with which values of its neighbours the member goes.
        instead_of: the member that this one stands in for.
        exactly_one: the members that the row names exclude each other.
        voids: an attribute whose presence makes the content irrelevant.
        alike: the member whose content this one shares.
        separated: a text with a comma between items.
        refers_to: what an id in it is the id of.
        unread: sentences that no recogniser knows.
    """

    obligation: Obligation | None = None
    needed_for: str | None = None
    needed_with: Condition | None = None
    needs: str | None = None
    values: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    or_id: bool = False
    elsewhere: tuple[str, str] | None = None
    zero: bool = False
    minimum: int | None = None
    maximum: int | None = None
    length: int | None = None
    shortest: int | None = None
    digits: int | None = None
    conditions: list[Condition] = field(default_factory=list)
    instead_of: str | None = None
    exactly_one: bool = False
    voids: bool = False
    alike: str | None = None
    separated: bool = False
    refers_to: str | None = None
    unread: list[str] = field(default_factory=list)


def read_row(row: TableRow) -> Facts:
    """Reads the meaning and the remark of a row."""
    facts = Facts()
    listed = _enumerated(row)
    for cell, binding in ((row.meaning, False), (row.remark, True)):
        for sentence in sentences(cell):
            known = [bool(recognise(facts, sentence)) for recognise in _RECOGNISERS]
            # The meaning describes; only what it adds to that in words of condition has to be accounted for.
            stated = binding or re.search(
                r"только (?:если|при|один|для)|\bесли\b|\bдолжен\b|\bнельзя\b|\bif\b|\bmust\b|\bonly\b",
                folded(sentence),
            )
            lists = any(re.search(rf"(?<!\w){re.escape(value)}(?!\w)", sentence) for value in listed)
            if stated and not any(known) and not _ASIDE.search(folded(sentence)) and not lists:
                facts.unread.append(sentence)
    facts.values = listed or facts.values
    if (
        re.search("идентификатор|identifier", folded(row.meaning))
        or row.name.rsplit(".", 1)[-1].lower() == "id"
    ):
        words = folded(row.meaning)
        found = [(m.start(), name) for name, stems in _REFERENCES if (m := re.search(stems, words))]
        facts.refers_to = min(found)[1] if found else None
    return facts


def _obligation(facts: Facts, sentence: str) -> bool:
    text = _FILLED_IN.sub("", folded(sentence))
    if _OPTIONAL.search(text):
        facts.obligation = Obligation.OPTIONAL
        return True
    mandatory = _MANDATORY.search(text)
    if mandatory is None:
        return False
    when = _WHEN.search(text[mandatory.start() :]) or re.match(r"(?:при|если|для|if|when|for)\b.*", text)
    if when is not None:
        facts.obligation = Obligation.CONDITIONAL
        if equal := _EQUAL.search(when[0]):
            spelt = re.search(rf"({equal[1]})\W+(?:\w+\W+)??({equal[2]})", plain(sentence), re.IGNORECASE)
            names = (spelt[1], spelt[2]) if spelt else (equal[1], equal[2])
            facts.needed_with = Condition(names[0], (names[1],), with_values=True)
            return True
        value = re.search(r"\b[A-Z][A-Z_0-9]+\b", plain(sentence))
        facts.needed_for = value[0] if value else None
        return value is not None
    facts.obligation = facts.obligation or Obligation.MANDATORY
    return True


def _bounds(facts: Facts, sentence: str) -> bool:
    text = _THOUSANDS.sub("", folded(sentence))
    longest, shortest = _LONGEST.search(text), _SHORTEST.search(text)
    if longest or shortest:
        facts.length = int(longest[1]) if longest else facts.length
        facts.shortest = int(shortest[1]) if shortest else facts.shortest
        return True
    found = False
    if between := _BETWEEN.search(text):
        low, high = (int(bound) for bound in between.groups() if bound is not None)
        facts.minimum, facts.maximum, found = min(low, high), max(low, high), True
    elif at_most := _AT_MOST.search(text):
        facts.maximum, found = int(at_most[1]), True
    if at_least := _AT_LEAST.search(text):
        facts.minimum, found = int(at_least[1]), True
    if digits := _DIGITS.search(text):
        facts.digits, found = int(digits[1] or digits[2]), True
    if _ZERO.search(text):
        facts.zero = found = True
    return found


def _values(facts: Facts, sentence: str) -> bool:
    text = folded(sentence)
    if forbidden := _FORBIDDEN.search(text):
        facts.forbidden += tuple(
            value
            for value in re.findall(r"\b[A-Z][A-Z_0-9]+\b", plain(sentence))
            if value.lower() in forbidden[1]
        )
        return bool(facts.forbidden)
    facts.or_id = facts.or_id or bool(_OR_ID.search(text))
    targets = links(sentence)
    if _ELSEWHERE.search(text):
        name = re.search(
            r"(?:раздел\w*|смотри(?: в)?|константы)\s+(?!раздел|в )(.+)", plain(sentence), re.IGNORECASE
        )
        facts.elsewhere = targets[0] if targets else (name[1] if name else plain(sentence), "")
        return True
    return False


def _conditions(facts: Facts, sentence: str) -> bool:
    text, spelt = folded(sentence), plain(sentence)
    for pattern, with_values in ((_NOT_WITH, False), (_ONLY_WITH, True)):
        found = pattern.search(text)
        if found is None:
            continue
        group = 1 if found[1] else 3
        values = tuple(re.findall(r"\b(?:[A-Z][A-Z_0-9]+|\d+)\b", spelt[-len(found[group + 1]) :]))
        if not values:
            return False
        neighbour = (
            spelt[len(spelt) - len(text) + found.start(group) :][: len(found[group])]
            if len(spelt) == len(text)
            else ""
        )
        facts.conditions.append(Condition(neighbour or found[group], values, with_values))
        return True
    return False


def _company(facts: Facts, sentence: str) -> bool:
    """Statements about other members."""
    text, spelt = folded(sentence), plain(sentence)
    if instead := _INSTEAD.search(text):
        facts.instead_of = spelt[instead.start(1) : instead.end(1)].strip(".").rpartition(".")[2]
        facts.obligation = facts.obligation or Obligation.CONDITIONAL
        return True
    if alike := _ALIKE.search(text):
        facts.alike = spelt[alike.start(1) : alike.end(1)]
        return True
    if _EXACTLY_ONE.search(text):
        facts.exactly_one = True
        return True
    if _VOIDS.search(text) or _IGNORED.search(text):
        facts.voids = True
        return True
    if _COMMA.search(text):
        facts.separated = True
        return True
    return False


def _needs(facts: Facts, sentence: str) -> bool:
    text, spelt = folded(sentence), plain(sentence)
    needs = _NEEDS.search(text)
    if needs is not None:
        facts.needs = spelt[needs.start(1) : needs.end(1)].strip(".").rpartition(".")[2]
    return needs is not None


_RECOGNISERS: tuple[Callable[[Facts, str], bool], ...] = (
    _obligation,
    _bounds,
    _values,
    _conditions,
    _company,
    _needs,
)


def _enumerated(row: TableRow) -> tuple[str, ...]:
    """The values that a row lists itself."""
    for cell in (row.meaning + "\n" + row.remark, row.remark):
        text = plain_lines(cell)
        trigger = _VALUES.search(folded_lines(text))
        if trigger is not None and not _ELSEWHERE.search(folded(text)):
            values = items(text[trigger.end() :])
            # `may be null` lists no values; `the value X` does.
            told = re.search("значени|valu", trigger[0]) is not None
            if len(values) > 1 or (told and values and not values[0].isdigit()):
                return values
        numbers = _NUMBERED.findall(folded_lines(text))
        if len(numbers) > 1:
            return tuple(dict.fromkeys(numbers))
        if worded := _WORDED.search(text):
            return tuple(part.strip() for part in worded[1].split("/"))
    return _of_enum(row) if re.search(r"enum|перечисление", row.type, re.IGNORECASE) else ()


def _of_enum(row: TableRow) -> tuple[str, ...]:
    """The values of a row whose type says that there are some: `enum: {a,b}`, `IN, OUT`, `a - one, b - …`."""
    braced = re.search(r"[({]([^(){}]+)[)}]", row.type)
    candidates = [braced[1]] if braced else []
    for cell in (row.remark, row.meaning):
        said = [part for part in sentences(cell) if not _ELSEWHERE.search(folded(part))]
        candidates += [plain(part.rpartition(":")[2] if not _ITEM.match(part) else part) for part in said]
    for text in candidates:
        parts = [part for part in re.split(r"[,;\n/|]|\s(?:или|либо|or)\s", text) if part.strip()]
        heads = [_ITEM.match(part) for part in parts]
        values = tuple(dict.fromkeys(head[1] for head in heads if head))
        told = [head for head in heads if head and head[0].rstrip() != head[1]]
        if len(values) > 1 and (all(heads) or len(told) == len(values)):
            return values
    return ()


_ITEM = re.compile(r"\s*[\"']?([A-Za-z_]\w*|\d+)[\"']?\s*(?:$|[-–—(:=])")


def items(text: str) -> tuple[str, ...]:
    """The values at the heads of the items of a list: `A - meaning, B - meaning or C`."""
    parts = re.split(r"[,;\n/|]|\s(?:или|либо|и|or)\s|(?:^|\s)[*•]\s", f" {text} ")
    heads = (
        re.match(r"\s*(?:или|либо|и)?\s*\"?'?([A-Za-z_]\w*|\d+)\"?'?\s*\.?\s*(?:$|[-–—(:=])", part)
        for part in parts
    )
    return tuple(dict.fromkeys(head[1] for head in heads if head))


def plain_lines(text: str) -> str:
    """The text without marks, its line breaks kept."""
    return "\n".join(plain(line) for line in text.strip().split("\n"))


def folded_lines(text: str) -> str:
    """As `folded`, line breaks kept."""
    return "\n".join(folded(line) for line in text.split("\n"))
