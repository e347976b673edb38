"""A lead answers the yearly request by the code of its mail, or goes on to correct."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Measure, Window
from tests.browser.moves import heading, told
from tests.browser.served import Demo

pytestmark = pytest.mark.browser

# Of the sample members that have not answered: 松江市 and 和歌山市; 高知市 for the correction.
LEADS = {1280: "lead@322016.example.lg.jp", 390: "lead@302015.example.lg.jp"}
CORRECTING = "lead@392014.example.lg.jp"


def open_by_code(visitor: Page, demo: Demo, email: str) -> None:
    visitor.goto("/c/")
    visitor.get_by_label("番号").fill(demo.link_code(email))
    visitor.get_by_role("button", name="ページを開く").click()
    heading(visitor, "登録情報を確認してください")


def test_nothing_has_changed(visitor: Page, demo: Demo, window: Window, measure: Measure):
    email = LEADS[window.width]
    open_by_code(visitor, demo, email)
    measure(visitor)
    expect(visitor.get_by_role("main")).not_to_contain_text(email)
    visitor.get_by_role("button", name="変更ありません").click()
    told(visitor, "登録情報に変更がないことを記録しました")
    measure(visitor)
    visitor.reload()
    heading(visitor, "回答は、記録しています")
    expect(visitor.get_by_role("button", name="変更ありません")).to_have_count(0)


def test_a_correction_asks_for_a_login(visitor: Page, demo: Demo):
    open_by_code(visitor, demo, CORRECTING)
    visitor.get_by_role("button", name="修正する").click()
    heading(visitor, "ログイン用の番号を入力してください")
    assert demo.login_code(CORRECTING)
    expect(visitor.get_by_role("main")).not_to_contain_text(CORRECTING)
