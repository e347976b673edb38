"""A changed login address that is disputed: the secretariat keeps it, or restores the old one."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from core import links
from core.errors import DomainError, NotAllowed
from core.models import MailLink
from members import rules, services
from members.enums import Action, Settlement
from members.models import LoginChange, User
from tests.factories.members import (
    LoginChangeFactory,
    UserFactory,
)
from tests.members.changes import entry, refused
from tests.members.people.factors import is_logged_in, logged_in, with_app
from tests.members.people.logins import (
    NEW,
    REASON,
    by_code,
    change_own,
    link_code,
    login_code,
    mails_to,
    objected,
)
from tests.secretariat import secretary, secretary_client, sentences, url

pytestmark = pytest.mark.django_db

LATER = "sarani@city.sakai.example.jp"


def objected_to(change: LoginChange) -> LoginChange:
    return services.object_to_login(MailLink.objects.get(object_id=change.pk))


@pytest.fixture
def before(lead) -> str:
    return lead.user.email


@pytest.fixture
def changed(lead, before) -> LoginChange:
    """The lead's own change of address."""
    change_own(lead.user)
    return LoginChange.objects.get()


class TestKeeping:
    def test_opens_the_account_by_code_alone(self, changed, lead, before, staff):
        Authenticator.objects.create(user=lead.user, type="totp", data={})
        change = objected(lead.user, before)
        change = services.keep_login(change, by=staff, reason=REASON)
        assert (change.settlement, bool(change.settled_at)) == (Settlement.KEPT, True)
        lead.user.refresh_from_db()
        assert lead.user.email == NEW
        assert not lead.user.has_usable_password()
        assert Authenticator.objects.exists()
        assert entry(Action.KEEP_LOGIN).reason == REASON
        assert rules.may_log_in(lead.user)

    def test_tells_both(self, changed, lead, before, staff):
        services.keep_login(objected(lead.user, before), by=staff, reason=REASON)
        (old,) = mails_to(before, "変更を認めました")
        (new,) = mails_to(NEW, "変更を認めました")
        assert "このアドレスでは、ログインできません" in old.body
        assert "/accounts/login/code/" in new.body
        assert "/accounts/login/code/" not in old.body

    def test_tells_the_address_of_a_later_change_too(self, changed, lead, before, staff):
        """The account keeps that one: the objection was to the change before it."""
        change_own(lead.user, LATER)
        services.keep_login(objected_to(changed), by=staff, reason=REASON)
        (later,) = mails_to(LATER, "変更を認めました")
        assert "/accounts/login/code/" in later.body
        for address in (before, NEW):
            (other,) = mails_to(address, "変更を認めました")
            assert "このアドレスでは、ログインできません" in other.body

    def test_not_without_an_objection(self, changed, staff):
        with refused(DomainError, "異議がありません"):
            services.keep_login(changed, by=staff, reason=REASON)


class TestRestoring:
    def test_makes_the_old_address_the_only_way_in(self, lead, before, staff):
        change_own(lead.user)
        with_app(lead.user)
        thief = logged_in(lead.user)
        change = services.restore_login(objected(lead.user, before), by=staff, reason=REASON)
        assert change.settlement == Settlement.RESTORED
        lead.user.refresh_from_db()
        assert lead.user.email == before
        assert not lead.user.has_usable_password()
        assert not Authenticator.objects.exists()
        assert not is_logged_in(thief)
        client = by_code(before)
        assertRedirects(client.answer, "/member/")
        assert EmailAddress.objects.get(user=lead.user).verified
        row = entry(Action.RESTORE_LOGIN)
        assert (row.reason, row.personal.values["email"]) == (REASON, [NEW, before])

    def test_tells_both(self, changed, lead, before, staff):
        services.restore_login(objected(lead.user, before), by=staff, reason=REASON)
        (old,) = mails_to(before, "変更を取り消しました")
        (new,) = mails_to(NEW, "変更を取り消しました")
        assert "二段階の確認の登録も外しました" in old.body
        assert "このアドレスでは、ログインできません" in new.body

    def test_also_without_a_link_for_whoever_calls(self, changed, lead, before, staff):
        services.restore_login(changed, by=staff, reason="電話での申し出")
        lead.user.refresh_from_db()
        assert lead.user.email == before
        assert Client().get(f"/c/{link_code(before)}/").status_code == 410

    def test_settles_what_was_changed_afterwards(self, lead, before, staff):
        client = change_own(lead.user)
        change_own(lead.user, "another@example.jp", client)
        first, second = LoginChange.objects.order_by("pk")
        services.object_to_login(links.find(link_code(before)))
        services.restore_login(first, by=staff, reason=REASON)
        second.refresh_from_db()
        assert second.settlement == Settlement.RESTORED
        assert Client().get(f"/c/{link_code(NEW)}/").status_code == 410
        assert rules.may_log_in(User.objects.get(pk=lead.user_id))
        (lost,) = mails_to("another@example.jp", "変更を取り消しました")
        assert "このアドレスでは、ログインできません" in lost.body

    def test_not_when_somebody_else_has_the_address_by_now(self, changed, before, staff):
        UserFactory(email=before)
        with refused(DomainError, "すでに登録されています"):
            services.restore_login(changed, by=staff, reason=REASON)

    def test_only_once(self, changed, staff):
        services.restore_login(changed, by=staff, reason=REASON)
        with refused(DomainError, "すでに処理されています"):
            services.restore_login(changed, by=staff, reason=REASON)

    def test_a_code_mailed_to_the_wrong_address_opens_nothing_afterwards(
        self, changed, lead, before, staff
    ):
        client = Client()
        client.post("/accounts/login/code/", {"email": NEW})
        services.restore_login(changed, by=staff, reason=REASON)
        client.post("/accounts/login/code/confirm/", {"code": login_code(NEW)})
        assert not is_logged_in(client)
        addresses = EmailAddress.objects.filter(user=lead.user)
        assert list(addresses.values_list("email")) == [(before,)]

    def test_nor_does_a_password_asked_for_with_it(self, changed, lead, before, staff):
        client = Client()
        client.post("/accounts/password/reset/", {"email": NEW})
        client.post("/accounts/password/reset/confirm/", {"code": login_code(NEW)})
        services.restore_login(changed, by=staff, reason=REASON)
        form = {"password1": "わすれた合い言葉 2027", "password2": "わすれた合い言葉 2027"}
        assertRedirects(client.post("/accounts/password/reset/complete/", form), "/accounts/login/")
        lead.user.refresh_from_db()
        assert not lead.user.has_usable_password()


