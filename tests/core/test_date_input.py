"""Years and dates as people type them, and the sentence for what cannot be read."""

from datetime import date

import pytest

from core.date_input import DateInputError, parse_date, parse_year, parse_year_month


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2027", 2027),
        ("２０２７年", 2027),
        ("2027年度", 2027),
        ("令和9", 2027),
        ("令和９年", 2027),
        ("令和 9", 2027),
        ("R9", 2027),
        ("r9", 2027),
        ("Ｒ．９", 2027),
        ("令和元", 2019),
        ("令和元年", 2019),
        ("令和1年度", 2019),
        ("令9", 2027),
        ("平成31", 2019),
        ("H元", 1989),
        ("昭和64", 1989),
        ("大正15", 1926),
        ("M45", 1912),
        (" 2027 ", 2027),
    ],
)
def test_a_year_in_either_calendar(text, year):
    assert parse_year(text) == year


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "年は「2027」または「令和9」のように入力してください"),
        ("27", "年は「2027」または「令和9」のように入力してください"),
        ("来年", "年は「2027」または「令和9」のように入力してください"),
        ("慶応3", "年は「2027」または「令和9」のように入力してください"),
        ("2027-01", "年は「2027」または「令和9」のように入力してください"),
        ("1872", "年は、1873から2200までの数字で入力してください"),
        ("9999", "年は、1873から2200までの数字で入力してください"),
        ("平成99年", "平成は31年4月30日までです"),
        ("平成32", "平成は31年4月30日までです"),
        ("昭和65", "昭和は64年1月7日までです"),
        ("令和0", "令和は元年からです"),
        ("明治5", "明治は6年からです"),
        ("明治46", "明治は45年7月29日までです"),
    ],
)
def test_a_year_that_cannot_be_read(text, message):
    with pytest.raises(DateInputError) as refusal:
        parse_year(text)
    assert (refusal.value.part, refusal.value.message) == ("year", message)


@pytest.mark.parametrize(
    ("parts", "day"),
    [
        (("平成31", "4", "30"), date(2019, 4, 30)),
        (("令和元", "5", "1"), date(2019, 5, 1)),
        (("２０２６", "１１月", "２２日"), date(2026, 11, 22)),
        (("昭和64", "1", "7"), date(1989, 1, 7)),
        (("2028", "2", "29"), date(2028, 2, 29)),
        # A Gregorian year knows no era, so this is no contradiction.
        (("2019", "4", "30"), date(2019, 4, 30)),
    ],
)
def test_a_day(parts, day):
    assert parse_date(*parts) == day


@pytest.mark.parametrize(
    ("parts", "part", "message"),
    [
        (("平成31", "5", "1"), "year", "平成は31年4月30日までです"),
        (("令和元", "4", "30"), "year", "令和は2019年（令和元年）5月1日からです"),
        (("昭和64", "1", "8"), "year", "昭和は64年1月7日までです"),
        (("2026", "13", "1"), "month", "月は、1から12までの数字で入力してください"),
        (("2026", "0", "1"), "month", "月は、1から12までの数字で入力してください"),
        (("2026", "", "1"), "month", "月は、1から12までの数字で入力してください"),
        (("2026", "1", "32"), "day", "日は、1から31までの数字で入力してください"),
        (("2026", "1", "-1"), "day", "日は、1から31までの数字で入力してください"),
        (("2026", "1", "①日目"), "day", "日は、1から31までの数字で入力してください"),
        (("2026", "1" * 5000, "1"), "month", "月は、1から12までの数字で入力してください"),
        (("2026", "1", "1" * 5000), "day", "日は、1から31までの数字で入力してください"),
        (("2026", "2", "29"), "day", "2026年2月に29日はありません"),
        (("令和9", "4", "31"), "day", "2027年4月に31日はありません"),
    ],
)
def test_a_day_that_cannot_be_read_says_which_part(parts, part, message):
    with pytest.raises(DateInputError) as refusal:
        parse_date(*parts)
    assert (refusal.value.part, refusal.value.message) == (part, message)


def test_a_month_that_lies_in_two_eras_belongs_to_both():
    assert parse_year_month("平成元", "1") == date(1989, 1, 1)
    assert parse_year_month("昭和64", "1") == date(1989, 1, 1)
    assert parse_year_month("平成31", "4") == date(2019, 4, 1)


@pytest.mark.parametrize(
    ("year", "month", "message"),
    [
        ("平成31", "5", "平成は31年4月30日までです"),
        ("令和元", "4", "令和は2019年（令和元年）5月1日からです"),
    ],
)
def test_a_month_outside_its_era(year, month, message):
    with pytest.raises(DateInputError) as refusal:
        parse_year_month(year, month)
    assert refusal.value.message == message
