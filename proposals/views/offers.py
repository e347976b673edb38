"""An offer: raised on a proposal, its page with the talk, and the sheet for each side's file."""

from functools import cached_property
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.generic import TemplateView

from core import dates, once
from core.views import ActionFormView, CheckedFormView, PostOnlyMixin, posted_version
from members.models import Office, Organization
from members.views.acting import for_seat
from proposals import queries, rules, services
from proposals.enums import OfferMove
from proposals.forms import MessageForm, OfferForm
from proposals.models import OfferDraft, TalkMessage
from proposals.views.one import OneOfferMixin, OneProposalMixin

RAISED = "{}に関心を伝えました。返事が届くと、通知でお知らせします。"
KEPT = (
    "申し出の下書きを保存しました。まだ送っていません。"
    "同じ団体の担当者が、読んだり続きを書いたりできます。"
)
SENT = "{}にメッセージを送りました。返事が届くと、通知でお知らせします。"
OFFERED = "この提案には、すでに申し出ています。"
NOT_TAKEN = "この提案は、いまは申し出を受け付けていません。"


class OfferCreate(OneProposalMixin, CheckedFormView):
    """関心を伝える: what the organization has to say begins the talk with the author.

    ``step`` draft keeps it for the organization, which goes on with it here.
    """

    rule = staticmethod(rules.is_offering_side)
    form_class = OfferForm
    template_name = "proposals/offer_create.html"
    check_template_name = "proposals/offer_check.html"
    final_steps = ("done", "draft")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if offer := queries.standing_offer(self.proposal, self.seat.organization):
            messages.info(request, OFFERED)
            return HttpResponseRedirect(offer.get_absolute_url())
        if not rules.may_raise_offer(self.seat, self.proposal):
            messages.warning(request, NOT_TAKEN)
            return HttpResponseRedirect(self.proposal.get_absolute_url())
        return super().get(request, *args, **kwargs)

    @cached_property
    def draft(self) -> OfferDraft | None:
        """What the organization has kept of it."""
        return OfferDraft.objects.of(self.proposal, self.seat.organization).first()

    def get_initial(self) -> dict[str, Any]:
        return {"message": self.draft.message if self.draft else ""}

    def perform_once(self, form: OfferForm) -> str:
        # Whoever comes back from the sheet for approval sends the same form: to keep it was not
        # to send it, and kept twice it is the same draft.
        return self.keep_draft(form) if self.step == "draft" else super().perform_once(form)

    def keep_draft(self, form: OfferForm) -> str:
        """Keeps what was typed, tells so, and returns the address of its sheet."""
        token = self.page_token
        draft = services.save_offer_draft(
            self.proposal, by=self.seat, page_token=token, **self.answers(form)
        )
        messages.success(self.request, KEPT)
        return for_seat(draft.get_absolute_url(), self.seat)

    def answers(self, form: OfferForm) -> dict[str, Any]:
        return {"message": form.cleaned_data["message"], "version": self.read_version}

    def form_stale(self, form: OfferForm) -> HttpResponse:
        """Keeps what was typed, and shows what a colleague has saved meanwhile."""
        del self.draft
        saved = self.draft.message if self.draft else ""
        label = form.fields["message"].label
        conflict = queries.Difference(label, saved, form.cleaned_data["message"])
        context = self.get_context_data(
            form=form, version=self.version, conflicts=[conflict], stale=True
        )
        return self.render_to_response(context, status=409)

    @property
    def version(self) -> int:
        """Of the draft that is kept; 0 where there is none."""
        return self.draft.version if self.draft else 0

    @property
    def read_version(self) -> int:
        """The version that was read when the form was opened, or that the same page has saved."""
        token = self.page_token
        saved_it = token and self.draft and self.draft.page_token == token
        return self.version if saved_it else posted_version(self.request)

    @property
    def page_token(self) -> UUID | None:
        """The one-time token of the page that was sent."""
        token = self.request.POST.get("token", "")
        return UUID(token) if once.is_token(token) else None

    def perform(self, form: OfferForm) -> str:
        offer = services.raise_offer(self.proposal, by=self.seat, **self.answers(form))
        messages.success(self.request, RAISED.format(self.proposal.organization.full_name))
        return offer.get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # What was read when the form was opened, not what is saved now.
        is_sent = self.request.method == "POST"
        kwargs.setdefault("version", self.read_version if is_sent else self.version)
        steps = ["内容を入力", "内容を確認", "送信"]
        return super().get_context_data(
            steps=steps, office=self.seat.office, draft=self.draft, **kwargs
        )


class TalkMixin(OneOfferMixin):
    """An offer with its talk, as far as the reader may read it, and what they may do.

    A form of the page that was refused is ``form``; the one for a message is ``message_form``.
    """

    template_name = "proposals/offer_detail.html"

    def admit(self) -> None:
        super().admit()
        if self.rule is None:
            self.seat = self.seat_for(rules.is_of_a_side, self.offer) or self.seat

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form, seats = kwargs.get("form"), self.request.user.current_seats
        part = TalkMessage(offer=self.offer)
        other, office = self.other_side()
        return super().get_context_data(
            talk=queries.talk_of(self.offer, self.request.user),
            is_side=any(rules.is_of_a_side(seat, self.offer) for seat in seats),
            may_read=any(rules.may_view_talk(seat, part) for seat in seats),
            may_ask=any(rules.may_ask_to_open(seat, self.offer) for seat in seats),
            moves={
                move.value
                for move in OfferMove
                if any(rules.may_move_offer(seat, self.offer, move) for seat in seats)
            },
            message_form=self.message_form(form),
            button_token=once.new_token(),
            other=other,
            other_office=office,
            **kwargs,
        )

    def message_form(self, form: Any) -> MessageForm | None:
        """The form that was refused, or an empty one; None for who may not write."""
        if isinstance(form, MessageForm):
            return form
        seat = self.seat_for(rules.may_talk, self.offer)
        return MessageForm(by=seat) if seat else None

    def other_side(self) -> tuple[Organization | None, Office | None]:
        """With whom the reader talks; nobody for the secretariat."""
        proposal, reader = self.offer.proposal, self.seat.office.organization_id
        if reader == self.offer.organization_id:
            return proposal.organization, proposal.office
        if reader == proposal.organization_id:
            return self.offer.organization, self.offer.office
        return None, None


class OfferDetail(TalkMixin, TemplateView):
    """An offer, where it stands, and what was said."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(token=once.new_token(), **kwargs)


class MessageCreate(PostOnlyMixin, TalkMixin, ActionFormView):
    """Takes a message from the offer's page; a refusal shows that page again."""

    rule = staticmethod(rules.writes_for_a_side)
    form_class = MessageForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "by": self.seat}

    def perform(self, form: MessageForm) -> str:
        said = form.cleaned_data
        services.send_message(
            self.offer, by=self.seat, body=said["body"], files=said["attachments"]
        )
        other, _ = self.other_side()
        messages.success(self.request, SENT.format(other.full_name if other else "相手の団体"))
        return self.offer.get_absolute_url()


class OfferPrint(OneOfferMixin, TemplateView):
    """The offer and its talk on A4, for every seat of both sides."""

    rule = staticmethod(rules.is_of_a_side)
    template_name = "proposals/offer_print.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        talk = queries.talk_of(self.offer, self.request.user)
        return super().get_context_data(talk=talk, today=dates.today(), **kwargs)
