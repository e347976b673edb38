"""An add form adds one row, however often it is sent (``core.once``)."""

from typing import Any

from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from core import once


class AddedOnceMixin:
    """Mixed into a model's admin: the add page carries a one-time token."""

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Django's page; a second sending is shown the page that the first one led to."""
        sent = request.POST.get("token", "")
        if done := once.first_result(sent, request.user):
            return HttpResponseRedirect(done)
        token = sent if once.is_token(sent) else once.new_token()
        context = {"token": token, **(extra_context or {})}
        try:
            return super().add_view(request, form_url, context)
        except IntegrityError:
            # A parallel sending of the same form was faster.
            if done := once.first_result(sent, request.user):
                return HttpResponseRedirect(done)
            raise

    def response_add(self, request: HttpRequest, obj, post_url_continue=None) -> HttpResponse:
        """Notes where the form led, in the transaction that has added the row."""
        response = super().response_add(request, obj, post_url_continue)
        token = request.POST.get("token", "")
        if once.is_token(token) and isinstance(response, HttpResponseRedirect):
            once.note_result(token, request.user, response.url)
        return response
