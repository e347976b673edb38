"""A second administrator lets somebody in again who has lost device and recovery codes."""

from functools import partial

import pytest
from allauth.usersessions.models import UserSession
from pytest_django.asserts import assertContains, assertNotContains

from core.errors import DomainError, NotAllowed
from core.models import AuditEntry, OutboxMail
from members import services
from members.enums import Action, Role, UserKind
from members.models import User
from tests.factories.members import SeatFactory, SecretariatFactory, UserFactory
from tests.members.people.factors import SECRET, is_logged_in, logged_in, totp, with_app
from tests.secretariat import secretary, url

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to("2026-11-22 10:00+09:00", tick=False)


class TestReset:
    REASON = "庁内の番号に折り返し、職員証を確かめた"

    @pytest.fixture
    def colleague(self) -> User:
        office = SecretariatFactory()
        return with_app(SeatFactory(office__organization=office, role=Role.STAFF).user)

    def test_by_a_second_administrator(self, colleague):
        theirs = logged_in(colleague, totp(SECRET))
        assert is_logged_in(theirs)
        by = secretary("会員登録")
        client = logged_in(by.user)
        page = client.get(url("members.user", "change", colleague.pk))
        assertContains(page, "二段階の確認を初期化")
        action = url("members.user", "reset_factors", colleague.pk)
        done = client.post(action, {"reason": self.REASON}, follow=True)
        assertContains(done, "二段階の確認を初期化し、ご本人にメールでお知らせしました")

        assert not colleague.authenticator_set.exists()
        assert not UserSession.objects.filter(user=colleague).exists()
        assert theirs.get("/member/").status_code == 302
        entry = AuditEntry.objects.get(action=Action.RESET_FACTORS)
        assert (entry.reason, entry.actor_office) == (self.REASON, by.office.name)
        assert entry.changes == {"factors": [["recovery_codes", "totp"], []]}
        mail = OutboxMail.objects.get()
        assert (mail.key, mail.to) == (f"members.reset_factors:{entry.pk}", colleague.email)
        assert "事務局が初期化しました" in mail.body
        assert by.office.name in mail.body
        assert is_logged_in(logged_in(colleague))

    def test_needs_a_reason(self, colleague):
        client = logged_in(secretary("会員登録").user)
        answer = client.post(url("members.user", "reset_factors", colleague.pk), {"reason": " "})
        assert answer.status_code == 422
        assert colleague.authenticator_set.count() == 2
        assert not OutboxMail.objects.exists()

    def test_nobody_resets_their_own(self):
        seat = secretary("会員登録")
        client = logged_in(with_app(seat.user), totp(SECRET))
        assertNotContains(client.get(url("members.user", "change", seat.user.pk)), "を初期化")
        action = url("members.user", "reset_factors", seat.user.pk)
        assert client.post(action, {"reason": self.REASON}).status_code == 403
        with pytest.raises(NotAllowed):
            services.reset_factors(seat.user, by=seat, reason=self.REASON)
        assert seat.user.authenticator_set.count() == 2
        assert not OutboxMail.objects.exists()

    @pytest.mark.parametrize("group", ["プロジェクト", "閲覧"])
    def test_other_groups_do_not(self, colleague, group):
        client = logged_in(secretary(group).user)
        action = url("members.user", "reset_factors", colleague.pk)
        assert client.post(action, {"reason": self.REASON}).status_code == 403
        assert colleague.authenticator_set.count() == 2

    @pytest.mark.parametrize("name", ["reset_factors", "replace_login", "reset_shared"])
    def test_nobody_opens_a_login_with_rights_that_they_lack(self, colleague, name):
        """Whoever reads the mail of a reset login could use it."""
        if name == "reset_shared":
            User.objects.filter(pk=colleague.pk).update(kind=UserKind.OFFICE)
        by = secretary("会員登録")
        colleague.groups.add(secretary("プロジェクト").user.groups.get())
        client = logged_in(by.user)
        page = client.get(url("members.user", "change", colleague.pk))
        action = url("members.user", name, colleague.pk)
        assertNotContains(page, action)
        sent = {"reason": self.REASON, "email": "new@example.jp"}
        assert client.post(action, sent).status_code == 403
        services_of = {
            "reset_factors": partial(services.reset_factors, reason=self.REASON),
            "replace_login": partial(
                services.replace_login, email="new@example.jp", reason=self.REASON
            ),
            "reset_shared": services.reset_shared_credentials,
        }
        with pytest.raises(NotAllowed):
            services_of[name](User.objects.get(pk=colleague.pk), by=by)
        assert colleague.authenticator_set.count() == 2
        assert not OutboxMail.objects.exists()
        # Who has them all may, and the break-glass account.
        by.user.groups.add(*colleague.groups.all())
        assertContains(client.get(url("members.user", "change", colleague.pk)), action)
        breaker = UserFactory(is_superuser=True)
        assert logged_in(breaker).post(action, sent).status_code == 302

    def test_the_break_glass_accounts_are_its_own(self):
        user = with_app(UserFactory(is_superuser=True))
        client = logged_in(secretary("会員登録").user)
        action = url("members.user", "reset_factors", user.pk)
        assert client.post(action, {"reason": self.REASON}).status_code == 403

    def test_members_do_not(self, lead, colleague):
        with pytest.raises(NotAllowed):
            services.reset_factors(colleague, by=lead, reason=self.REASON)
        assert colleague.authenticator_set.count() == 2

    def test_where_there_is_none_it_says_so(self, lead, staff):
        with pytest.raises(DomainError, match="登録していません"):
            services.reset_factors(lead.user, by=staff, reason=self.REASON)
        assert not OutboxMail.objects.exists()
        assert not AuditEntry.objects.exists()
