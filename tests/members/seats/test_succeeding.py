"""A successor's answer: both seats, what moves, and who is told."""

from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator

from core import daily, links
from core.dates import today
from core.errors import DomainError, NotAllowed
from core.models import MailLink, OutboxMail
from members import handover as business
from members import services
from members.enums import Action, InvitationStatus, Role, UserKind
from members.handover import Business, Item
from members.models import Handover, Seat, User
from tests.factories.members import (
    HandoverFactory,
    InvitationFactory,
    OrganizationFactory,
    SeatFactory,
    UserFactory,
)
from tests.factories.proposals import DraftFactory, ProposalFactory, ReplyFactory
from tests.members.changes import entry, refused

pytestmark = pytest.mark.django_db

NEW = "konin@city.sakai.fukui.jp"
NAME = {"family_name": "見本", "given_name": "後任"}
ONE_DAY = timedelta(days=1)


@pytest.fixture
def handover(lead) -> Handover:
    return HandoverFactory(seat=lead, email=NEW)


@pytest.fixture
def user(db) -> User:
    """The account that the link opened: no name, no seat."""
    return UserFactory(email=NEW, family_name="", given_name="")


def mailed() -> list[str]:
    return sorted(mail.to for mail in OutboxMail.objects.all())


def with_reply_of(seat, proposal_of) -> None:
    """An open proposal under which ``seat``'s organization has had a word."""
    own = {"organization": proposal_of.organization, "office": proposal_of.office}
    ReplyFactory(proposal=ProposalFactory(**own), organization=seat.organization, seat=seat)


class TestAccept:
    def test_one_seat_ends_and_the_other_begins(self, handover, lead, user):
        seat = services.accept_handover(handover, user=user, **NAME)
        lead.refresh_from_db()
        assert lead.valid_until == today()
        assert (seat.office, seat.role, seat.user) == (lead.office, Role.LEAD, user)
        assert (seat.valid_from, seat.valid_until) == (today() + ONE_DAY, None)
        handover.refresh_from_db()
        assert (handover.status, handover.new_seat) == (InvitationStatus.ACCEPTED, seat)
        user.refresh_from_db()
        assert user.display_name == "見本 後任"
        actions = (Action.GIVE_SEAT, Action.END_SEAT, Action.ACCEPT_HANDOVER)
        assert all(entry(action) for action in actions)

    def test_the_old_seat_works_until_its_last_day_and_the_new_one_not_yet(
        self, handover, lead, user
    ):
        seat = services.accept_handover(handover, user=user, **NAME)
        assert Seat.objects.get(pk=lead.pk).is_current
        assert not seat.is_current
        assert not user.has_left
        assert [coming.pk for coming in user.coming_seats] == [seat.pk]
        with time_machine.travel(handover.sent_at + ONE_DAY):
            assert not Seat.objects.get(pk=lead.pk).is_current
            assert Seat.objects.get(pk=seat.pk).is_current
            assert not User.objects.get(pk=lead.user_id).lingering_seats

    def test_an_answer_after_both_days(self, handover, lead, user):
        """What has passed cannot be undone: the seat acted until yesterday."""
        with time_machine.travel(handover.sent_at + timedelta(days=5)):
            seat = services.accept_handover(handover, user=user, **NAME)
            lead.refresh_from_db()
            assert (lead.valid_until, seat.valid_from) == (today() - ONE_DAY, today())

    def test_a_last_lead_past_the_date_of_the_seat(self, handover, lead, user):
        lead.valid_until = today() - timedelta(days=9)
        lead.save()
        seat = services.accept_handover(handover, user=user, **NAME)
        lead.refresh_from_db()
        assert lead.valid_until == today() - timedelta(days=9)
        assert seat.role == Role.LEAD

    def test_links_are_used(self, lead, user):
        terms = services.HandoverTerms(today(), today())
        handover = services.start_handover(lead, services.Successor(NEW), terms, by=lead)
        services.accept_handover(handover, user=user, **NAME)
        assert not links.is_open(MailLink.objects.get())
        with refused(DomainError, "すでに承諾されています"):
            services.accept_handover(handover, user=user)

    @pytest.mark.parametrize(
        ("role", "before", "after"),
        [
            # The deputy becomes the lead on the first day; a reader, likewise.
            (Role.DEPUTY, [Role.DEPUTY], [Role.DEPUTY, Role.LEAD]),
            (Role.READER, [Role.READER], [Role.READER, Role.LEAD]),
            # A second lead goes on.
            (Role.LEAD, [Role.LEAD], [Role.LEAD]),
        ],
    )
    def test_a_colleague_succeeds(self, handover, lead, role, before, after):
        colleague = SeatFactory(office=lead.office, role=role, user__email=NEW)
        seat = services.accept_handover(handover, user=colleague.user)
        held = colleague.user.seats.order_by("valid_from", "pk")
        assert [one.role for one in held] == after
        assert held.last() == seat
        assert held.filter(valid_until=None).count() == 1
        for day in (today(), today() + ONE_DAY):
            assert held.on(day).count() == 1

    def test_a_colleague_whose_seat_begins_later_or_would_end(self, handover, lead):
        colleague = SeatFactory(
            office=lead.office,
            role=Role.DEPUTY,
            user__email=NEW,
            valid_from=today() + timedelta(days=20),
            valid_until=today() + timedelta(days=40),
        )
        seat = services.accept_handover(handover, user=colleague.user)
        assert seat.pk == colleague.pk
        assert (seat.role, seat.valid_from, seat.valid_until) == (
            Role.LEAD,
            handover.first_day,
            None,
        )

    def test_a_lead_who_takes_over_a_deputys_business_stays_the_lead(self, lead, deputy):
        seats = [
            services.accept_handover(
                HandoverFactory(seat=leaving, email=lead.user.email), user=lead.user
            )
            for leaving in (deputy, SeatFactory(office=lead.office, role=Role.READER))
        ]
        assert [(seat.pk, seat.role) for seat in seats] == [(lead.pk, Role.LEAD)] * 2

    @pytest.mark.parametrize("status", InvitationStatus)
    def test_only_what_waits(self, handover, lead, user, status):
        if status == InvitationStatus.SENT:
            handover.expires_at = handover.sent_at
        handover.status = status
        handover.new_seat = lead if status == InvitationStatus.ACCEPTED else None
        handover.save()
        for answer in (services.accept_handover, services.decline_handover):
            with refused(DomainError):
                answer(handover, user=user)

    @pytest.mark.parametrize("who", ["lead", "deputy", "other_lead", "staff"])
    def test_only_by_whom_it_names(self, handover, who, request):
        other = request.getfixturevalue(who).user
        for answer in (services.accept_handover, services.decline_handover):
            with refused(NotAllowed, "あてではありません"):
                answer(handover, user=other)

    def test_not_without_a_name(self, handover, user):
        with refused(DomainError, "姓と名"):
            services.accept_handover(handover, user=user)

    def test_not_what_the_secretariat_has_taken_over(self, handover, lead, user, staff):
        services.take_over_seat(lead, by=staff, reason="後任なし")
        with refused(DomainError, "事務局が引き取っています"):
            services.accept_handover(handover, user=user, **NAME)


