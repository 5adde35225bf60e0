"""Acts of reviews: one change of state, one function."""
