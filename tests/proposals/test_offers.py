"""The pages of an offer: raised, moved by either side, printed, asked about."""

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from agreements import services as agreements
from agreements.models import Collaboration
from core.enums import Level
from core.errors import DomainError
from members.enums import Role
from proposals import services
from proposals.enums import OfferStatus, OpeningGround, ProposalStatus
from proposals.models import Offer, Proposal, Report
from tests.factories.members import SeatFactory, WardFactory
from tests.factories.proposals import ExpiredFactory, ProposalFactory
from tests.pressing import press
from tests.proposals.refusals import nothing_changes, refused
from tests.proposals.worlds import SAID, raised, sent, talking

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def url_of(name: str, row) -> str:
    return reverse(f"proposals:{name}", args=[row.pk])


@pytest.fixture
def second_ward(db):
    return SeatFactory(office__organization=WardFactory(), role=Role.LEAD)


# --- 関心を伝える ---------------------------------------------------------------------------------


def test_offer_create_is_entered_checked_and_sent(client_of, lead, ward_lead):
    proposal = ProposalFactory(office=lead.office)
    client, url = client_of(ward_lead), url_of("offer_create", proposal)
    form = client.get(client.get(proposal.get_absolute_url()).context["offering"][0][1])
    assertContains(form, "東京都品川区　")
    assertContains(form, "協議の内容は情報公開請求の対象になることがあります")
    checked = press(client, url, form, "check", message=SAID)
    assertContains(checked, "内容を確認して関心を伝えてください")
    assert not Offer.objects.exists()
    done = press(client, url, checked, "done")
    offer = Offer.objects.get()
    assertRedirects(done, offer.get_absolute_url(), fetch_redirect_response=False)
    assertContains(client.get(done.url), "福井県坂井市に関心を伝えました")
    again = press(client, url, checked, "done")
    assert (again.url, Offer.objects.count()) == (done.url, 1)


def test_offer_create_keeps_what_was_typed_when_offers_are_stopped_meanwhile(
    client_of, lead, ward_lead
):
    proposal = ProposalFactory(office=lead.office)
    client, url = client_of(ward_lead), url_of("offer_create", proposal)
    form = client.get(url)
    services.stop_offers(proposal, by=lead)
    with nothing_changes():
        response = press(client, url, form, "done", message=SAID)
    assertContains(response, "いまは申し出を受け付けていません", status_code=422)
    assertContains(response, SAID, status_code=422)
    assertContains(client.get(url, follow=True), "いまは申し出を受け付けていません")


def test_offer_create_needs_a_message(client_of, lead, ward_lead):
    proposal = ProposalFactory(office=lead.office)
    client, url = client_of(ward_lead), url_of("offer_create", proposal)
    with nothing_changes():
        response = press(client, url, client.get(url), "check", message=" 　")
    assertContains(response, "提案元に伝えることを入力してください", status_code=422)


def test_offer_create_leads_to_the_offer_that_stands(client_of, lead, ward_lead):
    offer = raised(lead, ward_lead)
    client = client_of(ward_lead)
    response = client.get(url_of("offer_create", offer.proposal))
    assertRedirects(response, offer.get_absolute_url(), fetch_redirect_response=False)
    assertContains(client.get(response.url), "すでに申し出ています")
    services.step_down(offer, by=ward_lead, reason="予算が付かなかったため。")
    assert client.get(url_of("offer_create", offer.proposal)).status_code == 200


@pytest.mark.parametrize("role", ["lead", "deputy", "reader", "other_lead", "staff"])
def test_offer_create_is_for_the_other_kind_of_organization(request, client_of, lead, role):
    proposal = ProposalFactory(office=lead.office)
    client = client_of(request.getfixturevalue(role))
    with nothing_changes():
        response = client.post(url_of("offer_create", proposal), sent(message=SAID, step="done"))
    assert response.status_code == 403
    assertNotContains(client.get(proposal.get_absolute_url()), "関心を伝える")


