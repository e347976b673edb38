"""Dates in templates, always in both eras."""

from datetime import date, datetime

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core import dates

register = template.Library()


def _local_day(value: date | datetime) -> date:
    return timezone.localdate(value) if isinstance(value, datetime) else value


@register.filter
def both_eras(value: date | datetime | None) -> str:
    """2026年（令和8年）11月22日; empty for nothing."""
    return dates.day_text(_local_day(value)) if value else ""


@register.filter
def both_eras_minute(value: datetime | None) -> str:
    """2026年（令和8年）11月22日 17時05分; empty for nothing."""
    if not value:
        return ""
    local = timezone.localtime(value)
    return f"{dates.day_text(local.date())} {local.hour}時{local.minute:02}分"


@register.filter
def record_date(value: dates.RecordDate) -> SafeString | str:
    """A date of the record as far as it is known; one known day as a ``time`` element."""
    if value.precision == dates.Precision.DAY and value.earliest and value.earliest == value.latest:
        return format_html('<time datetime="{}">{}</time>', value.earliest.isoformat(), value)
    return str(value)


@register.filter
def partial_date(value: str) -> str:
    """A date known as 2017-02-27, 2017-02 or 2017, in both eras; other text as it is."""
    try:
        numbers = [int(part) for part in value.split("-")]
        first = date(*numbers, *[1] * (3 - len(numbers)))
    except (TypeError, ValueError):
        return value
    if len(numbers) == 1:
        return dates.whole_year_text(first.year)
    return dates.month_text(first) if len(numbers) == 2 else dates.day_text(first)


@register.filter
def fiscal_year(value: int) -> str:
    """令和8年度（2026年度）."""
    return dates.fiscal_year_text(value)


@register.filter
def weekday(value: date) -> str:
    """日."""
    return dates.WEEKDAYS[value.weekday()]
