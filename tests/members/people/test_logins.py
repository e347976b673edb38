"""A changed login address: the old one is told, and may object."""

import re
from datetime import date, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from core import daily, links
from core.dates import day_text
from core.errors import DomainError
from core.models import AuditEntry, MailLink, OutboxMail
from members import services
from members.enums import Action, Settlement
from members.models import LoginChange, User
from tests.factories.members import (
    LoginChangeFactory,
    OfficeFactory,
    SeatFactory,
)
from tests.members.changes import entry, refused
from tests.members.people.factors import is_logged_in, logged_in
from tests.members.people.logins import (
    NEW,
    REFUSED_AT_LOGIN,
    by_code,
    change_own,
    link_code,
    mails_to,
    objected,
)

pytestmark = pytest.mark.django_db

SECRETARIAT = "jimukyoku@example.jp"


@pytest.fixture(autouse=True)
def secretariat_mail(settings) -> None:
    settings.SECRETARIAT_MAIL = SECRETARIAT


@pytest.fixture
def before(lead) -> str:
    return lead.user.email


@pytest.fixture
def changed(lead, before) -> LoginChange:
    """The lead's own change of address."""
    change_own(lead.user)
    return LoginChange.objects.get()


class TestTold:
    def test_the_old_address_hears_of_it_once(self, changed, before, lead):
        (mail,) = OutboxMail.objects.filter(to=before)
        assert (
            mail.subject == "［特別区全国連携プロジェクト］ログインのメールアドレスが変わりました"
        )
        assert "福井県坂井市　企画政策課" in mail.body
        assert "a•••@city.…" in mail.body
        assert NEW not in mail.body
        last_day = timezone.localdate(changed.changed_at) + timedelta(days=7)
        assert f"心当たりがないときは、{day_text(last_day)} " in mail.body
        code = link_code(before)
        assert re.search(rf"^https?://\S+/c/{code}/$", mail.body, re.MULTILINE)
        assert f"{mail.body.split('番号：')[0].rsplit('/c/', 1)[0]}/c/" in mail.body
        assert (changed.before, changed.after) == (before, NEW)
        assert changed.changed_by == "福井県坂井市　企画政策課"

    def test_the_log_keeps_that_it_changed_and_no_address(self, changed, before):
        row = entry(Action.CHANGE_LOGIN)
        assert row.personal.values["email"] == [before, NEW]
        assert NEW not in str(row.changes)

    def test_the_same_address_is_no_change(self, lead):
        assert services.note_new_login(lead.user, before=lead.user.email) is None
        assert not LoginChange.objects.exists()
        assert not OutboxMail.objects.exists()

    def test_a_link_holds_for_seven_days(self, changed, before, time_machine):
        link = MailLink.objects.get()
        assert (link.to, link.expires_at) == (before, changed.changed_at + timedelta(days=7))


class TestLoginChangeLink:
    def test_shows_masked_what_has_changed_and_changes_nothing(self, changed, before):
        page = Client().get(f"/c/{link_code(before)}/")
        assertContains(page, "このメールアドレスの変更に、心当たりはありますか")
        assertContains(page, "a•••@city.…")
        assertContains(page, "福井県坂井市　企画政策課")
        assertNotContains(page, before)
        assertNotContains(page, NEW)
        assert not User.objects.get(email=NEW).is_disputed

    def test_login_objected_is_where_the_button_leads(self, changed, before, lead):
        client, code = Client(), link_code(before)
        token = client.get(f"/c/{code}/").context["token"]
        answer = client.post(f"/c/{code}/", {"token": token}, follow=True)
        assertContains(answer, "利用を止めました")
        assertContains(answer, "事務局が確認し")
        assert lead.user.is_disputed
        assert client.post(f"/c/{code}/", {"token": token}).status_code == 302  # sent twice
        assertContains(client.get(f"/c/{code}/"), "ログインのメールアドレスの変更", status_code=410)

    def test_the_code_may_be_typed(self, changed, before):
        answer = Client().post("/c/", {"code": link_code(before).lower().replace("-", "")})
        assert answer.url.startswith("/c/")

    @pytest.mark.parametrize("days", [7, 30])
    def test_afterwards_it_is_too_late_by_link(self, changed, before, time_machine, days):
        code = link_code(before)
        time_machine.move_to(timezone.now() + timedelta(days=days), tick=False)
        client = Client()
        assert client.get(f"/c/{code}/").status_code == 410
        answer = client.post(f"/c/{code}/", {"step": "renew"})
        assertContains(answer, "お電話ください", status_code=422)
        assert OutboxMail.objects.filter(to=before).count() == 1
        assert not LoginChange.objects.exclude(objected_at=None).exists()

    def test_a_link_that_is_over_is_renewed_while_one_may_object(self, changed, before):
        link = MailLink.objects.get()
        links.cancel(services.LOGIN_CHANGE, changed)
        services.renew_objection(link)
        assert OutboxMail.objects.filter(to=before).count() == 2
        assert MailLink.objects.latest("pk").expires_at == link.expires_at


