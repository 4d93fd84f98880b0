## Words of the reports

label-report-of = Conformance report
label-skip = Skip to the results
label-language = Language
label-incomplete = This run is not complete.
label-incomplete-means = It was cut off before its end. What is missing was not checked; nothing follows from that.
label-interrupted = interrupted; removing what the run made (Ctrl-C again leaves it there)
label-mistake = Etalon itself failed ({ $summary }); please report it, README says where (What a verdict means)
label-others-in-the-config = without a name, only the embedded portals are judged; etalon run { $name } judges that of { $file }
label-no-targets = No portal was judged.
label-no-requirements = Nothing was checked, so nothing can be said.
label-figures = Figures of the run
label-requests = Requests
label-time = Time
label-seed = Seed
label-profile = Profile
label-version = Etalon
label-started = Started
label-command = Command
label-portals = Portals
label-portal = Portal
label-dialect = dialect
label-notes = Notes on this run
label-left-behind = Tasks left behind
label-left-behind-means = The run made these tasks and could not remove them:
label-what-deviates = What deviates
label-nothing-deviates = No deviation was found.
label-not-judged = What could not be judged
label-matrix = What an update does to each member
label-matrix-means = What becomes of a member that an update leaves out, or sends without a value.
label-matrix-alone = Sent alone: what becomes of all the others.
label-update-member = Member
label-not-shown = What this portal does not show
label-not-shown-means = The page's sample answer does not promise these members, and no answer had them. What becomes of them could not be judged, and counts neither for the portal nor against it:
label-fingerprint = How this portal behaves
label-fingerprint-means = Where several behaviours are possible, this is the one that was observed. Portals that behave alike have the same fingerprint:
label-instead-of = not
label-accepted = What the baseline accepts
label-accepted-means = These deviations are known and accepted for now; they do not fail the run.
label-accepted-badge = accepted
label-accepted-because = Accepted because
label-until = Until
label-link = Tracked at
label-baseline = Baseline
label-stale = The baseline no longer holds; this alone fails the run:
label-variables = The lines that show a finding again take these from the shell; set them first:
label-spending = Requests and time by theme
label-spending-means = Checks share what was sent once; it counts for the theme that needed it first.
label-no-theme = Logging in, cleaning up
label-coverage = What was sent of the spec
label-coverage-means = Each documented parameter: the kinds of value it was sent with, and in how many requests.
label-situations = What was tried together
label-situations-means = { NUMBER($covered, useGrouping: 1) } of { NUMBER($pairs, useGrouping: 1) } pairs of situations, in { $rows ->
    [one] { NUMBER($rows, useGrouping: 1) } row of the plan.
   *[other] { NUMBER($rows, useGrouping: 1) } rows of the plan.
 }
label-situations-left-out = Situations that this profile leaves out:
label-parameter = Parameter
label-kinds = Sent as
label-never-sent = never sent
label-all-requirements = All requirements
label-id = Id
label-theme = Theme
label-level = Level
label-verdict = Verdict
label-statement = Statement
label-source = Source
label-reason = Reason
label-behaviour = Behaviour
label-behaviours = Behaviours
label-expected-behaviour = Expected
label-checked = Checked
label-expected = Expected
label-observed = Observed
label-remaining = left:
label-nothing = nothing
label-differs-by = Code points that differ
label-request = Request
label-response = Response
label-reproduce = Reproduce
label-copy = Copy
label-copy-all = Copy all
label-copied = Copied
label-selected = Selected: press Ctrl+C
label-evidence-above = evidence above
label-filter = Filter
label-search = Search
label-all-themes = All themes
label-of = of
label-clear = Clear
label-open-all = Open all
label-close-all = Close all
label-nothing-matches = No requirement matches the filter.
label-legend = How to read the verdicts
label-total = Total
label-compared = Compared runs
label-old = Before
label-new = Now
label-cost = Requests and time
label-more = and more
label-no-changes = Nothing changed.
label-not-compared = No portal is in both runs, so nothing was compared.
label-runs-differ = The runs themselves differ, so part of the changes may come from that:
label-only-old = only in the old run
label-only-new = only in the new run
label-yes = yes
label-no = no

## Verdicts, levels, kinds: told apart by their names

