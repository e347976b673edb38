"""A ward registers a joint project, and corrects it: enter → check → saved."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse

from agreements import rules, services
from agreements.following import origin_choices
from agreements.forms import CollaborationForm, answers_of
from agreements.models import Collaboration
from agreements.views.one import OneCollaborationMixin
from core.errors import StaleVersion
from core.views import CheckedFormView, posted_version
from members.views.acting import SeatMixin

REGISTERED = "連携事業を登録しました。まだ公開していません。"
CORRECTED = "連携事業を修正しました。"
UNCHANGED = "変更した項目はありませんでした。"


class CollaborationFormView(CheckedFormView):
    """The form of a joint project."""

    form_class = CollaborationForm

    @property
    def former(self) -> Collaboration | None:
        """What is corrected; None for a new one."""
        return None

    def get_form_kwargs(self) -> dict[str, Any]:
        return {
            **super().get_form_kwargs(),
            "ward": self.seat.organization,
            "proposals": origin_choices(self.seat, self.former),
        }


class CollaborationCreate(SeatMixin, CollaborationFormView):
    """A new joint project of the acting seat's ward."""

    template_name = "agreements/collaboration_create.html"
    check_template_name = "agreements/collaboration_create_check.html"

    def admit(self) -> None:
        self.act_by(rules.may_add, None)

    def get_initial(self) -> dict[str, Any]:
        return {"wards": [self.seat.office.organization_id]}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        others = [s for s in self.request.user.current_seats if s != self.seat and rules.may_add(s)]
        return super().get_context_data(
            seat=self.seat,
            other_seats=others,
            steps=["内容を入力", "内容を確認", "登録"],
            **kwargs,
        )

    def perform(self, form: CollaborationForm) -> str:
        collaboration = services.create(
            data=form.data_for_services, status=form.cleaned_data["status"], by=self.seat
        )
        messages.success(self.request, REGISTERED)
        return collaboration.get_absolute_url()


class CollaborationUpdate(OneCollaborationMixin, CollaborationFormView):
    """Corrects a joint project in any state; its state is changed by actions of its own."""

    rule = staticmethod(rules.writes_it)
    template_name = "agreements/collaboration_update.html"
    check_template_name = "agreements/collaboration_update_check.html"

    def get_initial(self) -> dict[str, Any]:
        return answers_of(self.collaboration)

    @property
    def former(self) -> Collaboration:
        return self.collaboration

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "former": self.collaboration}

    def form_checked(self, form: CollaborationForm) -> HttpResponse:
        if posted_version(self.request) != self.collaboration.version:
            return self.form_refused(form, StaleVersion())
        return super().form_checked(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if kwargs.get("stale"):
            kwargs["conflicts"] = kwargs["form"].conflicts_with(self.collaboration)
        steps = ["内容を入力", "内容を確認", "修正"]
        return super().get_context_data(steps=steps, **kwargs)

    def perform(self, form: CollaborationForm) -> str:
        version = posted_version(self.request)
        collaboration = services.update(
            self.collaboration, data=form.data_for_services, by=self.seat, version=version
        )
        if collaboration.version == version:
            messages.info(self.request, UNCHANGED)
        else:
            messages.success(self.request, CORRECTED)
        return collaboration.get_absolute_url()
