"""A ward says which events belong to its joint project."""

from datetime import date

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from core import audit, once
from core.errors import DomainError, NotAllowed, StaleVersion
from core.history import history_line
from core.models import OutboxMail
from events.enums import Action
from events.models import Event, EventRole
from events.services import link_events
from members.enums import Role
from notices.models import Notice
from tests.agreements.collaborations import project_of
from tests.factories.events import EventFactory, EventRoleFactory
from tests.factories.members import SeatFactory, WardFactory
from tests.secretariat import secretary_client, typed, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(ward_lead, lead):
    return project_of(ward_lead.organization, lead.organization)


def event_of(seat, **fields) -> Event:
    """An event that the seat's organization takes part in."""
    event = EventFactory(**fields)
    EventRoleFactory(event=event, organization=seat.organization, role=EventRole.PARTICIPANT)
    return event


def address(project) -> str:
    return reverse("events:collaboration_events", args=[project.pk])


def post(client, project, *events, **changes):
    answers = {
        "events": [str(event.pk) for event in events],
        "version": project.version,
        "token": once.new_token(),
        **changes,
    }
    return client.post(address(project), answers)


def test_collaboration_events_offers_those_of_its_organizations(
    client_of, ward_lead, lead, project
):
    older = event_of(ward_lead, title="区の催し", earliest=date(2024, 5, 1))
    newer = event_of(lead, title="市の催し", earliest=date(2025, 5, 1))
    EventRoleFactory(event=newer, organization=lead.organization)  # in two roles, listed once
    for title, status in (("下書きの催し", "draft"), ("中止の催し", "cancelled")):
        event_of(ward_lead, title=title, status=status, earliest=date(2023, 5, 1))
    EventRoleFactory(event__title="よその催し")
    linked = EventFactory(title="記録の催し", earliest=date(2022, 5, 1))
    project.events.add(linked)
    response = client_of(ward_lead).get(address(project))
    listed = list(response.context["form"].fields["events"].queryset)
    assert listed[:2] == [newer, older]
    assert [event.title for event in listed[2:]] == ["中止の催し", "記録の催し"]
    assertContains(response, "市の催し　2025年（令和7年）5月1日")
    assertContains(response, "2023年（令和5年）5月1日（中止）")
    assertContains(response, f'value="{linked.pk}" id="id_events_3" checked')


def test_collaboration_events_saves_the_choice(client_of, ward_lead, project):
    former, chosen = event_of(ward_lead, title="前の催し"), event_of(ward_lead, title="次の催し")
    hidden = EventFactory(status="draft")
    project.events.add(former, hidden)
    client = client_of(ward_lead)
    response = post(client, project, chosen)
    assertRedirects(response, project.get_absolute_url(), fetch_redirect_response=False)
    page = client.get(project.get_absolute_url())
    assertContains(page, "連携事業のイベントを保存しました。")
    assertContains(page, "次の催し")
    assert set(project.events.all()) == {chosen, hidden}
    entry = audit.history_of(project).get()
    assert entry.action == Action.LINK
    [line] = history_line(entry, type(project)).changes
    assert (line.label, "前の催し" in line.before, "次の催し" in line.after) == (
        "イベント",
        True,
        True,
    )
    # What the admin or a colleague has open meanwhile may not bring back what stood before.
    for row in (project, former, chosen):
        row.refresh_from_db()
        assert row.version == 2


def test_collaboration_events_without_any_says_whom_to_ask(client_of, ward_lead, project):
    response = client_of(ward_lead).get(address(project))
    assertContains(response, "イベントは、イベントの一覧から登録できます。")
    assertNotContains(response, "イベントを保存する")
    assert post(client_of(ward_lead), project).status_code == 302
    assert not audit.history_of(project).exists()


def test_collaboration_events_refuses_what_is_not_offered(client_of, ward_lead, project):
    response = post(client_of(ward_lead), project, EventFactory())
    assert response.status_code == 422
    assert not project.events.exists()


