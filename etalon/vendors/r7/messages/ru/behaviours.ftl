## Added to the meanings of the behaviours that every vendor has

behaviour-meaning = { $name ->
    [asked-id] идентификатор из запроса
    [bad-request] неверный запрос
    [client-error] ошибка запроса
    [creates] создаёт
    [creates-nothing] ничего не создаёт
    [envelope] в конверте
    [envelope-in-success] в конверте, но с кодом HTTP об успехе
    [exact] точно
    [input-first] сначала ввод
    [instant] тот же момент
    [json] JSON
    [kept] сохраняет
    [new-id] новый идентификатор
    [not-found] не найдено
    [nothing] ничего
    [other-client-error] другая ошибка запроса
    [other-refusal] другой отказ
    [other-zone] другой пояс
    [redirect] перенаправляет
    [rejected] отклоняет
    [reset] сбрасывает
    [rewritten] переписывает
    [second] до секунды
    [success] успех
    [token-first] сначала токен
    [utc] UTC
    [xml] XML
   *[other] { $name }
}
