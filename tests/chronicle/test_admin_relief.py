"""The admin of disasters, relief and milestones."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from chronicle.enums import Action, MilestoneCategory, ReliefKind
from chronicle.models import Disaster, Milestone, Relief
from core.dates import Precision
from core.models import AuditEntry
from tests.factories.agreements import AgreementFactory, CollaborationFactory
from tests.factories.chronicle import DisasterFactory, MilestoneFactory, ReliefFactory
from tests.factories.events import EventFactory
from tests.factories.members import OrganizationFactory
from tests.secretariat import csv_of, secretary_client, typed, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def client():
    return secretary_client("プロジェクト")


def listed(client: Client, label: str, **query: str) -> list:
    return list(client.get(url(label, "changelist"), query).context["cl"].result_list)


def offered(client: Client, model: str, field: str, term: str) -> list[str]:
    """What an autocomplete of the milestone's form offers for ``term``."""
    query = {"app_label": "chronicle", "model_name": model, "field_name": field, "term": term}
    answer = client.get(reverse("admin:autocomplete"), query)
    return [result["text"] for result in answer.json()["results"]]


class TestDisaster:
    def test_a_disaster_is_added_with_its_support_and_stands_on_the_page(self, client):
        DisasterFactory(order=29)
        town = OrganizationFactory(municipality__name="見本町")
        form = client.get(url("chronicle.disaster", "add"))
        assert form.context["adminform"].form["order"].value() == "30"
        data = typed(
            form,
            name="令和8年8月の大雨",
            earliest="令和8年8月3日",
            precision=Precision.MONTH,
            **{
                "reliefs-0-kind": ReliefKind.STAFF,
                "reliefs-0-staff": "12",
                "reliefs-1-kind": ReliefKind.RECOVERY_MONEY,
                "reliefs-1-amount_yen": "3000000",
                "reliefs-1-recipients": [str(town.pk)],
            },
        )
        client.post(url("chronicle.disaster", "add"), data)
        disaster = Disaster.objects.get(order=30)
        assert (disaster.earliest, disaster.latest) == (date(2026, 8, 1), date(2026, 8, 31))
        money = disaster.reliefs.get(kind=ReliefKind.RECOVERY_MONEY)
        assert list(money.recipients.all()) == [town]
        page = Client().get(reverse("chronicle:relief_list")).text
        assert "職員派遣（12名）、復興支援金（島根県見本町）" in page
        entry = AuditEntry.objects.get()
        assert entry.action == Action.ADD
        assert entry.changes["reliefs"][1] == [
            "職員派遣／12",
            "復興支援金／3000000／島根県見本町",
        ]

    def test_another_recipient_stands_in_the_history(self, client):
        first, second = (
            OrganizationFactory(municipality__name=f"見本{number}町") for number in (1, 2)
        )
        relief = ReliefFactory(recipients=[first])
        address = url("chronicle.disaster", "change", relief.disaster.pk)
        recipients = [str(first.pk), str(second.pk)]
        client.post(address, typed(client.get(address), **{"reliefs-0-recipients": recipients}))
        change = AuditEntry.objects.get().changes["reliefs"]
        assert change[0] == ["復興支援金／島根県見本1町"]
        assert change[1] == ["復興支援金／島根県見本1町、島根県見本2町"]

    def test_a_row_added_by_mistake_is_taken_out(self, client):
        relief = ReliefFactory()
        address = url("chronicle.disaster", "change", relief.disaster.pk)
        data = typed(client.get(address), **{"reliefs-0-DELETE": "on"})
        client.post(address, data)
        assert not Relief.objects.exists()
        assert AuditEntry.objects.get().changes["reliefs"][1] == []

    def test_a_row_of_the_loaded_record_is_corrected_but_not_taken_out(self, client):
        relief = ReliefFactory(record_digest="0" * 64)
        address = url("chronicle.disaster", "change", relief.disaster.pk)
        form = client.get(address)
        assert 'type="checkbox" name="reliefs-0-DELETE"' not in form.text
        data = typed(form, **{"reliefs-0-DELETE": "on", "reliefs-0-staff": "5"})
        client.post(address, data)
        relief.refresh_from_db()
        assert relief.staff == 5

    def test_the_member_desk_reads_and_changes_nothing(self):
        relief = ReliefFactory()
        desk = secretary_client("会員登録")
        address = url("chronicle.disaster", "change", relief.disaster.pk)
        assert desk.get(address).status_code == 200
        assert desk.post(address, {"name": "x", "reliefs-0-DELETE": "on"}).status_code == 403
        assert Relief.objects.count() == 1
        assert not AuditEntry.objects.exists()

    def test_each_is_found_once_by_kind_prefecture_and_recipient(self, client):
        town = OrganizationFactory(municipality__name="見本町", municipality__kana="ミホンチョウ")
        disaster = ReliefFactory(recipients=[town]).disaster
        ReliefFactory(disaster=disaster, recipients=[town])
        other = DisasterFactory(name="ほかの地震", earliest=date(2008, 6, 14))
        label = "chronicle.disaster"
        assert listed(client, label) == [disaster, other]
        assert listed(client, label, reliefs__kind__exact="復興支援金") == [disaster]
        assert listed(client, label, reliefs__kind__exact="見舞金") == []
        assert listed(client, label, prefecture=town.prefecture_id) == [disaster]
        assert listed(client, label, q="ﾐﾎﾝ 大雨") == [disaster]
        assert listed(client, label, q="ほかの") == [other]
        assert listed(client, label, fiscal_year="2008") == [other]

    def test_two_of_one_name_are_told_apart_where_one_is_chosen(self, client):
        for year in (2021, 2022):
            DisasterFactory(name="福島県沖を震源とする地震", earliest=date(year, 3, 16))
        assert offered(client, "milestone", "disasters", "福島県沖") == [
            "福島県沖を震源とする地震（2022年（令和4年）3月16日）",
            "福島県沖を震源とする地震（2021年（令和3年）3月16日）",
        ]

    def test_the_download_says_what_the_list_says(self, client):
        ReliefFactory(kind=ReliefKind.STAFF, staff=7214, disaster__name="東日本大震災")
        heading, row = csv_of(client.get(url("chronicle.disaster", "export")))
        found = dict(zip(heading, row, strict=True))
        assert found["災害名"] == "東日本大震災"
        assert found["支援の内容"] == "職員派遣（7,214名）"


