## Words of the reports

label-report-of = Отчёт о соответствии
label-skip = К результатам
label-language = Язык
label-incomplete = Этот прогон не завершён.
label-incomplete-means = Он оборвался до конца. Чего здесь нет, то не проверялось, и выводов из этого делать нельзя.
label-interrupted = прервано; убираю созданное прогоном (ещё раз Ctrl-C — останется на портале)
label-mistake = сбой самого Etalon ({ $summary }); где о нём сообщить, сказано в README, «Что значит вердикт»
label-others-in-the-config = без имени проверяются только встроенные порталы; портал из { $file } проверяет etalon run { $name }
label-no-targets = Ни один портал не проверен.
label-no-requirements = Ничего не проверено, поэтому и сказать нечего.
label-figures = Цифры прогона
label-requests = Запросы
label-time = Время
label-seed = Зерно
label-profile = Профиль
label-version = Etalon
label-started = Начат
label-command = Команда
label-portals = Порталы
label-portal = Портал
label-dialect = диалект
label-notes = Замечания о прогоне
label-left-behind = Оставшиеся задачи
label-left-behind-means = Прогон создал эти задачи и не смог удалить:
label-what-deviates = Что нарушено
label-nothing-deviates = Нарушений не найдено.
label-not-judged = Что не удалось проверить
label-matrix = Что изменение делает с каждым параметром
label-matrix-means = Что становится с параметром, которого нет в изменении или который отправлен без значения.
label-matrix-alone = «Он один»: что становится со всеми остальными.
label-update-member = Параметр
label-not-shown = Чего этот портал не показывает
label-not-shown-means = Пример ответа на странице не обещает этих параметров, и ни в одном ответе их не было. Что с ними становится, проверить нельзя; это не в пользу портала и не против него:
label-fingerprint = Как ведёт себя этот портал
label-fingerprint-means = Там, где возможно разное поведение, портал повёл себя так. У порталов с одинаковым поведением одинаковый отпечаток:
label-instead-of = другие варианты:
label-accepted = Что принято в базовой линии
label-accepted-means = Эти нарушения известны и пока приняты; прогон из-за них не считается неудачным.
label-accepted-badge = принято
label-accepted-because = Принято, потому что
label-until = До
label-link = Ведётся в
label-baseline = Базовая линия
label-stale = Базовая линия устарела, уже одно это делает прогон неудачным:
label-variables = Строки, которые повторяют найденное, берут это из оболочки; задайте сначала:
label-spending = Запросы и время по темам
label-spending-means = Отправленное однажды служит многим проверкам; учтено за темой, которой понадобилось раньше.
label-no-theme = Вход, уборка за собой
label-coverage = Что из спецификации отправляли
label-coverage-means = Каждый описанный параметр: какого рода значения отправляли и во скольких запросах.
label-situations = Что проверено в сочетании
label-situations-means = Пар условий испытано: { NUMBER($covered, useGrouping: 1) } из { NUMBER($pairs, useGrouping: 1) }. В плане { $rows ->
    [one] { NUMBER($rows, useGrouping: 1) } строка.
    [few] { NUMBER($rows, useGrouping: 1) } строки.
   *[many] { NUMBER($rows, useGrouping: 1) } строк.
 }
label-situations-left-out = Условия, которые этот профиль не затронул:
label-parameter = Параметр
label-kinds = Отправляли как
label-never-sent = не отправляли ни разу
label-all-requirements = Все требования
label-id = Код
label-theme = Тема
label-level = Уровень
label-verdict = Вердикт
label-statement = Требование
label-source = Источник
label-reason = Причина
label-behaviour = Поведение
label-behaviours = Варианты поведения
label-expected-behaviour = Ожидается
label-checked = Проверено
label-expected = Ожидалось
label-observed = Получено
label-remaining = осталось:
label-nothing = ничего
label-differs-by = Различаются символы
label-request = Запрос
label-response = Ответ
label-reproduce = Повторить
label-copy = Скопировать
label-copy-all = Скопировать все
label-copied = Скопировано
label-selected = Выделено: нажмите Ctrl+C
label-evidence-above = доказательства выше
label-filter = Фильтр
label-search = Поиск
label-all-themes = Все темы
label-of = из
label-clear = Сбросить
label-open-all = Раскрыть все
label-close-all = Свернуть все
label-nothing-matches = Под фильтр не подходит ни одно требование.
label-legend = Как читать вердикты
label-total = Всего
label-compared = Сравнение прогонов
label-old = Было
label-new = Стало
label-cost = Запросы и время
label-more = и ещё
label-no-changes = Ничего не изменилось.
label-not-compared = Ни одного портала нет в обоих прогонах, поэтому сравнивать нечего.
label-runs-differ = Сами прогоны различаются, часть изменений может быть из-за этого:
label-only-old = только в старом прогоне
label-only-new = только в новом прогоне
label-yes = да
label-no = нет

