"""年度確認 in the admin: prepared, read, sent to oneself, started and ended."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.dates import day_text, today
from core.models import AuditEntry, OutboxMail
from members import services
from members.enums import Action, Role
from members.models import Campaign, Confirmation
from tests.dumping import dump
from tests.factories.members import (
    CampaignFactory,
    MembershipFactory,
    OfficeFactory,
    OrganizationFactory,
    SeatFactory,
    WardFactory,
)
from tests.secretariat import (
    client_for,
    secretary,
    secretary_client,
    sentences,
    typed,
)

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def url(name: str, *args: object, **query: object) -> str:
    return reverse(f"admin:members_campaign_{name}", args=args, query=query)


@pytest.fixture
def staff():
    return secretary("会員登録")


@pytest.fixture
def client(staff) -> Client:
    return client_for(staff.user)


@pytest.fixture
def hamada():
    """島根県浜田市, a member: an office with a lead and a deputy, and one that nobody sits at."""
    body = OrganizationFactory(municipality__code="322024", municipality__name="浜田市")
    MembershipFactory(organization=body)
    office = OfficeFactory(organization=body, phone="0855-22-2612")
    SeatFactory(office=office, user__email="lead@city.hamada.example.jp")
    SeatFactory(office=office, role=Role.DEPUTY)
    OfficeFactory(organization=body, name="観光課", is_main=False, email="")
    return body


class TestPreparing:
    @time_machine.travel("2027-03-01", tick=False)
    def test_the_form_proposes_what_can_be_saved_as_it_is(self):
        client = secretary_client("会員登録")
        form = client.get(url("add"))
        sent = typed(form)
        assert (sent["fiscal_year"], sent["deadline"]) == ("2027", "2027-05-31")
        client.post(url("add"), sent)
        campaign = Campaign.objects.get()
        assert campaign.title == "令和9年度 登録情報確認"
        assert not campaign.is_running
        assert campaign.opening.startswith("日ごろから")
        assert AuditEntry.objects.get(action=Action.ADD).object_label == campaign.title

    def test_days_in_another_order_are_refused(self, client):
        sent = typed(client.get(url("add")))
        refused = client.post(url("add"), sent | {"deputies_on": sent["desk_on"]})
        assert "副担当、部署の共用アドレス、代表の部署の順" in refused.text
        assert not Campaign.objects.exists()

    def test_a_text_is_as_long_as_the_browser_counts_it(self, client):
        """A browser sends two characters for each newline."""
        text = "\n".join(["確" * 99] * 10)
        sent = typed(client.get(url("add"))) | {"opening": text.replace("\n", "\r\n") + "認"}
        client.post(url("add"), sent)
        assert Campaign.objects.get().opening == text + "認"

    def test_once_started_the_deadline_is_not_before_the_start(self, client):
        campaign = CampaignFactory(started_at=timezone.now())
        yesterday = today() - timedelta(days=1)
        sent = {"deadline": yesterday, "deputies_on": yesterday - timedelta(days=1)}
        form = typed(client.get(url("change", campaign.pk)))
        refused = client.post(url("change", campaign.pk), form | sent)
        assert f"開始した日（{day_text(today())}）以降" in refused.text

    @pytest.mark.parametrize(
        ("state", "kept"),
        [
            ({}, set()),
            ({"started_at": timezone.now()}, {"fiscal_year", "includes_wards", "opening"}),
            (
                {"started_at": timezone.now(), "ended_at": timezone.now()},
                {
                    "fiscal_year",
                    "includes_wards",
                    "opening",
                    "reminder",
                    "deadline",
                    "deputies_on",
                    "office_on",
                    "desk_on",
                },
            ),
        ],
        ids=["prepared", "started", "ended"],
    )
    def test_what_the_members_have_been_told_stays(self, client, state, kept):
        campaign = CampaignFactory(**state)
        before = Campaign.objects.values().get()
        sent = {
            "fiscal_year": "2031",
            "deadline": campaign.deadline + timedelta(days=5),
            "deputies_on": campaign.deputies_on + timedelta(days=1),
            "office_on": campaign.office_on + timedelta(days=1),
            "desk_on": campaign.desk_on + timedelta(days=6),
            "opening": "別の文",
            "reminder": "別の2回目の文",
        }
        form = client.get(url("change", campaign.pk))
        client.post(url("change", campaign.pk), typed(form) | sent | {"includes_wards": ""})
        after = Campaign.objects.values().get()
        changed = {name for name in before if before[name] != after[name]}
        assert changed == {*sent, "includes_wards"} - kept

    def test_the_list_says_how_far_each_is(self, client):
        now = timezone.now()
        CampaignFactory(fiscal_year=2025, started_at=now, ended_at=now)
        CampaignFactory(fiscal_year=2026, started_at=now)
        CampaignFactory(fiscal_year=2027)
        text = client.get(url("changelist")).text
        places = [text.index(word) for word in ("準備中", "実施中", "終了</td>")]
        assert places == sorted(places)
        assert url("board") in text


class TestReading:
    def test_each_steps_mail_to_a_department_that_is_searched_for(self, client, hamada):
        campaign = CampaignFactory(opening="初めの文です。", reminder="2回目の文です。")
        MembershipFactory()  # of another member, which comes first or last
        first = client.get(url("mails", campaign.pk, q="浜田 観光"))
        assert first.context["office"].name == "観光課"
        office = hamada.offices.get(is_main=True)
        later = client.get(url("mails", campaign.pk, step="2", office=office.pk))
        assert "初めの文です。" in first.text
        assert "2回目の文です。" in later.text
        assert "島根県浜田市　企画課へのメール" in later.text
        assert "0855-22-2612" not in later.text
        assert not OutboxMail.objects.exists()

    @pytest.mark.parametrize("query", [{}, {"step": "9"}, {"office": "x"}, {"q": "ない団体"}])
    def test_without_anybody_to_ask_it_shows_an_example(self, client, query):
        page = client.get(url("mails", CampaignFactory().pk, **query))
        assert page.status_code == 200
        assert "メールの例" in page.text

    def test_one_that_is_not_there(self, client):
        assert client.get(url("mails", 1)).status_code == 404

    def test_a_trial_goes_to_whoever_presses_the_button_alone(self, client, staff, hamada):
        campaign = CampaignFactory()
        told = client.post(url("trial", campaign.pk), follow=True)
        assert sentences(told) == [f"見本のメールを{staff.user.email}に送りました"]
        mails = OutboxMail.objects.all()
        assert {mail.to for mail in mails} == {staff.user.email}
        assert len(mails) == 2
        assert all("見本" in mail.subject for mail in mails)
        assert not Confirmation.objects.exists()


class TestStarting:
    def test_what_it_counts_beforehand_is_what_it_does(self, client, hamada):
        campaign = CampaignFactory()
        WardFactory().offices.add(OfficeFactory(email="kuyakusho@example.jp"))
        SeatFactory(office=OfficeFactory(organization=MembershipFactory().organization))
        known = OfficeFactory(organization=MembershipFactory().organization)
        services_confirmed(known)
        asked = client.get(url("start", campaign.pk))
        beginning = asked.context["beginning"]
        assert (beginning.known, beginning.unreached) == (1, 0)
        assert f"{beginning.mails}通" in asked.text
        done = client.post(url("start", campaign.pk), typed_empty(asked), follow=True)
        assert done.redirect_chain[-1][0] == url("board", year=campaign.fiscal_year)
        assert sentences(done) == [
            f"{campaign.title}を開始しました。{beginning.mails}通のメールを、まもなく送り始めます"
        ]
        assert OutboxMail.objects.count() == beginning.mails
        assert Confirmation.objects.count() == beginning.offices
        assert Confirmation.objects.unanswered().count() == beginning.offices - beginning.known

    def test_it_shows_the_first_mail_and_the_days(self, client, hamada):
        campaign = CampaignFactory(opening="初めの文です。")
        text = client.get(url("start", campaign.pk)).text
        assert "初めの文です。" in text
        assert "（今日）" in text

    def test_a_refusal_is_shown_and_changes_nothing(self, client, hamada):
        campaign = CampaignFactory()
        CampaignFactory(fiscal_year=2020, started_at=timezone.now())
        before = dump("members", "core")
        refused = client.post(url("start", campaign.pk))
        assert refused.status_code == 422
        assert dump("members", "core") == before

    def test_sent_twice_it_starts_once(self, client, hamada):
        campaign = CampaignFactory()
        sent = typed_empty(client.get(url("start", campaign.pk)))
        first, second = (client.post(url("start", campaign.pk), sent) for _ in range(2))
        assert first.url == second.url
        assert AuditEntry.objects.filter(action=Action.START_CAMPAIGN).count() == 1
        history = client.get(url("history", campaign.pk)).text
        assert "たずねた部署" in history
        assert "offices" not in history

    def test_its_buttons_follow_its_state(self, client, hamada):
        campaign = CampaignFactory()
        assert buttons(client, campaign) == [
            "メールを確かめる",
            "年度確認を開始する",
            "自分に送ってみる",
        ]
        services.start_campaign(campaign, by=secretary())
        assert buttons(client, campaign) == [
            "メールを確かめる",
            "年度確認の状況",
            "自分に送ってみる",
            "年度確認を終了する",
        ]
        client.post(url("end", campaign.pk))
        assert buttons(client, campaign) == ["メールを確かめる", "年度確認の状況"]
        campaign.refresh_from_db()
        assert timezone.localdate(campaign.ended_at) == today()


def services_confirmed(office) -> None:
    """Somebody of the office has confirmed it today."""
    seat = SeatFactory(office=office)
    services.confirm_office(office, by=seat)


def typed_empty(page) -> dict[str, str]:
    """What the button of a page without fields posts."""
    return {"token": page.context["token"]}


def buttons(client: Client, campaign: Campaign) -> list[str]:
    links = client.get(url("change", campaign.pk)).context["action_links"]
    return [link["label"] for link in links]


@pytest.mark.parametrize("name", ["add", "trial", "start", "end"])
@pytest.mark.parametrize("group", ["閲覧", "プロジェクト"])
def test_only_member_registration_acts(group, name):
    campaign = CampaignFactory()
    arguments = () if name == "add" else (campaign.pk,)
    client = secretary_client(group)
    assert client.get(url(name, *arguments)).status_code == 403
    assert client.post(url(name, *arguments)).status_code == 403
    assert client.get(url("board")).status_code == 200
    assert not OutboxMail.objects.exists()
