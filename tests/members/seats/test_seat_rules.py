"""Every role × every action on seats and invitations: rules, lists, pages say the same."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import rules as permissions
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse

from core.dates import today
from members import rules
from members.enums import Role, UserKind
from members.models import Invitation, Office, Seat, User
from tests.factories.members import InvitationFactory, OfficeFactory, SeatFactory, UserFactory
from tests.members.changes import stored

pytestmark = pytest.mark.django_db

ROLES = (
    "lead",
    "second_lead",
    "shared_lead",
    "deputy",
    "reader",
    "other_lead",
    "ward_lead",
    "staff",
    "ended",
    "lingering",
)
LEADS = {"lead", "second_lead", "shared_lead"}
YESTERDAY = today() - timedelta(days=1)


@pytest.fixture
def seats(lead, deputy, reader, other_lead, ward_lead, staff, office) -> dict[str, Seat]:
    second = OfficeFactory(organization=office.organization, name="総務課", is_main=False)
    return {
        "lead": lead,
        "second_lead": SeatFactory(office=second),
        "shared_lead": SeatFactory(office=office, user__kind=UserKind.OFFICE),
        "deputy": deputy,
        "reader": reader,
        "other_lead": other_lead,
        "ward_lead": ward_lead,
        "staff": staff,
        "ended": SeatFactory(office=office, role=Role.DEPUTY, valid_until=YESTERDAY),
        "lingering": SeatFactory(valid_until=YESTERDAY),
    }


@pytest.fixture
def invitations(office, seats) -> dict[str, Invitation]:
    return {
        "here": InvitationFactory(office=office),
        "elsewhere": InvitationFactory(office=seats["other_lead"].office),
        "staff": InvitationFactory(office=seats["staff"].office, role=Role.STAFF),
    }


def again(seat: Seat) -> Seat:
    return Seat.objects.with_office().with_user().get(pk=seat.pk)


@pytest.mark.parametrize("role", ROLES)
def test_only_leads_of_the_organization_manage_its_seats(seats, invitations, office, role):
    seat, may = again(seats[role]), role in LEADS
    assert rules.leads(seat, office.organization) is may
    assert rules.may_manage_seats(seat, office) is may
    assert rules.may_handle_invitation(seat, invitations["here"]) is may
    for other in ("lead", "deputy", "reader", "shared_lead", "second_lead"):
        assert rules.may_change_seat(seat, again(seats[other])) is may


@pytest.mark.parametrize("role", ROLES)
def test_nobody_but_the_secretariat_gives_or_changes_staff(seats, invitations, role):
    seat = again(seats[role])
    assert not rules.may_change_seat(seat, again(seats["staff"]))
    assert not rules.may_handle_invitation(seat, invitations["staff"])
    assert rules.may_give_role(seat, Role.STAFF, to_shared=False) is (role == "staff")


@pytest.mark.parametrize("role", ROLES)
def test_who_makes_a_lead_of_whom(seats, role):
    seat = again(seats[role])
    to_person = rules.may_give_role(seat, Role.LEAD, to_shared=False)
    assert to_person is (role != "shared_lead")
    assert rules.may_give_role(seat, Role.LEAD, to_shared=True) is (role == "staff")
    assert rules.may_give_role(seat, Role.DEPUTY, to_shared=True)


def test_a_lead_at_the_secretariats_body_has_no_power_over_staff(staff):
    lead = again(SeatFactory(office=staff.office))
    assert rules.may_manage_seats(lead, staff.office)
    assert not rules.may_change_seat(lead, again(staff))


@pytest.mark.parametrize("role", [*ROLES, "anonymous", "nobody", "superuser"])
def test_visible_invitations_equal_the_rule(seats, invitations, role):
    users = {"anonymous": AnonymousUser(), "nobody": UserFactory()}
    users["superuser"] = UserFactory(is_superuser=True)
    user = users[role] if role in users else seats[role].user
    visible = Invitation.objects.visible_to(user)
    for row in Invitation.objects.all():
        allowed = permissions.has_perm("members.handle_invitation", user, row)
        assert (allowed or role == "staff") is (row in visible)


# The pages of an office, of a seat there and of an invitation to it, by their address.
PAGES: dict[str, Callable] = {
    "seat_list": lambda world: world["office"],
    "invitation_create": lambda world: world["office"],
    "seat_update": lambda world: world["deputy"],
    "seat_end": lambda world: world["deputy"],
    "invitation_resend": lambda world: world["here"],
    "invitation_cancel": lambda world: world["here"],
}


@pytest.mark.once
@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("role", ROLES)
def test_pages_open_to_whom_the_rules_allow(seats, invitations, office, role, page):
    row = PAGES[page]({"office": office} | seats | invitations)
    address = reverse(f"members:{page}", args=[row.pk])
    client = Client()
    client.force_login(seats[role].user)
    before = stored()
    get, post = client.get(address), client.post(address, {"step": "done"})
    if role in LEADS:
        assert get.status_code == 200
    else:
        assert {get.status_code, post.status_code} <= {302, 403, 404}
        assert stored() == before
        if role == "ended":
            assert get.url.startswith(reverse("account_login"))


@pytest.mark.parametrize("page", PAGES)
def test_a_forged_seat_opens_nothing(seats, invitations, office, page):
    row = PAGES[page]({"office": office} | seats | invitations)
    address = reverse(f"members:{page}", args=[row.pk])
    client = Client()
    client.force_login(seats["other_lead"].user)
    before = stored()
    forged = {"seat": str(seats["lead"].pk), "step": "done"}
    assert client.post(address, forged).status_code == 403
    assert stored() == before


def test_a_named_seat_that_does_not_lead_here_is_not_replaced(seats, office):
    """Two seats: a lead here, a deputy elsewhere. The one that the form names acts."""
    elsewhere = SeatFactory(
        user=seats["lead"].user, office=seats["other_lead"].office, role=Role.DEPUTY
    )
    client = Client()
    client.force_login(seats["lead"].user)
    address = reverse("members:seat_list", args=[office.pk])
    assert client.get(address).status_code == 200
    assert client.get(address, {"seat": elsewhere.pk}).status_code == 403


def test_the_reading_of_a_superuser_without_a_seat_is_none(office):
    superuser: User = UserFactory(is_superuser=True)
    assert not permissions.has_perm("members.manage_seats", superuser, office)
    assert not Office.objects.confirmable_by(superuser).exists()