## Verdicts, levels, kinds: told apart by their names

verdict = { $verdict ->
    [conforms] соблюдено
    [deviates] нарушено
    [observed] наблюдение
    [not-testable] нельзя проверить
    [inconclusive] не ясно
    [not-applicable] не применимо
    [planned] в планах
   *[other] { $verdict }
}
overall = { $verdict ->
    [conforms] Соответствует
    [deviates] Отклоняется
    [not-testable] Нельзя проверить
    [inconclusive] Не ясно
   *[other] { $verdict }
}
verdict-meaning = { $verdict ->
    [conforms] проверено, портал делает то, что должен
    [deviates] проверено, портал делает не то, что должен
    [observed] страница об этом молчит; поведение записано, но не оценивается
    [not-testable] не проверено: не хватает идентификатора или доступа, который вы можете указать
    [inconclusive] не решено: портал был недоступен, ограничил запросы или оборвал связь
    [not-applicable] не проверяется: у портала этого нет или он этого не показывает
    [planned] ещё не проверяется: требование записано, проверка появится позже
   *[other] { $verdict }
}
level = { $level ->
    [must] должно
    [should] следует
    [silent] не сказано
   *[other] { $level }
}
level-meaning = { $level ->
    [must] страница говорит об этом прямо
    [should] это следует из страницы
    [silent] страница об этом молчит
   *[other] { $level }
}
value-kind = { $kind ->
    [absent] без него
    [null] null
    [true] true
    [false] false
    [zero] ноль
    [positive] положительное число
    [negative] отрицательное число
    [fraction] дробное число
    [at-32-bits] на границе 32 бит
    [list] список
    [object] объект
    [empty] пустое
    [guid] GUID
    [date] дата
    [date-time] дата и время
    [ascii] простой ASCII
    [cyrillic] кириллица
    [other-letters] другие письменности
    [beyond-bmp] эмодзи и подобное
    [markup] знаки разметки
    [quotes] кавычки, обратные косые
    [line-breaks] переводы строк
    [spaces] пробелы по краям или двойные
    [invisible] невидимые символы
    [long] 255 символов и длиннее
   *[other] { $kind }
}
change = { $change ->
    [regressed] Стало нарушаться
    [behaviour-changed] Поведение изменилось
    [no-longer-testable] Больше не проверено
    [newly-testable] Впервые проверено
    [fixed] Исправлено
    [expectation-changed] Поведение то же, ожидание другое
    [appeared] Появилось
    [disappeared] Исчезло
   *[other] { $change }
}
situation = { $situation ->
    [absent] нет
    [alone] он один
    [null] null
    [zero] 0
    [empty] пустой
   *[other] { $situation }
}
shell-variable = { $name ->
    [TASK_ID] идентификатор из ответа на создание
   *[other] { "" }
}
subject = { $subject ->
    [etalon] Etalon
    [profile] Профиль
    [seed] Зерно
    [complete] Завершён
    [kind] Вид
    [dialect] диалект
    [url] Адрес
    [target] Портал
   *[other] { $subject }
}

## Counts

