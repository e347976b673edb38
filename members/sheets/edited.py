"""Organizations, memberships, offices and seats as tables that go out, are edited and come back."""

from typing import Any

from django import forms

from core.addresses import validate_public
from core.dates import today
from core.forms import EmailField, KanaField
from core.sheets.columns import Column, as_text
from core.sheets.editing import EditableColumn, EditableSheet
from core.sheets.fields import (
    DayField,
    ExtensionField,
    LabelField,
    PlainLinesField,
    PlainTextField,
    SheetPhoneField,
    SheetPostalCodeField,
)
from core.text import joined, normalise_digits
from members.enums import Role
from members.models import Office, Organization, Seat
from members.services.edited import STAFF_SEAT
from members.services.register.organizations import FROM_REGISTER, is_from_register
from members.services.seats.seats import ENDED as ENDED_SEAT
from members.sheets.joining import ROLE_LABELS, freshness_columns, text_field

_BY_REGISTER = "台帳から登録されている内容です。表からは変えられません"
_ELSEWHERE = "表からは変えられません。「{page}」の画面で変えてください"
_NO_SAMPLE = "見本かどうかは、表からは変えられません"
_CONFIRMED = (
    "確認の記録は、表からは変えられません。"
    "「担当部署」の画面の「電話などで確認・訂正を記録」で登録してください"
)
_LEFT = (
    "退会の記録は、表からは変えられません。もう一度会員にするときは、「会員登録」の画面で登録します"
)
_WITHDRAWS = (
    "退会日を入れた団体は、その日で退会になります。担当もすべてその日までになり、"
    "返事待ちの招待と引継ぎは取り消されます。募集中・協議中の提案は取り下げ、返事を待つ申し出は終わりにして、"
    "相手とフォロー中の方に知らせます。理由は、提案や申し出のページにも載ります。"
)
_ADDED_BY_IMPORT = "新しい{what}は、「会員の表を読み込む」で登録してください"


class _CodeField(PlainTextField):
    """A 団体コード, with the zero that Excel has dropped."""

    def to_python(self, value: Any) -> str:
        digits = normalise_digits(super().to_python(value))
        return f"0{digits}" if len(digits) == 5 else digits


class _ThemesField(PlainTextField):
    """The names of 分野, one after the other: 産業、観光."""

    def clean(self, value: Any) -> list[str]:
        names = super().clean(value).replace(",", "、").replace("，", "、").split("、")
        return sorted({name.strip() for name in names} - {""})


def _shown(heading: str, value: Any, locked: str, **options: Any) -> EditableColumn:
    """A column that is there to be read; ``locked`` says where its values change."""
    field = options.pop("form_field", None) or PlainTextField(required=False)
    return EditableColumn(heading, value, name=heading, form_field=field, locked=locked, **options)


def _shown_code(value: str) -> EditableColumn:
    return _shown("団体コード", value, _BY_REGISTER, form_field=_CodeField(required=False))


def _shown_day(heading: str, value: Any, locked: str, width: int = 14) -> EditableColumn:
    return _shown(heading, value, locked, form_field=DayField(required=False), width=width)


def _shown_yes_no(heading: str, value: Any, locked: str, width: int = 12) -> EditableColumn:
    words = LabelField(labels={"はい": True, "いいえ": False}, required=False)
    return _shown(heading, value, locked, form_field=words, width=width)


def _freshness(columns: list[Column]) -> list[EditableColumn]:
    day, is_stale = columns
    return [
        _shown_day(day.heading, day.value, _CONFIRMED, day.width),
        _shown_yes_no(is_stale.heading, is_stale.value, _CONFIRMED, is_stale.width),
    ]


def _lines(name: str) -> PlainLinesField:
    length = Organization._meta.get_field(name).max_length
    return PlainLinesField(required=False, max_length=length)


def _main_office(organization: Organization) -> Office | None:
    """The main office of an organization that the admin's list has read."""
    return next(iter(organization.main_offices), None)


def _by_register(organization: Organization) -> str:
    return FROM_REGISTER if is_from_register(organization) else ""


ORGANIZATION_SHEET = EditableSheet(
    "members.organization",
    (
        _shown_code("code"),
        _shown("都道府県", "prefecture.name", _BY_REGISTER),
        EditableColumn(
            "名称",
            "name",
            name="name",
            form_field=text_field(Organization, "name", True),
            locked=_by_register,
        ),
        EditableColumn(
            "カナ",
            "kana",
            name="kana",
            form_field=KanaField(required=False, max_length=100),
            locked=_by_register,
        ),
        _shown("種類", "get_kind_display", "団体の種類は、表からは変えられません"),
        _shown_day("会員登録日", "member_since", _ELSEWHERE.format(page="会員登録")),
        *_freshness(freshness_columns(_main_office)),
        EditableColumn(
            "ホームページ",
            "website",
            width=32,
            name="website",
            form_field=forms.URLField(
                required=False,
                max_length=Organization._meta.get_field("website").max_length,
                validators=[validate_public],
            ),
        ),
        EditableColumn(
            "紹介", "introduction", width=40, name="introduction", form_field=_lines("introduction")
        ),
        EditableColumn(
            "特色・得意なこと",
            "specialities",
            name="specialities",
            form_field=_lines("specialities"),
        ),
        EditableColumn("求めること", "seeks", name="seeks", form_field=_lines("seeks")),
        EditableColumn(
            "提供できること", "provides", name="provides", form_field=_lines("provides")
        ),
        EditableColumn(
            "関心のある分野",
            lambda organization: joined(sorted(theme.name for theme in organization.themes.all())),
            name="themes",
            form_field=_ThemesField(required=False),
            shown=joined,
        ),
        EditableColumn("メモ", "note", width=40, name="note", form_field=_lines("note")),
    ),
    how_to_add="新しい団体は、「団体」の画面で追加してください",
)

