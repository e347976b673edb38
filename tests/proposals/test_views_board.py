"""The list of proposals, on the page and for Excel."""

import re

import pytest
import time_machine
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from core.enums import Level
from members.services import confirm_office
from proposals import services
from proposals.queries import paging
from tests.downloads import csv_table, offered, opened
from tests.factories.members import ThemeFactory
from tests.factories.proposals import (
    DraftFactory,
    ExpiredFactory,
    OfferFactory,
    ProposalFactory,
    WithdrawnFactory,
)

pytestmark = pytest.mark.django_db

LIST = reverse("proposals:proposal_list")
EXPORT = reverse("proposals:proposal_export", args=["csv"])
HIDDEN = {"hidden_at": "2026-11-01T00:00:00Z", "hidden_reason": "個人の氏名が書かれているため。"}


def url_of(name: str, proposal) -> str:
    return reverse(f"proposals:{name}", args=[proposal.pk])


# --- the list ------------------------------------------------------------------------------


def test_proposal_list_starts_with_the_open_ones(client_of, lead):
    ProposalFactory(title="募集中の提案", themes=[ThemeFactory(name="観光")])
    ExpiredFactory(title="期限切れの提案")
    DraftFactory(title="自分たちの下書き", office=lead.office)
    response = client_of(lead).get(LIST)
    assertContains(response, "募集中の提案")
    assertContains(response, "分野：観光")
    assertNotContains(response, "期限切れの提案")
    assert [proposal.title for proposal in response.context["proposals"]] == ["募集中の提案"]
    assert response.context["chips"] == [("募集中", "?q=")]
    assertContains(client_of(lead).get(LIST + "?q="), "期限切れの提案")


def test_proposal_list_shows_each_fact(client_of, lead):
    with time_machine.travel("2026-11-22T10:00+09:00", tick=False):
        proposal = ProposalFactory(
            office=lead.office,
            wished_from="2027-01-01",
            wished_until="2027-02-01",
            ends_on="2027-05-22",
            level=Level.WARDS,
        )
        OfferFactory(proposal=proposal)
        response = client_of(lead).get(LIST)
    for text in (
        "福井県坂井市　企画政策課",
        "2027年（令和9年）1月～2月",
        '<time datetime="2027-05-22">2027年（令和9年）5月22日</time>',
        '<time datetime="2026-11-22">2026年（令和8年）11月22日</time>',
        "特別区だけ",
        '<span class="vh">状態：</span>募集中',
        '区からの申し出 <span class="big"><b>1</b>件</span><span class="proposal__waiting">回答待ち 0日</span>',
    ):
        assertContains(response, text)


def test_proposal_list_counts_each_choice(client_of, lead):
    ProposalFactory.create_batch(2)
    WithdrawnFactory()
    response = client_of(lead).get(LIST)
    assertContains(response, '提供できる<span class="num">2件</span>')
    assertContains(response, '取下げ<span class="num">1件</span>')
    assertContains(response, '回答待ち<span class="num">2件</span>')
    assertContains(response, "産業（2件）</option>")
    assertContains(response, "福井県（0件）</option>")
    assertContains(response, ">すべての分野</option>")
    # The choice of a kind leaves the number of the other one alone.
    response = client_of(lead).get(LIST + "?kind=seek&status=open")
    assertContains(response, '提供できる<span class="num">2件</span>')


def test_more_hits_than_are_counted_are_said_to_be_more(client_of, lead, monkeypatch):
    monkeypatch.setattr(paging, "COUNTED", 20)
    ProposalFactory.create_batch(65, title="朝市", themes=[])
    client = client_of(lead)
    pages = [client.get(f"{LIST}?q=朝市&page={number}") for number in range(1, 5)]
    assertContains(pages[0], '<b class="num">60</b>件以上のうち 1～20件目')
    assertContains(pages[0], "提供できる</label>")
    assertNotContains(pages[0], "最後のページ")
    assertContains(pages[1], '<b class="num">65</b>件中 21～40件目')
    assertContains(pages[1], '提供できる<span class="num">65件</span>')
    shown = [proposal.pk for page in pages for proposal in page.context["proposals"]]
    assert len(shown) == len(set(shown)) == 65


