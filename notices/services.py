"""Telling seats what has happened: once, in the inbox, and by mail as each wants it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import batched
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from core import audit
from core.audit import Actor
from core.dates import start_of
from core.errors import require
from members.models import Seat, User
from members.rules import is_current
from notices import emails
from notices.enums import CHOICE_LABELS, FOREMOST, Action, Pace, Reason
from notices.models import Notice, Preference, Watch
from notices.queries import preferences_of, readable, stopped_by
from notices.querysets import NoticeQuerySet

# So many people get their weekly mail in one transaction: all other writers wait meanwhile.
PEOPLE_AT_ONCE = 100


@dataclass(frozen=True)
class Happening:
    """What is told: its ``key`` (``proposals.reply:12``), one line, its page, and facts to act on.

    ``about`` is the record that decides who may read of it; without one anybody may who is
    told. ``facts`` stand in the mail that follows at once: label and value. Never what was said
    in a talk. ``echoes`` is the key of the happening that this one follows from: whoever was
    told of that is not told again.
    """

    key: str
    text: str
    url: str
    about: models.Model | None = None
    facts: Mapping[str, str] = field(default_factory=dict)
    echoes: str = ""


@transaction.atomic
def tell(happening: Happening, audience: Iterable[tuple[Seat, Reason]], *, by: Actor) -> int:
    """Tells each person of ``audience`` once, at one seat; returns how many.

    That is the seat with the foremost reason, and its choice says how soon a mail follows. Left
    out are the person who acts, whoever has no current seat or no active account, and whoever
    was told before. Writes in the caller's transaction, with as many queries for one as for
    hundreds. ``audience`` brings the users and offices of its seats along; that they may read
    it is for the caller to ask.
    """
    chosen = one_seat_each(audience, by=by)
    keys = [key for key in (happening.key, happening.echoes) if key]
    told_before = Notice.objects.filter(key__in=keys, seat__user__in=chosen)
    for user_id in set(told_before.values_list("seat__user", flat=True)):
        del chosen[user_id]
    preferences = preferences_of(seat for seat, _ in chosen.values())
    notices = [
        _notice(happening, seat, reason, preferences[seat.pk].pace_for(reason))
        for seat, reason in chosen.values()
    ]
    Notice.objects.bulk_create(notices)
    emails.send_notices((row for row in notices if row.mailed_at), happening.facts)
    return len(notices)


def one_seat_each(
    audience: Iterable[tuple[Seat, Reason]], *, by: Actor
) -> dict[int, tuple[Seat, Reason]]:
    """The seat at which each person of ``audience`` is told, and why, by the person's id.

    Nobody of what they do themselves, whichever of their seats it reaches.
    """
    actor = by if isinstance(by, User) else getattr(by, "user", None)
    chosen: dict[int, tuple[Seat, Reason]] = {}
    for seat, reason in audience:
        if seat.user == actor or not is_current(seat):
            continue
        held = chosen.get(seat.user_id)
        if held is None or FOREMOST.index(reason) < FOREMOST.index(held[1]):
            chosen[seat.user_id] = seat, reason
    return chosen


def _notice(happening: Happening, seat: Seat, reason: Reason, pace: Pace) -> Notice:
    now = timezone.now()
    return Notice(
        seat=seat,
        key=happening.key,
        object=happening.about,
        reason=reason,
        text=happening.text[:300],
        url=happening.url,
        at=now,
        pace=pace,
        mailed_at=now if pace == Pace.NOW else None,
    )


def send_weekly(day: date) -> int:
    """Mails everybody what the week before the Monday of ``day`` has brought; returns how many.

    A Monday that was missed heals on the next day that runs. Nothing is mailed that was mailed
    before, that has been read since, that its reader may read no longer, or that the reader
    wants no mail of any more. In small transactions, so that it may be broken off and begun
    again.
    """
    monday = day - timedelta(days=day.weekday())
    owed = Notice.objects.due_weekly(start_of(monday)).order_by()
    people = sorted(owed.values_list("seat__user", flat=True).distinct())
    return sum(_send_weekly_to(part, monday) for part in batched(people, PEOPLE_AT_ONCE))


@transaction.atomic
def _send_weekly_to(people: Iterable[int], monday: date) -> int:
    owed = Notice.objects.due_weekly(start_of(monday)).filter(seat__user__in=people)
    notices = list(owed.select_related("seat__user").order_by("at", "pk"))
    preferences = preferences_of({notice.seat for notice in notices})
    by_person: dict[User, list[Notice]] = defaultdict(list)
    for notice in notices:
        pace = preferences[notice.seat_id].pace_for(Reason(notice.reason))
        if is_current(notice.seat) and pace != Pace.NONE:
            by_person[notice.seat.user].append(notice)
    told: dict[User, list[Notice]] = {}
    for user, theirs in by_person.items():
        ids = readable(user, theirs)
        if still := [notice for notice in theirs if notice.pk in ids]:
            told[user] = still
    emails.send_weekly(told, monday)
    mailed = {notice.pk for theirs in told.values() for notice in theirs}
    Notice.objects.filter(pk__in=mailed).update(mailed_at=timezone.now())
    left = {notice.pk for notice in notices} - mailed
    Notice.objects.filter(pk__in=left).update(pace=Pace.NONE)
    return len(told)


@transaction.atomic
def watch(record: models.Model, *, by: Seat) -> Watch:
    """Lets the seat be told of ``record`` from now on; twice is once. Raises ``NotAllowed``.

    That the seat may read it is for the caller to ask.
    """
    require(is_current(by))
    kind = Watch(object=record).object_type
    row, _ = Watch.objects.get_or_create(seat=by, object_type=kind, object_id=record.pk)
    return row


@transaction.atomic
def unwatch(record: models.Model, *, by: Seat) -> None:
    """The seat follows ``record`` no more."""
    Watch.objects.of(record).filter(seat=by).delete()


@transaction.atomic
def pass_watches(old_seat: Seat, new_seat: Seat) -> None:
    """The successor follows what ``old_seat`` does, which goes on until its last day."""
    Watch.objects.bulk_create(
        [
            Watch(seat=new_seat, object_type_id=row.object_type_id, object_id=row.object_id)
            for row in Watch.objects.filter(seat=old_seat).order_by("pk")
        ],
        ignore_conflicts=True,  # what the successor follows already
    )


@transaction.atomic
def mark_read(notices: NoticeQuerySet, *, by: User) -> int:
    """Notes that the person has read what their seats were told; returns how many were new."""
    return notices.visible_to(by).unread().update(read_at=timezone.now())


@transaction.atomic
def change_preference(data: Mapping[str, Any], *, by: Seat) -> Preference:
    """Keeps how the seat wants to be told: ``CHOICE_LABELS``, ``themes``, ``prefectures``.

    Raises ``NotAllowed`` for a seat that has ended.
    """
    require(is_current(by))
    row = _row_of(by)
    before = _content(row)
    for choice in CHOICE_LABELS:
        setattr(row, choice, data.get(choice, getattr(row, choice)))
    row.save()
    for many in ("themes", "prefectures"):
        if many in data:
            getattr(row, many).set(data[many])
    if changes := audit.differences(before, _content(row)):
        audit.record(Action.CHANGE_PREFERENCE, row, by=by, changes=changes)
    return row


@transaction.atomic
def unsubscribe(seat: Seat, kind: str) -> int:
    """No more mail of one kind, as the link at the foot of a mail asks; returns how many
    choices that changed (``queries.stopped_by``). The inbox goes on."""
    stops = stopped_by(seat, kind)
    for other, choice, pace in stops:
        row = _row_of(other)
        setattr(row, choice, Pace.NONE)
        row.save(update_fields=[choice])
        changes = {choice: audit.Change(pace, Pace.NONE)}
        audit.record(Action.UNSUBSCRIBE, row, by=other, changes=changes)
    return len(stops)


@transaction.atomic
def forget(user: User) -> None:
    """Deletes what an erased person's seats followed, were told and had chosen."""
    for model in (Notice, Watch, Preference):
        model.objects.filter(seat__user=user).delete()


def _row_of(seat: Seat) -> Preference:
    """The seat's own preference, locked. A new one keeps the themes that the seat had without."""
    inherited = Preference(seat=seat).wanted_themes
    row, is_new = Preference.objects.select_for_update(of=("self",)).get_or_create(seat=seat)
    if is_new:
        row.themes.set(inherited)
    return row


def _content(row: Preference) -> dict[str, Any]:
    chosen = {choice: getattr(row, choice) for choice in CHOICE_LABELS}
    return chosen | {
        "themes": [theme.name for theme in row.themes.all()],
        "prefectures": [prefecture.name for prefecture in row.prefectures.all()],
    }
