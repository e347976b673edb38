"""Drafts of offers: kept while the offering side asks its own chief, and for nobody else."""

from datetime import timedelta

import pytest
from django.contrib import admin
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from core import dates
from core.audit import System, Told
from core.enums import Channel, Level
from core.errors import DomainError, NotAllowed, StaleVersion
from core.history import is_private
from core.models import AuditEntry
from members import handover
from members.enums import Role
from proposals import queries, rules, services, successions
from proposals.enums import Action
from proposals.jobs import clear_offer_drafts
from proposals.models import Offer, OfferDraft, Proposal
from tests.factories.members import MembershipFactory, OrganizationFactory, SeatFactory
from tests.factories.proposals import OfferDraftFactory, ProposalFactory
from tests.pressing import press
from tests.proposals.leaks import Words, strays
from tests.proposals.refusals import refused
from tests.proposals.worlds import SAID, reread, sent

pytestmark = [pytest.mark.django_db, pytest.mark.once]

CHANGED = "課長と相談して、書き直しました。"


@pytest.fixture
def proposal(lead) -> Proposal:
    return ProposalFactory(office=lead.office, title="朝市")


@pytest.fixture
def draft(proposal, ward_lead) -> OfferDraft:
    return services.save_offer_draft(proposal, by=ward_lead, message=SAID)


def page_of(row: Proposal) -> str:
    return reverse("proposals:offer_create", args=[row.pk])


# --- from the form to the paper, and back ----------------------------------------------------


def test_offer_draft_detail_is_printed_and_its_text_sent_days_later(client_of, proposal, ward_lead):
    client, url = client_of(ward_lead), page_of(proposal)
    checked = press(client, url, client.get(url), "check", message=SAID)
    kept = press(client, url, checked, "draft")
    draft = OfferDraft.objects.get()
    assertRedirects(kept, draft.get_absolute_url(), fetch_redirect_response=False)
    assert not Offer.objects.exists()
    sheet = client.get(kept.url)
    for text in (
        '<p class="print-sheet__state">送信前</p>',
        f"<dd>{proposal}</dd>",
        "福井県坂井市　企画政策課",
        f"<dd>{ward_lead.office.signature}</dd>",
        SAID,
        "ほかの会員には、申し出の件数だけを表示します",
        "印刷日：",
        '<th scope="col">課長</th>',
    ):
        assertContains(sheet, text)
    # Another day, in another browser.
    again = client_of(ward_lead)
    form = again.get(sheet.context["form_url"])
    assertContains(form, SAID)
    assertContains(form, "下書きがあります")
    done = press(again, url, press(again, url, form, "check", message=SAID), "done")
    assert done.url == Offer.objects.get().get_absolute_url()
    assert not OfferDraft.objects.exists()


def test_whoever_comes_back_from_the_sheet_sends_the_same_form(client_of, proposal, ward_lead):
    """To keep it was not to send it: the page's token is still good, also with another text."""
    client, url = client_of(ward_lead), page_of(proposal)
    checked = press(client, url, client.get(url), "check", message=SAID)
    for _ in range(2):
        assert press(client, url, checked, "draft").status_code == 302
    assert OfferDraft.objects.count() == 1
    press(client, url, checked, "done")
    assert Offer.objects.get().messages.get().body == SAID


@pytest.mark.parametrize("is_checked", [False, True])
def test_whoever_comes_back_goes_on_writing_where_they_were(
    client_of, proposal, ward_lead, is_checked
):
    """The page from before the saving knows no draft; yet nobody but its reader has saved one."""
    client, url = client_of(ward_lead), page_of(proposal)
    page = client.get(url)
    if is_checked:
        page = press(client, url, page, "check", message=SAID)
    press(client, url, page, "draft", message=SAID)
    if is_checked:
        page = press(client, url, page, "edit")
    checked = press(client, url, page, "check", message=CHANGED)
    assert press(client, url, checked, "draft").status_code == 302
    # A colleague's text is not their own.
    deputy = SeatFactory(office=ward_lead.office, role=Role.DEPUTY)
    services.save_offer_draft(proposal, by=deputy, message=SAID)
    assert press(client, url, checked, "done").status_code == 409
    assert not Offer.objects.exists()


def test_offer_draft_delete_asks_first(client_of, draft, ward_lead):
    client = client_of(ward_lead)
    url = client.get(draft.get_absolute_url()).context["delete_url"]
    asked = client.get(url)
    assertContains(asked, "この申し出の下書きを削除しますか")
    done = press(client, url, asked)
    assertRedirects(done, draft.proposal.get_absolute_url(), fetch_redirect_response=False)
    assertContains(client.get(done.url), "申し出の下書きを削除しました")
    assert not OfferDraft.objects.exists()
    assert press(client, url, asked).url == done.url


# --- several colleagues --------------------------------------------------------------------


