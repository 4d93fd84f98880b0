## Added to the shell variables that every vendor has

shell-variable = { $name ->
    [PLANFIX_SID] сессия из ответа на auth.login
    [PLANFIX_SIGNATURE] подпись запроса, сделанная закрытым ключом
   *[other] { "" }
}
