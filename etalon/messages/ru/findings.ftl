## Parts of sentences: what happened to a member, or before it

does-keep = оставляет его прежним
does-clear = сбрасывает его
does-refuse = отклоняется
through-refused-updates = отклонённые изменения
through-refused-update = изменение, отклонённое потому, что { $why }
without-media-type = нечто без типа содержимого

## Findings

shown-no-more = После отправки { $member } больше не показывается.
unsent-member-treated = Изменение, в котором нет поля { $member }, { $does }.
answered-otherwise = В ответе поле { $member } не такое, каким его записали.
answer-without-task = Ответ не показывает задачу.
answer-unlike-reading = В ответе поле { $member } не такое, каким оно читается потом.
changed-without-update = Поле { $member } меняется: { $why }.
creation-takes-from-another = Созданная без поля { $member } задача получает его значение от другой задачи.
read-unlike-sent = Поле { $member } читается не таким, каким его отправили.
changed-unsent = Поле { $member } изменилось, хотя в изменении его не было.
changed-through = Поле { $member } изменилось, причина — { $what }.
update-refused-after-refusal = Обычное изменение отклонено после того, как был отклонён другой запрос.
not-stored-after-refusal = В поле { $member } не то значение, которое отправило обычное изменение после отклонённого запроса.
read-otherwise-again = Поле { $member } прочитано иначе, чем до этого, хотя между чтениями ничего не записывали.
other-task-changed = Поле { $member } { $role } изменилось, хотя ни одно изменение эту задачу не называло.
changes-in-life = Поле { $member } меняется в течение жизни задачи.
not-what-steps-add-up-to = Поле { $member } задачи { $name } не такое, к какому приводят предыдущие шаги.
lost-beside-another-update = Изменение поля { $member } теряется, если одновременно приходит другое.
behaves-otherwise = Портал ведёт себя так: { $observed }; ожидается: { $expected }.

## How often a finding was seen

not-all-confirmed = Прогон не удалось повторить столько раз, сколько нужно, чтобы подтвердить все находки.
out-of-a-recording = По записи: на портал ничего не отправлено.
confirmed = подтверждено { $times } из { $of }
unsteady = непостоянно: замечено { $times } из { $of }
not-repeated = не удалось повторить: { $why }
not-repeated-again = замечено { $times } из { $of }; ещё раз повторить не удалось: { $why }
repetition-cut-off = повторный прогон не дошёл до конца
repetition-did-not-judge = повторный прогон этого не проверил
no-requests-to-repeat = max-requests не позволяет ещё одного прогона

## Steps of a finding that takes several

step-create-task = создать задачу { $name }
step-create = создать задачу
step-read-one = прочитать задачу
step-update-one = изменить задачу
step-remove-one = удалить задачу
step-remove-task = удалить задачу { $name }
step-read-task = прочитать задачу { $name }
step-read = прочитать задачу
step-update = изменить { $touched }
step-update-of-task = изменить { $touched } задачи { $name }
step-update-of-task-refused = изменить { $touched } задачи { $name } (отклонено)
step-update-task = изменить задачу { $name }
step-beside-next = { $step } (одновременно со следующим)
step-beside-former = { $step } (одновременно с предыдущим)

## Values

nothing = (ничего)
not-shown = (не показано)
another-value-or-refusal = другое значение, чем прежде, или отказ
http-status = HTTP { $status }
http-status-without-task = HTTP { $status } без задачи
nothing-or-own-value = ничего или собственное значение портала
task-as-sampled = задача, какой её показывает пример ответа на странице
no-content = ничего
step-call = { $function }
updated-task = изменённая задача
