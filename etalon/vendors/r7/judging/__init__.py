"""What an R7 portal owes: members as the spec annotates them, rules over changes, laws over all traffic."""
