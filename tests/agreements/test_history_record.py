"""How the agreements of the record grew: as for each day by itself, from one reading."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from agreements.queries import Standing, history_until, standing_on
from tests.test_figures import SIGNED

pytestmark = [pytest.mark.usefixtures("record"), pytest.mark.once]

TODAY = date(2026, 11, 22)
DAYS = sorted({day - timedelta(days=back) for day in SIGNED.values() for back in (0, 1)})


def numbers(standing: Standing) -> tuple[int, int, int]:
    return (len(standing.associations), len(standing.municipality_ids), len(standing.companies))


@pytest.mark.parametrize("day", [*DAYS, TODAY])
def test_it_stands_as_a_reading_of_that_day_alone_says(day: date):
    assert history_until(TODAY).standing_on(day) == standing_on(day)
    assert history_until(day).standing_on(day) == standing_on(day)


# By hand from agreements.csv and the sums of municipalities.csv.
def test_the_turns_are_the_days_on_which_the_figures_changed():
    turns = [(turn.standing.day, *numbers(turn.standing)) for turn in history_until(TODAY).turns]
    assert turns == [
        (date(2016, 4, 26), 3, 170, 0),
        (date(2016, 6, 25), 5, 210, 0),
        (date(2017, 1, 19), 6, 227, 0),
        (date(2017, 1, 27), 7, 236, 0),
        (date(2018, 2, 21), 8, 263, 0),
        (date(2018, 4, 16), 10, 298, 0),
        (date(2018, 5, 1), 11, 321, 0),
        (date(2018, 8, 23), 11, 321, 1),
        (date(2019, 6, 12), 11, 321, 2),
        (date(2020, 1, 14), 13, 372, 3),
        (date(2022, 3, 29), 13, 372, 4),
    ]


def test_each_turn_begins_where_the_last_one_ended():
    turns = history_until(TODAY).turns
    assert numbers(turns[0].before) == (0, 0, 0)
    for last, turn in pairwise(turns):
        assert turn.before == last.standing


def test_a_turn_names_what_was_signed():
    first = history_until(TODAY).turns[0]
    assert sorted(agreement.record_id for agreement in first.signed) == ["A01", "A02"]


def test_an_earlier_day_knows_nothing_of_later_ones():
    assert history_until(date(2016, 4, 25)).turns == []
    assert len(history_until(date(2018, 5, 1)).turns) == 7


def test_the_bound_associations_have_their_municipalities_by_kind():
    bound = {
        row.association.name: (row.kinds["市"], row.kinds["町"], row.kinds["村"])
        for row in history_until(TODAY).bound
    }
    assert len(bound) == 13
    assert bound["北海道町村会"] == (0, 129, 15)
    assert bound["京都府市長会"] == (15, 0, 0)
    assert bound["広島県町村会"] == (0, 9, 0)
    assert sum(map(sum, bound.values())) == 372


def test_it_asks_four_times_however_many_days_there_are(django_assert_num_queries):
    with django_assert_num_queries(4):
        history = history_until(TODAY)
        assert len(history.turns) == 11
        assert len(history.bound) == 13
