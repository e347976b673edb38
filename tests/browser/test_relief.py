"""The relief in the browser: from the menu to one disaster, and the newsletter's table on paper."""

import re
import shutil
import subprocess
import unicodedata
from collections.abc import Callable
from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from tests.browser.moves import choose, heading

pytestmark = pytest.mark.browser

ROWS = 29
HEADING = "年発生時期災害名支援の内容"
PDFTOTEXT = shutil.which("pdftotext")


def test_relief_leads_from_the_menu_to_a_disaster_and_its_recipients(visitor: Page):
    visitor.goto("/")
    choose(visitor, "被災地支援")
    heading(visitor, "被災地支援")
    visitor.get_by_role("link", name="令和6年能登半島地震").first.click()
    heading(visitor, "令和6年能登半島地震")
    support = visitor.get_by_role(
        "table", name="令和6年能登半島地震（2024年（令和6年）1月）への支援"
    )
    expect(support).to_contain_text("30,000,000円")
    support.get_by_role("link", name="石川県").click()
    heading(visitor, "石川県")


def test_relief_says_each_year_in_every_row_and_shows_it_once(visit: Callable[..., Page]):
    page = visit()
    page.goto("/relief/")
    years = page.locator(".table--relief td:first-child")
    expect(years).to_have_count(ROWS)
    assert all(year.inner_text().strip() for year in years.all())
    widths = [year.locator("span").bounding_box()["width"] for year in years.all()]
    texts = [year.inner_text() for year in years.all()]
    again = [False, *(before == after for before, after in pairwise(texts))]
    assert [width <= 1 for width in widths] == again
    assert again.count(False) == 12
    # On a phone each row stands by itself and says its year.
    page.set_viewport_size({"width": 390, "height": 844})
    assert all(year.locator("span").bounding_box()["width"] > 10 for year in years.all())


def printed(page: Page) -> bytes:
    page.goto("/relief/")
    return page.pdf(prefer_css_page_size=True)


def text_of(pdf: bytes) -> list[str]:
    """The text of each page in reading order, without spaces and in plain characters."""
    command = [str(PDFTOTEXT), "-raw", "-enc", "UTF-8", "-", "-"]
    text = subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode()
    return [plain(page) for page in text.split("\f") if page.strip()]


def plain(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def test_relief_prints_on_a_few_pages_of_a4_without_what_cannot_be_pressed(visit):
    page = visit()
    pdf = printed(page)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) <= 5
    sizes = re.findall(rb"/MediaBox\s*\[([^\]]+)\]", pdf)
    assert {tuple(round(float(number)) for number in size.split()) for size in sizes} == {
        (0, 0, 595, 842)
    }
    page.emulate_media(media="print")
    for hidden in (page.locator(".downloads"), page.get_by_role("navigation")):
        assert not any(part.is_visible() for part in hidden.all())


@pytest.mark.skipif(PDFTOTEXT is None, reason="pdftotext of poppler-utils is not installed")
def test_relief_loses_no_row_on_paper(visit):
    page = visit()
    pages = text_of(printed(page))
    rows = page.locator(".table--relief tbody tr")
    expect(rows).to_have_count(ROWS)
    found = []
    for row in rows.all():
        # The year is printed in the first row of its group, the rest in every row.
        cells = plain("".join(row.locator("td, th").all_text_contents()[1:]))
        [place] = [number for number, text in enumerate(pages) if cells in text]
        found.append(place)
    assert found == sorted(found)
    # Each page that holds rows begins the table with its heading, and its first row says the year.
    for number in set(found):
        assert pages[number].count(HEADING) == 1
        assert re.match(r"[HR]\d+", pages[number].partition(HEADING)[2])