def test_collaboration_events_of_a_stale_form(client_of, ward_lead, project):
    response = post(client_of(ward_lead), project, event_of(ward_lead), version=7)
    assertContains(response, "ほかの担当者が先に更新しました", status_code=409)
    assert not project.events.exists()


def test_the_project_page_leads_its_ward_there(client_of, ward_lead, lead, project):
    link = f'href="{address(project)}"'
    assertContains(client_of(ward_lead).get(project.get_absolute_url()), link)
    assertNotContains(client_of(lead).get(project.get_absolute_url()), link)


def test_link_events_refuses_as_the_other_actions_do(ward_lead, lead, staff, project):
    own = event_of(ward_lead)
    second = SeatFactory(office__organization=WardFactory())
    reader = SeatFactory(office=ward_lead.office, role=Role.READER)
    for seat in (lead, second, reader):
        with pytest.raises(NotAllowed):
            link_events(project, [own], by=seat, version=1)
    with pytest.raises(StaleVersion):
        link_events(project, [own], by=ward_lead, version=2)
    for foreign in (EventFactory(title="よその催し"), event_of(ward_lead, status="draft")):
        with pytest.raises(DomainError, match="この連携事業の団体は参加していません"):
            link_events(project, [own, foreign], by=ward_lead, version=1)
    assert not project.events.exists()
    link_events(project, [own], by=staff, version=1)
    assert project.events.get() == own


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_of_collaboration_events(
    client_of, ward_lead, project, rows, raise_on_fetch, django_assert_num_queries
):
    for _ in range(rows):
        project.events.add(event_of(ward_lead))
        event_of(ward_lead)
    client = client_of(ward_lead)
    client.get(address(project))
    # session, user, seats, unread; project, parties, themes; what is linked, what may be, and
    # that again as checkboxes
    with django_assert_num_queries(10):
        client.get(address(project))


class TestInTheAdmin:
    """The secretariat links events too; of a draft nobody hears before it is public."""

    @pytest.fixture
    def client(self):
        return secretary_client("プロジェクト")

    def link(self, client, event: Event, *projects) -> None:
        address = url("events.event", "change", event.pk)
        keys = [str(project.pk) for project in projects]
        response = client.post(address, typed(client.get(address), collaborations=keys))
        assert response.status_code == 302
        event.refresh_from_db()

    def test_its_followers_are_told_once(self, client, ward_lead, lead, project):
        event = EventFactory(title="物産展")
        for projects in ([project], [], [project]):
            self.link(client, event, *projects)
        told = {notice.seat: notice.text for notice in Notice.objects.all()}
        text = f"連携事業「{project}」にイベント「物産展」が加わりました"
        assert told == {ward_lead: text, lead: text}
        assert OutboxMail.objects.count() == 2

    @pytest.mark.parametrize("is_linked", [False, True])
    def test_no_open_form_of_the_ward_brings_back_what_stood_before(
        self, client, client_of, ward_lead, project, is_linked
    ):
        event = event_of(ward_lead)
        before, after = ([project], []) if is_linked else ([], [project])
        project.events.set([event] if is_linked else [])
        self.link(client, event, *after)
        assert post(client_of(ward_lead), project, *([event] if before else [])).status_code == 409
        assert list(event.collaborations.all()) == after

    def test_nor_one_opened_before_a_draft_was_published(
        self, client, client_of, ward_lead, project
    ):
        event = EventFactory(status="draft")
        self.link(client, event, project)
        project.refresh_from_db()
        client.post(url("events.event", "publish", event.pk))
        assert post(client_of(ward_lead), project).status_code == 409
        assert project.events.get() == event

    def test_a_draft_is_told_when_it_is_published(self, client, ward_lead, lead, project):
        event = EventFactory(status="draft")
        self.link(client, event, project)
        assert not Notice.objects.exists()
        client.post(url("events.event", "publish", event.pk))
        assert {notice.seat for notice in Notice.objects.all()} == {ward_lead, lead}
