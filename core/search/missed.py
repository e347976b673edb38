"""Searches that found nothing: the secretariat sees what is missing, or what else to call it."""

from datetime import date, timedelta

from django.db.models import F
from django.utils import timezone

from core.dates import start_of
from core.models import MissedSearch
from core.search.matching import words

KEEP_DAYS = 90
# Whoever floods the public search fills no more than this.
MOST_KEPT = 2000
_LONGEST = 60


def note_missed(query: str, place: str) -> None:
    """Counts that ``query`` found nothing in ``place``; who asked is not kept.

    A pasted page, which is no search, is not noted.
    """
    found = " ".join(words(query))
    if not found or len(found) > _LONGEST:
        return
    now = timezone.now()
    same = MissedSearch.objects.filter(place=place, words=found)
    if same.update(count=F("count") + 1, last_at=now) or MissedSearch.objects.count() >= MOST_KEPT:
        return
    row = MissedSearch(place=place, words=found, last_at=now)
    MissedSearch.objects.bulk_create([row], ignore_conflicts=True)  # somebody else just did


def clear_missed(day: date) -> str:
    """Deletes what nobody has looked for in ``KEEP_DAYS``."""
    old = MissedSearch.objects.filter(last_at__lt=start_of(day - timedelta(days=KEEP_DAYS)))
    return f"{old.delete()[0]} searches that found nothing"
