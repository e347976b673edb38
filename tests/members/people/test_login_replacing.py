"""A login address that is not read any more, replaced by a lead or the secretariat."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from core.audit import System
from core.dates import today
from core.errors import DomainError, NotAllowed
from core.models import OutboxMail
from members import rules, services
from members.enums import Action, Role, UserKind
from members.models import LoginChange, Seat, User
from tests.factories.members import (
    LoginChangeFactory,
    OfficeFactory,
    SeatFactory,
    UserFactory,
)
from tests.members.changes import entry, refused
from tests.members.people.factors import is_logged_in, logged_in, with_app
from tests.members.people.logins import (
    NEW,
    REASON,
    REFUSED_AT_LOGIN,
    by_code,
    mails_to,
    objected,
)
from tests.secretariat import secretary_client, sentences, url

pytestmark = [pytest.mark.django_db, pytest.mark.once]


class TestReplacing:
    def test_by_a_lead_for_a_colleague(self, lead, deputy):
        before, client = deputy.user.email, logged_in(deputy.user)
        with_app(deputy.user)
        change = services.replace_login(
            deputy.user, " ATARASHII@city.sakai.example.jp", by=lead, reason=REASON
        )
        user = User.objects.get(pk=deputy.user_id)
        assert (change.before, change.after, user.email) == (before, NEW, NEW)
        assert not user.has_usable_password()
        assert Authenticator.objects.filter(user=user).exists()
        assert client.get("/member/").status_code == 302
        assert not is_logged_in(client)
        row = entry(Action.REPLACE_LOGIN)
        assert (row.reason, row.actor_seat_id) == (REASON, lead.pk)
        assert row.personal.values["email"] == [before, NEW]

    def test_both_addresses_are_told(self, lead, deputy):
        before = deputy.user.email
        services.replace_login(deputy.user, NEW, by=lead, reason=REASON)
        (old,) = OutboxMail.objects.filter(to=before)
        (new,) = OutboxMail.objects.filter(to=NEW)
        assert "変更した部署　　福井県坂井市　企画政策課" in old.body
        assert NEW not in old.body
        assert "/accounts/login/code/" in new.body
        assert before not in new.body

    def test_the_first_login_by_code_confirms_the_address(self, lead, deputy):
        services.replace_login(deputy.user, NEW, by=lead, reason=REASON)
        assert not EmailAddress.objects.get(user=deputy.user).verified
        client = by_code(NEW)
        assertRedirects(client.answer, "/member/")
        address = EmailAddress.objects.get(user=deputy.user)
        assert (address.email, address.verified, address.primary) == (NEW, True, True)
        assert LoginChange.objects.count() == 1

    def test_the_old_address_objects_and_gets_it_back(self, lead, deputy, staff):
        before = deputy.user.email
        services.replace_login(deputy.user, NEW, by=lead, reason=REASON)
        change = objected(deputy.user, before)
        assert mails_to(lead.user.email, "担当の方のログインを止めました")
        assertRedirects(by_code(NEW).answer, REFUSED_AT_LOGIN)
        services.restore_login(change, by=staff, reason=REASON)
        assertRedirects(by_code(before).answer, "/member/")

    @pytest.mark.parametrize("email", ["taken@example.jp", " TAKEN@example.jp"])
    def test_not_to_an_address_in_use(self, lead, deputy, email):
        UserFactory(email="taken@example.jp")
        with refused(DomainError, "すでに登録されています"):
            services.replace_login(deputy.user, email, by=lead, reason=REASON)
        deputy.user.refresh_from_db()
        assert deputy.user.has_usable_password()

    def test_not_to_an_address_that_another_account_has_verified(self, lead, deputy):
        EmailAddress.objects.create(user=UserFactory(), email=NEW, verified=True)
        with refused(DomainError, "すでに登録されています"):
            services.replace_login(deputy.user, NEW, by=lead, reason=REASON)

    def test_not_to_the_same(self, lead, deputy):
        with refused(DomainError, "今と同じ"):
            services.replace_login(deputy.user, deputy.user.email.upper(), by=lead, reason=REASON)

    def test_not_without_a_reason(self, lead, deputy):
        with refused(DomainError, "理由を入力してください"):
            services.replace_login(deputy.user, NEW, by=lead, reason="")

    def test_not_while_an_objection_waits(self, lead, deputy, staff):
        LoginChangeFactory(user=deputy.user, objected_at=timezone.now())
        for by in (lead, staff):
            with refused(DomainError, "異議が出ています"):
                services.replace_login(deputy.user, NEW, by=by, reason=REASON)

    def test_by_the_secretariat_or_a_command_for_anybody(self, lead, ward_lead, staff):
        services.replace_login(lead.user, NEW, by=staff, reason=REASON)
        services.replace_login(ward_lead.user, "ku@example.jp", by=System("見本"), reason=REASON)
        assert LoginChange.objects.count() == 2

    def test_by_a_lead_who_was_just_ended(self, lead, deputy):
        Seat.objects.filter(pk=lead.pk).update(valid_until=today() - timedelta(days=1))
        with refused(NotAllowed):
            services.replace_login(deputy.user, NEW, by=lead, reason=REASON)


class TestWhoReplaces:
    @pytest.mark.parametrize("who", ["deputy", "reader", "other_lead", "ward_lead"])
    def test_no_other_seat(self, who, office, request):
        seat = SeatFactory(office=office, role=Role.READER)
        by = request.getfixturevalue(who)
        assert not rules.may_replace_login(by, seat.user)
        with refused(NotAllowed):
            services.replace_login(seat.user, NEW, by=by, reason=REASON)

    def test_nobody_their_own(self, lead, staff):
        for seat in (lead, staff):
            assert not rules.may_replace_login(seat, seat.user)
            with refused(NotAllowed):
                services.replace_login(seat.user, NEW, by=seat, reason=REASON)

    @pytest.mark.parametrize("days", [-10, 10])
    def test_not_of_somebody_who_sits_or_will_sit_elsewhere(self, lead, deputy, days):
        SeatFactory(user=deputy.user, valid_from=today() + timedelta(days=days))
        assert not rules.may_replace_login(lead, deputy.user)

    def test_of_somebody_who_once_sat_elsewhere(self, lead, deputy):
        over = {"valid_until": today() - timedelta(days=1)}
        SeatFactory(user=deputy.user, role=Role.DEPUTY, **over)
        assert rules.may_replace_login(lead, deputy.user)

    def test_not_of_the_last_lead_elsewhere_who_may_still_hand_over(self, lead, deputy, client_of):
        """The login would name the other organization's next lead."""
        SeatFactory(user=deputy.user, valid_until=today() - timedelta(days=1))
        assert deputy.user.lingering_seats
        assert not rules.may_replace_login(lead, deputy.user)
        listed = client_of(lead).get(f"/offices/{lead.office_id}/seats/")
        assertNotContains(listed, f"/seats/{deputy.pk}/login/")
        with refused(NotAllowed):
            services.replace_login(deputy.user, NEW, by=lead, reason=REASON)

    def test_at_every_office_of_the_organization(self, lead):
        office = OfficeFactory(organization=lead.organization, is_main=False)
        assert rules.may_replace_login(lead, SeatFactory(office=office).user)

    def test_not_the_secretariats_staff(self, staff):
        lead = SeatFactory(office=staff.office, role=Role.LEAD)
        assert not rules.may_replace_login(lead, staff.user)
        other = SeatFactory(office=staff.office, role=Role.STAFF)
        assert rules.may_replace_login(other, staff.user)

    def test_not_the_break_glass_account(self, staff, lead):
        user = UserFactory(is_superuser=True)
        SeatFactory(user=user, office=lead.office)
        for by in (staff, lead):
            assert not rules.may_replace_login(by, user)

    def test_of_a_shared_mailbox_too(self, lead, office):
        seat = SeatFactory(office=office, role=Role.DEPUTY, user__kind=UserKind.OFFICE)
        assert rules.may_replace_login(lead, seat.user)

    def test_not_of_a_person_by_a_shared_mailbox(self, office):
        """It makes no lead by invitation, and none by taking one's login."""
        shared = SeatFactory(office=office, role=Role.LEAD, user__kind=UserKind.OFFICE)
        person = SeatFactory(office=office, role=Role.LEAD)
        with refused(NotAllowed):
            services.replace_login(person.user, NEW, by=shared, reason=REASON)
        other = SeatFactory(office=office, role=Role.DEPUTY, user__kind=UserKind.OFFICE)
        assert rules.may_replace_login(shared, other.user)

    def test_not_of_somebody_without_a_seat(self, lead):
        assert not rules.may_replace_login(lead, UserFactory())


