"""Who opens which page; a proposal, its earlier versions, and the sheet for approval."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from core.dates import day_text, today
from core.enums import Level
from members.enums import Role
from members.views.acting import COMING, LINGERING
from proposals import services
from proposals.enums import ProposalKind
from tests.factories.agreements import CollaborationFactory, CollaborationPartyFactory
from tests.factories.members import SeatFactory, ThemeFactory
from tests.factories.proposals import (
    DraftFactory,
    ExpiredFactory,
    ProposalFactory,
    ReplyFactory,
    VersionFactory,
    WithdrawnFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.once]

LIST = reverse("proposals:proposal_list")
EXPORT = reverse("proposals:proposal_export", args=["csv"])
HIDDEN = {"hidden_at": "2026-11-01T00:00:00Z", "hidden_reason": "個人の氏名が書かれているため。"}


def url_of(name: str, proposal) -> str:
    return reverse(f"proposals:{name}", args=[proposal.pk])


# --- who opens what ------------------------------------------------------------------------

NAMES = [
    "proposal_detail",
    "proposal_update",
    "proposal_print",
    "proposal_delete",
    "proposal_withdraw",
    "proposal_history",
]
# For the pages of NAMES, in their order: the status of a GET.
OWN_DRAFT = {
    "lead": [200, 200, 200, 200, 302, 200],
    "deputy": [200, 200, 200, 200, 302, 200],
    "reader": [200, 403, 200, 403, 403, 200],
    "other_lead": [404, 404, 404, 404, 404, 404],
    "ward_lead": [404, 404, 404, 404, 404, 404],
    "staff": [404, 404, 404, 404, 404, 404],
}
OWN_OPEN = {
    "lead": [200, 200, 200, 302, 200, 200],
    "deputy": [200, 200, 200, 302, 200, 200],
    "reader": [200, 403, 200, 403, 403, 200],
    "other_lead": [200, 403, 403, 403, 403, 200],
    "ward_lead": [200, 403, 403, 403, 403, 200],
    "staff": [200, 403, 403, 403, 403, 200],
}
OWN_WITHDRAWN = {
    **OWN_OPEN,
    "lead": [200, 302, 200, 302, 302, 200],
    "deputy": [200, 302, 200, 302, 302, 200],
}


@pytest.mark.parametrize("role", OWN_OPEN)
@pytest.mark.parametrize(
    ("factory", "expected"),
    [
        (DraftFactory, OWN_DRAFT),
        (ProposalFactory, OWN_OPEN),
        (ExpiredFactory, OWN_OPEN),
        (WithdrawnFactory, OWN_WITHDRAWN),
    ],
    ids=["draft", "open", "expired", "withdrawn"],
)
def test_who_opens_what(request, client_of, lead, role, factory, expected):
    proposal = factory(office=lead.office)
    client = client_of(request.getfixturevalue(role))
    found = [client.get(url_of(name, proposal)).status_code for name in NAMES]
    assert found == expected[role]


@pytest.mark.parametrize("name", NAMES)
def test_what_is_for_the_wards_does_not_exist_for_others(client_of, other_lead, name):
    proposal = ProposalFactory(level=Level.WARDS)
    assert client_of(other_lead).get(url_of(name, proposal)).status_code == 404


@pytest.mark.parametrize("name", NAMES)
def test_what_is_hidden_does_not_exist_for_others(client_of, other_lead, ward_lead, name):
    proposal = ProposalFactory(**HIDDEN)
    for seat in (other_lead, ward_lead):
        assert client_of(seat).get(url_of(name, proposal)).status_code == 404


@pytest.mark.parametrize("key", [999_999, 9 * 10**25])
def test_what_was_never_there_is_not_found(client_of, lead, key):
    client = client_of(lead)
    for name in NAMES:
        assert client.get(reverse(f"proposals:{name}", args=[key])).status_code == 404


@pytest.mark.parametrize("exists", [True, False])
def test_a_visitor_is_led_to_the_login_whether_it_exists_or_not(client, exists):
    key = ProposalFactory().pk if exists else 999_999
    for name in NAMES:
        url = reverse(f"proposals:{name}", args=[key])
        assertRedirects(client.get(url), f"{reverse('account_login')}?next={url}")


@pytest.mark.parametrize("address", [LIST, EXPORT, reverse("proposals:proposal_create")])
def test_a_seat_that_ended_yesterday_opens_nothing(client_of, office, address):
    yesterday = today() - timedelta(days=1)
    seat = SeatFactory(office=office, role=Role.DEPUTY, valid_until=yesterday)
    response = client_of(seat).get(address)
    assertRedirects(response, f"{reverse('account_login')}?next={address}")


@pytest.mark.parametrize("address", [LIST, EXPORT, reverse("proposals:proposal_create")])
def test_a_last_leads_seat_past_its_date_opens_nothing(client_of, office, address):
    """It lingers, for handover and confirmation alone."""
    seat = SeatFactory(office=office, valid_until=today() - timedelta(days=1))
    assertContains(client_of(seat).get(address), LINGERING, status_code=403)


@pytest.mark.parametrize("address", [LIST, EXPORT, reverse("proposals:proposal_create")])
def test_a_seat_that_begins_tomorrow_opens_nothing(client_of, office, address):
    seat = SeatFactory(office=office, valid_from=today() + timedelta(days=1))
    response = client_of(seat).get(address)
    when = COMING.format(office.signature, day_text(seat.valid_from))
    assertContains(response, when, status_code=403)


@pytest.mark.parametrize(
    ("role", "status"),
    [("lead", 200), ("deputy", 200), ("ward_lead", 200), ("reader", 403), ("staff", 403)],
)
def test_who_may_write_a_proposal(request, client_of, role, status):
    seat = request.getfixturevalue(role)
    client = client_of(seat)
    assert client.get(reverse("proposals:proposal_create")).status_code == status
    has_button = "提案を登録する" in client.get(LIST).content.decode()
    assert has_button == (status == 200)


# --- a proposal's page --------------------------------------------------------------------


def test_proposal_detail_holds_everything(client_of, lead, other_lead):
    office = lead.office
    office.phone, office.extension, office.email = "0776-50-3010", "123", "kikaku@example.lg.jp"
    office.confirmed_at = "2026-04-12T03:00:00Z"
    office.save()
    proposal = ProposalFactory(office=office, body="一行目\n二行目", ends_on="2027-05-22")
    response = client_of(other_lead).get(proposal.get_absolute_url())
    for text in (
        proposal.title,
        "一行目\n二行目",
        "福井県坂井市　企画政策課",
        "2027年（令和9年）5月22日",
        'href="tel:0776503010"',
        "（内線123）",
        "kikaku@example.lg.jp",
        "2026年（令和8年）4月12日",
        lead.organization.get_absolute_url(),
        "返信 0件",
    ):
        assertContains(response, text)
    assertNotContains(response, "変更する")
    assertNotContains(response, "以前の内容を見る")


def test_proposal_detail_shows_replies_in_their_order(client_of, lead, other_lead):
    proposal = ProposalFactory(office=lead.office)
    with time_machine.travel("2026-11-21T10:05+09:00", tick=False):
        first = ReplyFactory(proposal=proposal, body="ひとつめ")
    second = ReplyFactory(proposal=proposal, body="ふたつめ")
    response = client_of(other_lead).get(proposal.get_absolute_url())
    assert [reply for reply, *_ in response.context["replies"]] == [first, second]
    assertContains(response, "2026年（令和8年）11月21日 10時05分")
    assertContains(response, first.signature)


def test_a_hidden_reply_says_so_to_its_author_and_the_secretariat(
    client_of, lead, staff, other_lead
):
    reply = ReplyFactory(
        seat=other_lead,
        body="宣伝の文。",
        hidden_at="2026-11-01T00:00Z",
        hidden_reason="宣伝のため。",
    )
    url = reply.proposal.get_absolute_url()
    for seat in (other_lead, staff):
        assertContains(client_of(seat).get(url), "理由：宣伝のため。")
    response = client_of(lead).get(url)
    assertNotContains(response, "宣伝")
    assertContains(response, "返信 0件")


def test_a_hidden_proposal_says_so_to_its_author_and_the_secretariat(client_of, lead, staff):
    proposal = ProposalFactory(office=lead.office, **HIDDEN)
    for seat in (lead, staff):
        response = client_of(seat).get(proposal.get_absolute_url())
        assertContains(response, "この提案は、事務局が非表示にしています")
        assertContains(response, HIDDEN["hidden_reason"])
        assertNotContains(response, "返信する</button>")


def test_a_withdrawn_proposal_says_why(client_of, other_lead):
    proposal = WithdrawnFactory()
    response = client_of(other_lead).get(proposal.get_absolute_url())
    assertContains(response, "予算が付かなかったため。")
    assertNotContains(response, "返信する</button>")


def test_an_expired_proposal_asks_only_its_own_organization(client_of, lead, other_lead):
    proposal = ExpiredFactory(office=lead.office)
    assertContains(client_of(lead).get(proposal.get_absolute_url()), "募集期限を延ばす", count=1)
    assertNotContains(client_of(other_lead).get(proposal.get_absolute_url()), "過ぎています")


@pytest.mark.parametrize(
    ("role", "buttons"),
    [
        ("lead", {"変更する", "決裁用に印刷する", "取り下げる（理由を入力）", "返信する"}),
        ("reader", {"決裁用に印刷する"}),
        ("other_lead", {"返信する"}),
        ("staff", set()),
    ],
)
def test_the_buttons_of_a_published_proposal(request, client_of, lead, role, buttons):
    proposal = ProposalFactory(office=lead.office)
    page = client_of(request.getfixturevalue(role)).get(proposal.get_absolute_url())
    shown = {
        text
        for text in (
            "変更する",
            "決裁用に印刷する",
            "取り下げる（理由を入力）",
            "返信する",
            "続きを書く",
            "削除する",
        )
        if f"{text}</" in page.content.decode()
    }
    assert shown == buttons


@pytest.mark.parametrize(("role", "may_write"), [("lead", True), ("reader", False)])
def test_the_buttons_of_a_draft(request, client_of, lead, role, may_write):
    draft = DraftFactory(office=lead.office)
    page = client_of(request.getfixturevalue(role)).get(draft.get_absolute_url())
    assertContains(page, "下書きです。まだ公開していません")
    assertContains(page, "決裁用に印刷する")
    for text in ("続きを書く", "削除する"):
        assert (text in page.content.decode()) == may_write
    assertNotContains(page, "返信する</button>")


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_of_proposal_detail(
    client_of, other_lead, rows, raise_on_fetch, django_assert_num_queries
):
    themes = ThemeFactory.create_batch(rows)
    proposal = ProposalFactory(themes=themes)
    ProposalFactory.create_batch(rows, kind=ProposalKind.SEEK, themes=themes)
    for project in CollaborationFactory.create_batch(rows):
        CollaborationPartyFactory(collaboration=project, organization=proposal.organization)
    ReplyFactory.create_batch(rows, proposal=proposal, edited_at=timezone.now())
    for number in range(rows):
        VersionFactory(proposal=proposal, number=number + 1)
    client = client_of(other_lead)
    client.get(reverse("portal:member_home"))
    # session, user, seats, unread notices; proposal, its organization, offers, replies, their
    # versions, what it is linked with, those of the other kind, their themes, whether they stand,
    # whether it is followed; all else that it says, with its themes, files, wards and steps; the
    # associations, agreements, joint projects and events of its author
    with django_assert_num_queries(23):
        client.get(proposal.get_absolute_url())
    # Within the minute, only whether those of the other kind stand is added to what it says.
    with django_assert_num_queries(11):
        client.get(proposal.get_absolute_url())


# --- what is kept for a minute --------------------------------------------------------------------


def test_what_was_printed_for_one_reader_shows_no_other_one_more(
    client_of, lead, other_lead, ward_lead
):
    """Hidden replies and buttons: of the same page each sees their own."""
    proposal = ProposalFactory(office=lead.office)
    hidden = ReplyFactory(proposal=proposal, seat=ward_lead, body="不適切な言葉", **HIDDEN)
    shown = {
        ward_lead: (hidden.body, "関心を伝える", "この提案を事務局に通報する"),
        lead: ("決裁用に印刷する", "取り下げる（理由を入力）"),
        other_lead: ("この提案を事務局に通報する",),
    }
    words = {word for own in shown.values() for word in own}
    for _again in range(2):
        for seat, own in shown.items():
            html = client_of(seat).get(proposal.get_absolute_url()).content.decode()
            assert {word for word in words if word in html} == set(own)


def test_what_has_happened_shows_at_once(client_of, lead, other_lead):
    proposal = ProposalFactory(office=lead.office, body="朝に開きます。")
    client, url = client_of(other_lead), proposal.get_absolute_url()
    assertContains(client.get(url), "朝に開きます。")
    services.change(proposal, data={"body": "夜に開きます。"}, by=lead, version=proposal.version)
    page = client.get(url)
    assertContains(page, "夜に開きます。")
    assertContains(page, "以前の内容を見る")
    reply = services.add_reply(proposal, by=other_lead, body="行きます。")
    assertContains(client.get(url), "行きます。")
    services.edit_reply(reply, by=other_lead, body="皆で行きます。")
    assertContains(client.get(url), "皆で行きます。")
    services.stop_offers(proposal, by=lead)
    assertContains(client.get(url), "申し出の受付を止めました")


# --- earlier versions and the sheet for internal approval -----------------------------------------


def test_proposal_history_shows_what_was_different(client_of, lead, other_lead):
    proposal = ProposalFactory(office=lead.office, title="朝市", body="朝に。")
    services.change(proposal, data={"title": "夜市", "body": "夜に。"}, by=lead, version=1)
    client = client_of(other_lead)
    assertContains(client.get(proposal.get_absolute_url()), "以前の内容を見る")
    response = client.get(url_of("proposal_history", proposal))
    assertContains(response, "第1版")
    for text in ("朝市", "夜市", "朝に。", "夜に。"):
        assertContains(response, text)


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_of_proposal_history(
    client_of, other_lead, rows, raise_on_fetch, django_assert_num_queries
):
    proposal = ProposalFactory()
    for number in range(rows):
        VersionFactory(proposal=proposal, number=number + 1)
    client = client_of(other_lead)
    client.get(url_of("proposal_history", proposal))
    # session, user, seats, unread notices; proposal, its themes, wards, files; versions
    with django_assert_num_queries(9):
        client.get(url_of("proposal_history", proposal))


@pytest.mark.parametrize("role", ["lead", "reader"])
def test_proposal_print_is_a_sheet_for_every_seat_of_the_organization(
    request, client_of, lead, role
):
    with time_machine.travel("2026-11-22T10:00+09:00", tick=False):
        draft = DraftFactory(office=lead.office, title="朝市", ends_on=None, wished_from=None)
        client = client_of(request.getfixturevalue(role))
        response = client.get(url_of("proposal_print", draft))
    for text in (
        "朝市",
        draft.body,
        "福井県坂井市　企画政策課",
        "印刷日：2026年（令和8年）11月22日",
        '<p class="print-sheet__state">下書き</p>',
        "公開から6か月後",
        '<th scope="col">係長</th>',
    ):
        assertContains(response, text)
    # How old the contact is says the portal, not the proposal.
    assertNotContains(response, draft.office.freshness_text)
