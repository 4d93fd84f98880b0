## Reasons: R7-Office

creates-no-full-task = the portal creates no task from a full body (HTTP { $status })
created-task-not-shown = GET task/{ $id } does not show the task that was just created; declare lacks = ["task.read"] for a portal that cannot read tasks
created-task-unreadable = GET task/{ $id } does not show the created task
left-open-and-quick = the page leaves it open, and the profile quick spends no requests on that
left-to-larger-profiles = the profile quick leaves this to the larger profiles
no-id-known = no id is known for { $member }: set targets.{ $target }.known.{ $kind }, or declare lacks = ["{ $lacking }"]
never-shown-nor-promised = the portal never shows { $member }, and the page's sample answer does not promise it
only-one-id-known = only one id is known for { $member }, so a change cannot be seen: add a second to targets.{ $target }.known.{ $kind }
declared-to-lack = the target is declared to lack { $what }
full-creation-refused = a full creation is refused (HTTP { $status })
keeps-nothing-unsent = the portal does not keep what an update leaves out, so the later one wins
task-unreadable = the task cannot be read
task-unreadable-as-json = the task cannot be read as JSON
refuses-half-an-update = the portal refuses an update of half of the members, so two cannot be put in order
caller-unknown = the portal does not answer people/@self, so the caller is not known
milliseconds-refused = a deadline with milliseconds is refused, or the task cannot be read
no-error-answer = the portal gave no error answer
no-update-without = no update without { $member } was sent
no-update-without-judged = no update without { $member } could be judged
shows-no-member = the portal shows none of the members
shows-no-member-to-leave-out = the portal shows none of the members that an update could leave out
lone-member-not-seen = what an update of { $member } alone leaves could not be seen
no-entity-to-keep = the task could not be given an entity to keep or lose
became-not-seen = what became of { $member } could not be seen
refuses-so-nothing-reset = the portal refuses the update, so nothing of it can be reset ({ $member })
neither-title-read = neither of the two titles is read back
refuses-no-wrong-update = the portal refuses none of the wrong updates
refuses-no-wrong-update-to-undo = the portal refuses none of the wrong updates, so there is nothing to undo
lists-no-tasks-by-text = the portal does not list tasks by their text (task/filter, which is on neither page)
refuses-no-wrong-creation = the portal refuses none of the wrong creations
no-xml-in-any-way = the portal answers XML neither by the Accept header nor by the suffix .xml
lets-good-request-in-without-token = the portal does not refuse a good request without a token by its status either
one-of-two-updates-refused = one of two updates at the same time is refused, or the task cannot be read
one-of-several-creations-refused = one of several creations at the same time is refused
refuses-incomplete-update = the portal refuses an update that is not complete, here about { $member }; the page, which marks alertValue alone as optional, lets it. Pin expect.partial-update = "merge" to have it judged
no-change-answered-in-xml = the portal answers neither a creation nor an update in XML
task-unreadable-as-json-and-xml = the task cannot be read as JSON and as XML
asking-for-xml-refused = what asks for XML is refused (HTTP { $status })
date-like-texts-refused = an update with date-like texts is refused, or the task cannot be read
nothing-shows-whether-taken = no member shows whether it was taken
no-two-tasks-created = the portal does not create two tasks

## Reasons: PlanFix

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
lists-no-tasks-http = { $where } does not list tasks (HTTP { $status }).
task-changed-by-somebody-else = Task { $id } was changed by somebody else meanwhile, so its { $members } stayed as they are.
lent-task-unreadable = Task { $id }, which was lent, cannot be read, so it was not put back.
lent-task-is-another = Task { $id } cannot be read as the one that was lent, so it was not put back.
creation-may-have-made-a-task = A creation may have made a task that no answer named, and the portal's tasks could not be listed: look for { $mark } in titles and descriptions.
creation-answered-anothers-task = A creation was answered with task { $id }, which no read has shown to be this run's own: it was left alone, so look whose it is.
journal-unwritable = { $where }: the journal of what the run makes cannot be written ({ $why }), so nothing more is made.
task-keeps-other-values = Task { $id } could not be given back its former { $former }.
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
no-mark-in-task = GET task/{ $id } does not show this run's mark, { $mark }, and the calling user as the author, so the task is left alone
lacks-task-read-so-nothing-owned = the target is declared to lack task.read, so no task can be shown to be the run's own, and none is changed
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

## Reasons and notes: any portal

nothing-shows-it = the run brought no exchange that shows it
recording-shows-nothing = the recording has nothing that shows it
check-judged-nothing = the check judged nothing
not-reached = the run ended before its check
check-planned = its check comes with a later version
etalon-failed = Etalon itself failed here ({ $error }); please report it
earlier-run-left-tasks = An earlier run left tasks behind: `etalon clean { $target }` removes them.
left-on-portal = Left on the portal: { $what }
cleaning-up-failed = Cleaning up failed: { $error }
secret-in-plain-text = { $where }: a secret in plain text; better "env:{ $name }".
not-in-a-recording = it takes traffic that Etalon sends itself; a recording cannot show it

## What is said of a baseline

