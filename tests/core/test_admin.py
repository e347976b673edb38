"""The admin's common parts: who may open what, lists, downloads."""

import re

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.enums import Action
from core.models import AuditEntry, Source
from members.models import Seat
from tests.factories import agreements, chronicle, events, members, proposals
from tests.factories.core import SourceFactory
from tests.factories.members import OfficeFactory
from tests.secretariat import (
    REGISTERED,
    ROWS,
    break_glass_client,
    client_for,
    csv_of,
    exported,
    opened,
    secretary,
    secretary_client,
    typed,
    url,
)

pytestmark = pytest.mark.django_db

CLIENTS = {"break glass": break_glass_client, "viewer": lambda: secretary_client("閲覧")}
# Queries of list, page and download, with one row as with three. Six of them are the session,
# the user, the seats, the rights of the user and of the groups, and the row itself. Where the
# download asks for its purpose, it is the question and the file together.
QUERIES = {
    "agreements.agreement": (12, 8, 12),
    "agreements.collaboration": (16, 11, 16),
    "agreements.yearreport": (10, 11, 10),
    "auth.group": (7, 8, 7),
    "chronicle.disaster": (12, 11, 12),
    "chronicle.milestone": (15, 13, 15),
    "chronicle.news": (8, 8, 8),
    "chronicle.page": (7, 6, 7),
    "chronicle.relief": (11, 10, 11),
    "chronicle.statedfigure": (8, 7, 8),
    "core.auditentry": (9, 7, 9),
    "core.auditseal": (8, 6, 8),
    "core.missedsearch": (8, 6, 7),
    "core.outboxmail": (8, 6, 19),
    "core.source": (7, 6, 7),
    "core.synonymset": (7, 6, 7),
    "core.undeliverableaddress": (8, 6, 19),
    "events.event": (14, 11, 14),
    "members.application": (10, 8, 22),
    "members.campaign": (7, 6, 7),
    "members.handover": (8, 11, 19),
    "members.invitation": (8, 9, 19),
    "members.loginchange": (7, 7, 17),
    "members.membership": (9, 8, 9),
    "members.municipality": (8, 7, 8),
    "members.municipalitychange": (9, 9, 9),
    "members.office": (9, 10, 21),
    "members.organization": (10, 15, 10),
    "members.prefecture": (8, 6, 7),
    "members.seat": (8, 10, 19),
    "members.theme": (7, 6, 7),
    "members.user": (11, 9, 23),
    "proposals.offer": (9, 13, 9),
    "proposals.proposal": (11, 19, 11),
    "proposals.reply": (9, 9, 9),
    "proposals.report": (8, 6, 8),
}
# Pages that show rows of another model: how one of those is made for the page's row.
WITHIN = {
    "agreements.agreement": lambda row: agreements.PartyFactory(agreement=row),
    "agreements.collaboration": lambda row: agreements.CollaborationPartyFactory(collaboration=row),
    "agreements.yearreport": lambda row: agreements.YearReportStepFactory(report=row),
    "chronicle.disaster": lambda row: chronicle.ReliefFactory(
        disaster=row, recipients=[members.OrganizationFactory()]
    ),
    "events.event": lambda row: events.EventRoleFactory(event=row),
    "members.application": lambda row: members.ApplicationPersonFactory(
        application=row, role="deputy"
    ),
    "members.office": lambda row: members.SeatFactory(office=row),
    "members.organization": lambda row: members.OfficeFactory(organization=row, is_main=False),
    "members.user": lambda row: members.SeatFactory(user=row),
    "proposals.proposal": lambda row: (
        proposals.ReplyFactory(proposal=row),
        proposals.OfferFactory(proposal=row),
    ),
}
# Models that nobody adds by hand.
NEVER_ADDED = {
    "agreements.yearreport",
    "members.application",
    "auth.group",
    "core.auditentry",
    "core.auditseal",
    "core.missedsearch",
    "core.outboxmail",
    "core.undeliverableaddress",
    "members.handover",
    "members.invitation",
    "members.loginchange",
    "members.municipality",
    "members.prefecture",
    "proposals.offer",
    "proposals.proposal",
    "proposals.reply",
    "proposals.report",
}


def test_every_model_of_the_admin_has_a_row_to_try():
    assert sorted(ROWS) == REGISTERED


@pytest.mark.parametrize("label", ROWS)
# Who only reads is asked of the database no more than the break-glass account.
@pytest.mark.parametrize("role", ["break glass", pytest.param("viewer", marks=pytest.mark.once)])
def test_list_page_history_and_download_open(role, label):
    client, row = CLIENTS[role](), ROWS[label]()
    for address in (url(label, "changelist"), url(label, "change", row.pk)):
        page = opened(client.get(address)).decode()
        assert "特別区全国連携プロジェクト 管理画面</title>" in page
        assert "サイトを見る" in page
        assert "Select an option" not in page
        assert " style=" not in page
        assert "<style" not in page
        assert "<script>" not in page
        if role == "viewer":  # whose pages only show
            assert not re.search(r">\s*None\s*<", page)
    assert opened(client.get(url(label, "history", row.pk)))
    assert csv_of(exported(client, url(label, "export")))


def test_a_page_that_only_shows_joins_related_rows_as_the_portal_does():
    proposal = proposals.ProposalFactory()
    proposal.themes.set([members.ThemeFactory(name="産業"), members.ThemeFactory(name="観光")])
    page = secretary_client("閲覧").get(url("proposals.proposal", "change", proposal.pk)).text
    assert "産業、観光" in page
    event = events.EventFactory()
    event.sources.set([SourceFactory(key="a", title="甲"), SourceFactory(key="b", title="乙")])
    page = secretary_client("閲覧").get(url("events.event", "change", event.pk)).text
    assert "甲、乙" in page


