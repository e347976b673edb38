"""A proposal's page, its earlier versions, and the sheet for internal approval."""

from functools import cached_property
from typing import Any

from django.urls import reverse
from django.views.generic import TemplateView
from rules import has_perm

from core import dates, once
from core.files import attachments_of
from core.models import Attachment
from members.models import Seat
from members.rules import SeatRule, levels_of
from members.views.acting import for_seat
from proposals import queries, rules
from proposals.forms import ReplyForm
from proposals.models import Offer, Proposal, Reply
from proposals.views.one import OneProposalMixin

# What the page's buttons do, by the permission that each asks for.
BUTTONS = (
    "change_proposal",
    "publish_proposal",
    "withdraw_proposal",
    "close_proposal",
    "renew_proposal",
    "stop_offers",
    "resume_offers",
    "report_proposal",
)


class DiscussionMixin(OneProposalMixin):
    """A proposal with its offers and replies, and what the reader may do with it.

    What it says is the same for all who may read it: the template keeps it for a minute under
    the ``stamp``, and reads the ``whole`` only where it is not kept. A form of the page that
    was refused is ``form``; its reply form is ``reply_form``.
    """

    template_name = "proposals/proposal_detail.html"

    def find(self, pk: int) -> Proposal | None:
        """Without what is only in the ``whole``."""
        return queries.proposal_of(pk)

    @cached_property
    def whole(self) -> Proposal:
        return Proposal.objects.with_author().get(pk=self.proposal.pk)

    def record(self) -> queries.AuthorRecord:
        return queries.author_record(self.whole.organization, self.request.user, dates.today())

    @cached_property
    def attachments(self) -> list[Attachment]:
        return attachments_of(self.proposal, self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, proposal = self.request.user, self.proposal
        form, replying = kwargs.get("form"), self.seats_under(rules.may_reply)
        offers, replies = queries.offers_on(proposal, user), self.replies()
        return super().get_context_data(
            stamp=[getattr(proposal, name) for name in queries.STAMP],
            levels=levels_of(user),
            whole=lambda: self.whole,
            record=self.record,
            attachments=lambda: self.attachments,
            wards=proposal.wards.only("name"),
            steps=proposal.steps.all(),
            offers=offers.shown,
            offer_count=offers.count,
            projects=queries.projects_of(proposal, user)
            if offers.have_started or proposal.is_agreed
            else [],
            related=queries.related_to(proposal, user),
            counterparts=queries.counterparts_of(proposal, user),
            may_unlink=has_perm("proposals.unrelate", user, proposal),
            offering=self.offering(offers.shown),
            replies=replies,
            replies_stamp=[
                (reply.pk, reply.body, reply.edited_at, reply.hidden_at, *may)
                for reply, *may in replies
            ],
            reply_form=form if isinstance(form, ReplyForm) else ReplyForm(),
            reply_seat=self.seat if self.seat in replying else next(iter(replying), None),
            button_token=once.new_token(),
            has_versions=proposal.version > 1 and proposal.versions.visible_to(user).exists(),
            is_own=has_perm("proposals.print_proposal", user, proposal),
            may={name: has_perm(f"proposals.{name}", user, proposal) for name in BUTTONS},
            **kwargs,
        )

    def seats_under(self, rule: SeatRule) -> list[Seat]:
        return [s for s in self.request.user.current_seats if rule(s, self.proposal)]

    def offering(self, offers: list[Offer]) -> list[tuple[Seat, str]]:
        """The seats that may offer, once for each organization, with the page for it.

        An organization whose offer stands has none; its offer is among ``offers``.
        """
        standing = {row.organization_id for row in offers if row.is_live or row.is_carried_out}
        url = reverse("proposals:offer_create", args=[self.proposal.pk])
        seats: dict[int, Seat] = {}
        for seat in self.seats_under(rules.may_raise_offer):
            if seat.office.organization_id not in standing:
                seats.setdefault(seat.office.organization_id, seat)
        return [(seat, for_seat(url, seat)) for seat in seats.values()]

    def replies(self) -> list[tuple[Reply, bool, bool]]:
        """The replies, and whether the reader may mend, or report, each."""
        rows = queries.replies_under(self.proposal, self.request.user)
        return [(row, self.may_edit(row), self.may_report(row)) for row in rows]

    def may_edit(self, reply: Reply) -> bool:
        return has_perm("proposals.edit_reply", self.request.user, reply) and not reply.hidden_at

    def may_report(self, reply: Reply) -> bool:
        return has_perm("proposals.report_proposal", self.request.user, reply)


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
        return super().get_context_data(
            today=dates.today(),
            wards=self.proposal.wards.select_related("municipality"),
            attachments=attachments_of(self.proposal, self.request.user),
            **kwargs,
        )
