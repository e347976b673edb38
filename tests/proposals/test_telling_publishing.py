"""Whom a new proposal is told to, and how many it says beforehand."""

from copy import copy

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.enums import Level
from core.models import OutboxMail
from members.enums import Role
from members.models import Organization, Seat
from notices.enums import Pace, Reason
from notices.models import Notice
from notices.services import unsubscribe
from proposals import services
from proposals.enums import ProposalStatus
from proposals.models import Proposal
from proposals.services.telling import ToldCount, told_count
from tests.factories.members import AssociationFactory, SeatFactory, ThemeFactory, WardFactory
from tests.factories.notices import PreferenceFactory
from tests.factories.proposals import DraftFactory

pytestmark = pytest.mark.django_db


def foreseen(proposal: Proposal, by: Seat, *, wards=(), themes=()) -> ToldCount:
    """What ``by`` is told before publishing it, or would be."""
    typed = copy(proposal)
    typed.status = ProposalStatus.OPEN
    return told_count(typed, wards=wards, themes=themes, by=by)


class TestPublishing:
    @pytest.fixture
    def wards(self) -> list[Organization]:
        """All 23, each with a lead and a reader."""
        return [self.ward() for _ in range(23)]

    def ward(self) -> Organization:
        lead = SeatFactory(office__organization=WardFactory())
        SeatFactory(office=lead.office, role=Role.READER)
        return lead.organization

    def published(self, by: Seat, **fields) -> Proposal:
        draft = DraftFactory(office=by.office, **fields)
        return services.publish(draft, by=by, version=draft.version)

    def reasons(self) -> dict[str, int]:
        told = list(Notice.objects.values_list("reason", flat=True))
        return {reason: told.count(reason) for reason in set(told)}

    def test_23_wards_are_told_with_as_many_queries_as_one(self, lead):
        ContentType.objects.get_for_model(Proposal)  # kept from then on
        numbers = []
        for wards in (1, 23):
            while Organization.objects.wards().count() < wards:
                self.ward()
            draft = DraftFactory(office=lead.office)
            assert foreseen(draft, lead) == (wards, 2 * wards, 0)
            with CaptureQueriesContext(connection) as queries:
                services.publish(draft, by=lead, version=draft.version)
            numbers.append(len(queries))
        assert self.reasons() == {Reason.ADDRESSED: 2 + 46}
        assert OutboxMail.objects.count() == 2 + 46
        assert numbers[0] == numbers[1]

    def test_only_the_chosen_wards_and_later_the_added_ones(self, lead, wards):
        draft = DraftFactory(office=lead.office)
        data = {"wards": wards[:1]}
        assert foreseen(draft, lead, wards=wards[:1]) == (1, 2, 0)
        proposal = services.publish(draft, by=lead, version=draft.version, data=data)
        assert self.reasons() == {Reason.ADDRESSED: 2}
        data = {"wards": wards[:2]}
        proposal = services.change(proposal, by=lead, version=proposal.version, data=data)
        new = Notice.objects.filter(text__contains="宛先になりました")
        assert {notice.seat.office.organization for notice in new} == {wards[1]}
        data = {"wards": []}
        services.change(proposal, by=lead, version=proposal.version, data=data)
        assert self.reasons() == {Reason.ADDRESSED: 46}

    def test_a_ward_that_writes_to_the_wards_means_all_others(self, ward_lead):
        others = {SeatFactory(office__organization=WardFactory()).organization for _ in range(2)}
        proposal = self.published(ward_lead)
        assert not Notice.objects.exists()
        data = {"level": Level.WARDS}
        proposal = services.change(proposal, by=ward_lead, version=proposal.version, data=data)
        assert {notice.seat.organization for notice in Notice.objects.all()} == others
        data = {"wards": [others.pop()]}
        services.change(proposal, by=ward_lead, version=proposal.version, data=data)
        assert self.reasons() == {Reason.ADDRESSED: 2}

    def test_a_ward_that_writes_to_all_tells_the_wards_that_it_adds(self, ward_lead):
        other = SeatFactory(office__organization=WardFactory())
        proposal = self.published(ward_lead)
        data = {"wards": [other.organization]}
        services.change(proposal, by=ward_lead, version=proposal.version, data=data)
        (notice,) = Notice.objects.all()
        assert (notice.seat, notice.reason) == (other, Reason.ADDRESSED)

    def test_who_wants_new_ones_of_its_theme_or_prefecture(self, lead, deputy):
        theme, other_theme = ThemeFactory(name="観光"), ThemeFactory(name="防災")
        prefecture = lead.organization.prefecture
        by_theme, by_place = PreferenceFactory(), PreferenceFactory()
        by_theme.themes.set([theme])
        by_place.prefectures.set([prefecture])
        not_asked = PreferenceFactory()
        not_asked.themes.set([other_theme])
        PreferenceFactory(seat=deputy).themes.set([theme])
        proposal = self.published(lead, themes=[theme])
        new = Notice.objects.filter(reason=Reason.NEW)
        assert {notice.seat for notice in new} == {by_theme.seat, by_place.seat}
        assert Notice.objects.get(seat=deputy).reason == Reason.OWN
        assert foreseen(proposal, lead, themes=[theme]) == (3, 3, 1)
        assert foreseen(proposal, lead) == (2, 2, 1)

    def test_who_has_chosen_nothing_is_told_of_the_themes_of_its_organization(
        self, lead, deputy, reader, other_lead, ward_lead
    ):
        """A ward's proposal to all would else reach nobody at first."""
        theme, other_theme = ThemeFactory(name="観光"), ThemeFactory(name="防災")
        lead.organization.themes.set([theme, other_theme])
        other_lead.organization.themes.set([other_theme])
        unsubscribe(lead, "own")  # says nothing about themes
        PreferenceFactory(seat=deputy)
        proposal = self.published(ward_lead, themes=[theme])
        told = {row.seat: (row.reason, row.pace) for row in Notice.objects.all()}
        assert told == dict.fromkeys([lead, reader], (Reason.NEW, Pace.WEEKLY))
        assert foreseen(proposal, ward_lead, themes=[theme]) == (1, 2, 0)
        assert not OutboxMail.objects.exists()

    def test_a_body_without_a_prefecture_is_near_to_nobody(self, staff):
        body = AssociationFactory(prefecture=None)
        author = SeatFactory(office__organization=body)
        PreferenceFactory()
        self.published(author)
        assert not Notice.objects.exists()

    def test_one_for_the_wards_is_told_to_no_member(self, lead, ward_lead):
        theme = ThemeFactory(name="観光")
        member, ward = PreferenceFactory(), PreferenceFactory(seat=ward_lead)
        for preference in (member, ward):
            preference.themes.set([theme])
        fields = {"themes": [theme], "level": Level.WARDS}
        second = SeatFactory(office__organization=WardFactory())
        proposal = self.published(second, **fields)
        assert [notice.seat for notice in Notice.objects.all()] == [ward_lead]
        assert foreseen(proposal, second, themes=[theme]) == (1, 1, 0)

    @pytest.mark.parametrize("chosen", [0, 1, 3])
    @pytest.mark.parametrize("level", [Level.MEMBERS, Level.WARDS])
    @pytest.mark.parametrize("name", ["lead", "ward_lead"])
    def test_as_many_are_told_as_it_said(self, request, name, level, chosen):
        author, theme = request.getfixturevalue(name), ThemeFactory(name="観光")
        SeatFactory(office=author.office, role=Role.READER)
        first, second, third = wards = [self.ward() for _ in range(3)]
        # The author, and the lead of one ward, sit at another ward too.
        SeatFactory(user=author.user, office=first.offices.get())
        SeatFactory(user=second.offices.get().seats.first().user, office=third.offices.get())
        for preference in (PreferenceFactory(), PreferenceFactory(seat=author)):
            preference.themes.set([theme])
        draft = DraftFactory(office=author.office, themes=[theme], level=level)
        said = foreseen(draft, author, wards=wards[:chosen], themes=[theme])
        data = {"wards": wards[:chosen]}
        services.publish(draft, by=author, version=draft.version, data=data)
        told = [row.seat for row in Notice.objects.select_related("seat__office")]
        bodies = [seat.office.organization_id for seat in told]
        assert said == (len(set(bodies)), len(told), bodies.count(draft.organization_id))
        assert said.colleagues == 1
        assert author.user not in {seat.user for seat in told}
        assert not OutboxMail.objects.exclude(to__in=[seat.user.email for seat in told]).exists()