@pytest.mark.parametrize("step", ["draft", "done"])
def test_a_colleague_who_was_faster_is_not_overwritten(client_of, draft, ward_lead, step):
    deputy = SeatFactory(office=ward_lead.office, role=Role.DEPUTY)
    client, url = client_of(ward_lead), page_of(draft.proposal)
    form = client.get(url)
    services.save_offer_draft(draft.proposal, by=deputy, message=CHANGED, version=1)
    stale = press(client, url, form, step, message="わたしの文。")
    for text in ("ほかの担当者が先に更新しました", CHANGED, "わたしの文。"):
        assertContains(stale, text, status_code=409)
    assert (OfferDraft.objects.get().message, Offer.objects.count()) == (CHANGED, 0)
    # Having read it, they may go on.
    assert press(client, url, stale, step, message="わたしの文。").status_code == 302


def test_a_draft_that_was_gone_on_with_is_not_deleted(draft, ward_lead):
    services.save_offer_draft(draft.proposal, by=ward_lead, message=CHANGED, version=1)
    with refused(StaleVersion):
        services.delete_offer_draft(draft, by=ward_lead, version=1)
    services.delete_offer_draft(draft, by=ward_lead, version=2)
    with refused(DomainError, "すでに削除されています"):
        services.delete_offer_draft(draft, by=ward_lead, version=2)


def test_a_reader_prints_it_and_changes_nothing(client_of, draft, ward_lead):
    reader = SeatFactory(office=ward_lead.office, role=Role.READER)
    page = client_of(reader).get(draft.get_absolute_url())
    assertContains(page, SAID)
    assert (page.context["form_url"], page.context["delete_url"]) == (None, None)
    with refused(NotAllowed):
        services.delete_offer_draft(draft, by=reader, version=1)
    with refused(NotAllowed):
        services.save_offer_draft(draft.proposal, by=reader, message=CHANGED, version=1)


def test_a_call_that_the_secretariat_writes_down_leaves_the_draft(
    client_of, lead, staff, draft, ward_lead
):
    """What colleagues have typed is theirs to delete; the page of the form says what stands now."""
    MembershipFactory(organization=lead.organization)
    told = Told(Channel.PHONE, "企画課 見本さん")
    by = services.caller(ward_lead.organization, draft.proposal, by=staff, told=told)
    offer = services.raise_offer(draft.proposal, by=by, message=CHANGED)
    assert OfferDraft.objects.get().message == SAID
    client = client_of(ward_lead)
    sheet = client.get(draft.get_absolute_url())
    assertContains(sheet, SAID)
    shown = client.get(sheet.context["form_url"], follow=True)
    assert shown.redirect_chain[-1][0] == offer.get_absolute_url()
    assertContains(shown, "すでに申し出ています")
    # Taken back and sent by a seat, it is gone as ever.
    services.step_down(offer, by=ward_lead, reason="担当課が直接申し出るため。")
    services.raise_offer(draft.proposal, by=ward_lead, message=SAID, version=draft.version)
    assert not OfferDraft.objects.exists()


def test_it_is_kept_where_it_could_be_sent(lead, other_lead, ward_lead, proposal):
    for seat in (lead, other_lead):
        with refused(NotAllowed):
            services.save_offer_draft(proposal, by=seat, message=SAID)
    with refused(DomainError, "入力してください"):
        services.save_offer_draft(proposal, by=ward_lead, message=" 　")
    services.stop_offers(proposal, by=lead)
    with refused(DomainError, "いまは申し出を受け付けていません"):
        services.save_offer_draft(proposal, by=ward_lead, message=SAID)
    services.resume_offers(proposal, by=lead)
    services.raise_offer(proposal, by=ward_lead, message=SAID)
    with refused(DomainError, "すでに申し出ています"):
        services.save_offer_draft(proposal, by=ward_lead, message=SAID)


# --- nobody else -----------------------------------------------------------------------------


def test_nobody_else_reads_it_or_of_it(
    client_of, lead, other_lead, other_ward, staff, proposal, ward_lead
):
    words = Words()
    word = words.new()
    draft = services.save_offer_draft(proposal, by=ward_lead, message=word)
    address = draft.get_absolute_url()
    pages = (
        proposal.get_absolute_url(),
        page_of(proposal),
        *map(reverse, ("proposals:proposal_list", "portal:member_home", "notices:notice_list")),
        reverse("portal:site_search") + f"?q={words.mark}",
    )
    for seat in (lead, other_lead, other_ward, staff):
        client = client_of(seat)
        for url in (address, f"{address}delete/"):
            assert client.get(url).status_code == 404
            assert client.post(url, sent(version=1)).status_code == 404
        for url in pages:
            page = client.get(url, follow=True)
            assertNotContains(page, word, status_code=page.status_code)
            assertNotContains(page, address, status_code=page.status_code)
    # No log, mail or notice holds a word of it; the admin has no page of it, and the log names
    # nothing but that one was saved.
    assert strays(words.mark) == []
    assert OfferDraft not in admin.site._registry
    entry = AuditEntry.objects.get(action=Action.SAVE_OFFER_DRAFT)
    assert (entry.object_label, entry.changes, is_private(entry)) == ("申し出の下書き", {}, True)


