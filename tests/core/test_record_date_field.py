"""A date of the record, typed as far as it is known."""

from datetime import date

import pytest

from core.dates import Precision, RecordDate
from core.forms import Form, RecordDateField


class WhenForm(Form):
    when = RecordDateField(label="開始の時期", required=False)


def typed(year: str = "", month: str = "", day: str = "") -> WhenForm:
    return WhenForm({"when_y": year, "when_m": month, "when_d": day})


def known(first: tuple, last: tuple, precision: Precision) -> RecordDate:
    return RecordDate(date(*first), date(*last), precision)


DAY = known((2015, 11, 18), (2015, 11, 18), Precision.DAY)
MONTH = known((2020, 2, 1), (2020, 2, 29), Precision.MONTH)
YEAR = known((2009, 1, 1), (2009, 12, 31), Precision.YEAR)
FISCAL_YEAR = known((2020, 4, 1), (2021, 3, 31), Precision.FISCAL_YEAR)


@pytest.mark.parametrize(
    ("parts", "value"),
    [
        (("2015", "11", "18"), DAY),
        (("平成27", "１１", "18"), DAY),
        (("H27年", "11月", "18日"), DAY),
        (("令和2", "2", ""), MONTH),
        (("2009", "", ""), YEAR),
        (("平成21", "", ""), YEAR),
        (("令和2年度", "", ""), FISCAL_YEAR),
        (("２０２０年度", "", ""), FISCAL_YEAR),
        (("", "", ""), None),
    ],
)
def test_what_is_typed_is_known_as_far_as_it_goes(parts, value):
    form = typed(*parts)
    assert form.is_valid()
    assert form.cleaned_data["when"] == value


@pytest.mark.parametrize(
    ("parts", "sentence", "target"),
    [
        (("", "4", ""), "開始の時期の年を入力してください", "id_when-y"),
        (("2015", "", "18"), "開始の時期の月を入力してください", "id_when-m"),
        (("2015", "13", ""), "開始の時期の月は、1から12までの数字で入力してください", "id_when-m"),
        (
            ("2015", "2", "30"),
            "開始の時期を確認してください。2015年2月に30日はありません",
            "id_when-d",
        ),
        (
            ("平成40", "", ""),
            "開始の時期を確認してください。平成は31年4月30日までです",
            "id_when-y",
        ),
        (
            ("令和2年度", "2", ""),
            "開始の時期の年は、月まで分かるときは「年度」を付けずに入力してください",
            "id_when-y",
        ),
    ],
)
def test_an_error_names_its_part(parts, sentence, target):
    assert [(item.message, item.target) for item in typed(*parts).error_items] == [
        (sentence, target)
    ]


@pytest.mark.parametrize("value", [DAY, MONTH, YEAR, FISCAL_YEAR])
def test_what_is_shown_again_is_read_as_the_same(value):
    shown = WhenForm(initial={"when": value})["when"]
    parts = shown.field.widget.decompress(value)
    assert typed(*parts).is_valid()
    form = typed(*parts)
    form.is_valid()
    assert form.cleaned_data["when"] == value
    assert all(f'value="{part}"' in str(shown) for part in parts if part)


@pytest.mark.parametrize(
    "value",
    [
        known((2018, 3, 16), (2018, 4, 16), Precision.BETWEEN),
        known((2015, 11, 18), (2015, 11, 23), Precision.DAY),
        known((2015, 11, 1), (2016, 1, 31), Precision.MONTH),
        RecordDate(None, None, Precision.DAY),
        None,
    ],
)
def test_what_three_parts_cannot_say_is_shown_as_none(value):
    assert RecordDateField().widget.decompress(value) == ["", "", ""]


def test_it_is_shown_in_both_eras():
    field = RecordDateField()
    assert field.display(MONTH) == "2020年（令和2年）2月"
    assert field.display(FISCAL_YEAR) == "令和2年度（2020年度）"
    assert field.display(None) == field.display(RecordDate(None, None, Precision.DAY)) == ""
