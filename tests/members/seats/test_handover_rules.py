"""Every role × every handover: rules, lists and pages say the same."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import rules as permissions
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from core.dates import today
from members import rules
from members.enums import InvitationStatus, Role, UserKind
from members.models import Handover, Office, Seat
from tests.factories.members import HandoverFactory, OfficeFactory, SeatFactory

pytestmark = pytest.mark.django_db

YESTERDAY = today() - timedelta(days=1)
# Who may do what with the handover of the deputy's seat, and with the one of a last lead.
HANDLES = {
    "deputys": {"lead", "second_lead", "shared_lead", "deputy"},
    "lingering": {"lingering"},
    "accepted": {"lead", "second_lead", "shared_lead", "ending"},
    "staffs": set(),
}
SEES = {
    "deputys": HANDLES["deputys"] | {"staff"},
    "lingering": {"lingering", "staff"},
    "accepted": HANDLES["accepted"] | {"successor", "staff"},
    "staffs": {"staff"},
}


@pytest.fixture
def seats(lead, deputy, reader, other_lead, ward_lead, staff, office) -> dict[str, Seat]:
    second = OfficeFactory(organization=office.organization, name="総務課", is_main=False)
    return {
        "lead": lead,
        "second_lead": SeatFactory(office=second),
        "shared_lead": SeatFactory(office=office, user__kind=UserKind.OFFICE),
        "deputy": deputy,
        "reader": reader,
        "ending": SeatFactory(office=office, role=Role.READER, valid_until=today()),
        "successor": SeatFactory(office=office, role=Role.READER),
        "other_lead": other_lead,
        "ward_lead": ward_lead,
        "staff": staff,
        "ended": SeatFactory(office=office, role=Role.DEPUTY, valid_until=YESTERDAY),
        "lingering": SeatFactory(valid_until=YESTERDAY),
        "coming": SeatFactory(office=office, valid_from=today() + timedelta(days=1)),
    }


@pytest.fixture
def handovers(seats) -> dict[str, Handover]:
    return {
        "deputys": HandoverFactory(seat=seats["deputy"]),
        "lingering": HandoverFactory(seat=seats["lingering"]),
        "accepted": HandoverFactory(
            seat=seats["ending"],
            new_seat=seats["successor"],
            status=InvitationStatus.ACCEPTED,
        ),
        "staffs": HandoverFactory(seat=seats["staff"]),
    }


@pytest.mark.parametrize("what", SEES)
def test_rules_and_lists_agree(seats, handovers, what):
    handover = handovers[what]
    for who, seat in seats.items():
        sees = who in SEES[what]
        assert rules.may_view_handover(seat, handover) == sees, who
        assert rules.may_handle_handover(seat, handover) == (who in HANDLES[what]), who
        listed = Handover.objects.visible_to(seat.user).filter(pk=handover.pk)
        assert listed.exists() == sees, who
        own = seat.office.organization_id == handover.office.organization_id
        assert rules.may_print_handover(seat, handover) == (sees and own), who
    assert not Handover.objects.visible_to(AnonymousUser()).exists()


@pytest.mark.parametrize("what", SEES)
def test_permissions_are_those_of_the_current_seats(seats, handovers, what):
    for who, seat in seats.items():
        if who == "lingering":
            continue  # only the pages for handover and confirmation know it
        for name, table in (("view", SEES), ("handle", HANDLES)):
            held = permissions.has_perm(f"members.{name}_handover", seat.user, handovers[what])
            assert held == (who in table[what]), (who, name)


@pytest.mark.once
@pytest.mark.parametrize("name", ["detail", "update", "resend", "cancel", "sheet"])
@pytest.mark.parametrize("what", ["deputys", "lingering"])
def test_pages_agree(client_of: Callable, seats, handovers, what, name):
    """404 to whom does not see it, 403 to whom may not."""
    handover = handovers[what]
    for who, seat in seats.items():
        if who in ("ended", "coming"):
            continue  # no page for members opens (test_access_ended, test_seats)
        status = client_of(seat).get(reverse(f"members:handover_{name}", args=[handover.pk]))
        if who in HANDLES[what]:
            assert status.status_code == 200, who
        else:
            assert status.status_code == (403 if who in SEES[what] else 404), who


def test_who_prints_what_is_open_for_an_office(client_of: Callable, seats, office: Office):
    may = {
        "lead",
        "second_lead",
        "shared_lead",
        "deputy",
        "reader",
        "ending",
        "successor",
    }
    for who, seat in seats.items():
        assert rules.may_print_business(seat, office) == (who in may), who
        if who not in ("ended", "coming", "lingering"):
            page = client_of(seat).get(reverse("members:office_sheet", args=[office.pk]))
            assert page.status_code == (200 if who in may else 403), who
    lingering = seats["lingering"]
    assert rules.may_print_business(lingering, lingering.office)
