"""The talk of an offer: said by its two sides, read by them alone, opened for a while."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from core.files import attachments_of
from core.models import Attachment, AuditEntry, OutboxMail
from members.enums import Role
from members.models import Seat, User
from notices.models import Notice
from proposals import rules, services
from proposals.enums import OfferStatus, OpeningGround
from proposals.models import Offer, OfferStep, TalkMessage, TalkOpening
from tests import office_files as made
from tests.factories.members import SeatFactory, WardFactory
from tests.proposals.refusals import nothing_changes
from tests.proposals.worlds import ANSWERED, SAID, raised, sent, talking
from tests.secretariat import client_for, csv_of, secretary, sentences, typed, url

pytestmark = pytest.mark.django_db

SECRETS = (SAID, ANSWERED, "内密の理由", "内密の議案")


@pytest.fixture
def second_ward(db):
    return SeatFactory(office__organization=WardFactory(), role=Role.LEAD)


def post_to(offer: Offer) -> str:
    return reverse("proposals:message_create", args=[offer.pk])


# --- saying something ----------------------------------------------------------------------


def test_message_create_reaches_the_other_side(client_of, lead, ward_lead):
    offer = talking(lead, ward_lead)
    client = client_of(ward_lead)
    response = client.post(post_to(offer), sent(body="候補日は3日です。"))
    assertRedirects(response, offer.get_absolute_url(), fetch_redirect_response=False)
    page = client_of(lead).get(response.url)
    assertContains(page, "候補日は3日です。")
    # Two talks with one organization are told apart by the titles of their tabs.
    assertContains(page, f"<title>{offer.title}：{offer.proposal}｜")
    assertContains(
        client.get(response.url), f"{lead.organization.full_name}にメッセージを送りました"
    )
    message = TalkMessage.objects.latest("pk")
    assert (message.organization, message.seat) == (ward_lead.organization, ward_lead)


def test_message_create_refuses_before_the_talk_and_after_a_no(client_of, lead, ward_lead):
    """What was typed stays on the page."""
    offer = raised(lead, ward_lead)
    client = client_of(ward_lead)
    with nothing_changes():
        response = client.post(post_to(offer), sent(body="早すぎる言葉。"))
    assertContains(response, "「関心あり」のため、メッセージを送れません", status_code=422)
    assertContains(response, "早すぎる言葉。", status_code=422)
    services.decline(offer, by=lead, reason="予算が付かなかったため。")
    with nothing_changes():
        response = client.post(post_to(offer), sent(body="遅すぎる言葉。"))
    assertContains(response, "遅すぎる言葉。", status_code=422)


@pytest.mark.parametrize("body", ["", " 　", "あ" * 2001, "あ\x00"])
def test_message_create_refuses_a_bad_text(client_of, lead, ward_lead, body):
    offer = talking(lead, ward_lead)
    with nothing_changes():
        response = client_of(lead).post(post_to(offer), sent(body=body))
    assert response.status_code == 422


def test_message_create_sent_twice_says_it_once(client_of, lead, ward_lead):
    offer, answers = talking(lead, ward_lead), sent(body="一度だけ。")
    client = client_of(lead)
    first = client.post(post_to(offer), answers)
    with nothing_changes():
        assert client.post(post_to(offer), answers).url == first.url


@pytest.mark.usefixtures("attachments_directory")
def test_message_create_takes_files_that_its_readers_alone_open(
    client_of, lead, ward_lead, second_ward, other_lead, staff
):
    offer = talking(lead, ward_lead)
    client = client_of(ward_lead)
    upload = made.upload(made.pdf(), "内密の議案.pdf")
    with nothing_changes():
        refused = client.post(post_to(offer), sent(body="", attachments=[upload]))
    # The file that was taken stays, while the text is asked for again.
    assertContains(refused, "内密の議案（PDF、1KB）", status_code=422)
    kept = Attachment.objects.get()
    client.post(post_to(offer), sent(body="議案です。", **{"attachments-kept": str(kept.key)}))
    message = TalkMessage.objects.latest("pk")
    (file,) = attachments_of(message, lead.user)
    for seat, status in (
        (lead, 200),
        (ward_lead, 200),
        (second_ward, 404),
        (other_lead, 404),
        (staff, 404),
    ):
        response = client_of(seat).get(file.get_absolute_url())
        assert response.status_code == status
        list(response)
    assertContains(client_of(lead).get(offer.get_absolute_url()), file.get_absolute_url())
    services.ask_to_open(offer, by=lead, reason="確認してください。")
    services.open_talk(offer, by=staff, ground=OpeningGround.REQUEST, reason="依頼のため。")
    response = client_of(staff).get(file.get_absolute_url())
    assert (response.status_code, b"".join(response)) == (200, made.pdf())


# --- who reads it --------------------------------------------------------------------------


@pytest.mark.parametrize("status", OfferStatus)
def test_the_rules_and_the_querysets_agree(
    lead, deputy, reader, other_lead, ward_lead, second_ward, staff, status
):
    offer = talking(lead, ward_lead)
    if status == OfferStatus.ACCEPTED:
        services.accept(offer, by=lead)
    else:
        is_over = status in (OfferStatus.DECLINED, OfferStatus.WITHDRAWN)
        settled = {"settled_at": timezone.now(), "settled_reason": "理由"} if is_over else {}
        Offer.objects.update(status=status, **settled)
    services.report(offer, by=lead, reason="確認してください。")
    colleague = secretary("プロジェクト")
    seats = [lead, deputy, reader, other_lead, ward_lead, second_ward, staff, colleague]
    assert readers_of(seats) == {lead, deputy, reader, ward_lead}
    services.open_talk(offer, by=staff, ground=OpeningGround.REPORT, reason="通報のため。")
    assert readers_of(seats) == {lead, deputy, reader, ward_lead, staff}


def readers_of(seats: list[Seat]) -> set[Seat]:
    """Who of ``seats`` reads all of the talk, by the rules and the querysets alike."""
    offer = Offer.objects.with_sides().get()
    reading = set()
    for seat in seats:
        user = User.objects.get(pk=seat.user_id)
        knows = any(rules.may_view_offer(own, offer) for own in user.current_seats)
        assert Offer.objects.visible_to(user).exists() == knows
        parts = [row for model in PARTS for row in model.objects.all()]
        seen = [type(row).objects.visible_to(user).filter(pk=row.pk).exists() for row in parts]
        for row, sees in zip(parts, seen, strict=True):
            assert sees == any(rules.may_view_talk(own, row) for own in user.current_seats)
        reading |= {seat} if all(seen) else set()
    return reading


PARTS = (TalkMessage, OfferStep, TalkOpening)


def texts_for(client: Client, offer: Offer) -> list[str]:
    """Everything that a person finds where a talk's text must not be."""
    proposal = offer.proposal
    addresses = [
        reverse("proposals:proposal_list") + f"?q={SAID}",
        reverse("proposals:proposal_list") + "?q=",
        reverse("proposals:proposal_export", args=["csv"]) + "?q=",
        proposal.get_absolute_url(),
        reverse("proposals:proposal_history", args=[proposal.pk]),
        reverse("portal:site_search") + "?q=内密",
        reverse("portal:member_home"),
        reverse("notices:notice_list"),
        offer.organization.get_absolute_url(),
    ]
    return [text_of(client.get(address)) for address in addresses]


