"""What the cells of a sheet mean, and the reason for each that cannot be taken."""

from datetime import date

import pytest

from core.forms import CharField, EmailField, KanaField
from core.sheets.cells import Cell, CellKind, Row, SheetRefused
from core.sheets.fields import (
    DayField,
    ExtensionField,
    Field,
    LabelField,
    PlainTextField,
    SheetPhoneField,
    SheetPostalCodeField,
    cleaned,
    fitted,
    unknown_headings,
)
from core.sheets.reading import read_table

FIELDS = {
    "name": Field("name", "部署", PlainTextField(max_length=5, required=False)),
    "kana": Field("kana", "カナ", KanaField(required=False)),
    "phone": Field("phone", "電話番号", SheetPhoneField(required=False), ("TEL",)),
    "code": Field("code", "郵便番号", SheetPostalCodeField(required=False)),
    "extension": Field("extension", "内線", ExtensionField(required=False)),
    "mail": Field("mail", "メールアドレス", EmailField(), is_column_required=True),
    "day": Field("day", "登録日", DayField(required=False)),
    "role": Field(
        "role", "役割", LabelField(labels={"主担当": 1, "ABC": 2}, initial=2, required=False)
    ),
}


def value_of(name: str, text: str, kind: CellKind = CellKind.TEXT):
    """What a cell of the field ``name`` is taken for; the reason in a list when it is not."""
    field = FIELDS[name]
    values, problems = cleaned(Row(7, {field.heading: Cell(text, kind)}), [field])
    if problems:
        assert {(p.number, p.heading, p.typed) for p in problems} == {(7, field.heading, text)}
        return [problem.reason for problem in problems]
    return values[name]


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("name", " ㈱① ～ ", "㈱① ～"),
        ("name", "企画\n課", "企画 課"),
        ("kana", "ｻｶｲｼ さかい", "サカイシ サカイ"),
        ("phone", "０７７６ー５０ー３０１０", "0776-50-3010"),
        ("phone", "(0776)50 3010", "0776-50-3010"),
        ("code", "〒９１９−０５９２", "9190592"),
        ("extension", "内線：３２１０", "3210"),
        ("mail", "Hanako＠Example.lg.jp", "hanako@example.lg.jp"),
        ("role", "主 担当", 1),
        ("role", "ａｂｃ", 2),
        ("role", "", 2),
        ("day", "", None),
        *[
            ("day", text, date(2026, 4, 1))
            for text in (
                "2026-04-01",
                "2026/4/1",
                "2026年4月1日",
                "令和8年4月1日",
                "令和８年４月１日",
                "R8.4.1",
                "46113",
                "2026-04-01 09:30",
            )
        ],
        ("day", "令和元年5月1日", date(2019, 5, 1)),
    ],
)
def test_what_is_taken(name, text, value):
    assert value_of(name, text) == value


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("name", "企画調整政策", "部署は5文字以内で入力してください（現在6文字）"),
        ("name", "ｷｶｸｶ", "半角カナが入っています。全角で入力してください"),
        ("name", "=A1", "計算式が入っています。値だけを貼り付けてください"),
        ("name", "〓課", "「〓」があります。保存のときに失われた文字を、入力し直してください"),
        ("name", "\ue000課", "外字が入っています。ほかの文字で入力し直してください"),
        ("name", "課\x07", "部署に使えない文字が入っています。入力し直してください"),
        ("phone", "776503010", "先頭の0が失われています。"),
        ("phone", "776-50-3010", "先頭の0が失われています。"),
        ("phone", "9012345678", "先頭の0が失われています。"),
        ("phone", "3月4日", "Excelが日付に変えています。"),
        ("phone", "2026/3/4", "Excelが日付に変えています。"),
        ("phone", "4-Mar", "Excelが日付に変えています。"),
        ("phone", "7.76503E+08", "電話番号は「03-5210-9747」の形式で入力してください"),
        ("code", "600001", "先頭の0が失われています。"),
        ("code", "12", "郵便番号は「102-0072」のように7桁の数字で入力してください"),
        ("extension", "3月4日", "Excelが日付に変えています。"),
        ("mail", "", "メールアドレスを入力してください"),
        ("mail", "a@", "メールアドレスは「name@example.lg.jp」の形式で入力してください"),
        ("day", "2026-02-30", "2026年2月に30日はありません"),
        ("day", "昭和64年1月8日", "昭和は64年1月7日までです"),
        ("day", "4月1日", "登録日は「2026-04-01」または「令和8年4月1日」のように入力してください"),
        ("day", "99999", "登録日は「2026-04-01」または「令和8年4月1日」のように入力してください"),
        ("role", "正", "「主担当」「ABC」のどれかを入力してください"),
    ],
)
def test_why_not(name, text, reason):
    assert value_of(name, text)[0].startswith(reason)


@pytest.mark.parametrize("name", FIELDS)
def test_formulas_and_errors_are_taken_nowhere(name):
    assert value_of(name, "=A1", CellKind.FORMULA) == [
        "計算式が入っています。値だけを貼り付けてください"
    ]
    assert value_of(name, "#N/A", CellKind.ERROR) == [
        "Excelのエラーになっています。値を入力し直してください"
    ]


@pytest.mark.parametrize("name", [name for name in FIELDS if name != "day"])
def test_a_date_of_excel_is_one_only_in_a_column_of_dates(name):
    (reason,) = value_of(name, "2026-03-04", CellKind.DATE)
    assert reason.startswith("Excelが日付（2026年（令和8年）3月4日）に変えています。")
    assert value_of("day", "2026-03-04", CellKind.DATE) == date(2026, 3, 4)


class TestHeadings:
    def test_any_spelling_of_a_heading(self):
        table = fitted(read_table("ＴＥＬ,メール アドレス,その他\n03,a@b.jp,x\n"), FIELDS.values())
        assert table.headings == ["電話番号", "メールアドレス", "その他"]
        assert unknown_headings(table, FIELDS.values()) == ["その他"]
        assert table.rows[0]["電話番号"].text == "03"

    def test_a_missing_column_is_named(self):
        with pytest.raises(SheetRefused, match="「メールアドレス」の列がありません"):
            fitted(read_table("電話番号\n03\n"), FIELDS.values())

    def test_a_column_under_two_names(self):
        with pytest.raises(SheetRefused, match="「電話番号」の列が2つあります"):
            fitted(read_table("TEL,電話番号,メールアドレス\n03,03,a@b.jp\n"), FIELDS.values())


def test_an_empty_cell_is_the_fields_own_nothing():
    fields = [Field("text", "備考", CharField(required=False)), FIELDS["day"]]
    assert cleaned(Row(2, {}), fields) == ({"text": "", "day": None}, [])
