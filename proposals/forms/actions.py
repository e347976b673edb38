"""What members type when they end, prolong, answer or report something on the board."""

from typing import Any

from django.forms import HiddenInput

from core.dates import add_months, today
from core.forms import DatePartsField, Form, ModelChoiceField, RadioField, TextField
from proposals.enums import DEFAULT_MONTHS_OPEN, OpeningGround
from proposals.forms.reasons import reason_field
from proposals.models import REPLY_LENGTH, REPORT_LENGTH, Proposal
from proposals.querysets import ProposalQuerySet
from proposals.services.relating import NOT_RELATED


class WithdrawForm(Form):
    """Why a proposal is taken off the board."""

    reason = reason_field("取下げの理由", "提案を読める会員に表示します。")


class CloseForm(Form):
    """Why nothing came of a proposal."""

    reason = reason_field("不成立の理由", "提案を読める会員に表示します。")


class RenewForm(Form):
    """Until when a proposal stays open; the usual time is already filled in."""

    ends_on = DatePartsField(
        label="新しい募集期限",
        help_text=f"今日から{DEFAULT_MONTHS_OPEN}か月後を入れてあります。変えることもできます。",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("ends_on", add_months(today(), DEFAULT_MONTHS_OPEN))


class ButtonForm(Form):
    """Nothing to type: the button is the answer."""


class UnrelateForm(Form):
    """Which of the ``related`` proposals is linked no longer."""

    other = ModelChoiceField(
        Proposal.objects.none(),
        label="関連する提案",
        widget=HiddenInput,
        error_messages={"invalid_choice": NOT_RELATED, "required": NOT_RELATED},
    )

    def __init__(self, *args: Any, related: ProposalQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other"].queryset = related


class DeleteForm(ButtonForm):
    """Deletes a draft."""


class ReplyForm(Form):
    """What is said under a proposal."""

    body = TextField(
        label="返信の内容",
        max_length=REPLY_LENGTH,
        help_text="この提案を読める会員の全員が読みます。1,000文字まで。",
    )


class ReportForm(Form):
    """What is wrong with a proposal or a reply."""

    reason = reason_field(
        "通報の理由",
        "どこが、なぜ問題なのかを書いてください。事務局だけが読みます。",
        REPORT_LENGTH,
    )


class AskForm(Form):
    """Why the secretariat should look into a talk."""

    ground = RadioField(
        label="頼むこと",
        choices=[
            (OpeningGround.REQUEST, "協議の内容を確認してほしい"),
            (OpeningGround.REPORT, "相手の書き込みに問題があるため、通報する"),
        ],
    )
    reason = reason_field("理由", "事務局だけが読みます。", REPORT_LENGTH)
