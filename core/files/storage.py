"""Where the files lie: a directory of the data directory that no address leads into."""

import secrets
from collections.abc import Iterator
from datetime import datetime
from typing import IO, NoReturn

from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, storages

ALIAS = "attachments"


class PrivateStorage(FileSystemStorage):
    """Files that only ``core.files.views`` hands out; they have no address of their own."""

    def url(self, name: str | None) -> NoReturn:
        raise NotImplementedError("attachments are served by core.files.views alone")


def keep(data: bytes) -> str:
    """Writes ``data`` under a random name of ours, which tells nothing; returns the name."""
    token = secrets.token_hex(16)
    return storages[ALIAS].save(f"{token[:2]}/{token}", ContentFile(data))


def opened(name: str) -> IO[bytes]:
    """The file kept as ``name``. Raises ``FileNotFoundError``."""
    return storages[ALIAS].open(name)


def delete(name: str) -> None:
    """Deletes the file kept as ``name``; that it is gone already is no error."""
    storages[ALIAS].delete(name)


def kept_names() -> Iterator[tuple[str, datetime]]:
    """The name of every file there is, and when it was written."""
    storage = storages[ALIAS]
    if not storage.exists(""):
        return
    for directory in sorted(storage.listdir("")[0]):
        for file in storage.listdir(directory)[1]:
            name = f"{directory}/{file}"
            try:
                yield name, storage.get_modified_time(name)
            except FileNotFoundError:
                continue  # deleted meanwhile
