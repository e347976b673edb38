"""The forms of the portal: what people type, in their words, without JavaScript.

Pages import from here: ``from core.forms import CharField, Form``. The login pages' forms are
in ``core.forms.account`` and files in ``core.forms.attachments``, which need the app registry.
"""

from core.forms.base import ErrorItem, Form, PortalForm, SummaryRow
from core.forms.choices import (
    ChecksField,
    ChoiceField,
    KeptChoiceField,
    ModelChecksField,
    ModelChoiceField,
    ModelRadioField,
    RadioField,
)
from core.forms.date_fields import DatePartsField, RecordDateField, YearMonthField
from core.forms.day import DAY_PARTS, DayForm, typed_day
from core.forms.fields import (
    BooleanField,
    CharField,
    EmailField,
    HiddenField,
    IntegerField,
    KanaField,
    PhoneField,
    PostalCodeField,
    TextField,
    UrlField,
)
from core.forms.filtering import FilterForm
from core.forms.widgets import CountedLabel

__all__ = [
    "DAY_PARTS",
    "BooleanField",
    "CharField",
    "ChecksField",
    "ChoiceField",
    "CountedLabel",
    "DatePartsField",
    "DayForm",
    "EmailField",
    "ErrorItem",
    "FilterForm",
    "Form",
    "HiddenField",
    "IntegerField",
    "KanaField",
    "KeptChoiceField",
    "ModelChecksField",
    "ModelChoiceField",
    "ModelRadioField",
    "PhoneField",
    "PortalForm",
    "PostalCodeField",
    "RadioField",
    "RecordDateField",
    "SummaryRow",
    "TextField",
    "UrlField",
    "YearMonthField",
    "typed_day",
]