def test_members_offer_on_a_wards_proposal(client_of, lead, ward_lead):
    proposal = ProposalFactory(office=ward_lead.office)
    page = client_of(lead).get(proposal.get_absolute_url())
    assertContains(page, "会員からの申し出 0件")
    assertContains(page, url_of("offer_create", proposal))


def test_what_members_have_offered_on_is_not_kept_from_them_afterwards(lead, ward_lead):
    proposal = raised(ward_lead, lead).proposal
    proposal.refresh_from_db()
    data = {"level": Level.WARDS, "title": "区だけの計画"}
    with refused(DomainError, "会員からの申し出があるため"):
        services.change(proposal, by=ward_lead, version=proposal.version, data=data)


# --- what everybody sees on the proposal's page --------------------------------------------


def test_only_its_sides_and_the_secretariat_see_whose_offer_it_is(
    client_of, lead, reader, ward_lead, second_ward, other_lead, staff
):
    offer = talking(lead, ward_lead)
    url, row = offer.proposal.get_absolute_url(), f'href="{offer.get_absolute_url()}"'
    for seat in (lead, reader, ward_lead, staff):
        assertContains(client_of(seat).get(url), row)
    for seat in (second_ward, other_lead):
        page = client_of(seat).get(url)
        assertContains(page, "区からの申し出 1件")
        assertContains(page, "協議が始まりました")
        assertNotContains(page, row)
        assertNotContains(page, "品川区")
        assertNotContains(page, "内密")


def test_a_ward_that_steps_down_is_not_named_to_others(
    client_of, lead, ward_lead, second_ward, other_lead
):
    offer = talking(lead, ward_lead)
    services.step_down(offer, by=ward_lead, reason="内密の理由。")
    for seat in (second_ward, other_lead):
        page = client_of(seat).get(offer.proposal.get_absolute_url())
        assertContains(page, "協議が終わりました")
        assertNotContains(page, "品川区")
        assertNotContains(page, "内密の理由")


# --- an offer's page -----------------------------------------------------------------------


def test_offer_detail_shows_where_it_stands_and_what_was_said(client_of, lead, ward_lead, reader):
    offer = talking(lead, ward_lead)
    for seat, other in ((lead, ward_lead), (ward_lead, lead), (reader, ward_lead)):
        page = client_of(seat).get(offer.get_absolute_url())
        for text in (
            "東京都品川区からの申し出",
            '<span class="vh">状態：</span>協議中',
            "関心を伝えました",
            "協議を始めました",
            SAID,
            "内密の返事です。",
            "協議の内容は情報公開請求の対象になることがあります",
            other.organization.get_absolute_url(),
        ):
            assertContains(page, text)


@pytest.mark.parametrize(
    ("role", "at_first", "in_talks"),
    [
        (
            "lead",
            {"協議を始める", "見送る（理由を入力）"},
            {"受諾する", "見送る（理由を入力）", "メッセージを送る"},
        ),
        ("ward_lead", {"辞退する（理由を入力）"}, {"辞退する（理由を入力）", "メッセージを送る"}),
        ("reader", set(), set()),
        ("staff", set(), set()),
    ],
)
def test_the_buttons_of_an_offer(request, client_of, lead, ward_lead, role, at_first, in_talks):
    offer = raised(lead, ward_lead)
    client = client_of(request.getfixturevalue(role))

    def shown() -> set[str]:
        page = client.get(offer.get_absolute_url()).content.decode()
        return {text for text in {*at_first, *in_talks, *ALL_BUTTONS} if f"{text}</" in page}

    assert shown() == at_first
    services.start_talk(offer, by=lead)
    assert shown() == in_talks


ALL_BUTTONS = {
    "協議を始める",
    "受諾する",
    "見送る（理由を入力）",
    "辞退する（理由を入力）",
    "メッセージを送る",
}


