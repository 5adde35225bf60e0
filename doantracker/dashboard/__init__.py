"""Pages that need every app at once; own no data."""
