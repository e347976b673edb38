"""What the two sides decide about an offer: start, accept, decline, step down, ask."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from core.views import ActionFormView, PostOnlyMixin
from proposals import rules, services
from proposals.enums import OfferMove, OpeningGround
from proposals.forms import AcceptForm, AskForm, ButtonForm, DeclineForm, StepDownForm
from proposals.views.offers import TalkMixin
from proposals.views.one import OneOfferMixin

STARTED = "{}との協議を始めました。このページでメッセージを送れます。"
ACCEPTED = (
    "申し出を受諾しました。連携事業「{}」を計画中として登録しました。公開は、特別区が行います。"
)
JOINED = "申し出を受諾しました。連携事業「{}」に加わりました。"
DECLINED = "申し出を見送りました。理由は、申し出た団体に表示されます。"
STEPPED_DOWN = "申し出を辞退しました。理由は、提案元の団体に表示されます。"
ASKED = "事務局に頼みました。事務局が協議の内容を確認したときは、このページに表示します。"


class OfferStart(PostOnlyMixin, TalkMixin, ActionFormView):
    """The author enters into a talk: a button of the offer's page, which shows a refusal."""

    rule = staticmethod(rules.answers_offer)
    form_class = ButtonForm

    def perform(self, form: ButtonForm) -> str:
        services.start_talk(self.offer, by=self.seat)
        messages.success(self.request, STARTED.format(self.offer.organization.full_name))
        return self.offer.get_absolute_url()


class OfferMoveView(OneOfferMixin, ActionFormView):
    """A page that asks, and the service that does it.

    Whoever opens it while the offer is in no state for ``move`` is told so on the offer's page.
    """

    move: OfferMove

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not rules.may_move_offer(self.seat, self.offer, self.move):
            state = self.offer.get_status_display()
            messages.warning(
                request, f"この申し出は「{state}」のため、{self.move.label}操作はできません。"
            )
            return HttpResponseRedirect(self.offer.get_absolute_url())
        return super().get(request, *args, **kwargs)

    def perform(self, form: Any) -> str:
        messages.success(self.request, self.act(form))
        return self.offer.get_absolute_url()

    def act(self, form: Any) -> str:
        """Calls the service; returns the sentence that says what was done."""
        raise NotImplementedError


class OfferAccept(OfferMoveView):
    """The author agrees: a joint project begins, or the offering side joins one."""

    rule = staticmethod(rules.answers_offer)
    move = OfferMove.ACCEPT
    form_class = AcceptForm
    template_name = "proposals/offer_accept.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        is_open = rules.may_move_offer(self.seat, self.offer, self.move)
        joinable = services.joinable(self.offer.proposal) if is_open else None
        return {**super().get_form_kwargs(), "joinable": joinable}

    def act(self, form: AcceptForm) -> str:
        offer = services.accept(self.offer, by=self.seat, joins=form.joins)
        return (JOINED if form.joins else ACCEPTED).format(offer.collaboration)


class OfferDecline(OfferMoveView):
    """The author says no, with a reason."""

    rule = staticmethod(rules.answers_offer)
    move = OfferMove.DECLINE
    form_class = DeclineForm
    template_name = "proposals/offer_decline.html"

    def act(self, form: DeclineForm) -> str:
        services.decline(self.offer, by=self.seat, reason=form.cleaned_data["reason"])
        return DECLINED


class OfferStepDown(OfferMoveView):
    """The offering side takes its offer back, with a reason."""

    rule = staticmethod(rules.wrote_offer)
    move = OfferMove.STEP_DOWN
    form_class = StepDownForm
    template_name = "proposals/offer_step_down.html"

    def act(self, form: StepDownForm) -> str:
        services.step_down(self.offer, by=self.seat, reason=form.cleaned_data["reason"])
        return STEPPED_DOWN


class OfferAsk(OneOfferMixin, ActionFormView):
    """A side asks the secretariat to look into the talk, or reports the other side."""

    rule = staticmethod(rules.may_ask_to_open)
    form_class = AskForm
    template_name = "proposals/offer_ask.html"

    def perform(self, form: AskForm) -> str:
        answers = form.cleaned_data
        is_report = answers["ground"] == OpeningGround.REPORT
        ask = services.report if is_report else services.ask_to_open
        ask(self.offer, by=self.seat, reason=answers["reason"])
        messages.success(self.request, ASKED)
        return self.offer.get_absolute_url()
