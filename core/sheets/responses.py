"""A table as the answer to a request, by the ending of its address."""

from dataclasses import replace
from urllib.parse import quote

from django.http import FileResponse, Http404, StreamingHttpResponse
from django.http.response import HttpResponseBase

from core.dates import today
from core.sheets.columns import Sheet
from core.sheets.csv import csv_bytes
from core.sheets.formats import Carrier, Encoding, Format
from core.sheets.xlsx import xlsx_file

_XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_CHARSETS = {Encoding.UTF8: "utf-8", Encoding.CP932: "Shift_JIS"}


def sheet_response(sheet: Sheet, ending: str, encoding: str = "") -> HttpResponseBase:
    """``sheet`` as the address asks for it: export.csv, export.csv?encoding=cp932, export.xlsx.

    Raises ``Http404`` for any other ending or encoding.
    """
    form, chosen = asked_format(ending, encoding)
    if form == Format.XLSX:
        return _xlsx_response(_in_file(sheet, Carrier.XLSX))
    return _csv_response(_in_file(sheet, Carrier.of_csv(chosen)), chosen)


def _in_file(sheet: Sheet, carrier: Carrier) -> Sheet:
    return replace(sheet, columns=[column.in_file(carrier) for column in sheet.columns])


def asked_format(ending: str, encoding: str = "") -> tuple[Format, Encoding]:
    """What an address asks for with its ``ending`` and ``encoding`` (none: UTF-8).

    Raises ``Http404`` for any other ending or encoding.
    """
    encoding = encoding.lower() or Encoding.UTF8
    if ending not in Format or encoding not in Encoding:
        raise Http404("no such file format")
    return Format(ending), Encoding(encoding)


def _csv_response(sheet: Sheet, encoding: Encoding) -> StreamingHttpResponse:
    content_type = f"text/csv; charset={_CHARSETS[encoding]}"
    response = StreamingHttpResponse(csv_bytes(sheet, encoding), content_type=content_type)
    response["Content-Disposition"] = _attachment(sheet, Format.CSV)
    return response


def _xlsx_response(sheet: Sheet) -> FileResponse:
    response = FileResponse(xlsx_file(sheet), content_type=_XLSX_TYPE)
    response["Content-Disposition"] = _attachment(sheet, Format.XLSX)
    return response


def _attachment(sheet: Sheet, ending: Format) -> str:
    """The header that saves the file as 連携協定_2026-11-22.csv."""
    filename = f"{sheet.name}_{today().isoformat()}.{ending}"
    return f"attachment; filename*=UTF-8''{quote(filename)}"
