"""Days, fiscal years and dates of the record, written in both eras."""

from datetime import UTC, date, datetime
from itertools import pairwise

import pytest
import time_machine

from core import dates
from core.dates import Precision, RecordDate
from core.eras import ERAS, era_on


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2026, 11, 22), "2026年（令和8年）11月22日"),
        (date(2019, 5, 1), "2019年（令和元年）5月1日"),
        (date(2019, 4, 30), "2019年（平成31年）4月30日"),
        (date(1989, 1, 8), "1989年（平成元年）1月8日"),
        (date(1989, 1, 7), "1989年（昭和64年）1月7日"),
        (date(1926, 12, 25), "1926年（昭和元年）12月25日"),
        (date(1912, 7, 29), "1912年（明治45年）7月29日"),
        (date(1872, 12, 31), "1872年12月31日"),
    ],
)
def test_a_day_in_both_eras(day, text):
    assert dates.day_text(day) == text


def test_a_day_with_its_weekday():
    assert dates.day_weekday_text(date(2026, 11, 22)) == "2026年（令和8年）11月22日（日）"


def test_the_eras_follow_each_other_without_a_gap():
    for era, following in pairwise(ERAS):
        assert following.first.toordinal() == era.last.toordinal() + 1
    assert ERAS[-1].last is None
    assert era_on(date(2200, 1, 1)).name == "令和"


def test_a_year_of_two_eras_names_both():
    assert dates.whole_year_text(2019) == "2019年（平成31年・令和元年）"
    assert dates.whole_year_text(2021) == "2021年（令和3年）"
    assert dates.whole_year_text(1870) == "1870年"


@pytest.mark.parametrize(
    ("day", "year", "text"),
    [
        (date(2019, 4, 1), 2019, "令和元年度（2019年度）"),
        (date(2019, 3, 31), 2018, "平成30年度（2018年度）"),
        (date(2027, 3, 31), 2026, "令和8年度（2026年度）"),
        (date(2026, 12, 31), 2026, "令和8年度（2026年度）"),
        (date(1989, 4, 1), 1989, "平成元年度（1989年度）"),
    ],
)
def test_the_fiscal_year_of_a_day(day, year, text):
    assert dates.fiscal_year_of(day) == year
    assert dates.fiscal_year_text(year) == text
    first, last = dates.fiscal_year_bounds(year)
    assert first <= day <= last
    assert (first.month, first.day, last.month, last.day) == (4, 1, 3, 31)


@pytest.mark.parametrize(
    ("day", "months", "result"),
    [
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 1, 15), -12, date(2025, 1, 15)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
    ],
)
def test_months_later_or_earlier(day, months, result):
    assert dates.add_months(day, months) == result


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        (date(2015, 11, 18), date(2015, 11, 18), "2015年（平成27年）11月18日"),
        (date(2015, 11, 18), date(2015, 11, 23), "2015年（平成27年）11月18日～23日"),
        (date(2015, 5, 30), date(2015, 6, 1), "2015年（平成27年）5月30日～6月1日"),
        (
            date(2019, 4, 13),
            date(2019, 5, 9),
            "2019年（平成31年）4月13日～2019年（令和元年）5月9日",
        ),
        (
            date(2023, 12, 30),
            date(2024, 1, 3),
            "2023年（令和5年）12月30日～2024年（令和6年）1月3日",
        ),
    ],
)
def test_a_range_writes_once_what_its_days_share(first, last, text):
    assert dates.day_range_text(first, last) == text


def test_a_range_of_months():
    january, february = date(2027, 1, 1), date(2027, 2, 1)
    assert dates.month_range_text(january, january) == "2027年（令和9年）1月"
    assert dates.month_range_text(january, february) == "2027年（令和9年）1月～2月"
    assert (
        dates.month_range_text(date(2026, 12, 1), january)
        == "2026年（令和8年）12月～2027年（令和9年）1月"
    )


