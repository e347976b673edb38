"""Journey: a post passes to its successor, by the keyboard alone and without a script."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Measure, Window
from tests.browser.moves import heading, told
from tests.browser.served import Demo

pytestmark = pytest.mark.browser
DEPUTY = "deputy@sakai.example.lg.jp"
# More than any page has; a Tab that never comes there is a fault.
MOST_STOPS = 120


def test_a_post_passes_by_the_keyboard_alone(
    member: Callable[[str], Page], visitor: Page, demo: Demo, window: Window, measure: Measure
):
    successor = f"konin{window.width}@city.sakai.fukui.jp"
    page = member(DEPUTY)
    press(page, "自分の担当を後任の方に引き継ぐ")
    heading(page, "担当を引き継ぐ")
    type_into(page, "後任の方のメールアドレス", successor)
    type_into(page, "後任の方の姓", "見本")
    type_into(page, "後任の方の名", f"後任{window.width}")
    expect(part(page, "前任の最後の日", "月")).to_have_value("3")
    expect(part(page, "後任の最初の日", "月")).to_have_value("4")
    press(page, "引き継ぐ内容に進む")
    heading(page, "引き継ぐ内容を確かめてください")
    measure(page)
    type_into(page, "申し送り", "名簿は共有フォルダーにあります。")
    press(page, "確認に進む")
    heading(page, "内容を確認して引継ぎを送ってください")
    measure(page)
    expect(page.get_by_role("main")).to_contain_text("名簿は共有フォルダーにあります。")
    press(page, "引継ぎを送る")
    told(page, "引継ぎのメールを送りました")

    visitor.goto("/c/")
    type_into(visitor, "メールに書かれた番号", demo.link_code(successor))
    visitor.keyboard.press("Enter")
    heading(visitor, "担当の引継ぎが届いています")
    measure(visitor)
    expect(visitor.get_by_role("main")).not_to_contain_text(successor)
    press(visitor, "メールで番号を受け取って進む")
    type_into(visitor, "メールで届いた番号", demo.login_code(successor))
    visitor.keyboard.press("Enter")
    heading(visitor, "利用規約を確認してください")
    press(visitor, "同意して進む")
    heading(visitor, "担当の引継ぎに返事をしてください")
    measure(visitor)
    expect(visitor.get_by_role("main")).to_contain_text("名簿は共有フォルダーにあります。")
    press(visitor, "引継ぎを承諾する")
    heading(visitor, "引継ぎを承諾しました")
    measure(visitor)
    visitor.goto("/member/")
    expect(visitor.get_by_role("heading", level=1)).to_contain_text("4月1日から使えます")
    press(visitor, "企画政策課（見本）の引継書を読む（印刷できます）", exact=False)
    printed = visitor.pdf(format="A4")
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) <= 2

    page.reload()
    expect(page.get_by_role("main")).to_contain_text("後任の方が承諾しました")


def test_what_is_open_is_printed_at_any_time(member: Callable[[str], Page]):
    page = member(DEPUTY)
    page.get_by_role("link", name="登録情報の確認・変更").first.click()
    page.get_by_role("link", name="引継書を印刷する").click()
    sheet = page.get_by_role("article")
    expect(sheet).to_contain_text("福井県坂井市")
    expect(sheet).to_contain_text("http")
    assert page.pdf(format="A4")


def press(page: Page, name: str, *, exact: bool = True) -> None:
    """Comes to the link or button by Tab, and presses Enter."""
    reach(page, name, exact=exact)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def type_into(page: Page, label: str, text: str) -> None:
    """Comes to the field by Tab, and types over what stands there."""
    reach(page, label, exact=False)
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


def reach(page: Page, name: str, *, exact: bool) -> None:
    """Presses Tab until the control that people call ``name`` has the focus."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        called = focused_name(page)
        if called == name or (not exact and name in called):
            return
    raise AssertionError(f"Tab does not come to {name}")


def focused_name(page: Page) -> str:
    """The label of the field that has the focus, or the text of the link or button."""
    return page.evaluate(
        """() => {
            const at = document.activeElement;
            const label = at.labels && at.labels.length ? at.labels[0].innerText : "";
            return (label || at.innerText || "").trim();
        }"""
    )


def part(page: Page, group: str, label: str):
    return page.get_by_role("group", name=group).get_by_label(label)
