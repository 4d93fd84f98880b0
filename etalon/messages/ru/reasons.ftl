## Reasons: R7-Office

creates-no-full-task = портал не создаёт задачу из полного тела запроса (HTTP { $status })
created-task-not-shown = GET task/{ $id } не показывает только что созданную задачу; если портал не умеет читать задачи, укажите lacks = ["task.read"]
created-task-unreadable = GET task/{ $id } не показывает созданную задачу
left-open-and-quick = страница об этом молчит, а профиль quick запросов на это не тратит
left-to-larger-profiles = профиль quick оставляет это большим профилям
no-id-known = для поля { $member } не известно ни одного идентификатора: задайте targets.{ $target }.known.{ $kind } или укажите lacks = ["{ $lacking }"]
never-shown-nor-promised = портал ни разу не показал поле { $member }, а пример ответа на странице его и не обещает
only-one-id-known = для поля { $member } известен только один идентификатор, изменения не увидеть: добавьте второй в targets.{ $target }.known.{ $kind }
declared-to-lack = для портала указано, что у него нет { $what }
full-creation-refused = создание со всеми полями отклоняется (HTTP { $status })
keeps-nothing-unsent = портал не сохраняет того, чего нет в изменении, поэтому решает последнее изменение
task-unreadable = задача не читается
task-unreadable-as-json = задача не читается как JSON
refuses-half-an-update = портал отклоняет изменение половины полей, поэтому порядок двух изменений не проверить
caller-unknown = портал не отвечает на people/@self, поэтому неизвестно, кто делает запрос
milliseconds-refused = срок с миллисекундами отклоняется, или задача не читается
no-error-answer = портал ни разу не ответил ошибкой
no-update-without = изменений без поля { $member } не отправляли
no-update-without-judged = ни об одном изменении без поля { $member } нельзя было судить
shows-no-member = портал не показывает ни одного из полей
shows-no-member-to-leave-out = портал не показывает ни одного из полей, которых в изменении может не быть
lone-member-not-seen = нельзя было увидеть, что остаётся после изменения одного поля { $member }
no-entity-to-keep = задаче не удалось задать объект CRM, который она могла бы сохранить или потерять
became-not-seen = нельзя было увидеть, что стало с полем { $member }
refuses-so-nothing-reset = портал отклоняет изменение, поэтому сбросить в нём нечего ({ $member })
neither-title-read = не читается ни одно из двух названий
refuses-no-wrong-update = ни одно из неверных изменений портал не отклоняет
refuses-no-wrong-update-to-undo = ни одно из неверных изменений портал не отклоняет, поэтому и отменять нечего
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

## Reasons: PlanFix

creates-no-task = портал не создаёт задачу (ошибка { $code })
too-few-ids-known = для поля { $member } известно слишком мало идентификаторов, нужно { $count }: задайте targets.{ $target }.known.{ $kind }
cards-never-show = карточки задач на портале ни разу не показали поле { $member }
name-two-known-tasks = задайте в targets.{ $target }.known.tasks две задачи, которые можно менять
task-get-shows-no-new-task = task.get не показывает только что созданную задачу { $id }; если портал не умеет читать задачи, укажите lacks = ["task.get"]
lacks-task-add = у портала нет task.add, поэтому задачи для работы надо назвать: { $where }.
nothing-could-be-given-back = без task.add и task.get ни одну задачу не вернуть в прежнее состояние
task-get-shows-not-both = task.get не показывает задачи { $one } и { $other }: { $where }
task-put-back = Задача { $id } возвращена в прежнее состояние, поле за полем.
task-lent-to-another-run = задача { $id } дана на время прогону { $run }, и он её ещё не вернул: дождитесь его конца, а если он убит — `etalon clean { $target }`
lists-no-tasks = { $where } не перечисляет задачи ({ $code }).
lists-no-tasks-http = { $where } не перечисляет задачи (HTTP { $status }).
task-changed-by-somebody-else = Задачу { $id } тем временем изменил кто-то другой, поэтому её { $members } оставлены как есть.
lent-task-unreadable = Задача { $id }, данная на время, не читается, поэтому она не возвращена в прежнее состояние.
lent-task-is-another = Задача { $id } не читается как та, что была дана на время, поэтому она не возвращена в прежнее состояние.
creation-may-have-made-a-task = Создание могло оставить задачу, которую не назвал ни один ответ, а перечислить задачи портала не удалось: поищите { $mark } в названиях и описаниях.
creation-answered-anothers-task = В ответ на создание названа задача { $id }, но ни одно чтение не показало, что её создал этот прогон: она не тронута, посмотрите, чья она.
journal-unwritable = { $where }: журнал созданного не записывается ({ $why }), поэтому больше ничего не создаётся.
task-keeps-other-values = Задаче { $id } не удалось вернуть прежние { $former }.
refuses-none-of-these-calls = ни один из этих вызовов портал не отклоняет, поэтому и отменять нечего
every-call-unsigned = для портала не задан private-key, поэтому все вызовы этого прогона без подписи
calls-not-signed = для портала не задан private-key, поэтому вызовы этого прогона не подписаны
portal-does-not-refuse = портал этого не отклоняет
run-created-no-task = прогон не создал ни одной задачи
never-had-a-value = у поля { $member } ни разу не было значения, которое изменение могло бы потерять
nobody-else-made-owner = портал не даёт этому пользователю назначить другого постановщика, поэтому и теряться нечему
no-part-of-periodicity-left-out = ни одно изменение не опустило части заменяемой периодичности
no-description-read = ни одно описание прочитать не удалось
no-other-value-allowed = портал не даёт этому пользователю задать полю { $member } другое видимое значение
too-few-workers-known = известно слишком мало пользователей или групп: задайте в targets.{ $target }.known.users трёх, в known.groups две
workers-never-allowed = портал ни разу не позволил назначить задаче исполнителей, нужных для такого изменения
no-mark-under-answered-ids = по идентификаторам из ответов на создание ни одно чтение не показывает в названии или описании метку прогона { $mark }, поэтому в эти задачи ничего не записывается
no-mark-in-task = GET task/{ $id } не показывает метку прогона { $mark } и вызывающего пользователя как автора, поэтому задача не тронута
lacks-task-read-so-nothing-owned = указано, что у портала нет task.read: убедиться, что задача создана этим прогоном, нельзя, поэтому ни одна не меняется
lacks-task-get-so-nothing-owned = указано, что у портала нет task.get: убедиться, что задача создана этим прогоном, нельзя, поэтому ни одна не меняется
lent-task-not-updated = чужую задачу, данную лишь на время, ради этого не изменяем
profile-spends-no-request = профиль { $profile } запросов на это не тратит; профиль standard тратит
logs-in-with-token = портал принимает токен, сессия ему не нужна
no-two-updates-accepted = портал не принял никаких двух одновременных изменений
wrong-in-single-updates = портал ошибается в этом и при одиночных изменениях
refuses-this-encoding = портал отклоняет документы в этой кодировке, на что читатель XML имеет право
no-status-sent = изменений со статусом не отправляли
nothing-to-clear = в задаче не было поля { $member }, которое можно было бы очистить
shows-too-little = задача показывает слишком мало, чтобы судить

