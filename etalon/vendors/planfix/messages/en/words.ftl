## Added to the shell variables that every vendor has

shell-variable = { $name ->
    [PLANFIX_SID] the session that auth.login answers
    [PLANFIX_SIGNATURE] the signature of the request, made with the private key
   *[other] { "" }
}
