"""Tables that come back: what is known as untouched, what is taken, and what is refused."""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest
from django.core.files.base import ContentFile

from core.sheets import Encoding, Sheet
from core.sheets.cells import Table
from core.sheets.comparing import Comparison, compare, numbers_in
from core.sheets.csv import csv_bytes
from core.sheets.editing import EDITION, NUMBER, EditableColumn, EditableSheet
from core.sheets.fields import (
    DayField,
    LabelField,
    PlainLinesField,
    PlainTextField,
    SheetPhoneField,
    fitted,
)
from core.sheets.formats import Carrier
from core.sheets.reading import read_table
from core.sheets.xlsx import xlsx_file


@dataclass(frozen=True)
class Person:
    pk: int
    name: str = "見本"
    phone: str = "03-5210-9747"
    note: str = ""
    day: date | None = date(2026, 4, 1)
    is_new: bool = True
    code: str = "011002"


SHEET = EditableSheet(
    "core.person",
    (
        EditableColumn(
            "コード", "code", name="code", form_field=PlainTextField(), locked="台帳のものです"
        ),
        EditableColumn("氏名", "name", name="name", form_field=PlainTextField(max_length=20)),
        EditableColumn("電話", "phone", name="phone", form_field=SheetPhoneField(required=False)),
        EditableColumn("メモ", "note", name="note", form_field=PlainLinesField(required=False)),
        EditableColumn("日", "day", name="day", form_field=DayField(required=False)),
        EditableColumn(
            "新しい",
            "is_new",
            name="is_new",
            form_field=LabelField(labels={"はい": True, "いいえ": False}),
        ),
    ),
    how_to_add="招待してください",
)
# What files change, cut, escape or cannot hold.
HARD = [
    Person(1, "𠮷田〜−é", note="一行目\r\n二行目\n"),
    Person(2, "辻󠄀井", note="=1+1", phone="+81"),
    Person(3, "'=x", note="_x000D_ _x005F_x0041_", phone="-"),
    Person(4, "①㈱髙﨑", note=" 前後　", day=None, is_new=False),
    Person(5, "〓?", note="長い" * 20_000),
    Person(6, "ｷｶｸ\x0b", note='"引用",と\tタブ', phone=""),
]


def written(rows: list[Person], carrier: Carrier, sheet: EditableSheet = SHEET) -> bytes:
    """The file that somebody downloads."""
    columns = [column.in_file(carrier) for column in sheet.sheet_columns]
    table = Sheet("人", columns, rows)
    if carrier == Carrier.XLSX:
        with xlsx_file(table) as file:
            return file.read()
    encoding = Encoding.CP932 if carrier == Carrier.CP932 else Encoding.UTF8
    return b"".join(csv_bytes(table, encoding))


def read(data: bytes, carrier: Carrier) -> Table:
    name = "人.xlsx" if carrier == Carrier.XLSX else "人.csv"
    return fitted(read_table(ContentFile(data), name), SHEET.fields)


