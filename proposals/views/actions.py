"""What its author does with a proposal, and who reports it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from core.dates import day_text
from core.forms import Form
from core.views import ActionFormView, GoneAfterwardsMixin, PostOnlyMixin, posted_version
from members.rules import SeatRule
from proposals import rules, services
from proposals.forms import (
    ButtonForm,
    CloseForm,
    DeleteForm,
    RenewForm,
    ReportForm,
    UnrelateForm,
    WithdrawForm,
)
from proposals.models import Proposal
from proposals.views.one import OneProposalMixin
from proposals.views.reading import DiscussionMixin

WITHDRAWN = "提案を取り下げました。内容と返信は、これからも読めます。"
CLOSED = "提案を「不成立」にしました。内容と返信は、これからも読めます。"
RENEWED = "募集期限を{}まで延ばしました。"
DELETED = "下書きを削除しました。"
STOPPED = "新しい申し出の受付を止めました。いまの申し出との協議は続けられます。"
RESUMED = "申し出の受付を再開しました。"
UNRELATED = "関連する提案の結び付きを外しました。"
REPORTED = "事務局に通報しました。事務局が内容を確認します。"


class ProposalMove(OneProposalMixin, ActionFormView):
    """A page that asks, and the service that does it.

    ``open_to`` is the rule under which the proposal is in a state for it: otherwise whoever
    opens the page is told so, by ``unfit``, on the proposal's own.
    """

    rule = staticmethod(rules.writes_it)
    open_to: SeatRule
    unfit = ""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.open_to(self.seat, self.proposal):
            state = self.proposal.shown_status_label
            messages.warning(request, self.unfit.format(state))
            return HttpResponseRedirect(self.proposal.get_absolute_url())
        return super().get(request, *args, **kwargs)

    def perform(self, form: Form) -> str:
        messages.success(self.request, self.act(form))
        return self.proposal.get_absolute_url()

    def act(self, form: Any) -> str:
        """Calls the service; returns the sentence that says what was done."""
        raise NotImplementedError


class EndingMixin:
    """Says how many offers end with the proposal."""

    proposal: Proposal

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(live_count=self.proposal.offers.live().count(), **kwargs)


class ProposalWithdraw(EndingMixin, ProposalMove):
    """Takes a published proposal off the board, with a reason."""

    open_to = staticmethod(rules.may_end)
    unfit = "{}の提案は取り下げられません。"
    form_class = WithdrawForm
    template_name = "proposals/proposal_withdraw.html"

    def act(self, form: WithdrawForm) -> str:
        services.withdraw(self.proposal, by=self.seat, reason=form.cleaned_data["reason"])
        return WITHDRAWN


class ProposalClose(EndingMixin, ProposalMove):
    """Says that nothing came of a proposal, with a reason."""

    open_to = staticmethod(rules.may_end)
    unfit = "{}の提案は、不成立にできません。"
    form_class = CloseForm
    template_name = "proposals/proposal_close.html"

    def act(self, form: CloseForm) -> str:
        services.close(self.proposal, by=self.seat, reason=form.cleaned_data["reason"])
        return CLOSED


class ProposalRenew(ProposalMove):
    """Lets a proposal run on; the usual end date is already filled in."""

    open_to = staticmethod(rules.may_renew)
    unfit = "{}の提案の募集期限は、いまは延ばせません。期限の30日前から延ばせます。"
    form_class = RenewForm
    template_name = "proposals/proposal_renew.html"

    def act(self, form: RenewForm) -> str:
        renewed = services.renew(self.proposal, by=self.seat, ends_on=form.cleaned_data["ends_on"])
        return RENEWED.format(day_text(renewed.ends_on))


class ProposalStopOffers(PostOnlyMixin, DiscussionMixin, ActionFormView):
    """Enough have offered: a button of the proposal's page, which shows a refusal."""

    rule = staticmethod(rules.writes_it)
    form_class = ButtonForm

    def perform(self, form: ButtonForm) -> str:
        services.stop_offers(self.proposal, by=self.seat)
        messages.success(self.request, STOPPED)
        return self.proposal.get_absolute_url()


class ProposalResumeOffers(PostOnlyMixin, DiscussionMixin, ActionFormView):
    """Takes offers again: a button of the proposal's page, which shows a refusal."""

    rule = staticmethod(rules.writes_it)
    form_class = ButtonForm

    def perform(self, form: ButtonForm) -> str:
        services.resume_offers(self.proposal, by=self.seat)
        messages.success(self.request, RESUMED)
        return self.proposal.get_absolute_url()


class ProposalUnrelate(PostOnlyMixin, DiscussionMixin, ActionFormView):
    """Takes back the link with another proposal that the reader may see: a button of the page."""

    rule = staticmethod(rules.writes_it)
    form_class = UnrelateForm

    def get_form_kwargs(self) -> dict[str, Any]:
        related = self.proposal.related.visible_to(self.request.user)
        return {**super().get_form_kwargs(), "related": related}

    def perform(self, form: UnrelateForm) -> str:
        services.unrelate(self.proposal, form.cleaned_data["other"], by=self.seat)
        messages.success(self.request, UNRELATED)
        return self.proposal.get_absolute_url()


class ProposalReport(OneProposalMixin, ActionFormView):
    """Tells the secretariat what is wrong with a proposal."""

    rule = staticmethod(rules.may_report)
    form_class = ReportForm
    template_name = "proposals/proposal_report.html"

    def perform(self, form: ReportForm) -> str:
        services.report(self.proposal, by=self.seat, reason=form.cleaned_data["reason"])
        messages.success(self.request, REPORTED)
        return self.proposal.get_absolute_url()


class ProposalDelete(GoneAfterwardsMixin, OneProposalMixin, ActionFormView):
    """Asks before a draft is deleted for good."""

    rule = staticmethod(rules.writes_it)
    form_class = DeleteForm
    template_name = "proposals/proposal_delete.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.proposal.is_draft:
            messages.warning(request, "公開した提案は削除できません。取り下げることはできます。")
            return HttpResponseRedirect(self.proposal.get_absolute_url())
        return super().get(request, *args, **kwargs)

    def perform(self, form: DeleteForm) -> str:
        services.delete_draft(self.proposal, by=self.seat, version=posted_version(self.request))
        messages.success(self.request, DELETED)
        return reverse("proposals:proposal_list")
