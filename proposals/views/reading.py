"""A proposal's page, its earlier versions, and the sheet for internal approval."""

from typing import Any

from django.views.generic import TemplateView
from rules import has_perm

from core import dates, once
from members.models import Seat
from proposals import queries, rules
from proposals.forms import ReplyForm
from proposals.views.one import OneProposalMixin


class DiscussionMixin(OneProposalMixin):
    """A proposal with its replies and what the reader may do with it."""

    template_name = "proposals/proposal_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, proposal = self.request.user, self.proposal
        replying = self.replying_seats()
        kwargs.setdefault("form", ReplyForm())
        return super().get_context_data(
            replies=proposal.replies.visible_to(user),
            has_versions=proposal.versions.visible_to(user).exists(),
            is_own=has_perm("proposals.print_proposal", user, proposal),
            may_change=has_perm("proposals.change_proposal", user, proposal),
            may_publish=has_perm("proposals.publish_proposal", user, proposal),
            may_withdraw=has_perm("proposals.withdraw_proposal", user, proposal),
            reply_seat=self.seat if self.seat in replying else next(iter(replying), None),
            **kwargs,
        )

    def replying_seats(self) -> list[Seat]:
        return [s for s in self.request.user.current_seats if rules.may_reply(s, self.proposal)]


class ProposalDetail(DiscussionMixin, TemplateView):
    """Everything the record holds of a proposal, and what is said under it."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(token=once.new_token(), **kwargs)


class ProposalHistory(OneProposalMixin, TemplateView):
    """The earlier versions, each with what the next one says instead."""

    template_name = "proposals/proposal_history.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        editions = queries.editions(self.proposal, self.request.user)
        return super().get_context_data(editions=editions, **kwargs)


class ProposalPrint(OneProposalMixin, TemplateView):
    """One sheet of A4 for internal approval, for every seat of the organization."""

    rule = staticmethod(rules.may_print)
    template_name = "proposals/proposal_print.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(today=dates.today(), **kwargs)
