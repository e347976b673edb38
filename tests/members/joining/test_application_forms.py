"""What an application's form takes and refuses."""

from typing import Any

import pytest

from members.enums import Role, UserKind
from members.forms import ApplicationForm, initial_of
from tests.members.joining.applying import ANSWERS, DEPUTY, LEAD, TYPED, applied

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def form(**changes: Any) -> ApplicationForm:
    return ApplicationForm(TYPED | changes)


def test_what_is_typed_comes_out_by_column():
    typed = form()
    assert typed.is_valid()
    assert {name: typed.answers[name] for name in ANSWERS} == ANSWERS
    assert [(person.role, person.email) for person in typed.people] == [
        (Role.LEAD, LEAD),
        (Role.DEPUTY, DEPUTY),
    ]


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"name": ""}, "name", "部署名を入力してください"),
        ({"purpose": ""}, "purpose", "利用の目的を入力してください"),
        ({"purpose": "あ" * 501}, "purpose", "利用の目的は500文字以内で入力してください"),
        ({"lead_kind": ""}, "lead_kind", "主担当のアカウントを選んでください"),
        ({"lead_family_name": ""}, "lead_family_name", "主担当の姓を入力してください"),
        ({"lead_given_name": ""}, "lead_given_name", "主担当の名を入力してください"),
        ({"lead_email": ""}, "lead_email", "主担当のメールアドレスを入力してください"),
        ({"lead_email": "花子"}, "lead_email", "主担当のメールアドレスは「name@example.lg.jp」"),
        ({"deputy1_email": ""}, "deputy1_email", "副担当1のメールアドレスを入力してください"),
        ({"deputy1_given_name": ""}, "deputy1_given_name", "副担当1の名を入力してください"),
        ({"deputy2_family_name": "輪島"}, "deputy2_email", "副担当2のメールアドレスを入力"),
        ({"deputy1_email": LEAD}, "deputy1_email", "ほかの担当と違うアドレスにしてください"),
        ({"deputy1_email": LEAD.upper()}, "deputy1_email", "ほかの担当と違うアドレス"),
    ],
)
def test_what_is_missing_or_wrong_is_said_once_at_its_field(changes, field, sentence):
    typed = form(**changes)
    [message] = typed.errors[field]
    assert message.startswith(sentence) or sentence in message


def test_a_shared_account_has_the_offices_address_and_no_name():
    typed = form(lead_kind="office", lead_email="", email="Kikaku@city.hakui.lg.jp")
    assert typed.is_valid()
    lead = typed.people[0]
    assert (lead.kind, lead.email) == (UserKind.OFFICE, "kikaku@city.hakui.lg.jp")
    assert (lead.family_name, lead.given_name) == ("", "")


def test_a_shared_account_without_any_address_is_asked_for_one():
    assert "lead_email" in form(lead_kind="office", lead_email="").errors


def test_nobody_else_need_be_named():
    typed = form(deputy1_family_name="", deputy1_given_name="", deputy1_email="")
    assert typed.is_valid()
    assert len(typed.people) == 1
    labels = [row.label for row in typed.summary_rows]
    assert not [label for label in labels if label.startswith("副担当")]


def test_the_second_deputy_alone_is_the_one_that_is_checked():
    typed = form(
        deputy1_family_name="",
        deputy1_given_name="",
        deputy1_email="",
        deputy2_family_name="輪島",
        deputy2_given_name="三郎",
        deputy2_email="saburo@city.hakui.lg.jp",
    )
    assert typed.is_valid()
    labels = [row.label for row in typed.summary_rows]
    assert [label for label in labels if label.startswith("副担当")] == [
        "副担当2の姓",
        "副担当2の名",
        "副担当2のメールアドレス",
    ]


def test_every_field_stands_under_a_heading():
    typed = form()
    shown = [field.name for section in typed.sections for field in section.fields]
    assert shown == [field.name for field in typed.visible_fields()]
    assert [section.title for section in typed.sections] == [
        "担当部署",
        "主担当",
        "副担当",
        "連携の希望",
    ]


def test_an_application_fills_the_form_that_corrects_it():
    initial = initial_of(applied())
    again = ApplicationForm(initial | {"themes": [theme.pk for theme in initial["themes"]]})
    assert again.is_valid()
    assert {name: again.answers[name] for name in ANSWERS} == ANSWERS
    assert [person.email for person in again.people] == [LEAD, DEPUTY]