@pytest.mark.parametrize(
    ("earliest", "latest", "precision", "text"),
    [
        (date(2016, 4, 26), date(2016, 4, 26), Precision.DAY, "2016年（平成28年）4月26日"),
        (date(2018, 7, 1), date(2018, 7, 31), Precision.MONTH, "2018年（平成30年）7月"),
        (date(2019, 4, 1), date(2020, 3, 31), Precision.FISCAL_YEAR, "令和元年度（2019年度）"),
        (date(2021, 1, 1), date(2021, 12, 31), Precision.YEAR, "2021年（令和3年）"),
        (date(2018, 3, 16), date(2018, 4, 16), Precision.BETWEEN, "日付未確認"),
        (None, None, Precision.DAY, "日付未確認"),
    ],
)
def test_a_date_of_the_record_is_written_as_far_as_it_is_known(earliest, latest, precision, text):
    assert str(RecordDate(earliest, latest, precision)) == text


def test_only_what_was_certain_by_a_day_counts():
    when = RecordDate(date(2018, 3, 16), date(2018, 4, 16), Precision.BETWEEN)
    assert not when.certain_by(date(2018, 4, 15))
    assert when.certain_by(date(2018, 4, 16))
    assert not RecordDate(None, None, Precision.DAY).certain_by(date(2100, 1, 1))


def test_an_unsure_happening_may_lie_in_several_fiscal_years():
    across = (date(2018, 3, 16), date(2018, 4, 16))
    assert RecordDate(*across, Precision.BETWEEN).fiscal_years == [2017, 2018]
    # A known span belongs to the year in which it began.
    assert RecordDate(*across, Precision.DAY).fiscal_years == [2017]
    assert RecordDate(None, None, Precision.DAY).fiscal_years == []


def test_the_one_fiscal_year_of_a_happening():
    across = (date(2018, 3, 16), date(2018, 4, 16))
    assert RecordDate(*across, Precision.DAY).fiscal_year == 2017
    assert RecordDate(*across, Precision.BETWEEN).fiscal_year is None
    assert RecordDate(None, None, Precision.DAY).fiscal_year is None


def test_the_bounds_of_an_unknown_day_are_never_shown():
    month = (date(2018, 7, 1), date(2018, 7, 31))
    known = RecordDate(*month, Precision.MONTH)
    assert known.bounds == (known.shown_earliest, known.shown_latest) == month
    for when in (RecordDate(*month, Precision.BETWEEN), RecordDate(None, None, Precision.DAY)):
        assert (when.bounds, when.shown_earliest, when.shown_latest) == (None, None, None)


def test_the_past_year_of_a_happening_needs_a_sure_year_and_an_end_by_the_day():
    march = RecordDate(date(2018, 3, 30), date(2018, 3, 31), Precision.DAY)
    assert march.past_year(date(2018, 3, 31)) == 2017
    assert march.past_year(date(2018, 3, 30)) is None
    across = RecordDate(date(2018, 3, 1), date(2018, 4, 30), Precision.BETWEEN)
    assert across.past_year(date(2026, 11, 22)) is None
    assert RecordDate(None, None, Precision.DAY).past_year(date(2026, 11, 22)) is None


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 11, 21, 14, 59, tzinfo=UTC), date(2026, 11, 21)),
        (datetime(2026, 11, 21, 15, 0, tzinfo=UTC), date(2026, 11, 22)),
    ],
)
def test_today_is_the_day_in_tokyo(moment, day):
    with time_machine.travel(moment, tick=False):
        assert dates.today() == day


@pytest.mark.parametrize(
    ("year", "text"),
    [(1988, "S63"), (1989, "H元"), (2018, "H30"), (2019, "R元"), (2026, "R8"), (1871, "1871")],
)
def test_a_year_where_there_is_no_room_for_more(year, text):
    assert dates.short_year_text(year) == text


@pytest.mark.parametrize(
    ("first", "last", "within"),
    [
        (None, None, True),
        (date(2026, 11, 22), date(2026, 11, 22), True),
        (date(2026, 11, 23), None, False),
        (None, date(2026, 11, 21), False),
    ],
)
def test_a_day_lies_within_a_period_with_both_of_its_ends(first, last, within):
    assert dates.lies_within(date(2026, 11, 22), first, last) is within
