"""The pages of year reports: a ward writes and submits one; who reads what of it."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from agreements import services
from agreements.enums import CollaborationStatus, YearReportStatus
from agreements.models import Collaboration, YearReport
from core import once
from core.models import Attachment
from members.enums import Role
from tests import office_files as made
from tests.agreements.collaborations import project_of
from tests.downloads import csv_table, offered
from tests.factories.agreements import (
    DraftReportFactory,
    ReturnedReportFactory,
    SubmittedReportFactory,
    YearReportFactory,
    YearReportStepFactory,
)
from tests.factories.members import SeatFactory, WardFactory
from tests.pressing import press

pytestmark = [pytest.mark.django_db, pytest.mark.once]

ANSWERS = {
    "fiscal_year": "2025",
    "result": "朝市を2回開いた",
    "visitors": "１，２００人",
    "visitors_qualifier": "約",
    "grant_applied": "￥1,500,000",
    "grant_granted": "１，２００，０００円",
    "grant_settled": "",
}
LIST = reverse("agreements:collaboration_list")


@pytest.fixture(autouse=True)
def clock(time_machine) -> None:
    time_machine.move_to("2026-11-22 12:00:00+09:00", tick=False)


@pytest.fixture
def project(ward_lead, lead) -> Collaboration:
    return project_of(ward_lead.organization, lead.organization, title="港の朝市")


@pytest.fixture
def draft(project) -> YearReport:
    return DraftReportFactory(collaboration=project, fiscal_year=2025)


@pytest.fixture
def client(client_of, ward_lead) -> Client:
    """The browser of the ward's lead."""
    return client_of(ward_lead)


def at(name: str, row) -> str:
    return reverse(f"agreements:report_{name}", args=[row.pk])


