"""Files of a record in the admin: the portal's control, in the row's form."""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.forms import ModelForm
from django.http import FileResponse, Http404, HttpRequest
from django.urls import path, reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from core.admin.actor import acting
from core.admin.base import RecordAdmin
from core.admin.forms import RecordForm
from core.enums import Level
from core.errors import DomainError
from core.files import FileChange, apply_change, texts_of
from core.files.serving import file_response
from core.forms.attachments import AttachmentsField, AttachmentsForm
from core.models import Attachment

EMPTY = "（なし）"


class RecordWithFilesForm(AttachmentsForm, RecordForm):
    """A row's form with its files; ``files`` stands in the admin's ``fieldsets``."""

    files = AttachmentsField(levels=(Level.PUBLIC, Level.MEMBERS))


class FilesAdmin(RecordAdmin):
    """The admin of a model that is registered with ``core.files``.

    The history tells which files came and went. A file of a row that is not on the site yet is
    read here, by whoever may open the row in the admin.
    """

    form = RecordWithFilesForm

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any):
        form = super().get_form(request, obj, change, **kwargs)
        form.by = acting(request)
        if obj is not None:
            form.url_of = staticmethod(lambda row: self.file_url(obj, row))
        return form

    @admin.display(description="添付ファイル")
    def files(self, obj: models.Model) -> SafeString:
        """The files as links, for those who only read."""
        rows = [(self.file_url(obj, row), row) for row in Attachment.objects.of(obj)]
        return format_html_join(mark_safe("<br>"), '<a href="{}">{}</a>', rows) or EMPTY

    def get_urls(self) -> list:
        address = path(
            "<path:object_id>/files/<uuid:key>/",
            self.admin_site.admin_view(self.file_view),
            name=f"{self.opts.app_label}_{self.opts.model_name}_file",
        )
        return [address, *super().get_urls()]

    def file_url(self, obj: models.Model, row: Attachment) -> str:
        return reverse(self.url_name("file"), args=[quote(obj.pk), row.key])

    def file_view(self, request: HttpRequest, object_id: str, key: UUID) -> FileResponse:
        obj = self.get_object(request, unquote(object_id))
        if not self.has_view_permission(request, obj):
            raise PermissionDenied
        row = Attachment.objects.of(obj).filter(key=key).first() if obj else None
        if row is None:
            raise Http404
        return file_response(row)

    def save_related(self, request: HttpRequest, form: ModelForm, formsets, change: bool) -> None:
        """Gives the files to the row before its history is written."""
        if wanted := form.cleaned_data.get("files"):
            self._change_files(request, form.instance, wanted)
        super().save_related(request, form, formsets, change)

    def _change_files(self, request: HttpRequest, obj: models.Model, wanted: FileChange) -> None:
        """Says what came in between, such as the daily run; the row itself is saved."""
        try:
            with transaction.atomic():
                apply_change(obj, wanted)
        except DomainError as refusal:
            messages.error(request, str(refusal))

    def audit_values(self, request: HttpRequest, row: models.Model) -> dict[str, Any]:
        return super().audit_values(request, row) | {"attachments": texts_of(row)}
