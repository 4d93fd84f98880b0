## What a behaviour's name means; the name itself, which a target pins, stays beside it

behaviour = { behaviour-meaning } ({ $name })
behaviour-meaning = { $name ->
    [accepted] принимает
    [first] первое
    [ignored] не замечает
    [keep] оставляет
    [last] последнее
    [merge] объединяет
    [mixed] по-разному
    [other] иначе
    [refused] отклоняет
    [reject] отклоняет
    [replace] заменяет
   *[other] код
}