@pytest.mark.parametrize("level", [Level.MEMBERS, Level.WARDS])
@pytest.mark.parametrize("hidden_reason", ["", "個人の氏名が書かれているため。"])
def test_what_a_page_shows_is_what_a_list_holds(
    lead, deputy, reader, other_lead, ward_lead, staff, level, hidden_reason
):
    """A draft of a ward on a member's proposal, and a member's own, whatever became of both."""
    hidden_at = "2026-11-01T00:00:00Z" if hidden_reason else None
    fields = {"level": level, "hidden_at": hidden_at, "hidden_reason": hidden_reason}
    of_ward = OfferDraftFactory(
        proposal=ProposalFactory(office=lead.office, **fields), office=ward_lead.office
    )
    of_member = OfferDraftFactory(
        proposal=ProposalFactory(office=ward_lead.office, **fields), office=lead.office
    )
    for seat in (lead, deputy, reader, other_lead, ward_lead, staff):
        listed = set(OfferDraft.objects.visible_to(reread(seat)))
        for draft in (of_ward, of_member):
            assert rules.may_view_offer_draft(seat, draft) == (draft in listed)
            if draft in listed:
                assert seat.organization == draft.organization
    assert (of_ward in OfferDraft.objects.visible_to(reread(ward_lead))) == (not hidden_reason)


# --- what else knows of an organization's open business ------------------------------------


def test_it_awaits_its_organization_until_it_cannot_be_sent(lead, draft, ward_lead):
    def waiting(seat) -> list[tuple[str, str, str]]:
        items = queries.awaiting_on_board(seat.organization)
        return [(item.text, item.extra, item.url) for item in items if "下書き" in item.text]

    text = "「朝市」への申し出の下書き"
    assert waiting(ward_lead) == [(text, "今日保存", draft.get_absolute_url())]
    assert waiting(lead) == []
    services.stop_offers(draft.proposal, by=lead)
    assert waiting(ward_lead) == []


def test_it_stands_on_the_sheet_of_a_handover_and_nobody_is_told(lead, draft, ward_lead):
    groups = {group.heading: group.items for group in handover.open_business(ward_lead)}
    (item,) = groups["下書きの連携の申し出"]
    assert (item.text, item.url) == ("「朝市」への申し出", draft.get_absolute_url())
    assert SAID not in f"{item.text}{item.extra}"
    assert handover.counterparts_of(ward_lead) == []
    assert "下書きの連携の申し出" not in {g.heading for g in handover.open_business(lead)}


def test_drafts_go_to_the_successor_beneath_its_own(lead, other_lead, ward_lead):
    wish = ProposalFactory(office=ward_lead.office)
    for seat, said in ((lead, "一つ目。"), (other_lead, "二つ目。")):
        services.save_offer_draft(wish, by=seat, message=said)
    merged = OrganizationFactory()
    for seat in (lead, other_lead):
        assert successions.offer_drafts_moving(seat.organization) == ["下書き1件"]
        assert successions.move_offer_drafts(seat.organization, merged, System("見本")) == 1
    draft = OfferDraft.objects.get()
    assert (draft.organization, draft.message) == (merged, "一つ目。\n\n二つ目。")


def test_the_list_of_what_waits_takes_the_same_look_however_many(
    lead, ward_lead, django_assert_num_queries
):
    for count in (1, 3):
        while OfferDraft.objects.count() < count:
            OfferDraftFactory(proposal=ProposalFactory(office=ward_lead.office), office=lead.office)
        queries.awaiting_on_board(lead.organization)
        with django_assert_num_queries(1):  # all that waits, the drafts among it
            assert len(queries.awaiting_on_board(lead.organization)) == count


@pytest.mark.parametrize("is_withdrawn", [False, True])
def test_it_goes_thirty_days_after_its_proposal_is_over(draft, lead, time_machine, is_withdrawn):
    """Also one whose end date has passed, which its author could still renew until then."""
    last = draft.proposal.ends_on
    if is_withdrawn:
        services.withdraw(draft.proposal, by=lead, reason="中止のため。")
        last = dates.today()
    last += timedelta(days=30)
    for day, left in ((last, 1), (last + timedelta(days=1), 0)):
        time_machine.move_to(dates.start_of(day), tick=False)
        assert clear_offer_drafts(day) == f"申し出の下書き{1 - left}件を削除"
        assert OfferDraft.objects.count() == left
    entry = AuditEntry.objects.get(action=Action.DELETE_OFFER_DRAFT)
    assert (entry.object_label, is_private(entry)) == ("申し出の下書き", True)
