"""What is typed to pass a seat to a successor: six fields at most."""

from typing import Any

from django.utils.safestring import SafeString

from core.errors import DomainError
from core.forms import CharField, DatePartsField, EmailField, Form, TextField
from members import services
from members.addresses import is_municipal
from members.models import Handover, Seat
from members.models.invitations import NOTE_LENGTH

WHOM = ("email", "family_name", "given_name")
DAYS = ("last_day", "first_day")


class HandoverTermsForm(Form):
    """When ``other`` ends and its successor's seat begins, and the predecessor's note.

    The last day of a seat that has ended is known.
    """

    last_day = DatePartsField(
        label="前任の最後の日", help_text="この日まで、前任の方が会員のページを使えます。"
    )
    first_day = DatePartsField(
        label="後任の最初の日", help_text="この日から、後任の方が会員のページを使えます。"
    )
    note = TextField(
        label="申し送り",
        required=False,
        max_length=NOTE_LENGTH,
        rows=8,
        help_text="引継書に印刷します。後任の方と団体の主担当が読みます。事務局も見ることができます。",
    )

    def __init__(self, *args: Any, other: Seat, **kwargs: Any) -> None:
        self.other = other
        super().__init__(*args, **kwargs)
        if services.has_ended(other):
            del self.fields["last_day"]

    def clean(self) -> None:
        if self.terms is None:
            return
        try:
            services.fitting_terms(self.other, self.terms)
        except services.WrongDay as refusal:
            self.add_error(refusal.field, str(refusal))

    @property
    def terms(self) -> services.HandoverTerms | None:
        """What was typed; None while a day is missing."""
        last_day = self.cleaned_data.get("last_day")
        if services.has_ended(self.other):
            last_day = self.other.valid_until
        first_day = self.cleaned_data.get("first_day")
        if last_day is None or first_day is None:
            return None
        return services.HandoverTerms(last_day, first_day, self.cleaned_data.get("note", ""))


class HandoverForm(HandoverTermsForm):
    """The successor too. ``seat`` acts."""

    email = EmailField(
        label="後任の方のメールアドレス",
        max_length=254,
        width=20,
        autocomplete="off",
        help_text="引継ぎのメールを送ります。後任の方のログインにも使うアドレスです。",
    )
    family_name = CharField(
        label="後任の方の姓", max_length=40, width=12, required=False, autocomplete="off"
    )
    given_name = CharField(
        label="後任の方の名", max_length=40, width=12, required=False, autocomplete="off"
    )
    field_order = (*WHOM, *DAYS, "note")

    def __init__(self, *args: Any, seat: Seat, **kwargs: Any) -> None:
        self.seat = seat
        super().__init__(*args, **kwargs)
        if self.other.user.is_shared:
            self.fields[
                "email"
            ].help_text = "同じ共用アドレスを後任の方も使うときは、そのアドレスを入力してください。"

    def clean_email(self) -> str:
        email = self.cleaned_data["email"]
        try:
            services.successor_kind(self.other, email, self.seat)
        except DomainError as refusal:
            self.add_error("email", str(refusal))
        return email

    @property
    def successor(self) -> services.Successor:
        return services.Successor(**{name: self.cleaned_data[name] for name in WHOM})

    @property
    def is_municipal(self) -> bool:
        """Whether a valid form's address is one that only municipalities have."""
        return is_municipal(self.cleaned_data["email"])

    @property
    def first_page(self) -> list:
        """The fields of the first page: whom and when."""
        return [bound for bound in self.visible_fields() if bound.name != "note"]

    @property
    def first_rows(self) -> list:
        """The answers of the first page."""
        note = self["note"].target_id
        return [row for row in self.summary_rows if row.target != note]

    @property
    def hidden_first(self) -> SafeString:
        """What the first page asked, on the second."""
        return self.hidden_inputs_of([*WHOM, *DAYS])

    @property
    def hidden_note(self) -> SafeString:
        """What the second page asked, on the first."""
        return self.hidden_inputs_of(["note"])


def terms_of(handover: Handover) -> dict[str, Any]:
    """The present answers of ``HandoverTermsForm``."""
    return {name: getattr(handover, name) for name in (*DAYS, "note")}
