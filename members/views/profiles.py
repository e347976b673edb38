"""How an organization introduces itself: changed by its leads and deputies."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from core.errors import StaleVersion
from core.views import CheckedFormView, posted_version
from members import rules, services
from members.forms import ProfileForm
from members.models import Organization
from members.views.acting import SeatMixin

CHANGED = "団体の紹介を変更しました。このページで、だれでも読めます。"
UNCHANGED = "変更した項目はありませんでした。"


class ProfileUpdate(SeatMixin, CheckedFormView):
    """Enter → check → shown on the organization's page."""

    template_name = "members/profile_update.html"
    check_template_name = "members/profile_update_check.html"
    form_class = ProfileForm
    kwargs: dict[str, Any]
    organization: Organization

    def admit(self) -> None:
        self.organization = get_object_or_404(
            Organization.objects.select_related("municipality__prefecture", "prefecture"),
            pk=self.kwargs["pk"],
        )
        self.act_by(rules.may_change_profile, self.organization)

    def get_initial(self) -> dict[str, Any]:
        return services.profile_values(self.organization)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {
            **super().get_form_kwargs(),
            "organization": self.organization,
            "by": self.seat,
        }

    def form_checked(self, form: ProfileForm) -> HttpResponse:
        if posted_version(self.request) != self.organization.profile_version:
            return self.form_refused(form, StaleVersion())
        return super().form_checked(form)

    def perform(self, form: ProfileForm) -> str:
        version = posted_version(self.request)
        organization = services.change_profile(
            self.organization,
            form.profile,
            version=version,
            by=self.seat,
            picture=form.cleaned_data["picture"],
        )
        if organization.profile_version == version:
            messages.info(self.request, UNCHANGED)
        else:
            messages.success(self.request, CHANGED)
        return organization.get_absolute_url()

    def form_stale(self, form: ProfileForm) -> HttpResponse:
        """The form with what was typed, and what is saved otherwise by now.

        Having seen that, the next sending may replace it: it carries the new version.
        """
        self.organization.refresh_from_db()
        return super().form_stale(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if kwargs.get("stale"):
            kwargs["conflicts"] = kwargs["form"].conflicts()
        version = self.organization.profile_version
        return super().get_context_data(
            organization=self.organization,
            seat=self.seat,
            steps=["内容を入力", "内容を確認", "公開"],
            version=version if kwargs.get("stale") else self.version_opened(version),
            **kwargs,
        )

    def version_opened(self, present: int) -> int:
        """The version that the form was opened with; the present one when it is opened now."""
        return posted_version(self.request) if self.request.POST else present
