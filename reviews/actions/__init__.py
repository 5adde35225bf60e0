"""What people do with meetings: each act one function, one transaction, one row of the log."""
