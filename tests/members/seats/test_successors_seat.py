"""Which seat a successor gets: never more than was handed over, never less than they have."""

from datetime import timedelta

import pytest
import time_machine

from core import daily
from core.dates import today
from core.errors import DomainError
from core.models import OutboxMail
from members import services
from members.enums import Action, Role, UserKind
from members.models import Seat
from tests.factories.members import HandoverFactory, SeatFactory, UserFactory
from tests.members.changes import entry, refused
from tests.members.seats.test_succeeding import with_reply_of

pytestmark = pytest.mark.django_db

NEW = "konin@city.sakai.fukui.jp"
ONE_DAY = timedelta(days=1)


def held_by(user) -> list[tuple]:
    names = ("role", "valid_from", "valid_until")
    return list(user.seats.order_by("valid_from").values_list(*names))


class TestWhoHasMore:
    """A reader names a lead: the lead leads as long as before."""

    def accepted(self, leaving, more) -> Seat:
        handover = HandoverFactory(seat=leaving, email=more.user.email, first_day=today())
        return services.accept_handover(handover, user=more.user)

    def test_leads_no_longer(self, lead, reader):
        last = today() + timedelta(days=30)
        more = SeatFactory(office=lead.office, valid_until=last)
        begin = more.valid_from
        seat = self.accepted(reader, more)
        assert held_by(more.user) == [
            (Role.LEAD, begin, last),
            (Role.READER, last + ONE_DAY, None),
        ]
        assert seat.role == Role.READER

    def test_leads_no_sooner(self, lead, reader):
        begin = today() + timedelta(days=30)
        more = SeatFactory(office=lead.office, valid_from=begin)
        self.accepted(reader, more)
        assert held_by(more.user) == [
            (Role.READER, today(), begin - ONE_DAY),
            (Role.LEAD, begin, None),
        ]


class TestCutShort:
    """Whose seat was ended early has named nobody that a lead still wants."""

    @pytest.fixture
    def handover(self, lead, deputy):
        return HandoverFactory(seat=deputy, email=NEW, last_day=today() + timedelta(days=30))

    @pytest.mark.parametrize("days", [0, 5])
    def test_is_not_accepted(self, handover, lead, deputy, days):
        user = UserFactory(email=NEW)
        services.end_seat(deputy, last_day=today(), by=lead)
        later = time_machine.travel(handover.sent_at + timedelta(days=days))
        with later, refused(DomainError, "予定より早く終わる"):
            services.accept_handover(handover, user=user)

    def test_until_a_lead_confirms_the_days(self, handover, lead, deputy):
        services.end_seat(deputy, last_day=today(), by=lead)
        terms = services.HandoverTerms(today(), today() + ONE_DAY)
        services.change_handover(handover, terms, by=lead)
        seat = services.accept_handover(handover, user=UserFactory(email=NEW))
        assert seat.role == Role.DEPUTY


class TestTheDays:
    def test_both_act_for_three_months_at_most(self, deputy):
        """A deputy passes the seat on, and does not make a second one."""
        together = services.HandoverTerms(today() + timedelta(days=300), today())
        with refused(services.WrongDay, "3か月以内"):
            services.start_handover(deputy, services.Successor(NEW), together, by=deputy)

    def test_a_seat_that_ends_soon_passes_on_the_day_after(self, lead):
        lead.valid_until = today() + timedelta(days=3)
        terms = services.default_terms(lead)
        assert (terms.last_day, terms.first_day) == (lead.valid_until, lead.valid_until + ONE_DAY)

    def test_mail_and_sheet_say_what_came_of_them(self, lead):
        handover = HandoverFactory(seat=lead, email=NEW)
        with time_machine.travel(handover.sent_at + timedelta(days=9)):
            services.accept_handover(handover, user=UserFactory(email=NEW))
            handover.refresh_from_db()
            assert (handover.last_day, handover.first_day) == (today() - ONE_DAY, today())
            body = OutboxMail.objects.get(to=lead.user.email).body
        for day in (handover.last_day, handover.first_day):
            assert f"{day.month}月{day.day}日" in body


class TestWhoIsTold:
    @pytest.mark.parametrize(("role", "times"), [(Role.DEPUTY, 1), (Role.READER, 0)])
    def test_counterparts_read_no_name_but_a_leads(self, lead, other_lead, role, times):
        """Other organizations see its leads alone; a reader deals with nobody."""
        with_reply_of(other_lead, proposal_of=lead)
        leaving = SeatFactory(office=lead.office, role=role)
        handover = HandoverFactory(seat=leaving, email=NEW)
        user = UserFactory(email=NEW, family_name="見本", given_name="後任")
        services.accept_handover(handover, user=user)
        mails = OutboxMail.objects.filter(to=other_lead.user.email)
        assert len(mails) == times
        assert all("見本 後任" not in mail.body for mail in mails)
        own = OutboxMail.objects.get(to=lead.user.email).body
        assert ("相手には、担当者が代わる" in own) is bool(times)


class TestSharedMailbox:
    @pytest.fixture
    def box(self, office) -> Seat:
        return SeatFactory(office=office, user__kind=UserKind.OFFICE)

    def test_names_no_other_lead(self, box, lead):
        """It makes no lead; a deputy's successor it may name."""
        terms = services.HandoverTerms(today(), today() + ONE_DAY)
        with refused(DomainError, "主担当を決めることはできません"):
            services.start_handover(lead, services.Successor(NEW), terms, by=box)
        deputy = SeatFactory(office=box.office, role=Role.DEPUTY)
        services.start_handover(deputy, services.Successor(NEW), terms, by=box)

    def same(self, box, **days):
        return HandoverFactory(
            seat=box, email=box.user.email, kind=UserKind.OFFICE, family_name="", **days
        )

    @pytest.mark.parametrize("ended", [False, True])
    def test_a_seat_that_ends_begins_again_for_the_next_people(self, box, ended):
        box.valid_until = today() - ONE_DAY if ended else today()
        box.save()
        begin = today() + ONE_DAY
        handover = self.same(box, last_day=box.valid_until, first_day=begin)
        seat = services.accept_handover(handover, user=box.user)
        assert (seat.user, seat.valid_from, seat.valid_until) == (box.user, begin, None)
        with time_machine.travel(handover.sent_at + ONE_DAY):
            daily.run()
        box.user.refresh_from_db()
        assert not box.user.has_usable_password()

    def test_a_seat_that_holds_stays_as_a_lead_has_limited_it(self, box):
        box.valid_until = today() + timedelta(days=90)
        box.save()
        seat = services.accept_handover(self.same(box), user=box.user)
        assert (seat.pk, seat.valid_until) == (box.pk, today() + timedelta(days=90))
        assert entry(Action.ACCEPT_HANDOVER)


def test_no_seat_begins_in_some_years(office, lead, deputy):
    """A lead who is to come in ten years would be the last one's successor today."""
    far = today() + timedelta(days=3650)
    with refused(DomainError, "1年以内"):
        services.invite(office, Role.LEAD, email=NEW, by=lead, valid_from=far)
    coming = SeatFactory(office=office, valid_from=today() + timedelta(days=9))
    with refused(DomainError, "1年以内"):
        services.change_seat(coming, by=lead, valid_from=far)
