## A user's mistakes: files that cannot be used, keys and values that are wrong

wants-value = a value
