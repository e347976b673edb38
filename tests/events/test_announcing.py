"""An organization writes and submits an event; the secretariat publishes it or sends it back."""

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains
from rules import has_perm

from core import audit
from core.errors import DomainError, NotAllowed, StaleVersion
from core.models import AuditEntry, OutboxMail
from events import services
from events.enums import Action, EventStatus
from events.models import Event, EventRole
from members import successions
from members.models import Seat
from notices.models import Notice
from tests.factories.events import EventFactory, EventRoleFactory
from tests.factories.members import OrganizationFactory, ThemeFactory
from tests.pressing import press
from tests.secretariat import secretary_client, sentences, typed, url

pytestmark = pytest.mark.django_db

DRAFT, SUBMITTED, RETURNED, PUBLISHED, POSTPONED, CANCELLED = EventStatus
REASON = "会場を確かめてください"
DATA = {
    "title": "港の朝市",
    "kind": "物産展",
    "first": date(2027, 1, 9),
    "last": date(2027, 1, 10),
    "venue": "見本会館",
    "address": "",
    "capacity": 130,
    "fee": "無料",
    "summary": "朝市を開きます。",
}
ANSWERS = {
    "title": "港の朝市",
    "kind": "物産展",
    "first_y": "令和9",
    "first_m": "１",
    "first_d": "9",
    "last_y": "2027",
    "last_m": "1",
    "last_d": "10",
    "venue": "見本会館",
    "capacity": "１３０人",
    "fee": "無料",
    "summary": "朝市を開きます。",
}
CREATE, LIST = reverse("events:event_create"), reverse("events:event_list")


@pytest.fixture(autouse=True)
def clock(time_machine) -> None:
    time_machine.move_to("2026-11-22 12:00:00+09:00", tick=False)


@pytest.fixture
def draft(lead) -> Event:
    return services.write_event(data=DATA, by=lead)


@pytest.fixture
def submitted(draft, lead) -> Event:
    return services.submit_event(draft, by=lead, version=1)


def at(verb: str, event: Event) -> str:
    return reverse(f"events:event_{verb}", args=[event.pk])


def everything() -> list:
    """All that a refusal must leave as it was."""
    rows = [list(model.objects.order_by("pk").values()) for model in (Event, EventRole)]
    return [*rows, *(model.objects.count() for model in (AuditEntry, Notice, OutboxMail))]


def refused(error: type[Exception], match: str | None, act, *args, **kwargs) -> None:
    before = everything()
    with pytest.raises(error, match=match):
        act(*args, **kwargs)
    assert everything() == before


