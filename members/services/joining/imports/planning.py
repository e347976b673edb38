"""How a row becomes part of the plan, or is refused with its column and its reason."""

from collections.abc import Collection, Iterable
from datetime import date

from core.dates import day_text, lies_within, today
from core.sheets.fields import Problem
from core.text import joined as listed
from members.enums import Role, UserKind
from members.models import Office, Organization, Seat, User
from members.naming import is_named, is_prefecture_of
from members.services.joining.imports.known import Known, name_in
from members.services.joining.imports.plan import (
    LABELS,
    Difference,
    ListedSeat,
    Plan,
    PlannedOrganization,
    PlannedSeat,
)

CODE, NAME, JOINED, ROLE = "団体コード", "団体", "登録日", "役割"
LAST_LEAD = "団体の主担当がいなくなります。主担当になる方の行も入れてください"
SECRETARIAT = "事務局の団体は、表から取り込めません。「担当」と「担当部署」の画面で変更してください"
STAFF = "事務局の方は、表から取り込めません。「利用者」と「担当」の画面で変更してください"


class _Refused(Exception):
    """A row cannot be taken; ``heading`` is the column that says why."""

    def __init__(self, heading: str, typed: str, reason: str) -> None:
        super().__init__(reason)
        self.heading, self.typed, self.reason = heading, typed, reason


def plan_import(rows: Iterable[ListedSeat], *, joined: date) -> Plan:
    """The plan for ``rows``; who becomes a member does so on the row's day, or on ``joined``.

    A fixed number of queries, however many rows.
    """
    rows = list(rows)
    known = Known.read(rows)
    plan = _Planning(known, joined).plan(rows)
    # Whether somebody else leads is known only once all rows have been seen.
    last_leads = {row.number for item in plan.organizations for row in _last_leads(item, known)}
    return _Planning(known, joined, last_leads).plan(rows) if last_leads else plan


