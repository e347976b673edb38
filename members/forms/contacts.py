"""What members type about their office and themselves."""

import unicodedata
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from core.dates import today
from core.errors import StaleVersion
from core.forms import (
    CharField,
    EmailField,
    Form,
    ModelRadioField,
    PhoneField,
    PostalCodeField,
)
from members import rules
from members.enums import Role, UserKind
from members.models import Office, Seat

STALE = "stale"


class SeatRadioField(ModelRadioField):
    """One of an office's seats, by name and role."""

    def label_from_instance(self, seat: Seat) -> str:
        return f"{seat.user.polite_name}（今の{seat.get_role_display()}）"

    def display(self, value: Seat | None) -> str | list[str]:
        return super().display(value) or str(self.empty_label or "")


class OfficeFields(Form):
    """The contact details of an office, as every form asks for them."""

    name = CharField(
        label="部署名",
        max_length=80,
        help_text="自治体名や団体名を除いて、部や課の名前を入力してください。例：総合政策部 企画政策課",
    )
    postal_code = PostalCodeField(label="郵便番号", required=False, width=8)
    address = CharField(label="住所", max_length=200, help_text="都道府県から入力してください。")
    phone = PhoneField(label="電話番号", max_length=20, width=12)
    extension = CharField(label="内線", required=False, max_length=10, width=8)
    fax = PhoneField(
        label="ファクス番号", required=False, max_length=20, width=12, autocomplete="fax tel"
    )
    email = EmailField(
        label="共用メールアドレス",
        required=False,
        max_length=254,
        width=20,
        autocomplete="off",
        help_text="部署で共有しているアドレスです。ログインに使うアドレスは変わりません。",
    )

    def clean_extension(self) -> str:
        typed = unicodedata.normalize("NFKC", self.cleaned_data["extension"])
        return typed.removeprefix("内線").strip(" :")


class OfficeForm(OfficeFields):
    """The contact details of ``office``; for its lead also who leads it.

    ``seat`` acts; ``version`` is the one the form was opened with: when the office has changed
    since, the form is refused with an error of code ``STALE``.
    """

    def __init__(self, *args: Any, office: Office, seat: Seat, version: int, **kwargs: Any) -> None:
        self.office = office
        self.version = version
        super().__init__(*args, **kwargs)
        if rules.may_change_lead(seat, office):
            self._ask_for_lead()

    def _ask_for_lead(self) -> None:
        """Adds the choice of the lead where the office has somebody to choose from."""
        candidates = lead_candidates(self.office)
        if len(candidates) < 2:
            return
        leads = [seat for seat in candidates if seat.role == Role.LEAD]
        only_lead = leads[0] if len(leads) == 1 else None
        self.fields["lead"] = SeatRadioField(
            candidates,
            label="主担当",
            help_text="ほかの自治体や特別区との連絡の窓口になる方です。今の主担当は副担当になります。",
            # Who has several leads need not choose one to correct a telephone number.
            required=only_lead is not None,
            blank=only_lead is None,
            empty_label=None if only_lead else "今のまま変えない",
            initial=only_lead,
        )

    def clean(self) -> None:
        if self.version != self.office.version:
            raise ValidationError(str(StaleVersion()), code=STALE)

    @property
    def contact_values(self) -> dict[str, str]:
        """The contact details entered, by field of the office."""
        return {name: self.cleaned_data[name] for name in rules.CONTACT_LEVELS}

    @property
    def changed_labels(self) -> list[str]:
        """The labels of what a valid form would change."""
        changed = [
            name
            for name, value in self.contact_values.items()
            if value != getattr(self.office, name)
        ]
        lead = self.cleaned_data.get("lead")
        if lead and lead != self.fields["lead"].initial:
            changed.append("lead")
        return [str(self[name].label) for name in changed]


def lead_candidates(office: Office) -> QuerySet[Seat]:
    """The current leads and deputies of ``office``; of shared mailboxes those that lead already."""
    writing = office.seats.on(today()).active().writing().with_user().order_by("pk")
    return writing.exclude(user__kind=UserKind.OFFICE, role=Role.DEPUTY)


class PersonForm(Form):
    """The person's own name."""

    family_name = CharField(label="姓", max_length=40, width=12, autocomplete="family-name")
    given_name = CharField(label="名", max_length=40, width=12, autocomplete="given-name")
