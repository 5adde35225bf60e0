"""Search in stored folded columns: every word must begin a word of one of them."""

from django.db.models import Q

from doantracker.lib.text import search_key

LONGEST = 200  # characters looked at
MOST_WORDS = 10


def holds_every_word(words: str, *columns: str) -> Q:
    """Return a filter for rows where each of `words`, with or without accents, begins a word in one of `columns`."""
    found = Q()
    for word in search_key(words[:LONGEST]).split()[:MOST_WORDS]:
        beginnings = Q()
        for column in columns:
            beginnings |= Q(**{f"{column}__startswith": word}) | Q(**{f"{column}__contains": f" {word}"})
        found &= beginnings
    return found
