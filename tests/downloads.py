"""Downloads as a person has them: the links of the page, and the files read by other programs."""

import csv
import io
import re
from collections.abc import Callable
from datetime import date, datetime
from html import unescape

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.test import Client
from python_calamine import CalamineWorkbook

# Any cell of a file: calamine gives numbers as floats.
Cell = str | float | bool | date | datetime


def offered(response: HttpResponse, what: str = "") -> dict[str, str]:
    """The downloads that a page offers: their addresses by the words of their links.

    Where it offers several files, ``what`` names one: この年度のイベント.
    """
    html = response.text.partition(f"{what}をダウンロード</p>")[2] if what else response.text
    html = html.partition("</ul>")[0] if what else html
    links = re.findall(r'<a href="([^"]*export\.[^"]*)"[^>]*>([^<]+)</a>', html)
    return {words: unescape(address) for address, words in links}


def body_of(response: HttpResponseBase) -> bytes:
    """The bytes of a file that a test's client has fetched, streamed or not."""
    assert response.status_code == 200
    return b"".join(response) if response.streaming else response.content


def csv_table(response: HttpResponseBase) -> list[list[str]]:
    """The rows of a CSV file in UTF-8, the headings first."""
    return csv_rows(body_of(response))


def csv_rows(content: bytes, encoding: str = "utf-8-sig") -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode(encoding), newline="")))


def xlsx_table(response: HttpResponseBase) -> list[list[Cell]]:
    """The rows of an Excel file's only sheet, the headings first."""
    return xlsx_rows(body_of(response))


def xlsx_rows(content: bytes) -> list[list[Cell]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    (name,) = book.sheet_names
    return book.get_sheet_by_name(name).to_python(skip_empty_area=False)


type Fetch = Callable[[Client, str], HttpResponseBase]


def opened(
    client: Client, address: Callable[[str], str], fetch: Fetch = Client.get
) -> list[list[Cell]]:
    """The table at ``address(ending)``, after a look at whether its three files agree."""
    as_csv = csv_table(fetch(client, address("csv")))
    as_xlsx = xlsx_table(fetch(client, address("xlsx")))
    joint = "&" if "?" in address("csv") else "?"
    in_cp932 = fetch(client, f"{address('csv')}{joint}encoding=cp932")
    as_cp932 = csv_rows(body_of(in_cp932), "cp932")
    heading = as_csv[0]
    assert len(set(heading)) == len(heading)
    assert all(heading)
    for table in (as_csv, as_xlsx, as_cp932):
        assert table[0] == heading
        assert len(table) == len(as_csv)
        assert {len(row) for row in table} == {len(heading)}
    return as_xlsx
