"""The admin of the board: read, hidden and shown again, never edited."""

import pytest
from pytest_django.asserts import assertContains

from core.models import AuditEntry
from proposals import services
from proposals.enums import Action
from proposals.models import Proposal
from tests.factories.members import ThemeFactory
from tests.factories.proposals import (
    DraftFactory,
    OfferFactory,
    ProposalFactory,
    ReplyFactory,
    ReportFactory,
)
from tests.secretariat import csv_of, secretary_client, sentences, typed, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def client():
    return secretary_client("プロジェクト")


@pytest.mark.parametrize(
    ("label", "factory", "hide", "unhide"),
    [
        ("proposals.proposal", ProposalFactory, Action.HIDE, Action.UNHIDE),
        ("proposals.reply", ReplyFactory, Action.HIDE_REPLY, Action.UNHIDE_REPLY),
    ],
)
def test_hiding_and_showing_again_keep_the_reason(label, factory, hide, unhide, client):
    row = factory()
    address = url(label, "hide", row.pk)
    data = typed(client.get(address), reason="個人の連絡先が書かれている")
    response = client.post(address, data, follow=True)
    assert sentences(response)[0].endswith("を非表示にしました")
    row.refresh_from_db()
    assert row.hidden_at
    assert row.hidden_reason == "個人の連絡先が書かれている"
    client.post(url(label, "unhide", row.pk), {"reason": "書き直された"})
    row.refresh_from_db()
    assert row.hidden_at is None
    entries = AuditEntry.objects.order_by("pk").values_list("action", "reason")
    assert list(entries) == [(hide, "個人の連絡先が書かれている"), (unhide, "書き直された")]


@pytest.mark.parametrize("name", ["hide", "unhide"])
@pytest.mark.parametrize(
    ("label", "factory"),
    [("proposals.proposal", ProposalFactory), ("proposals.reply", ReplyFactory)],
)
def test_the_member_desk_and_viewers_hide_nothing(label, factory, name):
    row = factory()
    for group in ("会員登録", "閲覧"):
        other = secretary_client(group)
        assert other.get(url(label, "change", row.pk)).context["action_links"] == []
        assert other.post(url(label, name, row.pk), {"reason": "x"}).status_code == 403
    row.refresh_from_db()
    assert row.hidden_at is None
    assert not AuditEntry.objects.exists()


def test_hiding_needs_a_reason(client):
    proposal = ProposalFactory()
    response = client.post(url("proposals.proposal", "hide", proposal.pk), {"reason": ""})
    assert response.status_code == 422
    assert "理由を入力してください" in response.content.decode()
    assert Proposal.objects.get().hidden_at is None


def test_nothing_is_edited_added_or_deleted_here(client):
    proposal = ProposalFactory()
    assert client.get(url("proposals.proposal", "add")).status_code == 403
    change = url("proposals.proposal", "change", proposal.pk)
    assert client.post(change, {"title": "別の題名"}).status_code == 403
    assert client.post(url("proposals.proposal", "delete", proposal.pk)).status_code == 403
    assert Proposal.objects.get().title == proposal.title


@pytest.mark.parametrize(
    ("name", "factory"),
    [("proposal", ProposalFactory), ("reply", ReplyFactory), ("offer", OfferFactory)],
)
def test_a_report_shows_the_one_thing_that_it_is_about(name, factory, client):
    report = ReportFactory(**{"proposal": None, name: factory()})
    page = client.get(url("proposals.report", "change", report.pk))
    (_, said), *_others = page.context["adminform"].fieldsets
    assert said["fields"] == ["ground", name, "reason"]
    assertContains(page, str(report.subject))


def test_a_draft_stays_with_its_organization(lead, client):
    draft = services.save_draft(None, data={"title": "内緒の企画"}, by=lead)
    for page, args in (("changelist", ()), ("export", ())):
        response = client.get(url("proposals.proposal", page, *args))
        text = b"".join(response) if response.streaming else response.content
        assert "内緒の企画" not in text.decode()
    response = client.get(url("proposals.proposal", "change", draft.pk))
    assert response.status_code == 302
    # The audit log says that a draft was saved, and not what it says.
    entry = AuditEntry.objects.get()
    for address in (
        "/admin/",
        url("core.auditentry", "changelist"),
        url("core.auditentry", "change", entry.pk),
    ):
        page = client.get(address).content.decode()
        assert "下書きを保存" in page
        assert "内緒の企画" not in page
    export = client.get(url("core.auditentry", "export"))
    assert "内緒の企画" not in str(csv_of(export))


def test_a_proposal_shows_its_replies_and_earlier_versions(client, other_lead):
    reply = ReplyFactory(body="ぜひご一緒に")
    page = client.get(url("proposals.proposal", "change", reply.proposal_id)).content.decode()
    assert "ぜひご一緒に" in page
    assert url("proposals.reply", "change", reply.pk) in page


def test_a_proposal_shows_what_it_is_linked_with(client):
    proposal = ProposalFactory()
    proposal.related.add(*(ProposalFactory(title=title) for title in ("朝市", "夜市")))
    page = client.get(url("proposals.proposal", "change", proposal.pk)).content.decode()
    assert "関連する提案" in page
    assert "朝市、夜市" in page or "夜市、朝市" in page


@pytest.mark.parametrize("is_named", [True, False])
def test_a_proposal_shows_whom_it_is_addressed_to(is_named, ward_lead, client):
    proposal = ProposalFactory()
    if is_named:
        proposal.wards.add(ward_lead.organization)
    page = client.get(url("proposals.proposal", "change", proposal.pk))
    assertContains(page, ward_lead.organization.name if is_named else "すべての区")


def test_the_list_filters_by_state_theme_and_prefecture(client):
    theme = ThemeFactory(name="防災")
    proposal = ProposalFactory(themes=[theme])
    services_hidden = ProposalFactory(hidden_at=proposal.published_at, hidden_reason="理由")
    DraftFactory()
    address = url("proposals.proposal", "changelist")
    for query, rows in (
        ({}, 2),
        ({"status": "open"}, 2),
        ({"status": "expired"}, 0),
        ({"themes__id__exact": theme.pk}, 1),
        ({"prefecture": proposal.organization.prefecture_id}, 2),
        ({"hidden_at": "yes"}, 1),
        ({"q": services_hidden.organization.municipality.code}, 1),
    ):
        assert client.get(address, query).context["cl"].result_count == rows, query


def test_the_download_holds_the_filtered_rows(client):
    ProposalFactory(title="@SUM(1)", themes=[ThemeFactory(name="観光")])
    ProposalFactory(title="ほかの提案")
    response = client.get(url("proposals.proposal", "export"), {"q": "@SUM"})
    heading, *rows = csv_of(response)
    assert [dict(zip(heading, row, strict=True))["題名"] for row in rows] == ["'@SUM(1)"]
    assert dict(zip(heading, rows[0], strict=True))["分野"] == "観光"
