"""What every page about one proposal shares."""

from typing import Any

from django.http import Http404

from members.rules import SeatRule
from members.views.acting import SeatMixin
from proposals.models import Proposal


class OneProposalMixin(SeatMixin):
    """A page about one proposal that the reader may see: 404 otherwise.

    ``rule``, where a page has one, says what the acting seat must be allowed to do with it:
    403 otherwise.
    """

    rule: SeatRule | None = None
    proposal: Proposal

    def admit(self) -> None:
        visible = Proposal.objects.visible_to(self.request.user).with_author()
        proposal = visible.filter(pk=self.kwargs["pk"]).first()
        if proposal is None:
            raise Http404
        self.proposal = proposal
        if self.rule:
            self.act_by(self.rule, proposal)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(proposal=self.proposal, seat=self.seat, **kwargs)
