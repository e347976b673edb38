"""Year reports in the admin: what was submitted, and what the secretariat says to it."""

import pytest

from agreements import services
from agreements.enums import Action, CollaborationStatus
from agreements.models import YearReport
from core import files
from core.enums import Level
from core.files import FileChange, Uploader
from core.models import AuditEntry
from notices.models import Notice
from notices.services import watch
from proposals.enums import OfferStatus, ProposalStatus
from tests import office_files as made
from tests.agreements.collaborations import project_of
from tests.factories.agreements import (
    DraftReportFactory,
    ReturnedReportFactory,
    SubmittedReportFactory,
    YearReportFactory,
)
from tests.factories.members import WardFactory
from tests.factories.proposals import OfferFactory, ProposalFactory
from tests.secretariat import csv_of, secretary_client, sentences, typed, url

pytestmark = pytest.mark.django_db

LABEL = "agreements.yearreport"
PROJECT = "agreements.collaboration"


@pytest.fixture(autouse=True)
def clock(time_machine) -> None:
    time_machine.move_to("2026-11-22 12:00:00+09:00", tick=False)


@pytest.fixture
def client():
    return secretary_client("プロジェクト")


@pytest.fixture
def project(ward_lead):
    return project_of(ward_lead.organization, title="港の朝市")


@pytest.fixture
def report(project) -> YearReport:
    return SubmittedReportFactory(collaboration=project, fiscal_year=2025, grant_granted=1_200_000)


@pytest.mark.parametrize(
    ("action", "answers", "sentence", "status"),
    [
        ("accept", {}, "年度実績を承認しました", "accepted"),
        ("send_back", {"reason": "人数を確かめてください"}, "年度実績を差し戻しました", "draft"),
    ],
)
def test_an_action_asks_and_calls_its_service(client, report, action, answers, sentence, status):
    links = client.get(url(LABEL, "change", report.pk)).context["action_links"]
    assert [link["url"].split("/")[-2] for link in links] == ["accept", "send_back"]
    address = url(LABEL, action, report.pk)
    response = client.post(address, typed(client.get(address), **answers), follow=True)
    assert sentences(response) == [sentence]
    report.refresh_from_db()
    assert (report.status, report.return_reason) == (status, answers.get("reason", ""))
    assert AuditEntry.objects.get().reason == answers.get("reason", "")
    assert Notice.objects.count() == 1


@pytest.mark.parametrize(
    ("action", "answers", "status"),
    [
        ("send_back", {"reason": "", "version": 1}, 422),
        ("accept", {"version": 2}, 409),
        ("send_back", {"reason": "誤り", "version": 2}, 409),
    ],
)
def test_a_refusal_changes_nothing(client, report, action, answers, status):
    before = YearReport.objects.values().get()
    assert client.post(url(LABEL, action, report.pk), answers).status_code == status
    assert YearReport.objects.values().get() == before
    assert not AuditEntry.objects.exists()


def test_what_is_accepted_has_no_actions(client, project):
    report = YearReportFactory(collaboration=project)
    assert client.get(url(LABEL, "change", report.pk)).context["action_links"] == []


def test_drafts_stay_with_their_wards(client, project, report):
    for draft in (
        DraftReportFactory(collaboration=project, fiscal_year=2026, result="書きかけ"),
        ReturnedReportFactory(collaboration=project, fiscal_year=2024, result="書き直し"),
    ):
        assert client.get(url(LABEL, "change", draft.pk)).status_code == 302
        for page in (
            client.get(url(LABEL, "changelist")),
            client.get(url(PROJECT, "change", project.pk)),
        ):
            assert draft.result not in page.content.decode()
    _, *rows = csv_of(client.get(url(LABEL, "export")))
    assert [row[0] for row in rows] == ["令和7年度（2025年度）"]


def test_the_list_filters_and_the_file_has_the_amounts(client, project, report):
    YearReportFactory(
        collaboration=project_of(WardFactory(kana="アラカワク"), title="別の事業"), visitors=90
    )
    for query, years in (
        ({}, [2025, 2024]),
        ({"status": "submitted"}, [2025]),
        ({"status": "draft"}, [2025, 2024]),
        ({"fiscal_year": "2024"}, [2024]),
        ({"prefecture": "13"}, [2025, 2024]),
        ({"q": "あらかわ"}, [2024]),
        ({"q": "港の"}, [2025]),
    ):
        rows = client.get(url(LABEL, "changelist"), query).context["cl"].result_list
        assert [row.fiscal_year for row in rows] == years, query
    heading, *rows = csv_of(client.get(url(LABEL, "export")))
    first, second = (dict(zip(heading, row, strict=True)) for row in rows)
    assert (first["助成金の交付決定額（円）"], first["状態"]) == ("1200000", "提出済み")
    assert (second["助成金の交付決定額（円）"], second["来場者・参加者の数"]) == ("", "90")


