"""Erasing what the log keeps of one person before the time of all personal values is over.

A side row is never changed: it is erased, and written again without what told of the person.
The rows of the log stay, and so do the digests in them; which side rows this has touched
stands in the log, so that ``verification`` tells it from a deletion by hand.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from core.audit.entries import Actor, record_run
from core.enums import Action
from core.models import AuditEntry, AuditPersonal
from core.traces import Crowd, Traces, flattened

# Under which the log keeps the numbers of the rows whose values an erasure has touched.
_ROWS = "対象の操作記録"
_SEPARATOR = "、"
# Side rows that are in memory at once.
_CHUNK = 1000
# The value of a side row that tells who acted.
_ACTOR = "actor"


def forget_people(people: Sequence[Traces], *, by: Actor) -> int:
    """Erases what the side rows hold of ``people``; returns how many rows that were.

    What is said of others in the same rows stays.
    """
    columns = ("entry_id", "salt", "values", "entry__object_type", "entry__object_id")
    sides = AuditPersonal.objects.values_list(*columns, "entry__actor_seat_id").order_by("pk")
    crowd, touched = Crowd(people), []
    for entry_id, salt, values, *about, seat_id in sides.iterator(chunk_size=_CHUNK):
        kept = _kept(values, (about[0], about[1]), seat_id, crowd)
        if len(kept) < len(values):
            touched.append((entry_id, salt, kept))
    for entry_id, salt, kept in touched:
        AuditPersonal.objects.filter(entry_id=entry_id).delete()
        if kept:
            AuditPersonal.objects.create(entry_id=entry_id, salt=salt, values=kept)
    if touched:
        numbers = _SEPARATOR.join(str(entry_id) for entry_id, *_ in touched)
        record_run(Action.FORGET_PEOPLE, by=by, counts={_ROWS: numbers})
    return len(touched)


def forgotten_rows() -> frozenset[int]:
    """The numbers of the audit rows whose personal values an erasure of people has touched.

    Only rows from before it: what a run says of later ones cannot be true, and would excuse
    whatever is deleted of them.
    """
    runs = AuditEntry.objects.filter(object_type="", object_id="", action=Action.FORGET_PEOPLE)
    return frozenset(
        number
        for run, changes in runs.values_list("pk", "changes")
        for number in _numbers(changes)
        if number < run
    )


def _numbers(changes: Any) -> list[int]:
    """What one run has noted; nothing where it is illegible."""
    try:
        return [int(number) for number in changes[_ROWS][1].split(_SEPARATOR)]
    except (KeyError, IndexError, TypeError, ValueError, AttributeError):
        return []


def _kept(
    values: Mapping[str, Any],
    about: tuple[str, str],
    seat_id: int | None,
    crowd: Crowd,
) -> dict[str, Any]:
    """``values`` of a side row without what tells of one of the ``crowd``."""
    kept, flat = dict(values), flattened(json.dumps(values, ensure_ascii=False))
    for person in crowd.concerned(flat, about, seat_id):
        acted, is_theirs = seat_id in person.seats, about in person.objects
        is_near = acted or is_theirs or about in person.near
        for name, value in list(kept.items()):
            is_own = acted if name == _ACTOR else is_theirs
            if is_own or person.are_in(value, is_near=is_near):
                del kept[name]
    return kept