stale-no-requirement = { $where }: there is no requirement { $member }: remove the entry.
stale-no-behaviour = { $where }: { $named } is no behaviour of { $member }: expected one of { $listed }, or remove the entry.
stale-expired = { $where }: { $member } of { $target } was accepted until { $date }: remove the entry, or set another date.
stale-no-deviation = { $where }: { $member } of { $target } no longer deviates: remove the entry.
deviates-since = deviates since { $date }: { $what }
baseline-accepts = the baseline accepts this deviation: { $reason }
line-of-file = { $file }, line { $number }
deviates-since-then = deviates since { $date }

## What ends a conversation with a portal

still-throttled = { $where } still answers 429 Too Many Requests after { $count } waits: lower requests-per-second for this target, or try later.
max-requests-used-up = max-requests = { $count } of target { $target } is used up: raise it, or choose a smaller --profile.
unreachable-within = { $where } cannot be reached within { $seconds } seconds: is the url right and the portal running?
away-for-a-moment = { $where } was away for a moment: it answered { $doubt }.
portal-gone = { $where } answers { $doubt }, also to what it answered before: is the portal running?
status-and-nothing = { $status } and nothing
status-and-page = { $status } and a page
status-and-plain-text = { $status } and plain text
same-refusal-over-and-over = { $where } answered { $count } requests one after the other with { $status }: is the portal running?
server-errors-over-and-over = { $where } answered { $count } requests one after the other with server errors, the last with { $status }: it is left in peace.
too-much-in-all = { $where } has answered more than { $count } MiB of large answers.
proxy-of-unknown-kind = { $where } cannot be reached: the environment names a proxy of the kind { $kind }, and Etalon knows http and https ones.
coding-not-asked-for = { $where } answers in the coding { $coding }, which was not asked for.
proxy-refuses = { $where } cannot be reached: the proxy of the environment answers { $reason }.
no-tls = { $where } does not speak TLS: is https in the url right?
certificate-not-verified = { $where } has a certificate that cannot be verified ({ $why }): set ca to the file of the authority that has signed it.
verification-off = { $where }: the portal's certificate is NOT verified. Whoever stands between can read and change everything, the log-in included; better ca = "FILE".
no-answer-within = { $where } did not answer within { $seconds } seconds.
unreachable = { $where } cannot be reached ({ $reason }): is the url right and the portal running?
answer-not-unpacked = { $where } answers what cannot be unpacked ({ $reason }).
connection-broken-off = { $where } broke the connection off ({ $reason }).
answer-too-large = { $where } answered more than { $count } MiB to one request.
answer-not-finished-within = { $where } did not finish its answer within { $seconds } seconds.
token-refused = { $where } refused the token (401): get a new one by POST { $path }/authentication.
password-refused = { $where } refused user and password (HTTP { $status }); it locks an account after five failures, so check them before the next try.
no-json-api = { $where } answers { $what } (HTTP { $status }) where the API answers JSON: is the url the portal's own address?
lists-none-and-names-none = { $where } lists no { $kind } and the config names none, but a task cannot be created without one: set targets.{ $target }.known.{ $kind }.
limit-used-up = { $where } answers that its limit of requests is used up (0007): try again tomorrow, or raise the limit of the account.
lacks-task-add-and-names-no-tasks = { $where } is declared to lack task.add, so the tasks to work on have to be named: set targets.{ $target }.known.tasks to tasks that may be changed.
log-in-refused = { $where } answered auth.login with { $shown }: check user and password.
no-xml-api = { $where } answers { $what } (HTTP { $status }: { $error }) where the API answers XML: is the url the API's own address, like https://api.planfix.ru/xml/?
sessions-over-at-once = { $where } gives sessions that are over at once (0005): { $opened } of them let { $served } calls in; try again later, or log in by token.
creation-shows-no-id = the answer to a creation shows no id, and no list the task
refuses-isnotify = the portal refuses updates with isNotify, which is another requirement
name-without-address = the name has no address
login-refused = { $where } { $why }.
rehearsal-failed = what a run would send to { $where } cannot be foretold: the rehearsal ended with exit code { $code }.
portal-misconfigured = { $where }: { $why }
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

write-refused = { $where }: Etalon refused to write to { $what }.
task-not-shown-own = task { $id }, which no read has shown to be this run's own
task-not-just-shown-own = task { $id }, which no read has just shown to be this run's own
write-about-no-task = { $method } { $path }, which is about no task
write-by-function = what the function { $name } changes
mail-by-isnotify = people's mailboxes, by isNotify; set notify = true where that is welcome
mail-without-silent = people's mailboxes, without silent; set notify = true where that is welcome
write-by-general-number = a task by the number that the account counts, which goes before its id
people-not-known = { $kind } { $one }, whom known.{ $kind } does not name
day-too-near = people's calendars: { $day } is so near that they would be reminded
day-may-break-calendar = a calendar that { $day } may break
reminder-may-be-near = people's calendars: a reminder { $minutes } minutes before a deadline may be near
periodicity-begins-today = people's calendars: a periodicity that reminds them has no first day, so it begins today
max-tasks-used-up = max-tasks = { $number } of target { $name } is used up: raise it, or choose a smaller --profile.
