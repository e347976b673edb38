"""How a successor comes in: the mail's link, the login, the 引継書 and the answer."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.db.models import QuerySet
from django.urls import reverse

from core.views import ActionFormView
from members import services
from members.forms import AcceptanceForm, DeclineForm
from members.handover import open_business
from members.models import Handover
from members.views.seats.answering import AcceptMixin, AnswerMixin, OfferedLink

ACCEPTED = "引継ぎを承諾しました。前任の方に、メールでお知らせします。"
RESET = (
    "引継ぎを承諾しました。共用アカウントのこれまでのログインの方法は、使えなくなりました。"
    "メールで届く番号で、もう一度ログインしてください。"
)
DECLINED = "引継ぎを辞退しました。前任の方にお知らせします。"


class HandoverMixin:
    """A handover."""

    context_name = "handover"
    closed_template_name = "members/handover_closed.html"

    def rows(self) -> QuerySet[Handover]:
        return Handover.objects.with_seat()


class HandoverLink(HandoverMixin, OfferedLink):
    """What the link of a handover's mail opens."""

    template_name = "members/handover_link.html"


class HandoverAccept(HandoverMixin, AcceptMixin, ActionFormView):
    """The days and the 引継書; accepting asks for the name where none is known."""

    template_name = "members/handover_accept.html"

    def perform(self, form: AcceptanceForm) -> str:
        user, password = self.request.user, self.request.user.password
        seat = services.accept_handover(self.offered, user=user, **form.cleaned_data)
        user.refresh_from_db(fields=["password"])
        if user.password != password:
            # All logins of the shared mailbox have ended, this one too.
            logout(self.request)
            messages.success(self.request, RESET)
            return reverse("account_request_login_code")
        if not seat.is_current:
            return self.request.path  # says from when on
        messages.success(self.request, ACCEPTED)
        return reverse("portal:member_home")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(groups=open_business(self.offered.seat), **kwargs)


class HandoverDecline(HandoverMixin, AnswerMixin, ActionFormView):
    """Says no, with a reason or without."""

    template_name = "members/handover_decline.html"
    form_class = DeclineForm

    def perform(self, form: DeclineForm) -> str:
        reason = form.cleaned_data["reason"]
        services.decline_handover(self.offered, user=self.request.user, reason=reason)
        messages.success(self.request, DECLINED)
        return self.request.path
