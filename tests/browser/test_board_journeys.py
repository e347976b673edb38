"""Journey 6: the board from a draft to a joint project, on a phone and without a script."""

import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import inspection
from tests.browser.moves import choose, fill_proposal, heading, told
from tests.browser.served import MAILED_WITHIN, Demo
from tests.office_files import pdf

pytestmark = pytest.mark.browser
MEMBER, OTHER = "lead@sakai.example.lg.jp", "lead@kitakami.example.lg.jp"
WARD, STAFF = "lead@shinagawa.example.lg.jp", "staff@kuchokai.example.jp"


@pytest.fixture
def phone(visit: Callable[..., Page], signed_in: Callable[[str], Path]) -> Callable[[str], Page]:
    """The member home of a demo account, 390 pixels wide and without a script."""

    def opened(email: str) -> Page:
        page = visit(width=390, javascript=False, state=signed_in(email))
        page.goto("/member/")
        return page

    return opened


def test_a_draft_becomes_a_joint_project(phone, demo: Demo):
    title = "見本：里山の炭焼き小屋を一緒に直しませんか"
    author, ward = phone(MEMBER), phone(WARD)
    save_draft(author, title)
    author.get_by_role("link", name="続きを書く").click()
    fill_proposal(author, title)
    publish(author)

    choose(ward, "連携提案")
    ward.locator("summary", has_text="条件で絞り込む").click()
    ward.get_by_label("キーワード").fill("炭焼き　小屋")
    ward.get_by_role("button", name="この条件で絞り込む").click()
    ward.get_by_role("link", name=title).click()
    ward.get_by_role("button", name="フォローする").click()
    told(ward, "フォローしました")
    offer(ward, "区民の参加を募れます。")
    told(ward, "福井県坂井市に関心を伝えました")

    read_notice(author, f"提案「{title}」に東京都品川区から申し出がありました")
    author.get_by_role("button", name="協議を始める").click()
    told(author, "協議を始めました")
    talk = author.url
    send(author, "日程の案を送ります。", "日程案.pdf")
    read_notice(ward, f"提案「{title}」の協議に、福井県坂井市からメッセージが届きました")
    expect(ward.get_by_role("link", name="日程案（PDF")).to_be_visible()
    send(ward, "会場の図面を送ります。", "図面.pdf")

    stranger = phone(OTHER)
    assert stranger.goto(talk).status == 404
    grid = phone(STAFF)
    grid.get_by_role("link", name="提案と特別区の一覧表を見る").click()
    expect(grid.get_by_role("row", name=title)).to_contain_text("協議中")
    grid.get_by_role("row", name=title).get_by_role("link", name="協議中").click()
    expect(grid.get_by_role("main")).to_contain_text("協議の内容は表示していません")
    expect(grid.get_by_role("main")).not_to_contain_text("日程の案を送ります。")

    author.reload()
    expect(author.get_by_role("link", name="図面（PDF")).to_be_visible()
    author.get_by_role("link", name="受諾する").click()
    author.get_by_role("button", name="受諾する").click()
    told(author, "を計画中として登録しました")
    for page in (author, ward):
        page.goto(talk)
        page.get_by_role("definition").get_by_role("link", name=title).last.click()
        heading(page, title)
        expect(page.get_by_role("main")).to_contain_text("計画中")
    ward.goto("/member/")
    ward.get_by_role("link", name="自分の区への提案を見る").click()
    ward.get_by_role("link", name="すべて", exact=True).click()
    row = ward.get_by_role("listitem").filter(has_text=title)
    expect(row.get_by_text("受諾", exact=True)).to_be_visible()
    assert all(inspection.overflow(page) <= 0 for page in (author, ward, grid))


def test_of_several_offers_one_is_declined_and_no_more_are_taken(phone, visit, demo: Demo):
    title = "見本：駅前の広場で各地の漬物を紹介します"
    ward, member, other = phone(WARD), phone(MEMBER), phone(OTHER)
    choose(ward, "連携提案")
    ward.get_by_role("link", name="提案を登録する").click()
    fill_proposal(ward, title)
    publish(ward)
    page_of_it = ward.url
    for page, words in ((member, "らっきょうの漬物です。"), (other, "きゅうりの漬物です。")):
        page.goto(page_of_it)
        offer(page, words)
        told(page, "東京都品川区に関心を伝えました")
    assert member.goto(other.url).status == 404

    ward.reload()
    expect(ward.get_by_role("main")).to_contain_text("会員からの申し出 2件")
    ward.get_by_role("link", name="岩手県北上市からの申し出").click()
    ward.get_by_role("link", name="見送る（理由を入力）").click()
    ward.get_by_role("button", name="見送る").click()
    expect(ward.get_by_role("alert")).to_contain_text("見送りの理由を入力してください")
    ward.get_by_label("見送りの理由").fill("場所が埋まったため")
    ward.get_by_role("button", name="見送る").click()
    told(ward, "申し出を見送りました")
    read_notice(other, f"提案「{title}」への岩手県北上市の申し出は、見送りになりました")
    expect(other.get_by_role("main")).to_contain_text("理由：場所が埋まったため")

    ward.goto(page_of_it)
    ward.get_by_role("button", name="申し出の受付を止める").click()
    told(ward, "新しい申し出の受付を止めました")
    other.goto(page_of_it)
    expect(other.get_by_role("main")).to_contain_text("新しい申し出の受付を止めています")
    expect(other.get_by_role("link", name="関心を伝える")).to_have_count(0)

    anybody = visit(width=390, javascript=False)
    anybody.goto(unsubscribe_address(demo, OTHER, title))
    heading(anybody, "次のメールを止めますか")
    anybody.get_by_role("button", name="メールを止める").click()
    told(anybody, "メールを止めました")
    heading(anybody, "この種類のメールは止まっています")


