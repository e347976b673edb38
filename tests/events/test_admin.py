"""The admin of the events' room."""

from datetime import date

import pytest

from core.models import AuditEntry
from events.enums import Action, EventStatus
from events.models import Event
from tests.factories.events import EventFactory, EventRoleFactory
from tests.factories.members import OrganizationFactory, ThemeFactory
from tests.secretariat import csv_of, secretary_client, sentences, typed, url

pytestmark = pytest.mark.django_db

BUTTONS = {
    EventStatus.DRAFT: ["publish"],
    EventStatus.SUBMITTED: ["approve", "send_back"],
    EventStatus.PUBLISHED: ["postpone", "cancel"],
    EventStatus.POSTPONED: ["republish", "cancel"],
    EventStatus.CANCELLED: [],
}
POSTED = {
    "publish": {},
    "postpone": {"reason": "台風のため"},
    "cancel": {"reason": "台風のため"},
    "republish": {"first": "令和9年2月6日"},
    "send_back": {"reason": "会場を書いてください"},
}


@pytest.fixture
def client():
    return secretary_client("プロジェクト")


def test_an_event_is_added_as_a_draft_and_published(client):
    address = url("events.event", "add")
    host, theme = OrganizationFactory(), ThemeFactory()
    data = typed(
        client.get(address),
        title="特産品の物産展",
        earliest="2026-12-19",
        latest="2026-12-20",
        themes=[str(theme.pk)],
        **{"roles-0-organization": host.pk, "roles-1-body_text": "商店街"},
    )
    client.post(address, data)
    event = Event.objects.get()
    assert event.status == EventStatus.DRAFT
    assert [str(role) for role in event.roles.all()] == [f"主催：{host}", "主催：商店街"]
    client.post(url("events.event", "publish", event.pk))
    event.refresh_from_db()
    assert event.status == EventStatus.PUBLISHED
    actions = AuditEntry.objects.order_by("pk").values_list("action", flat=True)
    assert list(actions) == [Action.ADD, Action.PUBLISH]


@pytest.mark.parametrize("status", BUTTONS)
def test_the_buttons_are_those_of_the_state(status, client):
    event = EventFactory(status=status)
    page = client.get(url("events.event", "change", event.pk))
    names = [link["url"].rstrip("/").split("/")[-1] for link in page.context["action_links"]]
    assert names == BUTTONS[status]
    assert "status" not in page.context["adminform"].form.fields


@pytest.mark.parametrize("status", BUTTONS)
@pytest.mark.parametrize("name", POSTED)
def test_an_action_out_of_its_state_is_refused_calmly(name, status, client):
    event = EventFactory(status=status)
    response = client.post(url("events.event", name, event.pk), POSTED[name])
    moved = Event.objects.get().status != status
    # To approve is to publish what was submitted.
    assert moved == (name in [*BUTTONS[status], "publish" * ("approve" in BUTTONS[status])])
    assert response.status_code == (302 if moved else 422)
    assert AuditEntry.objects.count() == moved
    if not moved:
        assert f"このイベントは「{EventStatus(status).label}」" in response.content.decode()


def test_an_address_opened_too_late_leads_back(client):
    event = EventFactory(status=EventStatus.CANCELLED)
    response = client.get(url("events.event", "postpone", event.pk), follow=True)
    assert sentences(response) == ["今の状態では「イベントを延期する」を行えません"]


def test_new_days_are_checked_at_the_field(client):
    event = EventFactory(status=EventStatus.POSTPONED)
    data = {"first": "2027-02-06", "last": "2027-02-05"}
    response = client.post(url("events.event", "republish", event.pk), data)
    assert response.context["form"].errors["last"] == [
        "新しい終了日は、開始日（2027年2月6日）以降の日付にしてください"
    ]
    assert Event.objects.get().status == EventStatus.POSTPONED


@pytest.mark.parametrize("name", POSTED)
def test_viewers_see_no_button_and_are_refused(name):
    viewer = secretary_client("閲覧")
    event = EventFactory(status=EventStatus.POSTPONED)
    assert viewer.get(url("events.event", "change", event.pk)).context["action_links"] == []
    assert viewer.post(url("events.event", name, event.pk), POSTED[name]).status_code == 403
    assert Event.objects.get().status == EventStatus.POSTPONED


def test_an_unknown_event_is_not_found(client):
    assert client.get(url("events.event", "cancel", 987)).status_code == 404


def test_the_list_filters_by_state_theme_year_and_prefecture(client):
    theme = ThemeFactory(name="防災")
    role = EventRoleFactory(event__earliest=date(2025, 3, 31))
    role.event.themes.add(theme)
    EventFactory(status=EventStatus.CANCELLED)
    address = url("events.event", "changelist")
    for query in (
        {"status__exact": "published"},
        {"themes__id__exact": theme.pk},
        {"prefecture": role.organization.prefecture_id},
        {"q": role.organization.municipality.code},
        {"fiscal_year": "2024", "status__exact": "published"},
    ):
        assert list(client.get(address, query).context["cl"].result_list) == [role.event], query


def test_the_download_tells_hosts_themes_and_days(client):
    role = EventRoleFactory(event__earliest=date(2024, 10, 5), event__attendance=57000)
    role.event.themes.add(ThemeFactory(name="防災"))
    heading, row = csv_of(client.get(url("events.event", "export")))
    cells = dict(zip(heading, row, strict=True))
    assert cells["主催"] == str(role.organization)
    assert cells["分野"] == "防災"
    assert cells["開催した日"] == "2024年（令和6年）10月5日"
    assert cells["最も早い日"] == "2024-10-05"
    assert cells["来場者・参加者の数"] == "57,000人"
