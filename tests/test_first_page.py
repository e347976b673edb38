"""The first page of the secretariat: what waits, by whom it is seen, and where each line leads."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from core import pending
from core.dates import today
from core.enums import MailKind, MailState
from core.models import DailyRun
from events.enums import EventStatus
from members.enums import Answer
from members.models import Office, Seat
from proposals import services
from proposals.enums import ReportStatus
from tests.factories.agreements import (
    DraftReportFactory,
    SubmittedReportFactory,
    YearReportFactory,
)
from tests.factories.core import OutboxMailFactory, UndeliverableAddressFactory
from tests.factories.events import EventFactory
from tests.factories.members import (
    ApplicationFactory,
    CampaignFactory,
    ConfirmationFactory,
    LoginChangeFactory,
    MembershipFactory,
    OfficeFactory,
    SeatFactory,
    WardFactory,
)
from tests.factories.proposals import ProposalFactory, ReportFactory, WithdrawnFactory
from tests.secretariat import client_for, secretary, secretary_client

pytestmark = pytest.mark.django_db

NOTHING = "今日、処理を待つものはありません。"


def ago(days: int):
    return timezone.now() - timedelta(days=days)


def yesterday():
    return today() - timedelta(days=1)


def first_page(client: Client) -> dict[str, tuple[str, str]]:
    """What waits: number with its unit, and address, by the words of the line."""
    items = client.get("/admin/").context["pending"]
    return {item.label: (f"{item.number}{item.unit}", item.url) for item in items}


def seats_and_accounts() -> None:
    ApplicationFactory.create_batch(2)
    ApplicationFactory(status="returned")
    MembershipFactory()
    SeatFactory.create_batch(2, valid_until=yesterday())
    LoginChangeFactory(objected_at=timezone.now())
    LoginChangeFactory()
    LoginChangeFactory(objected_at=ago(1), settled_at=timezone.now(), settlement="kept")


def dead_addresses() -> None:
    seat = SeatFactory()
    ended = SeatFactory(office=seat.office, role="deputy", valid_until=yesterday())
    for person in (seat.user, ended.user):
        UndeliverableAddressFactory(address=person.email)
    for _ in range(2):
        UndeliverableAddressFactory(address=SeatFactory().office.email)
    left = OfficeFactory()
    MembershipFactory(organization=left.organization, left=yesterday())
    UndeliverableAddressFactory(address=left.email)


def campaign() -> None:
    """Two members are silent, a ward too; nothing reaches a third one; a fourth has answered."""
    running = CampaignFactory(started_at=ago(1))
    answered = {"answer": Answer.UNCHANGED, "answered_at": timezone.now()}
    for answer in ({}, {}, answered):
        office = SeatFactory().office
        MembershipFactory(organization=office.organization)
        ConfirmationFactory(campaign=running, office=office, **answer)
    ward = SeatFactory(office__organization=WardFactory()).office
    ConfirmationFactory(campaign=running, office=ward)
    dead = OfficeFactory()
    MembershipFactory(organization=dead.organization)
    UndeliverableAddressFactory(address=dead.email)
    ConfirmationFactory(campaign=running, office=dead)


def mails() -> None:
    dead = UndeliverableAddressFactory().address
    OutboxMailFactory.create_batch(3, state=MailState.HELD)
    for state in (MailState.FAILED, MailState.UNCERTAIN, MailState.UNSENT):
        OutboxMailFactory(state=state)
    OutboxMailFactory(state=MailState.FAILED, claimed_at=ago(29))
    OutboxMailFactory(state=MailState.FAILED, claimed_at=ago(31))
    OutboxMailFactory(state=MailState.FAILED, to=dead)
    OutboxMailFactory(state=MailState.FAILED, kind=MailKind.SECRET, body="")
    OutboxMailFactory(state=MailState.SENT, claimed_at=ago(1))


def proposals() -> None:
    ward = SeatFactory(office__organization=WardFactory())
    own, others, answered = ProposalFactory.create_batch(3, published_at=ago(14))
    services.add_reply(own, by=SeatFactory(office=own.office), body="日程を変えました。")
    services.add_reply(others, by=SeatFactory(), body="どの区でもよいですか。")
    services.add_reply(answered, by=ward, body="関心があります。")
    of_ward = {"office": ward.office, "published_at": ago(14)}
    ProposalFactory(**of_ward)
    services.add_reply(ProposalFactory(**of_ward), by=SeatFactory(), body="関心があります。")
    ProposalFactory(published_at=ago(13))
    ProposalFactory(published_at=ago(20), ends_on=yesterday())
    ProposalFactory(published_at=ago(20), hidden_at=timezone.now(), hidden_reason="誤り")
    WithdrawnFactory(published_at=ago(20))
    SubmittedReportFactory()
    YearReportFactory()
    DraftReportFactory()
    ReportFactory()
    ReportFactory(status=ReportStatus.DISMISSED, settled_at=timezone.now(), outcome="問題なし")


def offices() -> None:
    """Every office of the world is confirmed now, but for these."""
    Office.objects.update(confirmed_at=timezone.now())
    SeatFactory(office__confirmed_at=ago(400))
    SeatFactory()
    left = OfficeFactory()
    MembershipFactory(organization=left.organization, left=yesterday())


def jobs() -> None:
    DailyRun.objects.create(name="a.b", day=yesterday(), tried_at=ago(1))
    DailyRun.objects.create(name="a.b", day=today(), tried_at=timezone.now())
    DailyRun.objects.create(name="a.c", day=today(), tried_at=timezone.now())
    DailyRun.objects.create(name="a.d", day=today(), done_at=timezone.now())


@pytest.fixture
def world() -> Seat:
    """Of each queue some that wait and some that do not; a person of the secretariat."""
    seat = secretary("閲覧")
    for room in (campaign, seats_and_accounts, dead_addresses, mails, proposals, jobs, offices):
        room()
    EventFactory(status=EventStatus.DRAFT)
    EventFactory(status=EventStatus.SUBMITTED)
    EventFactory(status=EventStatus.RETURNED)
    EventFactory()
    return seat


def test_each_line_has_its_number_and_leads_to_just_these_rows(world: Seat):
    client = client_for(world.user)
    found = first_page(client)
    assert {label: number for label, (number, _url) in found.items()} == {
        "承認を待つ会員登録申請": "2件",
        "年度確認：未回答": "3団体",
        "年度確認：不達": "1団体",
        "主担当のいない団体": "4団体",  # two members without people, and two that are overdue
        "期間を過ぎ、後任のない主担当": "2人",
        "メールが届かない担当": "1人",
        "ログインのアドレスの変更への異議": "1件",
        "共用アドレスにメールが届かない部署": "3部署",
        "登録情報を1年以上確認していない部署": "2部署",
        "14日以上回答のない連携提案": "3件",
        "通報・協議の確認の依頼": "1件",
        "確認待ちの年度実績": "1件",
        "確認待ちのイベント": "1件",
        "公開を待つイベント": "1件",
        "送信する前に確認するメール": "3通",
        "届かなかったメール": "4通",
        "終わっていない毎日の処理": "2件",
    }
    for label, (number, address) in found.items():
        page = client.get(address)
        assert page.status_code == 200, label
        if "cl" in page.context:
            assert number.startswith(str(page.context["cl"].result_count)), label
        elif "年度確認" in label:
            assert number.startswith(str(page.context["count"])), label
        else:
            assert "終わっていないものがあります：a.b、a.c" in page.text
    text = client.get("/admin/").text
    assert NOTHING not in text
    assert text.index("承認を待つ会員登録申請") < text.index("14日以上回答のない連携提案")


def test_nothing_pending_says_so():
    client = secretary_client("閲覧")
    Office.objects.update(confirmed_at=timezone.now())
    assert first_page(client) == {}
    assert NOTHING in client.get("/admin/").text


def test_nobody_is_shown_what_is_not_theirs_to_see(world: Seat):
    world.user.groups.clear()
    assert set(first_page(client_for(world.user))) == {"終わっていない毎日の処理"}


def test_many_cost_as_many_queries_as_one(world: Seat, django_assert_num_queries):
    client = client_for(world.user)
    client.get("/admin/")
    with django_assert_num_queries(26):
        client.get("/admin/")
    for room in (seats_and_accounts, mails, proposals):
        room()
    with django_assert_num_queries(26):
        client.get("/admin/")


def test_two_queues_of_one_name_are_refused():
    pending.register("tests.queue", "", list)
    try:
        pending.register("tests.queue", "", list)  # the same again, as when a room starts twice
        with pytest.raises(ValueError, match="already"):
            pending.register("tests.queue", "", tuple)
    finally:
        pending._sources.pop("tests.queue")
