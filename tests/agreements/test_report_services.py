"""What changes a year report: drafts, what is submitted, and what the secretariat says to it."""

from datetime import date

import pytest

from agreements import services
from agreements.enums import (
    Action,
    CollaborationScope,
    CollaborationStatus,
    YearReportMove,
    YearReportStatus,
)
from agreements.models import Collaboration, YearReport, YearReportStep
from core import audit, pending
from core.admin.actor import BreakGlass
from core.errors import DomainError, NotAllowed, StaleVersion
from core.models import AuditEntry, OutboxMail
from members.enums import Role
from members.models import User
from notices.models import Notice
from tests.agreements.collaborations import project_of
from tests.factories.agreements import DraftReportFactory, YearReportFactory
from tests.factories.members import SeatFactory, WardFactory

pytestmark = pytest.mark.django_db

DRAFT, SUBMITTED, ACCEPTED = YearReportStatus
DATA = {
    "fiscal_year": 2025,
    "result": "朝市を2回開いた",
    "visitors": 1200,
    "visitors_qualifier": "約",
    "grant_applied": 1_500_000,
    "grant_granted": 1_200_000,
    "grant_settled": None,
}
REASON = "来場者の数を確かめてください"


@pytest.fixture(autouse=True)
def clock(time_machine) -> None:
    time_machine.move_to("2026-11-22 12:00:00+09:00", tick=False)


@pytest.fixture
def project(ward_lead, lead) -> Collaboration:
    return project_of(ward_lead.organization, lead.organization, title="港の朝市")


@pytest.fixture
def draft(project, ward_lead) -> YearReport:
    return services.write_report(project, data=DATA, by=ward_lead)


@pytest.fixture
def submitted(draft, ward_lead) -> YearReport:
    return services.submit_report(draft, by=ward_lead, version=1)


def everything() -> list:
    """All that a refusal must leave as it was."""
    rows = [list(model.objects.order_by("pk").values()) for model in (YearReport, YearReportStep)]
    return [*rows, *(model.objects.count() for model in (AuditEntry, Notice, OutboxMail))]


def refused(error: type[Exception], match: str | None, act, *args, **kwargs) -> None:
    before = everything()
    with pytest.raises(error, match=match):
        act(*args, **kwargs)
    assert everything() == before


def told() -> dict[int, str]:
    """What each person was told, once by notice and once by mail."""
    notices = list(Notice.objects.select_related("seat"))
    assert OutboxMail.objects.count() == len(notices)
    found = {notice.seat.user_id: notice.text for notice in notices}
    assert len(found) == len(notices)
    return found


