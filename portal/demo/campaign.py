"""A sample 年度確認 of this fiscal year: sample members, and their answers over some weeks.

Most have answered, so that the board has something of everything. The accounts of the demo are
asked as well, and may answer themselves.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils import timezone

from core import mail
from core.audit import System
from core.dates import fiscal_year_bounds, fiscal_year_of, today
from core.enums import Channel
from members.enums import Answer, MunicipalityKind, Role
from members.models import (
    Campaign,
    Confirmation,
    Membership,
    Municipality,
    Office,
    Organization,
    Seat,
    User,
)
from members.services import end_campaign, open_account, start_campaign

_BY = System("load_demo")
_OFFICE = "総務課（見本）"
_STARTED_DAYS_AGO = 21
_OPENING = (
    "（見本）年度に一度、会員の皆さまに、登録されている連絡先を確認していただいています。\n"
    "異動や組織の変更で変わったところがないか、下の内容をご確認ください。"
)
_REMINDER = "（見本）登録されている連絡先の確認をお願いしています。回答期限までにご確認ください。"
# Of every ten sample members in turn: who has answered, who has not, whose address is dead.
_ANSWERS = "○○変○－○○－×○"


def load_campaign() -> None:
    """Starts the sample campaign of this fiscal year, unless it has one; ends a former one."""
    year = fiscal_year_of(today())
    if Campaign.objects.filter(fiscal_year=year).exists():
        return
    for former in Campaign.objects.running():
        end_campaign(former, by=_BY)
    _add_members()
    campaign = _started(year)
    rows = campaign.confirmations.filter(office__name=_OFFICE, office__is_sample=True)
    _answer(campaign, list(rows.with_office().order_by("office")))


def _started(year: int) -> Campaign:
    """Begun three weeks ago; its reminders and its deadline are still to come."""
    day = today()
    campaign = Campaign.objects.create(
        fiscal_year=year,
        deputies_on=day + timedelta(days=7),
        office_on=day + timedelta(days=14),
        deadline=day + timedelta(days=21),
        desk_on=day + timedelta(days=22),
        opening=_OPENING,
        reminder=_REMINDER,
    )
    start_campaign(campaign, by=_BY)
    campaign.refresh_from_db()
    # Into the past, where a service cannot act.
    campaign.started_at = timezone.now() - timedelta(days=_STARTED_DAYS_AGO)
    campaign.save(update_fields=["started_at"])
    campaign.confirmations.exclude(step=None).update(mailed_at=campaign.started_at)
    return campaign


def _answer(campaign: Campaign, rows: list[Confirmation]) -> None:
    for number, row in enumerate(rows):
        sort = _ANSWERS[number % len(_ANSWERS)]
        if sort == "×":
            _mark_dead(row)
        elif sort != "－" and not row.answer:
            answer = Answer.CHANGED if sort == "変" else Answer.UNCHANGED
            day = (number * 7) % (_STARTED_DAYS_AGO - 1) + 1
            _note(row, answer, campaign.started_at + timedelta(days=day), is_called=number % 4 == 0)
    for table, fields in ((Confirmation, _NOTED), (Office, _CONFIRMED)):
        changed = rows if table is Confirmation else [row.office for row in rows]
        table.objects.bulk_update(changed, fields)


_NOTED = ["answer", "answered_at", "answered_by", "channel"]
_CONFIRMED = ["confirmed_at", "confirmed_by", "confirmed_through"]


def _note(row: Confirmation, answer: Answer, moment: datetime, *, is_called: bool) -> None:
    """The answer on the row and on its office, as ``confirm_office`` would on that day."""
    channel = Channel.PHONE if is_called else Channel.WEB
    signature = row.office.signature
    row.answer, row.answered_at, row.answered_by, row.channel = answer, moment, signature, channel
    row.office.confirmed_at, row.office.confirmed_by = moment, signature
    row.office.confirmed_through = channel


def _mark_dead(row: Confirmation) -> None:
    for seat in row.office.seats.with_user():
        mail.mark_undeliverable(seat.user.email, by=_BY, reason="見本")


def _add_members() -> None:
    """One or two sample members in each prefecture, each with an office and its lead."""
    bodies = list(_without_members())
    first_day, _ = fiscal_year_bounds(fiscal_year_of(today()))
    Membership.objects.bulk_create(
        Membership(organization=body, joined=first_day, is_sample=True) for body in bodies
    )
    offices = Office.objects.bulk_create(
        _office(number, body) for number, body in enumerate(bodies, start=1)
    )
    users = [_lead(office) for office in offices]
    Seat.objects.bulk_create(
        Seat(user=user, office=office, role=Role.LEAD, valid_from=first_day)
        for user, office in zip(users, offices, strict=True)
    )


def _without_members() -> Iterable[Organization]:
    """The first cities of each prefecture that have nothing to do with the portal yet."""
    free = Organization.objects.filter(
        municipality__in=Municipality.objects.on(today()).filter(kind=MunicipalityKind.CITY),
        memberships=None,
        offices=None,
    ).select_related("municipality", "prefecture")
    taken: dict[str, int] = {}
    for body in free.order_by("municipality"):
        place = str(body.prefecture_id)
        taken[place] = taken.get(place, 0) + 1
        if taken[place] <= 1 + int(place) % 2:
            yield body


def _office(number: int, body: Organization) -> Office:
    """A sample office that nobody has confirmed for a year; no such exchange exists."""
    return Office(
        organization=body,
        name=_OFFICE,
        is_main=True,
        address=f"{body.full_name}見本町1-1",
        phone=f"000-000-{number:04}",
        extension=str(2000 + number) if number % 3 == 0 else "",
        confirmed_at=timezone.now() - timedelta(days=300 + number * 3),
        confirmed_by=f"{body.full_name}　{_OFFICE}",
        confirmed_through=Channel.WEB,
        is_sample=True,
    )


def _lead(office: Office) -> User:
    return open_account(
        f"lead@{office.organization.code}.example.lg.jp",
        by=_BY,
        family_name="見本",
        given_name="主担当",
        is_sample=True,
    )
