"""How well: meetings and what they decide, pledges. What is owed because of them is a deadline of `plans`."""
