"""What is typed to become a member."""

from typing import Any, NamedTuple

from core.forms import (
    CharField,
    EmailField,
    FilterForm,
    Form,
    ModelChecksField,
    ModelChoiceField,
    RadioField,
    SummaryRow,
    TextField,
)
from core.forms.bound import PortalBoundField
from core.links.forms import code_field
from members.enums import Role, UserKind
from members.forms.contacts import OfficeFields
from members.models import Application, Prefecture, Theme
from members.models.applications import PURPOSE_LENGTH, SEEKS_LENGTH
from members.services import ANSWER_FIELDS, Person

# The columns of an application whose fields are named as in the other forms of an office.
_NAMED = {"office_name": "name", "office_email": "email"}
DEPUTIES = ("deputy1", "deputy2")


class MunicipalityChoiceForm(FilterForm):
    """Which municipality applies: by prefecture, by words, or by both."""

    prefecture = ModelChoiceField(
        Prefecture.objects.all(), label="都道府県", required=False, width=12
    )
    q = CharField(
        label="名称、読みがな、団体コード",
        required=False,
        max_length=60,
        width=20,
        help_text="例：坂井市、さかい、182109",
    )


class Section(NamedTuple):
    """A part of a long form, under a heading of its own."""

    id: str
    title: str
    explanation: str
    fields: list[PortalBoundField]


_SECTIONS = (
    ("office", "担当部署", "会員のページで、ほかの自治体と特別区の担当者に表示します。", "name"),
    (
        "lead",
        "主担当",
        "ほかの自治体や特別区との連絡の窓口になる方です。承認のあと、招待のメールを送ります。",
        "lead_kind",
    ),
    (
        "deputies",
        "副担当",
        "2人まで招待できます。いないときは、空欄のまま進んでください。",
        "deputy1_family_name",
    ),
    ("profile", "連携の希望", "承認のあと、団体の情報として登録します。", "themes"),
)


def _person(name: str) -> dict[str, Any]:
    """The three fields of a deputy."""
    return {
        "family_name": CharField(label=f"{name}の姓", max_length=40, width=12, required=False),
        "given_name": CharField(label=f"{name}の名", max_length=40, width=12, required=False),
        "email": EmailField(
            label=f"{name}のメールアドレス",
            max_length=254,
            width=20,
            required=False,
            autocomplete="off",
        ),
    }


