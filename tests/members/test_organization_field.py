"""Organizations typed as lines: what names one, what names none or several."""

import pytest

from core.forms import Form
from members.models import Organization
from members.organization_field import OrganizationLinesField

pytestmark = pytest.mark.usefixtures("record")


class BodiesForm(Form):
    bodies = OrganizationLinesField(label="連携先の団体", required=False, max_length=4000)


def typed(*lines: str) -> BodiesForm:
    return BodiesForm({"bodies": "\n".join(lines)})


def names(form: BodiesForm) -> list[str]:
    assert form.is_valid(), form.errors
    return [body.full_name for body in form.cleaned_data["bodies"]]


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("福井県坂井市", "福井県坂井市"),
        (" 福井県　坂井市 ", "福井県坂井市"),
        ("福井県\t坂井市", "福井県坂井市"),
        ("坂井市", "福井県坂井市"),
        ("北海道阿寒郡鶴居村", "北海道鶴居村"),
        ("182109", "福井県坂井市"),
        ("１８２１０９", "福井県坂井市"),
        ("18210", "福井県坂井市"),
        ("012254", "北海道滝川市"),
        ("12254", "北海道滝川市"),
        ("龍ヶ崎市", "茨城県龍ケ崎市"),
        ("茅ケ崎市", "神奈川県茅ヶ崎市"),
        ("ﾆｾｺ町", "北海道ニセコ町"),
        ("広島県町村会", "広島県町村会"),
        ("広島県", "広島県"),
        ("340006", "広島県"),
        ("第一生命保険株式会社", "第一生命保険株式会社"),
        ("東京都品川区", "東京都品川区"),
    ],
)
def test_a_line_names_an_organization(line, name):
    assert names(typed(line)) == [name]


def test_lines_keep_their_order_and_name_each_organization_once():
    form = typed("岩手県北上市", "", "福井県坂井市", "坂井市", "032069")
    assert names(form) == ["岩手県北上市", "福井県坂井市"]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (
            "府中市",
            (
                "「府中市」は東京都府中市（132063）、広島県府中市（342084）があります。"
                "都道府県から入力してください"
            ),
        ),
        (
            "伊達市",
            (
                "「伊達市」は北海道伊達市（012335）、福島県伊達市（072133）があります。"
                "都道府県から入力してください"
            ),
        ),
        (
            "坂居市",
            "「坂居市」という団体は、登録にありません。都道府県から名称を確認してください",
        ),
        ("182108", "「182108」という団体は、登録にありません。都道府県から名称を確認してください"),
        ("坂井", "「坂井」という団体は、登録にありません。都道府県から名称を確認してください"),
    ],
)
def test_a_line_that_names_none_or_several_is_refused_by_its_name(line, sentence):
    form = typed("福井県坂井市", line)
    assert list(form.errors["bodies"]) == [sentence]
    assert f"福井県坂井市\n{line}" in str(form["bodies"])


def test_every_wrong_line_is_told():
    assert len(typed("府中市", "坂居市", "福井県坂井市").errors["bodies"]) == 2


def test_too_many_lines_are_refused():
    assert "100行以内" in typed(*[f"町{n}" for n in range(101)]).errors["bodies"][0]


def test_names_are_read_in_two_queries(django_assert_num_queries):
    with django_assert_num_queries(2):
        names(typed("福井県坂井市", "岩手県北上市", "342084"))


def test_nothing_typed_is_no_organization():
    assert names(typed("", "  ")) == []


def test_what_is_shown_again_is_read_as_the_same():
    bodies = list(Organization.objects.filter(name__in=["府中市", "広島県町村会"]))
    field = OrganizationLinesField(label="連携先の団体")
    assert field.clean(field.prepare_value(bodies)) == bodies
    assert field.display(bodies) == [body.full_name for body in bodies]
