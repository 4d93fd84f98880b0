## Reasons

creates-no-full-task = the portal creates no task from a full body (HTTP { $status })
created-task-not-shown = GET task/{ $id } does not show the task that was just created; declare lacks = ["task.read"] for a portal that cannot read tasks
created-task-unreadable = GET task/{ $id } does not show the created task
left-open-and-quick = the page leaves it open, and the profile quick spends no requests on that
left-to-larger-profiles = the profile quick leaves this to the larger profiles
no-id-known = no id is known for { $member }: set targets.{ $target }.known.{ $kind }, or declare lacks = ["{ $lacking }"]
never-shown-nor-promised = the portal never shows { $member }, and the page's sample answer does not promise it
only-one-id-known = only one id is known for { $member }, so a change cannot be seen: add a second to targets.{ $target }.known.{ $kind }
full-creation-refused = a full creation is refused (HTTP { $status })
keeps-nothing-unsent = the portal does not keep what an update leaves out, so the later one wins
task-unreadable-as-json = the task cannot be read as JSON
refuses-half-an-update = the portal refuses an update of half of the members, so two cannot be put in order
caller-unknown = the portal does not answer people/@self, so the caller is not known
milliseconds-refused = a deadline with milliseconds is refused, or the task cannot be read
no-update-without = no update without { $member } was sent
no-update-without-judged = no update without { $member } could be judged
shows-no-member = the portal shows none of the members
lone-member-not-seen = what an update of { $member } alone leaves could not be seen
no-entity-to-keep = the task could not be given an entity to keep or lose
became-not-seen = what became of { $member } could not be seen
refuses-so-nothing-reset = the portal refuses the update, so nothing of it can be reset ({ $member })
neither-title-read = neither of the two titles is read back
refuses-no-wrong-update = the portal refuses none of the wrong updates
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
lists-no-tasks-http = { $where } does not list tasks (HTTP { $status }).
no-mark-in-task = GET task/{ $id } does not show this run's mark, { $mark }, and the calling user as the author, so the task is left alone
lacks-task-read-so-nothing-owned = the target is declared to lack task.read, so no task can be shown to be the run's own, and none is changed

## What ends a conversation with a portal

token-refused = { $where } refused the token (401): get a new one by POST { $path }/authentication.
password-refused = { $where } refused user and password (HTTP { $status }); it locks an account after five failures, so check them before the next try.
no-json-api = { $where } answers { $what } (HTTP { $status }) where the API answers JSON: is the url the portal's own address?
lists-none-and-names-none = { $where } lists no { $kind } and the config names none, but a task cannot be created without one: set targets.{ $target }.known.{ $kind }.
creation-shows-no-id = the answer to a creation shows no id, and no list the task
refuses-isnotify = the portal refuses updates with isNotify, which is another requirement

## What the guard of the portal's other tasks and people refuses

write-about-no-task = { $method } { $path }, which is about no task
mail-by-isnotify = people's mailboxes, by isNotify; set notify = true where that is welcome
