"""A file on its way to the browser: kept apart from the portal's pages, and copied nowhere."""

import logging
from urllib.parse import quote

from django.http import FileResponse, Http404

from core.enums import FileKind
from core.file_names import extension_of, short_name
from core.files import storage
from core.files.kinds import CONTENT_TYPES
from core.models import Attachment

logger = logging.getLogger(__name__)

# Whatever a file may hold, it is not part of the portal: no script, no frame, no origin.
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    # Office PCs are shared, and what is withdrawn is gone.
    "Cache-Control": "private, no-store",
}


def file_response(attachment: Attachment) -> FileResponse:
    """The file, to be saved under its own name and never opened within the portal.

    Raises ``Http404`` when it has been lost from the disk.
    """
    content_type = CONTENT_TYPES[FileKind(attachment.kind)]
    response = _response(attachment, attachment.stored_name, content_type)
    # The name in two ways, since a gateway may know only plain letters (RFC 6266, RFC 5987).
    name = short_name(attachment.name)
    response["Content-Disposition"] = (
        f'attachment; filename="attachment.{extension_of(name)}"; '
        f"filename*=UTF-8''{quote(name, safe='')}"
    )
    return response


def thumbnail_response(attachment: Attachment) -> FileResponse:
    """The small picture, for a page. Raises ``Http404`` for what is no picture."""
    if not attachment.is_picture:
        raise Http404
    response = _response(attachment, attachment.thumbnail_name, "image/jpeg")
    response["Content-Disposition"] = "inline"
    return response


def _response(attachment: Attachment, stored_name: str, content_type: str) -> FileResponse:
    try:
        file = storage.opened(stored_name)
    except FileNotFoundError as error:
        logger.error("attachment %s is not on the disk", attachment.key)
        raise Http404 from error
    return FileResponse(file, content_type=content_type, headers=_HEADERS)
