## Parts of sentences: what happened to a member, or before it

after-another-update = изменили другую задачу
after-another-change = создали или изменили другую задачу
after-another-creation = создали другую задачу
after-the-same-values = отправили изменение с прежними значениями
after-the-other-order = те же два изменения отправили в другом порядке
after-the-same-update = то же изменение отправили ещё раз
without-valid-token = в запросе не было действительного токена
after-an-error-answer = на изменение портал ответил ошибкой

## Findings

answer-unlike-sample = Ответ на { $operation } не соответствует форме примера ответа: { $place }.
whole-answer = весь ответ
answer-no-json-object = Ответ на { $operation } объявлен как JSON, но объекта JSON в нём нет.
success-without-status-zero = Ответ на { $operation } успешный, но поле status в нём не равно 0.
json-under-another-content-type = Ответ на { $operation } — JSON, но в Content-Type сказано другое.
answer-repeats-token = Ответ на { $operation } повторяет токен вызывающего.
one-id-two-names = У { $member } один идентификатор и два имени.
refused-as-large-as-needed = портал отклоняет { $member } такой величины, какая нужна Etalon, чтобы напоминание никогда не наступило
xml-by-suffix-alone = портал отвечает XML, если путь кончается на .xml, а как запрашивать, страницы не говорят
answer-shows-password = Ответ на { $operation } показывает пароль.
update-reopens-task = Изменение снова открывает закрытую задачу.
closes-no-tasks = портал не закрывает задачи (task/{ "{" }id{ "}" }/close, этого нет ни на одной из страниц)
refuses-to-update-closed-task = портал отказывается изменять закрытую задачу
answer-of-another-id = Ответ на { $operation } показывает не тот идентификатор, который запрашивали.
server-error-answer = На { $operation } портал отвечает ошибкой сервера.
lone-member-changes-another = Изменение, в котором есть только поле { $member }, меняет и { $other }.
lone-member-treats-others = Изменение, в котором есть только поле { $member }: с остальными портал поступает не так, как ожидалось.
treatment-varies = То, что изменение делает с полем { $member }, от примера к примеру разное.
done-without-token = Запрос без действительного токена выполняется.
notifying-creation-refused = Создание с isNotify отклоняется.
minimal-creation-refused = Создание без необязательных полей отклоняется.
created-id-of-another = По идентификатору из ответа на создание находится не созданная задача.
created-not-read = по идентификатору из ответа портала читается не то, что было создано
no-created-task-read = ни одну созданную задачу не удалось прочитать
created-with-one-id = У двух созданных задач один и тот же идентификатор.
author-not-caller = Автор созданной задачи — не тот пользователь, который её создал.
deadline-refused = Срок, записанный так, как позволяет страница, отклоняется.
task-lost = Задача больше не читается: { $why }.
refused-creation-creates = Портал отвечает на создание ошибкой, но задачу всё же создаёт.
other-in-xml = Поле { $member } в XML не такое, как в JSON.
not-answered-in-json = На запрос, который принимает application/json, портал отвечает чем-то другим.
xml-unlike-sample = Ответ в XML не соответствует форме примера ответа.
xml-without-task = Ответ в XML не показывает задачу.
legal-update-refused = Изменение с допустимым значением поля { $member } отклоняется.
full-update-refused = Изменение со всеми полями, включая isNotify, отклоняется.
unsent-members-mixed = Если поля не присланы, изменение сохраняет { $kept }, но сбрасывает { $cleared }: ни на одно из прочтений страницы нельзя положиться.
schemathesis-check-fails = Проверка Schemathesis { $check } не проходит на ответе на { $operation }.
deleted-task-there = Удалённая задача всё ещё есть.
undeleted-task-lost = Задача, которую никто не удалял, после ряда изменений больше не читается.
deleted-without-token = После удаления без действительного токена задача пропала.
concurrent-creations-with-one-id = У одновременно созданных задач один и тот же идентификатор.
concurrent-creations-mixed = Из одновременно созданных задач у одной название другой.
deadline-altered = Срок принят, но читается как другой момент времени.
not-the-same-in-xml = { $member } в XML не то же, что в JSON.
capital-guid-not-taken = Ответственный, чей GUID записан заглавными буквами, не принимается.
date-like-text-altered = Поле { $member } с текстом, похожим на дату, читается как другой текст.

## Steps of a finding that takes several

step-read-deleted = прочитать задачу { $name }, которая удалена
step-create-task-with = создать задачу { $name }, поля { $sent }
step-update-task-with = изменить задачу { $name }, поля { $sent }
step-delete-task = удалить задачу { $name }

## Values

json-object = объект JSON
a-refusal = отказ
what-check-asks-for = то, чего требует { $check }
no-such-element = (такого элемента нет)
below-500 = ответ с кодом ниже 500
another-treatment = другое обращение с тем, чего нет в запросе
different-ids = разные идентификаторы
http-status-and-task = HTTP { $status } и задача
no-content-type = без Content-Type
no-media-type = без типа содержимого
no-password = без пароля в ответе
member-password = поле password
no-status = без статуса
no-task = нет задачи
no-task-under = нет задачи { $id }
no-token = без токена в ответе
no-well-formed-xml = синтаксически неверный XML: { $error }
one-treatment = одинаковое обращение со всеми полями, которых нет в запросе
result-with-status-response = result с полями status, response
task-of-id = задача { $id }
created-task = созданная задача
the-task = задача
task-as-it-was = задача в прежнем виде
the-token = токен
bytes-ending-in = { $length } байт, в конце { $end }
element-with = { $element } с { $children }
behaviour-with-status = { $behaviour } (HTTP { $status })
schemathesis-server-error = Ошибка сервера
schemathesis-content-type = Недокументированный Content-Type

    Получен: { $received }
    Документированы: { $documented }
schemathesis-violates-schema = Ответ нарушает схему

    { $rest }
task-made-unasked = Есть задача, которую никто не создавал.
same-update-refused = То же самое изменение, отправленное ещё раз, отклонено.
