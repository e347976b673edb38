"""The second factor in a real browser, under the strict policy: an app's numbers and a passkey.

The demo is served a second time, at ``localhost``, to which alone browsers allow passkeys
without TLS, and with the second factor switched on as in production.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import inspection
from tests.browser.conftest import TIMEOUT
from tests.browser.moves import heading, log_in
from tests.browser.served import Demo, running
from tests.browser.watching import Complaints
from tests.members.people.factors import totp

pytestmark = pytest.mark.browser
APP, KEY = "staff@kuchokai.example.jp", "staff@kyogikai.example.jp"
ADMIN = "事務局の管理画面"


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    directory = tmp_path_factory.mktemp("guarded")
    with running(directory, host="localhost", RENKEI_SECOND_FACTOR="1") as demo:
        yield demo


@pytest.fixture
def page(guarded: Demo, browser: Browser) -> Iterator[Page]:
    """A page at ``localhost`` that may complain of nothing, with a device that holds passkeys."""
    complaints = Complaints()
    context = browser.new_context(base_url=guarded.url, locale="ja-JP")
    context.set_default_timeout(TIMEOUT)
    page = context.new_page()
    complaints.watch(page)
    device = context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    yield page
    context.close()
    assert not complaints.heard, "\n".join(complaints.heard)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def follow(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).click()


def enter(page: Page, guarded: Demo, email: str) -> None:
    """Logs in by password and goes to the admin, which leads to the enrolment page."""
    log_in(page, email, guarded.password(email))
    page.goto("/admin/")
    heading(page, "二段階の確認")
    expect(page.get_by_text("管理画面を開くには、二段階の確認が要ります")).to_be_visible()


def confirm_password(page: Page, guarded: Demo, email: str) -> None:
    heading(page, "ご本人であることを確認します")
    page.get_by_label("パスワード").fill(guarded.password(email))
    press(page, "パスワードで確認する")


def told(page: Page, text: str) -> None:
    """Asserts one of the notes that tell what has just been done."""
    expect(page.get_by_role("status").filter(has_text=text)).to_be_visible()


def fits(page: Page) -> None:
    """Readable for everybody, at every width."""
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 900})
        assert inspection.violations(page) == []
        assert inspection.overflow(page) <= 0


def test_an_app_is_set_up_and_asked_for_at_the_next_login(page: Page, guarded: Demo):
    enter(page, guarded, APP)
    follow(page, "認証アプリを登録する")
    confirm_password(page, guarded, APP)
    heading(page, "認証アプリの登録")
    shown = page.get_by_alt_text("認証アプリで読み取る図")
    assert shown.evaluate("picture => picture.complete && picture.naturalWidth > 0")
    secret = page.locator("code").inner_text()
    fits(page)
    page.get_by_label("認証アプリに表示された6桁の番号").fill(totp(secret))
    press(page, "認証アプリを登録する")
    told(page, "認証アプリを登録しました。")
    heading(page, "予備の番号")
    recovery = page.locator(".codes li").all_inner_texts()
    assert len(recovery) == 10
    fits(page)

    follow(page, "管理画面へ進む")
    page.get_by_label("認証アプリの6桁の番号、または予備の番号").fill(totp(secret))
    press(page, "番号で確認する")
    heading(page, ADMIN)

    page.context.clear_cookies()
    log_in(page, APP, guarded.password(APP))
    heading(page, "もう一つの方法で確認してください")
    fits(page)
    page.get_by_label("認証アプリの6桁の番号、または予備の番号").fill(recovery[0])
    press(page, "ログインする")
    heading(page, "会員ホーム")
    page.goto("/admin/")
    heading(page, ADMIN)
    expect(page.get_by_text("二段階の確認を切っています")).to_have_count(0)


def test_a_passkey_is_set_up_and_is_a_login_of_its_own(page: Page, guarded: Demo):
    enter(page, guarded, KEY)
    follow(page, "パスキーを登録する")
    confirm_password(page, guarded, KEY)
    heading(page, "パスキーの登録")
    fits(page)
    page.get_by_label("名前").fill("庁内のパソコン")
    page.get_by_label("パスワードを使わずに、これだけでログインする").check()
    press(page, "パスキーを登録する")
    told(page, "パスキーを登録しました。")
    heading(page, "予備の番号")
    page.goto("/accounts/2fa/webauthn/")
    expect(page.get_by_role("heading", name="庁内のパソコン")).to_be_visible()
    expect(page.get_by_text("これだけでログインできます。")).to_be_visible()
    fits(page)

    # Used, and not only registered, it opens the admin.
    page.goto("/admin/")
    heading(page, "ご本人であることを確認します")
    fits(page)
    press(page, "パスキーで確認する")
    heading(page, ADMIN)

    # As the second step after the password.
    page.context.clear_cookies()
    log_in(page, KEY, guarded.password(KEY))
    fits(page)
    press(page, "パスキーで確認する")
    heading(page, "会員ホーム")

    # By itself, from the login page that the admin led to.
    page.context.clear_cookies()
    page.goto("/admin/")
    follow(page, "パスキーでログインする")
    heading(page, "パスキーでログインする")
    fits(page)
    press(page, "パスキーを使う")
    heading(page, ADMIN)

    page.goto("/accounts/2fa/webauthn/")
    page.get_by_role("link", name="登録を外す").click()
    confirm_password(page, guarded, KEY)
    heading(page, "「庁内のパソコン」の登録を外しますか")
    fits(page)
    press(page, "登録を外す")
    told(page, "パスキーの登録を外しました。")
    page.goto("/admin/")
    heading(page, "二段階の確認")


def test_whoever_cancels_is_told_so(page: Page, guarded: Demo):
    page.goto("/account/passkey/")
    # A device that knows no passkey of the portal answers as one whose owner has cancelled.
    press(page, "パスキーを使う")
    expect(page.get_by_role("alert")).to_contain_text("パスキーを確認できませんでした")
    expect(page.get_by_role("alert")).to_be_focused()


def test_without_a_script_the_page_says_what_is_missing(browser: Browser, guarded: Demo):
    context = browser.new_context(base_url=guarded.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/account/passkey/")
    expect(page.get_by_text("JavaScriptを使える設定の、新しいブラウザーが要ります")).to_be_visible()
    expect(page.get_by_role("button", name="パスキーを使う")).to_have_count(0)
    follow(page, "パスワードでログインする")
    heading(page, "会員ログイン")
    context.close()
