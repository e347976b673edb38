"""What a lead types about the seats of the organization."""

from datetime import date
from typing import Any

from core.dates import add_months, day_text, today
from core.forms import (
    CharField,
    DatePartsField,
    EmailField,
    Form,
    RadioField,
    TextField,
    wording,
)
from members import rules, services
from members.addresses import is_municipal
from members.enums import Role, UserKind
from members.models import Seat, User

ROLES_MEAN = (
    "主担当は、投稿と登録情報に加えて担当者も管理します。副担当は、投稿し、登録情報を直せます。"
    "閲覧は、読むことだけができます。"
)
UNTIL_MEANS = "決まっていなければ、空けておきます。"


class PeriodMixin:
    """Two days in their order, today at the earliest; the first within a year."""

    def refuse_day(self, name: str) -> None:
        day = self.cleaned_data.get(name)
        if day is not None and day < today():
            self.add_error(name, wording.date_not_before(str(self[name].label), "今日", today()))
        elif name == "valid_from" and day and day > add_months(today(), services.MONTHS_AHEAD):
            self.add_error(name, "始まりの日は、今日から1年以内の日付にしてください")

    def refuse_wrong_order(self, begin: date | None) -> None:
        end = self.cleaned_data.get("valid_until")
        if begin and end and end < begin:
            names = (str(self["valid_until"].label), "始まりの日")
            self.add_error("valid_until", wording.date_not_before(*names, begin))


class InvitationForm(PeriodMixin, Form):
    """Whom a lead invites, as what and for how long; ``seat`` invites."""

    email = EmailField(
        label="メールアドレス",
        max_length=254,
        width=20,
        autocomplete="off",
        help_text="招待のメールを送ります。ログインにも使うアドレスです。",
    )
    kind = RadioField(
        label="アカウントの種類",
        choices=[
            (UserKind.PERSONAL, "個人（1人で使うアドレス）"),
            (UserKind.OFFICE, "共用（部署で共有しているアドレス）"),
        ],
        initial=UserKind.PERSONAL,
        help_text="共用のアカウントは、どの画面でも「共用」と表示し、主担当にはなれません。",
    )
    family_name = CharField(label="姓", max_length=40, width=12, required=False, autocomplete="off")
    given_name = CharField(label="名", max_length=40, width=12, required=False, autocomplete="off")
    role = RadioField(label="役割", help_text=ROLES_MEAN)
    valid_from = DatePartsField(label="いつから")
    valid_until = DatePartsField(label="いつまで", required=False, help_text=UNTIL_MEANS)

    def __init__(self, *args: Any, seat: Seat, **kwargs: Any) -> None:
        self.seat = seat
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = roles_of(seat, to_shared=False)

    def clean(self) -> None:
        data = self.cleaned_data
        shared = data.get("kind") == UserKind.OFFICE
        role = data.get("role")
        if role and not rules.may_give_role(self.seat, role, to_shared=shared):
            self.add_error("role", "共用アカウントには、副担当か閲覧を選んでください")
        if shared:
            data["family_name"] = data["given_name"] = ""
        self.refuse_day("valid_from")
        self.refuse_wrong_order(data.get("valid_from"))

    @property
    def is_municipal(self) -> bool:
        """Whether a valid form's address is one that only municipalities have."""
        return is_municipal(self.cleaned_data["email"])


class SeatForm(PeriodMixin, Form):
    """A seat's role and days; ``seat`` acts. The first day only while it has not come."""

    role = RadioField(label="役割", help_text=ROLES_MEAN)
    valid_from = DatePartsField(label="いつから")
    valid_until = DatePartsField(label="いつまで", required=False, help_text=UNTIL_MEANS)

    def __init__(self, *args: Any, other: Seat, seat: Seat, **kwargs: Any) -> None:
        self.other = other
        super().__init__(*args, **kwargs)
        choices = roles_of(seat, to_shared=other.user.is_shared)
        held = (other.role, other.get_role_display())
        self.fields["role"].choices = choices if held in choices else [held, *choices]
        if other.valid_from <= today():
            del self.fields["valid_from"]

    def clean(self) -> None:
        data = self.cleaned_data
        for name in ("valid_from", "valid_until"):
            if data.get(name) != getattr(self.other, name):
                self.refuse_day(name)
        self.refuse_wrong_order(data.get("valid_from", self.other.valid_from))


class SeatEndForm(Form):
    """The last day of a seat."""

    last_day = DatePartsField(label="最後の日", help_text="この日まで、会員のページを使えます。")

    def __init__(self, *args: Any, other: Seat, **kwargs: Any) -> None:
        self.other = other
        super().__init__(*args, **kwargs)

    def clean_last_day(self) -> date:
        day = self.cleaned_data["last_day"]
        if day < self.other.valid_from:
            begin = f"始まりの日（{day_text(self.other.valid_from)}）"
            self.add_error("last_day", f"最後の日は、{begin}以降の日付にしてください")
        return day


class AcceptanceForm(Form):
    """The name of whoever accepts, where the account has none yet."""

    family_name = CharField(label="姓", max_length=40, width=12, autocomplete="family-name")
    given_name = CharField(label="名", max_length=40, width=12, autocomplete="given-name")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks_for_name(user):
            del self.fields["family_name"], self.fields["given_name"]


class DeclineForm(Form):
    """Why somebody does not want the seat, if they say."""

    reason = TextField(
        label="理由",
        required=False,
        max_length=500,
        rows=3,
        help_text="送った部署の担当の方に、メールでお知らせします。",
    )


def asks_for_name(user: User) -> bool:
    """Whether ``user`` has a personal account without a name."""
    return not user.is_shared and not (user.family_name or user.given_name)


def roles_of(seat: Seat, *, to_shared: bool) -> list[tuple[str, str]]:
    """The roles that the lead ``seat`` may give, as choices."""
    return [
        (role.value, role.label)
        for role in (Role.LEAD, Role.DEPUTY, Role.READER)
        if rules.may_give_role(seat, role, to_shared=to_shared)
    ]
