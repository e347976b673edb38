"""Tables as people upload and paste them, and files that were made to do harm."""

import io
import resource
import zipfile
from datetime import date, datetime
from typing import Any

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from openpyxl import Workbook

from core.sheets import Column, Encoding, Sheet
from core.sheets import xlsx_reading as limits
from core.sheets.cells import Cell, CellKind, SheetRefused, Table, as_json, from_json
from core.sheets.csv import csv_bytes
from core.sheets.reading import (
    MAX_BYTES,
    MAX_CHARACTERS,
    MAX_PASTED_BYTES,
    MAX_ROWS,
    read_table,
)
from core.sheets.xlsx import xlsx_file

MEGABYTE = 1024**2


def book(*rows: list[Any], **tabs: str) -> bytes:
    """An Excel file whose first sheet has ``rows``; ``tabs`` are further ones, by their state."""
    made = Workbook()
    for row in rows:
        made.active.append(row)
    for title, state in tabs.items():
        made.create_sheet(title).sheet_state = state
    return saved(made)


def saved(made: Workbook) -> bytes:
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def altered(data: bytes, part: str, content: bytes | None, **new: bytes) -> bytes:
    """An Excel file with other ``content`` in one of its parts, and ``new`` parts besides."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for item in source.infolist():
            kept = source.read(item)
            target.writestr(item.filename, content if content and item.filename == part else kept)
        for name, extra in new.items():
            target.writestr(name.replace("__", "/"), extra)
    return file.getvalue()


def sheet_part(data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read("xl/worksheets/sheet1.xml")


def read(data: bytes | str, name: str = "名簿.xlsx") -> Table:
    return read_table(data if isinstance(data, str) else ContentFile(data), name)


def texts(table: Table) -> list[tuple[int, dict[str, str]]]:
    return [
        (row.number, {heading: cell.text for heading, cell in row.cells.items()})
        for row in table.rows
    ]


class TestExcel:
    def test_rows_have_the_numbers_that_excel_shows(self):
        table = read(book([], ["団体", "電話"], ["坂井市", "0776"], [], ["北上市", "0197"]))
        assert table.headings == ["団体", "電話"]
        assert texts(table) == [
            (3, {"団体": "坂井市", "電話": "0776"}),
            (5, {"団体": "北上市", "電話": "0197"}),
        ]

    @pytest.mark.parametrize(
        ("value", "text", "kind"),
        [
            ("㈱見本 ①", "㈱見本 ①", CellKind.TEXT),
            (12025, "12025", CellKind.NUMBER),
            (182109.0, "182109", CellKind.NUMBER),
            (0.5, "0.5", CellKind.NUMBER),
            (True, "はい", CellKind.TEXT),
            (date(2026, 4, 1), "2026-04-01", CellKind.DATE),
            (datetime(2026, 4, 1, 9, 30), "2026-04-01 09:30", CellKind.DATE),  # noqa: DTZ001
            ("=A1&[1]名簿!B2", "=A1&[1]名簿!B2", CellKind.FORMULA),
            ("#N/A", "#N/A", CellKind.ERROR),
        ],
    )
    def test_cells(self, value, text, kind):
        assert read(book(["列"], [value])).rows[0]["列"] == Cell(text, kind)

    def test_a_number_has_the_zeros_that_its_format_shows(self):
        made = Workbook()
        made.active.append(["団体コード"])
        made.active.append([12025])
        made.active["A2"].number_format = "000000"
        assert read(saved(made)).rows[0]["団体コード"].text == "012025"

    def test_a_book_that_counts_from_1904(self):
        made = Workbook()
        made.epoch = datetime(1904, 1, 1)  # noqa: DTZ001
        made.active.append(["登録日"])
        made.active.append([date(2026, 4, 1)])
        assert read(saved(made)).rows[0]["登録日"].text == "2026-04-01"

    def test_the_first_visible_sheet_is_read(self):
        made = Workbook()
        made.active.append(["隠した表"])
        made.active.sheet_state = "hidden"
        made.create_sheet("名簿").append(["団体"])
        assert read(saved(made)).headings == ["団体"]

    def test_ruby_is_no_part_of_a_name(self):
        data = book(["団体"], ["坂井市"])
        strings = (
            b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
            + "<si><t>団体</t></si><si><t>坂井市</t><rPh sb='0' eb='3'><t>サカイシ</t></rPh></si>".encode()
            + b"</sst>"
        )
        table = read(altered(data, "xl/sharedStrings.xml", strings))
        assert texts(table) == [(2, {"団体": "坂井市"})]

    def test_what_we_hand_out_is_read_back(self):
        cells = ["=1+1", "_x0041_", "0776", "二\n行", "-", date(2026, 4, 1), "〜"]
        columns = [Column(f"列{place}", lambda row, place=place: row[place]) for place in range(7)]
        handed_out = Sheet("見本", columns, [cells])
        expected = [*cells[:5], "2026-04-01", "〜"]
        with xlsx_file(handed_out) as file:
            assert list(texts(read_table(file, "見本.xlsx"))[0][1].values()) == expected
        plain = b"".join(csv_bytes(handed_out, Encoding.UTF8))
        assert list(texts(read(plain, "見本.csv"))[0][1].values()) == expected

    def test_headings_that_cannot_be_told_apart(self):
        with pytest.raises(SheetRefused, match="見出し「電 話」が2つあります"):
            read(book(["電話", "電 話"], ["1", "2"]))

    def test_a_column_without_a_heading(self):
        with pytest.raises(SheetRefused, match="3行目の2列目の「0776」の列に、見出しがありません"):
            read(book(["団体"], ["坂井市"], ["北上市", "0776"]))

    @pytest.mark.parametrize("rows", [[], [[None, "  "]]])
    def test_nothing_in_it(self, rows):
        with pytest.raises(SheetRefused, match="何も入っていません"):
            read(book(*rows))


class TestText:
    TABLE = '団体,住所\r\n坂井市,"下新庄\n1-1"\r\n\r\n北上市,"芳町""1-1"""\r\n'

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
    def test_every_encoding_that_excel_saves(self, encoding):
        table = read(self.TABLE.encode(encoding), "名簿.csv")
        assert texts(table) == [
            (2, {"団体": "坂井市", "住所": "下新庄\n1-1"}),
            (4, {"団体": "北上市", "住所": '芳町"1-1"'}),
        ]

    def test_cells_copied_from_excel(self):
        assert texts(read('団体\t住所\n坂井市\t"下新庄\n1,1"\n', "")) == [
            (2, {"団体": "坂井市", "住所": "下新庄\n1,1"})
        ]

    def test_formulas_and_what_our_own_files_show_with_a_quote(self):
        row = read("甲,乙,丙\n=SUM(A1),'=SUM(A1),'普通\n").rows[0]
        assert [row["甲"].kind, row["乙"], row["丙"].text] == [
            CellKind.FORMULA,
            Cell("=SUM(A1)"),
            "'普通",
        ]

    @pytest.mark.parametrize("data", [b"\x80\x81\xff\xfe", "団体\x00".encode("utf-16-le")])
    def test_what_is_no_text(self, data):
        with pytest.raises(SheetRefused):
            read(data, "名簿.csv")

    def test_an_open_quote_is_named(self):
        with pytest.raises(SheetRefused, match="2行目の引用符"):
            read('団体\n"坂井市\n北上市\n')
        with pytest.raises(SheetRefused, match="2行目の引用符"):
            read(f"団体\n{'坂' * 140_000}\n")

    def test_too_many_rows(self):
        with pytest.raises(SheetRefused, match="5,000行まで"):
            read("団体\n" + "坂井市\n" * (MAX_ROWS + 1))
        assert len(read("団体\n" + "坂井市\n" * MAX_ROWS).rows) == MAX_ROWS


