## Reasons and notes

declared-to-lack = для портала указано, что у него нет { $what }
task-unreadable = задача не читается
no-error-answer = портал ни разу не ответил ошибкой
shows-no-member-to-leave-out = портал не показывает ни одного из полей, которых в изменении может не быть
refuses-no-wrong-update-to-undo = ни одно из неверных изменений портал не отклоняет, поэтому и отменять нечего
task-changed-by-somebody-else = Задачу { $id } тем временем изменил кто-то другой, поэтому её { $members } оставлены как есть.
lent-task-unreadable = Задача { $id }, данная на время, не читается, поэтому она не возвращена в прежнее состояние.
lent-task-is-another = Задача { $id } не читается как та, что была дана на время, поэтому она не возвращена в прежнее состояние.
creation-may-have-made-a-task = Создание могло оставить задачу, которую не назвал ни один ответ, а перечислить задачи портала не удалось: поищите { $mark } в названиях и описаниях.
creation-answered-anothers-task = В ответ на создание названа задача { $id }, но ни одно чтение не показало, что её создал этот прогон: она не тронута, посмотрите, чья она.
journal-unwritable = { $where }: журнал созданного не записывается ({ $why }), поэтому больше ничего не создаётся.
task-keeps-other-values = Задаче { $id } не удалось вернуть прежние { $former }.
nothing-shows-it = в прогоне не было обмена, который бы это показал
recording-shows-nothing = в записи нет ничего, что бы это показало
check-judged-nothing = проверка ни о чём не судила
not-reached = прогон закончился раньше этой проверки
no-check-is-bound = среди собранных проверок к нему не привязана ни одна
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
name-without-address = у этого имени нет адреса
rehearsal-failed = что прогон отправит на { $where }, предсказать нельзя: репетиция закончилась с кодом { $code }.
portal-misconfigured = { $where }: { $why }

## What the guard of the portal's other tasks and people refuses

write-refused = { $where }: Etalon отказался писать: { $what }.
task-not-shown-own = ни одно чтение не показало, что задачу { $id } создал этот прогон
task-not-just-shown-own = ни одно чтение только что не показало, что задачу { $id } создал этот прогон
people-not-known = { $kind } { $one } не названы в known.{ $kind }
day-too-near = { $day } так близко, что людям придёт напоминание
day-may-break-calendar = дата { $day } может сломать календарь
reminder-may-be-near = напоминание за { $minutes } мин до срока может оказаться близким
periodicity-begins-today = у периодичности с напоминаниями нет первого дня, поэтому она начнётся сегодня
max-tasks-used-up = max-tasks = { $number } цели { $name } исчерпано: увеличьте его или выберите --profile поменьше.
settles-in-time = в настройках сказано, что портал показывает изменения не сразу, поэтому два чтения могут различаться
