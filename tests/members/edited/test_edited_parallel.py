"""An import at the same moment as a single change: neither waits for the other in a circle."""

from datetime import timedelta
from functools import partial

import pytest

from core.audit import System
from core.dates import today
from core.sheets.comparing import CellEdit, Comparison, RowEdit
from members import services
from members.models import Membership, Seat
from members.services.edited import MEMBERSHIP_EDITS, SEAT_EDITS, EditedTable, import_edited
from members.sheets import MEMBERSHIP_SHEET, SEAT_SHEET
from tests.factories.members import MembershipFactory, SeatFactory
from tests.members.offices.test_services import at_once

pytestmark = pytest.mark.django_db(transaction=True)

BY = System("見本")
LAST_DAY = today() + timedelta(days=30)


def taken_in(table: EditedTable, column: str, row: Seat | Membership) -> None:
    """Imports a new last day for ``row``."""
    sheet = SEAT_SHEET if table is SEAT_EDITS else MEMBERSHIP_SHEET
    (found,) = [each for each in sheet.columns if each.name == column]
    edit = RowEdit(2, row, [CellEdit(found, "", LAST_DAY.isoformat(), LAST_DAY)])
    comparison = Comparison([edit])
    import_edited(
        table, [row.pk], lambda: comparison, digest=comparison.digest, reason="異動", by=BY
    )


def test_a_seat():
    seat = SeatFactory()
    at_once(
        partial(taken_in, SEAT_EDITS, "valid_until", seat),
        partial(services.end_seat, seat, last_day=LAST_DAY, by=BY),
    )
    seat.refresh_from_db()
    assert seat.valid_until == LAST_DAY


def test_a_membership():
    membership = MembershipFactory()
    at_once(
        partial(taken_in, MEMBERSHIP_EDITS, "left", membership),
        partial(services.withdraw_membership, membership, left=LAST_DAY, by=BY, reason="x"),
    )
    membership.refresh_from_db()
    assert membership.left == LAST_DAY
