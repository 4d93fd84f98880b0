## Parts of sentences: what was wrong with a request

wrong-api-key = ключ API неверен
no-such-account = такого аккаунта нет
session-never-given = портал такой сессии или такого токена не выдавал
no-such-function = такой функции нет
not-well-formed = документ синтаксически неверен
no-such-user = такого пользователя нет
no-such-task = такой задачи нет
no-such-project = такого проекта нет
no-such-client = такого контрагента нет
no-such-group = такой группы нет
end-before-start = окончание раньше начала
periodicity-of-two-kinds = у периодичности два вида
periodicity-without-kind = у периодичности нет вида
names-no-task = задача не указана
found-wrong = портал счёл его неверным
names-no-session = не указаны ни сессия, ни токен
signed-with-another-key = подпись сделана другим ключом
signature-of-other-values = подпись относится к другим значениям
not-listed = { $path } равно { $value }, а такого значения в перечне нет
not-a-number = { $path } равно { $value }, а это не число
neither-0-nor-1 = { $path } равно { $value }, а это ни 0, ни 1
neither-form-of-a-date = { $path } равно { $value }, а это ни одна из двух форм даты
no-such-day-or-time = { $path } равно { $value }, а такого дня или времени нет
no-day-of-a-week = { $path } равно { $value }, а дни недели — с 1 по 7
out-of-range = { $path } равно { $value }, а это вне допустимых пределов
breaks-constraint = { $what } ({ $constraint }, XSD { $clause })
breaks-the-schema = { $path } не соответствует схеме
end-before-its-start = окончание раньше начала, которое есть у задачи

## Parts of sentences: what happened to a member, or before it

role-neighbour = соседней задачи
role-parent = надзадачи
role-child = подзадачи
without-code = без кода

## Findings

read-unlike-creation = { $member } читается не так, как задано при создании задачи.
log-in-unlike-page = { $where } на auth.login отвечает: { $what }; страница показывает ok с sid или error.
no-response-document = { $where } отвечает: { $what }; страница показывает документ с корнем response.
no-short-date-read = ни одну дату без времени не удалось прочитать обратно
signed-otherwise = портал иначе подписывает документы неверного вида
status-neither-ok-nor-error = Статус ответа — не ok и не error.
function-answers-another-id = { $function } отвечает не тем идентификатором, о котором его спросили.
answer-against-schema = Ответ не соответствует своей схеме.
answer-repeats-secret = Ответ повторяет секрет из запроса.
answer-no-document = Ответ — не документ этого API.
not-of-the-new-kind = Поле { $member } не становится таким, как требует новый вид.
there-after-unset = Поле { $member } остаётся и после unset.
changed-by-empty-update = Поле { $member } изменилось, хотя в изменении не было ни одного поля.
changed-beside = Поле { $member } изменилось, хотя в изменении названо только { $changed }.
workers-not-updated = { $member }: не прежние исполнители с учётом изменения.
workers-lost-by-addition = { $member }: при добавлении других пропадают те, кто уже был.
workers-not-once = { $member }: добавленный повторно исполнитель указан не один раз.
workers-of-unsorted-list = { $member }: из списка вразбивку взяты не все.
ok-although = Портал отвечает ok, хотя { $why }.
sound-update-refused = Изменение поля { $member }, сделанное по правилам страницы, отклоняется.
empty-update-refused = Изменение, в котором указана только задача, отклоняется.
one-code-for-two = Портал отвечает одним и тем же кодом, хотя в одном случае { $why }, а в другом { $other }.
creation-answers-another-id = В ответ на создание назван идентификатор другой задачи.
two-tasks-one-id = У двух созданных задач один идентификатор.
entity-expanded = Сущность, объявленная в самом запросе, раскрыта в поле { $member }.
form-refused = Отклоняется изменение, отправленное { $how }.
lost-in-form = Поле { $member } не доходит, если оно отправлено { $how }.
workers-not-restored = { $member }: после отмены добавления исполнители не прежние.
form-quotes-as-entities = с кавычками в виде сущностей
form-decimal-references = с десятичными ссылками на символы
form-hexadecimal-references = с шестнадцатеричными ссылками на символы
form-cdata = с текстом в секциях CDATA
form-comments = с комментариями внутри элементов и между ними
form-processing-instructions = с инструкциями обработки в текстах
form-single-quotes = с атрибутами в одинарных кавычках
form-no-declaration = без объявления XML
form-byte-order-mark = с меткой порядка байтов
form-windows-1251 = в кодировке windows-1251, как и объявлено
form-indented = с отступами
form-opposite-order = с полями в обратном порядке
form-line-ends = с концами строк CR LF и CR
form-blanks-in-tags = с пробелами внутри тегов
form-several = сразу в нескольких формах

## Values

refusal-or-nothing = отказ или ничего на её месте
characters-in-its-place = { $length } символов на её месте
response-document = документ response
a-secret = секрет
error-answer = ответ с ошибкой
error-answer-with-code = ответ с ошибкой, код { $code }
an-id-each = у каждой свой идентификатор
ok-answer = ответ ok
different-codes = разные коды
no-id = без идентификатора
no-ok-answer = не ответ ok
no-secret = без секретов
ok-or-error = ok или error
code-for-both = { $code } в обоих случаях
member-as-described = { $place }, как описывает схема
the-status = статус { $status }
ok-and-no-sid = ok без sid
error-of-code = ошибка { $code }
error-without-code = ошибка без кода
no-code = без кода
xml-too-large = XML, в котором больше { NUMBER($count, useGrouping: 1) } элементов и атрибутов
ill-formed-xml = синтаксически неверный XML
no-xml = не XML
xml-with-document-type = XML с объявлением типа документа
xml-with-root = XML с корнем { $root }
