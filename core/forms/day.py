"""The day that a page answers for."""

import re
from datetime import date

from django.core.exceptions import ValidationError
from django.http import QueryDict

from core import dates
from core.forms.base import Form
from core.forms.date_fields import DatePartsField

DAY_PARTS = ("on_y", "on_m", "on_d")


class DayForm(Form):
    """A day up to today; what will hold on a later day is not known."""

    marks_required = False

    on = DatePartsField(
        label="調べたい日",
        required=False,
        help_text="年は「2019」「令和元」のどちらでも入力できます",
    )

    def clean_on(self) -> date | None:
        day = self.cleaned_data["on"]
        if day and day > dates.today():
            limit = dates.day_text(dates.today())
            raise ValidationError(f"調べたい日は、今日（{limit}）までの日付にしてください")
        return day


def typed_day(query: QueryDict) -> dict[str, str] | None:
    """The day asked for, as the form's three parts; None when none was.

    Reads the form's own parts and the short address ``?on=2019-09-05``.
    """
    typed = [query.get(name, "") for name in DAY_PARTS]
    if not any(typed):
        year, *rest = re.split(r"[-/.]", query.get("on", ""), maxsplit=2)
        # As people write a month and a day: 2, not 02.
        typed = [year, *(re.sub(r"^0(?=[1-9]$)", "", part) for part in rest)]
        typed += [""] * (len(DAY_PARTS) - len(typed))
    return dict(zip(DAY_PARTS, typed, strict=True)) if any(typed) else None
