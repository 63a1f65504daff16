"""`make bench`: what the budgets limit, as ratios of one run on one machine; never part of the tests."""
