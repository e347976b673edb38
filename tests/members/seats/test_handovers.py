"""A seat passed to a successor: who begins it, what is refused, and how it waits."""

import re
from datetime import date, timedelta

import pytest
import time_machine

from core import daily, links
from core.audit import System, Told
from core.dates import today
from core.enums import Channel
from core.errors import DomainError, NotAllowed
from core.models import AuditEntry, AuditPersonal, MailLink, OutboxMail
from members import rules, services
from members.enums import Action, InvitationStatus, Role, UserKind
from members.models import Handover, Seat
from members.services import HandoverTerms, Successor
from tests.factories.members import (
    HandoverFactory,
    MembershipFactory,
    OfficeFactory,
    SeatFactory,
    UserFactory,
)
from tests.members.changes import entry, refused

pytestmark = pytest.mark.django_db

NEW = "konin@city.sakai.fukui.jp"
LATER = timedelta(days=services.HANDOVER_DAYS, hours=1)
ONE_DAY = timedelta(days=1)


def terms(last=0, first=1, note="") -> HandoverTerms:
    """Days counted from today."""
    return HandoverTerms(today() + timedelta(days=last), today() + timedelta(days=first), note)


def started(seat, by=None, email=NEW, **days) -> Handover:
    return services.start_handover(seat, Successor(email), terms(**days), by=by or seat)


def shared(office, role=Role.DEPUTY) -> Seat:
    return SeatFactory(office=office, role=role, user__kind=UserKind.OFFICE)


def lingering(seat) -> Seat:
    """The last lead's seat, past its date."""
    seat.valid_until = today() - ONE_DAY
    seat.save()
    return Seat.objects.get(pk=seat.pk)


class TestStart:
    def test_mails_the_successor_alone(self, lead, deputy):
        successor = Successor(" Konin@City.Sakai.Fukui.jp", "見本", "後任")
        handover = services.start_handover(lead, successor, terms(note=" 棚の鍵 "), by=lead)
        assert (handover.status, handover.email) == (InvitationStatus.SENT, NEW)
        assert (handover.last_day, handover.first_day) == (today(), today() + ONE_DAY)
        assert (handover.note, handover.sent_by) == ("棚の鍵", "福井県坂井市　企画政策課")
        mail = OutboxMail.objects.get()
        assert (mail.to, mail.expires_at) == (NEW, handover.expires_at)
        for fact in ("見本 後任 様", "福井県坂井市", "企画政策課", "主担当", "令和", "/c/"):
            assert fact in mail.body
        assert "棚の鍵" not in mail.body
        [code] = re.findall(r"番号：(\S{4}-\S{4})", mail.body)
        link = links.find(code)
        assert (link.kind, link.object_id, link.to) == ("members.handover", handover.pk, NEW)
        assert Seat.objects.count() == 2

    def test_the_log_has_the_address_in_its_erasable_part_alone(self, lead):
        started(lead)
        row = entry(Action.START_HANDOVER)
        assert NEW not in str(row.changes)
        assert NEW in str(AuditPersonal.objects.get(entry=row).values)

    @pytest.mark.parametrize("who", ["colleague", "staff"])
    def test_the_predecessor_is_told_when_somebody_else_begins_it(self, deputy, lead, staff, who):
        by = lead if who == "colleague" else staff
        told = Told(Channel.PHONE, "見本課長") if who == "staff" else None
        services.start_handover(deputy, Successor(NEW), terms(), by=by, told=told)
        assert {mail.to for mail in OutboxMail.objects.all()} == {NEW, deputy.user.email}
        assert entry(Action.START_HANDOVER).channel == (told.channel if told else Channel.WEB)

    def test_a_reader_hands_over_the_own_seat(self, reader):
        assert started(reader).seat == reader

    @pytest.mark.parametrize("who", ["deputy", "other_lead", "ward_lead", "reader"])
    def test_nobody_else(self, lead, who, request):
        by = request.getfixturevalue(who)
        with refused(NotAllowed):
            started(lead, by=by)

    def test_not_by_a_seat_that_has_ended(self, deputy, lead):
        deputy.valid_until = today() - ONE_DAY
        deputy.save()
        with refused(NotAllowed):
            started(deputy)
        with refused(DomainError, "すでに終わっています"):
            started(deputy, by=lead)

    def test_a_last_lead_past_the_date_of_the_seat(self, lead):
        seat = lingering(lead)
        handover = started(seat, last=30)
        assert handover.last_day == seat.valid_until

    def test_not_what_the_secretariat_has_taken_over(self, lead, staff):
        services.take_over_seat(lead, by=staff, reason="後任なし")
        with refused(DomainError, "事務局が引き取っています"):
            started(lead, by=staff)

    def test_a_seat_of_the_secretariat_passes_in_the_admin_alone(self, staff):
        assert started(staff).seat == staff  # through the service, for the admin's action
        assert not rules.may_hand_over(staff, staff)

    def test_once_at_a_time(self, lead):
        started(lead)
        with refused(DomainError, "すでに始まっています"):
            started(lead, email="hoka@example.jp")

    def test_again_when_the_first_has_run_out(self, lead):
        first = started(lead)
        with time_machine.travel(first.expires_at + ONE_DAY):
            second = started(lead, email="hoka@example.jp")
        first.refresh_from_db()
        assert (first.status, second.status) == (InvitationStatus.EXPIRED, InvitationStatus.SENT)

    @pytest.mark.parametrize(
        ("days", "field"),
        [
            ({"last": -1}, "last_day"),
            ({"last": 90}, "last_day"),
            ({"first": -1}, "first_day"),
            ({"first": 400}, "first_day"),
        ],
    )
    def test_days_that_do_not_fit(self, lead, days, field):
        lead.valid_until = today() + timedelta(days=60)
        lead.save()
        with refused(services.WrongDay):
            started(lead, **days)
        with pytest.raises(services.WrongDay) as refusal:
            started(lead, **days)
        assert refusal.value.field == field

    def test_not_to_oneself(self, lead):
        with refused(DomainError, "前任の方のアドレスと同じ"):
            started(lead, email=lead.user.email)

    def test_not_to_a_stopped_account(self, lead):
        stopped = UserFactory(is_active=False)
        with refused(DomainError, "使えません"):
            started(lead, email=stopped.email)

    def test_a_person_makes_no_shared_mailbox_lead(self, lead, deputy, staff):
        box = shared(lead.office).user.email
        with refused(DomainError, "事務局だけができます"):
            started(lead, email=box)
        assert started(deputy, email=box).kind == UserKind.OFFICE
        assert started(lead, email=box, by=staff).kind == UserKind.OFFICE

    def test_a_shared_mailbox_hands_over_to_its_next_people_or_to_a_person(self, office):
        box = shared(office, Role.LEAD)
        handover = started(box, email=box.user.email)
        assert handover.is_to_same_mailbox
        assert handover.kind == UserKind.OFFICE
        services.cancel_handover(handover, by=box)
        assert not started(box).is_to_same_mailbox