class TestWriting:
    def test_a_draft_is_kept_and_gone_on_with(self, project, ward_lead):
        begun = services.write_report(project, data={"fiscal_year": 2025}, by=ward_lead)
        assert (begun.status, begun.result, begun.version) == (DRAFT, "", 1)
        colleague = SeatFactory(office=ward_lead.office, role=Role.DEPUTY)
        report = services.write_report(project, begun, data=DATA, by=colleague, version=1)
        assert (report.status, report.version, report.grant_granted) == (DRAFT, 2, 1_200_000)
        last = audit.history_of(report).first()
        assert last.action == Action.WRITE_REPORT
        assert last.changes["result"] == ["", "朝市を2回開いた"]
        assert "grant_settled" not in last.changes
        assert not YearReportStep.objects.exists()
        assert told() == {}

    def test_nothing_is_written_when_nothing_differs(self, project, draft, ward_lead):
        before = everything()
        services.write_report(project, draft, data=DATA, by=ward_lead, version=1)
        assert everything() == before

    @pytest.mark.parametrize("who", ["partner", "reader", "other_ward", "staff"])
    def test_only_the_wards_leads_and_deputies_write(
        self, who, project, draft, lead, ward_lead, staff
    ):
        seat = {
            "partner": lead,
            "reader": SeatFactory(office=ward_lead.office, role=Role.READER),
            "other_ward": SeatFactory(office__organization=WardFactory()),
            "staff": staff,
        }[who]
        data = DATA | {"fiscal_year": 2024}
        refused(NotAllowed, None, services.write_report, project, data=data, by=seat)
        refused(
            NotAllowed, None, services.write_report, project, draft, data=data, by=seat, version=1
        )
        refused(NotAllowed, None, services.submit_report, draft, by=seat, version=1)
        refused(NotAllowed, None, services.delete_report, draft, by=seat, version=1)

    def test_what_all_wards_carry_is_the_secretariats(self, ward_lead):
        project = project_of(ward_lead.organization, scope=CollaborationScope.WARD_MAYORS)
        refused(NotAllowed, None, services.write_report, project, data=DATA, by=ward_lead)

    def test_what_was_begun_before_is_finished_or_deleted_by_its_wards(
        self, project, draft, ward_lead, lead, staff
    ):
        project.scope = CollaborationScope.WARD_MAYORS
        project.save()
        # A new one is the secretariat's from now on.
        data = DATA | {"fiscal_year": 2024}
        refused(NotAllowed, None, services.write_report, project, data=data, by=ward_lead)
        refused(NotAllowed, None, services.delete_report, draft, by=lead, version=1)
        row = services.submit_report(draft, by=ward_lead, version=1)
        row = services.send_back_report(row, reason=REASON, by=staff, version=2)
        row = services.submit_report(row, by=ward_lead, version=3)
        assert services.accept_report(row, by=staff, version=4).is_accepted
        begun = DraftReportFactory(collaboration=project, fiscal_year=2026)
        services.delete_report(begun, by=ward_lead, version=1)
        assert YearReport.objects.get() == row

    @pytest.mark.parametrize(
        ("data", "sentence"),
        [
            ({"fiscal_year": 2023}, "令和5年度（2023年度）の実績を書けません"),  # not begun
            ({"fiscal_year": 2027}, "令和9年度（2027年度）の実績を書けません"),  # yet to come
            ({"fiscal_year": None}, "この年度の実績を書けません"),
            ({"fiscal_year": 2024}, "令和6年度（2024年度）の実績は、すでにあります"),
            ({"visitors": -1}, "0以上"),
            ({"grant_settled": -1}, "0以上"),
        ],
    )
    def test_what_cannot_be_is_refused(self, project, ward_lead, data, sentence):
        YearReportFactory(collaboration=project, fiscal_year=2024)
        refused(
            DomainError, sentence, services.write_report, project, data=DATA | data, by=ward_lead
        )

    def test_a_settled_amount_may_exceed_what_was_granted(self, project, ward_lead):
        data = DATA | {"grant_settled": 9_000_000}
        assert services.write_report(project, data=data, by=ward_lead).grant_settled == 9_000_000

    def test_a_draft_of_another_version_is_not_overwritten(self, project, draft, ward_lead):
        data = DATA | {"result": "別の内容"}
        for version in (None, 0, 2):
            for act in (
                lambda v: services.write_report(project, draft, data=data, by=ward_lead, version=v),
                lambda v: services.submit_report(draft, by=ward_lead, version=v),
                lambda v: services.delete_report(draft, by=ward_lead, version=v),
            ):
                refused(StaleVersion, None, act, version)

    def test_a_draft_is_deleted(self, draft, ward_lead):
        services.delete_report(draft, by=ward_lead, version=1)
        assert not YearReport.objects.exists()
        entry = AuditEntry.objects.get(action=Action.DELETE_REPORT)
        assert entry.changes["result"] == ["朝市を2回開いた", None]
        refused(DomainError, "すでに削除", services.delete_report, draft, by=ward_lead, version=1)


class TestFiscalYears:
    @pytest.mark.parametrize(
        ("fields", "years"),
        [
            ({}, [2024, 2025, 2026]),
            ({"status": CollaborationStatus.PLANNED}, []),
            ({"status": CollaborationStatus.CANCELLED}, [2024, 2025, 2026]),
            (
                {
                    "status": CollaborationStatus.ENDED,
                    "end_earliest": date(2025, 4, 1),
                    "end_latest": date(2026, 3, 31),
                    "end_precision": "fiscal_year",
                },
                [2024, 2025],
            ),
            ({"start_earliest": None, "start_latest": None}, [*range(2016, 2027)]),
            (
                {
                    "status": CollaborationStatus.ENDED,
                    "start_earliest": None,
                    "start_latest": None,
                    "end_earliest": date(2012, 3, 1),
                    "end_latest": date(2012, 3, 31),
                },
                [*range(2001, 2012)],
            ),
        ],
    )
    def test_those_in_which_it_may_have_run(self, ward_lead, fields, years):
        assert list(project_of(ward_lead.organization, **fields).fiscal_years) == years


