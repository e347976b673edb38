"""What ends or answers a proposal: withdraw, delete a draft, reply."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from core.views import ActionFormView, PostOnlyMixin, posted_version
from proposals import rules, services
from proposals.enums import ProposalStatus
from proposals.forms import DeleteForm, ReplyForm, WithdrawForm
from proposals.views.one import OneProposalMixin
from proposals.views.reading import DiscussionMixin

WITHDRAWN = "提案を取り下げました。内容と返信は、これからも読めます。"
DELETED = "下書きを削除しました。"
REPLIED = "返信しました。この提案を読める会員の全員が読めます。"


class ProposalWithdraw(OneProposalMixin, ActionFormView):
    """Takes a published proposal off the board, with a reason."""

    rule = staticmethod(rules.writes_it)
    form_class = WithdrawForm
    template_name = "proposals/proposal_withdraw.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.proposal.status != ProposalStatus.OPEN:
            messages.warning(
                request, f"{self.proposal.shown_status_label}の提案は取り下げられません。"
            )
            return HttpResponseRedirect(self.proposal.get_absolute_url())
        return super().get(request, *args, **kwargs)

    def perform(self, form: WithdrawForm) -> str:
        services.withdraw(self.proposal, by=self.seat, reason=form.cleaned_data["reason"])
        messages.success(self.request, WITHDRAWN)
        return self.proposal.get_absolute_url()


class ProposalDelete(OneProposalMixin, ActionFormView):
    """Asks before a draft is deleted for good."""

    rule = staticmethod(rules.writes_it)
    form_class = DeleteForm
    template_name = "proposals/proposal_delete.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().dispatch(request, *args, **kwargs)
        except Http404:
            # After the first sending the draft is gone.
            if done := self.first_result():
                return done
            raise

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.proposal.is_draft:
            messages.warning(request, "公開した提案は削除できません。取り下げることはできます。")
            return HttpResponseRedirect(self.proposal.get_absolute_url())
        return super().get(request, *args, **kwargs)

    def perform(self, form: DeleteForm) -> str:
        services.delete_draft(self.proposal, by=self.seat, version=posted_version(self.request))
        messages.success(self.request, DELETED)
        return reverse("proposals:proposal_list")


class ReplyCreate(PostOnlyMixin, DiscussionMixin, ActionFormView):
    """Takes a reply from the proposal's page; a refusal shows that page again."""

    rule = staticmethod(rules.may_join)
    form_class = ReplyForm

    def perform(self, form: ReplyForm) -> str:
        services.add_reply(self.proposal, by=self.seat, body=form.cleaned_data["body"])
        messages.success(self.request, REPLIED)
        # To the top and not to the reply: there stands the note that takes the focus.
        return self.proposal.get_absolute_url()