## Reasons and notes: any portal

nothing-shows-it = в прогоне не было обмена, который бы это показал
recording-shows-nothing = в записи нет ничего, что бы это показало
check-judged-nothing = проверка ни о чём не судила
not-reached = прогон закончился раньше этой проверки
check-planned = проверка появится в одной из следующих версий
etalon-failed = Здесь сбой самого Etalon ({ $error }); пожалуйста, сообщите о нём
earlier-run-left-tasks = Прежний прогон оставил после себя задачи: их уберёт `etalon clean { $target }`.
left-on-portal = Осталось на портале: { $what }
cleaning-up-failed = Убрать за собой не удалось: { $error }
secret-in-plain-text = { $where }: секрет открытым текстом; лучше "env:{ $name }".
not-in-a-recording = нужны запросы, которые отправляет сам Etalon; по записи этого не увидеть

## What is said of a baseline

stale-no-requirement = { $where }: требования { $member } нет: удалите запись.
stale-no-behaviour = { $where }: у требования { $member } нет поведения { $named }: возможны { $listed }; исправьте или удалите запись.
stale-expired = { $where }: { $member } для { $target } было принято до { $date }: удалите запись или укажите другую дату.
stale-no-deviation = { $where }: { $member } для { $target } больше не нарушается: удалите запись.
deviates-since = нарушается с { $date }: { $what }
baseline-accepts = базовая линия принимает это нарушение: { $reason }
line-of-file = { $file }, строка { $number }
deviates-since-then = нарушается с { $date }

## What ends a conversation with a portal

