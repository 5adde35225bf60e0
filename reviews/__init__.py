"""How well: the register of pledges."""
