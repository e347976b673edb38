"""Every address of the portal × a last lead past its date: what opens, and what it may change."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client

from core.dates import today
from core.models import AuditEntry
from members.enums import Role
from members.models import Seat, User
from tests.answers import ROWS
from tests.test_resolver import address_of, session_of, status_of, undone, world

pytestmark = [pytest.mark.django_db, pytest.mark.once]

__all__ = ["world"]

# Of the members' pages these open; every other one is refused, or not there.
OPENED = {
    "portal:member_home": 200,
    "members:office_detail": 200,
    "members:office_confirm": 405,  # takes POST alone
    "members:office_sheet": 200,
    "members:handover_create": 200,
    "members:terms_accept": 302,  # accepted
    "members:terms_decline": 405,
    "members:passkey_login": 302,  # logged in
    "members:own_data": 200,  # of the account, like allauth's pages
    "members:own_data_export": 405,
}
# What a single POST writes, the confirmation and that the own data were taken; a handover is
# sent after its pages.
WRITES = {"members:office_confirm", "members:own_data_export"}
# The own account: allauth's pages, the same for everybody who is logged in.
ACCOUNT = ("account_", "mfa_", "usersessions_")


@pytest.fixture
def lingering(world) -> Seat:
    """The table's lead, past the date of the seat: everything there is of the own organization."""
    seat = world["users"]["lead"].seats.get()
    colleagues = Seat.objects.filter(office__organization=seat.organization, role=Role.LEAD)
    colleagues.exclude(pk=seat.pk).update(role=Role.DEPUTY)
    seat.valid_until = today() - timedelta(days=1)
    seat.save()
    assert User.objects.get(pk=seat.user_id).lingering_seats == [seat]
    return seat


def expected(row: str) -> set[int]:
    if row in OPENED:
        return {OPENED[row]}
    is_public = ROWS[row]["anon"] == 200
    return {200} if is_public else {403, 404}


def test_it_opens_handover_and_confirmation_alone(world, lingering):
    session = session_of(User.objects.get(pk=lingering.user_id))
    wrong = {}
    for row in ROWS:
        if row.startswith(ACCOUNT):
            continue
        with undone():
            status = status_of(address_of(row, world), session)
        if status not in expected(row):
            wrong[row] = status
    assert wrong == {}


@pytest.mark.parametrize("named", [True, False])
def test_it_writes_nothing_else(world, lingering, named):
    session = session_of(User.objects.get(pk=lingering.user_id))
    form = {"step": "done", "version": "1", "reason": "中止。", "body": "詳しく。"}
    form |= {"seat": lingering.pk} if named else {}
    wrote = set()
    for row in ROWS:
        if row.startswith(ACCOUNT):
            continue
        with undone():
            client = Client()
            client.cookies[settings.SESSION_COOKIE_NAME] = session
            before = AuditEntry.objects.count()
            client.post(address_of(row, world), form)
            if AuditEntry.objects.count() != before:
                wrote.add(row)
    assert wrote == WRITES
