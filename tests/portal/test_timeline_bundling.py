"""Which records are one happening, and where a date stands among others."""

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser

from agreements.enums import CollaborationStatus
from core.dates import Precision, RecordDate
from core.models import Recorded
from events.enums import EventKind, EventStatus
from portal import timeline
from portal.timeline import Entry
from portal.timeline.places import Place, place_of
from tests.factories.agreements import AgreementFactory, CollaborationFactory
from tests.factories.chronicle import DisasterFactory, MilestoneFactory
from tests.factories.events import EventFactory

TODAY = date(2026, 11, 22)
DAY = date(2024, 10, 5)


def chronology(user=None) -> list[Entry]:
    return timeline.chronology(user or AnonymousUser(), TODAY)


def told() -> list[list[Recorded]]:
    """The records of each entry, the main one first."""
    return [[node.record for node in entry.nodes] for entry in chronology()]


def linked() -> dict[Recorded, list[Recorded]]:
    """Of each entry's main record, those that it links without telling them."""
    return {e.main.record: [node.record for node in e.related] for e in chronology()}


def ceremony(**fields):
    return EventFactory(kind=EventKind.SIGNING, **fields)


@pytest.mark.django_db
class TestMilestones:
    def test_timeline_tells_a_record_with_the_milestone_that_refers_to_it(self):
        milestone = MilestoneFactory()
        event, agreement = EventFactory(), AgreementFactory()
        collaboration, disaster = CollaborationFactory(), DisasterFactory()
        milestone.events.add(event)
        milestone.agreements.add(agreement)
        milestone.collaborations.add(collaboration)
        milestone.disasters.add(disaster)
        (entry,) = told()
        assert entry[0] == milestone
        assert set(entry[1:]) == {event, agreement, collaboration, disaster}

    def test_timeline_tells_a_record_of_two_milestones_with_the_earlier_one(self):
        later = MilestoneFactory(earliest=date(2024, 10, 6))
        earlier = MilestoneFactory(earliest=DAY)
        event = EventFactory()
        later.events.add(event)
        earlier.events.add(event)
        assert told() == [[earlier, event], [later]]
        assert linked() == {earlier: [], later: [event]}

    def test_timeline_tells_a_ceremony_where_a_milestone_tells_its_agreement(self):
        milestone, agreement = MilestoneFactory(), AgreementFactory()
        milestone.agreements.add(agreement)
        ceremony().agreements.add(agreement)
        assert [len(records) for records in told()] == [3]

    def test_timeline_tells_an_agreement_where_a_milestone_tells_its_ceremony(self):
        milestone, agreement, signing = MilestoneFactory(), AgreementFactory(), ceremony()
        milestone.events.add(signing)
        signing.agreements.add(agreement)
        assert told() == [[milestone, agreement, signing]]

    def test_timeline_keeps_a_later_event_out_of_a_milestone_of_its_project(self):
        milestone = MilestoneFactory(earliest=DAY)
        collaboration = CollaborationFactory(start_earliest=DAY)
        milestone.collaborations.add(collaboration)
        first = EventFactory(earliest=DAY, latest=date(2024, 10, 6))
        later = EventFactory(earliest=date(2025, 10, 5))
        collaboration.events.add(first, later)
        assert told() == [[milestone, first, collaboration], [later]]
        assert linked()[later] == [collaboration]


@pytest.mark.django_db
class TestOtherRecords:
    def test_timeline_tells_an_agreement_with_its_ceremony(self):
        agreement, signing = AgreementFactory(), ceremony()
        signing.agreements.add(agreement)
        assert told() == [[signing, agreement]]

    def test_timeline_tells_an_agreement_of_two_ceremonies_with_the_earlier_one(self):
        agreement = AgreementFactory()
        later, earlier = ceremony(earliest=date(2024, 10, 6)), ceremony(earliest=DAY)
        later.agreements.add(agreement)
        earlier.agreements.add(agreement)
        assert told() == [[earlier, agreement], [later]]
        assert linked()[later] == [agreement]

    def test_timeline_tells_a_project_with_the_event_on_its_first_day(self):
        collaboration = CollaborationFactory(start_earliest=DAY)
        first, later = EventFactory(earliest=DAY), EventFactory(earliest=date(2025, 10, 5))
        collaboration.events.add(first, later)
        assert told() == [[first, collaboration], [later]]
        assert linked()[later] == [collaboration]

    @pytest.mark.parametrize("precision", [Precision.MONTH, Precision.BETWEEN])
    def test_timeline_tells_a_project_by_itself_when_no_day_ties_it(self, precision: Precision):
        span = {"start_latest": date(2024, 10, 31), "start_precision": precision}
        collaboration = CollaborationFactory(start_earliest=DAY, **span)
        event = EventFactory(earliest=DAY, latest=date(2024, 10, 31), precision=precision)
        collaboration.events.add(event)
        assert sorted(map(len, told())) == [1, 1]
        assert linked() == {collaboration: [], event: [collaboration]}

    def test_timeline_tells_two_projects_of_one_event(self):
        """C003 and C007 share the market of 2015; only C007 is known to have begun there."""
        begun = CollaborationFactory(start_earliest=DAY)
        older = CollaborationFactory(start_earliest=date(2009, 1, 1))
        event = EventFactory(earliest=DAY)
        event.collaborations.add(begun, older)
        assert told() == [[older], [event, begun]]
        assert linked()[event] == [older]

    def test_timeline_tells_what_nothing_refers_to_by_itself(self):
        records = [
            AgreementFactory(earliest=date(2024, 1, 1)),
            CollaborationFactory(start_earliest=date(2024, 2, 1)),
            DisasterFactory(earliest=date(2024, 3, 1)),
            EventFactory(earliest=date(2024, 4, 1)),
        ]
        assert told() == [[record] for record in records]