def test_every_condition_of_proposal_list_can_be_taken_off(client_of, lead):
    theme = ThemeFactory(name="防災")
    ProposalFactory(themes=[theme])
    query = f"?q=見本&kind=provide&status=open&status=expired&theme={theme.pk}&sort=wished&page=1"
    query += "&waiting=yes&since_y=2027&since_m=1&until_y=2029&until_m=12"
    response = client_of(lead).get(LIST + query)
    chips = dict(response.context["chips"])
    assert list(chips) == [
        "キーワード：見本",
        "提供できる",
        "募集中",
        "期限切れ",
        "回答待ち",
        "分野：防災",
        "希望時期：2027年（令和9年）1月以降",
        "希望時期：2029年（令和11年）12月まで",
    ]
    without_open = client_of(lead).get(LIST + chips["募集中"])
    assert list(dict(without_open.context["chips"])) == [
        label for label in chips if label != "募集中"
    ]
    assert "sort=wished" in chips["募集中"]
    assert "page" not in chips["募集中"]
    assert response.context["clear_url"] == "?q=&sort=wished"


def test_the_orders_of_proposal_list_keep_its_conditions(client_of, lead):
    response = client_of(lead).get(LIST + "?kind=seek&sort=wished")
    assert response.context["sorts"] == [
        ("更新が新しい順", "?kind=seek", False),
        ("希望時期が近い順", "?kind=seek&sort=wished", True),
    ]


@pytest.mark.parametrize("page", ["2", "99", "0", "-1", "abc", "%00"])
def test_a_page_that_does_not_exist_gives_the_nearest(client_of, lead, page):
    ProposalFactory.create_batch(21)
    response = client_of(lead).get(f"{LIST}?page={page}")
    assert response.status_code == 200
    assertContains(response, "21</b>件中")


@pytest.mark.parametrize(
    "query", ["theme=999", "kind=sell", "status=secret", "q=%00", "prefecture=99"]
)
def test_conditions_that_cannot_be_understood_are_answered_calmly(client_of, lead, query):
    ProposalFactory(title="募集中の提案")
    client = client_of(lead)
    response = client.get(f"{LIST}?{query}")
    assertContains(response, "入力内容に1件の誤りがあります", status_code=400)
    assertContains(response, "募集中の提案", status_code=400)
    export = client.get(f"{EXPORT}?{query}")
    assertRedirects(export, f"{LIST}?{query}", fetch_redirect_response=False)


def test_an_unknown_order_is_the_usual_one(client_of, lead):
    assert client_of(lead).get(LIST + "?sort=x").context["sorts"][0][2]


def test_an_empty_proposal_list_says_what_to_do(client_of, lead):
    response = client_of(lead).get(LIST + "?q=どこにもない")
    assertContains(response, "条件に合う提案はありませんでした")
    assertNotContains(response, "CSV")


def test_proposal_list_names_what_awaits(client_of, lead, other_lead):
    DraftFactory(office=lead.office, title="朝市")
    for seat in (lead, other_lead):
        confirm_office(seat.office, by=seat)
    assertContains(client_of(lead).get(LIST), "福井県坂井市の対応を待っているものが1件あります")
    assertNotContains(client_of(other_lead).get(LIST), "対応を待っているもの")


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_of_proposal_list(client_of, lead, rows, raise_on_fetch, django_assert_num_queries):
    themes = [ThemeFactory(), ThemeFactory()]
    for proposal in ProposalFactory.create_batch(rows, themes=themes):
        OfferFactory.create_batch(2, proposal=proposal)
        OfferFactory(proposal__office=lead.office)
    DraftFactory.create_batch(rows, office=lead.office)
    client = client_of(lead)
    client.get(reverse("portal:member_home"))  # notes that nobody has to accept terms
    # session, user, seats, unread notices; the counts by two choices; the offices that await, and
    # what does on the board; stamps of the rows, the rows, their themes; the choices of theme and prefecture
    with django_assert_num_queries(13):
        client.get(LIST)
    # Within the minute: counts of so few are not kept, and neither is what awaits.
    with django_assert_num_queries(9):
        client.get(LIST)


# --- what is kept for a minute ----------------------------------------------------------------


