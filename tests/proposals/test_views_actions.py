"""Withdrawing, deleting a draft and replying, as the buttons send them."""

from datetime import timedelta

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from core import once
from core.dates import day_text, today
from core.enums import Level
from members.enums import Role
from members.views.acting import COMING, LINGERING
from proposals import services
from proposals.enums import ProposalStatus
from proposals.models import Proposal, Reply
from tests.factories.members import AssociationFactory, SeatFactory
from tests.factories.proposals import DraftFactory, ProposalFactory, WithdrawnFactory
from tests.proposals.refusals import nothing_changes

pytestmark = [pytest.mark.django_db, pytest.mark.once]

LIST = reverse("proposals:proposal_list")


def url_of(name: str, proposal: Proposal) -> str:
    return reverse(f"proposals:{name}", args=[proposal.pk])


# --- withdrawing ---------------------------------------------------------------------------------


def test_proposal_withdraw_asks_why_and_keeps_it(client_of, lead, other_lead):
    proposal = ProposalFactory(office=lead.office)
    client, url = client_of(lead), url_of("proposal_withdraw", proposal)
    assertContains(client.get(url), "取下げの理由")
    response = client.post(url, {"reason": "予算が付かなかったため。", "token": once.new_token()})
    assertRedirects(response, proposal.get_absolute_url(), fetch_redirect_response=False)
    assertContains(client.get(response.url), "提案を取り下げました")
    proposal.refresh_from_db()
    assert proposal.status == ProposalStatus.WITHDRAWN
    page = client_of(other_lead).get(proposal.get_absolute_url())
    assertContains(page, "予算が付かなかったため。")


@pytest.mark.parametrize("reason", ["", "　 ", "あ" * 501, "予算\x00"])
def test_proposal_withdraw_refuses_a_bad_reason(client_of, lead, reason):
    proposal = ProposalFactory(office=lead.office)
    client = client_of(lead)
    with nothing_changes():
        response = client.post(url_of("proposal_withdraw", proposal), {"reason": reason})
    assert response.status_code == 422


def test_proposal_withdraw_sent_twice_shows_the_first_result(client_of, lead):
    proposal = ProposalFactory(office=lead.office)
    client, url = client_of(lead), url_of("proposal_withdraw", proposal)
    sent = {"reason": "予算が付かなかったため。", "token": once.new_token()}
    first = client.post(url, sent)
    with nothing_changes():
        second = client.post(url, sent)
    assert second.url == first.url


def test_proposal_withdraw_after_a_colleague_says_so(client_of, lead, deputy):
    proposal = ProposalFactory(office=lead.office)
    services.withdraw(proposal, by=deputy, reason="予算が付かなかったため。")
    client, url = client_of(lead), url_of("proposal_withdraw", proposal)
    with nothing_changes():
        response = client.post(url, {"reason": "わたしの理由。", "token": once.new_token()})
    assertContains(response, "「取下げ」になっています", status_code=422)
    assertContains(client.get(url, follow=True), "取下げの提案は取り下げられません")


@pytest.mark.parametrize("role", ["reader", "other_lead", "ward_lead", "staff"])
def test_proposal_withdraw_is_for_its_organization(request, client_of, lead, role):
    proposal = ProposalFactory(office=lead.office)
    client = client_of(request.getfixturevalue(role))
    with nothing_changes():
        response = client.post(url_of("proposal_withdraw", proposal), {"reason": "中止。"})
    assert response.status_code == 403


# --- deleting a draft ------------------------------------------------------------------------------


def test_proposal_delete_asks_before_it_deletes(client_of, lead):
    draft = DraftFactory(office=lead.office)
    client, url = client_of(lead), url_of("proposal_delete", draft)
    assertContains(client.get(url), "この下書きを削除しますか")
    assert Proposal.objects.exists()
    response = client.post(url, {"version": "1", "token": once.new_token()})
    assertRedirects(response, LIST, fetch_redirect_response=False)
    assertContains(client.get(LIST), "下書きを削除しました")
    assert not Proposal.objects.exists()


def test_proposal_delete_sent_twice_shows_the_first_result(client_of, lead):
    draft = DraftFactory(office=lead.office)
    client, url = client_of(lead), url_of("proposal_delete", draft)
    sent = {"version": "1", "token": once.new_token()}
    first = client.post(url, sent)
    with nothing_changes():
        second = client.post(url, sent)
    assert second.url == first.url == LIST


def test_proposal_delete_of_a_draft_that_a_colleague_has_changed(client_of, lead, deputy):
    draft = DraftFactory(office=lead.office)
    client, url = client_of(lead), url_of("proposal_delete", draft)
    services.save_draft(draft, data={"title": "もっと良い題名"}, by=deputy, version=1)
    with nothing_changes():
        response = client.post(url, {"version": "1", "token": once.new_token()})
    assertContains(response, "ほかの担当者が先に更新しました", status_code=409)
    assertContains(response, "もっと良い題名", status_code=409)
    assertContains(response, 'name="version" value="2"', status_code=409)


def test_proposal_delete_leaves_what_is_published(client_of, lead):
    proposal = ProposalFactory(office=lead.office)
    client, url = client_of(lead), url_of("proposal_delete", proposal)
    assertContains(client.get(url, follow=True), "公開した提案は削除できません")
    with nothing_changes():
        response = client.post(url, {"version": "1"})
    assertContains(response, "公開した提案は削除できません", status_code=422)


