"""Columns of lists: days in both eras."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.contrib import admin
from django.db import models
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.dates import day_text

NOTHING = "―"


def era_column(field: str, description: str) -> Callable[[models.Model], SafeString | str]:
    """The day in ``field``, in both eras; sortable as a date."""

    @admin.display(description=description, ordering=field, empty_value=NOTHING)
    def column(row: models.Model) -> SafeString | str:
        value = getattr(row, field)
        if value is None:
            return NOTHING
        return format_html('<time datetime="{}">{}</time>', value.isoformat(), day_or_none(value))

    column.__name__ = field
    return column


def day_or_none(value: date | datetime | None) -> str | None:
    """2026年（令和8年）11月22日; None, which a list shows as ―, for nothing."""
    if value is None:
        return None
    return day_text(timezone.localdate(value) if isinstance(value, datetime) else value)


def era_field(field: str, description: str) -> Callable[[models.Model], str]:
    """The time in ``field`` on a page that only shows it, in both eras; a day without a time."""

    @admin.display(description=description)
    def shown(row: models.Model) -> str:
        value = getattr(row, field)
        if not isinstance(value, datetime):
            return day_or_none(value) or NOTHING
        local = timezone.localtime(value)
        return f"{day_or_none(value)} {local.hour}時{local.minute:02}分"

    return shown


def listed_field(field: str, description: str) -> Callable[[models.Model], str]:
    """The rows of a many-valued relation on a page that only shows them: 産業、観光."""

    @admin.display(description=description)
    def shown(row: models.Model) -> str:
        return "、".join(str(other) for other in getattr(row, field).all()) or NOTHING

    return shown


@admin.display(description="日付", ordering="latest")
def when(row: Any) -> str:
    """A record's date, as far as it is known."""
    return str(row.when)


@admin.display(description="期間", ordering="valid_from")
def period(row: Any) -> str:
    """From when until when a row holds; an open end stays open."""
    return f"{day_or_none(row.valid_from) or ''}～{day_or_none(row.valid_until) or ''}"
