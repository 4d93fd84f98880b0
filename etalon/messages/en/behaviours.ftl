## What a behaviour's name means; the name itself, which a target pins, stays beside it

behaviour = { $name }
behaviour-meaning = { $name }