class TestServices:
    def test_a_draft_is_its_organizations_which_hosts_it(self, draft, lead, deputy):
        assert (draft.status, draft.owner, draft.version) == (DRAFT, lead.organization, 1)
        assert [str(role) for role in draft.roles.all()] == [f"主催：{lead.organization}"]
        theme = ThemeFactory(name="産業")
        data = {"capacity": None, "themes": [theme]}
        again = services.write_event(draft, data=data, by=deputy, version=1)
        assert (again.version, again.capacity, again.venue) == (2, None, "見本会館")
        last = audit.history_of(draft).first()
        assert last.action == Action.WRITE
        assert last.changes == {"capacity": [130, None], "themes": [[], ["産業"]]}
        before = everything()
        services.write_event(again, data=data, by=lead, version=2)
        assert everything() == before
        assert not Notice.objects.exists()

    def test_a_title_is_enough_for_a_draft_but_not_to_submit_it(self, lead):
        refused(DomainError, "題名", services.write_event, data={"title": " "}, by=lead)
        begun = services.write_event(data={"title": "朝市"}, by=lead)
        assert begun.when_text == "日付未確認"
        refused(DomainError, "開始日・会場・概要", services.submit_event, begun, by=lead, version=1)
        days = {"first": date(2027, 1, 9), "last": date(2027, 1, 8)}
        refused(DomainError, "終了日", services.write_event, begun, data=days, by=lead, version=1)

    @pytest.mark.parametrize("who", ["reader", "other_lead", "staff"])
    def test_its_leads_and_deputies_alone_write_it(self, who, draft, request):
        seat: Seat = request.getfixturevalue(who)
        for act in (services.submit_event, services.delete_event):
            refused(NotAllowed, None, act, draft, by=seat, version=1)
        refused(NotAllowed, None, services.write_event, draft, data=DATA, by=seat, version=1)
        if who != "other_lead":
            refused(NotAllowed, None, services.write_event, data=DATA, by=seat)

    def test_it_is_submitted_sent_back_mended_and_published(self, draft, lead, deputy, staff):
        event = services.submit_event(draft, by=lead, version=1)
        assert event.status == SUBMITTED
        assert audit.history_of(event).first().changes["summary"] == [None, "朝市を開きます。"]
        refused(DomainError, "提出済み", services.submit_event, event, by=lead, version=2)
        refused(DomainError, "提出済み", services.write_event, event, data=DATA, by=lead, version=2)
        refused(DomainError, "理由", services.send_back, event, reason=" ", by=staff)
        event = services.send_back(event, reason=REASON, by=staff)
        assert (event.status, event.status_reason) == (RETURNED, REASON)
        assert self.told() == {
            lead: "イベント「港の朝市」が差し戻されました",
            deputy: "イベント「港の朝市」が差し戻されました",
        }
        assert REASON in OutboxMail.objects.first().body
        refused(DomainError, "差戻し", services.publish, event, by=staff)
        refused(DomainError, "削除できません", services.delete_event, event, by=lead, version=3)
        event = services.write_event(event, data={"venue": "港"}, by=lead, version=3)
        event = services.submit_event(event, by=deputy, version=4)
        assert event.status_reason == ""
        Notice.objects.all().delete()
        event = services.publish(event, by=staff)
        assert event.status == PUBLISHED
        assert self.told() == dict.fromkeys(
            (lead, deputy), "イベント「港の朝市」が承認され、公開されました"
        )
        refused(DomainError, "公開", services.write_event, event, data=DATA, by=lead, version=6)

    def told(self) -> dict[Seat, str]:
        return {notice.seat: notice.text for notice in Notice.objects.all()}

    def test_a_colleague_was_faster(self, draft, lead):
        for act in (services.submit_event, services.delete_event):
            refused(StaleVersion, None, act, draft, by=lead, version=2)
        services.delete_event(draft, by=lead, version=1)
        assert not Event.objects.exists()
        assert audit.history_of(draft).first().action == Action.DELETE
        refused(DomainError, "すでに削除", services.delete_event, draft, by=lead, version=1)

    def test_another_body_succeeds_to_what_is_not_published(self, lead, submitted, staff):
        former, successor = lead.organization, OrganizationFactory()
        services.write_event(data={"title": "書きかけ"}, by=lead)
        published = EventRoleFactory(organization=former, event__owner=former).event
        [events] = [row for row in successions.all_belongings() if row.label == "イベント"]
        assert events.moving(former) == ["港の朝市（提出済み）", "下書き1件"]
        assert events.move(former, successor, staff) == 2
        assert events.moving(former) == []
        assert list(successor.own_events.values_list("title", flat=True)) != []
        assert submitted.roles.get().organization == successor
        published.refresh_from_db()
        assert (published.owner, published.roles.get().organization) == (former, former)


class TestReading:
    @pytest.mark.parametrize("status", EventStatus)
    def test_who_reads_it(self, status, lead, reader, other_lead, staff):
        event = EventFactory(status=status, owner=lead.organization)
        users = {seat.user for seat in (lead, reader, other_lead, staff)} | {AnonymousUser()}
        own = {lead.user, reader.user}
        expected = {DRAFT: own, RETURNED: own, SUBMITTED: own | {staff.user}}.get(status, users)
        found = {user for user in users if has_perm("events.read_event", user, event)}
        assert found == expected
        assert found == {user for user in users if event in Event.objects.readable_by(user)}
        assert (event in Event.objects.for_secretariat()) == (status not in (DRAFT, RETURNED))

    def test_event_detail_and_event_list_show_it_to_its_organization_alone(
        self, client, client_of, lead, reader, other_lead, staff, submitted
    ):
        page = submitted.get_absolute_url()
        assertContains(client_of(lead).get(page), "事務局の確認を待っています")
        assertContains(client_of(staff).get(page), "事務局の確認を待っています")
        assertContains(client_of(reader).get(LIST), "公開前のイベント")
        for other in (client, client_of(other_lead)):
            assert other.get(page).status_code == 404
        for other in (client, client_of(other_lead), client_of(staff)):
            assertNotContains(other.get(LIST), "港の朝市")
        assertContains(client_of(lead).get(LIST), f'href="{CREATE}"')
        assertNotContains(client_of(reader).get(LIST), CREATE)

    @pytest.mark.parametrize("number", [1, 3])
    @pytest.mark.usefixtures("raise_on_fetch")
    def test_event_list_asks_as_much_for_three_unpublished_ones(
        self, client_of, lead, number, django_assert_num_queries
    ):
        EventFactory.create_batch(number, status=SUBMITTED, owner=lead.organization)
        client = client_of(lead)
        client.get(LIST)
        # session, user, seats, unread; coming, past, the own ones
        with django_assert_num_queries(7):
            client.get(LIST)


