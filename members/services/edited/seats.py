"""Edits of seats: their roles and days."""

from collections import defaultdict
from collections.abc import Collection

from core.audit import Actor
from core.dates import today
from core.sheets.comparing import RowEdit
from core.sheets.fields import Problem
from members.enums import Role
from members.models import Seat
from members.queries import leaving_days
from members.services.edited.importing import EditedTable
from members.services.seats.seats import IN_ORDER, change_seat, days_refusals, end_seat

STAFF_SEAT = "事務局の担当は、表からは変えられません。「担当」の画面で変えてください"


def _refusals(edits: Collection[RowEdit]) -> list[Problem]:
    others = _others(edits)
    leaving = leaving_days({edit.row.office.organization_id for edit in edits})
    problems = []
    for edit in edits:
        seat, values = edit.row, edit.values
        if _only_ends(edit):
            found = {"valid_until": IN_ORDER} if values["valid_until"] < seat.valid_from else {}
        elif values.keys() & {"valid_from", "valid_until"}:
            found = days_refusals(
                seat,
                values.get("valid_from", seat.valid_from),
                values.get("valid_until", seat.valid_until),
                others=[item for item in others[seat.user_id, seat.office_id] if item != seat],
                leaving=leaving.get(seat.office.organization_id),
            )
        else:
            found = {}
        problems += [edit.refused(name, reason) for name, reason in found.items()]
    return problems


def _only_ends(edit: RowEdit) -> bool:
    """Whether all that is asked is a last day in the past, which ``end_seat`` takes."""
    values = edit.values
    last_day = values.get("valid_until")
    return list(values) == ["valid_until"] and last_day is not None and last_day < today()


def _others(edits: Collection[RowEdit]) -> dict[tuple[int, int], list[Seat]]:
    """All seats of the people of ``edits``, by person and office."""
    found = defaultdict(list)
    for seat in Seat.objects.filter(user__in={edit.row.user_id for edit in edits}):
        found[seat.user_id, seat.office_id].append(seat)
    return found


def _carry_out(edit: RowEdit, by: Actor, reason: str) -> None:
    """The seats' own history keeps no reason; that of the table has it."""
    values = edit.values
    if _only_ends(edit):
        end_seat(edit.row, last_day=values["valid_until"], by=by)
        return
    role = {"role": Role(values["role"])} if "role" in values else {}
    change_seat(edit.row, by=by, **{**values, **role})


SEAT_EDITS = EditedTable(Seat, _refusals, _carry_out, "office__organization")