class TestLoginReplace:
    def page(self, seat: Seat) -> str:
        return f"/seats/{seat.pk}/login/"

    def test_a_lead_comes_from_the_list(self, lead, deputy, client_of):
        client = client_of(lead)
        listed = client.get(f"/offices/{lead.office_id}/seats/")
        assertContains(listed, self.page(deputy))
        assertNotContains(listed, self.page(lead))
        page = client.get(self.page(deputy))
        assertContains(page, deputy.user.email)
        form = {"token": page.context["token"], "email": NEW, "reason": REASON}
        done = client.post(self.page(deputy), form, follow=True)
        assertContains(done, "両方のアドレスにお知らせしました")
        deputy.user.refresh_from_db()
        assert deputy.user.email == NEW
        client.post(self.page(deputy), form)
        assert LoginChange.objects.count() == 1

    def test_what_is_refused_is_said_and_kept(self, lead, deputy, client_of):
        UserFactory(email=NEW)
        client = client_of(lead)
        form = {"email": NEW, "reason": REASON}
        refusal = client.post(self.page(deputy), form)
        assertContains(refusal, "すでに登録されています", status_code=422)
        assertContains(refusal, REASON, status_code=422)
        empty = client.post(self.page(deputy), {})
        assertContains(empty, "新しいメールアドレスを入力してください", status_code=422)
        assertContains(empty, "理由を入力してください", status_code=422)
        assert not LoginChange.objects.exists()

    def test_not_for_somebody_who_also_sits_elsewhere(self, lead, deputy, client_of):
        SeatFactory(user=deputy.user)
        client = client_of(lead)
        assertNotContains(client.get(f"/offices/{lead.office_id}/seats/"), self.page(deputy))
        assert client.get(self.page(deputy)).status_code == 403
        assert client.post(self.page(deputy), {"email": NEW, "reason": REASON}).status_code == 403
        assert not LoginChange.objects.exists()

    @pytest.mark.parametrize("who", ["deputy", "reader", "other_lead", "ward_lead", "staff"])
    def test_not_by_others(self, who, lead, client_of, request):
        client = client_of(request.getfixturevalue(who))
        assert client.get(self.page(lead)).status_code == 403

    def test_the_list_asks_the_same_however_many(self, lead, client_of, django_assert_num_queries):
        client = client_of(lead)
        client.get(f"/offices/{lead.office_id}/seats/")
        for new in (1, 2):
            SeatFactory.create_batch(new, office=lead.office, role=Role.READER)
            with django_assert_num_queries(9):
                client.get(f"/offices/{lead.office_id}/seats/")


class TestAdmin:
    @pytest.fixture
    def client(self) -> Client:
        return secretary_client("会員登録")

    def test_the_secretariat_replaces_a_dead_address(self, client, lead):
        page = url("members.user", "replace_login", lead.user.pk)
        assertContains(client.get(page), "ログインのメールアドレスを置き換える")
        done = client.post(page, {"email": NEW, "reason": REASON}, follow=True)
        assert sentences(done) == [
            "ログインのメールアドレスを置き換え、両方のアドレスにお知らせしました"
        ]
        lead.user.refresh_from_db()
        assert lead.user.email == NEW

    def test_and_hears_why_not(self, client, lead):
        UserFactory(email=NEW)
        page = url("members.user", "replace_login", lead.user.pk)
        refusal = client.post(page, {"email": NEW, "reason": REASON})
        assertContains(refusal, "すでに登録されています", status_code=422)
