"""Tables of members as offices make them: all municipalities, and rows that cannot be taken."""

import csv
import io
from collections.abc import Iterable
from datetime import date
from typing import Any

from openpyxl import Workbook

from core.dates import today
from members.models import Municipality

HEADINGS = [
    "団体コード",
    "都道府県",
    "団体",
    "部署",
    "郵便番号",
    "住所",
    "電話番号",
    "内線",
    "ファクス番号",
    "共用メールアドレス",
    "役割",
    "種類",
    "姓",
    "名",
    "メールアドレス",
    "登録日",
]
FORMULA = "=VLOOKUP(A2,[1]名簿!A:B,2,FALSE)"


def row_of(code: str, number: int = 1, **changes: Any) -> dict[str, Any]:
    """A row that can be taken, with ``changes``."""
    row = {
        "団体コード": code,
        "部署": "企画課",
        "郵便番号": "690-8540",
        "住所": f"見本町{number}番地",
        "電話番号": f"0852-{number // 100:02}-{number:04}",
        "役割": "主担当",
        "種類": "個人",
        "姓": "見本",
        "名": f"{number}号",
        "メールアドレス": f"import{number}@example.lg.jp",
        "登録日": "2026-04-01",
    }
    return row | changes


def whole_country() -> list[dict[str, Any]]:
    """A row for every municipality of today, wards too, in the order of their codes."""
    towns = Municipality.objects.on(today()).select_related("prefecture").order_by("code")
    return [
        row_of(town.code, number, 都道府県=town.prefecture.name, 団体=town.name)
        for number, town in enumerate(towns, start=1)
    ]


# What makes a row one that cannot be taken: the cells, the column that says why, and a word of
# the reason. The same in Excel, in a CSV and pasted.
BAD: list[tuple[dict[str, Any], str, str]] = [
    ({"団体コード": "18211"}, "団体コード", "台帳にありません"),
    ({"団体コード": "1202", "都道府県": "", "団体": ""}, "団体コード", "6桁です"),
    ({"団体コード": "182108", "都道府県": "", "団体": ""}, "団体コード", "検査数字"),
    ({"団体コード": "999997", "都道府県": "", "団体": ""}, "団体コード", "台帳にありません"),
    ({"団体コード": "403059", "都道府県": "", "団体": ""}, "団体コード", "になりました"),
    ({"団体コード": "第五号"}, "団体コード", "6桁の数字で"),
    ({"団体コード": "", "都道府県": "", "団体": ""}, "団体コード", "入力してください"),
    ({"団体コード": "", "都道府県": "", "団体": "府中市"}, "団体", "同じ名称の団体"),
    ({"団体コード": "", "都道府県": "", "団体": "見本がない市"}, "団体", "登録にありません"),
    ({"都道府県": "沖縄県"}, "都道府県", "コードか名称を直してください"),
    ({"団体": "別の町"}, "団体", "コードか名称を直してください"),
    ({"電話番号": "852001234"}, "電話番号", "先頭の0が失われています"),
    ({"電話番号": "3月4日"}, "電話番号", "Excelが日付"),
    ({"電話番号": "0852-1"}, "電話番号", "形式で入力"),
    ({"電話番号": "代表へ"}, "電話番号", "形式で入力"),
    ({"内線": "4-Mar"}, "内線", "Excelが日付"),
    ({"ファクス番号": "852001235"}, "ファクス番号", "先頭の0が失われています"),
    ({"郵便番号": "600001"}, "郵便番号", "先頭の0が失われています"),
    ({"郵便番号": "690-85"}, "郵便番号", "7桁の数字"),
    ({"部署": "ｷｶｸｶ"}, "部署", "半角カナ"),
    ({"住所": "見本町ﾋﾞﾙ2階"}, "住所", "半角カナ"),
    ({"姓": "ﾐﾎﾝ"}, "姓", "半角カナ"),
    ({"部署": "〓課"}, "部署", "失われた文字"),
    ({"部署": "企" * 81}, "部署", "80文字以内"),
    ({"部署": ""}, "部署", "入力してください"),
    ({"役割": "正"}, "役割", "主担当"),
    ({"役割": ""}, "役割", "入力してください"),
    ({"役割": "事務局"}, "役割", "のどれか"),
    ({"種類": "共有"}, "種類", "「個人」「共用」"),
    ({"姓": ""}, "姓", "入力してください"),
    ({"名": ""}, "名", "入力してください"),
    ({"メールアドレス": ""}, "メールアドレス", "入力してください"),
    ({"メールアドレス": "kikaku@"}, "メールアドレス", "形式で入力"),
    ({"共用メールアドレス": "なし"}, "共用メールアドレス", "形式で入力"),
    ({"登録日": "令和8年2月30日"}, "登録日", "2月に30日はありません"),
    ({"登録日": "平成31年5月1日"}, "登録日", "4月30日まで"),
    ({"登録日": "4/1"}, "登録日", "のように入力"),
    ({"電話番号": FORMULA}, "電話番号", "計算式"),
    ({"団体コード": FORMULA}, "団体コード", "計算式"),
]
DUPLICATE = "2行目と同じメールアドレス"


def with_bad_rows() -> tuple[list[dict[str, Any]], dict[int, tuple[str, str]]]:
    """The whole country with 40 rows spoilt, and by row number the column and word of each."""
    rows = whole_country()
    expected = {}
    for place, (cells, heading, reason) in enumerate(BAD, start=1):
        at = place * 40
        rows[at] = rows[at] | cells
        expected[at + 2] = (heading, reason)
    last = len(rows) - 1
    rows[last]["メールアドレス"] = rows[0]["メールアドレス"]
    expected[last + 2] = ("メールアドレス", DUPLICATE)
    return rows, expected


def xlsx(rows: Iterable[dict[str, Any]], headings: list[str] = HEADINGS) -> bytes:
    """An Excel file of ``rows``; a text that begins with = becomes a formula, as typed."""
    book = Workbook()
    tab = book.active
    tab.append(headings)
    for row in rows:
        tab.append([row.get(heading) for heading in headings])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def delimited(rows: Iterable[dict[str, Any]], delimiter: str = ",") -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, HEADINGS, delimiter=delimiter)
    writer.writeheader()
    writer.writerows(
        {name: _iso(value) for name, value in row.items() if name in HEADINGS} for row in rows
    )
    return text.getvalue()


def _iso(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
