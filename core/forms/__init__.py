"""The forms of the portal: what people type, in their words, without JavaScript.

Pages import from here: ``from core.forms import CharField, Form``. The login pages' forms
are in ``core.forms.account``, which needs the app registry.
"""

from core.forms.base import ErrorItem, Form, ModelForm, PortalForm, SummaryRow
from core.forms.choices import (
    ChecksField,
    ChoiceField,
    ModelChecksField,
    ModelChoiceField,
    ModelRadioField,
    RadioField,
)
from core.forms.date_fields import DatePartsField, YearMonthField
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
)
from core.forms.widgets import CountedLabel

__all__ = [
    "BooleanField",
    "CharField",
    "ChecksField",
    "ChoiceField",
    "CountedLabel",
    "DatePartsField",
    "EmailField",
    "ErrorItem",
    "Form",
    "HiddenField",
    "IntegerField",
    "KanaField",
    "ModelChecksField",
    "ModelChoiceField",
    "ModelForm",
    "ModelRadioField",
    "PhoneField",
    "PortalForm",
    "PostalCodeField",
    "RadioField",
    "SummaryRow",
    "TextField",
    "YearMonthField",
]
