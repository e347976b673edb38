"""What the cells of a table that is read mean, and why one cannot be taken.

A column is declared with a form field, so that a sheet is refused in the words of the page
where the same is typed. What only happens to sheets is added here: Excel drops leading zeros,
makes 3-4 a date and keeps formulas.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from core.date_input import DateInputError, parse_day
from core.dates import day_text
from core.forms import CharField, PhoneField, PostalCodeField, TextField, wording
from core.sheets.cells import Cell, CellKind, Row, SheetRefused, Table
from core.sheets.reading import folded_heading

# Excel counts the days of 1900 and later; the numbers of 1950 to 2100 are taken for days.
_DAY_ZERO = date(1899, 12, 30)
_FIRST_SERIAL, _LAST_SERIAL = 18_264, 73_415
# What a number with a hyphen becomes in Excel, and what a CSV of it holds.
_MADE_DATE = re.compile(
    r"\d{1,2}月\d{1,2}日|\d{1,2}-[A-Za-z]{3}|[A-Za-z]{3}-\d{1,2}|\d{4}[-/年]\d{1,2}[-/月]\d{1,2}日?"
)
_HALF_WIDTH_KANA = re.compile("[ｦ-ﾟ]")
_LOST = "〓"
_FORMULA = "計算式が入っています。値だけを貼り付けてください"


@dataclass(frozen=True)
class Field:
    """A column that is read: its name for the code, its heading, and what cleans a cell of it.

    ``also`` are other headings that it is known by; ``is_column_required`` says whether a table
    without the column is none.
    """

    name: str
    heading: str
    form_field: forms.Field
    also: tuple[str, ...] = ()
    is_column_required: bool = False

    def __post_init__(self) -> None:
        wording.speak(self.form_field, self.heading)


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row cannot be taken: the number beside it, the column, what stands there."""

    number: int
    heading: str
    typed: str
    reason: str


def fitted(table: Table, fields: Iterable[Field]) -> Table:
    """``table`` with the headings of ``fields`` where it has theirs in another spelling.

    Raises ``SheetRefused`` naming every column that is missing, and one that stands twice.
    """
    fields = list(fields)
    by_key = {folded_heading(h): field for field in fields for h in (field.heading, *field.also)}
    names = {
        heading: field.heading
        for heading in table.headings
        if (field := by_key.get(folded_heading(heading)))
    }
    present = list(names.values())
    if twice := [heading for heading in dict.fromkeys(present) if present.count(heading) > 1]:
        raise SheetRefused(f"「{'」「'.join(twice)}」の列が2つあります。1つにしてください")
    missing = [f.heading for f in fields if f.is_column_required and f.heading not in present]
    if missing:
        raise SheetRefused(
            f"表に「{'」「'.join(missing)}」の列がありません。最初の行を、ひな形と同じ見出しにしてください"
        )
    rows = [
        Row(row.number, {names.get(heading, heading): cell for heading, cell in row.cells.items()})
        for row in table.rows
    ]
    return Table(table.name, [names.get(heading, heading) for heading in table.headings], rows)


def unknown_headings(table: Table, fields: Iterable[Field]) -> list[str]:
    """The columns of a ``fitted`` table that nothing is read from."""
    known = {field.heading for field in fields}
    return [heading for heading in table.headings if heading not in known]


def cleaned(row: Row, fields: Iterable[Field]) -> tuple[dict[str, Any], list[Problem]]:
    """The values of ``row`` by the fields' names, and every reason not to take it."""
    values, problems = {}, []
    for field in fields:
        cell = row[field.heading]
        try:
            values[field.name] = _value(field.form_field, cell)
        except ValidationError as error:
            for reason in error.messages:
                problems.append(Problem(row.number, field.heading, cell.text, reason))
    return values, problems


