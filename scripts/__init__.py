"""Programs for those who work on doantracker; the running system does not need them."""
