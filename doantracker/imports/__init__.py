"""Data from spreadsheets: a template to fill in, a dry run that says what is wrong, and all of it or nothing."""
