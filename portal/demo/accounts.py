"""Who may log in to the demo: role names at real organizations, and no real person."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.auth.models import Group
from django.utils import timezone

from core.audit import System
from core.dates import fiscal_year_bounds, fiscal_year_of, today
from core.enums import Channel
from core.errors import DomainError
from members import terms
from members.enums import Role, UserKind
from members.models import Membership, Office, Organization, Seat, User
from members.services import accept_terms, give_seat, open_account

BY = System("load_demo")
NOT_LOADED = "先に load_register と load_record を実行してください"


@dataclass(frozen=True)
class Account:
    """What is printed for whoever tries the demo; ``is_fresh``: the password was made now."""

    role: str
    email: str
    password: str
    is_fresh: bool = False


@dataclass(frozen=True)
class Place:
    """A sample office. ``key`` is the organization's in the data (``Organization.record_key``)."""

    key: str
    office: str
    address: str
    phone: str
    email: str
    confirmed_days_ago: int
    is_member: bool = False


@dataclass(frozen=True)
class Holder:
    """Who holds a seat: ``at`` is a place, or the key of a body of the secretariat."""

    label: str
    at: Place | str
    role: Role
    given_name: str
    groups: tuple[str, ...] = ()
    kind: UserKind = UserKind.PERSONAL
    has_ended: bool = False


# The telephone numbers have no exchange that exists.
SAKAI = Place(
    "182109",
    "企画政策課（見本）",
    "福井県坂井市見本町1-1",
    "0776-00-0001",
    "kikaku@sakai.example.lg.jp",
    confirmed_days_ago=400,
    is_member=True,
)
KITAKAMI = Place(
    "032069",
    "政策企画課（見本）",
    "岩手県北上市見本町1-1",
    "0197-00-0001",
    "seisaku@kitakami.example.lg.jp",
    confirmed_days_ago=40,
    is_member=True,
)
SHINAGAWA = Place(
    "131091",
    "企画課（見本）",
    "東京都品川区見本町1-1",
    "03-0000-0001",
    "kikaku@shinagawa.example.lg.jp",
    confirmed_days_ago=60,
)
HOKKAIDO_TOWNS = Place(
    "北海道町村会",
    "政務課（見本）",
    "北海道札幌市見本町1-1",
    "011-000-0001",
    "shared@hokkaido.example.jp",
    confirmed_days_ago=90,
)

HOLDERS = {
    "lead@sakai.example.lg.jp": Holder("福井県坂井市 主担当", SAKAI, Role.LEAD, "主担当"),
    "deputy@sakai.example.lg.jp": Holder("福井県坂井市 副担当", SAKAI, Role.DEPUTY, "副担当"),
    "lead@shinagawa.example.lg.jp": Holder("東京都品川区 主担当", SHINAGAWA, Role.LEAD, "主担当"),
    "staff@kuchokai.example.jp": Holder(
        "事務局 特別区長会（プロジェクト・会員登録）",
        "特別区長会",
        Role.STAFF,
        "事務局",
        groups=("プロジェクト", "会員登録"),
    ),
    "staff@kyogikai.example.jp": Holder(
        "事務局 特別区協議会（会員登録）",
        "公益財団法人特別区協議会",
        Role.STAFF,
        "事務局",
        groups=("会員登録",),
    ),
    "lead@kitakami.example.lg.jp": Holder("岩手県北上市 主担当", KITAKAMI, Role.LEAD, "主担当"),
    "shared@hokkaido.example.jp": Holder(
        "北海道町村会 主担当（共用）", HOKKAIDO_TOWNS, Role.LEAD, "", kind=UserKind.OFFICE
    ),
    "former@sakai.example.lg.jp": Holder(
        "福井県坂井市 前の副担当（期間終了）", SAKAI, Role.DEPUTY, "前の副担当", has_ended=True
    ),
}
ROLES = {email: holder.label for email, holder in HOLDERS.items()}


def seat_accounts(accounts: list[Account]) -> dict[str, Seat]:
    """The seat of each account by its address; what is missing is made."""
    seats = {
        account.email: _seat(account, HOLDERS[account.email], _office(HOLDERS[account.email].at))
        for account in accounts
    }
    _accept_terms(seats.values())
    return seats


def _accept_terms(seats: Iterable[Seat]) -> None:
    """Lets everybody in at once; the terms of the demo are not written yet."""
    in_force = terms.in_force()
    for seat in seats if in_force else ():
        accept_terms(seat.user, in_force.edition, by=BY)


def _seat(account: Account, holder: Holder, office: Office) -> Seat:
    user = _user(account, holder)
    if seat := user.seats.with_office().filter(office=office).first():
        return seat
    first, last = _term(has_ended=holder.has_ended)
    seat = give_seat(user, office, holder.role, valid_from=first, valid_until=last, by=BY)
    user.groups.add(*Group.objects.filter(name__in=holder.groups))
    return seat


def _term(*, has_ended: bool) -> tuple[date, date | None]:
    """Since the start of this fiscal year, or until yesterday."""
    if has_ended:
        return today() - timedelta(days=365), today() - timedelta(days=1)
    return fiscal_year_bounds(fiscal_year_of(today()))[0], None


def _user(account: Account, holder: Holder) -> User:
    user = User.objects.filter(email=account.email).first()
    if user is None:
        return open_account(
            account.email,
            by=BY,
            password=account.password,
            kind=holder.kind,
            family_name="見本" if holder.given_name else "",
            given_name=holder.given_name,
            is_sample=True,
        )
    if account.is_fresh:
        # The file with the former password is gone; the printed one has to open the account.
        user.set_password(account.password)
        user.save()
    return user


def _office(at: Place | str) -> Office:
    """The desk of a body of the secretariat, or the sample office of ``at``."""
    if isinstance(at, str):
        return _desk(_organization(at))
    organization = _organization(at.key)
    if at.is_member and not organization.memberships.exists():
        Membership.objects.create(
            organization=organization, joined=_term(has_ended=False)[0], is_sample=True
        )
    office = organization.offices.filter(is_sample=True).first()
    return office or _new_office(organization, at)


def _desk(organization: Organization) -> Office:
    desk = organization.offices.exclude(record_key=None).first()
    if desk is None:
        raise DomainError(NOT_LOADED)
    return desk


def _organization(key: str) -> Organization:
    try:
        return Organization.objects.select_related("municipality", "prefecture").get(record_key=key)
    except Organization.DoesNotExist:
        raise DomainError(NOT_LOADED) from None


def _new_office(organization: Organization, place: Place) -> Office:
    return Office.objects.create(
        organization=organization,
        name=place.office,
        is_main=not organization.offices.filter(is_main=True).exists(),
        address=place.address,
        phone=place.phone,
        email=place.email,
        confirmed_at=timezone.now() - timedelta(days=place.confirmed_days_ago),
        confirmed_by=f"{organization.full_name}　{place.office}",
        confirmed_through=Channel.WEB,
        is_sample=True,
    )
