"""Joint projects in the admin."""

from datetime import date

import pytest

from agreements.enums import Action, CollaborationSide, CollaborationStatus
from agreements.models import Collaboration, CollaborationParty, YearReport
from core.models import AuditEntry
from tests.agreements.collaborations import project_of
from tests.factories.agreements import (
    AgreementFactory,
    CollaborationPartyFactory,
    PartyFactory,
    YearReportFactory,
)
from tests.factories.events import EventFactory
from tests.factories.members import OrganizationFactory, ThemeFactory, WardFactory
from tests.secretariat import csv_of, secretary_client, sentences, typed, url

pytestmark = pytest.mark.django_db

LABEL = "agreements.collaboration"
ADD = url(LABEL, "add")
PLANNED, UNDER_WAY, ENDED, CANCELLED = CollaborationStatus


@pytest.fixture(autouse=True)
def clock(time_machine) -> None:
    time_machine.move_to("2026-11-22 12:00:00+09:00", tick=False)


@pytest.fixture
def client():
    return secretary_client("プロジェクト")


@pytest.fixture
def project() -> Collaboration:
    return project_of(WardFactory(), status=UNDER_WAY, start_earliest=date(2024, 10, 5))


@pytest.fixture
def filled() -> dict[str, object]:
    """A joint project of a ward with a town."""
    return {
        "title": "港の朝市",
        "scope": "wards",
        "origin": "掲示板",
        "start_earliest": "令和8年4月20日",
        "start_precision": "month",
        "end_precision": "day",
        "confidence": "high",
        "parties-0-side": "ward",
        "parties-0-organization": WardFactory().pk,
        "parties-1-side": "partner",
        "parties-1-organization": OrganizationFactory().pk,
        "year_reports-0-fiscal_year": "2024",
        "year_reports-0-result": "2回開いた",
        "year_reports-0-visitors_qualifier": "約",
        "year_reports-0-visitors": "1200",
    }


def errors(response) -> str:
    assert response.status_code == 200
    assert response.context["errors"]
    return response.content.decode()


@pytest.mark.once
class TestAdd:
    def test_a_joint_project_with_its_parties_and_a_report(self, client, filled):
        response = client.post(ADD, typed(client.get(ADD), **filled), follow=True)
        assert "を追加しました" in sentences(response)[0]
        project = Collaboration.objects.get()
        assert (project.status, project.published_at) == (PLANNED, None)
        assert (project.start_earliest, project.start_latest) == (
            date(2026, 4, 1),
            date(2026, 4, 30),
        )
        assert {party.side for party in project.parties.all()} == set(CollaborationSide)
        assert YearReport.objects.get().visitors_text == "約1,200人"
        entry = AuditEntry.objects.get()
        assert entry.action == Action.ADD
        assert len(entry.changes["parties"][1]) == 2
        assert entry.changes["year_reports"] == [None, ["2024／2回開いた／約／1200"]]

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"title": ""}, "題名を入力してください"),
            (
                {"start_latest": "2026-04-19", "start_precision": "day"},
                "開始（最も遅い日）は、開始（最も早い日）（2026年4月20日）以降の日付にしてください",
            ),
            (
                {"start_precision": "between"},
                "「範囲のみ」のときは、開始（最も遅い日）も入力してください",
            ),
            (
                {"start_earliest": "", "start_latest": "2026-04-20"},
                "開始（最も早い日）を入力してください",
            ),
            ({"end_earliest": "2026-03-31"}, "終了は、開始より後にしてください"),
            ({"parties-0-side": "partner"}, "特別区を1区以上選んでください"),
            ({"parties-1-side": "ward"}, "特別区ではありません。側を選び直してください"),
            ({"year_reports-0-result": ""}, "実績を入力してください"),
        ],
    )
    def test_bad_input_is_told_at_the_field_and_adds_nothing(
        self, changes, sentence, client, filled
    ):
        response = client.post(ADD, typed(client.get(ADD), **(filled | changes)))
        assert sentence in errors(response)
        assert not Collaboration.objects.exists()
        assert not AuditEntry.objects.exists()

    def test_a_ward_is_no_partner(self, client, filled):
        ward = WardFactory()
        data = filled | {"parties-1-organization": ward.pk}
        response = client.post(ADD, typed(client.get(ADD), **data))
        assert f"{ward.full_name}は特別区です" in errors(response)


