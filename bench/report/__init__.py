"""Reports: one run's scores, laid out once as tables and printed in several formats."""
