"""The events' pages: each event stands once, in its year, with what the record holds."""

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from core.dates import Precision
from core.enums import Confidence, Qualifier
from events.enums import VISIBLE_STATUSES, EventKind, EventStatus
from events.models import Event, EventRole
from tests.factories.agreements import AgreementFactory
from tests.factories.core import SourceFactory
from tests.factories.events import EventFactory, EventRoleFactory
from tests.factories.members import OrganizationFactory, SecretariatFactory, ThemeFactory

pytestmark = pytest.mark.django_db

LIST = reverse("events:event_list")


@pytest.fixture(autouse=True)
def clock(time_machine) -> None:
    time_machine.move_to("2026-11-22 12:00:00+09:00", tick=False)


def titles(response, name: str) -> list[str]:
    """The titles of the list ``name`` (``coming`` or ``past``), in their order."""
    return [event.title for event in response.context[name]]


class TestEventList:
    def test_event_list_shows_what_is_coming_the_next_one_first(self, client: Client):
        EventFactory(title="来月", earliest=date(2026, 12, 5))
        EventFactory(title="きょうまで", earliest=date(2026, 11, 20), latest=date(2026, 11, 22))
        EventFactory(title="きのう", earliest=date(2026, 11, 21))
        response = client.get(LIST)
        assert titles(response, "coming") == ["きょうまで", "来月"]
        assert titles(response, "past") == ["きのう"]
        assertContains(response, "2026年（令和8年）11月20日～22日")

    def test_event_list_opens_with_the_latest_year_that_has_events(self, client: Client):
        EventFactory(title="年度の終わり", earliest=date(2025, 3, 31))
        EventFactory(title="前の年度", earliest=date(2024, 3, 31))
        response = client.get(LIST)
        assert titles(response, "past") == ["年度の終わり"]
        assertContains(response, "令和6年度（2024年度）")
        assert titles(client.get(f"{LIST}?year=2023"), "past") == ["前の年度"]

    def test_event_list_puts_each_event_once_and_counts_what_it_lists(self, client: Client):
        EventFactory(title="日まで", earliest=date(2021, 7, 2), latest=date(2022, 4, 3))
        EventFactory(
            title="年度のうち",
            earliest=date(2021, 9, 30),
            latest=date(2022, 3, 29),
            precision=Precision.BETWEEN,
        )
        EventFactory(
            title="年度をまたぐ",
            earliest=date(2021, 8, 19),
            latest=date(2022, 4, 1),
            precision=Precision.BETWEEN,
        )
        EventFactory(
            title="年だけ",
            earliest=date(2021, 1, 1),
            latest=date(2021, 12, 31),
            precision=Precision.YEAR,
        )
        year, unsure = client.get(f"{LIST}?year=2021"), client.get(f"{LIST}?year=unknown")
        assert year.context["archive"].years == [(2021, 2), (None, 2)]
        assert titles(year, "past") == ["日まで", "年度のうち"]
        assert titles(unsure, "past") == ["年だけ", "年度をまたぐ"]
        assertContains(year, "日付<br>未確認")
        assertNotContains(year, "9月30日")
        assertContains(unsure, "2021年（令和3年）")

    def test_event_list_of_one_kind(self, client: Client):
        EventFactory(title="講演", kind=EventKind.LECTURE, earliest=date(2019, 7, 23))
        EventFactory(title="展示", kind=EventKind.EXHIBITION, earliest=date(2024, 5, 1))
        EventFactory(title="次の講演", kind=EventKind.LECTURE, earliest=date(2027, 1, 22))
        response = client.get(LIST, {"kind": "講演会"})
        assert titles(response, "coming") == ["次の講演"]
        assert titles(response, "past") == ["講演"]
        assert response.context["archive"].kinds == {
            EventKind.LECTURE: 1,
            EventKind.EXHIBITION: 1,
        }
        assertContains(response, "（この条件を外す）")

    @pytest.mark.parametrize("query", ["?year=2019", "?year=abc", "?year=-1", "?kind=コンサート"])
    def test_event_list_of_a_year_or_kind_that_is_none_is_404(self, client: Client, query: str):
        EventFactory()
        assert client.get(f"{LIST}{query}").status_code == 404

    def test_event_list_without_any_event_says_so(self, client: Client):
        response = client.get(LIST)
        assertContains(response, "いま予定されているイベントはありません。")
        assertContains(response, "イベントの記録はまだありません。")

    def test_event_list_marks_states_and_samples(self, client: Client):
        EventFactory(title="案内だけ", held_confirmed=False)
        EventFactory(title="中止になった", status=EventStatus.CANCELLED)
        EventFactory(title="下書きの", status=EventStatus.DRAFT)
        EventFactory(title="延びた", status=EventStatus.POSTPONED, earliest=date(2027, 1, 1))
        EventFactory(title="見本の催し", is_sample=True, earliest=date(2027, 1, 2))
        EventFactory(title="終わった見本", is_sample=True)
        response = client.get(LIST)
        for tag in ("実績未確認", "中止", "延期", "見本"):
            assertContains(response, f"{tag}</span>")
        for absent in ("下書きの", "終わった見本"):
            assertNotContains(response, absent)

    @pytest.mark.parametrize("number", [1, 3])
    @pytest.mark.usefixtures("raise_on_fetch")
    def test_event_list_asks_as_much_for_three_as_for_one(
        self, client: Client, number: int, django_assert_num_queries
    ):
        EventFactory.create_batch(number)
        EventFactory.create_batch(number, earliest=date(2027, 1, 1))
        with django_assert_num_queries(5):
            client.get(LIST)


