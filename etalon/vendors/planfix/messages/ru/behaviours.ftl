## Added to the meanings of the behaviours that every vendor has

behaviour-meaning = { $name ->
    [absent] узла нет
    [added] добавлен
    [all] все
    [altered] изменяет
    [applied] применяет
    [caller] вызывающий
    [clear] очищает
    [cut] обрезает
    [deleted] удалён
    [detached] отвязывает
    [empty] пусто
    [expanded] раскрывает
    [html] как HTML
    [none] ни одного
    [once] один раз
    [overlooked] пропускает
    [short] без времени
    [some] некоторые
    [stored] сохраняет
    [text] текст
    [timed] со временем
    [twice] дважды
    [unexpanded] не раскрывает
    [verbatim] дословно
   *[other] { $name }
}