def text_of(response) -> str:
    content = b"".join(response) if response.streaming else response.content
    return content.decode().replace(f'value="{SAID}"', "").replace(f"キーワード：{SAID}", "")


def test_what_is_said_stands_nowhere_else(client_of, lead, ward_lead, second_ward, other_lead):
    offer = talking(lead, ward_lead)
    services.step_down(offer, by=ward_lead, reason="内密の理由。")
    for seat in (lead, ward_lead, second_ward, other_lead):
        for text in texts_for(client_of(seat), offer):
            assert not any(secret in text for secret in SECRETS)
    for seat in (second_ward, other_lead):
        for name in ("offer_detail", "offer_print", "offer_ask"):
            address = reverse(f"proposals:{name}", args=[offer.pk])
            assert client_of(seat).get(address).status_code == 404
    written = [f"{mail.subject}{mail.body}" for mail in OutboxMail.objects.all()]
    written += [notice.text for notice in Notice.objects.all()]
    written += [f"{entry.reason}{entry.changes}" for entry in AuditEntry.objects.all()]
    assert not any(secret in text for secret in SECRETS for text in written)


def test_the_secretariats_pages_say_that_it_exists_and_no_more(lead, ward_lead):
    offer = talking(lead, ward_lead)
    services.step_down(offer, by=ward_lead, reason="内密の理由。")
    client = client_for(secretary("プロジェクト").user)
    page = text_of(client.get(offer.get_absolute_url()))
    assert "協議の内容は表示していません" in page
    pages = [
        page,
        text_of(client.get(url("proposals.offer", "changelist"))),
        text_of(client.get(url("proposals.offer", "change", offer.pk))),
        text_of(client.get(url("proposals.offer", "history", offer.pk))),
        str(csv_of(client.get(url("proposals.offer", "export")))),
        text_of(client.get(url("proposals.proposal", "change", offer.proposal_id))),
        text_of(client.get(url("core.auditentry", "changelist"))),
        str(csv_of(client.get(url("core.auditentry", "export")))),
        *texts_for(client, offer),
    ]
    assert not any(secret in text for secret in SECRETS for text in pages)
    assert "東京都品川区" in pages[5]


