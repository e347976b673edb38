"""What every page about one proposal, one reply or one offer shares."""

from typing import Any

from django.http import Http404
from rules import has_perm

from members.rules import SeatRule
from members.views.acting import SeatMixin
from proposals.models import Offer, Proposal, Reply


class OneProposalMixin(SeatMixin):
    """A page about one proposal that the reader may see: 404 otherwise.

    ``rule``, where a page has one, says what the acting seat must be allowed to do with it:
    403 otherwise.
    """

    rule: SeatRule | None = None
    proposal: Proposal

    def admit(self) -> None:
        # One row is asked for by its rule: ``visible_to`` says the same, and takes longer.
        proposal = self.find(self.kwargs["pk"])
        if proposal is None or not has_perm("proposals.view_proposal", self.request.user, proposal):
            raise Http404
        self.proposal = proposal
        if self.rule:
            self.act_by(self.rule, proposal)

    def find(self, pk: int) -> Proposal | None:
        """The proposal with as much as the page and its rule read."""
        return Proposal.objects.with_author().filter(pk=pk).first()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(proposal=self.proposal, seat=self.seat, **kwargs)


class OneReplyMixin(SeatMixin):
    """A page about one reply that the reader may see (404), where ``rule`` holds (403)."""

    rule: SeatRule
    reply: Reply

    def admit(self) -> None:
        visible = Reply.objects.visible_to(self.request.user).select_related(
            "organization", "proposal__organization__municipality"
        )
        reply = visible.filter(pk=self.kwargs["pk"]).first()
        if reply is None:
            raise Http404
        self.reply = reply
        self.act_by(self.rule, reply)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            reply=self.reply, proposal=self.reply.proposal, seat=self.seat, **kwargs
        )


class OneOfferMixin(SeatMixin):
    """A page about one offer whose existence the reader may know: 404 otherwise.

    ``rule`` as for a proposal.
    """

    rule: SeatRule | None = None
    offer: Offer

    def admit(self) -> None:
        visible = Offer.objects.visible_to(self.request.user).with_sides()
        offer = visible.select_related("collaboration").filter(pk=self.kwargs["pk"]).first()
        if offer is None:
            raise Http404
        self.offer = offer
        if self.rule:
            self.act_by(self.rule, offer)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        proposal = self.offer.proposal
        may_view_proposal = has_perm("proposals.view_proposal", self.request.user, proposal)
        return super().get_context_data(
            offer=self.offer,
            proposal=proposal,
            may_view_proposal=may_view_proposal,
            seat=self.seat,
            **kwargs,
        )
