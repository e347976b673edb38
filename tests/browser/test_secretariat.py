"""Journey 5: the secretariat manages the record in the admin."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser import inspection
from tests.browser.moves import fill_proposal, heading, told

pytestmark = pytest.mark.browser
# What is read at less than 14 pixels, and what is pressed or filled in at less than 44, but for
# the small signs beside a date and the field in a box of several choices.
UNDERSIZED = """() => {
  const shown = (node) => node.checkVisibility({visibilityProperty: true})
    && node.getBoundingClientRect().width > 1;
  const reads = (node) => [...node.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
  const small = [...document.querySelectorAll("#container *")].filter((node) =>
    reads(node) && shown(node) && parseFloat(getComputedStyle(node).fontSize) < 14);
  const pressed = "select, button, summary, .submit-row a, .object-tools a, .select2-selection,"
    + "input:not([type=checkbox], [type=radio], [type=file], .select2-search__field)";
  const low = [...document.querySelectorAll(`#container :is(${pressed})`)].filter((node) =>
    shown(node) && !node.matches("[id^=calendarlink], [id^=clocklink]")
    && node.getBoundingClientRect().height < 44);
  return [...small, ...low].map((node) => node.outerHTML.slice(0, 120));
}"""
# The buttons and named actions that are filled with the colour of a primary one.
SOLID = """() => [...document.querySelectorAll(
  "#content :is(.submit-row :is(a, input, button), .object-tools a)")]
  .filter((node) => getComputedStyle(node).backgroundColor === "rgb(0, 66, 140)")
  .map((node) => node.value || node.innerText)"""
PROJECT, REGISTRATION = "staff@kuchokai.example.jp", "staff@kyogikai.example.jp"
MEMBER, AUTHOR = "lead@sakai.example.lg.jp", "lead@kitakami.example.lg.jp"


@pytest.fixture
def open_as(visit: Callable[..., Page], signed_in) -> Callable[..., Page]:
    """A page of a demo account that has logged in before."""

    def opened(email: str, path: str) -> Page:
        page = visit(state=signed_in(email))
        page.goto(path)
        return page

    return opened


@pytest.fixture
def admin(open_as) -> Page:
    return open_as(PROJECT, "/admin/")


def test_a_city_is_found_by_kana_and_by_code(admin: Page):
    open_list(admin, "団体")
    find(admin, "さかい")
    expect(row_link(admin, "福井県坂井市")).to_be_visible()
    expect(row_link(admin, "大阪府堺市")).to_be_visible()
    find(admin, "182109")
    expect(row_link(admin, "福井県坂井市")).to_be_visible()
    expect(row_link(admin, "大阪府堺市")).to_have_count(0)


def test_a_telephone_number_is_corrected_on_a_callers_behalf(admin: Page, open_as):
    open_list(admin, "担当部署")
    find(admin, "182109")
    row_link(admin, "福井県坂井市").click()
    admin.get_by_role("link", name="電話などで確認・訂正を記録").click()
    admin.get_by_label("方法").select_option("電話")
    admin.get_by_label("誰から").fill("見本の担当者")
    admin.get_by_label("電話番号").fill("0776-00-9999")
    admin.get_by_role("button", name="確認・訂正を記録する").click()
    expect(admin.locator(".messagelist")).to_contain_text("電話番号の訂正）を記録しました")
    admin.get_by_role("link", name="履歴").click()
    newest = admin.get_by_role("article").first
    expect(newest).to_contain_text("特別区長会")
    expect(newest).to_contain_text("電話")
    expect(newest).to_contain_text("見本の担当者")

    member = open_as(MEMBER, "/member/")
    expect(member.get_by_role("main")).to_contain_text("0776-00-9999")
    expect(member.get_by_role("main")).to_contain_text("電話で確認")


def test_a_proposal_is_hidden_and_shown_again(admin: Page, open_as):
    title = "見本：雪の日の体験を分け合いませんか"
    author = open_as(AUTHOR, "/proposals/new/")
    fill_proposal(author, title)
    author.get_by_role("button", name="入力内容を確認する").click()
    author.get_by_role("button", name="提案を公開する").click()
    told(author, "提案を公開しました")

    open_list(admin, "連携提案")
    find(admin, title)
    row_link(admin, title).click()
    admin.get_by_role("link", name="非表示にする").click()
    admin.get_by_role("button", name="非表示にする").click()
    expect(admin.locator(".errorlist").first).to_contain_text("理由")
    admin.get_by_label("理由").fill("連絡先が本文に書かれているため")
    admin.get_by_role("button", name="非表示にする").click()
    expect(admin.locator(".messagelist")).to_contain_text("連携提案を非表示にしました")

    member = open_as(MEMBER, "/member/")
    assert member.goto(author.url).status == 404
    author.reload()
    expect(author.get_by_role("main")).to_contain_text("理由：連絡先が本文に書かれているため")

    admin.get_by_role("link", name="もう一度表示する").click()
    admin.get_by_label("理由").fill("本文が直されたため")
    admin.get_by_role("button", name="もう一度表示する").click()
    assert member.goto(author.url).status == 200


def test_an_agreement_of_two_associations_is_added(admin: Page, visit):
    title = "見本：二つの町村会との覚書"
    open_list(admin, "協定")
    admin.get_by_role("link", name="協定を追加").click()
    admin.get_by_label("題名", exact=True).fill(title)
    admin.get_by_label("種類").select_option("覚書")
    admin.get_by_label("最も早い日").fill("令和8年11月1日")
    admin.get_by_label("最も遅い日").fill("2026-11-01")
    parties = ("特別区側", "特別区長会"), ("相手方", "埼玉県町村会"), ("相手方", "千葉県町村会")
    for number, (side, name) in enumerate(parties):
        admin.locator(f"#id_parties-{number}-side").select_option(side)
        admin.locator(f"#parties-{number} .select2-selection").click()
        admin.locator(".select2-container--open .select2-search__field").fill(name)
        admin.get_by_role("option", name=name, exact=True).click()
    admin.get_by_role("button", name="保存", exact=True).click()
    expect(admin.locator(".messagelist")).to_contain_text(title)

    visitor = visit()
    visitor.goto("/agreements/")
    visitor.get_by_role("link", name=title).click()
    main = visitor.get_by_role("main")
    expect(main).to_contain_text("2026年（令和8年）11月1日")
    expect(main).to_contain_text("埼玉県町村会")
    expect(main).to_contain_text("千葉県町村会")


def test_news_is_written_and_published(admin: Page, visit):
    title = "見本：年末年始の問い合わせについて"
    open_list(admin, "お知らせ")
    admin.get_by_role("link", name="お知らせを追加").click()
    admin.get_by_label("題名").fill(title)
    admin.get_by_label("種類").select_option(index=1)
    admin.get_by_label("本文").fill("## 期間\n\n12月29日から1月3日まで **お休み** します。")
    admin.get_by_role("button", name="保存して編集を続ける").click()
    visitor = visit()
    visitor.goto("/news/")
    expect(visitor.get_by_role("link", name=title)).to_have_count(0)

    admin.get_by_role("link", name="お知らせを公開する").click()
    admin.get_by_role("button", name="お知らせを公開する").click()
    expect(admin.locator(".messagelist")).to_contain_text("お知らせを公開しました")
    visitor.reload()
    visitor.get_by_role("link", name=title).click()
    heading(visitor, title)
    expect(visitor.get_by_role("main").get_by_role("heading", name="期間")).to_be_visible()


def test_a_policy_page_is_edited(admin: Page, visit):
    open_list(admin, "固定ページ")
    row_link(admin, "著作権・リンク").click()
    admin.get_by_label("本文").fill("## リンク\n\nこのサイトへのリンクは自由です。")
    admin.get_by_role("button", name="保存", exact=True).click()
    visitor = visit()
    visitor.goto("/")
    visitor.get_by_role("contentinfo").get_by_role("link", name="著作権・リンク").click()
    expect(visitor.get_by_role("main")).to_contain_text("このサイトへのリンクは自由です。")


def test_a_list_is_downloaded_as_it_is_filtered(admin: Page):
    open_list(admin, "団体")
    find(admin, "182109")
    with admin.expect_download() as download:
        admin.get_by_role("link", name="CSVをダウンロード").click()
    content = download.value.path().read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    lines = content.decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert "182109" in lines[1]


def test_contacts_are_downloaded_for_a_purpose(admin: Page):
    open_list(admin, "担当部署")
    find(admin, "182109")
    admin.get_by_role("link", name="CSVをダウンロード").click()
    heading(admin, "担当部署をCSVでダウンロード")
    admin.get_by_role("button", name="ダウンロードする").click()
    expect(admin.locator(".errorlist")).to_contain_text("利用目的を入力してください")
    assert inspection.violations(admin, inspection.WCAG) == []
    admin.set_viewport_size({"width": 320, "height": 640})
    assert inspection.overflow(admin) <= 0
    admin.get_by_label("利用目的").fill("見本：総会の案内を郵送するため")
    with admin.expect_download() as download:
        admin.get_by_role("button", name="ダウンロードする").click()
    lines = download.value.path().read_text("utf-8-sig").splitlines()
    assert len(lines) == 2
    admin.goto("/admin/core/auditentry/")
    expect(admin.locator("#result_list")).to_contain_text("見本：総会の案内を郵送するため")


def test_the_first_page_says_what_waits_and_leads_there(admin: Page):
    waiting = admin.get_by_role("region", name="未処理の件")
    assert inspection.violations(admin, inspection.WCAG) == []
    link = admin.get_by_role("link", name="登録情報を1年以上確認していない部署")
    line = waiting.get_by_role("listitem").filter(has=link)
    number = line.locator("strong").inner_text().removesuffix("部署")
    admin.set_viewport_size({"width": 320, "height": 640})
    assert inspection.overflow(admin) <= 0
    link.click()
    expect(admin.locator(".paginator")).to_have_text(re.compile(rf"\s{number}件"))


def test_member_registration_reads_the_board_and_hides_nothing(open_as):
    page = open_as(REGISTRATION, "/admin/")
    open_list(page, "連携提案")
    page.locator("#result_list tbody th a").first.click()
    expect(page.get_by_role("link", name="非表示にする")).to_have_count(0)


def test_the_yearly_confirmation_is_followed_and_a_call_noted(open_as):
    page = open_as(REGISTRATION, "/admin/")
    open_list(page, "年度確認")
    page.get_by_role("link", name="年度確認の状況").click()
    heading(page, "年度確認の状況")
    measured(page)
    page.get_by_role("link", name="北海道", exact=False).first.click()
    page.get_by_label("状態").select_option("未回答")
    page.get_by_label("都道府県", exact=True).select_option("すべて")
    page.get_by_role("button", name="絞り込む").click()
    row = page.locator("table.answers tbody tr").first
    name = row.get_by_role("rowheader").inner_text()
    row.get_by_role("link", name="電話などで確認・訂正を記録").click()
    page.get_by_label("方法").select_option("電話")
    page.get_by_label("誰から").fill("見本の担当者")
    page.get_by_role("button", name="確認・訂正を記録する").click()
    expect(page.locator(".messagelist")).to_contain_text("変更がないこと）を記録しました")
    expect(page.locator("table.answers").get_by_text(name, exact=True)).to_have_count(0)

    page.get_by_role("link", name="未回答の電話一覧（印刷用）").click()
    page.get_by_label("利用目的").fill("電話で回答を求めるため")
    page.get_by_role("button", name="一覧を表示する").click()
    expect(page.get_by_role("columnheader", name="記入欄").first).to_be_visible()
    measured(page)


def test_a_yearly_confirmation_is_prepared_and_read_before_it_starts(open_as):
    page = open_as(REGISTRATION, "/admin/")
    open_list(page, "年度確認")
    page.get_by_role("link", name="年度確認を追加").click()
    page.get_by_role("button", name="保存して編集を続ける").click()
    page.get_by_role("link", name="メールを確かめる").click()
    page.get_by_role("link", name="部署の共用アドレスにも").click()
    page.get_by_label("団体または部署の名前").fill("坂井")
    page.get_by_role("button", name="部署を探す").click()
    expect(page.locator("#mail")).to_have_text("福井県坂井市　企画政策課（見本）へのメール")
    expect(page.locator(".mail-text")).to_contain_text("回答期限")
    measured(page)
    page.get_by_role("navigation").get_by_role("link", name="登録情報確認").click()
    page.get_by_role("link", name="年度確認を開始する").click()
    expect(page.locator("#counted")).to_contain_text("通のメールを送ります")
    measured(page)
    page.get_by_role("button", name="年度確認を開始する").click()
    expect(page.locator(".errorlist")).to_contain_text("終了してから開始してください")


def measured(page: Page) -> None:
    """No violation, wide or narrow, and nothing wider than a narrow screen."""
    assert inspection.violations(page, inspection.WCAG) == []
    size = page.viewport_size
    page.set_viewport_size({"width": 320, "height": 640})
    assert inspection.overflow(page) <= 0
    assert inspection.violations(page, inspection.WCAG) == []
    page.set_viewport_size(size)


def test_the_state_of_the_system_is_read(admin: Page):
    admin.get_by_role("link", name="システムの状態").click()
    heading(admin, "システムの状態")
    daily = admin.get_by_role("row").filter(has=admin.get_by_role("rowheader", name="毎日の処理"))
    expect(daily).to_be_visible()
    assert inspection.violations(admin, inspection.WCAG) == []
    admin.set_viewport_size({"width": 320, "height": 640})
    assert inspection.overflow(admin) <= 0
    assert inspection.violations(admin, inspection.WCAG) == []


def test_the_admin_does_not_open_for_a_member(open_as, visit):
    page = open_as(MEMBER, "/member/")
    assert page.goto("/admin/").status == 403
    assert inspection.violations(page) == []
    stranger = visit()
    stranger.goto("/admin/")
    heading(stranger, "会員ログイン")


@pytest.mark.parametrize(
    "name",
    [
        "団体",
        "担当部署",
        "利用者",
        "年度確認",
        "連携提案",
        "協定",
        "イベント",
        "お知らせ",
        "操作記録",
    ],
)
def test_lists_and_rows_of_the_admin_are_accessible(admin: Page, name: str):
    """WCAG A to 2.2 AA; Django's own markup does not keep all of axe's best practices."""
    open_list(admin, name)
    assert inspection.violations(admin, inspection.WCAG) == []
    assert admin.evaluate(UNDERSIZED) == []
    size = admin.viewport_size
    admin.set_viewport_size({"width": 320, "height": 640})
    assert inspection.overflow(admin) <= 0
    admin.set_viewport_size(size)
    admin.locator("#result_list tbody th a").first.click()
    assert inspection.violations(admin, inspection.WCAG) == []
    assert admin.evaluate(UNDERSIZED) == []
    assert len(admin.evaluate(SOLID)) <= 1


def open_list(page: Page, name: str) -> None:
    """Opens a list from the admin's first page."""
    page.locator("#content-main th").get_by_role("link", name=name, exact=True).click()


def find(page: Page, words: str) -> None:
    page.locator("#searchbar").fill(words)
    page.get_by_role("button", name="検索").click()


def row_link(page: Page, name: str):
    return page.locator("#result_list").get_by_role("link", name=name, exact=True)
