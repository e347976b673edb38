"""A municipality becomes a member: it applies, is called, and its people are invited."""

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Measure, Window
from tests.browser.moves import heading
from tests.browser.served import MAILED_WITHIN, Demo

pytestmark = pytest.mark.browser
REGISTRATION = "staff@kyogikai.example.jp"
# A town for each window, because each applies once: how it is looked for, and its name.
TOWNS = {1280: ("はくい", "石川県羽咋市"), 390: ("172049", "石川県輪島市")}
REASON = "住所を番地まで入力してください。"


def mailed(demo: Demo, email: str, words: str) -> str:
    """The newest mail to ``email`` that says ``words``, once it was sent."""
    deadline = time.monotonic() + MAILED_WITHIN
    while not (found := [mail for mail in demo.mail_to(email) if words in mail]):
        assert time.monotonic() < deadline, f"no mail to {email} says {words}"
        time.sleep(0.1)
    return found[-1]


def code_in(mail: str) -> str:
    found = re.search(r"^番号：(\S+)$", mail, re.MULTILINE)
    assert found
    return found[1]


@pytest.fixture
def secretary(visit, window: Window, signed_in) -> Callable[[str], Page]:
    """Opens an address of the admin as whoever registers members."""

    def opened(path: str) -> Page:
        page = visit(javascript=window.javascript, state=signed_in(REGISTRATION))
        page.goto(path)
        return page

    return opened


def test_a_town_applies_corrects_and_becomes_a_member(
    visitor: Page, window: Window, demo: Demo, secretary: Callable[[str], Page], measure: Measure
):
    query, town = TOWNS[window.width]
    lead, deputy = f"lead{window.width}@city.example.lg.jp", f"deputy{window.width}@example.com"
    fill_in(visitor, query, town, lead, deputy, measure)
    confirm(visitor, demo, lead, measure)
    heading(visitor, "申請を受け付けました")
    number = visitor.locator("dd b.num").inner_text()
    assert re.fullmatch(r"A\d{5}", number)
    measure(visitor)
    assert number in mailed(demo, lead, "会員登録の申請を受け付けました")

    admin = secretary("/admin/members/application/")
    admin.get_by_role("link", name=number, exact=True).click()
    expect(admin.locator("#content-main")).to_contain_text("要確認")
    admin.get_by_role("link", name="差し戻す", exact=True).click()
    admin.get_by_label("理由").fill(REASON)
    admin.get_by_role("button", name="差し戻す").click()
    expect(admin.locator(".messagelist")).to_contain_text("修正をお願いしました")

    correct(visitor, mailed(demo, lead, REASON), measure)
    heading(visitor, "申請を受け付けました")
    expect(visitor.locator("dd b.num")).to_have_text(number)

    approve(secretary("/admin/members/application/"), number)
    assert town in mailed(demo, lead, "会員登録を承認しました")
    for email in (lead, deputy):
        assert "招待" in mailed(demo, email, "/c/")
    visitor.goto(f"/join/?q={query}")
    visitor.get_by_role("link", name=town).click()
    heading(visitor, f"{town}は、すでに会員です")
    measure(visitor)


def fill_in(page: Page, query: str, town: str, lead: str, deputy: str, measure: Measure) -> None:
    """Finds the town and answers the form, once with gaps."""
    page.goto("/")
    page.get_by_role("contentinfo").get_by_role("link", name="会員登録のご案内").click()
    page.get_by_label("名称、読みがな、団体コード").fill(query)
    page.get_by_role("button", name="市区町村を探す").click()
    expect(page.get_by_role("link", name=town)).to_be_visible()
    measure(page)
    page.get_by_role("link", name=town).click()
    page.get_by_role("button", name="入力内容を確認する").click()
    expect(page.get_by_role("alert")).to_contain_text("入力内容に7件の誤りがあります")
    measure(page)
    answers = {
        "部署名": "総合政策課",
        "住所": "石川県見本町1",
        "電話番号": "０７６７ー２２ー１１１１",
        "主担当の姓": "見本",
        "主担当の名": "花子",
        "主担当のメールアドレス": lead,
        "副担当1の姓": "見本",
        "副担当1の名": "次郎",
        "副担当1のメールアドレス": deputy,
        "利用の目的": "連携の相手を探すため。",
    }
    for label, answer in answers.items():
        page.get_by_label(label).fill(answer)
    page.get_by_label("産業").check()
    page.get_by_role("button", name="入力内容を確認する").click()


def confirm(page: Page, demo: Demo, lead: str, measure: Measure) -> None:
    """Types the code of the mail, first a wrong one."""
    heading(page, "内容を確認して申請してください")
    measure(page)
    page.get_by_label("メールに書かれた番号").fill("AAAA-2222")
    page.get_by_role("button", name="この内容で申請する").click()
    expect(page.get_by_role("alert")).to_contain_text("番号が違うか、期限が過ぎています")
    assert page.title().startswith("エラー：")
    measure(page)
    code = code_in(mailed(demo, lead, "次の番号を"))
    page.get_by_label("メールに書かれた番号").fill(code.lower().replace("-", ""))
    page.get_by_role("button", name="この内容で申請する").click()


def correct(page: Page, mail: str, measure: Measure) -> None:
    """Types the code where the link cannot be opened, and sends the form in again."""
    page.goto("/c/")
    measure(page)
    page.get_by_label("メールに書かれた番号").fill(code_in(mail))
    page.get_by_role("button", name="ページを開く").click()
    heading(page, "申請を修正する")
    expect(page.get_by_role("main")).to_contain_text(REASON)
    measure(page)
    page.get_by_role("button", name="入力した内容を開いて直す").click()
    expect(page.get_by_label("住所")).to_be_visible()
    measure(page)
    page.get_by_label("住所").fill("石川県見本町1-1")
    page.get_by_role("button", name="入力内容を確認する").click()
    page.get_by_role("button", name="この内容で申請する").click()
    page.goto(f"/c/{code_in(mail)}/")
    heading(page, "このリンクは、使い終わっています")
    measure(page)
    page.go_back()


def approve(page: Page, number: str) -> None:
    """Notes the call, first without the tick."""
    page.get_by_role("link", name=number, exact=True).click()
    page.get_by_role("link", name="承認する", exact=True).click()
    page.get_by_label("電話した番号").fill("0767-22-0000")
    page.get_by_label("電話に出た方").fill("総務課 見本さん")
    page.get_by_label("電話した時刻").fill("00:00")
    page.get_by_role("button", name="承認する").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("自治体が公表している番号に電話して確かめた").check()
    page.get_by_role("button", name="承認する").click()
    expect(page.locator(".messagelist")).to_contain_text("招待のメールを送りました")
