"""When the demo desk's tickets came in."""

from datetime import datetime, timedelta
from random import Random

YEARS_WORTH = 420  # days
LATELY = 1.9  # how much denser towards now; 1 would be even
FRIDAY = 4  # of weekday()


def arrivals(rng: Random, now: datetime, count: int) -> list[datetime]:
    """So many instants of a bit over a year, in order; most of them lie shortly back.

    By day and mostly on weekdays, as people write; the last at least ten minutes ago.
    """
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    latest = now.replace(microsecond=0) - timedelta(minutes=10)
    days = [YEARS_WORTH * (place / count) ** LATELY for place in range(count)]
    return sorted(_arrival(rng, today - timedelta(int(d)), latest) for d in days)


def _arrival(rng: Random, day: datetime, latest: datetime) -> datetime:
    at = day + timedelta(seconds=int(3600 * rng.triangular(5, 22, 10)))
    back = 0 if at <= latest else rng.randint(1, 3)
    free = (at - timedelta(back)).weekday() - FRIDAY
    if free > 0 and rng.random() < 0.85:
        back += free + rng.randint(0, 2)
    return at - timedelta(days=back)