still-throttled = { $where } и после { $count } ожиданий отвечает 429 Too Many Requests: уменьшите requests-per-second для этого портала или попробуйте позже.
max-requests-used-up = max-requests = { $count } портала { $target } исчерпаны: увеличьте предел или возьмите меньший --profile.
unreachable-within = { $where } недоступен в течение { $seconds } с: верен ли url и работает ли портал?
away-for-a-moment = { $where } на время пропадал: отвечал { $doubt }.
portal-gone = { $where } отвечает { $doubt } и на то, на что раньше отвечал: работает ли портал?
status-and-nothing = кодом { $status } без содержимого
status-and-page = кодом { $status } со страницей HTML
status-and-plain-text = кодом { $status } с простым текстом
same-refusal-over-and-over = { $where } ответил на { $count } запросов подряд кодом { $status }: работает ли портал?
server-errors-over-and-over = { $where } ответил на { $count } запросов подряд ошибками сервера, на последний кодом { $status }: больше его не трогаем.
too-much-in-all = { $where } прислал больше { $count } МиБ больших ответов.
proxy-of-unknown-kind = { $where } недоступен: в окружении указан прокси вида { $kind }, а Etalon знает http и https.
coding-not-asked-for = { $where } отвечает в кодировке { $coding }, о которой не просили.
proxy-refuses = { $where } недоступен: прокси из окружения отвечает { $reason }.
no-tls = { $where } не говорит по TLS: верно ли https в url?
certificate-not-verified = { $where } предъявляет сертификат, который нельзя проверить ({ $why }): укажите в ca файл удостоверяющего центра, который его подписал.
verification-off = { $where }: сертификат портала НЕ проверяется. Кто угодно на пути может прочитать и изменить всё, включая вход; лучше ca = "FILE".
no-answer-within = { $where } не ответил за { $seconds } с.
unreachable = { $where } недоступен ({ $reason }): верен ли url и работает ли портал?
answer-not-unpacked = { $where } отвечает тем, что не распаковать ({ $reason }).
connection-broken-off = { $where } оборвал соединение ({ $reason }).
answer-too-large = { $where } ответил на один запрос больше чем { $count } МиБ.
answer-not-finished-within = { $where } не закончил ответ за { $seconds } с.
token-refused = { $where } не принял токен (401): получите новый через POST { $path }/authentication.
password-refused = { $where } не принял user и password (HTTP { $status }); после пяти неудач он блокирует учётную запись, поэтому проверьте их до следующей попытки.
no-json-api = { $where } отвечает { $what } (HTTP { $status }) там, где API отвечает JSON: это точно адрес портала?
lists-none-and-names-none = { $where } не перечисляет { $kind }, в конфигурации их тоже нет, а без них задачу не создать: задайте targets.{ $target }.known.{ $kind }.
limit-used-up = { $where } отвечает, что лимит запросов исчерпан (0007): попробуйте завтра или увеличьте лимит аккаунта.
lacks-task-add-and-names-no-tasks = для { $where } указано, что у него нет task.add, поэтому задачи для работы надо назвать: задайте в targets.{ $target }.known.tasks задачи, которые можно менять.
log-in-refused = { $where } ответил на auth.login так: { $shown }; проверьте user и password.
no-xml-api = { $where } отвечает { $what } (HTTP { $status }: { $error }) там, где API отвечает XML: это точно адрес API, вроде https://api.planfix.ru/xml/?
sessions-over-at-once = { $where } выдаёт сессии, которые сразу кончаются (0005): за { $opened } сессий прошло вызовов: { $served }; повторите позже или входите по токену.
creation-shows-no-id = в ответе на создание нет идентификатора, и ни в одном списке задачи нет
refuses-isnotify = портал отклоняет изменения с isNotify, а это другое требование
name-without-address = у этого имени нет адреса
login-refused = { $where } { $why }.
rehearsal-failed = что прогон отправит на { $where }, предсказать нельзя: репетиция закончилась с кодом { $code }.
portal-misconfigured = { $where }: { $why }
refusal-0001 = не принял ключ API (0001): проверьте api-key
refusal-0002 = заблокировал приложение с этим ключом API (0002)
refusal-0004 = не знает такого аккаунта (0004): проверьте account, имя перед доменом портала
refusal-0006 = не принял подпись (0006): проверьте private-key
refusal-0010 = заморозил аккаунт (0010)
refusal-0011 = обновляет платформу аккаунта (0011): попробуйте позже
refusal-0012 = не принял токен (0012): проверьте token
refusal-0013 = не знает пользователя этого токена (0013): проверьте token
refusal-0014 = отключил этого пользователя (0014)
refusal-0022 = не даёт API бесплатным аккаунтам (0022)
refusal-0024 = хранит этот аккаунт в другом дата-центре (0024): проверьте url
refusal-1001 = не принял user и password (1001): проверьте их

## What the guard of the portal's other tasks and people refuses

write-refused = { $where }: Etalon отказался писать: { $what }.
task-not-shown-own = ни одно чтение не показало, что задачу { $id } создал этот прогон
task-not-just-shown-own = ни одно чтение только что не показало, что задачу { $id } создал этот прогон
write-about-no-task = { $method } { $path } не относится ни к какой задаче
write-by-function = неизвестно, что меняет функция { $name }
mail-by-isnotify = isNotify рассылает людям письма; где это допустимо, укажите notify = true
mail-without-silent = без silent люди получат письма; где это допустимо, укажите notify = true
write-by-general-number = задача названа номером в аккаунте, а он важнее идентификатора
people-not-known = { $kind } { $one } не названы в known.{ $kind }
day-too-near = { $day } так близко, что людям придёт напоминание
day-may-break-calendar = дата { $day } может сломать календарь
reminder-may-be-near = напоминание за { $minutes } мин до срока может оказаться близким
periodicity-begins-today = у периодичности с напоминаниями нет первого дня, поэтому она начнётся сегодня
max-tasks-used-up = max-tasks = { $number } цели { $name } исчерпано: увеличьте его или выберите --profile поменьше.
