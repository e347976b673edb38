"""What the form of a new 年度確認 proposes: its fiscal year, its days and its texts."""

from datetime import date, timedelta
from typing import Any

from core.dates import add_months, fiscal_year_of
from members.models import Campaign

# From so many months before it begins, the next fiscal year is the one to prepare.
_MONTHS_AHEAD = 3
# The shortest time between the day of the proposal and the deadline that it proposes.
_LEAST_DAYS = 30
_SATURDAY = 5

OPENING = (
    "日ごろから、特別区全国連携プロジェクトにご協力いただき、ありがとうございます。\n"
    "年度に一度、会員の皆さまに、登録されている連絡先を確認していただいています。\n"
    "異動や組織の変更で変わったところがないか、下の内容をご確認ください。"
)
REMINDER = (
    "登録されている連絡先の確認をお願いしています。\n"
    "お手数ですが、回答期限までに、下の内容をご確認ください。\n"
    "すでに回答いただいているときは、行き違いですのでご容赦ください。"
)


def proposed(day: date) -> dict[str, Any]:
    """The values of a campaign that is prepared on ``day``, none of them on a weekend.

    The deadline is the last day of May, where that leaves 30 days; the deputies are asked two
    weeks before it, the office one week before it, the main desk on the day after it.
    """
    year = _year(day)
    deadline = max(date(year, 5, 31), day + timedelta(days=_LEAST_DAYS))
    return {
        "fiscal_year": year,
        "deadline": _workday(deadline),
        "deputies_on": _workday(deadline - timedelta(days=14)),
        "office_on": _workday(deadline - timedelta(days=7)),
        "desk_on": _workday(_workday(deadline) + timedelta(days=1)),
        "opening": OPENING,
        "reminder": REMINDER,
    }


def _year(day: date) -> int:
    """The fiscal year that has begun or will begin soon, or the first after those asked."""
    latest = Campaign.objects.order_by("-fiscal_year").values_list("fiscal_year", flat=True).first()
    year = fiscal_year_of(add_months(day, _MONTHS_AHEAD))
    return year if latest is None else max(year, latest + 1)


def _workday(day: date) -> date:
    """``day``, or the Monday after it."""
    weekday = day.weekday()
    return day + timedelta(days=7 - weekday) if weekday >= _SATURDAY else day
