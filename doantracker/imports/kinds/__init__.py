"""What can be imported: for each kind its columns, the check of its rows, and the acts that make them so."""