@pytest.mark.parametrize(
    ("now", "last_day", "first_day"),
    [
        ("2026-11-23", date(2027, 3, 31), date(2027, 4, 1)),
        ("2027-03-31", date(2027, 3, 31), date(2027, 4, 1)),
        ("2027-04-01", date(2028, 3, 31), date(2028, 4, 1)),
    ],
)
def test_the_days_are_those_of_the_fiscal_year(lead, now, last_day, first_day):
    with time_machine.travel(f"{now}T03:00:00Z"):
        assert services.default_terms(lead) == HandoverTerms(last_day, first_day)


class TestWaiting:
    @pytest.fixture
    def handover(self, lead) -> Handover:
        return HandoverFactory(seat=lead, email=NEW)

    def test_is_changed(self, handover, lead):
        services.change_handover(handover, terms(last=3, first=5, note="鍵は棚"), by=lead)
        handover.refresh_from_db()
        assert handover.last_day == today() + timedelta(days=3)
        assert handover.first_day == today() + timedelta(days=5)
        assert handover.note == "鍵は棚"
        row = entry(Action.CHANGE_HANDOVER)
        assert set(row.changes) == {"last_day", "first_day"}
        assert not OutboxMail.objects.exists()

    def test_nothing_is_written_without_a_change(self, handover, lead):
        services.change_handover(handover, terms(), by=lead)
        assert not AuditEntry.objects.exists()

    def test_is_cancelled(self, lead):
        handover = started(lead)
        services.cancel_handover(handover, by=lead)
        handover.refresh_from_db()
        assert handover.status == InvitationStatus.CANCELLED
        assert OutboxMail.objects.count() == 1
        assert not links.is_open(MailLink.objects.get())

    def test_is_sent_again(self, lead):
        handover = started(lead)
        with time_machine.travel(handover.sent_at + timedelta(days=10)):
            again = services.resend_handover(handover, by=lead)
        assert again.pk == handover.pk
        assert again.expires_at > handover.expires_at
        assert [mail.to for mail in OutboxMail.objects.all()] == [NEW, NEW]
        assert [links.is_open(link) for link in MailLink.objects.order_by("pk")] == [False, True]

    def test_is_begun_anew_when_it_has_run_out(self, lead):
        handover = started(lead, last=10, first=11)
        with time_machine.travel(handover.sent_at + LATER):
            services.expire_handovers()
            handover.refresh_from_db()
            again = services.resend_handover(handover, by=lead)
            assert (again.last_day, again.first_day) == (today(), today())
        assert again.pk != handover.pk

    @pytest.mark.parametrize("days", [1, 40])
    def test_a_link_is_renewed_for_the_successor(self, lead, days):
        handover = started(lead, last=90, first=91)
        link = MailLink.objects.get()
        with time_machine.travel(handover.sent_at + timedelta(days=days)):
            services.renew_handover(link)
            latest = MailLink.objects.latest("pk")
            assert latest.to == NEW
            assert links.is_open(latest)
            assert Handover.objects.latest("pk").sent_by == handover.sent_by

    def test_an_old_link_does_not_bring_back_what_was_cancelled(self, lead):
        first = started(lead, last=90, first=91)
        link = MailLink.objects.get()
        with time_machine.travel(first.sent_at + LATER):
            services.expire_handovers()
            again = services.resend_handover(Handover.objects.get(), by=lead)
            services.cancel_handover(again, by=lead)
            with refused(DomainError, "取り消されています"):
                services.renew_handover(link)

    def test_nor_what_a_member_has_left(self, lead, staff):
        """A last lead from before could hand over again, once it is admitted again."""
        membership = MembershipFactory(organization=lead.organization)
        first = started(lead, last=90, first=91)
        link = MailLink.objects.get()
        with time_machine.travel(first.sent_at + LATER):
            services.expire_handovers()
            services.withdraw_membership(membership, left=today(), by=staff, reason="届出")
        with time_machine.travel(first.sent_at + LATER + timedelta(days=1)):
            services.open_membership(lead.organization, joined=today(), by=staff)
            with refused(DomainError, "この引継ぎは、もう使えません"):
                services.renew_handover(link)

    def test_no_link_is_renewed_long_after(self, lead):
        handover = started(lead)
        with (
            time_machine.travel(handover.expires_at + timedelta(days=31)),
            refused(DomainError, "期限が切れています"),
        ):
            services.renew_handover(MailLink.objects.get())

    @pytest.mark.parametrize("status", InvitationStatus)
    @pytest.mark.parametrize("who", ["lead", "colleague", "deputy", "other_lead", "staff"])
    def test_who_may_in_which_state(self, lead, office, status, who, request):
        """The holder, a lead of the organization and the secretariat, while it waits."""
        by = (
            SeatFactory(office=OfficeFactory(organization=office.organization, is_main=False))
            if who == "colleague"
            else request.getfixturevalue(who)
        )
        accepted = {"new_seat": lead} if status == InvitationStatus.ACCEPTED else {}
        handover = HandoverFactory(seat=lead, status=status, **accepted)
        may = who in ("lead", "colleague", "staff")
        error = DomainError if may else NotAllowed
        if may and status == InvitationStatus.SENT:
            services.change_handover(handover, terms(first=2), by=by)
            services.resend_handover(handover, by=by)
            services.cancel_handover(handover, by=by)
            return
        with refused(error):
            services.change_handover(handover, terms(first=2), by=by)
        with refused(error):
            services.cancel_handover(handover, by=by)
        if status != InvitationStatus.EXPIRED:
            with refused(error):
                services.resend_handover(handover, by=by)

    def test_runs_out(self, lead):
        handover = started(lead)
        with time_machine.travel(handover.sent_at + LATER):
            daily.run()
        handover.refresh_from_db()
        assert handover.status == InvitationStatus.EXPIRED
        assert OutboxMail.objects.latest("pk").to == lead.user.email
        lead.refresh_from_db()
        assert lead.valid_until is None

    def test_the_system_may(self, handover):
        assert services.cancel_handover(handover, by=System("見本")).settled_at
