## Reasons

creates-no-full-task = портал не создаёт задачу из полного тела запроса (HTTP { $status })
created-task-not-shown = GET task/{ $id } не показывает только что созданную задачу; если портал не умеет читать задачи, укажите lacks = ["task.read"]
created-task-unreadable = GET task/{ $id } не показывает созданную задачу
left-open-and-quick = страница об этом молчит, а профиль quick запросов на это не тратит
left-to-larger-profiles = профиль quick оставляет это большим профилям
no-id-known = для поля { $member } не известно ни одного идентификатора: задайте targets.{ $target }.known.{ $kind } или укажите lacks = ["{ $lacking }"]
never-shown-nor-promised = портал ни разу не показал поле { $member }, а пример ответа на странице его и не обещает
only-one-id-known = для поля { $member } известен только один идентификатор, изменения не увидеть: добавьте второй в targets.{ $target }.known.{ $kind }
full-creation-refused = создание со всеми полями отклоняется (HTTP { $status })
keeps-nothing-unsent = портал не сохраняет того, чего нет в изменении, поэтому решает последнее изменение
task-unreadable-as-json = задача не читается как JSON
refuses-half-an-update = портал отклоняет изменение половины полей, поэтому порядок двух изменений не проверить
caller-unknown = портал не отвечает на people/@self, поэтому неизвестно, кто делает запрос
milliseconds-refused = срок с миллисекундами отклоняется, или задача не читается
no-update-without = изменений без поля { $member } не отправляли
no-update-without-judged = ни об одном изменении без поля { $member } нельзя было судить
shows-no-member = портал не показывает ни одного из полей
lone-member-not-seen = нельзя было увидеть, что остаётся после изменения одного поля { $member }
no-entity-to-keep = задаче не удалось задать объект CRM, который она могла бы сохранить или потерять
became-not-seen = нельзя было увидеть, что стало с полем { $member }
refuses-so-nothing-reset = портал отклоняет изменение, поэтому сбросить в нём нечего ({ $member })
neither-title-read = не читается ни одно из двух названий
refuses-no-wrong-update = ни одно из неверных изменений портал не отклоняет
lists-no-tasks-by-text = портал не ищет задачи по тексту (task/filter, которого нет ни на одной из страниц)
refuses-no-wrong-creation = ни одно из неверных созданий портал не отклоняет
no-xml-in-any-way = портал не отвечает в XML ни по заголовку Accept, ни по суффиксу .xml
lets-good-request-in-without-token = портал и верный запрос без токена своим статусом не отклоняет
one-of-two-updates-refused = одно из двух одновременных изменений отклонено, или задача не читается
one-of-several-creations-refused = одно из нескольких одновременных созданий отклонено
refuses-incomplete-update = портал отклоняет неполное изменение, здесь поля { $member }; страница, где необязательным назван только alertValue, это допускает. Чтобы об этом судить, задайте expect.partial-update = "merge"
no-change-answered-in-xml = портал не отвечает в XML ни на создание, ни на изменение
task-unreadable-as-json-and-xml = задача не читается и как JSON, и как XML
asking-for-xml-refused = запрос в XML отклоняется (HTTP { $status })
date-like-texts-refused = изменение с текстами, похожими на даты, отклоняется, или задача не читается
nothing-shows-whether-taken = ни одно поле не показывает, принято ли оно
no-two-tasks-created = двух задач портал не создаёт
lists-no-tasks-http = { $where } не перечисляет задачи (HTTP { $status }).
no-mark-in-task = GET task/{ $id } не показывает метку прогона { $mark } и вызывающего пользователя как автора, поэтому задача не тронута
lacks-task-read-so-nothing-owned = указано, что у портала нет task.read: убедиться, что задача создана этим прогоном, нельзя, поэтому ни одна не меняется

## What ends a conversation with a portal

token-refused = { $where } не принял токен (401): получите новый через POST { $path }/authentication.
password-refused = { $where } не принял user и password (HTTP { $status }); после пяти неудач он блокирует учётную запись, поэтому проверьте их до следующей попытки.
no-json-api = { $where } отвечает { $what } (HTTP { $status }) там, где API отвечает JSON: это точно адрес портала?
lists-none-and-names-none = { $where } не перечисляет { $kind }, в конфигурации их тоже нет, а без них задачу не создать: задайте targets.{ $target }.known.{ $kind }.
creation-shows-no-id = в ответе на создание нет идентификатора, и ни в одном списке задачи нет
refuses-isnotify = портал отклоняет изменения с isNotify, а это другое требование

## What the guard of the portal's other tasks and people refuses

write-about-no-task = { $method } { $path } не относится ни к какой задаче
mail-by-isnotify = isNotify рассылает людям письма; где это допустимо, укажите notify = true
