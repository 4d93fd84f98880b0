## Reasons

creates-no-task = the portal creates no task (error { $code })
too-few-ids-known = too few ids are known for { $member }, { $count } are needed: set targets.{ $target }.known.{ $kind }
cards-never-show = the portal's task cards never show { $member }
name-two-known-tasks = set targets.{ $target }.known.tasks to two tasks that may be changed
task-get-shows-no-new-task = task.get does not show the task { $id } that was just created; declare lacks = ["task.get"] for a portal that cannot read tasks
lacks-task-add = the target lacks task.add, so tasks to work on must be named: { $where }.
nothing-could-be-given-back = without task.add and task.get, no task could be given back as it was
task-get-shows-not-both = task.get does not show the tasks { $one } and { $other }: { $where }
task-put-back = Task { $id } was put back as it was, member by member.
task-lent-to-another-run = task { $id } is lent to run { $run }, which has not put it back: wait for its end, or `etalon clean { $target }` where it was killed
lists-no-tasks = { $where } does not list tasks ({ $code }).
refuses-none-of-these-calls = the portal refuses none of these calls, so there is nothing to undo
every-call-unsigned = the target names no private-key, so every call of this run is unsigned
calls-not-signed = the target names no private-key, so calls of this run are not signed
portal-does-not-refuse = the portal does not refuse it
run-created-no-task = the run created no task
never-had-a-value = { $member } never had a value that an update could have lost
nobody-else-made-owner = the portal lets this caller make nobody else the owner, so nothing can get lost
no-part-of-periodicity-left-out = no update left out a part of the periodicity that it replaced
no-description-read = no description could be read back
no-other-value-allowed = the portal lets this caller give { $member } no other value that it shows
too-few-workers-known = too few users or groups are known: set targets.{ $target }.known.users to three, known.groups to two
workers-never-allowed = the portal never let the task have the workers that such a change needs
no-mark-under-answered-ids = under the ids that creations are answered with, no read shows this run's mark, { $mark }, in title or description, so nothing is written to those tasks
lacks-task-get-so-nothing-owned = the target is declared to lack task.get, so no task can be shown to be the run's own, and none is changed
lent-task-not-updated = a task that is only lent is not updated for this
profile-spends-no-request = the { $profile } profile spends no request on it; the standard profile does
logs-in-with-token = the target logs in with a token, and needs no session
no-two-updates-accepted = the portal accepted no two updates at the same time
wrong-in-single-updates = the portal gets these wrong in single updates already
refuses-this-encoding = the portal refuses documents in this encoding, as a reader of XML may
no-status-sent = no update with a status was sent
nothing-to-clear = the task held no { $member } that could have been cleared
shows-too-little = the task shows too little to tell

## What ends a conversation with a portal

limit-used-up = { $where } answers that its limit of requests is used up (0007): try again tomorrow, or raise the limit of the account.
lacks-task-add-and-names-no-tasks = { $where } is declared to lack task.add, so the tasks to work on have to be named: set targets.{ $target }.known.tasks to tasks that may be changed.
log-in-refused = { $where } answered auth.login with { $shown }: check user and password.
no-xml-api = { $where } answers { $what } (HTTP { $status }: { $error }) where the API answers XML: is the url the API's own address, like https://api.planfix.ru/xml/?
sessions-over-at-once = { $where } gives sessions that are over at once (0005): { $opened } of them let { $served } calls in; try again later, or log in by token.
login-refused = { $where } { $why }.
refusal-0001 = refused the API key (0001): check api-key
refusal-0002 = has blocked the application of this API key (0002)
refusal-0004 = does not know the account (0004): check account, the name in front of the portal's domain
refusal-0006 = refused the signature (0006): check private-key
refusal-0010 = has frozen the account (0010)
refusal-0011 = is updating the platform of the account (0011): try later
refusal-0012 = refused the token (0012): check token
refusal-0013 = does not know the user of the token (0013): check token
refusal-0014 = has deactivated the user (0014)
refusal-0022 = does not offer the API to free accounts (0022)
refusal-0024 = keeps the account in another data centre (0024): check url
refusal-1001 = refused user and password (1001): check user and password

## What the guard of the portal's other tasks and people refuses

write-by-function = what the function { $name } changes
mail-without-silent = people's mailboxes, without silent; set notify = true where that is welcome
write-by-general-number = a task by the number that the account counts, which goes before its id
