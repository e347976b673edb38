"""What members type on the board."""

from typing import Any

from core.dates import add_months, day_text, today
from core.enums import Level
from core.forms import (
    CharField,
    ChecksField,
    DatePartsField,
    FilterForm,
    Form,
    ModelChecksField,
    ModelChoiceField,
    RadioField,
    TextField,
    YearMonthField,
    wording,
)
from members.models import Prefecture, Theme
from proposals.enums import DEFAULT_MONTHS_OPEN, SHOWN_STATUSES, ProposalKind
from proposals.models import (
    BODY_LENGTH,
    LEVELS,
    REASON_LENGTH,
    REPLY_LENGTH,
    TITLE_LENGTH,
    Proposal,
)
from proposals.queries import Conditions
from proposals.services import CONTENT_FIELDS, end_bounds


class ProposalForm(Form):
    """A proposal's text. The portal knows the office and its contact: they are never asked.

    ``incomplete`` accepts what a draft may lack; ``former_end`` is an end date that may stay
    although it has passed.
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

    def __init__(self, *args: Any, incomplete: bool = False, former_end=None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.incomplete = incomplete
        self.former_end = former_end
        if former_end:
            self.fields["ends_on"].help_text = "空欄のときは、今日から6か月後にします。"

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
        return super()._display(bound)

    @property
    def data_for_services(self) -> dict[str, Any]:
        """The answers as ``proposals.services`` takes them."""
        return {**self.cleaned_data, "level": self.cleaned_data["level"] or Level.MEMBERS}

    def typed_content(self) -> dict[str, Any]:
        """The answers of a valid form as ``Proposal.content`` would tell them."""
        data = self.data_for_services
        typed = Proposal(**{field: data[field] for field in CONTENT_FIELDS})
        return typed.content(data["themes"])


class BoardFilterForm(FilterForm):
    """The conditions of the board; each stands in the address."""

    q = CharField(label="キーワード", required=False, max_length=100)
    kind = ChecksField(label="種別", choices=ProposalKind.choices, required=False)
    status = ChecksField(label="状態", choices=SHOWN_STATUSES, required=False)
    theme = ModelChoiceField(
        Theme.objects.all(), label="分野", empty_label="すべての分野", required=False
    )
    prefecture = ModelChoiceField(
        Prefecture.objects.all(), label="提案元の都道府県", empty_label="すべて", required=False
    )

    @property
    def conditions(self) -> Conditions:
        """What was asked; a condition that cannot be understood is left out."""
        data = self.cleaned_data
        return Conditions(
            words=data.get("q", ""),
            kinds=tuple(data.get("kind", ())),
            statuses=tuple(data.get("status", ())),
            theme=data.get("theme"),
            prefecture=data.get("prefecture"),
        )

    def chosen(self) -> list[tuple[str, str, str]]:
        """Each condition in force: its field, its value in the address, and its label."""
        asked = self.conditions
        kinds, statuses = dict(ProposalKind.choices), dict(SHOWN_STATUSES)
        words = [("q", asked.words, f"キーワード：{asked.words}")] if asked.words else []
        rows = [
            ("theme", asked.theme, "分野：{}"),
            ("prefecture", asked.prefecture, "{}"),
        ]
        return (
            words
            + [("kind", kind, str(kinds[kind])) for kind in asked.kinds]
            + [("status", status, statuses[status]) for status in asked.statuses]
            + [(name, str(row.pk), label.format(row)) for name, row, label in rows if row]
        )


class WithdrawForm(Form):
    """Why a proposal is taken off the board."""

    reason = TextField(
        label="取下げの理由",
        max_length=REASON_LENGTH,
        rows=4,
        help_text=f"提案を読める会員に表示します。{REASON_LENGTH}文字まで。",
    )


class DeleteForm(Form):
    """Nothing to type: the button is the answer."""


class ReplyForm(Form):
    """What is said under a proposal."""

    body = TextField(
        label="返信の内容",
        max_length=REPLY_LENGTH,
        help_text="この提案を読める会員の全員が読みます。1,000文字まで。",
    )
