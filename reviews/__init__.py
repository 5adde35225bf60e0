"""How well: meetings and what they decide. Everything that is owed because of them is a deadline of `plans`."""
