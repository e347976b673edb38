"""Tables of the admin on their way out and back, as the tests of editing them need it."""

import csv
import io
from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Model
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from tests.downloads import body_of
from tests.secretariat import exported

# The three files that every list offers: ending and encoding.
FILES = {"xlsx": ("xlsx", ""), "utf-8": ("csv", ""), "cp932": ("csv", "cp932")}
REASON = "4月の異動の反映"

# Changes the cells of a line, given by heading; what it returns False for is left out.
type Edit = Callable[[dict[str, Any]], Any]


def url(model: type[Model], page: str, *args: object, **query: str) -> str:
    name = f"admin:{model._meta.label_lower.replace('.', '_')}_{page}"
    return reverse(name, args=args, query=query)


def file_of(client: Client, model: type[Model], kind: str = "xlsx", **filters: str) -> bytes:
    """The list's file as somebody downloads it."""
    ending, encoding = FILES[kind]
    query = {**filters, **({"encoding": encoding} if encoding else {})}
    return body_of(exported(client, url(model, "export", ending, **query)))


def edited(data: bytes, kind: str, edit: Edit) -> bytes:
    """The file after ``edit`` has seen each of its lines."""
    if kind == "xlsx":
        return _edited_workbook(data, edit)
    encoding = "cp932" if kind == "cp932" else "utf-8-sig"
    lines = list(csv.DictReader(io.StringIO(data.decode(encoding), newline="")))
    text = io.StringIO()
    writer = csv.DictWriter(text, list(lines[0]))
    writer.writeheader()
    writer.writerows([line for line in lines if edit(line) is not False])
    return text.getvalue().encode(encoding)


def _edited_workbook(data: bytes, edit: Edit) -> bytes:
    book = load_workbook(io.BytesIO(data))
    (tab,) = book.worksheets
    headings = [cell.value for cell in tab[1]]
    for row in list(tab.iter_rows(min_row=2)):
        line = {heading: cell.value for heading, cell in zip(headings, row, strict=True)}
        before = dict(line)
        if edit(line) is False:
            for cell in row:
                cell.value = None
            continue
        for heading, cell in zip(headings, row, strict=True):
            if line[heading] != before[heading]:
                cell.value = line[heading]
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def sent_back(client: Client, model: type[Model], data: bytes, kind: str = "xlsx") -> HttpResponse:
    """The preview of the file, or the form that refuses it."""
    file = SimpleUploadedFile(f"表.{FILES[kind][0]}", data)
    return client.post(url(model, "edited"), {"file": file}, follow=True)


def round_trip(
    client: Client, model: type[Model], edit: Edit, kind: str = "xlsx", **filters: str
) -> HttpResponse:
    """The preview of the list's file after ``edit``."""
    data = edited(file_of(client, model, kind, **filters), kind, edit)
    return sent_back(client, model, data, kind)


def pressed(client: Client, page: HttpResponse, step: str = "import", **data: str) -> HttpResponse:
    """The page that a button of the preview leads to."""
    form = {
        "step": step,
        "token": page.context["token"],
        "digest": page.context["found"].digest,
        "reason": REASON,
    }
    return client.post(page.redirect_chain[-1][0], form | data, follow=True)


def reasons(page: HttpResponse) -> list[tuple[int, str, str]]:
    return [(p.number, p.heading, p.reason) for p in page.context["found"].problems]


def changes(page: HttpResponse) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """What a preview shows: each row, and its fields before and after."""
    return [
        (
            str(edit.row),
            [(cell.column.heading, *cell.shown) for cell in edit.cells],
        )
        for edit in page.context["found"].edited
    ]
