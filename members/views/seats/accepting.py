"""How somebody who is invited comes in: the mail's link, the login, the answer."""

from django.contrib import messages
from django.db.models import QuerySet
from django.urls import reverse

from core.views import ActionFormView
from members import services
from members.forms import AcceptanceForm, DeclineForm
from members.models import Invitation
from members.views.seats.answering import AcceptMixin, AnswerMixin, OfferedLink

ACCEPTED = "招待を承諾しました。会員のページを使えます。"
DECLINED = "招待を辞退しました。招待した部署にお知らせします。"


class InvitedMixin:
    """An invitation."""

    context_name = "invitation"
    closed_template_name = "members/invitation_closed.html"

    def rows(self) -> QuerySet[Invitation]:
        return Invitation.objects.with_office()


class InvitationLink(InvitedMixin, OfferedLink):
    """What the link of an invitation's mail opens."""

    template_name = "members/invitation_link.html"


class InvitationAccept(InvitedMixin, AcceptMixin, ActionFormView):
    """The seat as it is offered; accepting it asks for the name where none is known."""

    template_name = "members/invitation_accept.html"

    def perform(self, form: AcceptanceForm) -> str:
        seat = services.accept_invitation(self.offered, user=self.request.user, **form.cleaned_data)
        if not seat.is_current:
            return self.request.path  # says from when on
        messages.success(self.request, ACCEPTED)
        return reverse("portal:member_home")


class InvitationDecline(InvitedMixin, AnswerMixin, ActionFormView):
    """Says no, with a reason or without."""

    template_name = "members/invitation_decline.html"
    form_class = DeclineForm

    def perform(self, form: DeclineForm) -> str:
        reason = form.cleaned_data["reason"]
        services.decline_invitation(self.offered, user=self.request.user, reason=reason)
        messages.success(self.request, DECLINED)
        return self.request.path