def test_a_reply_is_reported_hidden_and_its_author_told_why(phone, visit, signed_in):
    said, title = "担当の携帯電話は見本です。", "見本：川下りの舟を貸し出します"
    author, writer, reporter = phone(MEMBER), phone(WARD), phone(OTHER)
    author.goto("/proposals/new/")
    fill_proposal(author, title)
    publish(author)
    writer.goto(author.url)
    writer.get_by_label("返信の内容").fill(said)
    writer.get_by_role("button", name="返信する").click()
    reporter.goto(author.url)
    reporter.get_by_role("link", name=re.compile("^事務局に通報する")).click()
    reporter.get_by_label("通報の理由").fill("個人の電話番号が書かれています。")
    reporter.get_by_role("button", name="事務局に通報する").click()
    told(reporter, "事務局に通報しました")

    staff = visit(javascript=False, state=signed_in(STAFF))
    staff.goto("/admin/")
    staff.get_by_role("link", name="通報・協議の確認の依頼").click()
    staff.locator("#result_list tbody tr", has_text=said).locator("th a").click()
    report = staff.url
    staff.get_by_role("link", name=re.compile(said)).first.click()
    staff.get_by_role("link", name="非表示にする").click()
    staff.get_by_label("理由").fill("個人の連絡先が書かれているため")
    staff.get_by_role("button", name="非表示にする").click()
    expect(staff.locator(".messagelist")).to_contain_text("返信を非表示にしました")
    staff.goto(report)
    staff.get_by_role("link", name="処理の結果を記録する").click()
    staff.get_by_label("結果").select_option("対応した")
    staff.get_by_label("処理の内容").fill("返信を非表示にしました。")
    staff.get_by_role("button", name="処理の結果を記録する").click()

    reporter.goto(author.url)
    expect(reporter.get_by_role("main")).not_to_contain_text(said)
    read_notice(writer, f"事務局が、提案「{title}」への返信を非表示にしました")
    expect(writer.get_by_role("main")).to_contain_text("理由：個人の連絡先が書かれているため")
    author.reload()
    expect(author.get_by_role("main")).to_contain_text("回答待ち 0日")


def save_draft(page: Page, title: str) -> None:
    """Begins a proposal from the menu and keeps it as it is."""
    choose(page, "連携提案")
    page.get_by_role("link", name="提案を登録する").click()
    page.get_by_label("提案の題名").fill(title)
    page.get_by_role("button", name="下書きに保存する").click()
    told(page, "下書きを保存しました")


def publish(page: Page) -> None:
    """Goes from the filled form over the check page to the board."""
    page.get_by_role("button", name="入力内容を確認する").click()
    heading(page, "内容を確認して公開してください")
    # A ward's to all members is told to nobody at first: then it says so.
    expect(page.get_by_role("main")).to_contain_text(
        re.compile("人に届きます|通知が届く方はいません")
    )
    page.get_by_role("button", name="提案を公開する").click()
    told(page, "提案を公開しました")


def offer(page: Page, words: str) -> None:
    """Offers on the proposal that the page shows."""
    page.get_by_role("link", name="関心を伝える").click()
    page.get_by_label("提案元に伝えること").fill(words)
    page.get_by_role("button", name="入力内容を確認する").click()
    page.get_by_role("button", name="関心を伝える").click()


def send(page: Page, words: str, name: str) -> None:
    """Says something in the talk that the page shows, with a file."""
    page.get_by_role("textbox", name="メッセージ").fill(words)
    file = {"name": name, "mimeType": "application/pdf", "buffer": pdf()}
    page.get_by_label("添付ファイル").set_input_files([file])
    page.get_by_role("button", name="メッセージを送る").click()
    told(page, "メッセージを送りました")


def read_notice(page: Page, text: str) -> None:
    """Goes over the inbox to what a notice tells of."""
    page.get_by_role("banner").get_by_role("link", name=re.compile("^通知")).click()
    page.get_by_role("link", name=text, exact=True).click()


def unsubscribe_address(demo: Demo, email: str, subject: str) -> str:
    """The link that stops such mails, from one about ``subject``, once the worker has sent it."""
    deadline = time.monotonic() + MAILED_WITHIN
    while not (mails := [mail for mail in demo.mail_to(email) if subject in mail]):
        assert time.monotonic() < deadline, f"no mail about {subject} to {email}"
        time.sleep(0.1)
    return re.findall(r"^https?://[^/]+(/unsubscribe/\S+)$", mails[-1], re.MULTILINE)[0]
