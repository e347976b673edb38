"""Tables of members and their people: what is imported, handed back, and who has come in."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, NamedTuple

from django.utils import timezone

from core.forms import CharField, EmailField
from core.sheets.cells import Row, Table
from core.sheets.columns import Column, Sheet
from core.sheets.fields import (
    DayField,
    ExtensionField,
    Field,
    LabelField,
    PlainTextField,
    Problem,
    SheetPhoneField,
    SheetPostalCodeField,
    cleaned,
)
from core.sheets.refused import LINE, REASON, refused_rows
from core.text import normalise_digits
from members.codes import possible_codes
from members.enums import Role, StartState, UserKind
from members.models import Office, User
from members.services.joining.imports import ListedSeat
from members.starting import Member, Person

REMARKS = "備考"
SAMPLE = "見本"
ROLE_LABELS = {role.label: role for role in (Role.LEAD, Role.DEPUTY, Role.READER)}
_KINDS = {kind.label: kind for kind in UserKind}


class CodeField(CharField):
    """A 団体コード as it was typed, and the codes that it may mean, leading zero or not."""

    def clean(self, value: Any) -> tuple[str, tuple[str, ...]]:
        typed = normalise_digits(super().clean(value))
        return typed, tuple(possible_codes(typed))


def text_field(model: type, name: str, required: bool = False) -> PlainTextField:
    """What reads a column of ``model``."""
    length = model._meta.get_field(name).max_length
    return PlainTextField(required=required, max_length=length)


FIELDS = (
    Field("code", "団体コード", CodeField(required=False), ("コード", "全国地方公共団体コード")),
    Field("prefecture", "都道府県", CharField(required=False)),
    Field("organization", "団体", CharField(required=False), ("団体名", "自治体名", "市区町村")),
    Field("name", "部署", text_field(Office, "name"), ("部署名", "担当部署", "所属")),
    Field("postal_code", "郵便番号", SheetPostalCodeField(required=False)),
    Field("address", "住所", text_field(Office, "address"), ("所在地",)),
    Field("phone", "電話番号", SheetPhoneField(required=False, max_length=20), ("電話", "TEL")),
    Field("extension", "内線", ExtensionField(required=False, max_length=10), ("内線番号",)),
    Field(
        "fax",
        "ファクス番号",
        SheetPhoneField(required=False, max_length=20),
        ("ファクス", "FAX", "FAX番号", "ファックス番号"),
    ),
    Field("office_email", "共用メールアドレス", EmailField(required=False)),
    Field("role", "役割", LabelField(labels=ROLE_LABELS), is_column_required=True),
    Field("kind", "種類", LabelField(labels=_KINDS, required=False, initial=UserKind.PERSONAL)),
    Field("family_name", "姓", text_field(User, "family_name"), ("氏", "苗字")),
    Field("given_name", "名", text_field(User, "given_name")),
    Field("email", "メールアドレス", EmailField(), ("E-mail",), is_column_required=True),
    Field("joined", "登録日", DayField(required=False), ("会員登録日",)),
)
# What a row says of its office, by the office's own column.
_OFFICE = {"email": "office_email"} | {
    name: name for name in ("name", "postal_code", "address", "phone", "extension", "fax")
}
# Columns that are there for people: nothing is read from them, and nobody is told so.
NOT_READ = (REMARKS, REASON, LINE)


def listed_seats(table: Table) -> tuple[list[ListedSeat], list[Problem]]:
    """The rows of a fitted table as seats, and why the others cannot be taken.

    Rows whose remark begins with 見本 are left out: the template has one.
    """
    seats, problems = [], []
    for row in table.rows:
        if row[REMARKS].text.strip().startswith(SAMPLE):
            continue
        values, reasons = cleaned(row, FIELDS)
        reasons += _missing_names(row, values)
        if "code" in values and values["code"][0] and not values["code"][1]:
            reasons.append(_wrong_code(row, values["code"][0]))
        if reasons:
            problems += reasons
        else:
            seats.append(_seat(row.number, values))
    return seats, problems


def _seat(number: int, values: dict[str, Any]) -> ListedSeat:
    contacts = {column: values[name] for column, name in _OFFICE.items() if values[name]}
    typed, codes = values["code"]
    same = ("prefecture", "organization", "role", "kind", "email", "joined")
    names = {name: values[name] for name in ("family_name", "given_name")}
    if values["kind"] == UserKind.OFFICE:
        names = dict.fromkeys(names, "")
    return ListedSeat(
        number=number,
        typed_code=typed,
        codes=codes,
        office=contacts,
        **names,
        **{name: values[name] for name in same},
    )


def _missing_names(row: Row, values: dict[str, Any]) -> list[Problem]:
    """A personal account has a name."""
    if values.get("kind") != UserKind.PERSONAL:
        return []
    return [
        Problem(row.number, heading, "", f"{heading}を入力してください")
        for name, heading in (("family_name", "姓"), ("given_name", "名"))
        if values.get(name) == ""
    ]


def _wrong_code(row: Row, typed: str) -> Problem:
    if len(typed) == 6 and typed.isdecimal():
        reason = "検査数字（6桁目）が合いません。団体コードを確認してください"
    elif typed.isdecimal():
        reason = (
            f"団体コードは6桁です（現在{len(typed)}桁）。先頭の0が失われていないか確認してください"
        )
    else:
        reason = "団体コードは6桁の数字で入力してください"
    return Problem(row.number, "団体コード", row["団体コード"].text, reason)


_EXAMPLE = {
    "団体コード": "182109",
    "都道府県": "福井県",
    "団体": "坂井市",
    "部署": "総合政策部 企画政策課",
    "郵便番号": "919-0592",
    "住所": "福井県坂井市坂井町下新庄1-1",
    "電話番号": "0776-00-0000",
    "内線": "3210",
    "ファクス番号": "0776-00-0001",
    "共用メールアドレス": "kikaku@example.lg.jp",
    "役割": "主担当",
    "種類": "個人",
    "姓": "見本",
    "名": "花子",
    "メールアドレス": "hanako@example.lg.jp",
    "登録日": "2026-04-01",
    REMARKS: f"{SAMPLE}（この行は取り込みません）",
}
_NOTES = (
    "1行に、担当者を1人ずつ入力します。同じ団体の2人目からは、部署と連絡先を空けてもかまいません。",
    "見出しの名前は変えないでください。列の順序は自由です。使わない列は消してもかまいません。",
    "団体コード：総務省の6桁の全国地方公共団体コードです。市長会などコードのない団体は空けて、団体の名称を入力します。",
    "都道府県・団体：団体コードがあれば空けてもかまいません。入力すると、コードと合っているかを確かめます。",
    "部署：団体の代表の部署です。取り込めるのは、1つの団体に1つです。",
    "電話番号・ファクス番号：市外局番の0から入力します。例：0776-00-0000",
    "役割：「主担当」「副担当」「閲覧」のどれかです。",
    "種類：「個人」または「共用」です。空けると「個人」です。共用は、部署の共用メールアドレスしかないときに使います。",
    "姓・名：種類が「個人」のときに入力します。",
    "メールアドレス：ログインに使います。1人に1つです。",
    "登録日：2026-04-01、2026/4/1、令和8年4月1日のように入力します。空けると、読み込むときに指定した日になります。",
    "空いているセルは「変更しない」という意味です。登録済みの内容は消えません。",
    f"備考が「{SAMPLE}」で始まる行は、取り込みません。計算式は使わず、値だけを入力してください。",
)


def template_sheet() -> Sheet:
    """The table to fill in, with an example and how to do it."""
    headings = [field.heading for field in FIELDS] + [REMARKS]
    columns = [Column(heading, _of(heading)) for heading in headings]
    return Sheet("会員の取り込み ひな形", columns, [_EXAMPLE], notes=_NOTES, to_fill_in=True)


def refused_sheet(table: Table, problems: list[Problem]) -> Sheet:
    """The rows that cannot be taken as they were typed, with the reasons, to correct and reload."""
    return refused_rows(table, problems, FIELDS)


def _of(heading: str):
    return lambda cells: cells.get(heading, "")


class Line(NamedTuple):
    """A member and one of its people; a member without people has a line too."""

    member: Member
    person: Person | None

    @property
    def office(self) -> Office | None:
        return self.person.seat.office if self.person else self.member.office

    @property
    def state(self) -> StartState:
        return self.person.state if self.person else self.member.state


def lines_of(members: Iterable[Member]) -> list[Line]:
    """The people of ``members``, one a line."""
    return [Line(member, person) for member in members for person in member.people or [None]]


def freshness_columns(office_of: Callable[[Any], Office | None]) -> list[Column]:
    """When the contact details were last confirmed, and whether that is over a year ago.

    ``office_of`` gives a row's office; both stay empty for a row without one.
    """

    def day(row: Any) -> date | None:
        office = office_of(row)
        return timezone.localdate(office.confirmed_at) if office and office.confirmed_at else None

    def is_stale(row: Any) -> bool | None:
        office = office_of(row)
        return office.is_stale if office else None

    return [
        Column("最終確認", day, width=14),
        Column("1年以上確認なし", is_stale, width=18),
    ]


def starting_sheet(lines: Iterable[Line]) -> Sheet:
    """「利用開始の状況」: everybody's state, with the numbers to call."""
    columns = [
        Column("団体コード", "member.organization.code"),
        Column("都道府県", "member.organization.prefecture.name"),
        Column("団体", "member.organization.name"),
        Column("部署", "office.name"),
        Column("電話番号", "office.phone"),
        Column("内線", "office.extension"),
        *freshness_columns(lambda line: line.office),
        Column("役割", "person.seat.get_role_display"),
        Column("氏名", "person.seat.user.display_name"),
        Column("メールアドレス", "person.seat.user.email", width=32),
        Column("状態", lambda line: line.state.label),
        Column("初めてのログイン", lambda line: _started(line.person)),
        Column("案内を送った日時", lambda line: _sent(line.person)),
        Column("団体の状態", lambda line: line.member.state.label),
    ]
    return Sheet("利用開始の状況", columns, lines)


def _started(person: Person | None):
    return person.since if person and person.state == StartState.STARTED else None


def _sent(person: Person | None):
    return person.since if person and person.state == StartState.INVITED else None