class TestWhoIsTold:
    def test_each_once_and_never_who_answers(self, handover, lead, deputy, other_lead, user):
        """Two seats, two replies, two handed-over organizations: one mail."""
        second = SeatFactory(user=other_lead.user)
        third = SeatFactory(office=other_lead.office)
        quiet = SeatFactory()
        for seat in (other_lead, other_lead, second):
            with_reply_of(seat, proposal_of=lead)
        services.accept_handover(handover, user=user, **NAME)
        assert mailed() == sorted([lead.user.email, other_lead.user.email, third.user.email])
        assert quiet.user.email not in mailed()

    def test_a_counterpart_reads_office_and_person_and_nothing_that_was_said(
        self, handover, lead, other_lead, user
    ):
        with_reply_of(other_lead, proposal_of=lead)
        services.accept_handover(handover, user=user, **NAME)
        mail = OutboxMail.objects.get(to=other_lead.user.email)
        assert "福井県坂井市" in mail.body
        assert "企画政策課" in mail.body
        assert "見本 後任" in mail.body
        reply = lead.organization.proposals.get().replies.get()
        assert reply.body not in mail.body
        assert reply.proposal.title not in mail.body

    def test_a_successor_who_leads_a_counterpart_is_not(self, handover, lead, other_lead):
        with_reply_of(other_lead, proposal_of=lead)
        handover.email = other_lead.user.email
        handover.save()
        services.accept_handover(handover, user=other_lead.user)
        assert mailed() == [lead.user.email]

    def test_not_the_stopped_nor_the_departed(self, handover, lead, other_lead, user):
        with_reply_of(other_lead, proposal_of=lead)
        User.objects.filter(pk__in=[lead.user_id, other_lead.user_id]).update(is_active=False)
        services.accept_handover(handover, user=user, **NAME)
        assert mailed() == []

    def test_a_no(self, handover, lead, deputy, user):
        services.decline_handover(handover, user=user, reason=" 異動先が違う ")
        handover.refresh_from_db()
        assert (handover.status, handover.reason) == (InvitationStatus.DECLINED, "異動先が違う")
        mail = OutboxMail.objects.get()
        assert mail.to == lead.user.email
        assert "異動先が違う" in mail.body
        lead.refresh_from_db()
        assert lead.valid_until is None
        assert not user.seats.exists()