def test_what_was_printed_for_one_reader_shows_no_other_one_more(
    client_of, lead, other_lead, ward_lead, staff
):
    ProposalFactory(title="会員の提案")
    ProposalFactory(title="特別区だけの提案", level=Level.WARDS)
    ProposalFactory(title="非表示の提案", **HIDDEN)
    DraftFactory(title="坂井市の下書き", office=lead.office)
    readers = {
        staff: {"会員の提案", "特別区だけの提案", "非表示の提案"},
        ward_lead: {"会員の提案", "特別区だけの提案"},
        lead: {"会員の提案", "坂井市の下書き"},
        other_lead: {"会員の提案"},
    }
    for _again in range(2):
        for seat, titles in readers.items():
            response = client_of(seat).get(LIST + "?q=")
            printed = set(re.findall(r"<h3><a [^>]*>([^<]+)</a></h3>", response.content.decode()))
            assert printed == titles
            total = f'<b class="num">{len(titles)}</b>件'
            assertContains(response, total)


def test_what_has_happened_shows_at_once(client_of, lead, ward_lead, staff):
    client = client_of(ward_lead)
    proposal = ProposalFactory(office=lead.office, title="朝市")
    assertContains(client.get(LIST), ">朝市</a>")
    services.change(proposal, data={"title": "夜市"}, by=lead, version=proposal.version)
    assertContains(client.get(LIST), ">夜市</a>")
    assertContains(client.get(LIST), "<b>0</b>件")
    services.raise_offer(proposal, by=ward_lead, message="出店したい。")
    assertContains(client.get(LIST), "<b>1</b>件")
    services.hide(proposal, by=staff, reason="確認のため")
    assertNotContains(client.get(LIST), ">夜市</a>")
    services.unhide(proposal, by=staff, reason="問題がなかったため")
    services.withdraw(proposal, by=lead, reason="予算が付かなかったため")
    assertNotContains(client.get(LIST), ">夜市</a>")
    assertContains(client.get(LIST + "?status=withdrawn"), ">夜市</a>")


# --- the list for Excel -----------------------------------------------------------------------


def rows_of_csv(response) -> list[dict[str, str]]:
    heading, *rows = csv_table(response)
    return [dict(zip(heading, row, strict=True)) for row in rows]


def test_proposal_export_gives_the_list_as_filtered(client_of, lead):
    with time_machine.travel("2026-11-22T10:00+09:00", tick=False):
        mine = ProposalFactory(
            office=lead.office,
            title="=朝市",
            wished_from="2027-01-01",
            ends_on="2027-05-22",
            themes=[ThemeFactory(name="観光"), ThemeFactory(name="産業")],
        )
        ExpiredFactory()
        client = client_of(lead)
        response = client.get(offered(client.get(LIST))["CSV"])
        (row,) = rows_of_csv(response)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert "2026-11-22.csv" in response["Content-Disposition"]
    assert row == {
        "番号": str(mine.pk),
        "状態": "募集中",
        "種別": "提供できる",
        "提案の題名": "'=朝市",
        "分野": "観光、産業",
        "提案元": "福井県坂井市　企画政策課",
        "団体コード": "182109",
        "都道府県": "福井県",
        "提案の内容": mine.body,
        "希望時期": "2027年（令和9年）1月から",
        "希望する場所": "",
        "規模": "",
        "予算について": "",
        "条件": "",
        "募集期限": "2027-05-22",
        "公開の範囲": "会員と特別区",
        "申し出の数": "0",
        "回答待ちの日数": "0",
        "返信の数": "0",
        "公開日時": "2026-11-22 10:00",
        "更新日時": "2026-11-22 10:00",
        "不成立・取下げの理由": "",
        "見本": "いいえ",
    }


@pytest.mark.parametrize("query", ["", "?status=expired", "?q="])
def test_proposal_export_has_the_rows_of_the_list(client_of, lead, query):
    ProposalFactory.create_batch(2)
    ExpiredFactory()
    client = client_of(lead)
    _heading, *rows = opened(
        client, lambda ending: reverse("proposals:proposal_export", args=[ending]) + query
    )
    assert len(rows) == client.get(LIST + query).context["paginator"].count > 0


def test_proposal_export_holds_nothing_that_the_list_does_not(client_of, other_lead, lead):
    DraftFactory(office=lead.office)
    ProposalFactory(level=Level.WARDS)
    ProposalFactory(**HIDDEN)
    assert rows_of_csv(client_of(other_lead).get(EXPORT + "?q=")) == []


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_of_proposal_export(
    client_of, lead, rows, raise_on_fetch, django_assert_num_queries
):
    ProposalFactory.create_batch(rows)
    client = client_of(lead)
    client.get(EXPORT)  # the first request of a login is noted in the session
    # session, user, seats; rows, their themes
    with django_assert_num_queries(5):
        rows_of_csv(client.get(EXPORT))