@pytest.mark.once
class TestEventDetail:
    def test_event_detail_leads_to_the_timeline_once_it_is_over(self, client: Client):
        past = EventFactory(earliest=date(2016, 4, 26), latest=date(2016, 4, 26))
        coming = EventFactory(earliest=date(2026, 12, 5), latest=date(2026, 12, 5))

        link = '<a href="/timeline/2016/">平成28年度（2016年度）の年表</a>'
        assertContains(client.get(past.get_absolute_url()), link)
        assertNotContains(client.get(coming.get_absolute_url()), "の年表</a>")

    def test_event_detail_shows_everything_that_the_record_holds(self, client: Client):
        agreement = AgreementFactory(title="見本の協定書")
        event = EventFactory(
            title="全国連携シンポジウム",
            earliest=date(2016, 4, 26),
            latest=date(2016, 4, 27),
            end_unknown=True,
            address="東京都千代田区飯田橋3-5-1",
            tagline="輝",
            stated_theme="展望",
            speakers="大杉覚（教授）\n棚野孝夫（町長）",
            participating_note="参加店舗12店",
            attendance=260000,
            attendance_qualifier=Qualifier.ABOUT,
            capacity=130,
            fee="無料",
            summary="14:00～16:50",
        )
        event.agreements.add(agreement)
        event.themes.add(ThemeFactory(name="観光"))
        town = OrganizationFactory()
        EventRoleFactory(event=event, organization=SecretariatFactory())
        EventRoleFactory(event=event, organization=town, role=EventRole.PARTICIPANT)
        EventRoleFactory(
            event=event, organization=None, body_text="京都府山城地域", role="企画協力"
        )

        response = client.get(event.get_absolute_url())

        for text in (
            "2016年（平成28年）4月26日～27日（終了日は未確認）",
            "見本会館",
            "東京都千代田区飯田橋3-5-1",
            "「輝」",
            "<dt>テーマ</dt><dd>展望</dd>",
            "<dt>分野</dt><dd>観光</dd>",
            "<li>棚野孝夫（町長）</li>",
            "参加店舗12店",
            "約260,000人",
            "<dd>130人</dd>",
            "無料",
            "14:00～16:50",
            "特別区長会</a>",
            "<dt>企画協力</dt>",
            "京都府山城地域",
            f'<a href="{town.get_absolute_url()}">{town.full_name}</a>',
            f'<a href="{agreement.get_absolute_url()}">見本の協定書</a>',
        ):
            assertContains(response, text)

    def test_event_detail_keeps_what_is_for_the_secretariat(self, client: Client):
        event = EventFactory(note="ないしょの覚え書き", confidence=Confidence.MEDIUM)
        event.sources.add(
            SourceFactory(title="公開の資料"), SourceFactory(title="裏", public=False)
        )
        response = client.get(event.get_absolute_url())
        assertContains(response, "「公開の資料」")
        for hidden in ("ないしょ", "「裏」", "中くらい"):
            assertNotContains(response, hidden)

    def test_event_detail_says_why_it_was_cancelled(self, client: Client):
        event = EventFactory(status=EventStatus.CANCELLED, status_reason="荒天のため")
        response = client.get(event.get_absolute_url())
        assertContains(response, "このイベントは中止になりました")
        assertContains(response, "荒天のため")

    def test_event_detail_known_from_its_announcement_only(self, client: Client):
        response = client.get(EventFactory(held_confirmed=False).get_absolute_url())
        assertContains(response, "開かれたことは確かめられていません")

    def test_event_detail_of_a_draft_is_404(self, client: Client):
        draft = EventFactory(status=EventStatus.DRAFT)
        assert client.get(draft.get_absolute_url()).status_code == 404

    @pytest.mark.parametrize("number", [1, 3])
    @pytest.mark.usefixtures("raise_on_fetch")
    def test_event_detail_asks_as_much_for_three_bodies_as_for_one(
        self, client: Client, number: int, django_assert_num_queries
    ):
        event = EventFactory()
        EventRoleFactory.create_batch(number, event=event)
        with django_assert_num_queries(8):
            client.get(event.get_absolute_url())


@pytest.mark.parametrize("status", EventStatus)
def test_an_event_is_listed_for_everybody_once_it_is_published(status, lead, staff):
    event = EventFactory(status=status)
    for user in (AnonymousUser(), lead.user, staff.user):
        visible = Event.objects.visible_to(user).contains(event)
        assert visible == (status in VISIBLE_STATUSES)
