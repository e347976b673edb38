"""Journey 3: the staff of 福井県坂井市, a lead and a deputy, keep details true and propose."""

import re
from collections.abc import Callable
from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Window
from tests.browser.moves import choose, fill_proposal, heading, log_in, log_in_by_code, told
from tests.browser.served import Demo

pytestmark = pytest.mark.browser
LEAD, DEPUTY = "lead@sakai.example.lg.jp", "deputy@sakai.example.lg.jp"


def test_a_lead_logs_in_by_password_and_sees_what_awaits_them(visitor: Page, demo: Demo):
    log_in(visitor, LEAD, demo.password(LEAD))
    heading(visitor, "会員ホーム")
    waiting = visitor.get_by_role("region", name="福井県坂井市の対応を待っているもの")
    expect(waiting.get_by_role("link").first).to_be_visible()
    visitor.get_by_role("button", name="ログアウト").click()
    heading(visitor, "ともに発展し、成長していく。地域と地域をつなぐ連携を。")
    choose(visitor, "会員ログイン")


def test_a_deputy_logs_in_by_a_mailed_code(visitor: Page, demo: Demo):
    log_in_by_code(visitor, DEPUTY, demo.login_code)
    heading(visitor, "会員ホーム")
    expect(visitor.get_by_role("main")).to_contain_text("副担当")


def test_contact_details_are_changed_in_three_steps(member: Callable[[str], Page], window: Window):
    page = member(LEAD)
    extension = str(window.width)
    open_own_office(page)
    page.get_by_role("link", name="修正する").click()
    page.get_by_label("郵便番号").fill("91-05")
    page.get_by_label("電話番号").fill("０７７６－００－１２３４")
    page.get_by_label("内線").fill(f"内線{extension}")
    page.get_by_role("button", name="入力内容を確認する").click()
    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("入力内容に1件の誤りがあります")
    assert page.title().startswith("エラー：")
    expect(page.get_by_label("電話番号")).not_to_have_value("")

    page.get_by_label("郵便番号").fill("９１９−０５９２")
    page.get_by_role("button", name="入力内容を確認する").click()
    heading(page, "内容を確認して登録してください")
    expect(page.get_by_role("main")).to_contain_text("919-0592")
    page.get_by_role("main").get_by_role("button", name=re.compile("修正する.*部署名")).click()
    page.get_by_label("部署名").fill(f"総合政策課（見本{extension}）")
    page.get_by_role("button", name="入力内容を確認する").click()
    page.get_by_role("button", name="登録する").click()
    told(page, "登録情報を変更しました")
    main = page.get_by_role("main")
    expect(main).to_contain_text(extension)
    expect(main).to_contain_text(f"福井県坂井市　総合政策課（見本{extension}）　サイトで確認")
    expect(main).not_to_contain_text("1年以上確認されていません")


def test_unchanged_details_are_confirmed_by_one_button(member: Callable[[str], Page]):
    page = member(DEPUTY)
    open_own_office(page)
    page.get_by_role("button", name="変更ありません").click()
    told(page, "登録情報に変更がないことを記録しました")


def test_the_lead_passes_to_the_deputy_and_back(member: Callable[[str], Page]):
    for email, name in ((LEAD, "見本 副担当さん"), (DEPUTY, "見本 主担当さん")):
        page = member(email)
        open_own_office(page)
        page.get_by_role("link", name="修正する").click()
        page.get_by_label("郵便番号").fill("919-0592")
        page.get_by_label(name).check()
        page.get_by_role("button", name="入力内容を確認する").click()
        expect(page.get_by_role("main")).to_contain_text("変更する項目：")
        page.get_by_role("button", name="登録する").click()
        told(page, "登録情報を変更しました")


def test_a_proposal_is_published_edited_and_withdrawn(
    member: Callable[[str], Page], window: Window
):
    page = member(LEAD)
    title = f"見本：海辺の清掃を一緒に（{window.name}）"
    choose(page, "連携提案")
    page.get_by_role("link", name="提案を登録する").click()
    fill_proposal(page, title, month="13")
    page.get_by_role("button", name="入力内容を確認する").click()
    expect(page.get_by_role("alert")).to_contain_text("希望時期（開始）")
    expect(page.get_by_label("提案の題名")).to_have_value(title)
    fill_proposal(page, title)
    page.get_by_role("button", name="入力内容を確認する").click()
    heading(page, "内容を確認して公開してください")
    page.get_by_role("button", name="提案を公開する").click()
    told(page, "提案を公開しました")
    heading(page, title)

    page.get_by_role("link", name="提案を変更する", exact=True).click()
    page.get_by_label("提案の内容").fill("朝の1時間だけ、砂浜を歩きながら清掃します。")
    page.get_by_role("button", name="入力内容を確認する").click()
    page.get_by_role("button", name="提案を変更する").click()
    told(page, "提案を変更しました")
    page.get_by_role("link", name="以前の内容を見る").click()
    expect(page.get_by_role("main")).to_contain_text("砂浜と港の清掃を行います。")

    page.get_by_role("link", name=title).first.click()
    page.get_by_role("link", name="取り下げる（理由を入力）").click()
    page.get_by_role("button", name="取り下げる").click()
    expect(page.get_by_role("alert")).to_contain_text("取下げの理由")
    page.get_by_label("取下げの理由").fill("相手が決まったため")
    page.get_by_role("button", name="取り下げる").click()
    told(page, "提案を取り下げました")
    expect(page.get_by_role("main")).to_contain_text("理由：相手が決まったため")


def test_a_draft_is_continued_by_the_colleague_and_printed(
    member: Callable[[str], Page], window: Window
):
    page = member(LEAD)
    title = f"見本：図書館の本を交換（{window.name}）"
    page.goto("/proposals/new/")
    page.get_by_label("提案の題名").fill(title)
    page.get_by_role("button", name="下書きに保存する").click()
    told(page, "下書きを保存しました")

    colleague = member(DEPUTY)
    colleague.get_by_role("link", name=f"「{title}」の下書き").click()
    colleague.get_by_role("link", name="続きを書く").click()
    fill_proposal(colleague, title)
    colleague.get_by_role("button", name="下書きに保存する").click()
    told(colleague, "下書きを保存しました")
    colleague.get_by_role("link", name="決裁用に印刷する").click()
    sheet = colleague.get_by_role("article")
    expect(sheet).to_contain_text("下書き")
    expect(sheet).to_contain_text("印刷日：")
    expect(sheet).to_contain_text("砂浜と港の清掃を行います。")
    printed = colleague.pdf(format="A4")
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
    colleague.emulate_media(media="print")
    edges = "rows => rows.map(row => row.getBoundingClientRect()).map(box => [box.top, box.bottom])"
    rows = sheet.locator(".facts > div").evaluate_all(edges)
    assert all(bottom <= top + 1 for (_, bottom), (top, _) in pairwise(rows))
    colleague.emulate_media(media="screen")

    colleague.get_by_role("link", name=title).first.click()
    colleague.get_by_role("link", name="削除する").click()
    heading(colleague, "この下書きを削除しますか")
    colleague.get_by_role("button", name="削除する").click()
    told(colleague, "下書きを削除しました")


def open_own_office(page: Page) -> None:
    page.get_by_role("link", name="登録情報の確認・変更").first.click()
