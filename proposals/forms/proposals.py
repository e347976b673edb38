"""What members write of a proposal."""

from typing import Any

from core.audit import Actor
from core.dates import add_months, day_text, today
from core.enums import Level
from core.forms import (
    CharField,
    DatePartsField,
    Form,
    ModelChecksField,
    RadioField,
    TextField,
    YearMonthField,
    wording,
)
from core.forms.attachments import AttachmentsField, AttachmentsForm
from members.models import Organization, Theme
from proposals.enums import DEFAULT_MONTHS_OPEN, ProposalKind
from proposals.models import (
    BODY_LENGTH,
    CONDITIONS_LENGTH,
    LEVELS,
    TITLE_LENGTH,
    Proposal,
)
from proposals.queries import wards_meant
from proposals.querysets import ProposalQuerySet
from proposals.services import CONTENT_FIELDS, end_bounds


class ProposalForm(AttachmentsForm, Form):
    """A proposal's text. The portal knows the office and its contact: they are never asked.

    ``incomplete`` accepts what a draft may lack; ``former_end`` is an end date that may stay
    although it has passed; ``by`` uploads the files, and ``proposal`` has some already.
    ``author`` is whose proposal it is. ``related`` are those of the check page's like proposals
    that were ticked there; without any the form asks for none.
    """

    kind = RadioField(
        label="種別",
        choices=[
            (ProposalKind.SEEK, "求める（協力してほしいことがある）"),
            (ProposalKind.PROVIDE, "提供できる（協力できることがある）"),
        ],
    )
    title = CharField(
        label="提案の題名",
        max_length=TITLE_LENGTH,
        help_text="何を、誰と行いたいかが分かるように、60文字以内で書いてください。",
    )
    themes = ModelChecksField(
        Theme.objects.all(), label="分野", note="（当てはまるものすべて）", columns=True
    )
    body = TextField(
        label="提案の内容",
        max_length=BODY_LENGTH,
        help_text="背景、行いたいこと、相手に期待することを書いてください。1,000文字まで。",
    )
    wished_from = YearMonthField(
        label="希望時期（開始）",
        help_text="西暦でも和暦でも入力できます。例：2027　または　令和9",
    )
    wished_until = YearMonthField(label="希望時期（終了）", required=False)
    place = CharField(
        label="希望する場所",
        required=False,
        max_length=100,
        help_text="例：区内の商店街や公園、オンライン",
    )
    scale = CharField(
        label="規模", required=False, max_length=100, help_text="例：出展10団体ほど、児童40人"
    )
    budget = CharField(
        label="予算について",
        required=False,
        max_length=200,
        help_text="例：旅費は当市が負担、助成金の申請を予定",
    )
    conditions = TextField(
        label="条件",
        required=False,
        max_length=CONDITIONS_LENGTH,
        rows=4,
        help_text="対象や準備など、相手に知っておいてほしいことがあれば書いてください。500文字まで。",
    )
    wards = ModelChecksField(
        Organization.objects.wards().select_related("municipality"),
        label="宛先の特別区",
        note="（選ばなければ、すべての区）",
        required=False,
        columns=True,
        help_text="選んだ区にお知らせします。ほかの区や会員も、提案を読めます。",
    )
    ends_on = DatePartsField(
        label="募集期限",
        required=False,
        help_text="空欄のときは、公開から6か月後にします。",
    )
    level = RadioField(
        label="公開の範囲",
        choices=LEVELS,
        initial=Level.MEMBERS,
        help_text="「特別区だけ」を選ぶと、ほかの会員には表示しません。",
    )
    # Whoever reads the proposal reads its files: they have no level of their own.
    attachments = AttachmentsField()
    related = ModelChecksField(
        Proposal.objects.none(),
        label="関連する提案",
        required=False,
        help_text="確認の画面で選んだ提案です。おたがいのページの「関連する提案」に載ります。",
        error_messages={
            "invalid_choice": "募集が終わったか、読めなくなった提案があるため、外しました。内容を確認してください"
        },
    )

    def __init__(
        self,
        *args: Any,
        by: Actor,
        author: Organization | None = None,
        proposal: Proposal | None = None,
        related: ProposalQuerySet | None = None,
        incomplete: bool = False,
        former_end=None,
        **kwargs: Any,
    ):
        self.instance = proposal
        self.is_by_ward = author is not None and author.is_ward
        super().__init__(*args, by=by, **kwargs)
        self.incomplete = incomplete
        self.former_end = former_end
        if former_end:
            self.fields["ends_on"].help_text = "空欄のときは、今日から6か月後にします。"
        if related is None:
            del self.fields["related"]
        else:
            self.fields["related"].queryset = related
        if self.is_by_ward:
            self._address_other_wards(author)

    def _address_other_wards(self, ward: Organization) -> None:
        """A ward chooses among the others, and means them all only where it writes to wards."""
        field = self.fields["wards"]
        field.queryset = field.queryset.exclude(pk=ward.pk)
        field.note = "（公開の範囲が「特別区だけ」で選ばなければ、ほかのすべての区）"

    def full_clean(self) -> None:
        # A draft's gaps are accepted, and still marked ※必須 when the form is shown again.
        needed = [field for field in self.fields.values() if field.required]
        for field in needed:
            field.required = not self.incomplete
        super().full_clean()
        for field in needed:
            field.required = True

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        start, end = data.get("wished_from"), data.get("wished_until")
        if start and end and end < start:
            self.add_error(
                "wished_until", wording.month_not_before("希望時期（終了）", "開始", start)
            )
        ends_on = data.get("ends_on")
        if ends_on and ends_on != self.former_end and not self.incomplete:
            self._check_end(ends_on)
        return data

    def _check_end(self, ends_on) -> None:
        first, last = end_bounds()
        if ends_on < first:
            self.add_error("ends_on", wording.date_not_before("募集期限", "明日", first))
        if ends_on > last:
            self.add_error("ends_on", f"募集期限は、{day_text(last)}までの日付にしてください")

    def _display(self, bound) -> str | list[str]:
        if bound.name == "ends_on" and not self.cleaned_data.get("ends_on"):
            end = day_text(add_months(today(), DEFAULT_MONTHS_OPEN))
            return f"{end}（{DEFAULT_MONTHS_OPEN}か月後）"
        if bound.name == "wards" and not self.cleaned_data.get("wards"):
            return wards_meant(self.cleaned_data["level"], by_ward=self.is_by_ward)
        return super()._display(bound)

    @property
    def data_for_services(self) -> dict[str, Any]:
        """The answers as ``proposals.services`` takes them, but for files and links."""
        data = {**self.cleaned_data, "level": self.cleaned_data["level"] or Level.MEMBERS}
        apart = ("attachments", "related")
        return {name: value for name, value in data.items() if name not in apart}

    def typed_content(self) -> dict[str, Any]:
        """The answers of a valid form as ``Proposal.content`` would tell them."""
        data, files = self.data_for_services, self.cleaned_data["attachments"].outcome
        return self.typed_proposal().content(data["themes"], data["wards"], files)

    def typed_proposal(self, **known: Any) -> Proposal:
        """The answers of a valid form as a proposal that is saved nowhere, with what is known."""
        data = self.data_for_services
        return Proposal(**{field: data[field] for field in CONTENT_FIELDS}, **known)
