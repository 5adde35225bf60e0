"""How well: meetings, evaluations, inspections, field trips. Its nouns come with the issue that needs them."""
