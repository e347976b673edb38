"""A last lead's seat past its date: it opens handover and confirmation, and nothing else."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from core.audit import System
from core.dates import today
from core.errors import NotAllowed
from members import rules, services
from members.enums import Role
from members.models import Office, Seat, User
from tests.factories.members import (
    InvitationFactory,
    MembershipFactory,
    OfficeFactory,
    SeatFactory,
    UserFactory,
)
from tests.members.changes import refused
from tests.members.pages import hidden, sent, url

pytestmark = pytest.mark.django_db

YESTERDAY = today() - timedelta(days=1)
LAST_WEEK = today() - timedelta(days=7)


@pytest.fixture
def lingering(office) -> Seat:
    MembershipFactory(organization=office.organization)
    return SeatFactory(office=office, valid_until=YESTERDAY)


def lingers(seat: Seat) -> bool:
    return User.objects.get(pk=seat.user_id).lingering_seats == [seat]


class TestWhichSeatsLinger:
    def test_a_last_leads_seat_from_the_day_after_its_date(self, lingering):
        assert lingers(lingering)
        lingering.valid_until = today()
        lingering.save()
        assert not lingers(lingering)

    @pytest.mark.parametrize("role", [Role.DEPUTY, Role.READER, Role.STAFF])
    def test_nobody_elses(self, lingering, role):
        Seat.objects.filter(pk=lingering.pk).update(role=role)
        assert not lingers(lingering)

    @pytest.mark.parametrize("begins", [today(), today() + timedelta(days=9)])
    def test_not_once_somebody_leads_or_is_going_to(self, lingering, begins):
        second = OfficeFactory(organization=lingering.organization, is_main=False)
        SeatFactory(office=second, valid_from=begins)
        assert not lingers(lingering)

    def test_not_the_seat_of_an_earlier_lead(self, lingering, office):
        earlier = SeatFactory(office=office, valid_until=LAST_WEEK)
        assert not lingers(earlier)
        assert lingers(lingering)

    def test_a_leads_stopped_account_gives_an_earlier_lead_nothing_back(self, lingering, office):
        SeatFactory(office=office, user__is_active=False)
        assert not lingers(lingering)

    def test_deputies_and_other_organizations_lead_nobody_here(self, lingering, deputy, other_lead):
        assert lingers(lingering)

    def test_not_in_a_body_that_has_left(self, lingering):
        lingering.organization.memberships.update(left=YESTERDAY)
        assert not lingers(lingering)
        MembershipFactory(organization=lingering.organization, joined=today())
        assert lingers(lingering)

    def test_a_wards_does_though_it_is_no_member(self, ward_lead):
        Seat.objects.filter(pk=ward_lead.pk).update(valid_until=YESTERDAY)
        assert lingers(ward_lead)

    def test_not_of_a_stopped_account(self, lingering):
        User.objects.filter(pk=lingering.user_id).update(is_active=False)
        assert not lingers(lingering)


class TestLogin:
    def test_a_last_lead_may_still_log_in(self, lingering):
        assert rules.may_log_in(lingering.user)

    def test_whoever_is_offered_a_seat_may_again(self, office):
        former = SeatFactory(role=Role.READER, valid_until=YESTERDAY).user
        assert not rules.may_log_in(former)
        invitation = InvitationFactory(office=office, email=former.email)
        assert rules.may_log_in(User.objects.get(pk=former.pk))
        services.cancel_invitation(invitation, by=System("見本"))
        assert not rules.may_log_in(User.objects.get(pk=former.pk))


class TestPages:
    @pytest.fixture
    def client(self, client_of, lingering) -> Client:
        return client_of(lingering)

    def test_the_member_home_shows_what_is_open_and_nothing_else(self, client, lingering):
        page = client.get(reverse("portal:member_home"))
        assertContains(page, "後任の主担当がまだ決まっていません")
        assertContains(page, f"{url('office_detail', lingering.office)}?seat={lingering.pk}")
        assertNotContains(page, "募集中の連携提案")
        handover = reverse("members:handover_create", args=[lingering.pk])
        assertContains(page, handover)
        assert client.get(handover).status_code == 200

    def test_the_details_are_confirmed(self, client, lingering):
        page = client.get(url("office_detail", lingering.office))
        assertContains(page, "0776-50-3010")
        assertNotContains(page, "修正する")
        assertNotContains(page, "担当者を管理する")
        assert hidden(page, "seat") == [str(lingering.pk)]
        done = client.post(url("office_confirm", lingering.office), sent(lingering))
        assert done.status_code == 302
        lingering.office.refresh_from_db()
        assert lingering.office.confirmed_by == "福井県坂井市　企画政策課"

    def test_other_organizations_stay_closed(self, client, other_lead):
        for name in ("office_detail", "office_confirm"):
            assert client.get(url(name, other_lead.office)).status_code == 404

    @pytest.mark.parametrize(
        "name",
        [
            "portal:site_search",
            "proposals:proposal_list",
            "proposals:proposal_create",
            "members:person_update",
        ],
    )
    def test_every_other_member_page_leads_to_the_handover(self, client, name):
        page = client.get(reverse(name))
        if name == "portal:site_search":
            assert page.status_code == 200  # it is public
            return
        assertContains(page, "引継ぎと、登録情報の確認だけができます", status_code=403)
        assertContains(page, f'href="{reverse("portal:member_home")}"', status_code=403)

    @pytest.mark.parametrize("name", ["office_update", "seat_list", "invitation_create"])
    def test_nothing_is_changed_by_it(self, client, lingering, name):
        form = sent(lingering, "done")
        assert client.get(url(name, lingering.office)).status_code == 403
        assert client.post(url(name, lingering.office), form).status_code == 403

    def test_a_named_seat_lingers_beside_a_current_one(self, client_of, lingering, other_lead):
        SeatFactory(user=lingering.user, office=other_lead.office, role=Role.DEPUTY)
        client = client_of(lingering)
        home = reverse("portal:member_home")
        assertContains(client.get(home), "募集中の連携提案")
        page = client.get(home, {"seat": lingering.pk})
        assertContains(page, "後任の主担当がまだ決まっていません")
        office_page = client.get(url("office_detail", lingering.office), {"seat": lingering.pk})
        assert hidden(office_page, "seat") == [str(lingering.pk)]
        refusal = client.get(reverse("proposals:proposal_list"), {"seat": lingering.pk})
        assert refusal.status_code == 403


class TestRules:
    def test_confirming_is_the_one_thing_it_may(self, lingering, office):
        assert rules.may_confirm_office(lingering, office)
        for rule in (rules.is_current, rules.may_change_office, rules.may_manage_seats):
            assert not rule(lingering, office)

    def test_of_the_own_organization_alone(self, lingering, other_lead):
        assert not rules.may_confirm_office(lingering, other_lead.office)
        with refused(NotAllowed):
            services.confirm_office(other_lead.office, by=lingering)

    def test_confirmable_by_equals_the_rule(self, lingering, office, other_lead, reader):
        second = OfficeFactory(organization=office.organization, is_main=False)
        shown = Office.objects.confirmable_by(User.objects.get(pk=lingering.user_id))
        assert set(shown) == {office, second}
        for row in Office.objects.all():
            assert rules.may_confirm_office(lingering, row) is (row in shown)
        assert not Office.objects.confirmable_by(UserFactory()).exists()
        for seat in (other_lead, reader):
            visible = Office.objects.visible_to(seat.user)
            assert list(Office.objects.confirmable_by(seat.user)) == list(visible)

    def test_a_seat_that_ended_for_good_confirms_nothing(self, office, lead):
        ended = SeatFactory(office=office, role=Role.DEPUTY, valid_until=YESTERDAY)
        with refused(NotAllowed):
            services.confirm_office(office, by=ended)