class ApplicationForm(OfficeFields):
    """The office, who is to sit there, and what the municipality hopes for."""

    email = EmailField(
        label="共用メールアドレス",
        required=False,
        max_length=254,
        width=20,
        autocomplete="off",
        help_text="部署で共有しているアドレスです。なければ空欄にしてください。",
    )
    lead_kind = RadioField(
        label="主担当のアカウント",
        choices=[
            (UserKind.PERSONAL, "個人（その方だけが使うメールアドレス）"),
            (UserKind.OFFICE, "共用（部署の数人で使うメールアドレス）"),
        ],
        initial=UserKind.PERSONAL,
        help_text="「共用」のときは、姓と名は要りません。",
    )
    lead_family_name = CharField(
        label="主担当の姓",
        max_length=40,
        width=12,
        required=False,
        optional_label="※個人のときは必須",
        autocomplete="family-name",
    )
    lead_given_name = CharField(
        label="主担当の名",
        max_length=40,
        width=12,
        required=False,
        optional_label="※個人のときは必須",
        autocomplete="given-name",
    )
    lead_email = EmailField(
        label="主担当のメールアドレス",
        max_length=254,
        width=20,
        required=False,
        optional_label="※必須",
        help_text="次のページで、このアドレスに届く番号を入力していただきます。"
        "「共用」で、上の共用メールアドレスと同じときは、空欄で構いません。",
    )
    deputy1_family_name, deputy1_given_name, deputy1_email = _person("副担当1").values()
    deputy2_family_name, deputy2_given_name, deputy2_email = _person("副担当2").values()
    themes = ModelChecksField(
        Theme.objects.all(),
        label="関心のある分野",
        note="（当てはまるものすべて）",
        columns=True,
        required=False,
    )
    seeks = TextField(
        label="求めること",
        required=False,
        rows=4,
        max_length=SEEKS_LENGTH,
        help_text="特別区やほかの自治体に協力してほしいことがあれば、書いてください。500文字まで。",
    )
    provides = TextField(
        label="提供できること",
        required=False,
        rows=4,
        max_length=SEEKS_LENGTH,
        help_text="特別区やほかの自治体に協力できることがあれば、書いてください。500文字まで。",
    )
    purpose = TextField(
        label="利用の目的",
        rows=4,
        max_length=PURPOSE_LENGTH,
        help_text="このサイトを何に使うかを書いてください。事務局だけが読みます。500文字まで。",
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        self._clean_lead(data)
        for name in DEPUTIES:
            self._clean_deputy(data, name)
        self._clean_addresses(data)
        return data

    def _clean_lead(self, data: dict[str, Any]) -> None:
        """A person has a name; a shared account may have the office's own address."""
        if data.get("lead_kind") == UserKind.OFFICE:
            data["lead_family_name"] = data["lead_given_name"] = ""
            if not data.get("lead_email") and "lead_email" not in self.errors:
                data["lead_email"] = data.get("email", "")
        else:
            self._require(data, "lead_family_name", "lead_given_name")
        self._require(data, "lead_email")

    def _clean_deputy(self, data: dict[str, Any], name: str) -> None:
        fields = [f"{name}_{part}" for part in ("family_name", "given_name", "email")]
        if any(data.get(field) for field in fields):
            self._require(data, *fields)

    def _clean_addresses(self, data: dict[str, Any]) -> None:
        """Each person has an address of their own."""
        taken = set()
        for field in ("lead_email", *(f"{name}_email" for name in DEPUTIES)):
            address = data.get(field)
            if address and address in taken:
                self.add_error(
                    field, f"{self[field].label}は、ほかの担当と違うアドレスにしてください"
                )
            taken.add(address)

    def _require(self, data: dict[str, Any], *fields: str) -> None:
        for field in fields:
            if not data.get(field) and field not in self.errors:
                self.add_error(field, f"{self[field].label}を入力してください")

    @property
    def answers(self) -> dict[str, Any]:
        """What ``services.apply`` takes, by column."""
        data = self.cleaned_data
        answers = {column: data[_NAMED.get(column, column)] for column in ANSWER_FIELDS}
        return answers | {"themes": data["themes"]}

    @property
    def people(self) -> list[Person]:
        """The lead, then the deputies that were named."""
        data = self.cleaned_data
        lead = Person(
            Role.LEAD,
            data["lead_email"],
            UserKind(data["lead_kind"]),
            data["lead_family_name"],
            data["lead_given_name"],
        )
        deputies = [
            Person(
                Role.DEPUTY,
                data[f"{name}_email"],
                family_name=data[f"{name}_family_name"],
                given_name=data[f"{name}_given_name"],
            )
            for name in DEPUTIES
            if data[f"{name}_email"]
        ]
        return [lead, *deputies]

    @property
    def lead_address(self) -> str:
        """Where the code goes."""
        return self.cleaned_data["lead_email"]

    @property
    def sections(self) -> list[Section]:
        """The fields under their headings."""
        starts = {first: (key, title, text) for key, title, text, first in _SECTIONS}
        sections: list[Section] = []
        for bound in self.visible_fields():
            if bound.name in starts:
                sections.append(Section(*starts[bound.name], []))
            sections[-1].fields.append(bound)
        return sections

    @property
    def summary_rows(self) -> list[SummaryRow]:
        """As every form's; of the deputies only those that were named."""
        bare = tuple(name for name in DEPUTIES if not self.cleaned_data[f"{name}_email"])
        places = tuple(self[f"{name}_email"].target_id.removesuffix("email") for name in bare)
        return [
            row for row in super().summary_rows if not places or not row.target.startswith(places)
        ]


def initial_of(application: Application) -> dict[str, Any]:
    """What was typed in ``application``, for the form that corrects it."""
    initial = {_NAMED.get(column, column): getattr(application, column) for column in ANSWER_FIELDS}
    initial["themes"] = list(application.themes.all())
    lead = application.lead
    initial["lead_kind"] = lead.kind
    deputies = [person for person in application.people.all() if person.role == Role.DEPUTY]
    for name, person in [("lead", lead), *zip(DEPUTIES, deputies, strict=False)]:
        for part in ("family_name", "given_name", "email"):
            initial[f"{name}_{part}"] = getattr(person, part)
    return initial


class ApplicationCodeForm(Form):
    """The code that was mailed to the lead's address."""

    code = code_field("one-time-code")
