"""A member finds a counterpart, takes the contact along, and introduces the own organization."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser import inspection
from tests.browser.conftest import Window
from tests.browser.moves import heading, told
from tests.office_files import picture

pytestmark = pytest.mark.browser
LEAD = "lead@sakai.example.lg.jp"


def test_a_counterpart_is_found_saved_and_printed(member: Callable[[str], Page], window: Window):
    page = member(LEAD)
    page.goto("/member/")
    if window.width < 1024:
        page.get_by_text("メニュー", exact=True).click()
    page.get_by_role("link", name="会員名簿").locator("visible=true").click()
    heading(page, "会員名簿")
    if window.width < 1024:
        page.locator("summary", has_text="条件で絞り込む").click()
    page.get_by_label("キーワード").fill("きたかみ")
    page.get_by_label("提供できることがある").check()
    page.get_by_role("button", name="この条件で絞り込む").click()
    row = page.get_by_role("listitem").filter(has_text="岩手県北上市")
    expect(row.get_by_role("link", name="0197-00-0001")).to_be_visible()
    row.get_by_role("link", name="政策企画課（見本）").click()
    with page.expect_download() as saved:
        page.get_by_role("button", name="連絡先を保存する（vCard）").click()
    assert saved.value.suggested_filename == "岩手県北上市　政策企画課（見本）.vcf"
    assert "TEL;TYPE=WORK,VOICE,PREF:0197-00-0001" in saved.value.path().read_text()
    page.get_by_role("button", name="印刷用の連絡先を開く").click()
    expect(page.get_by_role("main")).to_contain_text("印刷日：")
    inspect(page, window)


def test_an_organization_introduces_itself(
    member: Callable[[str], Page], visit: Callable[..., Page], window: Window
):
    page = member(LEAD)
    page.goto("/directory/?q=坂井")
    page.get_by_role("link", name="福井県坂井市", exact=True).click()
    page.get_by_role("link", name="紹介を修正する").click()
    page.get_by_label("特色・得意なこと").fill(f"見本：港の朝市（{window.name}）")
    photo = {"name": "港.jpg", "mimeType": "", "buffer": picture()}
    page.locator("input[type=file]").set_input_files(photo)
    page.get_by_label("写真の説明").fill("")
    page.get_by_role("button", name="入力内容を確認する").click()
    expect(page.get_by_role("alert")).to_contain_text("写真の説明を入力してください")
    inspect(page, window)
    page.get_by_label("写真の説明").fill("朝市に並ぶ魚")
    page.get_by_role("button", name="入力内容を確認する").click()
    heading(page, "内容を確認して公開してください")
    inspect(page, window)
    page.get_by_role("button", name="紹介を公開する").click()
    told(page, "団体の紹介を変更しました")
    address = page.url

    public = visit(width=window.width, javascript=window.javascript)
    public.goto(address)
    expect(public.get_by_role("img", name="朝市に並ぶ魚")).to_be_visible()
    expect(public.get_by_role("main")).to_contain_text(f"港の朝市（{window.name}）")
    expect(public.get_by_role("main")).not_to_contain_text("0776-00")
    inspect(public, window)


def inspect(page: Page, window: Window) -> None:
    """Asks axe about the page, which takes scripts."""
    if window.javascript:
        assert inspection.violations(page) == []
