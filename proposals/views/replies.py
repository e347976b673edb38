"""Replies: said under a proposal, mended, reported."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from core.views import ActionFormView, PostOnlyMixin
from proposals import rules, services
from proposals.forms import ReplyForm, ReportForm
from proposals.views.actions import REPORTED
from proposals.views.one import OneReplyMixin
from proposals.views.reading import DiscussionMixin

REPLIED = "返信しました。この提案を読める会員の全員が読めます。"
MENDED = "返信を修正しました。"


class ReplyCreate(PostOnlyMixin, DiscussionMixin, ActionFormView):
    """Takes a reply from the proposal's page; a refusal shows that page again."""

    rule = staticmethod(rules.may_join)
    form_class = ReplyForm

    def perform(self, form: ReplyForm) -> str:
        services.add_reply(self.proposal, by=self.seat, body=form.cleaned_data["body"])
        messages.success(self.request, REPLIED)
        # To the top and not to the reply: there stands the note that takes the focus.
        return self.proposal.get_absolute_url()


class ReplyUpdate(OneReplyMixin, ActionFormView):
    """Mends a reply of one's own organization."""

    rule = staticmethod(rules.writes_it)
    form_class = ReplyForm
    template_name = "proposals/reply_update.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.reply.hidden_at or not rules.may_edit_reply(self.seat, self.reply):
            messages.warning(request, "この返信は、いまは修正できません。")
            return HttpResponseRedirect(self.reply.proposal.get_absolute_url())
        return super().get(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        return {"body": self.reply.body}

    def perform(self, form: ReplyForm) -> str:
        services.edit_reply(self.reply, by=self.seat, body=form.cleaned_data["body"])
        messages.success(self.request, MENDED)
        return self.reply.proposal.get_absolute_url()


class ReplyReport(OneReplyMixin, ActionFormView):
    """Tells the secretariat what is wrong with a reply."""

    rule = staticmethod(rules.may_report)
    form_class = ReportForm
    template_name = "proposals/reply_report.html"

    def perform(self, form: ReportForm) -> str:
        services.report(self.reply, by=self.seat, reason=form.cleaned_data["reason"])
        messages.success(self.request, REPORTED)
        return self.reply.proposal.get_absolute_url()
