## Reasons and notes

declared-to-lack = the target is declared to lack { $what }
task-unreadable = the task cannot be read
no-error-answer = the portal gave no error answer
shows-no-member-to-leave-out = the portal shows none of the members that an update could leave out
refuses-no-wrong-update-to-undo = the portal refuses none of the wrong updates, so there is nothing to undo
task-changed-by-somebody-else = Task { $id } was changed by somebody else meanwhile, so its { $members } stayed as they are.
lent-task-unreadable = Task { $id }, which was lent, cannot be read, so it was not put back.
lent-task-is-another = Task { $id } cannot be read as the one that was lent, so it was not put back.
creation-may-have-made-a-task = A creation may have made a task that no answer named, and the portal's tasks could not be listed: look for { $mark } in titles and descriptions.
creation-answered-anothers-task = A creation was answered with task { $id }, which no read has shown to be this run's own: it was left alone, so look whose it is.
journal-unwritable = { $where }: the journal of what the run makes cannot be written ({ $why }), so nothing more is made.
task-keeps-other-values = Task { $id } could not be given back its former { $former }.
nothing-shows-it = the run brought no exchange that shows it
recording-shows-nothing = the recording has nothing that shows it
check-judged-nothing = the check judged nothing
not-reached = the run ended before its check
no-check-is-bound = no check of the suites is bound to it, as far as they were collected
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
name-without-address = the name has no address
rehearsal-failed = what a run would send to { $where } cannot be foretold: the rehearsal ended with exit code { $code }.
portal-misconfigured = { $where }: { $why }

## What the guard of the portal's other tasks and people refuses

write-refused = { $where }: Etalon refused to write to { $what }.
task-not-shown-own = task { $id }, which no read has shown to be this run's own
task-not-just-shown-own = task { $id }, which no read has just shown to be this run's own
people-not-known = { $kind } { $one }, whom known.{ $kind } does not name
day-too-near = people's calendars: { $day } is so near that they would be reminded
day-may-break-calendar = a calendar that { $day } may break
reminder-may-be-near = people's calendars: a reminder { $minutes } minutes before a deadline may be near
periodicity-begins-today = people's calendars: a periodicity that reminds them has no first day, so it begins today
max-tasks-used-up = max-tasks = { $number } of target { $name } is used up: raise it, or choose a smaller --profile.
settles-in-time = the portal is declared to show changes later, so two reads may differ
