## Parts of sentences: what happened to a member, or before it

does-keep = keeps it
does-clear = clears it
does-refuse = is refused
through-refused-updates = updates that were refused
through-refused-update = an update that was refused because { $why }
without-media-type = something without a media type

## Findings

shown-no-more = { $member } is shown no more after it was sent.
unsent-member-treated = An update that does not send { $member } { $does }.
answered-otherwise = { $member } is answered otherwise than it was written.
answer-without-task = The answer does not show the task.
answer-unlike-reading = The answer shows another { $member } than is read afterwards.
changed-without-update = { $member } changes: { $why }.
creation-takes-from-another = A creation that does not send { $member } gets that of another task.
read-unlike-sent = { $member } is read back otherwise than it was sent.
changed-unsent = { $member } changed in an update that does not send it.
changed-through = { $member } changed through { $what }.
update-refused-after-refusal = An ordinary update is refused once another request has been refused.
not-stored-after-refusal = { $member } is not what an ordinary update after a refused request sent.
read-otherwise-again = { $member } is read otherwise than before, though nothing was written in between.
other-task-changed = { $member } of { $role } changed, though no update named that task.
changes-in-life = { $member } changes in the life of a task.
not-what-steps-add-up-to = { $member } of task { $name } is not what the steps before add up to.
lost-beside-another-update = An update of { $member } is lost when another update comes at the same time.
behaves-otherwise = The portal's behaviour is { $observed }, where { $expected } is expected.

## How often a finding was seen

not-all-confirmed = The run could not be repeated as often as it takes to confirm every finding.
out-of-a-recording = Out of a recording: nothing was sent to the portal.
confirmed = confirmed { $times } of { $of }
unsteady = unsteady: seen { $times } of { $of }
not-repeated = could not be repeated: { $why }
not-repeated-again = seen { $times } of { $of }; could not be repeated again: { $why }
repetition-cut-off = the repetition did not come to its end
repetition-did-not-judge = the repetition did not judge it
no-requests-to-repeat = max-requests does not allow another run

## Steps of a finding that takes several

step-create-task = create task { $name }
step-create = create a task
step-read-one = read a task
step-update-one = update a task
step-remove-one = remove a task
step-remove-task = remove task { $name }
step-read-task = read task { $name }
step-read = read the task
step-update = update { $touched }
step-update-of-task = update { $touched } of task { $name }
step-update-of-task-refused = update { $touched } of task { $name } (refused)
step-update-task = update task { $name }
step-beside-next = { $step } (at the same time as the next)
step-beside-former = { $step } (at the same time as the one before)

## Values

nothing = (nothing)
not-shown = (not shown)
another-value-or-refusal = another value than before, or a refusal
http-status = HTTP { $status }
http-status-without-task = HTTP { $status } without a task
nothing-or-own-value = nothing, or a value of the portal's own
task-as-sampled = the task, as the page's sample answer shows it
no-content = nothing
step-call = { $function }
updated-task = the updated task