class _Planning:
    """Goes through the rows, each seen against what is known and the rows before it."""

    def __init__(self, known: Known, joined: date, last_leads: Collection[int] = ()) -> None:
        self.known = known
        self.joined = joined
        self.last_leads = last_leads
        self.items: dict[int, PlannedOrganization] = {}
        self.people: dict[str, ListedSeat] = {}
        self.seated: dict[tuple[int, str], int] = {}

    def plan(self, rows: list[ListedSeat]) -> Plan:
        problems = []
        for row in rows:
            try:
                self._take(row)
            except _Refused as refused:
                problems.append(Problem(row.number, refused.heading, refused.typed, refused.reason))
        return Plan(list(self.items.values()), problems)

    def _take(self, row: ListedSeat) -> None:
        """Adds ``row`` to the plan; nothing of it stays there when it is refused."""
        if row.number in self.last_leads:
            raise _Refused(ROLE, row.role.label, LAST_LEAD)
        organization = self._organization(row)
        user = self._user(row, organization)
        item = self.items.get(organization.pk) or self._begun(row, organization)
        self._compare(row, item)
        seat = self._seat(user, item)
        planned = PlannedSeat(row, user, seat, self._office_differences(row, item))
        planned.differences += _person_differences(row, user)
        if seat is not None and seat.role != row.role:
            before = seat.get_role_display()
            planned.differences.append(Difference(ROLE, before, row.role.label))
        planned.made = self._made(planned, item)
        self.items[organization.pk] = item
        self.people.setdefault(row.email, row)
        self.seated[organization.pk, row.email] = row.number
        for name, value in row.office.items():
            item.contacts.setdefault(name, value)
            item.said_in.setdefault(name, row.number)
        item.seats.append(planned)

    def _made(self, planned: PlannedSeat, item: PlannedOrganization) -> list[str]:
        """What the row is the first to ask for, and the portal does not have yet."""
        made = []
        if item.joined and not item.seats:
            made.append(f"会員登録を始める（{day_text(item.joined)}）")
        if item.office is None and not item.seats:
            made.append(f"代表の部署を登録する（{planned.row.office['name']}）")
        if planned.user is None and planned.row.email not in self.people:
            made.append("利用者を登録する")
        if planned.seat is None:
            made.append(f"{planned.row.role.label}にする")
        return made

    # Organizations

    def _organization(self, row: ListedSeat) -> Organization:
        found = self._coded(row) if row.codes else self._named(row)
        if found.is_secretariat:
            raise _Refused(NAME, row.organization, SECRETARIAT)
        town = found.municipality
        if town and town.valid_until and town.valid_until < today():
            raise _Refused(CODE, found.code or "", self._retired(found))
        return found

    def _coded(self, row: ListedSeat) -> Organization:
        known = [self.known.by_code[code] for code in row.codes if code in self.known.by_code]
        fitting = [organization for organization in known if not _contradiction(row, organization)]
        if len(fitting) == 1 and (_is_proven(row, fitting[0]) or row.organization):
            return fitting[0]
        if not known:
            reason = "この団体コードは、台帳にありません"
        elif len(fitting) > 1:
            names = listed(f"{item.full_name}（{item.code}）" for item in fitting)
            reason = f"{names}のどれか分かりません。6桁で入力してください"
        elif fitting:
            reason = "5桁のため、団体を確かめられません。6桁で入力してください"
        else:
            raise _contradiction(row, known[0]) or AssertionError
        raise _Refused(CODE, row.typed_code, reason)

    def _named(self, row: ListedSeat) -> Organization:
        if not row.organization:
            raise _Refused(CODE, "", "団体コードを入力してください")
        found = self.known.named.get(name_in(row), [])
        if not found:
            raise _Refused(NAME, row.organization, "この名称の団体は、登録にありません")
        if len(found) > 1:
            raise _Refused(
                NAME, row.organization, "同じ名称の団体があります。団体コードを入力してください"
            )
        return found[0]

    def _retired(self, organization: Organization) -> str:
        change = self.known.successors.get(organization.municipality_id or 0)
        if change is None or change.current is None:
            return f"{organization.full_name}は、今はない団体です"
        current = f"{change.current.full_name}（{change.current.code}）"
        return f"{organization.full_name}は、{day_text(change.date)}に{current}になりました"

    def _begun(self, row: ListedSeat, organization: Organization) -> PlannedOrganization:
        """The plan of an organization at its first row."""
        office = self.known.main_office(organization)
        if office is None and not row.office.get("name"):
            raise _Refused(LABELS["name"], "", "部署を入力してください")
        return PlannedOrganization(organization, office, self._joins(row, organization))

    def _joins(self, row: ListedSeat, organization: Organization) -> date | None:
        """The first day of the membership to open; None for one that holds, and for who has none."""
        if not organization.may_be_member:
            return None
        last = self.known.memberships.get(organization.pk)
        day = row.joined or self.joined
        typed = day.isoformat()
        if last is None or (last.left is not None and last.left < day):
            town = organization.municipality
            if town and not lies_within(day, town.valid_from, town.valid_until):
                raise _Refused(JOINED, typed, f"この日に、{town}という市区町村はありません")
            return day
        if last.left is not None:
            raise _Refused(
                JOINED,
                typed,
                f"前の会員登録の退会日（{day_text(last.left)}）より後の日付にしてください",
            )
        return None

    def _compare(self, row: ListedSeat, item: PlannedOrganization) -> None:
        """Refuses a row that says otherwise than the rows before it, or than the membership."""
        for name, value in row.office.items():
            if item.contacts.get(name, value) != value:
                where = item.said_in[name]
                raise _Refused(
                    LABELS[name],
                    value,
                    f"{where}行目の「{item.contacts[name]}」と違います。どちらかに直してください",
                )
        named = row.office.get("name")
        others = self.known.offices.get(item.organization.pk, ())
        if named and any(office.name == named and not office.is_main for office in others):
            raise _Refused(
                LABELS["name"],
                named,
                "代表の部署ではありません。この表で取り込めるのは、代表の部署です",
            )
        if row.joined is None:
            return
        last = self.known.memberships.get(item.organization.pk)
        joined = item.joined or (last.joined if last else None)
        if joined and row.joined != joined:
            raise _Refused(
                JOINED, row.joined.isoformat(), f"この団体の登録日は{day_text(joined)}です"
            )

    # People

    def _user(self, row: ListedSeat, organization: Organization) -> User | None:
        mail = "メールアドレス"
        if where := self.seated.get((organization.pk, row.email)):
            raise _Refused(mail, row.email, f"{where}行目と同じメールアドレスです")
        other = self.people.get(row.email)
        if other and (other.kind, *_name(other)) != (row.kind, *_name(row)):
            reason = f"{other.number}行目と同じメールアドレスですが、氏名か種類が違います"
            raise _Refused(mail, row.email, reason)
        user = self.known.users.get(row.email)
        if user is None:
            return None
        if not user.is_active or user.is_superuser:
            raise _Refused(
                mail, row.email, "この利用者は、今は使えません。「利用者」の画面で確認してください"
            )
        if user.pk in self.known.staff:
            raise _Refused(mail, row.email, STAFF)
        if user.kind != row.kind:
            raise _Refused(
                "種類",
                row.kind.label,
                f"このメールアドレスは「{user.get_kind_display()}」で登録されています",
            )
        return user

    def _seat(self, user: User | None, item: PlannedOrganization) -> Seat | None:
        seat = self.known.seats.get((user.pk, item.organization.pk)) if user else None
        if seat is not None and item.office is not None and seat.office_id != item.office.pk:
            raise _Refused(
                LABELS["name"],
                "",
                f"この方は「{seat.office.name}」の担当です。「担当」の画面で変更してください",
            )
        return seat

    def _office_differences(self, row: ListedSeat, item: PlannedOrganization) -> list[Difference]:
        """What the row is the first to say about an office that is there already."""
        office: Office | None = item.office
        if office is None:
            return []
        return [
            Difference(LABELS[name], getattr(office, name), value)
            for name, value in row.office.items()
            if name not in item.said_in and getattr(office, name) != value
        ]


