"""Every address of the project, as the resolver knows it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

ROOMS = ("portal", "chronicle", "events", "agreements", "notices", "members", "proposals")


@dataclass(frozen=True)
class Address:
    """One URL name with the view behind it; ``room`` is its namespace, or empty."""

    room: str
    name: str
    view: Any

    @property
    def full_name(self) -> str:
        return f"{self.room}:{self.name}" if self.room else self.name

    @property
    def view_class(self) -> type | None:
        return getattr(self.view, "view_class", None)


def all_addresses() -> list[Address]:
    """The named addresses of the rooms, of allauth and of the admin."""
    return list(_walk(get_resolver(), ""))


def of_rooms() -> list[Address]:
    """The addresses that the project itself defines."""
    return [address for address in all_addresses() if address.room in ROOMS]


def _walk(resolver: URLResolver, room: str) -> Iterator[Address]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _walk(entry, entry.namespace or room)
        elif isinstance(entry, URLPattern) and entry.name:
            yield Address(room, entry.name, entry.callback)
