"""Answers that came by telephone, fax, mail or at the counter, as the secretariat writes them down.

Each goes through the service of the site, so that the same is refused and the same people are
told. Nothing of a talk is shown here.
"""

from collections.abc import Callable
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.contrib import admin

from core.admin.actions import ObjectAction
from core.admin.actor import acting
from core.admin.fields import AutocompleteOne, LinesField
from core.admin.forms import ActionForm
from core.audit import Actor
from core.errors import DomainError
from members.admin.told import DatedToldFields
from members.models import Organization
from proposals import rules, services
from proposals.enums import OFFER_MOVES, OfferMove, OfferStatus
from proposals.models import MESSAGE_LENGTH, REASON_LENGTH, REPLY_LENGTH, Offer, Proposal

_SHOWN = (
    "署名は代表の部署になり、事務局が記録したことを、方法と日付とともに表示します。"
    "連絡した方の名前は、事務局の操作記録だけに残ります。"
)


def _lines(label: str, length: int, help_text: str) -> LinesField:
    return LinesField(
        label=label,
        max_length=length,
        help_text=f"{help_text}{length:,}文字まで",
        widget=forms.Textarea(attrs={"rows": 6, "class": "vLargeTextField"}),
    )


class CallForm(DatedToldFields, ActionForm):
    """From whom, how and when a call about ``proposal`` came; ``by`` writes it down."""

    def __init__(self, *args: Any, proposal: Proposal, by: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.proposal = proposal
        self.by = by

    def clean_day(self) -> date | None:
        day = self.cleaned_data["day"]
        if refusal := services.told_day_refusal(self.proposal, day):
            raise forms.ValidationError(refusal)
        return day

    def speaker_of(self, organization: Organization) -> services.Caller:
        """``organization`` as it called. Raises ``DomainError``."""
        return services.caller(organization, self.proposal, by=self.by, told=self.told)


class AnswerForm(CallForm):
    """What an organization has said to a proposal; ``rule`` is who may say it at all."""

    rule: ClassVar[Callable[..., bool]]
    refusal = ""
    organization = forms.ModelChoiceField(
        Organization.objects.select_related("municipality", "prefecture"),
        label="連絡した団体",
        widget=AutocompleteOne(Offer._meta.get_field("organization"), admin.site),
    )
    field_order = ["organization", *DatedToldFields.field_order]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors:
            try:
                self.speaker = self.speaker_of(cleaned["organization"])
            except DomainError as refusal:
                self.add_error("organization", str(refusal))
            else:
                if not self.rule(self.speaker, self.proposal):
                    self.add_error("organization", self.refusal)
        return cleaned


class ToldOfferForm(AnswerForm):
    rule = staticmethod(rules.is_offering_side)
    refusal = "この団体は、この提案に申し出できません。提案元と公開の範囲を確認してください"
    message = _lines("提案元に伝えること", MESSAGE_LENGTH, "連絡の内容です。提案元が読みます。")


class ToldReplyForm(AnswerForm):
    rule = staticmethod(rules.may_join)
    refusal = "この団体は、この提案を読めません。公開の範囲を確認してください"
    body = _lines("返信", REPLY_LENGTH, "連絡の内容です。提案を読める会員が読みます。")


class TellAction(ObjectAction):
    """Writes down what an organization has said about ``proposal``."""

    @property
    def proposal(self) -> Proposal:
        raise NotImplementedError

    def get_form_kwargs(self) -> dict[str, Any]:
        given = {"proposal": self.proposal, "by": acting(self.request)}
        return super().get_form_kwargs() | given


class TellOffer(TellAction):
    """An organization that may offer has told the secretariat that it is interested."""

    name = "told_offer"
    title = "電話などで受けた申し出を記録"
    button = "申し出を記録する"
    explanation = f"申し出は、提案元と申し出た団体に知らせます。{_SHOWN}"
    form_class = ToldOfferForm
    row: Proposal

    @classmethod
    def applies_to(cls, row: Proposal) -> bool:
        return row.takes_offers and not row.is_among_wards

    @property
    def proposal(self) -> Proposal:
        return self.row

    def act(self, form: ToldOfferForm, by: Actor) -> str:
        message = form.cleaned_data["message"]
        offer = services.raise_offer(self.row, by=form.speaker, message=message)
        return f"{offer.title}を記録しました"


class TellReply(TellAction):
    """An organization has told the secretariat what to reply for it."""

    name = "told_reply"
    title = "電話などで受けた返信を記録"
    button = "返信を記録する"
    explanation = f"返信は、提案を読める会員が読みます。{_SHOWN}"
    form_class = ToldReplyForm
    row: Proposal

    @classmethod
    def applies_to(cls, row: Proposal) -> bool:
        return row.is_live and row.hidden_at is None

    @property
    def proposal(self) -> Proposal:
        return self.row

    def act(self, form: ToldReplyForm, by: Actor) -> str:
        reply = services.add_reply(self.row, by=form.speaker, body=form.cleaned_data["body"])
        return f"{reply.organization.full_name}の返信を記録しました"


class ToldAcceptForm(CallForm):
    """With what the offer leads to, where it may join a joint project."""

    project = forms.ChoiceField(label="受諾したあとの進め方", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.joinable = {str(row.pk): row for row in services.joinable(self.proposal)}
        joins = [(pk, f"連携事業「{row}」に加わる") for pk, row in self.joinable.items()]
        self.fields["project"].choices = [("", "新しい連携事業を始める"), *joins]
        if not self.joinable:
            del self.fields["project"]


class ToldDeclineForm(CallForm):
    reason = _lines("見送りの理由", REASON_LENGTH, "申し出た団体に表示します。")


class ToldStepDownForm(CallForm):
    reason = _lines("辞退の理由", REASON_LENGTH, "提案元の団体に表示します。")


class TellMove(TellAction):
    """A side of an offer has told the secretariat what it decides: the author, as a rule."""

    move: ClassVar[OfferMove]
    side = "提案元"
    form_class = CallForm
    row: Offer

    @classmethod
    def applies_to(cls, row: Offer) -> bool:
        is_no = cls.move in (OfferMove.DECLINE, OfferMove.STEP_DOWN)
        return (OfferStatus(row.status), cls.move) in OFFER_MOVES and (
            is_no or row.proposal.is_live
        )

    @property
    def proposal(self) -> Proposal:
        return self.row.proposal

    @property
    def organization(self) -> Organization:
        """Whose move it is."""
        return self.proposal.organization

    @property
    def explanation(self) -> str:
        who = f"{self.side}（{self.organization.full_name}）"
        return f"{who}から連絡があったときに記録します。両方の団体に知らせます。{_SHOWN}"


class TellStart(TellMove):
    name = "told_start"
    title = "電話などで受けた協議の開始を記録"
    button = "協議の開始を記録する"
    move = OfferMove.START_TALK

    def act(self, form: CallForm, by: Actor) -> str:
        services.start_talk(self.row, by=form.speaker_of(self.organization))
        return "協議の開始を記録しました"


class TellAccept(TellMove):
    name = "told_accept"
    title = "電話などで受けた受諾を記録"
    button = "受諾を記録する"
    form_class = ToldAcceptForm
    move = OfferMove.ACCEPT

    def act(self, form: ToldAcceptForm, by: Actor) -> str:
        joins = form.joinable.get(form.cleaned_data.get("project", ""))
        offer = services.accept(self.row, by=form.speaker_of(self.organization), joins=joins)
        return f"受諾を記録しました。連携事業「{offer.collaboration}」の団体になりました"


class TellDecline(TellMove):
    name = "told_decline"
    title = "電話などで受けた見送りを記録"
    button = "見送りを記録する"
    form_class = ToldDeclineForm
    move = OfferMove.DECLINE

    def act(self, form: ToldDeclineForm, by: Actor) -> str:
        by, reason = form.speaker_of(self.organization), form.cleaned_data["reason"]
        services.decline(self.row, by=by, reason=reason)
        return "見送りを記録しました"


class TellStepDown(TellMove):
    name = "told_step_down"
    title = "電話などで受けた辞退を記録"
    button = "辞退を記録する"
    form_class = ToldStepDownForm
    move = OfferMove.STEP_DOWN
    side = "申し出た団体"

    @property
    def organization(self) -> Organization:
        return self.row.organization

    def act(self, form: ToldStepDownForm, by: Actor) -> str:
        by, reason = form.speaker_of(self.organization), form.cleaned_data["reason"]
        services.step_down(self.row, by=by, reason=reason)
        return "辞退を記録しました"
