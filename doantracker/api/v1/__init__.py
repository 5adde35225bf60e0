"""Version 1 of the API. What it promises is in docs/api.md; it changes by additions only."""