def retyped(
    rows: list[Person],
    cells: dict[int, dict[str, Any]],
    save: Callable[[str], str] = str,
    left_out: tuple[str, ...] = (),
) -> Table:
    """The table that comes back as a CSV, edited in ``cells`` by row; ``save`` keeps its text."""
    text = written(rows, Carrier.UTF8).decode("utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(text, newline="")))
    for row, edits in cells.items():
        lines[row] |= edits
    saved = io.StringIO()
    # Moved too: the last column is the first one.
    headings = [heading for heading in reversed(lines[0]) if heading not in left_out]
    writer = csv.DictWriter(saved, headings, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(lines)
    return fitted(read_table(save(saved.getvalue())), SHEET.fields)


def compared(rows: list[Person], table: Table) -> Comparison:
    return compare(SHEET, table, {row.pk: row for row in rows})


def edits_of(found: Comparison) -> list[tuple[int, dict[str, Any]]]:
    return [(edit.row.pk, edit.values) for edit in found.edited]


def reasons(found: Comparison) -> list[tuple[str, str]]:
    return [(problem.heading, problem.reason) for problem in found.problems]


class TestUntouched:
    @pytest.mark.parametrize("carrier", Carrier)
    def test_what_nobody_edits_changes_nothing(self, carrier):
        table = read(written(HARD, carrier), carrier)
        assert numbers_in(table) == {1, 2, 3, 4, 5, 6}
        found = compared(HARD, table)
        assert (found.edited, found.problems, found.lost) == ([], [], [])
        assert found.unchanged == len(HARD)

    @pytest.mark.parametrize("carrier", Carrier)
    def test_even_when_the_record_has_moved_on(self, carrier):
        table = read(written(HARD, carrier), carrier)
        moved = [replace(row, name="別人", phone="", note="", day=None) for row in HARD]
        assert compared(moved, table) == Comparison(unchanged=len(HARD))

    @pytest.mark.parametrize(
        "cells",
        [
            {"日": "2026/4/1"},
            {"日": "令和8年4月1日"},
            {"日": "46113"},
            {"電話": "０３ー５２１０ー９７４７"},
            {"新しい": " はい "},
            {"番号": "１"},
            {"氏名": "見本 "},
            {"メモ": "一\r\n二"},
        ],
        ids=str,
    )
    def test_what_only_looks_different(self, cells):
        assert compared([Person(1, note="一\n二")], retyped([Person(1, note="一\n二")], {0: cells}))
        found = compared(
            [Person(1, note="一\n二")], retyped([Person(1, note="一\n二")], {0: cells})
        )
        assert found == Comparison(unchanged=1)

    def test_what_the_record_has_already(self):
        table = retyped([Person(1)], {0: {"氏名": "新名", "新しい": "いいえ"}})
        now = [Person(1, "新名", is_new=False)]
        assert compared(now, table) == Comparison(unchanged=1)


class TestLostLetters:
    """Excel saves a CSV as Shift_JIS, with ? for what that has not."""

    @staticmethod
    def as_excel(text: str) -> str:
        return "".join(_in_shift_jis(letter) for letter in text)

    def test_the_record_keeps_them_and_the_page_says_so(self):
        rows = [Person(1, "𠮷田", note="〜é")]
        found = compared(rows, retyped(rows, {0: {"電話": "03-1111-2222"}}, self.as_excel))
        assert edits_of(found) == [(1, {"phone": "03-1111-2222"})]
        assert [(cell.heading, cell.text) for cell in found.lost] == [
            ("氏名", "𠮷田"),
            ("メモ", "〜é"),
        ]

    def test_an_edit_beside_them_is_refused(self):
        rows = [Person(1, "𠮷田太郎")]
        found = compared(rows, retyped(rows, {0: {"氏名": "𠮷田次郎"}}, self.as_excel))
        assert found.edited == []
        assert reasons(found) == [
            ("氏名", "「𠮷」が、保存のときに「?」に変わっています。その文字を入力し直してください")
        ]

    def test_nor_does_a_name_come_back_that_has_changed_meanwhile(self):
        table = retyped([Person(1, "𠮷田")], {}, self.as_excel)
        found = compared([Person(1, "吉川")], table)
        assert found.edited == []
        assert len(found.problems) == 1

    def test_our_own_shift_jis_has_geta_that_are_never_taken(self):
        data = written([Person(1, "𠮷田〜")], Carrier.CP932).decode("cp932")
        assert "〓田～" in data
        typed = data.replace("〓田～", "〓田一")
        found = compared([Person(1, "𠮷田〜")], read(typed.encode("cp932"), Carrier.CP932))
        assert found.edited == []
        assert "失われた文字" in found.problems[0].reason


def _in_shift_jis(letter: str) -> str:
    try:
        letter.encode("cp932")
    except UnicodeEncodeError:
        return "?" * (len(letter.encode("utf-16-le")) // 2)
    return letter


class TestEdits:
    def test_exactly_the_cells_that_were_edited(self):
        rows = [Person(1), Person(2), Person(3, note="消す")]
        table = retyped(
            rows, {0: {"氏名": "髙橋", "日": "R9.4.1"}, 2: {"メモ": "", "新しい": "いいえ"}}
        )
        found = compared(rows, table)
        assert edits_of(found) == [
            (1, {"name": "髙橋", "day": date(2027, 4, 1)}),
            (3, {"note": "", "is_new": False}),
        ]
        (name, day), (note, is_new) = ([c.shown for c in edit.cells] for edit in found.edited)
        assert (name, day) == (("見本", "髙橋"), ("2026-04-01", "2027-04-01"))
        assert (note, is_new) == (("消す", ""), ("はい", "いいえ"))
        assert found.unchanged == 1

    def test_beside_what_has_changed_in_another_cell(self):
        table = retyped([Person(1)], {0: {"氏名": "髙橋"}})
        assert edits_of(compared([Person(1, phone="")], table)) == [(1, {"name": "髙橋"})]

    def test_columns_may_be_left_out(self):
        rows = [Person(1)]
        table = retyped(rows, {0: {"氏名": "髙橋"}}, left_out=("電話", "メモ"))
        assert "電話" not in table.headings
        assert edits_of(compared(rows, table)) == [(1, {"name": "髙橋"})]

    def test_of_a_long_text_the_place_is_shown(self):
        rows = [Person(1, note="あ" * 300)]
        table = retyped(rows, {0: {"メモ": "あ" * 200 + "い" + "あ" * 99}})
        before, after = compared(rows, table).edited[0].cells[0].shown
        assert before == "…" + "あ" * 120
        assert after == "…" + "あ" * 20 + "い" + "あ" * 99


class TestRefusals:
    @pytest.mark.parametrize(
        ("cells", "heading", "word"),
        [
            ({"番号": ""}, "番号", "番号がありません。招待してください"),
            ({"番号": "一"}, "番号", "書き出した表の数字のまま"),
            ({"番号": "9"}, "番号", "登録にありません"),
            ({"番号": "2"}, "番号", "同じ番号の行"),
            ({"版": ""}, "版", "番号と版が合いません"),
            ({"版": "Xabcdef"}, "版", "番号と版が合いません"),
            ({"コード": "011003"}, "コード", "台帳のものです"),
            ({"氏名": ""}, "氏名", "氏名を入力してください"),
            ({"氏名": "見" * 21}, "氏名", "20文字以内"),
            ({"氏名": "=A1"}, "氏名", "計算式"),
            ({"メモ": "=A1"}, "メモ", "計算式"),
            ({"電話": "352109747"}, "電話", "先頭の0が失われています"),
            ({"電話": "3月4日"}, "電話", "Excelが日付"),
            ({"日": "2026-02-30"}, "日", "2月に30日はありません"),
            ({"新しい": "たぶん"}, "新しい", "「はい」「いいえ」のどれか"),
        ],
        ids=lambda value: str(value)[:30],
    )
    def test_nothing_of_the_row_is_taken(self, cells, heading, word):
        rows = [Person(1), Person(2)]
        found = compared(rows, retyped(rows, {0: {"メモ": "ほかの直し", **cells}}))
        assert found.edited == []
        assert (found.problems[0].number, found.problems[0].heading) == (2, heading)
        assert word in found.problems[0].reason
        assert found.refused == (2 if cells.get("番号") == "2" else 1)

    @pytest.mark.parametrize(
        ("now", "reason"),
        [
            ("03-9999-8888", "「電話」は、書き出したあとに「03-9999-8888」に変わっています。"),
            ("", "「電話」は、書き出したあとに「（空）」に変わっています。"),
        ],
    )
    def test_both_changed(self, now, reason):
        table = retyped([Person(1)], {0: {"電話": "03-1111-2222"}})
        found = compared([Person(1, phone=now)], table)
        assert found.edited == []
        assert found.problems[0].reason.startswith(f"{reason}この表では「03-1111-2222」です。")

    def test_rows_that_have_slipped(self):
        """The marks belong to their own row, and to their own table."""
        rows = [Person(1), Person(2)]
        marks = [SHEET.edition_of(row, Carrier.UTF8) for row in rows]
        found = compared(rows, retyped(rows, {0: {"版": marks[1]}, 1: {"版": marks[0]}}))
        assert found.refused == 2
        other = replace(SHEET, key="core.other")
        table = read(written(rows, Carrier.UTF8, other), Carrier.UTF8)
        assert compared(rows, table).refused == 2

    def test_a_text_that_no_file_holds_whole(self):
        rows = [Person(1, note="長" * 20_000)]
        found = compared(rows, retyped(rows, {0: {"メモ": "短い"}}))
        assert [heading for heading, _reason in reasons(found)] == ["メモ"]

    def test_a_date_that_excel_has_made(self):
        data = written([Person(1, phone="")], Carrier.UTF8).decode("utf-8-sig")
        typed = data.replace("2026-04-01", "4-Mar")
        found = compared([Person(1, phone="")], read(typed.encode(), Carrier.UTF8))
        assert "のように入力してください" in found.problems[0].reason


def test_the_marks_are_letters_that_no_program_reads_as_anything_else():
    edition = SHEET.edition_of(Person(1), Carrier.CP932)
    assert edition.startswith("S")
    assert edition[1:].isalpha()
    assert edition[1:].islower()
    assert len(edition) == 1 + 6 * (1 + len(SHEET.columns))
    assert [column.heading for column in SHEET.sheet_columns][:: len(SHEET.columns) + 1] == [
        NUMBER,
        EDITION,
    ]
