"""Files: the secretariat attaches them to news, the public saves them."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import inspection
from tests.browser.conftest import Window
from tests.office_files import pdf, picture

pytestmark = pytest.mark.browser
PROJECT = "staff@kuchokai.example.jp"
NAME = "趣意書　最終版.pdf"


def chosen(name: str, data: bytes) -> dict:
    """A file as somebody chooses it on their computer."""
    return {"name": name, "mimeType": "", "buffer": data}


def test_files_of_news_from_the_admin_to_the_public(
    visit: Callable[..., Page], signed_in: Callable[[str], Path], window: Window
):
    page = visit(width=window.width, javascript=window.javascript, state=signed_in(PROJECT))
    page.goto("/admin/chronicle/news/add/")
    page.get_by_label("本文").fill("12月1日に開催します。")
    control = page.get_by_label("添付ファイル", exact=True)
    program = chosen("案内.pdf", b"MZ" + bytes(200))
    control.set_input_files([chosen(NAME, pdf()), chosen("写真.jpg", picture()), program])
    page.get_by_role("button", name="保存", exact=True).click()

    # The title is missing and one file is none: the two others stay.
    expect(page.get_by_text("題名を入力してください")).to_be_visible()
    expect(page.get_by_text("「案内.pdf」は、名前はPDFですが、中身はEXE形式です")).to_be_visible()
    expect(page.get_by_role("link", name="趣意書　最終版（PDF、1KB）")).to_be_visible()
    inspect(page, window)
    title = f"見本：総会のご案内（{window.name}）"
    page.get_by_label("題名").fill(title)
    page.get_by_role("button", name="保存して編集を続ける").click()
    expect(page.get_by_role("link", name="趣意書　最終版（PDF、1KB）")).to_be_visible()
    inspect(page, window)
    page.get_by_role("link", name="お知らせを公開する").click()
    page.get_by_role("button", name="お知らせを公開する").click()

    public = visit(width=window.width, javascript=window.javascript)
    public.goto("/news/")
    public.get_by_role("link", name=title).click()
    expect(public.locator(".attachments img")).to_be_visible()
    inspect(public, window)
    with public.expect_download() as saved:
        public.get_by_role("link", name="趣意書　最終版（PDF、1KB）").click()
    assert saved.value.suggested_filename == NAME
    assert saved.value.path().read_bytes() == pdf()


def inspect(page: Page, window: Window) -> None:
    """Asks axe about the page, which takes scripts."""
    if window.javascript:
        assert inspection.violations(page) == []