# --- opened by the secretariat -------------------------------------------------------------


def test_a_talk_is_opened_on_a_request_for_three_days(client_of, lead, ward_lead, staff):
    offer = talking(lead, ward_lead)
    seat = secretary("プロジェクト")
    client, address = client_for(seat.user), url("proposals.offer", "open_talk", offer.pk)
    refused = client.get(address, follow=True)
    assert "行えません" in sentences(refused)[0]
    services.ask_to_open(offer, by=ward_lead, reason="確認してください。")
    data = typed(client.get(address), ground="request", reason="依頼のため、事実を確認します。")
    with nothing_changes():
        assert client.post(address, data | {"reason": ""}).status_code == 422
        # Nobody has reported it.
        assert client.post(address, data | {"ground": "report"}).status_code == 422
    done = client.post(address, data, follow=True)
    assert "協議の内容を読めます" in sentences(done)[0]
    assertContains(client.get(offer.get_absolute_url()), SAID)
    # Both sides see who reads it, until when and why; a colleague of the seat reads nothing.
    for side in (lead, ward_lead):
        page = client_of(side).get(offer.get_absolute_url())
        assertContains(page, "事務局が、協議の内容を確認しました")
        assertContains(page, "依頼のため、事実を確認します。")
    assertNotContains(client_of(staff).get(offer.get_absolute_url()), SAID)
    assertNotContains(client.get(offer.get_absolute_url()), "メッセージを送る</button>")
    TalkOpening.objects.update(until=timezone.now() - timedelta(seconds=1))
    assertNotContains(client.get(offer.get_absolute_url()), SAID)


def test_viewers_and_the_member_desk_open_no_talk(lead, ward_lead):
    offer = talking(lead, ward_lead)
    services.ask_to_open(offer, by=ward_lead, reason="確認してください。")
    for group in ("会員登録", "閲覧"):
        client = client_for(secretary(group).user)
        address = url("proposals.offer", "open_talk", offer.pk)
        with nothing_changes():
            assert client.post(address, {"ground": "request", "reason": "x"}).status_code == 403