class TestObjection:
    def test_ends_the_logins_at_once(self, lead, before):
        client = change_own(lead.user)
        other = by_code(NEW)
        assert is_logged_in(client)
        assert is_logged_in(other)
        objected(lead.user, before)
        for each in (client, other):
            assert each.get("/member/").status_code == 302
            assert not is_logged_in(each)

    def test_login_disputed_is_what_password_and_code_lead_to(self, changed, lead, before):
        objected(lead.user, before)
        client = logged_in(lead.user)
        assert not is_logged_in(client)
        client = by_code(NEW)
        assertRedirects(client.answer, REFUSED_AT_LOGIN)
        assert not is_logged_in(client)
        page = client.get(REFUSED_AT_LOGIN)
        assertContains(page, "この利用者のログインを止めています")
        assertContains(page, "事務局が確認するまで、ログインできません")
        assertNotContains(page, "ログイン中")

    def test_tells_the_leads_and_the_secretariat(self, changed, lead, before, reader, deputy):
        other = SeatFactory(office=OfficeFactory(organization=lead.organization, is_main=False))
        SeatFactory(office=lead.office, user=other.user)
        change = objected(lead.user, before)
        (mail,) = mails_to(other.user.email, "担当の方のログインを止めました")
        assert lead.user.display_name in mail.body
        assert before not in mail.body
        (mail,) = mails_to(SECRETARIAT, "異議がありました")
        assert f"/admin/members/loginchange/{change.pk}/change/" in mail.body
        told = set(OutboxMail.objects.filter(subject__contains="止めました").values_list("to"))
        assert told == {(other.user.email,)}

    def test_is_kept_with_an_audit_row(self, changed, lead, before):
        change = objected(lead.user, before)
        assert change.objected_at
        row = entry(Action.OBJECT_TO_LOGIN)
        assert row.actor_organization == "システム"
        assert row.object_label == f"利用者 {lead.user.pk}"

    def test_changes_no_address(self, changed, lead, before):
        objected(lead.user, before)
        lead.user.refresh_from_db()
        assert lead.user.email == NEW
        assert list(EmailAddress.objects.values_list("email")) == [(NEW,)]

    def test_only_once(self, changed, lead, before):
        link = links.find(link_code(before))
        services.object_to_login(link)
        with refused(DomainError, "もう使えません"):
            services.object_to_login(link)
        with refused(DomainError, "もう受け付けていません"):
            services.renew_objection(link)

    def test_not_after_it_is_settled(self, changed, lead, before, staff):
        link = links.find(link_code(before))
        LoginChange.objects.update(settled_at=timezone.now(), settlement=Settlement.RESTORED)
        with refused(DomainError, "もう受け付けていません"):
            services.object_to_login(link)
        assert links.is_open(MailLink.objects.get())

    def test_without_an_address_of_the_secretariat_the_leads_hear_it(
        self, changed, lead, before, settings
    ):
        settings.SECRETARIAT_MAIL = ""
        objected(lead.user, before)
        assert not OutboxMail.objects.filter(to=SECRETARIAT).exists()


class TestTidying:
    DAY = date(2026, 11, 22)

    def aged(self, days: int, **fields) -> LoginChange:
        then = timezone.make_aware(timezone.datetime(2026, 11, 22)) - timedelta(days=days)
        row = LoginChangeFactory(
            **{name: then if value is True else value for name, value in fields.items()}
        )
        LoginChange.objects.filter(pk=row.pk).update(changed_at=then)
        return row

    def test_what_nobody_needs_any_more_goes_after_ninety_days(self):
        self.aged(91)
        self.aged(91, objected_at=True, settled_at=True)
        kept = {
            self.aged(90),
            self.aged(91, objected_at=True),
            self.aged(90, objected_at=True, settled_at=True),
            self.aged(91, settled_at=timezone.make_aware(timezone.datetime(2026, 11, 1))),
        }
        assert services.clear_login_changes(self.DAY) == 2
        assert set(LoginChange.objects.all()) == kept

    def test_the_log_keeps_that_it_changed(self, changed, time_machine):
        time_machine.move_to(timezone.now() + timedelta(days=100), tick=False)
        daily.run()
        assert not LoginChange.objects.exists()
        assert AuditEntry.objects.filter(action=Action.CHANGE_LOGIN).exists()