class TestHostile:
    """Files that would take the server's memory or time, or make it read what it should not."""

    @pytest.fixture(autouse=True)
    def little_memory(self):
        """None of them takes a tenth of what it says that it holds."""
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        yield
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        assert grown < 400 * 1024, f"{grown // 1024} MB more"

    def refused(self, data: bytes | str, name: str = "名簿.xlsx") -> str:
        with pytest.raises(SheetRefused) as refusal:
            read(data, name)
        return str(refusal.value)

    def test_a_file_that_is_too_large(self):
        assert "5MBを超えています" in self.refused(b"PK\x03\x04" + bytes(MAX_BYTES))
        assert "貼り付けられるのは2MBまで" in self.refused("団" * MAX_PASTED_BYTES)
        assert settings.DATA_UPLOAD_MAX_MEMORY_SIZE > MAX_PASTED_BYTES

    def test_long_texts_in_many_cells(self):
        rows = [["あ" * 30_000]] * (MAX_CHARACTERS // 30_000 + 1)
        assert "文字が多すぎます" in self.refused(book(["団体"], *rows))

    def test_a_bomb(self):
        data = altered(book(["団体"]), "", None, xl__media__zero=bytes(300 * MEGABYTE))
        assert "大きくなりすぎます" in self.refused(data)

    def test_a_sheet_that_unpacks_to_more_than_any_table_has(self):
        row = b"<row><c><v>%08d</v></c></row>"
        rows = b"".join(row % number for number in range(limits.MAX_UNPACKED_BYTES // 33 + 1))
        data = book(["団体"])
        large = sheet_part(data).replace(b"</sheetData>", rows + b"</sheetData>")
        assert "表が大きすぎます" in self.refused(altered(data, "xl/worksheets/sheet1.xml", large))

    def test_a_row_of_a_million_cells(self):
        data = book(["団体"])
        cells = b"<row>" + b"<c/>" * limits.MAX_TAGS + b"</row>"
        wide = sheet_part(data).replace(b"</sheetData>", cells + b"</sheetData>")
        assert "表が大きすぎます" in self.refused(altered(data, "xl/worksheets/sheet1.xml", wide))

    def test_declared_dimensions_are_not_believed(self):
        data = book(["団体"], ["坂井市"])
        claimed = sheet_part(data).replace(b'ref="A1:A2"', b'ref="A1:XFD1048576"')
        assert b"XFD1048576" in claimed
        table = read(altered(data, "xl/worksheets/sheet1.xml", claimed))
        assert texts(table) == [(2, {"団体": "坂井市"})]

    @pytest.mark.parametrize("row", [b"1048576", b"99999999999"])
    def test_a_row_far_below(self, row):
        data = book(["団体"], ["坂井市"])
        far = b'<row r="%s"><c r="A%s" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
        below = sheet_part(data).replace(b"</sheetData>", far % (row, row))
        table = read(altered(data, "xl/worksheets/sheet1.xml", below))
        assert texts(table)[0] == (2, {"団体": "坂井市"})

    def test_links_to_other_files_are_not_followed(self):
        link = (
            b'<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
            b"<externalBook/></externalLink>"
        )
        rels = (
            b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            b'<Relationship Id="rId1" Type="x" Target="http://198.51.100.1/list.xlsx" '
            b'TargetMode="External"/></Relationships>'
        )
        data = altered(
            book(["団体"], ["=[1]名簿!A2"]),
            "",
            None,
            **{
                "xl__externalLinks__externalLink1.xml": link,
                "xl__externalLinks___rels__externalLink1.xml.rels": rels,
            },
        )
        # Sockets other than loopback are blocked in tests: it would raise.
        assert read(data).rows[0]["団体"] == Cell("=[1]名簿!A2", CellKind.FORMULA)

    @pytest.mark.parametrize(
        "entities",
        [
            b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>',
            b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>',
            b'<!doctype x SYSTEM "http://198.51.100.1/x.dtd">',
        ],
    )
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
    def test_entities(self, entities, encoding):
        data = book(["団体"], ["坂井市"])
        part = (entities + sheet_part(data)).decode().encode(encoding)
        assert "読み取れませんでした" in self.refused(
            altered(data, "xl/worksheets/sheet1.xml", part)
        )

    @pytest.mark.parametrize(
        "part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml"]
    )
    def test_parts_that_are_broken(self, part):
        data = book(["団体"], ["坂井市"])
        assert "読み取れませんでした" in self.refused(altered(data, part, b"<worksheet><"))

    @pytest.mark.parametrize(
        ("data", "sentence"),
        [
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "古い形式（.xls）か、パスワード"),
            (b"%PDF-1.7", "中身がExcelのファイルではありません"),
            (b"PK\x03\x04 broken", "名簿.xlsx"),
        ],
    )
    def test_other_files(self, data, sentence):
        assert sentence in self.refused(data)

    def test_macros(self):
        data = altered(book(["団体"]), "", None, **{"xl__vbaProject.bin": b"x"})
        assert "マクロ" in self.refused(data)


def test_a_table_is_kept_as_it_was_read():
    """A column without anything in it too: whoever reads it must know that it is there."""
    table = read(book(["団体", "登録日", "電話", "空"], ["坂井市", date(2026, 4, 1), "=A1"]))
    assert "空" in table.headings
    assert from_json(table.name, as_json(table)) == table
