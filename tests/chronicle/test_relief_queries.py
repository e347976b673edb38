"""Reads of the relief over rows made for the purpose; those of the record: test_relief_figures."""

from datetime import date

import pytest

from chronicle.enums import ReliefKind
from chronicle.models import Disaster
from chronicle.queries import (
    Given,
    latest_relief,
    relief_by_kind,
    relief_by_prefecture,
    relief_by_year,
    reliefs_received,
    sources_of,
    stated_figures_of,
    with_reliefs,
    with_sources,
)
from core.dates import Precision
from core.models import Source
from members.enums import OrganizationKind
from members.models import Organization
from tests.factories.chronicle import DisasterFactory, ReliefFactory, StatedFigureFactory
from tests.factories.core import SourceFactory
from tests.factories.members import BodyFactory, OrganizationFactory, PrefectureFactory

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 22)
STAFF, RECOVERY = ReliefKind.STAFF, ReliefKind.RECOVERY_MONEY


def counts(day: date) -> dict[ReliefKind, int]:
    return {total.kind: total.disasters for total in relief_by_kind(day)}


def body(name: str, code: str | None = None, **kwargs) -> Organization:
    """A prefecture's own organization, or one of its bodies; without a code of no prefecture."""
    prefecture = PrefectureFactory(code=code) if code else None
    return BodyFactory(name=name, prefecture=prefecture, **kwargs)


class TestTotals:
    def test_several_rows_of_one_kind_count_their_disaster_once(self):
        disaster = DisasterFactory()
        ReliefFactory.create_batch(2, disaster=disaster, recipients=[OrganizationFactory()])
        assert counts(TODAY)[RECOVERY] == 1
        [year] = relief_by_year(TODAY)
        assert (year.disasters, year.by_kind[RECOVERY]) == (1, 1)
        [prefecture] = relief_by_prefecture(TODAY)
        assert prefecture.disasters == 1

    def test_zero_that_is_stated_is_a_number(self):
        ReliefFactory(kind=STAFF, staff=0)
        ReliefFactory(kind=STAFF)
        staff = relief_by_kind(TODAY)[0].staff
        assert (staff.numbers, staff.silent) == ((0,), 1)

    def test_a_date_that_leaves_the_year_open_stands_last(self):
        ReliefFactory()
        ReliefFactory(
            disaster__earliest=date(2023, 4, 1),
            disaster__latest=date(2024, 3, 31),
            disaster__precision=Precision.FISCAL_YEAR,
        )
        assert [total.label for total in relief_by_year(TODAY)] == [
            "2024年（令和6年）",
            "日付未確認",
        ]

    def test_days_over_new_year_belong_to_the_year_they_began_in(self):
        ReliefFactory(
            disaster__earliest=date(2020, 12, 30),
            disaster__latest=date(2021, 1, 2),
        )
        assert [total.year for total in relief_by_year(TODAY)] == [2020]

    def test_a_disaster_without_a_date_or_without_support_is_counted_nowhere(self):
        DisasterFactory()
        ReliefFactory(disaster__earliest=None, recipients=[OrganizationFactory()])
        assert relief_by_year(TODAY) == relief_by_prefecture(TODAY) == []
        assert set(counts(TODAY).values()) == {0}

    def test_money_shared_by_prefectures_belongs_to_none_of_them(self):
        shared = [body("見本県", "32"), body("ほかの県", "18")]
        ReliefFactory(amount_yen=1_000_000, recipients=shared)
        ReliefFactory(amount_yen=500_000, recipients=shared[:1])
        here, there = sorted(relief_by_prefecture(TODAY), key=lambda total: -total.amount.total)
        assert (here.amount.numbers, here.amount.silent) == ((500_000,), 1)
        assert (there.amount.numbers, there.amount.silent) == ((), 1)
        assert relief_by_kind(TODAY)[2].amount.total == 1_500_000

    def test_two_bodies_of_a_prefecture_share_their_money_within_it(self):
        own = [body("見本県市長会", "32"), body("見本県町村会", "32")]
        ReliefFactory(amount_yen=700_000, recipients=own)
        [total] = relief_by_prefecture(TODAY)
        assert total.amount.numbers == (700_000,)

    def test_a_body_of_no_prefecture_stands_last(self):
        ReliefFactory(recipients=[body("見本の基金"), body("見本県", "32")])
        codes = [
            total.prefecture and total.prefecture.code for total in relief_by_prefecture(TODAY)
        ]
        assert codes == ["32", None]


class TestGiven:
    def test_the_newsletter_s_words_come_first(self):
        given = Given.after(DisasterFactory(printed_support="職員派遣（432名）"))
        cells = given.year_cell, given.when_cell, given.support_cell
        assert cells == ("Ｒ6", "7/25", "職員派遣（432名）")

    def test_what_it_has_not_printed_is_said_in_its_form(self):
        disaster = DisasterFactory(printed_year="", printed_when="", printed_support="")
        ReliefFactory(disaster=disaster, kind=STAFF, staff=1200)
        ReliefFactory(disaster=disaster, recipients=[body("山形県", "32"), body("秋田県", "18")])
        given = Given.after(disaster)
        assert given.year_cell == "2024年（令和6年）"
        assert given.when_cell == "2024年（令和6年）7月25日"
        assert given.support_cell == "職員派遣（1,200名）、復興支援金（秋田県／山形県）"

    def test_the_latest_leave_out_disasters_without_support_and_stop_at_the_count(self):
        DisasterFactory(earliest=date(2026, 8, 1))
        first, second, third = (
            ReliefFactory(disaster__earliest=date(2020 + number, 8, 1)) for number in range(3)
        )
        assert [given.reliefs for given in latest_relief(2)] == [[third], [second]]
        assert latest_relief(0) == []
        assert len(latest_relief(9)) == 3
        assert first.disaster in [given.disaster for given in latest_relief(9)]

    def test_sources_that_the_public_may_see_each_once(self):
        public, hidden = SourceFactory(), SourceFactory(public=False)
        relief = ReliefFactory()
        own = SourceFactory()
        relief.sources.set([public, hidden])
        relief.disaster.sources.set([public, own])
        disaster = with_sources(with_reliefs(Disaster.objects.all())).get()
        assert set(sources_of(Given.after(disaster))) == {public, own}
        assert len(sources_of(Given.after(disaster))) == 2
        assert Source.objects.count() == 3

    def test_a_disaster_without_a_record_number_takes_no_figures(self):
        StatedFigureFactory(refers_to="")
        assert stated_figures_of(DisasterFactory(record_id=None)) == []


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.usefixtures("raise_on_fetch")
def test_the_reads_cost_the_same_for_many_rows(number: int, django_assert_num_queries):
    receiver = body("山形県", "32", kind=OrganizationKind.PREFECTURE)
    for _ in range(number):
        ReliefFactory(recipients=[receiver, OrganizationFactory()])
    for read, queries in (
        (lambda: relief_by_kind(TODAY), 1),
        (lambda: relief_by_year(TODAY), 1),
        (lambda: relief_by_prefecture(TODAY), 3),
        (lambda: [given.recipients_text for given in reliefs_received(receiver)], 3),
        (lambda: [given.recipients_text for given in latest_relief(9)], 4),
    ):
        with django_assert_num_queries(queries):
            assert read()