count-accepted = { $n ->
    [one] { NUMBER($n, useGrouping: 1) } нарушение принято в базовой линии.
    [few] { NUMBER($n, useGrouping: 1) } нарушения приняты в базовой линии.
   *[many] { NUMBER($n, useGrouping: 1) } нарушений принято в базовой линии.
}
count-check = { $n ->
    [one] { NUMBER($n, useGrouping: 1) } проверка
    [few] { NUMBER($n, useGrouping: 1) } проверки
   *[many] { NUMBER($n, useGrouping: 1) } проверок
}
count-request = { $n ->
    [one] { NUMBER($n, useGrouping: 1) } запрос
    [few] { NUMBER($n, useGrouping: 1) } запроса
   *[many] { NUMBER($n, useGrouping: 1) } запросов
}
count-deviation = { $n ->
    [one] { NUMBER($n, useGrouping: 1) } нарушение
    [few] { NUMBER($n, useGrouping: 1) } нарушения
   *[many] { NUMBER($n, useGrouping: 1) } нарушений
}
count-requirement = { $n ->
    [one] { NUMBER($n, useGrouping: 1) } требование
    [few] { NUMBER($n, useGrouping: 1) } требования
   *[many] { NUMBER($n, useGrouping: 1) } требований
}
count-parameter = { $n ->
    [one] { NUMBER($n, useGrouping: 1) } параметр
    [few] { NUMBER($n, useGrouping: 1) } параметра
   *[many] { NUMBER($n, useGrouping: 1) } параметров
}
count-exchange = { $n ->
    [one] { NUMBER($n, useGrouping: 1) } обмен
    [few] { NUMBER($n, useGrouping: 1) } обмена
   *[many] { NUMBER($n, useGrouping: 1) } обменов
}
count-step = { $n ->
    [one] { NUMBER($n, useGrouping: 1) } шаг
    [few] { NUMBER($n, useGrouping: 1) } шага
   *[many] { NUMBER($n, useGrouping: 1) } шагов
}
count-character = { $n ->
    [one] { NUMBER($n, useGrouping: 1) } символ
    [few] { NUMBER($n, useGrouping: 1) } символа
   *[many] { NUMBER($n, useGrouping: 1) } символов
}
count-left-out = { $n ->
    [one] пропущен { NUMBER($n, useGrouping: 1) } символ
    [few] пропущено { NUMBER($n, useGrouping: 1) } символа
   *[many] пропущено { NUMBER($n, useGrouping: 1) } символов
}
verdict-of-count = { $verdict ->
    [conforms] соблюдено
    [deviates] нарушено
    [observed] { $n ->
        [one] наблюдение
        [few] наблюдения
       *[many] наблюдений
    }
    [not-testable] нельзя проверить
    [inconclusive] не ясно
    [not-applicable] не применимо
    [planned] в планах
   *[other] { $verdict }
}
sentence-of-verdict = { $verdict ->
    [conforms] { $n ->
        [one] { NUMBER($n, useGrouping: 1) } требование соблюдено.
        [few] { NUMBER($n, useGrouping: 1) } требования соблюдены.
       *[many] { NUMBER($n, useGrouping: 1) } требований соблюдено.
    }
    [deviates] { $n ->
        [one] { NUMBER($n, useGrouping: 1) } требование нарушено.
        [few] { NUMBER($n, useGrouping: 1) } требования нарушены.
       *[many] { NUMBER($n, useGrouping: 1) } требований нарушено.
    }
    [observed] { $n ->
        [one] Записано { NUMBER($n, useGrouping: 1) } поведение, о котором документация молчит.
        [few] Записаны { NUMBER($n, useGrouping: 1) } поведения, о которых документация молчит.
       *[many] Записано { NUMBER($n, useGrouping: 1) } поведений, о которых документация молчит.
    }
    [not-testable] { $n ->
        [one] { NUMBER($n, useGrouping: 1) } требование нельзя проверить: не хватает того, что вы можете указать.
        [few] { NUMBER($n, useGrouping: 1) } требования нельзя проверить: не хватает того, что вы можете указать.
       *[many] { NUMBER($n, useGrouping: 1) } требований нельзя проверить: не хватает того, что вы можете указать.
    }
    [inconclusive] { $n ->
        [one] По { NUMBER($n, useGrouping: 1) } требованию вывода нет.
        [few] По { NUMBER($n, useGrouping: 1) } требованиям вывода нет.
       *[many] По { NUMBER($n, useGrouping: 1) } требованиям вывода нет.
    }
    [not-applicable] { $n ->
        [one] { NUMBER($n, useGrouping: 1) } к этому порталу не применимо.
        [few] { NUMBER($n, useGrouping: 1) } к этому порталу не применимы.
       *[many] { NUMBER($n, useGrouping: 1) } к этому порталу не применимо.
    }
   *[planned] { $n ->
        [one] { NUMBER($n, useGrouping: 1) } в планах и не проверялось.
        [few] { NUMBER($n, useGrouping: 1) } в планах и не проверялись.
       *[many] { NUMBER($n, useGrouping: 1) } в планах и не проверялось.
    }
}
number = { NUMBER($n, useGrouping: 1) }
decimal = { $whole },{ $tenths }
duration = { $number }{ "\u00A0" }с
count-cause = { $n ->
    [one] Эти нарушения объясняет { NUMBER($n, useGrouping: 1) } причина:
    [few] Эти нарушения объясняют { NUMBER($n, useGrouping: 1) } причины:
   *[many] Эти нарушения объясняют { NUMBER($n, useGrouping: 1) } причин:
 }
label-breaks-too = Те же шаги нарушают и { $rows }.
label-same-cause = Те же шаги показывают и эти нарушения:
