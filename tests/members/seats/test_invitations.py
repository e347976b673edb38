"""Seats offered by mail: who offers which, to whom, and what becomes of it."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from core import daily, links
from core.audit import System
from core.dates import today
from core.errors import DomainError, NotAllowed
from core.models import AuditEntry, AuditPersonal, MailLink, OutboxMail
from members import services
from members.enums import Action, InvitationStatus, Role, UserKind
from members.models import Invitation, LoginChange, Seat, User
from tests.factories.members import InvitationFactory, OfficeFactory, SeatFactory, UserFactory
from tests.members.changes import entry, refused

pytestmark = pytest.mark.django_db

NEW = "shin@city.sakai.fukui.jp"
LATER = timedelta(days=services.INVITATION_DAYS, hours=1)


def shared(office, role=Role.DEPUTY) -> Seat:
    """The seat of a shared mailbox."""
    return SeatFactory(office=office, role=role, user__kind=UserKind.OFFICE)


def invited(lead, role=Role.DEPUTY, **fields) -> Invitation:
    return services.invite(lead.office, role, **{"email": NEW, "by": lead, **fields})


def code_in(mail: OutboxMail) -> str:
    [code] = re.findall(r"番号：(\S{4}-\S{4})", mail.body)
    return code


class TestInvite:
    def test_offers_the_seat_by_mail(self, lead):
        invitation = invited(lead, email=" Shin@City.Sakai.Fukui.jp", family_name="新")
        assert (invitation.status, invitation.email) == (InvitationStatus.SENT, NEW)
        assert (invitation.valid_from, invitation.valid_until) == (today(), None)
        assert invitation.sent_by == "福井県坂井市　企画政策課"
        mail = OutboxMail.objects.get()
        assert mail.to == NEW
        assert mail.expires_at == invitation.expires_at
        for fact in ("福井県坂井市", "企画政策課", "副担当", "令和", "/c/"):
            assert fact in mail.body
        link = links.find(code_in(mail))
        assert (link.kind, link.object_id, link.to) == ("members.invitation", invitation.pk, NEW)
        assert not Seat.objects.filter(user__email=NEW).exists()

    def test_the_log_has_the_address_in_its_erasable_part_alone(self, lead):
        invited(lead)
        row = entry(Action.INVITE)
        assert NEW not in str(row.changes) + row.object_label
        assert NEW in str(AuditPersonal.objects.get(entry=row).values)

    def test_the_url_of_the_link_stands_alone_on_its_line(self, lead):
        invited(lead)
        assert re.search(r"^https?://\S+/c/\S{4}-\S{4}/$", OutboxMail.objects.get().body, re.M)

    def test_a_lead_invites_to_every_office_of_the_organization(self, lead):
        second = OfficeFactory(organization=lead.organization, is_main=False)
        invitation = services.invite(second, Role.LEAD, email=NEW, by=lead)
        assert invitation.office == second

    @pytest.mark.parametrize("who", ["deputy", "reader", "other_lead", "ward_lead"])
    def test_nobody_else_invites(self, who, office, request):
        seat = request.getfixturevalue(who)
        with refused(NotAllowed):
            services.invite(office, Role.READER, email=NEW, by=seat)

    def test_a_lead_who_was_just_demoted_invites_nobody(self, lead):
        Seat.objects.filter(pk=lead.pk).update(role=Role.DEPUTY)
        with refused(NotAllowed):
            invited(lead)

    def test_a_lead_makes_no_staff(self, lead):
        with refused(DomainError, "特別区長会と特別区協議会だけ"):
            invited(lead, Role.STAFF)

    def test_nor_does_a_lead_of_the_secretariats_own_body(self, staff):
        lead = SeatFactory(office=staff.office, role=Role.LEAD)
        with refused(DomainError, "事務局が管理画面で"):
            invited(lead, Role.STAFF)
        assert invited(staff, Role.STAFF).role == Role.STAFF

    def test_the_secretariat_and_the_system_invite_everywhere(self, office, staff):
        services.invite(office, Role.LEAD, email=NEW, by=staff)
        services.invite(office, Role.LEAD, email="b@example.jp", by=System("見本"))
        assert Invitation.objects.count() == 2

    @pytest.mark.parametrize(
        ("fields", "sentence"),
        [
            ({"valid_from": -1}, "今日以降"),
            ({"valid_from": 10, "valid_until": 9}, "始まりの日以降"),
        ],
    )
    def test_impossible_days(self, lead, fields, sentence):
        days = {name: today() + timedelta(days=number) for name, number in fields.items()}
        with refused(DomainError, sentence):
            invited(lead, **days)

    def test_an_address_is_invited_to_an_office_once(self, lead):
        second = OfficeFactory(organization=lead.organization, is_main=False)
        invited(lead)
        with refused(DomainError, "すでに招待を送っています"):
            invited(lead, Role.READER)
        services.invite(second, Role.DEPUTY, email=NEW, by=lead)

    def test_whoever_sits_there_is_not_invited(self, lead, deputy):
        with refused(DomainError, "すでに持っています"):
            invited(lead, email=deputy.user.email)

    def test_nor_is_a_stopped_account(self, lead):
        user = UserFactory(is_active=False)
        with refused(DomainError, "事務局にご連絡"):
            invited(lead, email=user.email)

    def test_after_its_time_the_address_may_be_invited_anew(self, lead):
        first = invited(lead)
        with time_machine.travel(timezone.now() + LATER, tick=False):
            second = invited(lead)
        first.refresh_from_db()
        assert (first.status, second.status) == (InvitationStatus.EXPIRED, InvitationStatus.SENT)


class TestSharedMailbox:
    """共用: shown as such, and never a lead by a member's hand."""

    def test_is_invited_without_a_name(self, lead):
        invitation = invited(lead, kind=UserKind.OFFICE, family_name="見本", given_name="一")
        assert (invitation.display_name, invitation.person_name) == ("共用", "")

    def test_is_not_invited_to_lead(self, lead):
        with refused(DomainError, "事務局だけ"):
            invited(lead, Role.LEAD, kind=UserKind.OFFICE)

    def test_is_recognised_by_its_account(self, lead, other_lead):
        seat = shared(other_lead.office)
        with refused(DomainError, "事務局だけ"):
            invited(lead, Role.LEAD, email=seat.user.email)
        assert invited(lead, email=seat.user.email).kind == UserKind.OFFICE

    def test_as_a_lead_it_invites_no_lead(self, office):
        seat = shared(office, Role.LEAD)
        with refused(DomainError, "共用アカウントから"):
            invited(seat, Role.LEAD)
        assert invited(seat, Role.DEPUTY).role == Role.DEPUTY

    def test_the_secretariat_makes_it_a_lead(self, office, staff):
        invitation = services.invite(office, Role.LEAD, email=NEW, by=staff, kind=UserKind.OFFICE)
        user = UserFactory(email=NEW, kind=UserKind.OFFICE, family_name="", given_name="")
        seat = services.accept_invitation(invitation, user=user)
        assert (seat.role, seat.user.is_shared) == (Role.LEAD, True)

    def test_an_account_that_became_shared_meanwhile_accepts_no_lead(self, lead):
        invitation = invited(lead, Role.LEAD)
        user = UserFactory(email=NEW, kind=UserKind.OFFICE)
        with refused(DomainError, "共用アカウントは"):
            services.accept_invitation(invitation, user=user)


class TestAccept:
    @pytest.fixture
    def invitation(self, lead) -> Invitation:
        return invited(lead)

    @pytest.fixture
    def user(self) -> User:
        return UserFactory(email=NEW, family_name="", given_name="")

    NAME = {"family_name": "新任", "given_name": "一"}

    def test_gives_the_seat_and_tells_the_lead(self, invitation, user, lead):
        assert user.current_seats == []
        seat = services.accept_invitation(invitation, user=user, **self.NAME)
        assert (seat.user, seat.office, seat.role) == (user, lead.office, Role.DEPUTY)
        assert user.current_seats == [seat]
        invitation.refresh_from_db()
        assert (invitation.status, invitation.seat) == (InvitationStatus.ACCEPTED, seat)
        assert User.objects.get(pk=user.pk).display_name == "新任 一"
        told = OutboxMail.objects.get(to=lead.user.email)
        assert "新任 一" in told.body
        actions = set(AuditEntry.objects.values_list("action", flat=True))
        assert {Action.ACCEPT_INVITATION, Action.GIVE_SEAT, Action.CHANGE_PERSON} <= actions

    def test_uses_the_link(self, invitation, user):
        services.accept_invitation(invitation, user=user, **self.NAME)
        assert MailLink.objects.get().used_at is not None

    def test_asks_for_the_name(self, invitation, user):
        with refused(DomainError, "姓と名"):
            services.accept_invitation(invitation, user=user, family_name="新任", given_name=" ")

    def test_keeps_a_name_that_is_known(self, invitation):
        user = UserFactory(email=NEW, family_name="既知", given_name="一")
        services.accept_invitation(invitation, user=user, **self.NAME)
        assert User.objects.get(pk=user.pk).display_name == "既知 一"

    def test_is_for_that_very_address(self, invitation, other_lead):
        with refused(NotAllowed, "あてではありません"):
            services.accept_invitation(invitation, user=other_lead.user, **self.NAME)

    def test_not_for_a_stopped_account(self, invitation, user):
        """Stopped a moment ago, too: what the page has read does not count."""
        User.objects.filter(pk=user.pk).update(is_active=False)
        with refused(NotAllowed):
            services.accept_invitation(invitation, user=user, **self.NAME)

    def test_not_for_an_address_to_which_a_former_one_objects(self, invitation, user):
        objected = timezone.now()
        LoginChange.objects.create(user=user, before="a@b.jp", after=NEW, objected_at=objected)
        with refused(NotAllowed):
            services.accept_invitation(invitation, user=user, **self.NAME)
        with refused(NotAllowed):
            services.decline_invitation(invitation, user=user)

    def test_not_for_an_address_that_was_replaced_a_moment_ago(self, invitation, user):
        User.objects.filter(pk=user.pk).update(email="hoka@city.sakai.fukui.jp")
        with refused(NotAllowed):
            services.accept_invitation(invitation, user=user, **self.NAME)

    def test_once(self, invitation, user):
        services.accept_invitation(invitation, user=user, **self.NAME)
        with refused(DomainError, "すでに承諾されています"):
            services.accept_invitation(invitation, user=user, **self.NAME)

    def test_not_after_its_time(self, invitation, user):
        with time_machine.travel(timezone.now() + LATER, tick=False), refused(DomainError, "期限"):
            services.accept_invitation(invitation, user=user, **self.NAME)

    def test_begins_when_it_was_offered_or_today(self, lead, user):
        later = today() + timedelta(days=30)
        invitation = invited(lead, valid_from=later, valid_until=later + timedelta(days=365))
        seat = services.accept_invitation(invitation, user=user, **self.NAME)
        assert (seat.valid_from, seat.is_current) == (later, False)
        old = InvitationFactory(email=user.email, valid_from=today() - timedelta(days=5))
        assert services.accept_invitation(old, user=user).valid_from == today()

    def test_not_when_the_offered_days_are_over(self, user):
        past = today() - timedelta(days=3)
        invitation = InvitationFactory(email=NEW, valid_from=past, valid_until=past)
        with refused(DomainError, "すでに終わっています"):
            services.accept_invitation(invitation, user=user, **self.NAME)

    def test_not_for_who_was_seated_there_meanwhile(self, invitation, user, staff, lead):
        services.give_seat(user, lead.office, Role.READER, valid_from=today(), by=staff)
        with refused(DomainError, "すでに持っています"):
            services.accept_invitation(invitation, user=user, **self.NAME)

    def test_tells_the_organizations_leads_where_the_office_has_none(self, lead, user):
        second = OfficeFactory(organization=lead.organization, is_main=False)
        services.accept_invitation(
            InvitationFactory(office=second, email=NEW), user=user, **self.NAME
        )
        assert OutboxMail.objects.get().to == lead.user.email


class TestDecline:
    def test_tells_the_lead_why(self, lead):
        invitation = invited(lead)
        user = UserFactory(email=NEW)
        services.decline_invitation(invitation, user=user, reason=" 異動します ")
        invitation.refresh_from_db()
        assert (invitation.status, invitation.reason) == (InvitationStatus.DECLINED, "異動します")
        assert not user.seats.exists()
        assert "異動します" in OutboxMail.objects.get(to=lead.user.email).body
        assert entry(Action.DECLINE_INVITATION).reason == "異動します"

    def test_by_nobody_else(self, lead, other_lead):
        invitation = invited(lead)
        with refused(NotAllowed):
            services.decline_invitation(invitation, user=other_lead.user, reason="")


class TestCancelAndResend:
    @pytest.mark.parametrize("who", ["deputy", "reader", "other_lead", "ward_lead"])
    @pytest.mark.parametrize("action", [services.cancel_invitation, services.resend_invitation])
    def test_only_leads_and_the_secretariat(self, office, who, action, request):
        invitation, seat = InvitationFactory(office=office), request.getfixturevalue(who)
        with refused(NotAllowed):
            action(invitation, by=seat)

    def test_cancelled_it_opens_nothing(self, lead):
        invitation = invited(lead)
        services.cancel_invitation(invitation, by=lead)
        assert not links.is_open(MailLink.objects.get())
        user = UserFactory(email=NEW)
        with refused(DomainError, "取り消されています"):
            services.accept_invitation(invitation, user=user)
        with refused(DomainError, "取り消されています"):
            services.cancel_invitation(invitation, by=lead)
        with refused(DomainError, "取り消されています"):
            services.resend_invitation(invitation, by=lead)

    def test_resent_it_lasts_anew_and_the_first_link_ends(self, lead, staff):
        invitation = invited(lead)
        first = OutboxMail.objects.get()
        with time_machine.travel(timezone.now() + timedelta(days=3), tick=False):
            services.resend_invitation(invitation, by=staff)
            second = OutboxMail.objects.exclude(pk=first.pk).get()
            assert links.is_open(links.find(code_in(second)))
        assert not links.is_open(links.find(code_in(first)))
        assert Invitation.objects.get().expires_at > invitation.expires_at
        assert entry(Action.RESEND_INVITATION)

    def test_one_that_has_run_out_is_offered_anew(self, lead):
        old = invited(lead)
        with time_machine.travel(timezone.now() + LATER, tick=False):
            assert services.expire_invitations() == 1
            new = services.resend_invitation(old, by=lead)
            assert (new.pk != old.pk, new.status) == (True, InvitationStatus.SENT)
            assert new.valid_from == today()


class TestExpire:
    def test_each_day_those_whose_time_is_over(self, lead):
        invited(lead)
        assert services.expire_invitations() == 0
        with time_machine.travel(timezone.now() + LATER, tick=False):
            assert services.expire_invitations() == 1
            assert services.expire_invitations() == 0
        assert Invitation.objects.get().status == InvitationStatus.EXPIRED
        assert entry(Action.EXPIRE_INVITATION).actor_organization == "システム"

    def test_is_a_daily_job(self, lead):
        invited(lead)
        with time_machine.travel(timezone.now() + LATER, tick=False):
            runs = {run.name: run for run in daily.run() if run.name == "members.invitations"}
        assert runs["members.invitations"].result == "期限切れの招待1件"


def test_a_broken_log_rolls_everything_back(lead, monkeypatch):
    def broken(**fields):
        raise RuntimeError

    monkeypatch.setattr(AuditEntry.objects, "create", broken)
    with pytest.raises(RuntimeError):
        invited(lead)
    assert not Invitation.objects.exists()
    assert not OutboxMail.objects.exists()
    assert not MailLink.objects.exists()