verdict = { $verdict ->
    [conforms] conforms
    [deviates] deviates
    [observed] observed
    [not-testable] not testable
    [inconclusive] inconclusive
    [not-applicable] not applicable
    [planned] planned
   *[other] { $verdict }
}
overall = { $verdict ->
    [conforms] Conforms
    [deviates] Deviates
    [not-testable] Not testable
    [inconclusive] Inconclusive
   *[other] { $verdict }
}
verdict-meaning = { $verdict ->
    [conforms] checked, and the portal does what it owes
    [deviates] checked, and the portal does something else
    [observed] the page leaves it open; the behaviour is recorded, not judged
    [not-testable] not checked: an id or a credential is missing that you can supply
    [inconclusive] not settled: the portal could not be reached, throttled or broke off
    [not-applicable] not checked: this portal is declared to lack it, or does not show it
    [planned] not checked yet: the requirement is written down, its check is to come
   *[other] { $verdict }
}
level = { $level ->
    [must] must
    [should] should
    [silent] silent
   *[other] { $level }
}
level-meaning = { $level ->
    [must] the page says it
    [should] the page implies it
    [silent] the page leaves it open
   *[other] { $level }
}
value-kind = { $kind ->
    [absent] left out
    [null] null
    [true] true
    [false] false
    [zero] zero
    [positive] positive number
    [negative] negative number
    [fraction] fraction
    [at-32-bits] at the edge of 32 bits
    [list] list
    [object] object
    [empty] empty
    [guid] GUID
    [date] date
    [date-time] date and time
    [ascii] plain ASCII
    [cyrillic] Cyrillic
    [other-letters] other scripts
    [beyond-bmp] emoji and the like
    [markup] markup characters
    [quotes] quotes, backslashes
    [line-breaks] line breaks
    [spaces] outer or double spaces
    [invisible] invisible characters
    [long] 255 characters or more
   *[other] { $kind }
}
change = { $change ->
    [regressed] Regressed
    [behaviour-changed] Behaviour changed
    [no-longer-testable] No longer tested
    [newly-testable] Newly tested
    [fixed] Fixed
    [expectation-changed] Same behaviour, other expectation
    [appeared] Appeared
    [disappeared] Disappeared
   *[other] { $change }
}
situation = { $situation ->
    [absent] absent
    [alone] sent alone
    [null] null
    [zero] 0
    [empty] empty
   *[other] { $situation }
}
shell-variable = { $name ->
    [TASK_ID] the id that the creation answers
   *[other] { "" }
}
subject = { $subject ->
    [etalon] Etalon
    [profile] Profile
    [seed] Seed
    [complete] Complete
    [kind] Kind
    [dialect] dialect
    [url] Address
    [target] Portal
   *[other] { $subject }
}

## Counts

count-accepted = { $n ->
    [one] { NUMBER($n, useGrouping: 1) } deviation is accepted by the baseline.
   *[other] { NUMBER($n, useGrouping: 1) } deviations are accepted by the baseline.
}
count-check = { $n ->
    [one] { NUMBER($n, useGrouping: 1) } check
   *[other] { NUMBER($n, useGrouping: 1) } checks
}
count-request = { $n ->
    [one] { NUMBER($n, useGrouping: 1) } request
   *[other] { NUMBER($n, useGrouping: 1) } requests
}
count-deviation = { $n ->
    [one] { NUMBER($n, useGrouping: 1) } deviation
   *[other] { NUMBER($n, useGrouping: 1) } deviations
}
count-requirement = { $n ->
    [one] { NUMBER($n, useGrouping: 1) } requirement
   *[other] { NUMBER($n, useGrouping: 1) } requirements
}
count-parameter = { $n ->
    [one] { NUMBER($n, useGrouping: 1) } parameter
   *[other] { NUMBER($n, useGrouping: 1) } parameters
}
count-exchange = { $n ->
    [one] { NUMBER($n, useGrouping: 1) } exchange
   *[other] { NUMBER($n, useGrouping: 1) } exchanges
}
count-step = { $n ->
    [one] { NUMBER($n, useGrouping: 1) } step
   *[other] { NUMBER($n, useGrouping: 1) } steps
}
count-character = { $n ->
    [one] { NUMBER($n, useGrouping: 1) } character
   *[other] { NUMBER($n, useGrouping: 1) } characters
}
count-left-out = { $n ->
    [one] { NUMBER($n, useGrouping: 1) } character left out
   *[other] { NUMBER($n, useGrouping: 1) } characters left out
}
verdict-of-count = { $verdict ->
    [conforms] conforms
    [deviates] deviates
    [observed] { $n ->
       *[other] observed
    }
    [not-testable] not testable
    [inconclusive] inconclusive
    [not-applicable] not applicable
    [planned] planned
   *[other] { $verdict }
}
sentence-of-verdict = { $verdict ->
    [conforms] { $n ->
        [one] { NUMBER($n, useGrouping: 1) } requirement is kept.
       *[other] { NUMBER($n, useGrouping: 1) } requirements are kept.
    }
    [deviates] { $n ->
        [one] { NUMBER($n, useGrouping: 1) } requirement is not kept.
       *[other] { NUMBER($n, useGrouping: 1) } requirements are not kept.
    }
    [observed] { $n ->
        [one] { NUMBER($n, useGrouping: 1) } behaviour that the documentation leaves open is recorded.
       *[other] { NUMBER($n, useGrouping: 1) } behaviours that the documentation leaves open are recorded.
    }
    [not-testable] { $n ->
        [one] { NUMBER($n, useGrouping: 1) } requirement could not be tested: something is missing that you can supply.
       *[other] { NUMBER($n, useGrouping: 1) } requirements could not be tested: something is missing that you can supply.
    }
    [inconclusive] { $n ->
        [one] { NUMBER($n, useGrouping: 1) } requirement could not be settled.
       *[other] { NUMBER($n, useGrouping: 1) } requirements could not be settled.
    }
    [not-applicable] { $n ->
        [one] { NUMBER($n, useGrouping: 1) } does not apply to this portal.
       *[other] { NUMBER($n, useGrouping: 1) } do not apply to this portal.
    }
   *[planned] { $n ->
        [one] { NUMBER($n, useGrouping: 1) } is planned and was not checked.
       *[other] { NUMBER($n, useGrouping: 1) } are planned and were not checked.
    }
}
number = { NUMBER($n, useGrouping: 1) }
decimal = { $whole }.{ $tenths }
duration = { $number }{ "\u00A0" }s
count-cause = { $n ->
    [one] One cause explains these deviations:
   *[other] { NUMBER($n, useGrouping: 1) } causes explain these deviations:
 }
label-breaks-too = The same steps also break { $rows }.
label-same-cause = The same steps show these deviations, too:
