"""What a ward types of its joint projects."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError

from agreements.enums import CollaborationStatus, Origin
from agreements.following import chosen_origins
from agreements.models import Agreement, Collaboration
from agreements.queries import offered_agreements, with_parties
from agreements.querysets import AgreementQuerySet
from agreements.services.projects import (
    ONLY_OF_BOARD,
    TEXT_FIELDS,
    UNKNOWN,
    check_agreements,
)
from core.dates import RecordDate, day_text, today
from core.errors import DomainError
from core.forms import (
    CharField,
    ChoiceField,
    DatePartsField,
    Form,
    ModelChecksField,
    RadioField,
    RecordDateField,
    TextField,
)
from members.models import Organization, Theme
from members.organization_field import OrganizationLinesField

ONE_OF_TWO = "※団体か補足のどちらかは必須"
# The fields of agreements, which the services take as one.
_AGREEMENTS = ("agreements", "shared_agreements")
DATE_HELP = (
    "分かるところまで入力してください。月や日が分からないときは、空欄のままにします。"
    "年度だけが分かるときは、年に「令和8年度」のように入力してください。"
)


class WardChecksField(ModelChecksField):
    """The special wards, by their names alone: the form says that they are wards of Tokyo."""

    def label_from_instance(self, ward: Organization) -> str:
        return ward.name


class AgreementChecksField(ModelChecksField):
    """The agreements that a joint project may be linked to, each with its parties and its day."""

    def label_from_instance(self, agreement: Agreement) -> str:
        return f"{agreement.distinct_title}　{agreement.signed_text}"


class CollaborationForm(Form):
    """A joint project as a ward tells it. The ward is known from the seat, and stays checked.

    ``former`` is the project that is corrected: its state is changed by actions, not here. A
    date of it that three fields cannot show (within two bounds) stays when they are empty.
    ``proposals`` are those that it may have come from.
    """

    title = CharField(label="題名", max_length=120)
    status = RadioField(
        label="いまの状態",
        choices=[
            (CollaborationStatus.PLANNED, "これから始める（計画中）"),
            (CollaborationStatus.UNDER_WAY, "始まっている（実施中）"),
            (CollaborationStatus.ENDED, "終わっている（終了）"),
        ],
    )
    wards = WardChecksField(
        Organization.objects.wards().select_related("municipality"),
        label="特別区",
        note="（一緒に行う区すべて）",
        columns=True,
    )
    partners = OrganizationLinesField(
        label="連携先の団体",
        required=False,
        optional_label=ONE_OF_TWO,
        max_length=4000,
        help_text="1行に1団体を、「福井県坂井市」のように都道府県から入力してください。団体コードでも入力できます。",
    )
    partner_text = CharField(
        label="連携先についての補足",
        required=False,
        optional_label=ONE_OF_TWO,
        max_length=120,
        help_text="団体名だけでは分からないときに入力してください。例：宗谷地域の町村会（8町1村）",
    )
    themes = ModelChecksField(
        Theme.objects.all(), label="分野", note="（当てはまるものすべて）", columns=True
    )
    origin = RadioField(label="きっかけ", choices=Origin.choices)
    proposal = ChoiceField(
        label="もとになった提案",
        required=False,
        help_text=(
            "きっかけが「掲示板」で、このサイトの掲示板の提案から始まったときに選んでください。"
            "提案は「実施決定」になり、事業が終わって報告があると「完了」になります。"
            "完了は取り消せません。"
        ),
    )
    origin_date = DatePartsField(label="きっかけの日", required=False)
    origin_text = TextField(
        label="きっかけの説明",
        required=False,
        max_length=1000,
        rows=3,
        help_text="だれが、どこで提案したかなどを入力してください。",
    )
    start = RecordDateField(label="開始の時期", required=False, help_text=DATE_HELP)
    end = RecordDateField(
        label="終了の時期",
        required=False,
        help_text="決まっていないときは、空欄のままにしてください。",
    )
    summary = TextField(label="概要", max_length=2000)
    funding = CharField(
        label="外部の資金",
        required=False,
        max_length=120,
        help_text="国の交付金などを入力してください。プロジェクトの助成金は含めません。",
    )
    agreements = AgreementChecksField(
        Agreement.objects.none(),
        label="自区の協定",
        required=False,
        help_text="この連携事業の区や連携先が結んだ協定です。",
    )
    shared_agreements = AgreementChecksField(
        Agreement.objects.none(),
        label="特別区長会の協定",
        required=False,
        help_text="連携先の団体が結んだもの、連携先の市町村に及ぶものを選べます。",
    )

    def __init__(
        self,
        *args: Any,
        ward: Organization,
        former: Collaboration | None = None,
        proposals: Sequence[tuple[str, str]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.ward = ward
        self.former = former
        self.former_status = former.status if former else ""
        self.kept: dict[str, RecordDate] = {}
        self.fields["wards"].help_text = f"{ward.name}は外せません。"
        self.fields["proposal"].choices = [("", "選ばない"), *proposals]
        if not proposals:
            del self.fields["proposal"]
        if former:
            del self.fields["status"]
            self._keep_unshown_dates(former)
        bodies = (
            [ward, *(party.organization for party in former.parties.all())] if former else [ward]
        )
        offered = offered_agreements(bodies, former)
        shared = offered.of_all_wards()
        self._offer("agreements", offered.exclude(pk__in=shared.values("pk")))
        self._offer("shared_agreements", shared)

    def _offer(self, name: str, agreements: AgreementQuerySet) -> None:
        """Asks for agreements only where there are any to choose from."""
        if agreements.exists():
            self.fields[name].queryset = agreements
        else:
            del self.fields[name]

    def _keep_unshown_dates(self, former: Collaboration) -> None:
        for name in ("start", "end"):
            when, field = getattr(former, name), self.fields[name]
            if when.earliest is not None and not any(field.widget.decompress(when)):
                self.kept[name] = when
                field.help_text = f"いまは「{when}」です。空欄のままなら変わりません。{DATE_HELP}"

    def clean_wards(self) -> list[Organization]:
        wards = list(self.cleaned_data["wards"])
        if self.ward not in wards:
            raise ValidationError(f"特別区には、{self.ward.name}を含めてください")
        return wards

    def clean_partners(self) -> list[Organization]:
        partners = self.cleaned_data["partners"]
        wards = [body.name for body in partners if body.is_ward]
        if wards:
            raise ValidationError(
                f"{'、'.join(wards)}は特別区です。上の「特別区」の欄で選んでください"
            )
        return partners

    def clean_origin_date(self):
        day = self.cleaned_data["origin_date"]
        if day and day > today():
            raise ValidationError(f"きっかけの日は、今日（{day_text(today())}）までにしてください")
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not self.errors and not data["partners"] and not data["partner_text"]:
            self.add_error("partners", "連携先の団体を入力してください")
        if data.get("proposal") and data.get("origin") != Origin.BOARD:
            self.add_error("proposal", ONLY_OF_BOARD)
        status = data.get("status", self.former_status)
        start, end = (data.get(name) or self.kept.get(name) for name in ("start", "end"))
        if start and end:
            check_order(self, "end", "終了の時期", start, end)
        if status == CollaborationStatus.ENDED and not end and "end" not in self.errors:
            self.add_error("end", "終わっている連携事業には、終了の時期を入力してください")
        if status == CollaborationStatus.ENDED:
            check_not_ahead(self, "end", "終了の時期", end)
        if status in (CollaborationStatus.ENDED, CollaborationStatus.UNDER_WAY):
            check_not_ahead(self, "start", "開始の時期", start)
        if not self.errors:
            self._check_agreements(data, start or UNKNOWN)
        return data

    def _check_agreements(self, data: dict[str, Any], start: RecordDate) -> None:
        bodies = [*data["wards"], *data["partners"]]
        for name in _AGREEMENTS:
            try:
                check_agreements(data.get(name, ()), bodies, start=start, project=self.former)
            except DomainError as refusal:
                self.add_error(name, str(refusal))

    @property
    def data_for_services(self) -> dict[str, Any]:
        """The answers as ``agreements.services`` takes them."""
        data = {name: value for name, value in self.cleaned_data.items() if name != "status"}
        for name in self.kept:
            if data[name] is None:
                del data[name]
        if asked := [name for name in _AGREEMENTS if name in data]:
            data["agreements"] = [row for name in asked for row in data.pop(name)]
        return data

    def conflicts_with(self, collaboration: Collaboration) -> list[dict[str, Any]]:
        """The fields that ``collaboration``, as it is saved, answers otherwise: label, before."""
        return self.conflicts_with_answers(answers_of(collaboration))


def check_order(form: Form, name: str, label: str, start: RecordDate, end: RecordDate) -> None:
    """Refuses an end before the start, at the field ``name`` of the end."""
    if start.earliest and end.latest and end.latest < start.earliest:
        form.add_error(name, f"{label}は、開始の時期（{start}）以降にしてください")


def check_not_ahead(form: Form, name: str, label: str, when: RecordDate | None) -> None:
    """Refuses a time that has not come yet."""
    if when and when.earliest and when.earliest > today():
        form.add_error(name, f"{label}は、今日（{day_text(today())}）までにしてください")


def answers_of(collaboration: Collaboration) -> dict[str, Any]:
    """A joint project as the answers of its form."""
    agreements = list(with_parties(collaboration.agreements.all()))
    return {
        **{name: getattr(collaboration, name) for name in TEXT_FIELDS},
        "start": collaboration.start,
        "end": collaboration.end,
        "proposal": next((key for key, _ in chosen_origins(collaboration)), ""),
        "themes": collaboration.themes.all(),
        "wards": [party.organization for party in collaboration.wards],
        "partners": [party.organization for party in collaboration.partners],
        "agreements": [row for row in agreements if not row.is_of_all_wards],
        "shared_agreements": [row for row in agreements if row.is_of_all_wards],
    }


class PublishForm(Form):
    """Nothing to type: the button is the answer."""


class StartForm(Form):
    """When a planned joint project began."""

    when = RecordDateField(label="開始した時期", help_text=DATE_HELP)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        check_not_ahead(self, "when", "開始した時期", data.get("when"))
        return data


class EndForm(Form):
    """When a joint project was over."""

    when = RecordDateField(label="終了した時期", help_text=DATE_HELP)

    def __init__(self, *args: Any, start: RecordDate, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.start = start

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        when = data.get("when")
        check_not_ahead(self, "when", "終了した時期", when)
        if when:
            check_order(self, "when", "終了した時期", self.start, when)
        return data


class CancelForm(Form):
    """Why a joint project is called off."""

    reason = TextField(
        label="中止の理由",
        max_length=500,
        rows=4,
        help_text="公開している連携事業では、だれでも読めます。500文字まで。",
    )