class TestLifecycle:
    def test_submitted_for_the_secretariats_queue_alone(self, submitted, ward_lead, staff):
        assert (submitted.status, submitted.version) == (SUBMITTED, 2)
        assert submitted.signature == ward_lead.office.signature
        step = submitted.steps.get()
        assert (step.move, step.status, step.at) == ("submit", SUBMITTED, submitted.submitted_at)
        entry = audit.history_of(submitted).first()
        assert entry.action == Action.SUBMIT_REPORT
        assert entry.changes["status"] == [DRAFT, SUBMITTED]
        assert entry.changes["result"] == [None, "朝市を2回開いた"]
        assert told() == {}
        staff.user.is_superuser = True
        waiting = {item.label: item.number for item in pending.pending(staff.user, [])}
        assert waiting["確認待ちの年度実績"] == 1

    def test_accepted_and_told_to_its_organizations(
        self, project, submitted, ward_lead, lead, staff
    ):
        reader = SeatFactory(office=ward_lead.office, role=Role.READER)
        report = services.accept_report(submitted, by=staff, version=2)
        assert (report.status, report.version) == (ACCEPTED, 3)
        assert report.accepted_at is not None
        assert report.steps.last().signature == staff.office.signature
        text = "連携事業「港の朝市」の令和7年度（2025年度）の年度実績が承認されました"
        wards = dict.fromkeys((ward_lead.user_id, reader.user_id), text)
        others = {lead.user_id: text.replace("承認されました", "加わりました")}
        assert told() == wards | others
        assert "1,200,000" not in OutboxMail.objects.first().body

    def test_sent_back_with_a_reason_and_submitted_again(
        self, project, submitted, ward_lead, staff
    ):
        report = services.send_back_report(submitted, reason=REASON, by=staff, version=2)
        assert (report.status, report.return_reason, report.submitted_at) == (DRAFT, REASON, None)
        text = "連携事業「港の朝市」の令和7年度（2025年度）の年度実績が差し戻されました"
        assert told() == {ward_lead.user_id: text}
        assert f"差戻しの理由　{REASON}" in OutboxMail.objects.get().body
        assert audit.history_of(report).first().reason == REASON
        refused(
            DomainError, "一度提出した", services.delete_report, report, by=ward_lead, version=3
        )
        report = services.write_report(
            project, report, data={"visitors": 1300}, by=ward_lead, version=3
        )
        report = services.submit_report(report, by=ward_lead, version=4)
        assert (report.status, report.returned_at, report.return_reason) == (SUBMITTED, None, "")
        assert [(step.move, step.reason) for step in report.steps.all()] == [
            ("submit", ""),
            ("send_back", REASON),
            ("submit", ""),
        ]

    def test_a_draft_without_a_result_is_not_submitted(self, project, ward_lead):
        draft = DraftReportFactory(collaboration=project, result="")
        refused(DomainError, "実績を入力", services.submit_report, draft, by=ward_lead, version=1)

    @pytest.mark.parametrize("state", [DRAFT, ACCEPTED])
    def test_only_what_is_submitted_is_answered(self, project, staff, state):
        report = YearReportFactory(collaboration=project, status=state)
        sentence = f"「{state.label}」になっています"
        for act, given in ((services.accept_report, {}), (services.send_back_report, REASONED)):
            refused(DomainError, sentence, act, report, by=staff, version=1, **given)

    @pytest.mark.parametrize("state", [SUBMITTED, ACCEPTED])
    def test_only_drafts_are_the_wards(self, project, submitted, ward_lead, state):
        YearReport.objects.update(status=state)
        sentence = f"「{state.label}」になっています"
        for act, given in (
            (services.submit_report, {}),
            (services.delete_report, {}),
            (lambda *a, **k: services.write_report(project, *a, data=DATA, **k), {}),
        ):
            refused(DomainError, sentence, act, submitted, by=ward_lead, version=2, **given)

    def test_only_the_secretariat_answers_what_it_has_read(self, submitted, ward_lead, lead, staff):
        for act, given in ((services.accept_report, {}), (services.send_back_report, REASONED)):
            for seat in (ward_lead, lead):
                refused(NotAllowed, None, act, submitted, by=seat, version=2, **given)
            refused(StaleVersion, None, act, submitted, by=staff, version=1, **given)
        refused(
            DomainError,
            "理由を入力",
            services.send_back_report,
            submitted,
            by=staff,
            version=2,
            reason=" ",
        )

    def test_the_break_glass_account_answers_as_the_secretariat(self, submitted):
        report = services.accept_report(submitted, by=BreakGlass(User()), version=2)
        assert report.steps.last().signature == "緊急用アカウント"


REASONED = {"reason": REASON}


@pytest.mark.parametrize(
    ("status", "has_reported"), [(DRAFT, False), (SUBMITTED, True), (ACCEPTED, True)]
)
def test_a_project_has_reported_once_it_is_submitted(project, submitted, status, has_reported):
    YearReport.objects.update(
        status=status, submitted_at=submitted.submitted_at if status == SUBMITTED else None
    )
    assert project.has_reported == has_reported


def test_every_move_has_its_words():
    for move in YearReportMove:
        assert YearReportStep(move=move).text.endswith("ました")