def test_an_offer_stays_readable_when_its_proposal_is_hidden(client_of, lead, ward_lead, staff):
    offer = talking(lead, ward_lead)
    services.hide(offer.proposal, by=staff, reason="確認中。")
    page = client_of(ward_lead).get(offer.get_absolute_url())
    assertContains(page, SAID)
    assertNotContains(page, offer.proposal.get_absolute_url() + '"')


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_of_offer_detail(
    client_of, lead, ward_lead, rows, raise_on_fetch, django_assert_num_queries
):
    offer = talking(lead, ward_lead)
    for _ in range(rows):
        services.send_message(offer, by=lead, body="追伸。")
    client = client_of(ward_lead)
    client.get(offer.get_absolute_url())
    # session, user, seats, unread; offer; messages, their files, steps, openings
    with django_assert_num_queries(9):
        client.get(offer.get_absolute_url())


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_of_a_proposals_offers(
    client_of, lead, ward_lead, rows, raise_on_fetch, django_assert_num_queries
):
    proposal = ProposalFactory(office=lead.office)
    for _ in range(rows):
        ward = SeatFactory(office__organization=WardFactory(), role=Role.LEAD)
        services.raise_offer(proposal, by=ward, message=SAID)
    client = client_of(lead)
    client.get(proposal.get_absolute_url())
    # session, user, seats, unread; proposal, offers, replies, what it is linked with, and
    # whether it is followed; what it says, and who has offered, is kept for a minute
    with django_assert_num_queries(9):
        client.get(proposal.get_absolute_url())


# --- moves ---------------------------------------------------------------------------------


def test_offer_start_begins_the_talk(client_of, lead, ward_lead):
    offer = raised(lead, ward_lead)
    client = client_of(lead)
    response = client.post(url_of("offer_start", offer), sent())
    assertRedirects(response, offer.get_absolute_url(), fetch_redirect_response=False)
    assertContains(client.get(response.url), "協議を始めました。このページで")
    offer.refresh_from_db()
    assert offer.status == OfferStatus.TALKING
    with nothing_changes():
        again = client.post(url_of("offer_start", offer), sent())
    assertContains(again, "この申し出は「協議中」になっています", status_code=422)


def test_offer_accept_begins_a_joint_project(client_of, lead, ward_lead):
    offer = talking(lead, ward_lead)
    client, url = client_of(lead), url_of("offer_accept", offer)
    assertNotContains(client.get(url), "進め方を選んで")
    response = client.post(url, sent())
    page = client.get(response.url)
    assertContains(page, "を計画中として登録しました")
    project = Collaboration.objects.get()
    assertContains(page, project.get_absolute_url())
    for seat in (lead, ward_lead):
        assert client_of(seat).get(project.get_absolute_url()).status_code == 200
    offer.proposal.refresh_from_db()
    assert offer.proposal.status == ProposalStatus.AGREED


def test_offer_accept_joins_a_joint_project_of_the_same_proposal(
    client_of, lead, ward_lead, second_ward
):
    first = services.accept(talking(lead, ward_lead), by=lead)
    second = services.raise_offer(first.proposal, by=second_ward, message=SAID)
    services.start_talk(second, by=lead)
    client, url = client_of(lead), url_of("offer_accept", second)
    assertContains(client.get(url), f"連携事業「{first.collaboration}」に加わる")
    for wrong in ("", "new ", "999"):
        with nothing_changes():
            assert client.post(url, sent(project=wrong)).status_code == 422
    client.post(url, sent(project=str(first.collaboration_id)))
    second.refresh_from_db()
    assert second.collaboration == first.collaboration
    bodies = {party.organization for party in first.collaboration.parties.all()}
    assert bodies == {seat.organization for seat in (lead, ward_lead, second_ward)}


def test_offer_accept_begins_nothing_in_place_of_a_project_that_is_over_by_now(
    client_of, lead, ward_lead, second_ward
):
    project = services.accept(talking(lead, ward_lead), by=lead).collaboration
    offer = services.raise_offer(Proposal.objects.get(), by=second_ward, message=SAID)
    services.start_talk(offer, by=lead)
    agreements.cancel(project, by=ward_lead, version=project.version, reason="中止のため。")
    client, url = client_of(lead), url_of("offer_accept", offer)
    with nothing_changes():
        response = client.post(url, sent(project=str(project.pk)))
    assertContains(response, "新しい連携事業を始める", status_code=422)
    assertNotContains(client.get(url), "新しい連携事業を始める")