def _value(form_field: forms.Field, cell: Cell) -> Any:
    if cell.kind == CellKind.FORMULA:
        raise ValidationError(_FORMULA)
    if cell.kind == CellKind.ERROR:
        raise ValidationError("Excelのエラーになっています。値を入力し直してください")
    if _LOST in cell.text:
        raise ValidationError(
            f"「{_LOST}」があります。保存のときに失われた文字を、入力し直してください"
        )
    if any(unicodedata.category(letter) == "Co" for letter in cell.text):
        raise ValidationError("外字が入っています。ほかの文字で入力し直してください")
    if cell.kind == CellKind.DATE and not isinstance(form_field, DayField):
        raise _made_date(cell.text)
    return form_field.clean(cell.text)


def _made_date(text: str) -> ValidationError:
    """The refusal of what Excel has made a date of."""
    try:
        shown = f"（{day_text(date.fromisoformat(text))}）"
    except ValueError:
        shown = ""
    return ValidationError(
        f"Excelが日付{shown}に変えています。セルの書式を「文字列」にして、入力し直してください"
    )


class PlainTextField(CharField):
    """One line, kept as it was typed; half-width kana of old systems is refused, not folded."""

    def validate(self, value: str) -> None:
        super().validate(value)
        # As a sheet of refused rows has it: shown as text, so that it does not run.
        if value.startswith("="):
            raise ValidationError(_FORMULA)
        if _HALF_WIDTH_KANA.search(value):
            raise ValidationError("半角カナが入っています。全角で入力してください")


class PlainLinesField(TextField):
    """Several lines, kept as they were typed."""

    def validate(self, value: str) -> None:
        super().validate(value)
        if value.startswith("="):
            raise ValidationError(_FORMULA)


class _NumberField(CharField):
    """A number with leading zeros: says what Excel has done to it."""

    missing_zero = ""

    def validate(self, value: str) -> None:
        typed = unicodedata.normalize("NFKC", value)
        if _MADE_DATE.fullmatch(typed):
            raise _made_date(typed)
        if re.fullmatch(self.missing_zero, value.replace("-", "")):
            raise ValidationError(
                "先頭の0が失われています。セルの書式を「文字列」にして、0から入力し直してください"
            )
        super().validate(value)


class SheetPhoneField(_NumberField, PhoneField):
    """A telephone or fax number."""

    missing_zero = "[1-9][0-9]{8,9}"


class SheetPostalCodeField(_NumberField, PostalCodeField):
    """A postal code."""

    missing_zero = "[1-9][0-9]{5}"


class ExtensionField(_NumberField):
    """An extension, half width: 3210, and 内線３２１０ as 3210."""

    missing_zero = "(?!)"

    def to_python(self, value: Any) -> str:
        typed = unicodedata.normalize("NFKC", super().to_python(value))
        return typed.removeprefix("内線").strip(" :")


class DayField(forms.Field):
    """A day: a date of Excel or the number it is, 2026-04-01, 2026/4/1, 令和8年4月1日."""

    default_error_messages = {"invalid": "Enter a date."}
    portal_messages = {
        "invalid": "{name}は「2026-04-01」または「令和8年4月1日」のように入力してください"
    }

    def to_python(self, value: Any) -> date | None:
        typed = unicodedata.normalize("NFKC", str(value)).strip()
        if not typed:
            return None
        if re.fullmatch("[0-9]{5}", typed) and _FIRST_SERIAL <= int(typed) <= _LAST_SERIAL:
            return _DAY_ZERO + timedelta(days=int(typed))
        try:
            day = parse_day(typed.partition(" ")[0])
        except DateInputError as error:
            raise ValidationError(error.message) from error
        if day is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return day


class LabelField(forms.Field):
    """One of a few words, in any width: 主担当, 副担当, 閲覧. Nothing is ``initial``."""

    def __init__(self, *, labels: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._values = {folded_heading(label): value for label, value in labels.items()}
        self._words = "」「".join(labels)

    def to_python(self, value: Any) -> Any:
        if not str(value).strip():
            return self.initial
        try:
            return self._values[folded_heading(str(value))]
        except KeyError:
            reason = f"「{self._words}」のどれかを入力してください"
            raise ValidationError(reason, code="invalid_choice") from None
