"""Search over everything a person may see; needs every app, owns no data."""
