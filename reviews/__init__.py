"""How well: scores, quotas and the small registers of people."""
