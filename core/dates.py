"""Days, fiscal years and the dates of the record, written in both eras.

``RecordDate`` is the one type for a date of the record (domain.md): the earliest and the
latest possible day with a precision. A day that is not known is never printed as one.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import models
from django.utils import timezone

from core.eras import era_on, eras_of_year

WEEKDAYS = "月火水木金土日"
UNKNOWN = "日付未確認"


class Precision(models.TextChoices):
    """How exactly a date of the record is known."""

    DAY = "day", "日まで"
    MONTH = "month", "月まで"
    YEAR = "year", "年まで"
    FISCAL_YEAR = "fiscal_year", "年度まで"
    BETWEEN = "between", "範囲のみ（日付未確認）"


def today() -> date:
    """The day in Asia/Tokyo."""
    # A page of a member asks some forty times; ``timezone.localdate`` goes round by UTC.
    return datetime.now(timezone.get_default_timezone()).date()


def start_of(day: date) -> datetime:
    """The moment at which ``day`` begins in Asia/Tokyo."""
    return datetime.combine(day, time.min, tzinfo=timezone.get_default_timezone())


def fiscal_year_of(day: date) -> int:
    """The fiscal year (1 April to 31 March) that ``day`` lies in."""
    return day.year if day.month >= 4 else day.year - 1


def fiscal_year_bounds(year: int) -> tuple[date, date]:
    """First and last day of the fiscal year ``year``."""
    return date(year, 4, 1), date(year + 1, 3, 31)


def add_months(day: date, months: int) -> date:
    """The same day ``months`` later, or the last day of that month where it has none."""
    month_index = day.year * 12 + day.month - 1 + months
    year, month = month_index // 12, month_index % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def lies_within(day: date, first: date | None, last: date | None) -> bool:
    """Whether ``day`` is from ``first`` to ``last``; both ends are inclusive, None is open."""
    return (first is None or first <= day) and (last is None or day <= last)


def year_text(day: date) -> str:
    """2026年（令和8年）."""
    era = era_on(day)
    return f"{day.year}年（{era.year_text(day.year)}）" if era else f"{day.year}年"


def month_text(day: date) -> str:
    """2026年（令和8年）11月."""
    return f"{year_text(day)}{day.month}月"


def day_text(day: date) -> str:
    """2026年（令和8年）11月22日."""
    return f"{month_text(day)}{day.day}日"


def day_weekday_text(day: date) -> str:
    """2026年（令和8年）11月22日（日）."""
    return f"{day_text(day)}（{WEEKDAYS[day.weekday()]}）"


def whole_year_text(year: int) -> str:
    """2021年（令和3年）; a year of two eras names both: 2019年（平成31年・令和元年）."""
    eras = "・".join(era.year_text(year) for era in eras_of_year(year))
    return f"{year}年（{eras}）" if eras else f"{year}年"


def fiscal_year_text(year: int) -> str:
    """令和8年度（2026年度）. A fiscal year bears the era of its 1 May (2019: 令和元年度)."""
    era = era_on(date(year, 5, 1))
    return f"{era.year_text(year)}度（{year}年度）" if era else f"{year}年度"


def short_year_text(year: int) -> str:
    """R8, R元: a year or a fiscal year where a chart has no room for more."""
    era = era_on(date(year, 5, 1))
    return era.short_text(year) if era else str(year)


def day_range_text(first: date, last: date) -> str:
    """Two days with what they share written once: 2015年（平成27年）11月18日～23日."""
    if first == last:
        return day_text(first)
    if year_text(first) != year_text(last):
        return f"{day_text(first)}～{day_text(last)}"
    if first.month != last.month:
        return f"{day_text(first)}～{last.month}月{last.day}日"
    return f"{day_text(first)}～{last.day}日"


def month_range_text(first: date, last: date) -> str:
    """Two months with what they share written once: 2027年（令和9年）1月～2月."""
    if (first.year, first.month) == (last.year, last.month):
        return month_text(first)
    if year_text(first) != year_text(last):
        return f"{month_text(first)}～{month_text(last)}"
    return f"{month_text(first)}～{last.month}月"


@dataclass(frozen=True)
class RecordDate:
    """A date of the record: inclusive bounds and a precision; no bounds when nothing is known."""

    earliest: date | None
    latest: date | None
    precision: str

    def __str__(self) -> str:
        """As far as it is known, in both eras; the bounds of ``between`` are never shown."""
        if self.bounds is None:
            return UNKNOWN
        first, last = self.bounds
        if self.precision == Precision.DAY:
            return day_range_text(first, last)
        if self.precision == Precision.MONTH:
            return month_range_text(first, last)
        if self.precision == Precision.FISCAL_YEAR:
            return fiscal_year_text(first.year)
        return whole_year_text(first.year)

    @property
    def bounds(self) -> tuple[date, date] | None:
        """The first and the last day that it may have been on, where it is known at all.

        None for ``between``, too: its days are those of other happenings around it.
        """
        if self.earliest is None or self.latest is None or self.precision == Precision.BETWEEN:
            return None
        return self.earliest, self.latest

    @property
    def shown_earliest(self) -> date | None:
        """The first of ``bounds``, for a column of a table."""
        return self.bounds[0] if self.bounds else None

    @property
    def shown_latest(self) -> date | None:
        """The last of ``bounds``."""
        return self.bounds[1] if self.bounds else None

    def certain_by(self, day: date) -> bool:
        """Whether the happening was certainly over by ``day``."""
        return self.latest is not None and self.latest <= day

    @property
    def first_day(self) -> date | None:
        """The day on which the happening began, when that is known."""
        return self.earliest if self.precision == Precision.DAY else None

    @property
    def last_day(self) -> date | None:
        """The day on which the happening ended, when that is known."""
        return self.latest if self.precision == Precision.DAY else None

    @property
    def fiscal_years(self) -> list[int]:
        """The fiscal years that the happening may lie in; more than one only when unsure."""
        if self.earliest is None or self.latest is None:
            return []
        if self.precision == Precision.DAY:
            return [fiscal_year_of(self.earliest)]
        return list(range(fiscal_year_of(self.earliest), fiscal_year_of(self.latest) + 1))

    @property
    def fiscal_year(self) -> int | None:
        """The one fiscal year that the happening lies in; None where that is unsure."""
        years = self.fiscal_years
        return years[0] if len(years) == 1 else None

    def past_year(self, day: date) -> int | None:
        """The fiscal year of a happening that was over by ``day``; None while either is unsure."""
        return self.fiscal_year if self.certain_by(day) else None
