"""What people type about their office, in the ways they type it."""

import pytest

from members.enums import Role
from members.forms import OfficeForm, PersonForm
from members.services import contact_values
from tests.factories.members import SeatFactory

pytestmark = [pytest.mark.django_db, pytest.mark.once]

TYPED = {
    "name": "企画政策課",
    "postal_code": "919-0592",
    "address": "福井県坂井市坂井町下新庄1-1",
    "phone": "0776-50-3010",
    "extension": "",
    "fax": "",
    "email": "",
}


def form_for(seat, version=None, **changes) -> OfficeForm:
    office = seat.office
    return OfficeForm(
        TYPED | changes,
        office=office,
        seat=seat,
        version=office.version if version is None else version,
        initial=contact_values(office),
    )


@pytest.mark.parametrize(
    ("field", "typed", "kept"),
    [
        ("postal_code", "〒９１９－０５９２", "9190592"),
        ("postal_code", "9190592", "9190592"),
        ("phone", "０７７６ー５０ー３０１０", "0776-50-3010"),
        ("phone", "(0776) 50 3010", "0776-50-3010"),
        ("fax", "0776503010", "0776503010"),
        ("extension", "内線　２２１１", "2211"),
        ("extension", "2211-5", "2211-5"),
        ("email", " Ｋｉｋａｋｕ@City.Sakai.lg.jp ", "kikaku@city.sakai.lg.jp"),
        ("name", "　総合政策部　企画政策課 ", "総合政策部　企画政策課"),
        ("name", "㈱まちづくり推進室①", "㈱まちづくり推進室①"),
        ("address", "北海道\t占冠村\n中央", "北海道 占冠村 中央"),
    ],
)
def test_anything_reasonable_is_accepted(lead, field, typed, kept):
    form = form_for(lead, **{field: typed})
    assert form.is_valid(), form.errors
    assert form.contact_values[field] == kept


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("name", "", "部署名を入力してください"),
        ("name", "課" * 81, "部署名は80文字以内で入力してください（現在81文字）"),
        ("name", "企画\x00課", "部署名に使えない文字が入っています。入力し直してください"),
        ("postal_code", "123", "郵便番号は「102-0072」のように7桁の数字で入力してください"),
        ("address", " ", "住所を入力してください"),
        ("phone", "五〇三〇一〇", "電話番号は「03-5210-9747」の形式で入力してください"),
        ("fax", "119", "ファクス番号は「03-5210-9747」の形式で入力してください"),
        (
            "email",
            "kikaku",
            "共用メールアドレスは「name@example.lg.jp」の形式で入力してください",
        ),
    ],
)
def test_a_refusal_says_what_to_type(lead, field, typed, message):
    form = form_for(lead, **{field: typed})
    assert form.errors == {field: [message]}


def test_a_stale_version_is_refused_with_the_other_errors(lead):
    form = form_for(lead, version=7, name="")
    assert [item.message for item in form.error_items] == [
        "ほかの担当者が先に更新しました。最新の内容を確認してください",
        "部署名を入力してください",
    ]


def test_changed_labels_compare_what_is_kept(lead, office):
    office.address = TYPED["address"]
    assert form_for(lead, email=office.email.upper()).is_valid()
    form = form_for(lead, phone="0776-50-9999", email=office.email.upper())
    form.full_clean()
    assert form.changed_labels == ["電話番号"]


class TestLead:
    def test_a_lead_chooses_among_leads_and_deputies(self, lead, deputy, reader, other_lead):
        field = form_for(lead).fields["lead"]
        assert list(field.queryset) == [lead, deputy]
        assert field.initial == lead
        assert [label for _value, label in field.choices] == [
            f"{lead.user.display_name}さん（今の主担当）",
            f"{deputy.user.display_name}さん（今の副担当）",
        ]

    def test_is_not_asked_where_there_is_nobody_to_choose(self, lead, reader):
        assert "lead" not in form_for(lead).fields

    def test_is_not_asked_of_a_deputy(self, lead, deputy):
        assert "lead" not in form_for(deputy).fields

    def test_is_not_asked_of_a_lead_of_another_office(self, lead, deputy, other_lead):
        other_lead.office.organization = lead.office.organization
        form = OfficeForm(TYPED, office=lead.office, seat=other_lead, version=1)
        assert "lead" not in form.fields

    def test_the_reader_of_the_office_is_no_choice(self, lead, deputy, reader):
        form = form_for(lead, lead=str(reader.pk))
        assert form.errors == {"lead": ["主担当は、選択肢の中から選んでください"]}

    def test_must_be_chosen(self, lead, deputy):
        assert form_for(lead).errors == {"lead": ["主担当を選んでください"]}

    def test_of_several_leads_none_need_be_chosen(self, lead):
        SeatFactory(office=lead.office, role=Role.LEAD)
        form = form_for(lead, lead="")
        assert form.is_valid(), form.errors
        rows = {row.label: row.value for row in form.summary_rows}
        assert rows["主担当"] == "今のまま変えない"
        assert "主担当" not in form.changed_labels

    def test_a_new_lead_is_a_change(self, lead, deputy):
        form = form_for(lead, lead=str(deputy.pk))
        assert form.is_valid(), form.errors
        assert "主担当" in form.changed_labels


def test_person_form_keeps_names_as_typed():
    form = PersonForm({"family_name": " 髙﨑 ", "given_name": "ﾊﾅｺ"})
    assert form.is_valid()
    assert form.cleaned_data == {"family_name": "髙﨑", "given_name": "ﾊﾅｺ"}


def test_person_form_asks_for_both_names():
    form = PersonForm({"family_name": "", "given_name": "\u3000"})
    assert form.errors == {
        "family_name": ["姓を入力してください"],
        "given_name": ["名を入力してください"],
    }
