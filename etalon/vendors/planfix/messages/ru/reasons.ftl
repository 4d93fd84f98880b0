## Reasons

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

## What ends a conversation with a portal

limit-used-up = { $where } отвечает, что лимит запросов исчерпан (0007): попробуйте завтра или увеличьте лимит аккаунта.
lacks-task-add-and-names-no-tasks = для { $where } указано, что у него нет task.add, поэтому задачи для работы надо назвать: задайте в targets.{ $target }.known.tasks задачи, которые можно менять.
log-in-refused = { $where } ответил на auth.login так: { $shown }; проверьте user и password.
no-xml-api = { $where } отвечает { $what } (HTTP { $status }: { $error }) там, где API отвечает XML: это точно адрес API, вроде https://api.planfix.ru/xml/?
sessions-over-at-once = { $where } выдаёт сессии, которые сразу кончаются (0005): за { $opened } сессий прошло вызовов: { $served }; повторите позже или входите по токену.
login-refused = { $where } { $why }.
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

write-by-function = неизвестно, что меняет функция { $name }
mail-without-silent = без silent люди получат письма; где это допустимо, укажите notify = true
write-by-general-number = задача названа номером в аккаунте, а он важнее идентификатора
