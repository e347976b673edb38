"""Reads over notices, preferences and what they are about."""

from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from itertools import batched
from typing import NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from core.prepared import Prepared
from members.models import Organization, Seat, User
from members.querysets import SeatQuerySet
from members.rules import is_current
from notices.enums import ALL_WEEKLY, CHOICE_LABELS, Pace
from notices.models import Notice, Preference, Watch

_KEYS_AT_ONCE = 500


def preferences_of(seats: Iterable[Seat]) -> dict[int, Preference]:
    """The preferences of ``seats`` by the seat's id; the defaults where there are none."""
    seats = list(seats)
    rows = {row.seat_id: row for row in Preference.objects.filter(seat__in=seats)}
    return {seat.pk: rows.get(seat.pk) or Preference(seat=seat) for seat in seats}


def seats_wanting_new(themes: Iterable[int], prefecture: int | None) -> SeatQuerySet:
    """Which seats are to be told of a new proposal with these themes, from that prefecture.

    Those that have chosen one of them, and those that have chosen nothing yet where the
    organization's profile names one of the themes (``Preference.wanted_themes``).
    """
    themes = list(themes)
    chosen = Preference.objects.wanting_new(themes, prefecture).values("seat")
    interested = Organization.objects.filter(themes__in=themes).order_by().values("pk")
    inherited = ~Exists(Preference.objects.filter(seat=OuterRef("pk")))
    return Seat.objects.filter(
        Q(pk__in=chosen) | (inherited & Q(office__organization__in=interested))
    )


def told_keys(keys: Iterable[str]) -> set[str]:
    """Those of ``keys`` that somebody was told of."""
    return {
        key
        for part in batched(keys, _KEYS_AT_ONCE)
        for key in Notice.objects.filter(key__in=part).values_list("key", flat=True)
    }


def readable(user: User, notices: Iterable[Notice]) -> set[int]:
    """The ids of those whose record ``user`` may read now; one query for each kind of record.

    What somebody was told once may have been hidden since, or narrowed to the wards.
    """
    notices = list(notices)
    asked: dict[int, set[int]] = defaultdict(set)
    for notice in notices:
        if notice.object_type_id is not None:
            asked[notice.object_type_id].add(notice.object_id)
    seen = {kind: _visible(user, kind, ids) for kind, ids in asked.items()}
    return {
        notice.pk
        for notice in notices
        if notice.object_type_id is None or notice.object_id in seen[notice.object_type_id]
    }


def watched_by(seat: Seat) -> list[models.Model]:
    """What the seat follows and its holder may read, the latest follow first."""
    watches = list(Watch.objects.filter(seat=seat).order_by("-since", "-pk"))
    asked: dict[int, set[int]] = defaultdict(set)
    for watch in watches:
        asked[watch.object_type_id].add(watch.object_id)
    found = {
        (kind, row.pk): row
        for kind, ids in asked.items()
        for row in _model_of(kind)._default_manager.visible_to(seat.user).filter(pk__in=ids)
    }
    keys = [(watch.object_type_id, watch.object_id) for watch in watches]
    return [found[key] for key in keys if key in found]


def _visible(user: User, kind: int, ids: set[int]) -> set[int]:
    rows = _model_of(kind)._default_manager.visible_to(user).filter(pk__in=ids).order_by()
    return set(rows.values_list("pk", flat=True))


def _model_of(kind: int) -> type[models.Model]:
    return ContentType.objects.get_for_id(kind).model_class()


def _unread_of(*seats: int) -> QuerySet[Notice]:
    unread = Notice.objects.filter(seat__in=seats).unread().order_by()
    return unread.values("read_at").annotate(number=Count("pk")).values_list("number")


@cache
def _unread(seats: int) -> Prepared:
    """For so many seats."""
    return Prepared(_unread_of, *[int] * seats)


def unread_count(user: User) -> int:
    """How many notices the person has not read, of all current seats."""
    seats = [seat.pk for seat in user.current_seats]
    return sum(number for (number,) in _unread(len(seats))(*seats)) if seats else 0


def _watches_of(seat: int, kind: int, record: int) -> QuerySet[Watch]:
    return Watch.objects.filter(seat=seat, object_type=kind, object_id=record).values_list("pk")


_watches = Prepared(_watches_of, int, int, int)


def is_watched(seat: Seat, record: models.Model) -> bool:
    """Whether the seat follows ``record``."""
    return bool(_watches(seat.pk, ContentType.objects.get_for_model(record).pk, record.pk))


class Stop(NamedTuple):
    """A mail that a link stops: for which seat, which of its choices, and how it comes now."""

    seat: Seat
    choice: str
    pace: Pace

    @property
    def text(self) -> str:
        return f"{CHOICE_LABELS[self.choice]}（{self.pace.label}）"


def stopped_by(seat: Seat, kind: str) -> list[Stop]:
    """What a mail's link would stop; empty when that has been done, or the seat has ended.

    ``kind`` is one of the seat's choices. ``ALL_WEEKLY`` means all that comes weekly to the
    person, who gets one mail for all current seats. An old mail may lie where its reader has
    left: once its seat has ended, its link reaches none of the person's other seats.
    """
    if not is_current(seat):
        return []
    seats = [seat]
    choices: Iterable[str] = [kind]
    if kind == ALL_WEEKLY:
        seats, choices = seat.user.current_seats, CHOICE_LABELS
    preferences = preferences_of(seats)
    stops = [
        Stop(other, choice, Pace(getattr(preferences[other.pk], choice)))
        for other in seats
        for choice in choices
    ]
    if kind == ALL_WEEKLY:
        return [stop for stop in stops if stop.pace == Pace.WEEKLY]
    return [stop for stop in stops if stop.pace != Pace.NONE]