MEMBERSHIP_SHEET = EditableSheet(
    "members.membership",
    (
        _shown_code("organization.code"),
        _shown("団体", "organization.full_name", _BY_REGISTER),
        EditableColumn("登録日", "joined", width=14, name="joined", form_field=DayField()),
        EditableColumn(
            "退会日",
            "left",
            width=14,
            name="left",
            form_field=DayField(required=False),
            locked=lambda membership: _LEFT if membership.left else "",
        ),
        _shown_yes_no("見本", "is_sample", _NO_SAMPLE, 8),
    ),
    how_to_add=_ADDED_BY_IMPORT.format(what="会員"),
    notes=(_WITHDRAWS,),
)

OFFICE_SHEET = EditableSheet(
    "members.office",
    (
        _shown_code("organization.code"),
        _shown("都道府県", "organization.prefecture.name", _BY_REGISTER),
        _shown("団体", "organization.name", _BY_REGISTER),
        EditableColumn("部署名", "name", name="name", form_field=text_field(Office, "name", True)),
        EditableColumn(
            "郵便番号",
            "postal_code_text",
            width=12,
            name="postal_code",
            form_field=SheetPostalCodeField(required=False),
            shown=lambda code: f"{code[:3]}-{code[3:]}" if code else "",
        ),
        EditableColumn(
            "住所", "address", width=32, name="address", form_field=text_field(Office, "address")
        ),
        EditableColumn(
            "電話番号",
            "phone",
            name="phone",
            form_field=SheetPhoneField(required=False, max_length=20),
        ),
        EditableColumn(
            "内線",
            "extension",
            width=10,
            name="extension",
            form_field=ExtensionField(required=False, max_length=10),
        ),
        EditableColumn(
            "ファクス番号",
            "fax",
            name="fax",
            form_field=SheetPhoneField(required=False, max_length=20),
        ),
        EditableColumn(
            "共用メールアドレス",
            "email",
            width=32,
            name="email",
            form_field=EmailField(required=False),
        ),
        *_freshness(freshness_columns(lambda office: office)),
        _shown("確認の方法", "get_confirmed_through_display", _CONFIRMED),
        _shown("確認した部署", "confirmed_by", _CONFIRMED),
        _shown_yes_no("代表の部署", "is_main", _ELSEWHERE.format(page="担当部署")),
        _shown_yes_no("見本", "is_sample", _NO_SAMPLE, 8),
    ),
    how_to_add=_ADDED_BY_IMPORT.format(what="担当部署"),
    notes=(
        "部署名は、今日から変わります。先の日から変えるときは「部署名の変更をまとめて登録」を使います。",
        "連絡先を直しても、部署が確認したことにはなりません。最終確認の日は変わりません。",
    ),
)


def _why_seat_stays(seat: Seat) -> str:
    if seat.role == Role.STAFF:
        return STAFF_SEAT
    has_ended = seat.valid_until is not None and seat.valid_until < today()
    return ENDED_SEAT if has_ended else ""


SEAT_SHEET = EditableSheet(
    "members.seat",
    (
        _shown_code("office.organization.code"),
        _shown("都道府県", "office.organization.prefecture.name", _BY_REGISTER),
        _shown("団体", "office.organization.name", _BY_REGISTER),
        _shown("部署", "office.name", _ELSEWHERE.format(page="担当部署")),
        _shown("氏名", "user.display_name", _ELSEWHERE.format(page="利用者")),
        _shown("メールアドレス", "user.email", _ELSEWHERE.format(page="利用者"), width=32),
        EditableColumn(
            "役割",
            "get_role_display",
            width=10,
            name="role",
            form_field=LabelField(labels=ROLE_LABELS),
            locked=_why_seat_stays,
            shown=lambda role: Role(role).label,
        ),
        EditableColumn(
            "いつから",
            "valid_from",
            width=14,
            name="valid_from",
            form_field=DayField(),
            locked=_why_seat_stays,
        ),
        EditableColumn(
            "いつまで",
            "valid_until",
            width=14,
            name="valid_until",
            form_field=DayField(required=False),
            locked=_why_seat_stays,
            shown=as_text,
        ),
        *_freshness(freshness_columns(lambda seat: seat.office)),
    ),
    how_to_add="新しい担当は、部署の画面から招待するか、「会員の表を読み込む」で登録してください",
    notes=("役割や期間が変わる方には、メールでお知らせします。",),
)