@pytest.mark.once
@pytest.mark.parametrize("label", ROWS)
def test_the_add_page_opens_for_who_may_add(label):
    added = 403 if label in NEVER_ADDED else 200
    assert break_glass_client().get(url(label, "add")).status_code == added
    assert secretary_client("閲覧").get(url(label, "add")).status_code == 403


@pytest.mark.once
@pytest.mark.parametrize("label", ROWS)
def test_nothing_is_deleted_and_viewers_change_nothing(label):
    row = ROWS[label]()
    model = type(row)
    before = model.objects.values().get(pk=row.pk)
    for client in (break_glass_client(), secretary_client()):
        assert client.post(url(label, "delete", row.pk), {"post": "yes"}).status_code == 403
        client.post(
            url(label, "changelist"),
            {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes", "index": 0},
        )
    viewer = secretary_client("閲覧")
    assert viewer.post(url(label, "change", row.pk), {"name": "x"}).status_code == 403
    assert viewer.post(url(label, "add"), {"name": "x"}).status_code == 403
    assert model.objects.values().get(pk=row.pk) == before


@pytest.mark.once
@pytest.mark.parametrize("label", ROWS)
def test_others_do_not_get_in(label, lead):
    row = ROWS[label]()
    for page, args in (("changelist", ()), ("change", (row.pk,)), ("export", ())):
        address = url(label, page, *args)
        anonymous = Client().get(address, follow=True)
        assert anonymous.redirect_chain[-1][0].startswith("/accounts/login/")
        assert client_for(lead.user).get(address, follow=True).status_code == 403


def test_a_seat_that_has_ended_opens_nothing():
    seat = secretary()
    client = client_for(seat.user)
    assert client.get("/admin/").status_code == 200
    Seat.objects.filter(pk=seat.pk).update(valid_until=seat.valid_from)
    closed = client.get("/admin/", follow=True)
    assert closed.redirect_chain[-1][0].startswith("/accounts/login/")
    assert client.get("/admin/").status_code == 302


@pytest.mark.once
@pytest.mark.parametrize("label", ROWS)
def test_lists_pages_and_downloads_cost_the_same_for_many_rows(label, django_assert_num_queries):
    client = secretary_client("閲覧")
    row = ROWS[label]()
    pages = (url(label, "changelist"), url(label, "change", row.pk), url(label, "export"))
    for address in pages:
        opened(exported(client, address))  # what a process asks for once
    for more_rows in (0, 2):
        for _ in range(more_rows):
            ROWS[label]()
        for address, queries in zip(pages, QUERIES[label], strict=True):
            with django_assert_num_queries(queries):
                opened(exported(client, address))


@pytest.mark.once
@pytest.mark.parametrize("label", WITHIN)
def test_a_page_costs_the_same_for_many_rows_within(label, django_assert_max_num_queries):
    client, row = secretary_client(), ROWS[label]()
    WITHIN[label](row)
    address = url(label, "change", row.pk)
    opened(client.get(address))
    with CaptureQueriesContext(connection) as one:
        opened(client.get(address))
    WITHIN[label](row)
    WITHIN[label](row)
    with django_assert_max_num_queries(len(one)):
        opened(client.get(address))


def test_a_source_is_added_from_another_form_in_a_window_of_its_own():
    client = secretary_client("プロジェクト")
    address = url("core.source", "add")
    data = typed(client.get(address, {"_popup": "1"}), _popup="1", key="koho", title="広報紙")
    response = client.post(address, data)
    source = Source.objects.get(key="koho")
    assert f"&quot;value&quot;: &quot;{source.pk}&quot;" in opened(response).decode()
    assert AuditEntry.objects.get().action == Action.ADD


class TestLists:
    def test_a_forged_filter_leads_back_to_the_list(self):
        client = secretary_client("閲覧")
        for page in ("changelist", "export"):
            response = client.get(url("core.source", page), {"public__exact": "x"})
            assert response.status_code == 302
            assert response.url.startswith(url("core.source", "changelist"))

    def test_a_search_is_kept_by_the_selects(self):
        OfficeFactory()
        response = secretary_client("閲覧").get(
            url("members.office", "changelist"), {"q": "みほん", "confirmed": "never"}
        )
        page = opened(response).decode()
        assert '<input type="hidden" name="q" value="みほん">' in page
        assert '<input type="hidden" name="confirmed" value="never">' in page

    def test_rooms_stand_in_the_order_of_the_day(self):
        response = secretary_client("閲覧").get("/admin/")
        rooms = [room["name"] for room in response.context["app_list"]]
        assert rooms == [
            "会員と団体",
            "連携提案",
            "協定と連携事業",
            "イベント",
            "お知らせと記録",
            "記録",
            "認証と認可",
        ]


def test_the_login_page_is_the_portals_own():
    response = Client().get(reverse("admin:login"))
    assert response.status_code == 302
    assert response.url.startswith(reverse("account_login"))


def test_passwords_are_changed_on_the_portals_own_page():
    response = secretary_client("閲覧").get(reverse("admin:password_change"))
    assert response.url == reverse("account_change_password")


def test_every_action_has_its_own_address():
    for model_admin in admin.site._registry.values():
        names = [action.name for action in getattr(model_admin, "object_actions", ())]
        assert len(names) == len(set(names))
