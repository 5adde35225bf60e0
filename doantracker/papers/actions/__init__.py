"""What people do with papers: each act one function, one transaction, one row of the log."""