class TestChange:
    def test_a_change_is_recorded_and_gives_the_next_version(self, client, project):
        address = url(LABEL, "change", project.pk)
        theme = ThemeFactory()
        client.post(address, typed(client.get(address), summary="直した", themes=[theme.pk]))
        project.refresh_from_db()
        assert (project.summary, project.version, project.status) == ("直した", 2, UNDER_WAY)
        assert AuditEntry.objects.get().changes == {
            "summary": ["", "直した"],
            "themes": [[], [theme.name]],
        }

    def test_the_state_and_the_publishing_are_only_shown(self, client, project):
        address = url(LABEL, "change", project.pk)
        page = client.get(address)
        assert {"status", "published_at"}.isdisjoint(page.context["adminform"].form.fields)
        client.post(address, typed(page, status="ended", published_at=""))
        project.refresh_from_db()
        assert (project.status, project.is_published) == (UNDER_WAY, True)

    def test_a_party_and_a_report_may_be_taken_out(self, client, project):
        extra = CollaborationPartyFactory(collaboration=project, order=9)
        report = YearReportFactory(collaboration=project)
        address = url(LABEL, "change", project.pk)
        boxes = {"parties-2-DELETE": "on", "year_reports-0-DELETE": "on"}
        client.post(address, typed(client.get(address), **boxes))
        assert not CollaborationParty.objects.filter(pk=extra.pk).exists()
        assert not YearReport.objects.filter(pk=report.pk).exists()

    def test_the_last_ward_stays(self, client, project):
        address = url(LABEL, "change", project.pk)
        response = client.post(address, typed(client.get(address), **{"parties-0-DELETE": "on"}))
        assert "特別区を1区以上選んでください" in errors(response)
        assert project.parties.count() == 2

    @pytest.mark.parametrize("parties", [1, 3])
    def test_many_parties_cost_no_further_query(
        self, parties, client, project, django_assert_num_queries
    ):
        for number in range(parties):
            CollaborationPartyFactory(collaboration=project)
            YearReportFactory(collaboration=project, fiscal_year=2020 + number)
        address = url(LABEL, "change", project.pk)
        client.get(address)
        with django_assert_num_queries(11):
            client.get(address)


@pytest.mark.once
class TestActions:
    @pytest.mark.parametrize(
        ("status", "fields", "offered"),
        [
            (PLANNED, {"published_at": None}, ["publish", "start", "cancel"]),
            (UNDER_WAY, {}, ["end", "cancel", "unpublish"]),
            (ENDED, {}, ["unpublish"]),
            (CANCELLED, {"published_at": None}, ["publish"]),
        ],
    )
    def test_those_of_its_state_are_offered(self, client, status, fields, offered):
        row = project_of(WardFactory(), status=status, **fields)
        links = client.get(url(LABEL, "change", row.pk)).context["action_links"]
        assert [link["url"].split("/")[-2] for link in links] == offered

    @pytest.mark.parametrize(
        ("action", "fields", "answers", "sentence", "column", "value"),
        [
            (
                "publish",
                {"published_at": None},
                {},
                "連携事業を公開しました",
                "is_published",
                True,
            ),
            (
                "unpublish",
                {},
                {"reason": "誤りのため"},
                "連携事業の公開を取り消しました",
                "is_published",
                False,
            ),
            (
                "start",
                {"status": PLANNED},
                {"day": "R8.11.20"},
                "連携事業を「実施中」にしました",
                "start_latest",
                date(2026, 11, 20),
            ),
            (
                "end",
                {"status": UNDER_WAY},
                {"day": "2026-11-20"},
                "連携事業を「終了」にしました",
                "end_latest",
                date(2026, 11, 20),
            ),
            (
                "cancel",
                {"status": UNDER_WAY},
                {"reason": "台風のため"},
                "連携事業を「中止」にしました",
                "status_reason",
                "台風のため",
            ),
        ],
    )
    def test_an_action_asks_and_calls_its_service(
        self, client, action, fields, answers, sentence, column, value
    ):
        row = project_of(WardFactory(), **fields)
        address = url(LABEL, action, row.pk)
        response = client.post(address, typed(client.get(address), **answers), follow=True)
        assert sentences(response) == [sentence]
        row = Collaboration.objects.get()
        assert getattr(row, column) == value
        assert AuditEntry.objects.get().reason == answers.get("reason", "")

    @pytest.mark.parametrize(
        ("action", "answers", "sentence"),
        [
            ("cancel", {"reason": ""}, "理由を入力してください"),
            ("unpublish", {"reason": ""}, "理由を入力してください"),
            ("end", {"day": "2024-10-04"}, "終了の時期は、開始の時期"),
            ("end", {}, "終わっている連携事業には、終了の時期を入力してください"),
            ("start", {}, "この操作はできません"),
        ],
    )
    def test_a_refusal_changes_nothing(self, client, project, action, answers, sentence):
        before = Collaboration.objects.values().get()
        address = url(LABEL, action, project.pk)
        response = client.post(address, {"version": 1, **answers})
        assert response.status_code == 422
        assert sentence in response.content.decode()
        assert Collaboration.objects.values().get() == before
        assert not AuditEntry.objects.exists()

    def test_an_action_on_a_changed_row_is_stale(self, client, project):
        address = url(LABEL, "end", project.pk)
        data = typed(client.get(address), day="2026-11-20")
        Collaboration.objects.update(version=2)
        assert client.post(address, data).status_code == 409


