"""What of the members waits for the secretariat (``core.pending``)."""

from collections import Counter
from collections.abc import Iterable

from django.urls import reverse

from core import pending
from core.dates import today
from core.models import UndeliverableAddress
from core.pending import Item, admin_list
from members import queries
from members.enums import AnswerState, ApplicationStatus
from members.models import Application, Campaign, LoginChange, Office, Organization, Seat


def register() -> None:
    pending.register("members.applications", "members.view_application", _applications)
    pending.register("members.campaign", "members.view_campaign", _campaign)
    pending.register("members.leads", "members.view_organization", _without_lead)
    pending.register("members.seats", "members.view_seat", _seats)
    pending.register("members.logins", "members.view_loginchange", _logins)
    pending.register("members.offices", "members.view_office", _offices)


def _applications() -> Iterable[Item]:
    number = Application.objects.filter(status=ApplicationStatus.APPLIED).count()
    address = admin_list("members_application", status=ApplicationStatus.APPLIED.value)
    yield Item("承認を待つ会員登録申請", number, address)


def _campaign() -> Iterable[Item]:
    """The members and wards that the running campaign has no answer from, as its board lists."""
    campaign = Campaign.objects.running().first()
    if campaign is None:
        return
    states = Counter(row.state for row in queries.answers(campaign))
    for state in (AnswerState.SILENT, AnswerState.BOUNCED):
        address = reverse("admin:members_campaign_board", query={"state": state.value})
        yield Item(f"年度確認：{state.label}", states[state], address, "団体")


def _without_lead() -> Iterable[Item]:
    number = Organization.objects.without_lead(today()).count()
    yield Item(
        "主担当のいない団体", number, admin_list("members_organization", lead="none"), "団体"
    )


def _seats() -> Iterable[Item]:
    overdue = Seat.objects.lingering(today()).count()
    address = admin_list("members_seat", overdue="yes")
    yield Item("期間を過ぎ、後任のない主担当", overdue, address, "人")
    dead = Seat.objects.on(today()).filter(
        user__email__in=UndeliverableAddress.objects.values("address")
    )
    address = admin_list("members_seat", period="now", dead="yes")
    yield Item("メールが届かない担当", dead.count(), address, "人")


def _logins() -> Iterable[Item]:
    number = LoginChange.objects.disputed().count()
    address = admin_list("members_loginchange", objection="open")
    yield Item("ログインのアドレスの変更への異議", number, address)


def _offices() -> Iterable[Item]:
    offices = Office.objects.taking_part(today())
    dead = offices.filter(email__in=UndeliverableAddress.objects.values("address"))
    address = admin_list("members_office", left="no", dead="yes")
    yield Item("共用アドレスにメールが届かない部署", dead.count(), address, "部署")
    stale = offices.stale(today()).count()
    address = admin_list("members_office", left="no", confirmed="stale")
    yield Item("登録情報を1年以上確認していない部署", stale, address, "部署")
