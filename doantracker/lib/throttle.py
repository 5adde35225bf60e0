"""So many requests in a stretch of time, counted in the shared cache."""

from __future__ import annotations

from django.core.cache import cache

from doantracker.lib import clock


def seconds_to_wait(key: str, *, limit: int, seconds: int) -> int:
    """Count one more request of `key`; return 0 while it is within `limit` a stretch, else how long it must wait."""
    now = int(clock.now().timestamp())
    stretch = f"throttle:{key}:{now // seconds}"
    cache.add(stretch, 0, timeout=seconds)
    try:
        count = cache.incr(stretch)
    except ValueError:  # it ran out between the two lines
        return 0
    return seconds - now % seconds if count > limit else 0
