"""Journey 4: the staff of 品川区 confirm their details, propose as a ward, and get a reply."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import WINDOWS, Window
from tests.browser.moves import choose, fill_proposal, heading, log_in, told
from tests.browser.served import Demo
from tests.office_files import pdf

pytestmark = pytest.mark.browser
WARD, MEMBER = "lead@shinagawa.example.lg.jp", "lead@sakai.example.lg.jp"


def test_a_ward_logs_in_and_reads_what_is_for_wards_only(visitor: Page, demo: Demo):
    log_in(visitor, WARD, demo.password(WARD))
    heading(visitor, "会員ホーム")
    choose(visitor, "連携提案")
    for_wards = "見本：（特別区だけ）共同で開く物産展の会場を相談したい"
    visitor.get_by_role("link", name=for_wards).click()
    expect(visitor.get_by_role("main")).to_contain_text("特別区だけ")


def test_a_ward_confirms_and_changes_its_details(member: Callable[[str], Page], window: Window):
    page = member(WARD)
    page.get_by_role("link", name="登録情報の確認・変更").first.click()
    page.get_by_role("button", name="変更ありません").click()
    told(page, "登録情報に変更がないことを記録しました")
    page.get_by_role("link", name="修正する").click()
    page.get_by_label("郵便番号").fill("140-8715")
    page.get_by_label("住所").fill(f"東京都品川区見本町1-1 {window.width}")
    page.get_by_role("button", name="入力内容を確認する").click()
    page.get_by_role("button", name="登録する").click()
    told(page, "登録情報を変更しました")


def test_a_proposal_of_the_ward_is_answered_by_a_member(
    member: Callable[[str], Page], window: Window
):
    ward, other = member(WARD), member(MEMBER)
    title = f"見本：川の生きもの調べ（{window.name}）"
    choose_new(ward)
    fill_proposal(ward, title)
    ward.get_by_role("button", name="入力内容を確認する").click()
    ward.get_by_role("button", name="提案を公開する").click()
    told(ward, "提案を公開しました")

    other.goto("/proposals/")
    other.get_by_role("link", name=title).click()
    other.get_by_role("button", name="返信する").click()
    expect(other.get_by_role("alert")).to_contain_text("返信の内容を入力してください")
    other.get_by_role("textbox", name="返信").fill("当市の川でも同じ調べをしています。")
    other.get_by_role("button", name="返信する").click()
    told(other, "返信しました")

    ward.goto("/member/")
    ward.get_by_role("link", name=f"「{title}」への福井県坂井市からの返信").click()
    expect(ward.get_by_role("main")).to_contain_text("当市の川でも同じ調べをしています。")


@pytest.mark.parametrize("window", WINDOWS[:1], ids=["desktop"], indirect=True)
def test_a_ward_offers_and_the_author_talks_and_accepts(
    member: Callable[[str], Page], window: Window, tmp_path: Path
):
    author, ward = member(MEMBER), member(WARD)
    title = f"見本：里山の手入れを手伝う区を求めます（{window.name}）"
    choose_new(author)
    fill_proposal(author, title)
    author.get_by_role("button", name="入力内容を確認する").click()
    expect(author.get_by_role("main")).to_contain_text("人に届きます")
    author.get_by_role("button", name="提案を公開する").click()

    ward.goto("/proposals/?waiting=yes")
    ward.get_by_role("link", name=title).click()
    ward.get_by_role("link", name="関心を伝える").click()
    ward.get_by_role("button", name="入力内容を確認する").click()
    expect(ward.get_by_role("alert")).to_contain_text("提案元に伝えることを入力してください")
    ward.get_by_label("提案元に伝えること").fill("区民の参加を募れます。")
    ward.get_by_role("button", name="入力内容を確認する").click()
    ward.get_by_role("button", name="関心を伝える").click()
    told(ward, "福井県坂井市に関心を伝えました")

    author.goto("/member/")
    author.get_by_role("link", name=f"「{title}」への東京都品川区からの申し出").click()
    author.get_by_role("button", name="協議を始める").click()
    told(author, "協議を始めました")
    plan = tmp_path / "日程案.pdf"
    plan.write_bytes(pdf())
    author.get_by_role("textbox", name="メッセージ").fill("日程の案を送ります。")
    author.get_by_label("添付ファイル").set_input_files(plan)
    author.get_by_role("button", name="メッセージを送る").click()
    told(author, "メッセージを送りました")

    ward.reload()
    expect(ward.get_by_role("link", name="日程案（PDF")).to_be_visible()
    author.get_by_role("link", name="受諾する").click()
    author.get_by_role("button", name="受諾する").click()
    told(author, "を計画中として登録しました")
    ward.reload()
    ward.get_by_role("main").get_by_role("link", name=title).last.click()
    heading(ward, title)


def test_a_proposal_for_wards_only_does_not_exist_for_a_member(
    member: Callable[[str], Page], window: Window
):
    ward, other = member(WARD), member(MEMBER)
    choose_new(ward)
    fill_proposal(ward, f"見本：区の合同研修（{window.name}）")
    ward.get_by_label("特別区だけ").check()
    ward.get_by_role("button", name="入力内容を確認する").click()
    ward.get_by_role("button", name="提案を公開する").click()
    told(ward, "提案を公開しました")
    assert other.goto(ward.url).status == 404


def choose_new(page: Page) -> None:
    choose(page, "連携提案")
    page.get_by_role("link", name="提案を登録する").click()
