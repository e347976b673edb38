"""How somebody who is offered a seat comes in: the mail's link, the login, the answer.

The same for an invitation and a handover.
"""

from typing import Any

from django import forms
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from core.forms import Form
from core.links.masking import masked_email, masked_name
from core.text import normalise_email
from core.views import ActionFormView, PublicMixin
from members.entering import enter_by_code
from members.enums import InvitationStatus
from members.forms import AcceptanceForm, asks_for_name
from members.models import Handover, Invitation, User

NOT_YOURS = (
    "この{what}は、いまログインしている方あてではありません。"
    "{what}を受け取った方がログインするときは、先にログアウトして、{what}のメールのリンクを開いてください。"
)


def is_for(offered: Invitation | Handover, user: User | AnonymousUser) -> bool:
    """Whether ``user`` is logged in with the address that it was sent to."""
    return user.is_authenticated and normalise_email(user.email) == offered.email


class OfferedMixin:
    """A page about ``self.offered``, an invitation or a handover, and where it is answered.

    ``context_name`` is what its template calls it: the word in the names of its addresses.
    """

    context_name = ""
    offered: Invitation | Handover

    def rows(self) -> QuerySet:
        """What may be offered, with all that the page prints."""
        raise NotImplementedError

    @property
    def accept_url(self) -> str:
        return reverse(f"members:{self.context_name}_accept", args=[self.offered.pk])

    @property
    def decline_url(self) -> str:
        return reverse(f"members:{self.context_name}_decline", args=[self.offered.pk])


class OfferedLink(OfferedMixin, PublicMixin, ActionFormView):
    """What the mail's link opens: what is offered, and the way in.

    Without a login it shows nothing personal in full. Its button opens an account without a
    seat, where there is none, and mails a login code to the very address; the seat itself is
    accepted after that login.
    """

    form_class = Form

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.link = kwargs["link"]
        self.offered = get_object_or_404(self.rows(), pk=self.link.object_id)
        return super().dispatch(request, *args, **kwargs)

    def perform(self, form: forms.BaseForm) -> str:
        if self.request.user.is_authenticated:
            is_own = is_for(self.offered, self.request.user)
            return self.accept_url if is_own else self.request.path
        return enter_by_code(
            self.request, self.offered.email, kind=self.offered.kind, next_url=self.accept_url
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        is_own = is_for(self.offered, user)
        return super().get_context_data(
            **{self.context_name: self.offered},
            what=self.offered._meta.verbose_name,
            masked_to=masked_email(self.offered.email),
            masked_name=masked_name(self.offered.person_name),
            accept_url=self.accept_url if is_own else "",
            is_somebody_else=user.is_authenticated and not is_own,
            here=self.request.path,
            **kwargs,
        )


class AnswerMixin(OfferedMixin):
    """A page on which whoever it was sent to answers, logged in with that very address."""

    request: HttpRequest
    kwargs: dict[str, Any]
    closed_template_name = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.offered = get_object_or_404(self.rows(), pk=self.kwargs["pk"])
        if not is_for(self.offered, request.user):
            raise PermissionDenied(NOT_YOURS.format(what=self.offered._meta.verbose_name))
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.offered.status == InvitationStatus.SENT and not self.offered.is_over:
            return super().get(request, *args, **kwargs)
        context = self.get_context_data(form=None)
        return self.response_class(request, self.closed_template_name, context)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **{self.context_name: self.offered},
            office=self.offered.office,
            accept_url=self.accept_url,
            decline_url=self.decline_url,
            **kwargs,
        )


class AcceptMixin(AnswerMixin):
    """The page that accepts: asks for the name where none is known."""

    form_class = AcceptanceForm

    def get_initial(self) -> dict[str, Any]:
        return {"family_name": self.offered.family_name, "given_name": self.offered.given_name}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"user": self.request.user}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(asks_for_name=asks_for_name(self.request.user), **kwargs)
