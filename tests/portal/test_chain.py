"""連携のあゆみ: what the record holds of how a joint project came about, and nothing else."""

from datetime import date, timedelta
from html import unescape

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags
from pytest_django.asserts import assertContains, assertNotContains

from agreements.models import Collaboration
from agreements.queries import with_bodies
from core.dates import today
from members.models import Organization
from portal.chain import Step, chain_of
from tests.factories.agreements import CollaborationFactory, PartyFactory, YearReportFactory
from tests.factories.events import EventFactory, EventRoleFactory

pytestmark = pytest.mark.usefixtures("record")

NOBODY = AnonymousUser()


def steps_of(record_id: str) -> list[Step]:
    project = with_bodies(Collaboration.objects.filter(record_id=record_id)).get()
    return chain_of(project, NOBODY)


def told(record_id: str) -> list[tuple[str, str, str]]:
    return [(step.kind, step.when_text, step.title) for step in steps_of(record_id)]


def actors(step: Step) -> dict[str, list[str]]:
    return {
        part.role: [body.full_name for body in part.bodies] + list(part.texts)
        for part in step.actors
    }


def address(record_id: str) -> str:
    project = Collaboration.objects.get(record_id=record_id)
    return reverse("portal:collaboration_chain", args=[project.pk])


def words(response) -> str:
    html = response.content.decode()
    html = html[html.index('<ol class="chain">') : html.index("</ol>", html.index("chain"))]
    return " ".join(unescape(strip_tags(html)).split())


class TestSakaiAndShinagawa:
    """坂井市×品川区: a post whose text is unknown → an event → an agreement."""

    def test_collaboration_chain_tells_the_steps_in_both_eras(self):
        assert told("C009") == [
            ("きっかけ", "2015年（平成27年）11月18日より前（日付未確認）", "掲示板への提案"),
            (
                "イベント",
                "2015年（平成27年）11月18日～23日",
                "日本一幸福なまちからの贈り物 極・黄金がにがやってきた展",
            ),
            ("協定", "2019年（令和元年）9月5日", "「連携・協力に関する協定」を締結"),
        ]

    def test_collaboration_chain_names_who_acted(self):
        post, event, agreement = steps_of("C009")
        assert actors(post) == {"連携先": ["福井県坂井市"], "特別区": ["東京都品川区"]}
        assert actors(event) == {
            "主催": ["福井県坂井市", "東京都品川区"],
            "参加": ["福井県坂井市"],
        }
        assert actors(agreement) == {"特別区側": ["東京都品川区"], "相手方": ["福井県坂井市"]}

    def test_collaboration_chain_says_that_the_post_is_unknown(self):
        post = steps_of("C009")[0]
        assert post.remark == "掲示板への書き込みの日付と本文は、資料にありません。"
        assert post.detail.startswith("福井県坂井市が全国連携HP（掲示板）へ提案を書き込み")
        assert post.milestones == []

    def test_collaboration_chain_prints_it_all(self, client: Client):
        response = client.get(address("C009"))
        text = words(response)
        places = [
            text.index(part)
            for part in (
                "2015年（平成27年）11月18日より前（日付未確認）",
                "掲示板への提案",
                "掲示板への書き込みの日付と本文は、資料にありません。",
                "2015年（平成27年）11月18日～23日",
                "極・黄金がにがやってきた展",
                "年表の記録：福井県坂井市と品川区の連携事業（掲示板を通じた初の事例）",
                "2019年（令和元年）9月5日",
                "「連携・協力に関する協定」を締結",
            )
        ]
        assert places == sorted(places)
        sakai = Organization.objects.get(record_key="182109")
        assertContains(response, f'<a href="{sakai.get_absolute_url()}">福井県坂井市</a>')


class TestSnow:
    """雪の活用: the mayors' meeting, three wards, two municipalities, three events."""

    def test_collaboration_chain_tells_the_meeting_and_three_events(self):
        assert told("C004") == [
            ("きっかけ", "2015年（平成27年）2月16日", "総会での提案"),
            ("イベント", "2015年（平成27年）4月19日", "あらかわ遊園「雪で遊ぼう」"),
            (
                "イベント",
                "2015年（平成27年）5月17日",
                "第27回江東こどもまつり「岩手の雪で遊ぼう」コーナー",
            ),
            (
                "イベント",
                "2015年（平成27年）5月24日",
                "しながわECOフェスティバル2015「雪の遊び場」",
            ),
        ]

    def test_collaboration_chain_names_three_wards_and_two_municipalities(self):
        meeting, *events = steps_of("C004")
        assert actors(meeting) == {
            "連携先": ["岩手県北上市", "岩手県西和賀町"],
            "特別区": ["東京都荒川区", "東京都江東区", "東京都品川区"],
        }
        hosts = [actors(event)["主催"] for event in events]
        assert hosts == [["東京都荒川区"], ["東京都江東区"], ["東京都品川区"]]
        for event in events:
            assert actors(event)["参加"] == ["岩手県北上市", "岩手県西和賀町"]

    def test_collaboration_chain_links_what_the_chronology_tells_of_that_day(self):
        meeting = steps_of("C004")[0]
        assert [milestone.record_id for milestone in meeting.milestones] == ["M008"]
        assert meeting.detail == (
            "区長会総会で岩手県北上市・西和賀町より「雪の活用」について提案を受ける"
        )
        assert meeting.remark == ""


