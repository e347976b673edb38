"""Reading years and dates as people type them: 2027, 令和9, R9, 令和元, full width or not."""

import re
import unicodedata
from datetime import date

from core.dates import day_text
from core.eras import ERAS, Era

_ERA_YEAR = re.compile(r"(?P<era>[^\W\d_]+)\s*\.?\s*(?P<number>\d{1,2}|元)年?度?")
_LINE = re.compile(r"(?P<year>.+?)\s*[年./-]\s*(?P<month>\d{1,2})\s*[月./-]\s*(?P<day>\d{1,2})日?")
_WESTERN_YEAR = re.compile(r"(?P<number>\d{4})年?度?")


class DateInputError(ValueError):
    """What was typed is no date. ``part`` is ``year``, ``month`` or ``day``."""

    def __init__(self, part: str, message: str) -> None:
        super().__init__(message)
        self.part = part
        self.message = message


def parse_year(text: str) -> int:
    """The Gregorian year of ``text``. Raises ``DateInputError`` when it is none."""
    return _read_year(text)[0]


def names_fiscal_year(text: str) -> bool:
    """Whether the year typed is a fiscal year: 令和2年度."""
    return _normalise(text).endswith("度")


def parse_year_month(year: str, month: str) -> date:
    """The first day of the month typed. Raises ``DateInputError``."""
    number, era = _read_year(year)
    first = date(number, _read_number(month, "month", 1, 12), 1)
    _check_era(era, first, whole_month=True)
    return first


def parse_date(year: str, month: str, day: str) -> date:
    """The day typed in three parts. Raises ``DateInputError``."""
    number, era = _read_year(year)
    month_number = _read_number(month, "month", 1, 12)
    day_number = _read_number(day, "day", 1, 31)
    try:
        result = date(number, month_number, day_number)
    except ValueError:
        raise DateInputError(
            "day", f"{number}年{month_number}月に{day_number}日はありません"
        ) from None
    _check_era(era, result)
    return result


def parse_day(text: str) -> date | None:
    """The day typed in one line: 2026-11-22, 2026/11/22, 令和8年11月22日, R8.11.22.

    None when it has not the shape of one. Raises ``DateInputError``.
    """
    parts = _LINE.fullmatch(_normalise(text))
    return parse_date(parts["year"], parts["month"], parts["day"]) if parts else None


def _normalise(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _read_year(text: str) -> tuple[int, Era | None]:
    typed = _normalise(text)
    if match := _WESTERN_YEAR.fullmatch(typed):
        number = int(match["number"])
        if 1873 <= number <= 2200:
            return number, None
        raise DateInputError("year", "年は、1873から2200までの数字で入力してください")
    if (match := _ERA_YEAR.fullmatch(typed)) and (era := _era_named(match["era"])):
        return _era_year(era, match["number"]), era
    raise DateInputError("year", "年は「2027」または「令和9」のように入力してください")


def _era_named(name: str) -> Era | None:
    return next((e for e in ERAS if name in (e.name, e.letter, e.letter.lower(), e.name[0])), None)


def _era_year(era: Era, number: str) -> int:
    year = era.year_one + (1 if number == "元" else int(number)) - 1
    if year < era.first.year:
        first = era.year_text(era.first.year).removeprefix(era.name)
        raise DateInputError("year", f"{era.name}は{first}からです")
    if era.last and year > era.last.year:
        raise DateInputError("year", _era_limit(era))
    return year


def _era_limit(era: Era) -> str:
    """The refusal of a year after the last one of an era that has ended."""
    last = era.last or era.first
    return f"{era.name}は{era.number_of(last.year)}年{last.month}月{last.day}日までです"


def _check_era(era: Era | None, day: date, *, whole_month: bool = False) -> None:
    if era is None:
        return
    if era.last and day > era.last:
        raise DateInputError("year", _era_limit(era))
    first = era.first.replace(day=1) if whole_month else era.first
    if day < first:
        raise DateInputError("year", f"{era.name}は{day_text(era.first)}からです")


def _read_number(text: str, part: str, low: int, high: int) -> int:
    typed = _normalise(text).rstrip("月日")
    name = {"month": "月", "day": "日"}[part]
    # Two digits at most: Python refuses to read a number of thousands of them.
    if not re.fullmatch("[0-9]{1,2}", typed) or not low <= int(typed) <= high:
        raise DateInputError(part, f"{name}は、{low}から{high}までの数字で入力してください")
    return int(typed)
