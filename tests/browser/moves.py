"""What visitors do on many pages, by the words they read there."""

import re

from playwright.sync_api import Page, expect


def log_in(page: Page, email: str, password: str) -> None:
    """Logs in by e-mail and password, from the login page."""
    page.goto("/accounts/login/")
    page.get_by_label("メールアドレス").fill(email)
    page.get_by_label("パスワード").fill(password)
    page.get_by_role("button", name="ログインする").click()
    page.wait_for_url(lambda url: "/accounts/login" not in url)


def log_in_by_code(page: Page, email: str, read_code) -> None:
    """Asks for a code, takes it from the mail with ``read_code``, and types it in."""
    page.goto("/")
    choose(page, "会員ログイン")
    page.get_by_role("link", name="メールで届く番号でログインする").click()
    page.get_by_label("メールアドレス").fill(email)
    page.get_by_role("button", name="番号を送る").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("ログイン用の番号を入力してください")
    page.get_by_label("メールで届いた番号").fill(read_code(email))
    page.get_by_role("button", name="ログインする").click()


def choose(page: Page, label: str) -> None:
    """Chooses from the main menu, which a small screen opens first."""
    header = page.get_by_role("banner")
    small = header.locator("summary", has_text="メニュー")
    if small.is_visible():
        small.click()
    header.get_by_role("link", name=label, exact=True).locator("visible=true").first.click()


def heading(page: Page, text: str) -> None:
    """Asserts the page's own heading."""
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


def told(page: Page, text: str) -> None:
    """Asserts the note that tells what has just been done."""
    expect(page.get_by_role("main").locator(".note--ok")).to_contain_text(text)


def fill_proposal(page: Page, title: str, *, month: str = "４") -> None:
    """Answers every required question of the form of a proposal."""
    page.get_by_label("求める（協力してほしいことがある）").check()
    page.get_by_label("提案の題名").fill(title)
    page.get_by_label("環境").check()
    page.get_by_label("提案の内容").fill("砂浜と港の清掃を行います。")
    start = page.get_by_role("group", name="希望時期（開始）")
    start.get_by_label("年").fill("令和9")
    start.get_by_label("月").fill(month)


def invite(page: Page, email: str, name: str) -> None:
    """Offers a seat, first with gaps, from the member home or the office's page."""
    page.get_by_role("link", name="担当者を管理する").click()
    heading(page, "担当者の管理")
    page.get_by_role("link", name="担当者を招待する").click()
    page.get_by_label("メールアドレス").fill("shin@")
    page.get_by_role("button", name="入力内容を確認する").click()
    expect(page.get_by_role("alert")).to_contain_text("入力内容に2件の誤りがあります")
    page.get_by_label("メールアドレス").fill(email)
    page.get_by_label("姓").fill("見本")
    page.get_by_label(re.compile(r"^\s*名")).fill(name)
    page.get_by_role("radio", name="副担当").check()
    page.get_by_role("button", name="入力内容を確認する").click()
    heading(page, "内容を確認して招待を送ってください")
    expect(page.get_by_role("main")).to_contain_text(email)
    page.get_by_role("button", name="招待を送る").click()
    told(page, f"{email} 宛てに、招待のメールを送りました")
    expect(page.get_by_role("row", name=re.compile(email))).to_contain_text("返事待ち")
