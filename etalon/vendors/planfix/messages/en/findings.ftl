## Parts of sentences: what was wrong with a request

wrong-api-key = the API key is wrong
no-such-account = there is no such account
session-never-given = the portal never gave this session or token
no-such-function = there is no such function
not-well-formed = the document is not well-formed
no-such-user = there is no such user
no-such-task = there is no such task
no-such-project = there is no such project
no-such-client = there is no such client
no-such-group = there is no such group
end-before-start = the end lies before the start
periodicity-of-two-kinds = the periodicity has two kinds
periodicity-without-kind = the periodicity has no kind
names-no-task = no task is named
found-wrong = the portal found it wrong
names-no-session = no session and no token is named
signed-with-another-key = the signature is made with another key
signature-of-other-values = the signature belongs to other values
not-listed = { $path } is { $value }, which is not one of the values listed
not-a-number = { $path } is { $value }, which is no number
neither-0-nor-1 = { $path } is { $value }, which is neither 0 nor 1
neither-form-of-a-date = { $path } is { $value }, which has neither of the two forms of a date
no-such-day-or-time = { $path } is { $value }, and there is no such day or time
no-day-of-a-week = { $path } is { $value }, and a week has the days 1 to 7
out-of-range = { $path } is { $value }, which lies out of range
breaks-constraint = { $what } ({ $constraint }, XSD { $clause })
breaks-the-schema = { $path } breaks the schema
end-before-its-start = the end lies before the start that the task has

## Parts of sentences: what happened to a member, or before it

role-neighbour = a neighbour
role-parent = the parent
role-child = a child
without-code = without a code

## Findings

read-unlike-creation = { $member } is read back otherwise than the task was created with.
log-in-unlike-page = { $where } answered auth.login with { $what }, where its page shows ok with a sid, or error.
no-response-document = { $where } answers { $what } where its page shows a document with the root response.
no-short-date-read = no date without a time of day could be read back
signed-otherwise = the portal signs documents of a wrong form otherwise
status-neither-ok-nor-error = The answer's status is neither ok nor error.
function-answers-another-id = { $function } answers with another id than it was asked for.
answer-against-schema = The answer does not validate against its schema.
answer-repeats-secret = The answer repeats a secret of the request.
answer-no-document = The answer is not a document of the API.
not-of-the-new-kind = { $member } does not become the one of the new kind.
there-after-unset = { $member } is still there after unset.
changed-by-empty-update = { $member } changed in an update that sends no member at all.
changed-beside = { $member } changed in an update that names only { $changed }.
workers-not-updated = { $member } are not those of before with the update applied.
workers-lost-by-addition = { $member } lose those who were there when others are added.
workers-not-once = { $member } do not list each worker once who is added again.
workers-of-unsorted-list = { $member } lack some of an unsorted list.
ok-although = An ok is answered although { $why }.
sound-update-refused = An update of { $member } that keeps to the page is refused.
empty-update-refused = An update that names only the task is refused.
one-code-for-two = One code is answered although { $why }, and although { $other }.
creation-answers-another-id = A creation is answered with the id of another task.
two-tasks-one-id = Two created tasks have one id.
entity-expanded = An entity that the request declares itself is expanded in { $member }.
form-refused = An update is refused that is sent { $how }.
lost-in-form = { $member } does not arrive when it is sent { $how }.
workers-not-restored = { $member } are not those of before after an addition was undone.
form-quotes-as-entities = with its quotes as entities
form-decimal-references = with decimal character references
form-hexadecimal-references = with hexadecimal character references
form-cdata = with text in CDATA sections
form-comments = with comments inside and between its elements
form-processing-instructions = with processing instructions in its texts
form-single-quotes = with attributes in single quotes
form-no-declaration = without an XML declaration
form-byte-order-mark = with a byte order mark
form-windows-1251 = in windows-1251, as it declares
form-indented = indented
form-opposite-order = with its members in the opposite order
form-line-ends = with line ends of CR LF and CR
form-blanks-in-tags = with blanks inside its tags
form-several = in several forms at once

## Values

refusal-or-nothing = a refusal, or nothing in its place
characters-in-its-place = { $length } characters in its place
response-document = a response document
a-secret = a secret
error-answer = an error answer
error-answer-with-code = an error answer with code { $code }
an-id-each = an id each
ok-answer = an ok answer
different-codes = different codes
no-id = no id
no-ok-answer = no ok answer
no-secret = no secret
ok-or-error = ok or error
code-for-both = { $code } for both
member-as-described = { $place } as the schema describes it
the-status = the status { $status }
ok-and-no-sid = ok and no sid
error-of-code = error { $code }
error-without-code = an error without a code
no-code = no code
xml-too-large = XML with more than { NUMBER($count, useGrouping: 1) } elements and attributes
ill-formed-xml = no well-formed XML
no-xml = no XML
xml-with-document-type = XML with a document type declaration
xml-with-root = XML with the root { $root }
