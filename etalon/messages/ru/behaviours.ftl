## What a behaviour's name means; the name itself, which a target pins, stays beside it

behaviour = { behaviour-meaning } ({ $name })
behaviour-meaning = { $name ->
    [absent] узла нет
    [accepted] принимает
    [added] добавлен
    [all] все
    [altered] изменяет
    [applied] применяет
    [asked-id] идентификатор из запроса
    [bad-request] неверный запрос
    [caller] вызывающий
    [clear] очищает
    [client-error] ошибка запроса
    [creates] создаёт
    [creates-nothing] ничего не создаёт
    [cut] обрезает
    [deleted] удалён
    [detached] отвязывает
    [empty] пусто
    [envelope] в конверте
    [envelope-in-success] в конверте, но с кодом HTTP об успехе
    [exact] точно
    [expanded] раскрывает
    [first] первое
    [html] как HTML
    [ignored] не замечает
    [input-first] сначала ввод
    [instant] тот же момент
    [json] JSON
    [keep] оставляет
    [kept] сохраняет
    [last] последнее
    [merge] объединяет
    [mixed] по-разному
    [new-id] новый идентификатор
    [none] ни одного
    [not-found] не найдено
    [nothing] ничего
    [once] один раз
    [other] иначе
    [other-client-error] другая ошибка запроса
    [other-refusal] другой отказ
    [other-zone] другой пояс
    [overlooked] пропускает
    [redirect] перенаправляет
    [refused] отклоняет
    [reject] отклоняет
    [rejected] отклоняет
    [replace] заменяет
    [reset] сбрасывает
    [rewritten] переписывает
    [second] до секунды
    [short] без времени
    [some] некоторые
    [stored] сохраняет
    [success] успех
    [text] текст
    [timed] со временем
    [token-first] сначала токен
    [twice] дважды
    [unexpanded] не раскрывает
    [utc] UTC
    [verbatim] дословно
    [xml] XML
   *[other] код
}
