"""How uploads are taken from a request (``settings.FILE_UPLOAD_HANDLERS``).

Django's way, with two differences: a file's name is kept as it is, and of a file that is too
large no more is written than it takes to see that.
"""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import (
    FileUploadHandler,
    MemoryFileUploadHandler,
    TemporaryFileUploadHandler,
)
from django.http.multipartparser import MultiPartParser

from core.file_names import clean_name, short_name
from core.files.kinds import MAX_FILE_BYTES


class _NameKeepingParser(MultiPartParser):
    """Django's drops the full-width space and what it takes for HTML from names."""

    def sanitize_file_name(self, file_name: str) -> str:
        return clean_name(file_name)


class _Bounded(FileUploadHandler):
    """Mixed into a handler: stops writing beyond the limit, and hands the whole name on.

    Django cuts names at 255 characters, and puts their extension on the temporary file.
    """

    whole_name = ""

    def new_file(self, field_name: str, file_name: str, *args: Any, **kwargs: Any) -> None:
        self.whole_name = file_name
        super().new_file(field_name, short_name(file_name), *args, **kwargs)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return None if start > MAX_FILE_BYTES else super().receive_data_chunk(raw_data, start)

    def file_complete(self, file_size: int) -> UploadedFile | None:
        file = super().file_complete(file_size)
        if file is not None:
            # An attribute of ours, for core.files.receiving.
            file.original_name = self.whole_name  # type: ignore[attr-defined]
        return file


class _InMemory(_Bounded, MemoryFileUploadHandler):
    """Small requests."""


class _OnDisk(_Bounded, TemporaryFileUploadHandler):
    """All others."""


class UploadHandler(FileUploadHandler):
    """Takes the whole request over from Django's parser."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, Any],  # noqa: N803 - Django's name
        content_length: int,
        boundary: Any,
        encoding: str | None = None,
    ) -> tuple[Any, Any]:
        handlers = [_InMemory(self.request), _OnDisk(self.request)]
        return _NameKeepingParser(META, input_data, handlers, encoding).parse()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Never called: the request is parsed by then."""
        raise NotImplementedError

    def file_complete(self, file_size: int) -> UploadedFile | None:
        """Never called: the request is parsed by then."""
        raise NotImplementedError
