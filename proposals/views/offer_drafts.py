"""What an organization is going to say with an offer: read by colleagues, printed, deleted."""

from typing import Any

from django.contrib import messages
from django.http import Http404
from django.urls import reverse
from django.views.generic import TemplateView

from core import dates
from core.views import ActionFormView, GoneAfterwardsMixin, posted_version
from members.rules import SeatRule
from members.views.acting import SeatMixin, for_seat
from proposals import rules, services
from proposals.enums import KEEP_OFFER_DRAFTS_DAYS
from proposals.forms import DeleteForm
from proposals.models import OfferDraft

DELETED = "申し出の下書きを削除しました。"


class OneOfferDraftMixin(SeatMixin):
    """A page about the draft of an offer that is the reader's own: 404 otherwise.

    ``rule`` says what the acting seat must be allowed to do with it: 403 otherwise.
    """

    rule: SeatRule
    draft: OfferDraft

    def admit(self) -> None:
        visible = OfferDraft.objects.visible_to(self.request.user).with_sides()
        draft = visible.filter(pk=self.kwargs["pk"]).first()
        if draft is None:
            raise Http404
        self.draft = draft
        self.act_by(self.rule, draft)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            draft=self.draft, proposal=self.draft.proposal, seat=self.seat, **kwargs
        )


class OfferDraftDetail(OneOfferDraftMixin, TemplateView):
    """One sheet of A4 for internal approval, for every seat of the organization."""

    rule = staticmethod(rules.may_view_offer_draft)
    template_name = "proposals/offer_draft_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        pk, writer = self.draft.pk, self.seat_for(rules.writes_offer_draft, self.draft)
        form = reverse("proposals:offer_create", args=[self.draft.proposal_id])
        deleting = reverse("proposals:offer_draft_delete", args=[pk])
        may_send = writer and rules.may_raise_offer(writer, self.draft.proposal)
        return super().get_context_data(
            today=dates.today(),
            kept_days=KEEP_OFFER_DRAFTS_DAYS,
            form_url=for_seat(form, writer) if may_send else None,
            delete_url=for_seat(deleting, writer) if writer else None,
            **kwargs,
        )


class OfferDraftDelete(GoneAfterwardsMixin, OneOfferDraftMixin, ActionFormView):
    """Asks before a draft is deleted for good."""

    rule = staticmethod(rules.writes_offer_draft)
    form_class = DeleteForm
    template_name = "proposals/offer_draft_delete.html"

    def perform(self, form: DeleteForm) -> str:
        version = posted_version(self.request)
        services.delete_offer_draft(self.draft, by=self.seat, version=version)
        messages.success(self.request, DELETED)
        return self.draft.proposal.get_absolute_url()