class TestBusiness:
    def test_every_room_moves_its_part_in_the_same_transaction(
        self, handover, lead, user, monkeypatch
    ):
        moved = []
        part = Business(("見本.Row",), hand_over=lambda old, new: moved.append((old, new)))
        monkeypatch.setitem(business._business, "sample.rows", part)
        seat = services.accept_handover(handover, user=user, **NAME)
        assert moved == [(lead, seat)]

    def test_a_part_that_fails_leaves_everything_as_it_was(self, handover, user, monkeypatch):
        def fails(old, new):
            raise DomainError("動かせません")

        part = Business(("見本.Row",), hand_over=fails)
        monkeypatch.setitem(business._business, "sample.rows", part)
        with refused(DomainError, "動かせません"):
            services.accept_handover(handover, user=user, **NAME)

    def test_a_counterpart_of_two_parts_is_one(self, lead, monkeypatch):
        other = OrganizationFactory()
        items = [Item("見本", "一", "/", counterparts=(other, lead.organization))] * 2
        part = Business(("見本.Row",), list_open=lambda seat: items)
        monkeypatch.setitem(business._business, "sample.rows", part)
        assert business.counterparts_of(lead) == [other]

    def test_drafts_are_not_lost_when_nobody_takes_over(self, lead, other_lead, staff):
        """They belong to the organization: the next lead, whoever that is, goes on with them."""
        draft = DraftFactory(organization=lead.organization, office=lead.office)
        services.take_over_seat(lead, by=staff, reason="後任なし")
        with time_machine.travel(today() + timedelta(days=400)):
            newcomer = SeatFactory(office=lead.office, valid_from=today())
            for seat in (newcomer, SeatFactory(office=lead.office, role=Role.READER)):
                found = type(draft).objects.visible_to(seat.user)
                assert list(found) == [draft]
            assert draft.title in str(business.open_business(newcomer))
            found = type(draft).objects.visible_to(other_lead.user)
            assert list(found) == []


class TestSharedMailbox:
    @pytest.fixture
    def box(self, office) -> Seat:
        return SeatFactory(
            office=office, user__kind=UserKind.OFFICE, user__family_name="", user__given_name=""
        )

    def accepted(self, box, **days) -> Handover:
        handover = HandoverFactory(
            seat=box, email=box.user.email, kind=UserKind.OFFICE, family_name="", **days
        )
        Authenticator.objects.create(user=box.user, type="totp", data={})
        services.accept_handover(handover, user=box.user)
        return handover

    def is_reset(self, box) -> bool:
        user = User.objects.get(pk=box.user_id)
        return not user.has_usable_password() and not user.authenticator_set.exists()

    def test_the_seat_goes_on_and_its_keys_end_with_the_first_day(self, box):
        handover = self.accepted(box)
        box.refresh_from_db()
        assert (box.valid_until, Seat.objects.count()) == (None, 1)
        assert handover.new_seat_id is None
        handover.refresh_from_db()
        assert handover.new_seat == box
        assert not self.is_reset(box)
        with time_machine.travel(handover.sent_at + ONE_DAY):
            daily.run()
            assert self.is_reset(box)
            daily.run()
        assert entry(Action.RESET_SHARED_CREDENTIALS)

    def test_at_once_when_the_next_people_are_there(self, box):
        self.accepted(box, first_day=today())
        assert self.is_reset(box)
        daily.run()
        assert entry(Action.RESET_SHARED_CREDENTIALS)

    def test_when_a_person_takes_over(self, box, user):
        handover = HandoverFactory(seat=box, email=NEW)
        seat = services.accept_handover(handover, user=user, **NAME)
        assert (seat.user, seat.role) == (user, Role.LEAD)
        assert not self.is_reset(box)
        with time_machine.travel(handover.sent_at + ONE_DAY):
            daily.run()
        assert self.is_reset(box)

    def test_a_shared_account_takes_no_lead_that_was_meant_for_a_person(self, lead, box):
        handover = HandoverFactory(seat=lead, email=box.user.email)
        with refused(DomainError, "共用アカウント"):
            services.accept_handover(handover, user=box.user)


def test_an_invitation_to_the_same_office_waits_on(lead, user):
    """Both may be answered: the seat is one."""
    handover = HandoverFactory(seat=lead, email=NEW, first_day=today())
    invitation = InvitationFactory(office=lead.office, email=NEW)
    services.accept_invitation(invitation, user=user, **NAME)
    seat = services.accept_handover(handover, user=user)
    assert user.seats.get() == seat
    assert seat.role == Role.LEAD
