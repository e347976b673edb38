"""What its author does with a published proposal, and what others report."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from core.dates import add_months, day_text, today
from proposals import services
from proposals.enums import DEFAULT_MONTHS_OPEN, OfferStatus, ProposalStatus
from proposals.models import Proposal, ReplyVersion, Report
from tests.factories.proposals import ExpiredFactory, ProposalFactory, ReplyFactory
from tests.proposals.refusals import nothing_changes
from tests.proposals.worlds import raised, sent, talking
from tests.secretariat import client_for, secretary, sentences, typed, url

pytestmark = pytest.mark.django_db


def url_of(name: str, row) -> str:
    return reverse(f"proposals:{name}", args=[row.pk])


# --- closing, also while there are talks ---------------------------------------------------


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("proposal_close", ProposalStatus.CLOSED),
        ("proposal_withdraw", ProposalStatus.WITHDRAWN),
    ],
)
def test_proposal_close_and_withdraw_decline_what_waits(client_of, lead, ward_lead, name, status):
    offer = talking(lead, ward_lead)
    client, address = client_of(lead), url_of(name, offer.proposal)
    assertContains(client.get(address), "関心ありか協議中の申し出が1件あります")
    with nothing_changes():
        assert client.post(address, sent(reason=" ")).status_code == 422
    response = client.post(address, sent(reason="予算が付かなかったため。"))
    assertRedirects(response, offer.proposal.get_absolute_url(), fetch_redirect_response=False)
    offer.refresh_from_db()
    assert (offer.proposal.status, offer.status) == (status, OfferStatus.DECLINED)
    page = client_of(ward_lead).get(offer.proposal.get_absolute_url())
    for text in ("予算が付かなかったため。", offer.proposal.steps.last().text):
        assertContains(page, text)
    assertNotContains(page, "返信する</button>")
    assertContains(client.get(address, follow=True), f"{status.label}の提案は")


def test_proposal_close_after_something_was_agreed(client_of, lead, ward_lead):
    offer = services.accept(talking(lead, ward_lead), by=lead)
    client = client_of(lead)
    page = client.get(offer.proposal.get_absolute_url())
    assertNotContains(page, "不成立にする（理由を入力）")
    with nothing_changes():
        response = client.post(url_of("proposal_close", offer.proposal), sent(reason="中止。"))
    assertContains(response, "「実施決定」になっています", status_code=422)
    assertContains(response, "中止。", status_code=422)


# --- the end date --------------------------------------------------------------------------


@pytest.mark.parametrize("factory", [ExpiredFactory, ProposalFactory])
def test_proposal_renew_takes_one_button(client_of, lead, factory):
    soon = {} if factory is ExpiredFactory else {"ends_on": today() + timedelta(days=30)}
    proposal = factory(office=lead.office, **soon)
    client, address = client_of(lead), url_of("proposal_renew", proposal)
    assertContains(client.get(proposal.get_absolute_url()), address)
    later = add_months(today(), DEFAULT_MONTHS_OPEN)
    form = client.get(address)
    assert form.context["form"].initial["ends_on"] == later
    parts = {"ends_on_y": later.year, "ends_on_m": later.month, "ends_on_d": later.day}
    response = client.post(address, sent(**parts), follow=True)
    assertContains(response, f"募集期限を{day_text(later)}まで延ばしました")
    proposal.refresh_from_db()
    assert (proposal.ends_on, proposal.shown_status) == (later, ProposalStatus.OPEN)


def test_proposal_renew_refuses_a_day_that_is_no_later(client_of, lead):
    proposal = ProposalFactory(office=lead.office, ends_on=today() + timedelta(days=7))
    client, address = client_of(lead), url_of("proposal_renew", proposal)
    with nothing_changes():
        response = client.post(address, sent(ends_on_y="2020", ends_on_m="1", ends_on_d="1"))
        assert client.post(address, sent()).status_code == 422
    assertContains(response, "までの日付にしてください", status_code=422)
    assertContains(response, 'value="2020"', status_code=422)


def test_proposal_renew_waits_until_the_end_is_near(client_of, lead):
    proposal = ProposalFactory(office=lead.office)
    client, address = client_of(lead), url_of("proposal_renew", proposal)
    assertContains(client.get(address, follow=True), "期限の30日前から延ばせます")
    assertNotContains(client.get(proposal.get_absolute_url()), address)


# --- whether it takes offers ---------------------------------------------------------------


def test_proposal_stop_offers_and_proposal_resume_offers(client_of, lead, ward_lead):
    proposal = ProposalFactory(office=lead.office)
    client, address = client_of(lead), proposal.get_absolute_url()
    stop, resume = (
        url_of("proposal_stop_offers", proposal),
        url_of("proposal_resume_offers", proposal),
    )
    assertContains(client.post(stop, sent(), follow=True), "受付を止めました")
    page = client_of(ward_lead).get(address)
    assertContains(page, "新しい申し出の受付を止めています")
    assertNotContains(page, "関心を伝える")
    with nothing_changes():
        again = client.post(stop, sent())
    assertContains(again, "すでに止まっています", status_code=422)
    assertContains(client.post(resume, sent(), follow=True), "受付を再開しました")
    assertContains(client_of(ward_lead).get(address), "関心を伝える")


def test_proposal_resume_offers_is_refused_while_it_takes_them(client_of, lead):
    proposal = ProposalFactory(office=lead.office)
    with nothing_changes():
        response = client_of(lead).post(url_of("proposal_resume_offers", proposal), sent())
    assertContains(response, "いまも受け付けています", status_code=422)


@pytest.mark.parametrize("stopped_at", [None, "2026-11-01T00:00:00Z"])
@pytest.mark.parametrize("status", [ProposalStatus.OPEN, ProposalStatus.IN_TALKS])
def test_after_its_end_date_offers_are_neither_stopped_nor_resumed(
    client_of, lead, status, stopped_at
):
    """Nobody new may offer any more: nothing would change, and followers would be told of it."""
    proposal = ExpiredFactory(office=lead.office, status=status, offers_stopped_at=stopped_at)
    client = client_of(lead)
    page = client.get(proposal.get_absolute_url())
    for name in ("proposal_stop_offers", "proposal_resume_offers"):
        address = url_of(name, proposal)
        assertNotContains(page, address)
        with nothing_changes():
            refusal = client.post(address, sent())
        assertContains(refusal, "募集期限が過ぎているため", status_code=422)


# --- replies -------------------------------------------------------------------------------


def test_reply_update_keeps_the_former_text_after_five_minutes(client_of, lead, other_lead):
    proposal = ProposalFactory(office=lead.office)
    reply = services.add_reply(proposal, by=other_lead, body="校庭は使えますか。")
    client, address = client_of(other_lead), url_of("reply_update", reply)
    assertContains(client.get(proposal.get_absolute_url()), address)
    assertContains(client.get(address), "校庭は使えますか。")
    client.post(address, sent(body="体育館は使えますか。"))
    assert not ReplyVersion.objects.exists()
    with time_machine.travel(reply.created_at + timedelta(minutes=6), tick=False):
        client.post(address, sent(body="両方使えますか。"))
    page = client_of(lead).get(proposal.get_absolute_url())
    for text in ("両方使えますか。", "修正の前の返信を読む", "体育館は使えますか。"):
        assertContains(page, text)
    assertNotContains(page, "校庭は使えますか。")


def test_reply_update_is_for_its_organization_while_replies_are_taken(
    client_of, lead, other_lead, ward_lead
):
    reply = ReplyFactory(proposal=ProposalFactory(office=lead.office), seat=other_lead)
    address = url_of("reply_update", reply)
    for seat in (lead, ward_lead):
        with nothing_changes():
            assert client_of(seat).post(address, sent(body="別の言葉。")).status_code == 403
    services.withdraw(reply.proposal, by=lead, reason="中止。")
    client = client_of(other_lead)
    with nothing_changes():
        response = client.post(address, sent(body="別の言葉。"))
    assertContains(response, "いまは修正できません", status_code=422)
    assertContains(response, "別の言葉。", status_code=422)
    assertContains(client.get(address, follow=True), "いまは修正できません")


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_of_replies_and_their_versions(
    client_of, lead, other_lead, rows, raise_on_fetch, django_assert_num_queries
):
    proposal = ProposalFactory(office=lead.office)
    for _ in range(rows):
        reply = ReplyFactory(proposal=proposal, seat=other_lead, edited_at=timezone.now())
        ReplyVersion.objects.create(
            reply=reply, body="前", valid_from=reply.created_at, valid_until=reply.created_at
        )
    client = client_of(other_lead)
    client.get(proposal.get_absolute_url())
    # as a proposal's page without replies, and the replies' versions
    with django_assert_num_queries(11):
        client.get(proposal.get_absolute_url())


# --- reports -------------------------------------------------------------------------------


def test_proposal_report_reaches_the_secretariat(client_of, lead, other_lead, ward_lead):
    report_as("proposal_report", client_of, lead, other_lead, ward_lead)


def test_reply_report_reaches_the_secretariat(client_of, lead, other_lead, ward_lead):
    report_as("reply_report", client_of, lead, other_lead, ward_lead)


def report_as(name, client_of, lead, other_lead, ward_lead) -> None:
    """A ward reports a member's proposal, or another member's reply to it."""
    proposal = ProposalFactory(office=lead.office)
    reply = ReplyFactory(proposal=proposal, seat=other_lead)
    subject, own = (proposal, lead) if name == "proposal_report" else (reply, other_lead)
    client, address = client_of(ward_lead), url_of(name, subject)
    assertContains(client.get(proposal.get_absolute_url()), address)
    assertNotContains(client_of(own).get(proposal.get_absolute_url()), address)
    with nothing_changes():
        assert client.post(address, sent(reason="")).status_code == 422
        assert client_of(own).post(address, sent(reason="自分の。")).status_code == 403
    answers = sent(reason="個人の連絡先が書かれています。")
    assertContains(client.post(address, answers, follow=True), "事務局に通報しました")
    assert Report.objects.get().subject == subject
    with nothing_changes():
        again = client.post(address, sent(reason="もう一度。"))
    assertContains(again, "すでに事務局に届いています", status_code=422)


def test_a_report_is_settled_in_the_admin(lead, ward_lead):
    report = services.report(ProposalFactory(office=lead.office), by=ward_lead, reason="宣伝。")
    client = client_for(secretary("プロジェクト").user)
    address = url("proposals.report", "settle", report.pk)
    data = typed(client.get(address), status="upheld", outcome="非表示にしました。")
    with nothing_changes():
        assert client.post(address, data | {"outcome": ""}).status_code == 422
    assert sentences(client.post(address, data, follow=True)) == ["処理の結果を記録しました"]
    report.refresh_from_db()
    assert (report.status, report.outcome) == ("upheld", "非表示にしました。")
    assert "行えません" in sentences(client.get(address, follow=True))[0]


def test_the_timeline_tells_each_step_with_its_reason(client_of, lead, ward_lead, other_lead):
    offer = raised(lead, ward_lead)
    services.stop_offers(offer.proposal, by=lead)
    services.start_talk(offer, by=lead)
    services.close(Proposal.objects.get(), by=lead, reason="予算が付かなかったため。")
    page = client_of(other_lead).get(offer.proposal.get_absolute_url())
    steps = [(step.text, step.author != "", step.reason) for step in page.context["steps"]]
    assert steps == [
        ("申し出の受付を止めました", True, ""),
        ("協議が始まりました", False, ""),
        ("不成立にしました", True, "予算が付かなかったため。"),
    ]


def test_the_timeline_does_not_call_open_again_what_has_expired(client_of, lead, ward_lead):
    """Nor does it later, when its end date was put off: what it says of then stays true."""
    offer = talking(lead, ward_lead)
    Proposal.objects.update(ends_on=today() - timedelta(days=1))
    services.decline(offer, by=lead, reason="内密の理由。")
    page = client_of(ward_lead).get(offer.proposal.get_absolute_url())
    assertContains(page, "協議が終わりました")
    assertNotContains(page, "募集中")