@pytest.mark.usefixtures("attachments_directory")
class TestWriting:
    def test_report_create_goes_from_the_form_over_the_check_page_to_the_secretariat(
        self, client, client_of, project, lead, other_lead, staff
    ):
        url = at("create", project)
        assertContains(client.get(project.get_absolute_url()), f'href="{url}"')
        form = client.get(url)
        assertContains(form, '<option value="2025" selected>令和7年度（2025年度）</option>')
        assertNotContains(form, 'value="2023"')
        # An answer is refused first: the file that was taken stays.
        picture = made.upload(made.picture(), "朝市.jpg")
        refused = press(
            client, url, form, "check", **{**ANSWERS, "result": ""}, attachments=picture
        )
        assertContains(refused, "実績を入力してください", status_code=422)
        checked = press(client, url, refused, "check", **ANSWERS)
        for text in ("約1,200人", "1,500,000円", "朝市（JPEG", "（入力なし）"):
            assertContains(checked, text)
        done = press(client, url, checked, "done")
        report = YearReport.objects.get()
        assert (done.status_code, done["Location"]) == (302, report.get_absolute_url())
        assert (report.status, report.visitors, report.grant_settled) == ("submitted", 1200, None)
        assert press(client, url, checked, "done")["Location"] == report.get_absolute_url()
        # Whoever reads the report reads its files, and nobody else.
        (file,) = Attachment.objects.all()
        self.expect(client_of, file, {lead: 200, staff: 200, other_lead: 404, None: 404})
        services.accept_report(report, by=staff, version=report.version)
        self.expect(client_of, file, {lead: 200, other_lead: 200, None: 200})

    def test_a_number_that_is_none_is_refused_in_words(self, client, project):
        url = at("create", project)
        wrong = {"visitors": "千人", "grant_applied": "1,200千円", "grant_granted": "-1,000円"}
        answer = press(client, url, client.get(url), "draft", **{**ANSWERS, **wrong})
        for sentence in (
            "来場者・参加者の数は、数字で入力してください",
            "助成金の申請額は、「1200000」のように、円単位の数字で入力してください",
            "助成金の交付決定額は、0以上の数字で入力してください",
        ):
            assertContains(answer, sentence, status_code=422)
        assert not YearReport.objects.exists()

    def expect(self, client_of, file, answers) -> None:
        for seat, status in answers.items():
            response = (client_of(seat) if seat else Client()).get(file.get_absolute_url())
            assert response.status_code == status
            list(response)

    def test_report_update_goes_on_with_a_draft_that_has_gaps(self, client, project):
        url = at("create", project)
        press(client, url, client.get(url), "draft", fiscal_year="2024")
        report = YearReport.objects.get()
        assert (report.status, report.fiscal_year, report.result) == ("draft", 2024, "")
        page = client.get(report.get_absolute_url())
        for verb in ("update", "submit", "delete"):
            assertContains(page, f'href="{at(verb, report)}"')
        form = client.get(at("update", report))
        press(client, at("update", report), form, "draft", **ANSWERS)
        press(client, at("submit", report), client.get(at("submit", report)))
        report.refresh_from_db()
        assert (report.status, report.fiscal_year, report.version) == ("submitted", 2025, 3)
        # What is submitted is the ward's no longer.
        for verb in ("update", "submit", "delete"):
            response = client.get(at(verb, report), follow=True)
            assertContains(response, "提出済みの年度実績は、変更できません。")

    def test_report_submit_and_the_other_forms_say_that_a_colleague_was_faster(
        self, client, project, draft, ward_lead
    ):
        form = client.get(at("update", draft))
        data = {"visitors": 7000, "grant_applied": 1_000_000}
        services.write_report(project, draft, data=data, by=ward_lead, version=1)
        for step in ("check", "draft", "done"):
            response = press(client, at("update", draft), form, step, **ANSWERS)
            assert response.status_code == 409
            before = {row["label"]: row["before"] for row in response.context["conflicts"]}
            assert before["来場者・参加者の数"] == "7,000人"
            assert before["助成金の申請額"] == "1,000,000円"
        assert client.post(at("submit", draft), {"version": 1}).status_code == 409
        assert client.post(at("delete", draft), {"version": 1}).status_code == 409
        assert YearReport.objects.get().version == 2

    def test_report_delete_deletes_a_draft_once(self, client, draft, project):
        data = {"version": 1, "token": once.new_token()}
        for _ in range(2):
            response = client.post(at("delete", draft), data)
            assert response["Location"] == project.get_absolute_url()
        assert not YearReport.objects.exists()

    def test_report_update_of_what_was_sent_back_says_why(self, client, project):
        report = ReturnedReportFactory(collaboration=project, fiscal_year=2025)
        YearReportStepFactory(report=report, move="send_back", reason=report.return_reason)
        for url in (report.get_absolute_url(), at("update", report)):
            assertContains(client.get(url), "事務局から差し戻されました")
        assertNotContains(client.get(report.get_absolute_url()), at("delete", report))
        assertContains(client.get(project.get_absolute_url()), "差戻し")

    @pytest.mark.parametrize(
        ("status", "sentence"),
        [
            (CollaborationStatus.PLANNED, "まだ始まっていない連携事業では、年度実績を書けません"),
            (CollaborationStatus.UNDER_WAY, "書ける年度の分がすべてあります"),
        ],
    )
    def test_report_create_without_a_year_to_write_on_says_so(
        self, client, project, status, sentence
    ):
        Collaboration.objects.update(status=status)
        for year in (2024, 2025, 2026):
            YearReportFactory(collaboration=project, fiscal_year=year)
        response = client.get(at("create", project), follow=True)
        assertContains(response, sentence)
        assertNotContains(response, at("create", project))

    def test_report_create_refuses_a_year_that_is_not_offered(self, client, project):
        YearReportFactory(collaboration=project, fiscal_year=2024)
        for year in ("2024", "2023", "2027", "x", ""):
            response = client.post(at("create", project), {**ANSWERS, "fiscal_year": year})
            assert response.status_code == 422
            assert "選んでください" in response.context["form"].errors["fiscal_year"][0]
        response = client.post(at("create", project), {**ANSWERS, "grant_settled": "-1"})
        assertContains(response, "助成金の確定額", status_code=422)
        assert YearReport.objects.count() == 1


