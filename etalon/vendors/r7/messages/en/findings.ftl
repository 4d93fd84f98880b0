## Parts of sentences: what happened to a member, or before it

after-another-update = another task was updated
after-another-change = another task was changed
after-another-creation = another task was created
after-the-same-values = an update with the values that it had was sent
after-the-other-order = the same two updates were sent in the other order
after-the-same-update = the same update was sent again
without-valid-token = the update carried no valid token
after-an-error-answer = the update was answered with an error

## Findings

answer-unlike-sample = The answer to { $operation } is not of the sample answer's form at { $place }.
whole-answer = (the whole answer)
answer-no-json-object = The answer to { $operation } says that it is JSON, but shows no JSON object.
success-without-status-zero = The answer to { $operation } is a success, but its status is not 0.
json-under-another-content-type = The answer to { $operation } is JSON, but its Content-Type says otherwise.
answer-repeats-token = The answer to { $operation } repeats the caller's token.
one-id-two-names = { $member } has one id and two names.
refused-as-large-as-needed = the portal refuses what sends { $member } as large as Etalon has to make it, so that no reminder is ever due
xml-by-suffix-alone = the portal answers XML where the path ends in .xml, and no page says how to ask
answer-shows-password = The answer to { $operation } shows a password.
update-reopens-task = An update reopens a closed task.
closes-no-tasks = the portal does not close tasks (task/{ "{" }id{ "}" }/close, which is on neither page)
refuses-to-update-closed-task = the portal refuses to update a closed task
answer-of-another-id = The answer to { $operation } shows another id than the one asked for.
server-error-answer = { $operation } is answered with a server error.
lone-member-changes-another = An update that sends { $member } alone changes { $other }.
lone-member-treats-others = An update that sends { $member } alone: the others are not treated as expected.
treatment-varies = What an update does with { $member } changes from one example to the next.
done-without-token = A request without a valid token is carried out.
notifying-creation-refused = A creation with isNotify is refused.
minimal-creation-refused = A creation without the optional members is refused.
created-id-of-another = Under the id that a creation answers, there is not the task that it made.
created-not-read = what was created is not what is read under the id that the portal answered
no-created-task-read = no task can be read that was created
created-with-one-id = Two created tasks have the same id.
author-not-caller = The author of a created task is not the user who created it.
deadline-refused = A deadline that is spelled as the page allows is refused.
task-lost = A task can no longer be read: { $why }.
refused-creation-creates = A creation that is answered with an error creates a task all the same.
other-in-xml = { $member } is another in XML than in JSON.
not-answered-in-json = A request that accepts application/json is answered otherwise.
xml-unlike-sample = The XML answer is not of the sample answer's form.
xml-without-task = The XML answer does not show the task.
legal-update-refused = An update with a legal { $member } is refused.
full-update-refused = An update with every member, isNotify among them, is refused.
unsent-members-mixed = When they are not sent, an update keeps { $kept } and clears { $cleared }: an integrator cannot rely on either reading of the page.
schemathesis-check-fails = Schemathesis's check { $check } fails on an answer to { $operation }.
deleted-task-there = A deleted task is still there.
undeleted-task-lost = A task that nobody deleted can no longer be read after a sequence of changes.
deleted-without-token = A task is gone after a deletion without a valid token.
concurrent-creations-with-one-id = Tasks created at the same time have the same id.
concurrent-creations-mixed = Of tasks created at the same time, one has the title of another.
deadline-altered = A deadline is taken, and read back as another instant.
not-the-same-in-xml = { $member } is not the same in XML as in JSON.
capital-guid-not-taken = A responsible person whose GUID is written in capitals is not taken.
date-like-text-altered = A { $member } that looks like a date is read back as another text.

## Steps of a finding that takes several

step-read-deleted = read task { $name }, which is deleted
step-create-task-with = create task { $name } with { $sent }
step-update-task-with = update task { $name } with { $sent }
step-delete-task = delete task { $name }

## Values

json-object = a JSON object
a-refusal = a refusal
what-check-asks-for = what { $check } asks for
no-such-element = (no such element)
below-500 = an answer below 500
another-treatment = another treatment of what is not sent
different-ids = different ids
http-status-and-task = HTTP { $status } and the task
no-content-type = no Content-Type
no-media-type = no media type
no-password = no password in the answer
member-password = a member password
no-status = no status
no-task = no task
no-task-under = no task under { $id }
no-token = no token in the answer
no-well-formed-xml = no well-formed XML: { $error }
one-treatment = one treatment of all members that are not sent
result-with-status-response = result with status, response
task-of-id = task { $id }
created-task = the created task
the-task = the task
task-as-it-was = the task as it was
the-token = the token
bytes-ending-in = { $length } bytes, ending in { $end }
element-with = { $element } with { $children }
behaviour-with-status = { $behaviour } (HTTP { $status })
schemathesis-server-error = Server error
schemathesis-content-type = Undocumented Content-Type

    Received: { $received }
    Documented: { $documented }
schemathesis-violates-schema = Response violates schema

    { $rest }
task-made-unasked = There is a task that no creation asked for.
same-update-refused = The same update is refused when it is sent once more.
