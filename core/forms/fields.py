"""Form fields that accept what people reasonably type (look.md 9).

Only telephone numbers, postal codes, numbers, kana and e-mail addresses are normalised.
Names and free text are trimmed and otherwise kept as they were typed.
"""

import re
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from core import text
from core.addresses import NOT_PUBLIC, is_public

# C0 and C1 controls other than tab and newlines, and halves of surrogate pairs.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_NEWLINE = re.compile("\r\n?")
_LINE_WHITESPACE = re.compile("[\t\n\v\f\r]+")
_WIDTHS = (None, 4, 8, 12, 20)


class Described:
    """What every field of the portal may say about itself.

    ``width`` is about as many characters as the answer has (4, 8, 12 or 20; None is full
    width), ``optional_label`` what stands at a label that may stay empty, ``note`` what
    stands behind the label, ``error_label`` a shorter name for messages.
    """

    inputmode = ""
    autocomplete = ""

    def __init__(
        self,
        *,
        width: int | None = None,
        optional_label: str = "※任意",
        note: str = "",
        error_label: str = "",
        autocomplete: str = "",
        **kwargs: Any,
    ) -> None:
        if width not in _WIDTHS:
            raise ValueError(f"width is one of {_WIDTHS}, not {width}")
        self.width = width
        self.optional_label = optional_label
        self.note = note
        self.error_label = error_label
        self.autocomplete = autocomplete or self.autocomplete
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, str]:
        """Hints for keyboards and password managers.

        No maxlength: a text pasted from Word would be cut without a word; the server says
        how long it is.
        """
        named = {"inputmode": self.inputmode, "autocomplete": self.autocomplete}
        return {name: value for name, value in named.items() if value}

    def display(self, value: Any) -> str | list[str]:
        """The cleaned value as a check page shows it."""
        return "" if value is None else str(value)


class CharField(Described, forms.CharField):
    """One line of text, as it was typed, trimmed; tabs and newlines become a space."""

    def to_python(self, value: Any) -> str:
        return _LINE_WHITESPACE.sub(" ", super().to_python(value))

    def validate(self, value: str) -> None:
        super().validate(value)
        if _CONTROLS.search(value):
            raise ValidationError(
                self.error_messages["control_characters"], code="control_characters"
            )


class TextField(CharField):
    """Several lines of text, as they were typed, trimmed; newlines become ``\\n``."""

    widget = forms.Textarea

    def __init__(self, *, rows: int = 6, **kwargs: Any) -> None:
        self.rows = rows
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        # Not CharField's: it would join the lines.
        return _NEWLINE.sub("\n", forms.CharField.to_python(self, value))

    def widget_attrs(self, widget: forms.Widget) -> dict[str, str]:
        # "cols" is only a default of Django's; the stylesheet decides the width.
        widget.attrs.pop("cols", None)
        return {**super().widget_attrs(widget), "rows": str(self.rows)}


class EmailField(Described, forms.EmailField):
    """An e-mail address, half width and in lower case."""

    autocomplete = "email"

    def __init__(self, **kwargs: Any) -> None:
        # What a mail can be sent to (RFC 5321 4.5.3.1.3), and what the columns hold.
        super().__init__(**{"max_length": 254, **kwargs})

    def to_python(self, value: Any) -> str:
        return text.normalise_email(super().to_python(value))


class UrlField(Described, forms.URLField):
    """The address of a page that everybody can open; https:// where the scheme is missing."""

    widget = forms.TextInput
    inputmode = "url"
    autocomplete = "url"
    default_error_messages = {"not_public": "Enter the address of a public page."}
    portal_messages = {"not_public": f"{{name}}には、{NOT_PUBLIC}"}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(assume_scheme="https", **kwargs)

    def to_python(self, value: Any) -> str:
        # Not NFKC: what stands behind the host may be in any letters.
        return super().to_python(value.strip() if isinstance(value, str) else value)

    def run_validators(self, value: str) -> None:
        super().run_validators(value)
        if value and not is_public(value):
            raise ValidationError(self.error_messages["not_public"], code="not_public")


class PhoneField(CharField):
    """A telephone or fax number with the hyphens that were typed: 03-5210-9747."""

    widget = forms.TextInput(attrs={"type": "tel"})
    autocomplete = "tel"
    default_error_messages = {"invalid": "Enter a telephone number."}
    portal_messages = {"invalid": "{name}は「03-5210-9747」の形式で入力してください"}

    def to_python(self, value: Any) -> str:
        return text.normalise_phone(super().to_python(value))

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and not re.fullmatch(r"0\d{9,10}", value.replace("-", "")):
            raise ValidationError(self.error_messages["invalid"], code="invalid")


class PostalCodeField(CharField):
    """A postal code; stored as seven digits, shown as 102-0072."""

    inputmode = "numeric"
    autocomplete = "postal-code"
    default_error_messages = {"invalid": "Enter a postal code."}
    portal_messages = {"invalid": "{name}は「102-0072」のように7桁の数字で入力してください"}

    def to_python(self, value: Any) -> str:
        return text.normalise_postal_code(super().to_python(value))

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and not re.fullmatch("[0-9]{7}", value):
            raise ValidationError(self.error_messages["invalid"], code="invalid")

    def prepare_value(self, value: Any) -> Any:
        return self.display(value)

    def display(self, value: Any) -> str:
        code = str(value or "")
        return f"{code[:3]}-{code[3:]}" if re.fullmatch("[0-9]{7}", code) else code


class KanaField(CharField):
    """Kana in full-width katakana; any other letter is left as it is."""

    def to_python(self, value: Any) -> str:
        return text.normalise_kana(super().to_python(value))


class IntegerField(Described, forms.IntegerField):
    """A whole number, of any width, with or without thousands separators.

    ``marks`` may stand around it, as a cell of a table shows them: 「¥円」, 「人」.
    """

    widget = forms.TextInput
    inputmode = "numeric"

    def __init__(self, *, marks: str = "", **kwargs: Any) -> None:
        self.marks = marks
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> int | None:
        if isinstance(value, str):
            value = re.sub(r"[\s,]", "", unicodedata.normalize("NFKC", value)).strip(self.marks)
        return super().to_python(value)


class BooleanField(Described, forms.BooleanField):
    """One checkbox with its label behind it."""

    def display(self, value: Any) -> str:
        return "はい" if value else "いいえ"


class HiddenField(CharField):
    """A value that the page carries and nobody types."""

    widget = forms.HiddenInput