class TestPages:
    def test_event_create_goes_from_the_form_over_the_check_page_to_the_secretariat(
        self, client_of, lead
    ):
        client = client_of(lead)
        form = client.get(CREATE)
        wrong = {**ANSWERS, "venue": "", "capacity": "たくさん", "last_d": "8"}
        bad = press(client, CREATE, form, "check", **wrong)
        for sentence in (
            "会場を入力してください",
            "定員は、数字で入力してください",
            "終了日は、開始日（2027年1月9日）以降の日付にしてください",
        ):
            assertContains(bad, sentence, status_code=422)
        checked = press(client, CREATE, bad, "check", **ANSWERS)
        assertContains(checked, "2027年（令和9年）1月9日")
        done = press(client, CREATE, checked, "done")
        event = Event.objects.get()
        assert (event.status, event.capacity, event.latest) == (SUBMITTED, 130, date(2027, 1, 10))
        assert press(client, CREATE, checked, "done")["Location"] == done["Location"]
        assert Event.objects.get().get_absolute_url() == done["Location"]

    def test_event_update_goes_on_with_a_draft(self, client_of, lead):
        client = client_of(lead)
        press(client, CREATE, client.get(CREATE), "draft", title="朝市", kind="その他")
        event = Event.objects.get()
        page = client.get(event.get_absolute_url())
        for verb in ("update", "delete"):
            assertContains(page, f'href="{at(verb, event)}"')
        form = client.get(at("update", event))
        services.write_event(event, data=DATA, by=lead, version=1)
        for step in ("check", "draft", "done"):
            stale = press(client, at("update", event), form, step, **{**ANSWERS, "fee": "500円"})
            assert stale.status_code == 409
            assert {"label": "料金", "before": "無料"} in stale.context["conflicts"]
        done = press(
            client, at("update", event), client.get(at("update", event)), "done", **ANSWERS
        )
        event.refresh_from_db()
        assert (done["Location"], event.status) == (event.get_absolute_url(), SUBMITTED)

    def test_event_delete_asks_first(self, client_of, lead, draft):
        client = client_of(lead)
        asked = client.get(at("delete", draft))
        services.write_event(draft, data={"fee": "500円"}, by=lead, version=1)
        assert press(client, at("delete", draft), asked).status_code == 409
        asked = client.get(at("delete", draft))
        for _ in range(2):
            assert press(client, at("delete", draft), asked)["Location"] == LIST
        assert not Event.objects.exists()

    def test_what_is_submitted_is_not_open(self, client_of, lead, other_lead, submitted):
        for verb in ("update", "delete"):
            answer = client_of(lead).get(at(verb, submitted))
            assert answer["Location"] == submitted.get_absolute_url()
            assert client_of(other_lead).get(at(verb, submitted)).status_code == 404
        assertNotContains(client_of(lead).get(submitted.get_absolute_url()), "/update/")


class TestAdmin:
    @pytest.fixture
    def client(self):
        return secretary_client("プロジェクト")

    @pytest.mark.parametrize(
        ("action", "answers", "sentence", "status"),
        [
            ("approve", {}, "イベントを公開しました", PUBLISHED),
            ("send_back", {"reason": REASON}, "イベントを差し戻しました", RETURNED),
        ],
    )
    def test_the_secretariat_answers_what_was_submitted(
        self, client, submitted, lead, action, answers, sentence, status
    ):
        address = url("events.event", action, submitted.pk)
        done = client.post(address, typed(client.get(address), **answers), follow=True)
        assert sentences(done) == [sentence]
        assert Event.objects.get().status == status
        assert Notice.objects.get().seat == lead

    def test_what_is_still_written_stays_with_its_organization(self, client, lead, submitted):
        event = services.write_event(data={"title": "書きかけ"}, by=lead)
        assert client.get(url("events.event", "change", event.pk)).status_code == 302
        for page in ("changelist", "export"):
            answer = client.get(url("events.event", page))
            body = answer.getvalue() if answer.streaming else answer.content
            assert "書きかけ" not in body.decode()
        log = client.get(url("core.auditentry", "changelist")).content.decode()
        assert "書きかけ" not in log
