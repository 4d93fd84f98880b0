"""What Etalon says of PlanFix alone, in English and Russian."""
