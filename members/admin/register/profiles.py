"""An organization's profile in the admin: its part of the form, its links, and a filter."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest

from core.admin.attachments import FilesAdmin, RecordWithFilesForm
from core.admin.inlines import RecordInline
from core.forms.attachments import PictureField
from members import services
from members.models import Organization, ProfileLink

# In the order of the member's own form.
PROFILE_ROWS = (
    "introduction",
    "specialities",
    "themes",
    "seeks",
    "provides",
    "website",
    "files",
    "picture_text",
)
# By what the history calls them: whatever of it changes, the profile is a new one.
_VALUES = (*services.PROFILE_FIELDS, "themes", "profile_links", "attachments")


class ProfileLinkInline(RecordInline):
    model = ProfileLink
    fields = ["label", "url", "order"]
    max_num = services.MOST_LINKS
    rows_to_add = 1


class ProfileFilter(admin.SimpleListFilter):
    """By whether an organization introduces itself in any words."""

    title = "紹介"
    parameter_name = "profile"

    def lookups(self, request: HttpRequest, model_admin) -> list[tuple[str, str]]:
        return [("yes", "紹介がある団体"), ("no", "紹介が空の団体")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        empty = Q(introduction="", specialities="", seeks="", provides="")
        if self.value() in ("yes", "no"):
            return queryset.filter(empty if self.value() == "no" else ~empty)
        return queryset


class ProfileRecordForm(RecordWithFilesForm):
    """A row's form with its one picture, which is described."""

    files = PictureField(required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        picture = data.get("files")
        if picture and picture.outcome and not data.get("picture_text", "x"):
            self.add_error("picture_text", services.UNDESCRIBED)
        return data


class ProfileAdmin(FilesAdmin):
    """What is changed here is a change of the profile, for the member's form too."""

    def save_related(self, request: HttpRequest, form: ModelForm, formsets, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if not change:
            return
        organization = Organization.objects.get(pk=form.instance.pk)
        after = self.audit_values(request, organization)
        if any(form.values_before.get(name) != after.get(name) for name in _VALUES):
            services.note_profile(organization)
