"""What people change about themselves."""

from typing import Any

from django.contrib import messages

from core.views import ActionFormView
from members import rules, services
from members.forms import PersonForm
from members.views.seats import SeatMixin


class PersonUpdate(SeatMixin, ActionFormView):
    """The person's own name. The login address and the seats are changed elsewhere."""

    template_name = "members/person_update.html"
    form_class = PersonForm

    def admit(self) -> None:
        self.act_by(rules.may_change_person, self.request.user)

    def get_initial(self) -> dict[str, Any]:
        user = self.request.user
        return {"family_name": user.family_name, "given_name": user.given_name}

    def perform(self, form: PersonForm) -> str:
        services.change_person(self.request.user, **form.cleaned_data, by=self.seat)
        messages.success(self.request, "氏名を変更しました。")
        return self.seat.office.get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(seat=self.seat, **kwargs)
