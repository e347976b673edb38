"""The only way to a file: asked for its record every time."""

from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest
from django.views.generic import View

from core.files import readable
from core.files.serving import file_response, thumbnail_response
from core.models import Attachment
from core.views import PublicMixin


class AttachmentFile(PublicMixin, View):
    """A file to save; one that the visitor may not read does not exist for them."""

    def get(self, request: HttpRequest, key: UUID) -> FileResponse:
        return file_response(_found(request, key))


class AttachmentThumbnail(PublicMixin, View):
    """A picture in small, for a page."""

    def get(self, request: HttpRequest, key: UUID) -> FileResponse:
        return thumbnail_response(_found(request, key))


def _found(request: HttpRequest, key: UUID) -> Attachment:
    attachment = readable(key, request.user)
    if attachment is None:
        raise Http404
    return attachment
