"""An invented province to try everything on: its units, people, plans and what became of them."""