def test_the_list_filters_and_finds_by_party(client):
    ward = WardFactory(kana="シナガワク")
    project_of(ward, title="令和6年度", start_earliest=date(2024, 10, 5))
    project_of(
        WardFactory(), title="令和元年度", start_earliest=date(2019, 5, 1), published_at=None
    )
    for query, titles in (
        ({"fiscal_year": "2024"}, ["令和6年度"]),
        ({"published_at": "no"}, ["令和元年度"]),
        ({"status__exact": "under_way"}, ["令和6年度", "令和元年度"]),
        ({"prefecture": "13"}, ["令和6年度", "令和元年度"]),
        ({"q": "しながわ"}, ["令和6年度"]),
    ):
        rows = client.get(url(LABEL, "changelist"), query).context["cl"].result_list
        assert sorted(row.title for row in rows) == titles, query


def test_the_download_names_the_parties(client, project):
    heading, row = csv_of(client.get(url(LABEL, "export")))
    cells = dict(zip(heading, row, strict=True))
    assert cells["特別区"] == project.wards_text
    assert cells["期間"] == "2024年（令和6年）10月5日～（実施中）"


def test_an_event_is_tied_to_a_joint_project(client, project):
    event = EventFactory()
    address = url("events.event", "change", event.pk)
    client.post(address, typed(client.get(address), collaborations=[project.pk]))
    assert list(event.collaborations.all()) == [project]
    assert AuditEntry.objects.get().changes == {"collaborations": [[], [project.title]]}


class TestAgreements:
    """An agreement belongs to a joint project by its organizations, as for the wards."""

    def test_one_that_reaches_no_organization_is_refused_at_the_field(self, client, filled):
        foreign = PartyFactory().agreement
        page = client.post(ADD, typed(client.get(ADD), **filled, agreements=[str(foreign.pk)]))
        errors(page)
        at_field = page.context["adminform"].form.errors["agreements"]
        assert "この連携事業の団体に及びません" in at_field[0]
        assert not Collaboration.objects.exists()

    def test_one_of_an_organization_beside_it_is_linked(self, client, filled):
        own = PartyFactory(organization_id=filled["parties-1-organization"]).agreement
        client.post(ADD, typed(client.get(ADD), **filled, agreements=[str(own.pk)]))
        assert list(Collaboration.objects.get().agreements.all()) == [own]

    def test_the_organization_must_stay(self, client, project):
        own = PartyFactory(organization=project.partners[0].organization).agreement
        change = url(LABEL, "change", project.pk)
        answers = {"agreements": [str(own.pk)], "parties-1-DELETE": "on"}
        page = client.post(change, typed(client.get(change), **answers))
        assert "及びません" in errors(page)

    def test_what_is_linked_already_stays(self, client, project):
        project.agreements.add(former := AgreementFactory())
        change = url(LABEL, "change", project.pk)
        client.post(change, typed(client.get(change), title="別の題名"), follow=True)
        project.refresh_from_db()
        assert (project.title, project.agreements.get()) == ("別の題名", former)