def test_offer_accept_of_an_accepted_offer_says_so(client_of, lead, ward_lead):
    """Its own joint project is none that it could join."""
    offer = services.accept(talking(lead, ward_lead), by=lead)
    with nothing_changes():
        response = client_of(lead).post(url_of("offer_accept", offer), sent())
    assertContains(response, "この申し出は「受諾」になっています", status_code=422)


@pytest.mark.parametrize(
    ("name", "role", "status"),
    [
        ("offer_decline", "lead", OfferStatus.DECLINED),
        ("offer_step_down", "ward_lead", OfferStatus.WITHDRAWN),
    ],
)
def test_offer_decline_and_step_down_need_a_reason_that_both_sides_read(
    request, client_of, lead, ward_lead, name, role, status
):
    offer = talking(lead, ward_lead)
    client, url = client_of(request.getfixturevalue(role)), url_of(name, offer)
    for reason in ("", " 　", "あ" * 501):
        with nothing_changes():
            assert client.post(url, sent(reason=reason)).status_code == 422
    client.post(url, sent(reason="内密の理由。"))
    offer.refresh_from_db()
    assert offer.status == status
    for seat in (lead, ward_lead):
        page = client_of(seat).get(offer.get_absolute_url())
        assertContains(page, "内密の理由。")
        assertNotContains(page, "メッセージを送る</button>")
    assertContains(client.get(url, follow=True), f"「{offer.get_status_display()}」のため")


def test_offer_step_down_after_the_other_side_was_faster_keeps_what_was_typed(
    client_of, lead, ward_lead
):
    offer = talking(lead, ward_lead)
    services.accept(offer, by=lead)
    with nothing_changes():
        response = client_of(ward_lead).post(
            url_of("offer_step_down", offer), sent(reason="予算が付かなかったため。")
        )
    assertContains(response, "この申し出は「受諾」になっています", status_code=422)
    assertContains(response, "予算が付かなかったため。", status_code=422)


def test_offer_accept_of_an_offer_on_an_expired_proposal(client_of, lead, ward_lead):
    """Its end date keeps new offers out, and ends no talk."""
    offer = talking(lead, ward_lead)
    type(offer.proposal).objects.update(ends_on=ExpiredFactory.build().ends_on)
    client_of(lead).post(url_of("offer_accept", offer), sent())
    offer.refresh_from_db()
    assert offer.status == OfferStatus.ACCEPTED


# --- the file of each side, and the secretariat --------------------------------------------


def test_offer_print_is_for_the_file_of_each_side(client_of, lead, reader, ward_lead, staff):
    offer = talking(lead, ward_lead)
    for seat in (lead, reader, ward_lead):
        page = client_of(seat).get(url_of("offer_print", offer))
        for text in (SAID, "印刷日：", "協議を始めました", offer.proposal.title):
            assertContains(page, text)
    assert client_of(staff).get(url_of("offer_print", offer)).status_code == 403


@pytest.mark.parametrize("ground", [OpeningGround.REQUEST, OpeningGround.REPORT])
def test_offer_ask_reaches_the_secretariat_once(client_of, lead, ward_lead, ground):
    offer = talking(lead, ward_lead)
    client, url = client_of(ward_lead), url_of("offer_ask", offer)
    assertContains(client.get(url), "両方の団体に知らせます")
    with nothing_changes():
        assert client.post(url, sent(reason="確認してください。")).status_code == 422
    answers = {"ground": ground, "reason": "確認してください。"}
    assertContains(client.post(url, sent(**answers), follow=True), "事務局に頼みました")
    report = Report.objects.get()
    assert (report.ground, report.offer, report.organization) == (
        ground,
        offer,
        ward_lead.organization,
    )
    with nothing_changes():
        again = client.post(url, sent(**answers))
    assertContains(again, "すでに事務局に届いています", status_code=422)