@pytest.mark.parametrize("settle", [services.keep_login, services.restore_login])
class TestWhoSettles:
    def test_nobody_but_the_secretariat(self, settle, changed, lead, before, request):
        change = objected(lead.user, before)
        for who in ("lead", "deputy", "reader", "other_lead", "ward_lead"):
            by = request.getfixturevalue(who)
            with refused(NotAllowed):
                settle(change, by=by, reason=REASON)

    def test_and_not_about_themselves(self, settle, staff):
        change = LoginChangeFactory(user=staff.user, objected_at=timezone.now())
        with refused(NotAllowed):
            settle(change, by=staff, reason=REASON)

    def test_and_not_with_less_rights_than_the_account(self, settle, client_of):
        by, change = secretary("会員登録"), LoginChangeFactory(objected_at=timezone.now())
        change.user.groups.set(secretary("プロジェクト").user.groups.all())
        with refused(NotAllowed):
            settle(change, by=by, reason=REASON)
        action = url("members.loginchange", settle.__name__.removesuffix("_login"), change.pk)
        assert client_of(by).post(action, {"reason": REASON}).status_code == 403
        by.user.groups.add(*change.user.groups.all())
        assert client_of(by).post(action, {"reason": REASON}).status_code == 302

    def test_with_a_reason(self, settle, changed, lead, before, staff):
        change = objected(lead.user, before)
        with refused(DomainError, "理由を入力してください"):
            settle(change, by=staff, reason=" ")


class TestAdmin:
    @pytest.fixture
    def client(self) -> Client:
        return secretary_client("会員登録")

    def test_the_secretariat_settles_what_waits(self, client, changed, lead, before):
        listing = url("members.loginchange", "changelist")
        assertNotContains(client.get(f"{listing}?objection=open"), NEW)
        change = objected(lead.user, before)
        assertContains(client.get(f"{listing}?objection=open"), NEW)
        page = client.get(url("members.loginchange", "change", change.pk))
        assertContains(page, "変更を認める")
        assertContains(page, "前のアドレスに戻す")
        restore = url("members.loginchange", "restore", change.pk)
        done = client.post(restore, {"reason": REASON}, follow=True)
        assert sentences(done) == ["前のアドレスに戻し、両方のアドレスにお知らせしました"]
        lead.user.refresh_from_db()
        assert lead.user.email == before
        assertContains(client.get(f"{listing}?objection=settled"), "前のアドレスに戻した")
        assertNotContains(client.get(f"{listing}?objection=none"), NEW)

    def test_or_keeps_it(self, client, changed, lead, before):
        change = objected(lead.user, before)
        done = client.post(
            url("members.loginchange", "keep", change.pk), {"reason": REASON}, follow=True
        )
        assert sentences(done) == ["変更を認め、両方のアドレスにお知らせしました"]
        assert rules.may_log_in(User.objects.get(pk=lead.user_id))

    def test_nothing_to_keep_without_an_objection(self, client, changed):
        page = client.get(url("members.loginchange", "change", changed.pk))
        assertNotContains(page, "変更を認める")
        assertContains(page, "前のアドレスに戻す")

    def test_readers_settle_nothing(self, changed):
        client = secretary_client("閲覧")
        for action in ("keep", "restore"):
            page = url("members.loginchange", action, changed.pk)
            assert client.post(page, {"reason": REASON}).status_code == 403
        assert not LoginChange.objects.exclude(settled_at=None).exists()

    def test_nobody_settles_what_is_about_themselves(self):
        seat = secretary("会員登録")
        change = LoginChangeFactory(user=seat.user, objected_at=None)
        client = Client()
        client.force_login(seat.user)
        page = url("members.loginchange", "restore", change.pk)
        assert client.post(page, {"reason": REASON}).status_code == 403