class TestRelief:
    def test_rows_that_state_an_amount_are_found(self, client):
        stated, silent = ReliefFactory(amount_yen=30_000_000), ReliefFactory()
        label = "chronicle.relief"
        assert listed(client, label, amount_yen="yes") == [stated]
        assert listed(client, label, amount_yen="no") == [silent]
        assert "30,000,000" in client.get(url(label, "changelist")).text

    def test_its_page_leads_to_the_disaster_on_the_site(self, client):
        relief = ReliefFactory()
        page = client.get(url("chronicle.relief", "change", relief.pk))
        assert relief.disaster.get_absolute_url() in page.text


class TestMilestone:
    def test_a_milestone_is_added_with_the_records_it_is_the_same_as(self, client):
        agreement, event, disaster = AgreementFactory(), EventFactory(), DisasterFactory()
        project = CollaborationFactory()
        data = typed(
            client.get(url("chronicle.milestone", "add")),
            title="協定を締結",
            category=MilestoneCategory.AGREEMENT,
            earliest="平成28年4月26日",
            agreements=[str(agreement.pk)],
            collaborations=[str(project.pk)],
            events=[str(event.pk)],
            disasters=[str(disaster.pk)],
        )
        client.post(url("chronicle.milestone", "add"), data)
        milestone = Milestone.objects.get()
        assert milestone.earliest == milestone.latest == date(2016, 4, 26)
        assert list(milestone.agreements.all()) == [agreement]
        assert list(milestone.collaborations.all()) == [project]
        assert list(milestone.events.all()) == [event]
        assert list(milestone.disasters.all()) == [disaster]
        assert AuditEntry.objects.get().changes["events"][1] == [str(event)]

    def test_the_list_says_what_kinds_of_records_it_refers_to(self, client):
        milestone = MilestoneFactory()
        milestone.agreements.add(AgreementFactory())
        milestone.disasters.add(DisasterFactory(name="見本の地震"))
        page = client.get(url("chronicle.milestone", "changelist")).text
        assert "協定、災害" in page
        heading, row = csv_of(client.get(url("chronicle.milestone", "export")))
        assert "見本の地震" in dict(zip(heading, row, strict=True))["同じ出来事の記録"]

    def test_a_range_needs_both_ends_and_is_never_shown_as_days(self, client):
        address = url("chronicle.milestone", "add")
        given = {
            "title": "視察",
            "category": MilestoneCategory.EXCHANGE,
            "earliest": "2015-04-01",
            "precision": Precision.BETWEEN,
        }
        refused = client.post(address, typed(client.get(address), **given))
        assert "「範囲のみ」のときは、最も遅い日も入力してください" in refused.text
        assert not Milestone.objects.exists()
        client.post(address, typed(client.get(address), latest="2016-03-31", **given))
        page = client.get(url("chronicle.milestone", "changelist")).text
        assert "日付未確認" in page
        assert "2015年（平成27年）4月1日" not in page

    def test_milestones_are_found_by_organization_category_and_year(self, client):
        town = OrganizationFactory(municipality__name="見本町", municipality__kana="ミホンチョウ")
        visit = MilestoneFactory(title="視察", category=MilestoneCategory.EXCHANGE)
        visit.organizations.add(town)
        meeting = MilestoneFactory(title="総会", earliest=date(2020, 1, 14))
        label = "chronicle.milestone"
        assert listed(client, label) == [meeting, visit]
        assert listed(client, label, q="みほん") == [visit]
        assert listed(client, label, category__exact="会議") == [meeting]
        assert listed(client, label, fiscal_year="2019") == [meeting]
        assert listed(client, label, prefecture=town.prefecture_id) == [visit]
