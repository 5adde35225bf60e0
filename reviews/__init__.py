"""How well: meetings and what they decide, pledges, feedback rounds.

What is owed because of them is a deadline of `plans`.
"""
