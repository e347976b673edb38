"""Journey 2: the public reads events, agreements, municipalities and news."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.moves import choose, heading

pytestmark = pytest.mark.browser


def test_the_home_page_answers_at_a_glance(visitor: Page):
    visitor.goto("/")
    heading(visitor, "ともに発展し、成長していく。地域と地域をつなぐ連携を。")
    figures = visitor.get_by_role("region", name="数字で見る連携")
    expect(figures).to_contain_text("13団体")
    expect(figures).to_contain_text("372自治体")
    expect(visitor.get_by_role("img", name="広域連携協定を結んでいる地域")).to_be_visible()
    foot = visitor.get_by_role("contentinfo")
    expect(foot).to_contain_text("03-5210-9747")
    expect(foot).to_contain_text("03-5210-9080")


def test_an_event_is_found_by_its_fiscal_year(visitor: Page):
    visitor.goto("/")
    choose(visitor, "イベント")
    narrow = visitor.locator("summary", has_text="年度・種類で絞り込む")
    if narrow.is_visible():
        narrow.click()
    visitor.get_by_role("link", name="平成27年度（2015年度）").click()
    visitor.get_by_role("link", name="黄金がに").first.click()
    main = visitor.get_by_role("main")
    expect(main).to_contain_text("2015年（平成27年）11月18日～23日")
    expect(main).to_contain_text("出典")


def test_agreements_are_counted_on_any_day_in_either_era(visitor: Page):
    visitor.goto("/")
    choose(visitor, "連携協定")
    heading(visitor, "連携協定")
    visitor.get_by_label("年", exact=True).fill("平成28")
    visitor.get_by_label("月", exact=True).fill("４")
    visitor.get_by_label("日", exact=True).fill("26")
    visitor.get_by_role("button", name="この日の状況を見る").click()
    expect(visitor).to_have_url("/agreements/?on=2016-04-26")
    expect(visitor.locator(".standing")).to_contain_text(
        "2016年（平成28年）4月26日現在、市長会・町村会3団体"
    )


def test_a_day_that_is_none_is_refused_at_its_field(visitor: Page):
    visitor.goto("/agreements/")
    visitor.get_by_label("年", exact=True).fill("平成99")
    visitor.get_by_label("月", exact=True).fill("13")
    visitor.get_by_label("日", exact=True).fill("1")
    visitor.get_by_role("button", name="この日の状況を見る").click()
    expect(visitor.get_by_role("alert")).to_be_visible()
    expect(visitor.get_by_label("年", exact=True)).to_have_value("平成99")
    assert visitor.title().startswith("エラー：")


def test_a_municipality_is_found_on_the_map_and_by_kana(visitor: Page):
    visitor.goto("/")
    choose(visitor, "市区町村")
    visitor.get_by_role("navigation", name="都道府県").get_by_role("link", name="福井").click()
    heading(visitor, "福井県の市区町村")
    visitor.get_by_role("link", name="坂井市", exact=True).click()
    heading(visitor, "福井県坂井市")
    main = visitor.get_by_role("main")
    expect(main).to_contain_text("182109")
    expect(main).to_contain_text("品川区")

    choose(visitor, "市区町村")
    visitor.get_by_label("名称、読みがな、団体コード").fill("さかいし")
    visitor.get_by_role("button", name="探す").click()
    expect(visitor.get_by_role("link", name="福井県坂井市")).to_be_visible()
    expect(visitor.get_by_role("link", name="大阪府堺市")).to_be_visible()


def test_news_and_policy_pages_are_read(visitor: Page):
    visitor.goto("/")
    choose(visitor, "お知らせ")
    expect(visitor.get_by_role("main")).not_to_contain_text("見本：登録情報の確認をお願いします")
    visitor.get_by_role("link", name="見本：会員のページを開きました").click()
    heading(visitor, "見本：会員のページを開きました")
    visitor.get_by_role("contentinfo").get_by_role(
        "link", name="ウェブアクセシビリティ方針"
    ).click()
    heading(visitor, "ウェブアクセシビリティ方針")
    expect(visitor.get_by_role("main")).to_contain_text("【事務局が定める】")


def test_a_page_that_is_not_there_says_so_with_a_telephone_number(visitor: Page):
    answer = visitor.goto("/events/999999/")
    assert answer.status == 404
    expect(visitor.get_by_role("main")).to_contain_text("03-5210-9747")


def test_a_members_page_leads_to_the_login_and_back(visitor: Page, demo):
    visitor.goto("/proposals/")
    heading(visitor, "会員ログイン")
    email = "lead@kitakami.example.lg.jp"
    visitor.get_by_label("メールアドレス").fill(email)
    visitor.get_by_label("パスワード").fill("ちがう合い言葉")
    visitor.get_by_role("button", name="ログインする").click()
    expect(visitor.get_by_role("alert")).to_contain_text("メールアドレスまたはパスワードが違います")
    visitor.get_by_label("パスワード").fill(demo.password(email))
    visitor.get_by_role("button", name="ログインする").click()
    heading(visitor, "連携提案")