def test_its_files_are_read_there(client, report, ward_lead, attachments_directory):
    row = files.receive(
        made.upload(made.pdf(), "報告書.pdf"), by=Uploader.of(ward_lead), level=Level.PUBLIC
    )
    files.apply_change(report, FileChange(added=[row]))
    page = client.get(url(LABEL, "change", report.pk)).content.decode()
    address = url(LABEL, "file", report.pk, row.key)
    assert f'href="{address}"' in page
    response = client.get(address)
    assert b"".join(response) == made.pdf()


def test_a_report_brought_in_with_its_project_is_accepted_and_completes_the_proposal(
    client, project
):
    type(project).objects.update(
        status=CollaborationStatus.ENDED, end_earliest="2025-01-01", end_latest="2025-01-01"
    )
    proposal = ProposalFactory(status=ProposalStatus.AGREED)
    OfferFactory(
        proposal=proposal,
        status=OfferStatus.ACCEPTED,
        collaboration=project,
        settled_at=proposal.published_at,
    )
    address = url(PROJECT, "change", project.pk)
    added = {
        "year_reports-0-fiscal_year": "2024",
        "year_reports-0-result": "2回開いた",
        "year_reports-0-grant_granted": "1200000",
    }
    client.post(address, typed(client.get(address), **added))
    report = YearReport.objects.get()
    assert (report.status, report.accepted_at, report.grant_granted) == ("accepted", None, 1200000)
    proposal.refresh_from_db()
    assert proposal.status == ProposalStatus.COMPLETED


def test_a_report_brought_in_with_its_project_is_told_once(client, project, ward_lead, other_lead):
    watch(project, by=other_lead)
    address = url(PROJECT, "change", project.pk)
    added = {"year_reports-0-fiscal_year": "2024", "year_reports-0-result": "2回開いた"}
    assert client.post(address, typed(client.get(address), **added)).status_code == 302
    text = "連携事業「港の朝市」の令和6年度（2024年度）の年度実績が加わりました"
    told = {notice.seat: notice.text for notice in Notice.objects.all()}
    assert told == {ward_lead: text, other_lead: text}
    corrected = {"year_reports-0-result": "3回開いた"}
    assert client.post(address, typed(client.get(address), **corrected)).status_code == 302
    assert Notice.objects.count() == 2


def test_what_a_ward_has_submitted_is_not_taken_out_of_the_record(client, project, report):
    own = YearReportFactory(collaboration=project, fiscal_year=2024)
    YearReport.objects.filter(pk=report.pk).update(status="accepted")
    address = url(PROJECT, "change", project.pk)
    taken_out = {"year_reports-0-DELETE": "on"}
    assert client.post(address, typed(client.get(address), **taken_out)).status_code == 302
    assert not YearReport.objects.filter(pk=own.pk).exists()
    response = client.post(address, typed(client.get(address), **taken_out))
    assert "区が提出した年度実績は外せません" in response.content.decode()
    assert YearReport.objects.get() == report


def test_a_year_with_a_draft_is_not_brought_in_twice(client, project):
    DraftReportFactory(collaboration=project, fiscal_year=2024)
    address = url(PROJECT, "change", project.pk)
    added = {"year_reports-0-fiscal_year": "2024", "year_reports-0-result": "2回開いた"}
    response = client.post(address, typed(client.get(address), **added))
    assert "この年度の実績はすでにあります" in response.content.decode()
    assert YearReport.objects.count() == 1


def test_the_history_keeps_what_was_not_submitted_private(client, report, ward_lead):
    draft = services.write_report(
        report.collaboration, data={"fiscal_year": 2026, "result": "書きかけ"}, by=ward_lead
    )
    entry = AuditEntry.objects.get(action=Action.WRITE_REPORT)
    assert entry.object_id == str(draft.pk)
    for page in (
        client.get(url("core.auditentry", "changelist")),
        client.get(url("core.auditentry", "change", entry.pk)),
    ):
        assert "書きかけ" not in page.content.decode()
