"""担当者の管理: what a lead sees and does on the pages of an office's seats."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from core import once
from core.dates import today
from core.models import OutboxMail
from members import services
from members.enums import InvitationStatus, Role, UserKind
from members.models import Invitation
from tests.factories.members import InvitationFactory, OfficeFactory, SeatFactory
from tests.members.changes import stored
from tests.members.pages import hidden, url

pytestmark = [pytest.mark.django_db, pytest.mark.once]

NEW = "shin@city.sakai.fukui.jp"


def parts(name: str, day: date | None) -> dict[str, str]:
    if day is None:
        return {f"{name}_{part}": "" for part in "ymd"}
    return {f"{name}_y": str(day.year), f"{name}_m": str(day.month), f"{name}_d": str(day.day)}


def invitation_form(seat, step="done", **changes) -> dict[str, str]:
    typed = {
        "email": NEW,
        "kind": "personal",
        "family_name": "新任",
        "given_name": "一",
        "role": "deputy",
        "seat": str(seat.pk),
        "token": once.new_token(),
        "step": step,
    }
    return typed | parts("valid_from", today()) | parts("valid_until", None) | changes


def row_url(name: str, row) -> str:
    return reverse(f"members:{name}", args=[row.pk])


class TestSeatList:
    def test_seats_with_role_and_days_and_invitations(self, client_of, lead, deputy, office):
        SeatFactory(
            office=office, role=Role.READER, user__kind=UserKind.OFFICE, valid_until=today()
        )
        SeatFactory(
            office=office,
            role=Role.READER,
            user__family_name="去年",
            valid_until=today() - timedelta(days=1),
        )
        InvitationFactory(office=office, email=NEW)
        page = client_of(lead).get(url("seat_list", office))
        for text in (deputy.user.display_name, "共用", "2020年（令和2年）4月1日", NEW, "返事待ち"):
            assertContains(page, text)
        assertNotContains(page, "去年")
        assertContains(page, row_url("seat_end", deputy))

    def test_is_linked_for_leads_alone(self, client_of, lead, deputy, office):
        for address in (url("office_detail", office), reverse("portal:member_home")):
            assertContains(client_of(lead).get(address), url("seat_list", office))
            assertNotContains(client_of(deputy).get(address), url("seat_list", office))

    def test_leads_to_the_other_offices_of_the_organization(self, client_of, lead, office):
        second = OfficeFactory(organization=office.organization, name="総務課", is_main=False)
        assertContains(client_of(lead).get(url("seat_list", office)), url("seat_list", second))
        assert client_of(lead).get(url("seat_list", second)).status_code == 200

    @pytest.mark.parametrize("rows", [1, 3])
    def test_queries(
        self, client_of, lead, office, rows, raise_on_fetch, django_assert_num_queries
    ):
        for _ in range(rows):
            SeatFactory(office=office, role=Role.DEPUTY)
            InvitationFactory(office=office)
        client = client_of(lead)
        client.get(url("seat_list", office))  # fills what is kept for a minute
        # session, user, seats of the person, unread notices; office, its seats, what else these
        # people hold, its invitations, the other offices
        with django_assert_num_queries(9):
            client.get(url("seat_list", office))


class TestInvitationCreate:
    def test_enter_check_sent(self, client_of, lead, office):
        client = client_of(lead)
        assert hidden(client.get(url("invitation_create", office)), "seat") == [str(lead.pk)]
        check = client.post(url("invitation_create", office), invitation_form(lead, "check"))
        assertContains(check, "内容を確認して招待を送ってください")
        assertNotContains(check, "自治体のアドレスの形ではありません")
        assert not Invitation.objects.exists()
        done = client.post(url("invitation_create", office), invitation_form(lead))
        assertRedirects(done, url("seat_list", office))
        invitation = Invitation.objects.get()
        assert (invitation.email, invitation.role) == (NEW, Role.DEPUTY)
        assert OutboxMail.objects.get().to == NEW

    def test_back_to_the_form_keeps_what_was_typed(self, client_of, lead, office):
        form = invitation_form(lead, "edit")
        page = client_of(lead).post(url("invitation_create", office), form)
        assertContains(page, f'value="{NEW}"')

    def test_sent_twice_invites_once(self, client_of, lead, office):
        client, form = client_of(lead), invitation_form(lead)
        first = client.post(url("invitation_create", office), form)
        assert client.post(url("invitation_create", office), form).url == first.url
        assert OutboxMail.objects.count() == 1

    def test_an_address_that_is_no_municipalitys_is_flagged(self, client_of, lead, office):
        form = invitation_form(lead, "check", email="shin@example.com")
        check = client_of(lead).post(url("invitation_create", office), form)
        assertContains(check, "自治体のアドレスの形ではありません")

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"email": ""}, "メールアドレスを入力してください"),
            ({"role": ""}, "役割を選んでください"),
            ({"role": "staff"}, "選択肢の中から"),
            ({"kind": "office", "role": "lead"}, "副担当か閲覧を選んでください"),
            (parts("valid_from", date(2020, 4, 1)), "以降の日付にしてください"),
            (parts("valid_until", date(2020, 4, 1)), "以降の日付にしてください"),
        ],
    )
    def test_a_refusal_changes_nothing_and_mails_nobody(
        self, client_of, lead, office, changes, sentence
    ):
        client, before = client_of(lead), stored()
        for step in ("check", "done"):
            form = invitation_form(lead, step, **changes)
            page = client.post(url("invitation_create", office), form)
            assertContains(page, sentence, status_code=422)
        assert stored() == before

    def test_what_the_service_refuses_is_said_at_the_form(self, client_of, lead, deputy, office):
        form = invitation_form(lead, email=deputy.user.email)
        page = client_of(lead).post(url("invitation_create", office), form)
        assertContains(page, "すでに持っています", status_code=422)

    def test_a_shared_mailbox_is_not_offered_to_make_a_lead(self, client_of, office):
        shared = SeatFactory(office=office, user__kind=UserKind.OFFICE)
        client = client_of(shared)
        assertNotContains(client.get(url("invitation_create", office)), 'value="lead"')
        form = invitation_form(shared, role="lead")
        assert client.post(url("invitation_create", office), form).status_code == 422


class TestSeatUpdate:
    def test_role_and_last_day(self, client_of, lead, deputy):
        last = today() + timedelta(days=99)
        form = {"role": "reader", "seat": str(lead.pk)} | parts("valid_until", last)
        client = client_of(lead)
        assertNotContains(client.get(row_url("seat_update", deputy)), "valid_from_y")
        done = client.post(row_url("seat_update", deputy), form)
        assertRedirects(done, url("seat_list", lead.office))
        deputy.refresh_from_db()
        assert (deputy.role, deputy.valid_until) == (Role.READER, last)

    def test_the_first_day_of_one_to_come(self, client_of, lead, office):
        seat = SeatFactory(office=office, role=Role.DEPUTY, valid_from=today() + timedelta(days=9))
        form = {"role": "deputy"} | parts("valid_from", today()) | parts("valid_until", None)
        assert client_of(lead).post(row_url("seat_update", seat), form).status_code == 302
        seat.refresh_from_db()
        assert seat.valid_from == today()

    def test_a_last_lead_is_told_what_to_do_first(self, client_of, lead):
        form = {"role": "deputy"} | parts("valid_until", None)
        client, before = client_of(lead), stored()
        page = client.post(row_url("seat_update", lead), form)
        assertContains(page, "主担当がいなくなります", status_code=422)
        assert stored() == before

    def test_whoever_gives_up_leading_goes_home(self, client_of, lead, office):
        SeatFactory(office=office)
        form = {"role": "deputy"} | parts("valid_until", None)
        done = client_of(lead).post(row_url("seat_update", lead), form)
        assertRedirects(done, reverse("portal:member_home"))


class TestSeatEnd:
    def test_asks_and_ends(self, client_of, lead, deputy):
        client = client_of(lead)
        assertContains(client.get(row_url("seat_end", deputy)), "の担当を終えますか")
        done = client.post(row_url("seat_end", deputy), parts("last_day", today()))
        assertRedirects(done, url("seat_list", lead.office))
        deputy.refresh_from_db()
        assert deputy.valid_until == today()

    def test_not_before_it_begins(self, client_of, lead, deputy):
        client, before = client_of(lead), stored()
        page = client.post(row_url("seat_end", deputy), parts("last_day", date(2019, 4, 1)))
        assertContains(page, "始まりの日（2020年（令和2年）4月1日）以降", status_code=422)
        assert stored() == before

    def test_not_the_last_lead(self, client_of, lead):
        client, before = client_of(lead), stored()
        page = client.post(row_url("seat_end", lead), parts("last_day", today()))
        assertContains(page, "主担当がいなくなります", status_code=422)
        assert stored() == before


class TestInvitationResendAndCancel:
    @pytest.fixture
    def invitation(self, lead) -> Invitation:
        return services.invite(lead.office, Role.DEPUTY, email=NEW, by=lead)

    def test_invitation_resend(self, client_of, lead, invitation):
        client = client_of(lead)
        assertContains(client.get(row_url("invitation_resend", invitation)), NEW)
        done = client.post(row_url("invitation_resend", invitation))
        assertRedirects(done, url("seat_list", lead.office))
        assert OutboxMail.objects.count() == 2

    def test_invitation_cancel(self, client_of, lead, invitation):
        client = client_of(lead)
        assertContains(client.get(row_url("invitation_cancel", invitation)), NEW)
        client.post(row_url("invitation_cancel", invitation))
        invitation.refresh_from_db()
        assert invitation.status == InvitationStatus.CANCELLED
        again = client.post(row_url("invitation_cancel", invitation))
        assertContains(again, "取り消されています", status_code=422)


def test_invitation_resend_and_cancel_are_asked_for_first(client_of, lead, office):
    invitation = InvitationFactory(office=office)
    client, before = client_of(lead), stored()
    for name in ("invitation_resend", "invitation_cancel"):
        client.get(row_url(name, invitation))
    assert stored() == before
