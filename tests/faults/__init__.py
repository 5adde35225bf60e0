"""Processes killed at random moments: kept out of the ordinary run, see docs/testing.md."""
