"""A lead invites; the invited person comes in by the mail's code, accepts; the lead ends the seat."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Measure, Window
from tests.browser.moves import heading, invite, told
from tests.browser.served import Demo

pytestmark = pytest.mark.browser
LEAD = "lead@sakai.example.lg.jp"


def test_a_colleague_is_invited_comes_in_and_leaves(
    member: Callable[[str], Page], visitor: Page, demo: Demo, window: Window, measure: Measure
):
    email = f"shin{window.width}@city.sakai.fukui.jp"
    lead = member(LEAD)
    name = f"新任{window.width}"
    invite(lead, email, name)

    visitor.goto("/c/")
    visitor.get_by_label("番号").fill(demo.link_code(email).lower().replace("-", " "))
    visitor.get_by_role("button", name="ページを開く").click()
    heading(visitor, "担当への招待が届いています")
    measure(visitor)
    expect(visitor.get_by_role("main")).not_to_contain_text(email)
    visitor.get_by_role("button", name="メールで番号を受け取って進む").click()
    heading(visitor, "ログイン用の番号を入力してください")
    visitor.get_by_label("メールで届いた番号").fill(demo.login_code(email))
    visitor.get_by_role("button", name="ログインする").click()
    heading(visitor, "利用規約を確認してください")
    measure(visitor)
    visitor.get_by_role("button", name="同意して進む").click()
    heading(visitor, "担当への招待に返事をしてください")
    measure(visitor)
    expect(visitor.get_by_label("姓")).to_have_value("見本")
    visitor.get_by_role("button", name="招待を承諾する").click()
    told(visitor, "招待を承諾しました")
    measure(visitor)
    expect(visitor.get_by_role("main")).to_contain_text("副担当")

    lead.reload()
    row = lead.get_by_role("row", name=re.compile(f"見本 {name}"))
    row.get_by_role("link", name="変更する").click()
    lead.get_by_role("radio", name="閲覧").check()
    lead.get_by_role("button", name="変更する").click()
    told(lead, "担当を変更しました")
    row.get_by_role("link", name="終える").click()
    heading(lead, f"見本 {name}さんの担当を終えますか")
    lead.get_by_role("button", name="担当を終える").click()
    told(lead, "までにしました")


def test_the_last_lead_is_told_what_to_do_first(member: Callable[[str], Page]):
    page = member(LEAD)
    page.get_by_role("link", name="担当者を管理する").click()
    own = page.get_by_role("row", name=re.compile("見本 主担当"))
    own.get_by_role("link", name="終える").click()
    expect(page.get_by_role("main")).to_contain_text("ご自分の担当です")
    page.get_by_role("button", name="担当を終える").click()
    expect(page.get_by_role("alert")).to_contain_text("団体の主担当がいなくなります")


def test_an_invitation_is_sent_again_and_cancelled(
    member: Callable[[str], Page], visitor: Page, demo: Demo, window: Window
):
    email = f"moto{window.width}@city.sakai.fukui.jp"
    lead = member(LEAD)
    invite(lead, email, "元任")
    code = demo.link_code(email)
    row = lead.get_by_role("row", name=re.compile(email))
    row.get_by_role("link", name="もう一度送る").click()
    lead.get_by_role("button", name="もう一度送る").click()
    told(lead, "もう一度送りました")
    visitor.goto(f"/c/{code}/")
    heading(visitor, "このリンクは、取り消されています")
    row.get_by_role("link", name="取り消す").click()
    lead.get_by_role("button", name="招待を取り消す").click()
    told(lead, "招待を取り消しました")
    expect(lead.get_by_role("main")).to_contain_text("返事を待っている招待はありません")
