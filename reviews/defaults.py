"""The rules of rating a new installation begins with: data an administrator may change later."""

from __future__ import annotations

from reviews.models import RatingRule
from reviews.scoring import CAP_335, LEVELS_366


def install_rating_rules() -> None:
    """Add the rules of the central bodies where there are none."""
    if RatingRule.objects.exists():
        return
    best = LEVELS_366[0]
    RatingRule.objects.bulk_create(
        RatingRule(
            level=level.code,
            least=level.least,
            least_done=level.least_done,
            least_on_time=level.least_on_time,
            least_beyond=level.least_beyond,
            least_remedied=level.least_remedied,
            without_discipline=level.without_discipline,
            cap=CAP_335 if level is best else None,
        )
        for level in LEVELS_366
    )
