"""What Etalon says of R7-Office alone, in English and Russian."""
