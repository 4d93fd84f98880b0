"""What the sentences between templates and tables state."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from etalon.derivation.page import Note, Standing
from etalon.vendors.planfix.derivation.text import folded, plain, sentences

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from etalon.vendors.planfix.derivation.blocks import Prose

_NAMES = r"[A-Za-z_]\w*(?:\s*(?:,|и|или)\s*[A-Za-z_]\w*)*"
_ONE_OF = re.compile(
    rf"внутри (?:тега|узла|элемента|параметра) (\w+) может быть (?:задан )?только"
    rf" один из [^:]*:\s*({_NAMES})",
    re.IGNORECASE,
)
_EXCLUDES = re.compile(
    rf"параметр\w*:? (\w+)\s*,? параметры ({_NAMES}) в этом случае не могут", re.IGNORECASE
)
_ALL_BUT = re.compile(
    rf"(?:все параметры|не ?указанные параметры|остальные параметры)\s*,?\s*\(?\s*"
    rf"(?:за исключением|кроме) ({_NAMES})",
    re.IGNORECASE,
)
_OPTIONAL = re.compile(
    r"\w+ - (?:не обязательн|необязательн)|необязательные параметры|все параметры.*необязательн"
)
_SCOPE = re.compile(
    r"(?:описание|структура|параметры|содержимое|узел)\s+(?:\w+\s+)?(?:параметра |узла |тега |элемента )?"
)
_INTRODUCES = re.compile(
    r"формат (?:запроса|вызова|ответа)|^(?:ответ|результат)\w*\b|в противном случае|^пример|^функция"
    r"|^изменение"
    r"|возвращен ответ|^описание (?:параметра|узла|структуры)|^аутентификация"
    r"|^получение|^добавление|^удаление|^обновление"
    r"|^указывает,? что|^(?:request|response|ответ сервера)|^(?:запрос|ошибк\w+)\b"
    r"|request format|^(?:a |an |the )?(?:function|response|result|example|description)\b"
    r"|^(?:possible|allowed) values\b"
    r"|^otherwise|error response|^(?:возможные|допустимые) значения"
)
_NAVIGATION = re.compile(
    r"^перейти$|^перейти к:|^материал из|^from planfix|^jump to|^go to$|^list of functions$|^error codes$"
    r"|^категории|служебная:|^[*•-]?\s*(?:список функций|коды ошибок|пример кода)|^смотри также"
)
_TWO_FORMATS = re.compile(r"даты могут задаваться|первый формат|второй формат|часовом поясе")
_VALUE_TOLD = re.compile(r"^(?:(?i:значени\w+) )?([A-Z][A-Z_0-9]+)\b\s*(?:-|интерпретируется)")
_LEADS_ON = re.compile(r"^[^.]{1,90}:$")
_BINDS = re.compile(
    r"неполн|будет|incomplete"
    r"|обязат|нельзя|долж[ен]|только|не может|не могут|must|only|required|cannot|may not"
)
_BULLET = re.compile(r"^\s*(?:[*•+-]|\d+\.)\s+")


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Members of which one at most may be there; `within` is None where the page leaves the parent unsaid."""

    line: int
    within: str | None
    names: tuple[str, ...]


@dataclass(slots=True)
class Statements:
    """What the prose of a page states.

    Attributes:
        mandatory: names of parameters excepted from a sentence that makes all others optional, with its line.
        exclusions: members that exclude each other.
        notes: one for each sentence.
    """

    mandatory: dict[str, int] = field(default_factory=dict)
    exclusions: list[Exclusion] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


def read_prose(prose: Iterable[Prose], known: Collection[str]) -> Statements:
    """Reads all prose of a page.

    Args:
        prose: The lines of prose.
        known: The values that rows list: a sentence that tells what one of them means states nothing more.
    """
    found = Statements()
    first = True
    for block in prose:
        for sentence in sentences(block.text):
            text = plain(_BULLET.sub("", sentence)).lstrip("# ")
            if not text or not re.search(r"\w", text):
                continue
            detail = _statement(found, text, block.line) or _aside(text, known)
            if detail is None and first:
                detail = "says what the function is for"
            first = False
            standing = Standing.LEFT_OPEN if detail is None else Standing.UNDERSTOOD
            found.notes.append(
                Note(
                    block.line,
                    "prose",
                    standing,
                    detail or f"a sentence that states nothing the program knows: {_short(text)}",
                )
            )
    return found


def scope_of(prose: Iterable[Prose], names: Collection[str]) -> str | None:
    """The node that a table beneath these lines describes, where they introduce it as a node's own."""
    found = None
    for block in prose:
        text = plain(block.text).lstrip("# ")
        words = _SCOPE.search(folded(text))
        if words is None:
            continue
        after = re.findall(r"[A-Za-z_]\w*", text[words.start() :])
        found = next((name for name in after if name in names), found)
    return found


def _statement(found: Statements, text: str, line: int) -> str | None:
    flat = re.sub("[–—]", "-", text)
    if one_of := _ONE_OF.search(flat):
        names = _split(one_of[2])
        found.exclusions.append(Exclusion(line, one_of[1], names))
        return f"at most one of {', '.join(names)}"
    if excludes := _EXCLUDES.search(flat):
        names = (excludes[1], *_split(excludes[2]))
        found.exclusions.append(Exclusion(line, None, names))
        return f"at most one of {', '.join(names)}"
    if all_but := _ALL_BUT.search(flat):
        names = _split(all_but[1])
        found.mandatory |= dict.fromkeys(names, line)
        return f"all but {', '.join(names)} may be left out"
    if _OPTIONAL.search(folded(flat)):
        return "optional: so is what no row calls mandatory"
    return None


def _aside(text: str, known: Collection[str]) -> str | None:
    words = folded(text)
    if _NAVIGATION.search(words):
        return "navigation"
    if _INTRODUCES.search(words):
        return "introduces what follows"
    if _LEADS_ON.search(words) and not _BINDS.search(words):
        return "introduces what follows"
    if _TWO_FORMATS.search(words):
        return "the formats of DateTime"
    told = _VALUE_TOLD.search(re.sub("[–—]", "-", text))
    return f"tells the meaning of {told[1]}" if told and told[1] in known else None


def _split(names: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[A-Za-z_]\w*", names))


def _short(text: str, most: int = 60) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