@pytest.mark.parametrize(
    ("role", "status"), [("reader", 403), ("other_lead", 404), ("ward_lead", 404), ("staff", 404)]
)
def test_proposal_delete_is_for_its_organization(request, client_of, lead, role, status):
    draft = DraftFactory(office=lead.office)
    client = client_of(request.getfixturevalue(role))
    with nothing_changes():
        response = client.post(url_of("proposal_delete", draft), {"version": "1"})
    assert response.status_code == status


# --- replies ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["lead", "other_lead", "ward_lead"])
def test_reply_create(request, client_of, lead, role):
    seat = request.getfixturevalue(role)
    proposal = ProposalFactory(office=lead.office)
    client, url = client_of(seat), url_of("reply_create", proposal)
    response = client.post(url, {"body": "一行目\r\n二行目", "seat": seat.pk})
    assertRedirects(response, proposal.get_absolute_url(), fetch_redirect_response=False)
    page = client.get(response.url)
    assertContains(page, "返信しました")
    assertContains(page, "一行目\n二行目")
    assert Reply.objects.get().signature == seat.office.signature


def test_reply_create_by_an_association(client_of, lead):
    seat = SeatFactory(office__organization=AssociationFactory(name="見本県町村会"))
    proposal = ProposalFactory(office=lead.office)
    client_of(seat).post(url_of("reply_create", proposal), {"body": "詳しく。"})
    assert Reply.objects.get().signature == "見本県町村会　企画課"


@pytest.mark.parametrize("body", ["", "　\n", "あ" * 1001, "あ\x00"])
def test_reply_create_refuses_a_bad_text(client_of, lead, other_lead, body):
    proposal = ProposalFactory(office=lead.office)
    client = client_of(other_lead)
    with nothing_changes():
        response = client.post(url_of("reply_create", proposal), {"body": body})
    assertContains(response, "入力内容に1件の誤りがあります", status_code=422)
    assertContains(response, proposal.body, status_code=422)


def test_reply_create_sent_twice_is_one_reply(client_of, other_lead):
    proposal = ProposalFactory()
    client, url = client_of(other_lead), url_of("reply_create", proposal)
    sent = {"body": "詳しく。", "token": once.new_token()}
    first = client.post(url, sent)
    with nothing_changes():
        second = client.post(url, sent)
    assert second.url == first.url


def test_reply_create_after_the_withdrawal_keeps_what_was_typed(client_of, other_lead):
    proposal = WithdrawnFactory()
    client = client_of(other_lead)
    with nothing_changes():
        response = client.post(url_of("reply_create", proposal), {"body": "せっかく書いた文。"})
    assertContains(response, "この提案には、いまは返信できません", status_code=422)
    assertContains(response, "せっかく書いた文。", status_code=422)


@pytest.mark.parametrize("role", ["reader", "staff"])
def test_reply_create_is_for_those_who_write(request, client_of, lead, role):
    proposal = ProposalFactory(office=lead.office)
    client = client_of(request.getfixturevalue(role))
    with nothing_changes():
        response = client.post(url_of("reply_create", proposal), {"body": "詳しく。"})
    assert response.status_code == 403


def test_reply_create_under_what_is_for_the_wards_is_not_found(client_of, other_lead):
    proposal = ProposalFactory(level=Level.WARDS)
    client = client_of(other_lead)
    with nothing_changes():
        response = client.post(url_of("reply_create", proposal), {"body": "詳しく。"})
    assert response.status_code == 404


@pytest.mark.parametrize("method", ["get", "head", "put", "delete"])
def test_reply_create_only_takes_what_is_posted(client_of, other_lead, method):
    proposal = ProposalFactory()
    client = client_of(other_lead)
    with nothing_changes():
        response = getattr(client, method)(url_of("reply_create", proposal))
    assert response.status_code == 405
    assert response["Allow"] == "POST, OPTIONS"
    if method != "head":
        assertContains(response, "このページは直接開けません", status_code=405)


CHANGES = [
    ("proposal_withdraw", {"reason": "中止。"}),
    ("proposal_delete", {"version": "1"}),
    ("proposal_update", {"step": "done", "version": "1"}),
    ("reply_create", {"body": "詳しく。"}),
]


@pytest.mark.parametrize(("name", "sent"), CHANGES)
def test_a_seat_that_ended_yesterday_changes_nothing(client_of, office, name, sent):
    yesterday = today() - timedelta(days=1)
    ended = SeatFactory(office=office, role=Role.DEPUTY, valid_until=yesterday)
    address = url_of(name, ProposalFactory(office=office))
    client = client_of(ended)
    with nothing_changes():
        response = client.post(address, {**sent, "seat": ended.pk})
    assertRedirects(response, f"{reverse('account_login')}?next={address}")


@pytest.mark.parametrize(("name", "sent"), CHANGES)
def test_a_last_leads_seat_past_its_date_changes_nothing(client_of, office, name, sent):
    """It lingers, for handover and confirmation alone."""
    lingering = SeatFactory(office=office, valid_until=today() - timedelta(days=1))
    address = url_of(name, ProposalFactory(office=office))
    client = client_of(lingering)
    for form in (sent, {**sent, "seat": lingering.pk}):
        with nothing_changes():
            response = client.post(address, form)
        assertContains(response, LINGERING, status_code=403)


@pytest.mark.parametrize(("name", "sent"), CHANGES)
def test_a_seat_that_begins_tomorrow_changes_nothing(client_of, office, name, sent):
    seat = SeatFactory(office=office, valid_from=today() + timedelta(days=1))
    address = url_of(name, ProposalFactory(office=office))
    client = client_of(seat)
    with nothing_changes():
        response = client.post(address, {**sent, "seat": seat.pk})
    when = COMING.format(office.signature, day_text(seat.valid_from))
    assertContains(response, when, status_code=403)