def _contradiction(row: ListedSeat, organization: Organization) -> _Refused | None:
    """That the row's names are not those of the organization of its code."""
    whose = (
        f"団体コード{organization.code}は{organization.full_name}です。コードか名称を直してください"
    )
    if row.prefecture and not is_prefecture_of(organization, row.prefecture):
        return _Refused("都道府県", row.prefecture, whose)
    if row.organization and not is_named(organization, row.organization):
        return _Refused(NAME, row.organization, whose)
    return None


def _is_proven(row: ListedSeat, organization: Organization) -> bool:
    """Whether the check digit that was typed proves the code, with or without its first zero."""
    return row.typed_code in (organization.code, (organization.code or "").removeprefix("0"))


def _last_leads(item: PlannedOrganization, known: Known) -> list[ListedSeat]:
    """The rows after which nobody would lead an organization any more."""
    demoted = [
        planned
        for planned in item.seats
        if planned.seat and planned.seat.role == Role.LEAD != planned.row.role
    ]
    leads = known.leads.get(item.organization.pk, set())
    if item.has_lead or leads - {planned.seat.user_id for planned in demoted if planned.seat}:
        return []
    return [planned.row for planned in demoted]


def _name(row: ListedSeat) -> tuple[str, str]:
    return row.family_name, row.given_name


def _person_differences(row: ListedSeat, user: User | None) -> list[Difference]:
    if user is None or row.kind == UserKind.OFFICE:
        return []
    asked = {"姓": (user.family_name, row.family_name), "名": (user.given_name, row.given_name)}
    return [
        Difference(label, before, after)
        for label, (before, after) in asked.items()
        if after and before != after
    ]
