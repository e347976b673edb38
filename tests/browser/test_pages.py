"""Every page that each role may open, found by links alone, measured at every width."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from tests.answers import ROWS
from tests.browser import inspection
from tests.browser.conftest import Windows
from tests.browser.crawling import links_on, reachable, url_name
from tests.browser.moves import fill_proposal, heading, invite, told

pytestmark = pytest.mark.browser

# Who opens the pages: a column of the resolver's table, an account of the demo, and which
# pages look different for it. (Of a ward's, those of its joint projects do, and its own list.)
ACCOUNTS = {
    "anon": None,
    "lead": "lead@sakai.example.lg.jp",
    "ward": "lead@shinagawa.example.lg.jp",
    "staff": "staff@kuchokai.example.jp",
    "waited": "lead@kitakami.example.lg.jp",
}
MEMBER_ROOMS = ("portal:member_home", "portal:directory", "members:", "notices:", "proposals:")
OWN = ("account_", "mfa_", "usersessions_")
# Pages of what waits for an answer; another lead sends it, so that no journey finds it.
WAITING = (
    "members:invitation_resend",
    "members:invitation_cancel",
    "members:handover_detail",
    "members:handover_update",
    "members:handover_resend",
    "members:handover_cancel",
    "members:handover_sheet",
)
MEASURED = {
    "anon": "",
    "lead": (
        *MEMBER_ROOMS,
        *OWN,
        "events:event_create",
        "events:event_update",
        "events:event_delete",
    ),
    "ward": (
        "agreements:collaboration_",
        "agreements:report_",
        "events:collaboration_",
        "proposals:addressed_",
        "proposals:offer_create",
        "proposals:offer_draft_",
        "proposals:offer_step_down",
        "proposals:proposal_report",
        "proposals:reply_update",
    ),
    "staff": MEMBER_ROOMS,
    "waited": WAITING,
}
# Whose answers they get: another lead has those of the lead.
COLUMNS = {"waited": "lead"}
# A list that only a form leads to: a town that no journey brings in, to apply for.
SEARCHED, LISTED = "/join/?q=珠洲", "members:application_create"
# Reached by buttons, forms, redirects and mails, never by a link.
UNLINKED = {
    "core:mail_link_code",
    "account_inactive",
    "account_logout",
    "account_password_reset_completed",
    "account_reauthenticate",
    "account_signup",
    "members:login_disputed",
    "members:login_objected",
    "mfa_list_webauthn",
    "portal:site_search",
}
# A browser opens a passkey for a script alone.
SCRIPTED = {"members:passkey_login"}
# Their addresses carry a secret; the journeys that come upon them measure them.
SECRET = {"core:mail_link", "members:application_done", "notices:unsubscribe"}
FOR_MACHINES = {"healthz", "readyz"}


def is_page(name: str) -> bool:
    """Whether the address has a page: a download is a file, a probe is for machines."""
    is_file = name.endswith("_export") or name.startswith("core:attachment_")
    return not is_file and name not in FOR_MACHINES | SECRET


def pages() -> list[tuple[str, str]]:
    """Each role with the URL names that it may open (200 in the resolver's table)."""
    names = {row.split("/")[0] for row in ROWS}
    return [
        (role, name)
        for role, begins in MEASURED.items()
        for name in sorted(names)
        if name.startswith(begins)
        and is_page(name)
        and (role == "waited" or name not in WAITING)
        and any(
            codes[COLUMNS.get(role, role)] == 200
            for row, codes in ROWS.items()
            if row.split("/")[0] == name
        )
    ]


@pytest.fixture(scope="session")
def found_by(windows: Windows, signed_in: Callable[[str], Path]) -> Callable[[str], dict[str, str]]:
    """The paths that a role's account reaches by links, crawled once for each role."""
    crawled: dict[str, dict[str, str]] = {}

    def paths(role: str) -> dict[str, str]:
        if role not in crawled:
            account = ACCOUNTS[role]
            page = windows.take(state=signed_in(account) if account else None)
            if role == "waited":
                wait_for_answers(page)
            if role == "ward":
                keep_offer(page)
            wanted = {name for column, name in pages() if column == role} - UNLINKED - {LISTED}
            request, start = page.context.request, "/member/" if account else "/"
            crawled[role] = reachable(request, start, wanted)
            for link in links_on(request, SEARCHED):
                crawled[role].setdefault(url_name(link), link)
            windows.give_back(page)
        return crawled[role]

    return paths


def wait_for_answers(page: Page) -> None:
    """Invites somebody, and begins to hand the own seat over."""
    page.goto("/member/")
    invite(page, "machi@city.kitakami.iwate.jp", "待機")
    page.goto("/member/")
    page.get_by_role("link", name="自分の担当を後任の方に引き継ぐ").click()
    page.get_by_label("後任の方のメールアドレス").fill("konin@city.kitakami.iwate.jp")
    for button in ("引き継ぐ内容に進む", "確認に進む", "引継ぎを送る"):
        page.get_by_role("button", name=button).click()
    told(page, "引継ぎのメールを送りました")


def keep_offer(page: Page) -> None:
    """Begins to offer on the first proposal that takes one, and keeps it as a draft."""
    page.goto("/proposals/")
    offering = page.get_by_role("link", name="関心を伝える")
    for path in [
        url
        for url in links_on(page.context.request, "/proposals/")
        if url_name(url) == "proposals:proposal_detail"
    ]:
        page.goto(path)
        if offering.count():
            break
    offering.first.click()
    page.get_by_label("提案元に伝えること").fill("見本：共同の催しを考えています。")
    page.get_by_role("button", name="下書きに保存する").click()
    told(page, "申し出の下書きを保存しました")


@pytest.fixture
def open_as(look, signed_in) -> Callable[..., Page]:
    """A page as a role's account sees it."""

    def opened(role: str, **options) -> Page:
        account = ACCOUNTS[role]
        return look(state=signed_in(account) if account else None, **options)

    return opened


@pytest.mark.parametrize(("role", "name"), pages())
def test_page_is_reachable_readable_and_fits(role: str, name: str, found_by, open_as):
    path = reverse(name) if name in UNLINKED else found_by(role).get(name)
    assert path, f"no link leads {role} to {name}"
    page = open_as(role)
    answer = page.goto(path)
    assert answer.status == 200
    assert page.locator("h1").count() == 1
    assert page.locator("script").count() == (3 if name in SCRIPTED else 0)
    assert inspection.violations(page) == []
    assert inspection.small_targets(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert inspection.violations(page) == []
    assert inspection.small_targets(page) == []
    page.set_viewport_size({"width": 320, "height": 640})
    assert inspection.overflow(page) <= 0


@pytest.mark.parametrize(
    ("role", "path", "status"),
    [("anon", "/nothing/", 404), ("lead", "/offices/1/update/", 403), ("lead", "/admin/", 403)],
)
def test_a_refusal_is_a_page_of_the_site(role: str, path: str, status: int, open_as):
    page = open_as(role)
    assert page.goto(path).status == status
    assert page.get_by_role("banner").is_visible()
    assert page.get_by_role("contentinfo").is_visible()
    assert inspection.violations(page) == []
    page.set_viewport_size({"width": 320, "height": 640})
    assert inspection.overflow(page) <= 0


def test_the_check_page_of_a_form_is_accessible_too(open_as):
    page = open_as("lead", width=390)
    page.goto("/proposals/new/")
    page.get_by_role("button", name="入力内容を確認する").click()
    assert page.title().startswith("エラー：")
    assert inspection.violations(page) == []
    fill_proposal(page, "見本：確認のページまで")
    page.get_by_role("button", name="入力内容を確認する").click()
    heading(page, "内容を確認して公開してください")
    assert inspection.violations(page) == []
    page.set_viewport_size({"width": 320, "height": 640})
    assert inspection.overflow(page) <= 0


def test_no_page_goes_unmeasured():
    """Each address that anybody may open is opened above for at least one role."""
    opened = {row.split("/")[0] for row, codes in ROWS.items() if 200 in codes.values()}
    assert set(filter(is_page, opened)) == {name for _, name in pages()}