@pytest.mark.django_db
class TestVisibility:
    @pytest.fixture
    def hidden(self) -> list[Recorded]:
        return [
            EventFactory(status=EventStatus.DRAFT),
            EventFactory(is_sample=True),
            EventFactory(earliest=date(2026, 11, 23)),
            EventFactory(earliest=None, held_confirmed=False),
            CollaborationFactory(published_at=None),
            CollaborationFactory(is_sample=True),
            CollaborationFactory(start_earliest=date(2026, 11, 23)),
            CollaborationFactory(start_earliest=None, status=CollaborationStatus.PLANNED),
            CollaborationFactory(start_earliest=DAY, status=CollaborationStatus.PLANNED),
            CollaborationFactory(start_earliest=None, status=CollaborationStatus.CANCELLED),
            AgreementFactory(earliest=date(2026, 11, 23)),
            MilestoneFactory(earliest=date(2026, 11, 23)),
            DisasterFactory(earliest=date(2026, 11, 23)),
        ]

    def test_timeline_hides_drafts_samples_and_what_is_still_to_come(self, hidden, staff):
        assert chronology() == []
        assert chronology(staff.user) == []

    def test_timeline_never_links_what_it_hides(self, hidden):
        milestone, event = MilestoneFactory(), EventFactory()
        draft, *_, unpublished = hidden[:5]
        milestone.events.add(draft)
        milestone.collaborations.add(unpublished)
        event.collaborations.add(unpublished)
        assert told() == [[milestone], [event]]
        assert linked() == {milestone: [], event: []}

    def test_timeline_shows_what_has_begun_or_may_have(self):
        today = EventFactory(earliest=TODAY, latest=date(2026, 12, 1))
        month = DisasterFactory(
            earliest=date(2026, 11, 1), latest=date(2026, 11, 30), precision=Precision.MONTH
        )
        cancelled = EventFactory(status=EventStatus.CANCELLED)
        undated = EventFactory(earliest=None, held_confirmed=True)
        project = CollaborationFactory(start_earliest=None)
        assert told() == [[cancelled], [today], [month], [undated], [project]]


def when(earliest: str, latest: str, precision: Precision) -> RecordDate:
    return RecordDate(date.fromisoformat(earliest), date.fromisoformat(latest), precision)


class TestPlaces:
    # As they stand one after the other.
    ORDERED = [
        when("2017-01-27", "2018-02-21", Precision.BETWEEN),
        when("2017-12-01", "2018-02-21", Precision.BETWEEN),
        when("2018-02-21", "2018-02-21", Precision.DAY),
        when("2018-02-28", "2018-03-31", Precision.DAY),
        when("2018-02-01", "2018-02-28", Precision.MONTH),
        when("2018-03-01", "2018-03-01", Precision.DAY),
        when("2018-03-01", "2018-05-31", Precision.MONTH),
        when("2017-04-01", "2018-03-31", Precision.FISCAL_YEAR),
        when("2018-04-01", "2018-04-01", Precision.DAY),
        when("2018-12-31", "2018-12-31", Precision.DAY),
        when("2018-12-01", "2018-12-31", Precision.MONTH),
        when("2018-01-01", "2018-12-31", Precision.YEAR),
        when("2019-01-01", "2019-01-01", Precision.DAY),
    ]

    def test_timeline_places_stand_in_order(self):
        places = [place_of(known) for known in self.ORDERED]
        assert places == sorted(places)
        assert len(set(places)) == len(places)

    def test_timeline_places_lie_in_one_fiscal_year(self):
        years = [place_of(known).fiscal_year for known in self.ORDERED]
        assert years == [2017] * 8 + [2018] * 5

    def test_timeline_has_no_place_for_what_is_not_known_at_all(self):
        assert place_of(RecordDate(None, None, Precision.DAY)) is None

    def test_timeline_place_of_a_long_event_is_its_first_day(self):
        place = place_of(when("2019-03-20", "2019-05-09", Precision.DAY))
        assert isinstance(place, Place)
        assert (place.day, place.fiscal_year) == (date(2019, 3, 20), 2018)


@pytest.mark.django_db
def test_timeline_keeps_the_newsletters_order_where_dates_leave_it_open():
    bounds = {"earliest": date(2022, 3, 29), "latest": date(2024, 1, 30)}
    second = MilestoneFactory(**bounds, precision=Precision.BETWEEN, newsletter_order=35)
    first = MilestoneFactory(**bounds, precision=Precision.BETWEEN, newsletter_order=34)
    unprinted = MilestoneFactory(**bounds, precision=Precision.BETWEEN)
    line = MilestoneFactory(earliest=date(2024, 1, 30), newsletter_order=37)
    assert told() == [[first], [second], [unprinted], [line]]


@pytest.mark.django_db
class TestLandmarks:
    def test_timeline_landmarks_stand_once_each(self):
        MilestoneFactory()
        only = MilestoneFactory(newsletter_order=1)
        assert timeline.landmarks() == [only]

    def test_timeline_landmarks_of_an_empty_record_are_none(self):
        assert timeline.landmarks() == []

    def test_timeline_landmarks_ask_two_questions(self, django_assert_num_queries):
        MilestoneFactory.create_batch(3, newsletter_order=None)
        for order in (1, 2, 3):
            MilestoneFactory(newsletter_order=order).agreements.add(AgreementFactory())
        with django_assert_num_queries(2):
            assert len(timeline.landmarks()) == 2
