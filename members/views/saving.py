"""An office's contact details on the way out of the portal: a file, or a sheet of paper.

Both are sent by a button and written down: an address alone, which a mail gateway or a browser
may open by itself, gives nothing away.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.generic import TemplateView, View

from core.dates import today
from core.vcards import card_response
from core.views import PostOnlyMixin
from members import services
from members.cards import office_card
from members.contacts import contact_rows
from members.enums import ContactUse
from members.queries import leads_of
from members.views.offices import OfficeMixin


class OfficeVcard(PostOnlyMixin, OfficeMixin, View):
    """The contact details as a vCard, for an address book."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        card = office_card(self.office, leads_of(self.office, request.user), request.user)
        services.save_contact(self.office, by=self.seat, how=ContactUse.SAVED)
        return card_response(card, self.office.signature)


class OfficePrint(PostOnlyMixin, OfficeMixin, TemplateView):
    """The contact details on a sheet of A4."""

    template_name = "members/office_print.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        services.save_contact(self.office, by=self.seat, how=ContactUse.PRINTED)
        return self.render_to_response(self.get_context_data())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        return super().get_context_data(
            office=self.office,
            office_url=self.office_url,
            contact_rows=contact_rows(self.office, user),
            leads=leads_of(self.office, user),
            today=today(),
            **kwargs,
        )