class TestOthers:
    def test_collaboration_chain_puts_an_agreement_before_what_came_of_it(self):
        kinds = [(kind, when) for kind, when, _title in told("C016")]
        assert kinds == [
            ("きっかけ", "2018年（平成30年）8月23日"),
            ("協定", "2018年（平成30年）8月23日"),
            ("イベント", "2018年（平成30年）10月18日"),
        ]

    def test_collaboration_chain_tells_a_start_that_no_event_tells(self):
        kinds = [(kind, when) for kind, when, _title in told("C002")]
        assert kinds == [
            ("きっかけ", "日付未確認"),
            ("開始", "2014年（平成26年）5月"),
            ("イベント", "2023年（令和5年）5月21日"),
        ]

    def test_collaboration_chain_frames_the_events_by_the_fiscal_years(self):
        kinds = [kind for kind, _when, _title in told("C018")]
        assert kinds[:2] == ["きっかけ", "開始"]
        assert kinds[-1] == "終了"
        assert set(kinds[2:-1]) == {"イベント"}
        assert told("C018")[1][1] == "令和2年度（2020年度）"

    def test_collaboration_chain_without_a_known_origin_says_so(self, client: Client):
        assertContains(client.get(address("C012")), "きっかけは、資料にありません。")

    def test_collaboration_chain_of_what_a_ward_plans_claims_no_date(self):
        project = CollaborationFactory(origin="掲示板", status="planned")
        [origin, public, start] = chain_of(project, NOBODY)
        assert (public.kind, public.when_text) == ("公開", "2024年（令和6年）9月1日")
        assert (origin.when_text, origin.remark) == (
            "日付未確認",
            "掲示板への書き込みの日付は、登録されていません。",
        )
        assert (start.kind, start.title) == ("開始", "連携事業の開始（予定）")

    def test_collaboration_chain_never_says_that_what_was_called_off_before_has_begun(self):
        ahead = today() + timedelta(days=30)
        project = CollaborationFactory(status="cancelled", start_earliest=ahead)
        steps = {step.kind: step for step in chain_of(project, NOBODY)}
        assert steps["開始"].title == "連携事業の開始（予定）"
        assert steps["中止"].when_text == "日付未確認"

    def test_collaboration_chain_names_all_wards_by_their_body(self, client: Client):
        response = client.get(address("C005"))
        assertContains(response, "特別区長会（23区）")
        assertNotContains(response, "東京都千代田区")

    def test_collaboration_chain_folds_many_bodies(self, client: Client):
        assertContains(client.get(address("C019")), "ほか10団体")

    def test_collaboration_chain_tells_reports_and_projects_under_its_agreement(self):
        first = Collaboration.objects.get(record_id="C009")
        YearReportFactory(
            collaboration=first, fiscal_year=2015, result="来場を数えた", visitors=300
        )
        later = Collaboration.objects.create(
            title="協定から生まれた事業",
            origin="協定",
            start_earliest=date(2020, 4, 1),
            start_latest=date(2020, 4, 1),
            published_at="2026-11-01T00:00:00Z",
        )
        later.agreements.set(first.agreements.all())
        steps = steps_of("C009")
        assert [step.kind for step in steps] == [
            "きっかけ",
            "イベント",
            "年度実績",
            "協定",
            "次の連携事業",
        ]
        assert steps[2].remark == "来場者・参加者：300人"
        assert (steps[4].title, steps[4].url) == (later.title, later.get_absolute_url())
        later.published_at = None
        later.save()
        assert "次の連携事業" not in [step.kind for step in steps_of("C009")]

    def test_collaboration_chain_leaves_out_drafts_and_marks_what_was_not_held(self):
        project = Collaboration.objects.get(record_id="C009")
        project.events.add(EventFactory(status="draft"))
        project.events.add(
            EventFactory(title="中止の催し", status="cancelled", earliest=date(2016, 1, 9))
        )
        assert len(steps_of("C009")) == 4
        [cancelled] = [step for step in steps_of("C009") if step.title == "中止の催し"]
        assert (cancelled.state, cancelled.remark) == ("中止", "")

    @pytest.mark.parametrize(
        "record_id", [f"C{n:03}" for n in range(1, 25) if n not in (6, 14, 17, 22)]
    )
    def test_collaboration_chain_opens_for_every_joint_project(self, client: Client, record_id):
        response = client.get(address(record_id))
        assert response.status_code == 200
        assert len(response.context["steps"]) >= 1

    @pytest.mark.parametrize("number", [1, 3])
    @pytest.mark.usefixtures("raise_on_fetch")
    def test_collaboration_chain_of_three_more_steps_asks_as_much_as_of_one(
        self, client: Client, number: int, django_assert_num_queries
    ):
        project = Collaboration.objects.get(record_id="C009")
        for year in range(number):
            project.events.add(EventRoleFactory().event)
            project.agreements.add(PartyFactory().agreement)
            YearReportFactory(collaboration=project, fiscal_year=2016 + year)
        url = address("C009")
        client.get(url)
        with django_assert_num_queries(13):
            client.get(url)
