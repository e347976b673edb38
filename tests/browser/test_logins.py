"""A login address is changed, the old mailbox objects by its code, the secretariat settles.

On a phone without a script, as in an office whose mail is read on another computer.
"""

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser import inspection
from tests.browser.moves import choose, heading, log_in
from tests.browser.served import MAILED_WITHIN, Demo

pytestmark = pytest.mark.browser
OLD, NEW = "shared@hokkaido.example.jp", "new@hokkaido.example.jp"
REGISTRATION = "staff@kyogikai.example.jp"


@pytest.fixture
def phone(visit: Callable[..., Page]) -> Callable[..., Page]:
    return lambda **options: visit(width=390, javascript=False, **options)


def objection_code(demo: Demo) -> str:
    """The code in the mail to the old address, once the worker has sent it."""
    deadline = time.monotonic() + MAILED_WITHIN
    while not (codes := re.findall(r"^番号：(\S+)$", "\n".join(demo.mail_to(OLD)), re.MULTILINE)):
        assert time.monotonic() < deadline, "the old address was not told"
        time.sleep(0.1)
    return codes[-1]


def ask_for_code(page: Page, email: str, code: Callable[[str], str]) -> None:
    """Logs in by a mailed code, from the home page."""
    page.goto("/")
    choose(page, "会員ログイン")
    page.get_by_role("link", name="メールで届く番号でログインする").click()
    page.get_by_label("メールアドレス").fill(email)
    page.get_by_role("button", name="番号を送る").click()
    page.get_by_label("メールで届いた番号").fill(code(email))
    page.get_by_role("button", name="ログインする").click()


def is_accessible(visit: Callable[..., Page], url: str) -> None:
    """Measures a page whose address is secret, in a window with scripts, which axe is."""
    page = visit(width=390)
    page.goto(url)
    assert inspection.violations(page) == []
    assert inspection.overflow(page) == 0


def change_address(page: Page, demo: Demo) -> None:
    log_in(page, OLD, demo.password(OLD))
    page.get_by_role("link", name="アカウント設定").click()
    page.get_by_role("link", name="メールアドレスの変更").click()
    page.get_by_label("メールアドレス").fill(NEW)
    page.get_by_role("button", name="確認番号を送る").click()
    page.get_by_label("パスワード").fill(demo.password(OLD))
    page.get_by_role("main").get_by_role("button").first.click()
    page.get_by_label("メールで届いた番号").fill(demo.login_code(NEW))
    page.get_by_role("main").get_by_role("button").first.click()
    expect(page.get_by_role("main")).to_contain_text(NEW)


def test_the_old_mailbox_objects_and_the_secretariat_gives_it_back(
    phone: Callable[..., Page], visit: Callable[..., Page], demo: Demo, signed_in
):
    user = phone()
    change_address(user, demo)

    visitor = phone()
    visitor.goto("/c/")
    visitor.get_by_label("番号").fill(objection_code(demo).lower())
    visitor.get_by_role("button", name="ページを開く").click()
    heading(visitor, "このメールアドレスの変更に、心当たりはありますか")
    expect(visitor.get_by_role("main")).not_to_contain_text(NEW)
    is_accessible(visit, visitor.url)
    visitor.get_by_role("button", name="心当たりがないので、利用を止める").click()
    heading(visitor, "利用を止めました")
    is_accessible(visit, visitor.url)

    user.goto("/member/")
    heading(user, "会員ログイン")
    ask_for_code(visitor, NEW, demo.login_code)
    heading(visitor, "この利用者のログインを止めています")
    is_accessible(visit, visitor.url)
    expect(visitor.get_by_role("main")).to_contain_text("事務局が確認するまで")

    staff = phone(state=signed_in(REGISTRATION))
    staff.goto("/admin/members/loginchange/?objection=open")
    staff.get_by_role("main").get_by_role("link", name=re.compile("共用")).first.click()
    staff.get_by_role("link", name="前のアドレスに戻す").click()
    staff.get_by_label("理由").fill("電話で本人に確認（見本）")
    staff.get_by_role("button", name="前のアドレスに戻す").click()
    expect(staff.locator(".messagelist")).to_contain_text("両方のアドレスにお知らせしました")

    ask_for_code(visitor, OLD, demo.login_code)
    heading(visitor, "会員ホーム")
