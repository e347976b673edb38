"""Forms of the admin: Japanese messages, the row's stamp, dates of the record."""

import hashlib
from calendar import monthrange
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

from core.dates import Precision, fiscal_year_bounds, fiscal_year_of
from core.errors import StaleVersion
from core.forms import wording


def stamp_of(row: models.Model) -> str:
    """What changes whenever the row does: its version, or a digest of its values."""
    if hasattr(row, "version"):
        return str(row.version)
    values = [(field.attname, field.value_from_object(row)) for field in row._meta.concrete_fields]
    return hashlib.sha256(repr(values).encode()).hexdigest()[:16]


class SpeakingForm:
    """Mixed into a form: every message is built from its field's label (look.md 10)."""

    def full_clean(self) -> None:
        for bound in self:
            wording.speak(bound.field, bound.label)
        super().full_clean()


class RecordForm(SpeakingForm, forms.ModelForm):
    """A row's form in the admin.

    It carries the row's stamp; when the row has changed since the form was opened, it refuses
    with ``StaleVersion``'s sentence and keeps what was typed.
    """

    stamp = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.is_stale = False
        if self.instance.pk:
            self.initial["stamp"] = stamp_of(self.instance)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.instance.pk and self.cleaned_data.get("stamp") != stamp_of(self._locked_row()):
            self.is_stale = True
            raise ValidationError(str(StaleVersion()), code="stale")
        return cleaned

    def _locked_row(self) -> models.Model:
        """The row as it stands, kept from others until the admin's transaction ends."""
        model = type(self.instance)
        return model._default_manager.select_for_update().get(pk=self.instance.pk)


class RecordInlineForm(SpeakingForm, forms.ModelForm):
    """A row within another row's form; a control's name is the heading of its column."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cached = {
            **self.instance._state.fields_cache,
            **getattr(self.instance, "_prefetched_objects_cache", {}),
        }
        for name, field in self.fields.items():
            control = getattr(field.widget, "widget", field.widget)
            control.attrs["aria-label"] = field.label
            if name in cached and hasattr(control, "known"):
                control.known = cached[name]


DATE_HELP = (
    "日まで分かるときは「最も早い日」に入力します（何日か続いたときは最後の日も）。"
    "月・年・年度までのときは、その中のどの日でも構いません。期間の始めと終わりに直して保存します。"
)


class DatedForm(RecordForm):
    """The form of a row with a date of the record (``core.models.Dated``).

    ``latest`` may stay empty: the precision then says it. Months, years and fiscal years are
    saved with their first and last day. ``points`` are the prefixes of the columns of its
    dates, where it has several.
    """

    points: tuple[str, ...] = ("",)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for point in self.points:
            self._clean_point(cleaned, *(f"{point}{part}" for part in _PARTS))
        return cleaned

    def _clean_point(self, cleaned: dict[str, Any], first: str, last: str, exactness: str) -> None:
        earliest, latest = cleaned.get(first), cleaned.get(last)
        if earliest is None or last in self.errors or exactness in self.errors:
            if latest is not None and first not in self.errors:
                self.add_error(first, f"{self[first].label}を入力してください")
            return
        precision = cleaned[exactness]
        if latest is None and precision == Precision.BETWEEN:
            self.add_error(last, f"「範囲のみ」のときは、{self[last].label}も入力してください")
        elif latest is not None and latest < earliest:
            names = (self[last].label, self[first].label)
            self.add_error(last, wording.date_not_before(*names, earliest))
        else:
            cleaned[first], cleaned[last] = whole(earliest, latest or earliest, precision)


_PARTS = ("earliest", "latest", "precision")


def whole(earliest: date, latest: date, precision: str) -> tuple[date, date]:
    """The bounds widened to the months, years or fiscal years that they lie in."""
    if precision == Precision.MONTH:
        last = monthrange(latest.year, latest.month)[1]
        return earliest.replace(day=1), latest.replace(day=last)
    if precision == Precision.YEAR:
        return date(earliest.year, 1, 1), date(latest.year, 12, 31)
    if precision == Precision.FISCAL_YEAR:
        first, last = fiscal_year_of(earliest), fiscal_year_of(latest)
        return fiscal_year_bounds(first)[0], fiscal_year_bounds(last)[1]
    return earliest, latest


class ActionForm(SpeakingForm, forms.Form):
    """What a named action asks for; empty for one that only has to be confirmed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})


class ReasonForm(ActionForm):
    """The reason that the history keeps."""

    reason = forms.CharField(
        label="理由",
        help_text="操作記録に残り、あとから変えられません",
        widget=forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"}),
    )
