"""What breaks an answer down: values, ranges, cohorts and frequencies as segments with names."""
