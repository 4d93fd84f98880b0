"""What a PlanFix portal owes: pure functions over exchanges."""