class TestReading:
    def test_report_detail_tells_the_public_no_amounts(
        self, client_of, project, ward_lead, lead, other_lead, staff
    ):
        report = YearReportFactory(collaboration=project, grant_granted=1_200_000, visitors=90)
        YearReportStepFactory(report=report, reason="秘密の理由")
        url = report.get_absolute_url()
        for visitor in (Client(), client_of(other_lead)):
            page = visitor.get(url)
            assertContains(page, "90人")
            for hidden in ("1,200,000", "助成金", "秘密の理由"):
                assertNotContains(page, hidden)
        for seat in (ward_lead, lead, staff):
            assertContains(client_of(seat).get(url), "1,200,000円")
        assertNotContains(client_of(lead).get(url), "秘密の理由")
        assertContains(client_of(staff).get(url), "秘密の理由")

    def test_the_projects_page_lists_what_its_reader_may_see(
        self, client_of, project, ward_lead, lead, staff
    ):
        YearReportFactory(collaboration=project, result="承認された実績")
        SubmittedReportFactory(collaboration=project, fiscal_year=2025, result="提出された実績")
        DraftReportFactory(collaboration=project, fiscal_year=2026, result="下書きの実績")
        seen = {None: 1, lead: 2, staff: 2, ward_lead: 3}
        texts = ("承認された実績", "提出された実績", "下書きの実績")
        chain = reverse("portal:collaboration_chain", args=[project.pk])
        for seat, number in seen.items():
            visitor = client_of(seat) if seat else Client()
            page = visitor.get(project.get_absolute_url())
            assert [text in page.text for text in texts] == [place < number for place in range(3)]
            assertNotContains(visitor.get(chain), texts[2])  # a draft is no step

    @pytest.mark.parametrize("number", [1, 3])
    @pytest.mark.usefixtures("raise_on_fetch")
    def test_report_detail_asks_as_much_for_three_steps_as_for_one(
        self, client, project, number, django_assert_num_queries
    ):
        report = SubmittedReportFactory(collaboration=project)
        for _ in range(number):
            YearReportStepFactory(report=report)
        client.get(report.get_absolute_url())
        with django_assert_num_queries(8):
            client.get(report.get_absolute_url())


class TestLists:
    def rows(self, visitor: Client, name: str, query: str = "") -> list[dict[str, str]]:
        url = reverse(f"agreements:{name}_export", args=["csv"])
        heading, *rows = csv_table(visitor.get(f"{url}{query}"))
        return [dict(zip(heading, row, strict=True)) for row in rows]

    def test_grant_export_has_the_amounts_for_those_who_read_them(
        self, client_of, project, ward_lead, lead, staff
    ):
        YearReportFactory(
            collaboration=project, visitors=90, visitors_qualifier="約", grant_granted=7
        )
        SubmittedReportFactory(collaboration=project, fiscal_year=2025)
        other = project_of(WardFactory(), title="別の事業", start_earliest=None, start_latest=None)
        YearReportFactory(collaboration=other, grant_granted=8)
        hidden = project_of(WardFactory(), published_at=None)
        YearReportFactory(collaboration=hidden, fiscal_year=2020, grant_granted=9)
        row, _ = self.rows(Client(), "report")
        assert (row["年度"], row["年度（西暦）"]) == ("令和6年度（2024年度）", "2024")
        assert (row["特別区"], row["来場者・参加者"], row["数に付く言葉"]) == (
            "東京都品川区",
            "90",
            "約",
        )
        assert not any("助成金" in heading for heading in row)
        granted = "助成金の交付決定額（円）"
        for seat, amounts in ((ward_lead, ["7"]), (staff, ["7", "8", "9"])):
            rows = self.rows(client_of(seat), "grant")
            assert [row[granted] for row in rows] == amounts
        assert [row[granted] for row in self.rows(client_of(staff), "grant", "?ward=131091")] == [
            "7"
        ]
        for seat, is_offered in ((ward_lead, True), (staff, True), (lead, False), (None, False)):
            page = (client_of(seat) if seat else Client()).get(LIST)
            assert bool(offered(page, "年度実績と助成金の額")) == is_offered
            assert offered(page, "この一覧の年度実績")

    @pytest.mark.parametrize("number", [1, 3])
    def test_report_export_asks_as_much_for_three_as_for_one(
        self, client, ward_lead, number, django_assert_num_queries
    ):
        for _ in range(number):
            YearReportFactory(collaboration=project_of(ward_lead.organization))
        for name, queries in (("report", 6), ("grant", 6)):
            self.rows(client, name)
            with django_assert_num_queries(queries):
                assert len(self.rows(client, name)) == number


def test_report_detail_has_no_buttons_for_a_reader_of_the_ward(
    client_of, project, draft, ward_lead
):
    reader = SeatFactory(office=ward_lead.office, role=Role.READER)
    page = client_of(reader).get(draft.get_absolute_url())
    assertContains(page, "下書きです")
    assert page.context["actions"] == {}
    assert client_of(reader).get(at("update", draft)).status_code == 403
    assert draft.status == YearReportStatus.DRAFT
