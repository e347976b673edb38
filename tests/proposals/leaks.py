"""Words that only the two sides of a talk may ever read, and everywhere that others look."""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from secrets import token_hex

from django.apps import apps
from django.db import connection
from django.db.models import CharField, JSONField, Model, TextField
from django.http.response import HttpResponseBase
from django.urls import NoReverseMatch, reverse

from agreements.models import Collaboration, YearReport
from core.models import Attachment, AuditEntry, OutboxMail
from core.views import PostOnlyMixin
from members.models import Organization
from proposals.models import Offer, OfferDraft, OfferStep, Proposal, Reply, Report, TalkMessage
from tests.addresses import all_addresses
from tests.proposals.standing import Standing
from tests.secretariat import url

# Where what is said in a talk, before it, or as the reason of a no, is kept.
KEPT_IN = {
    (OfferDraft, "message"),
    (TalkMessage, "body"),
    (OfferStep, "reason"),
    (Offer, "settled_reason"),
    (Attachment, "name"),
}


class Words:
    """Words that nobody could guess, each for one talk: a leak is found by one search."""

    def __init__(self) -> None:
        self.mark = f"zq{token_hex(8)}"
        self.offers: list[int | None] = []

    def new(self, offer: int | None = None) -> str:
        """A word for the talk of ``offer``; ``belongs`` names it where it does not exist yet."""
        self.offers.append(offer)
        return f"{self.mark}x{len(self.offers) - 1:05}x"

    def belongs(self, offer: int) -> None:
        """The last word was said in the talk of ``offer``."""
        self.offers[-1] = offer

    def read_in(self, text: str) -> set[int | None]:
        """The offers whose words ``text`` holds; what was searched for has the mark alone."""
        return {self.offers[int(n)] for n in re.findall(rf"{self.mark}x(\d{{5}})x", text)}


def strays(mark: str) -> list[str]:
    """The tables that hold a word in another column than those of ``KEPT_IN``."""
    with connection.cursor() as cursor:
        # What was searched for has the mark alone.
        cursor.execute(_search_everywhere(), {"mark": f"%{mark}x%"})
        return [row[0] for row in cursor]


@cache
def _search_everywhere() -> str:
    """Every column of every table that holds text: SQL that names the tables with a word."""
    parts = []
    for model in apps.get_models(include_auto_created=True):
        held = [
            f"CAST({connection.ops.quote_name(field.column)} AS text) LIKE %(mark)s"
            for field in model._meta.concrete_fields
            if isinstance(field, (CharField, TextField, JSONField))
            and (model, field.name) not in KEPT_IN
        ]
        if held:
            table = connection.ops.quote_name(model._meta.db_table)
            found = " ".join(["SELECT 1 FROM", table, "WHERE", " OR ".join(held)])
            parts.append(" ".join([f"SELECT '{model._meta.label}' WHERE EXISTS (", found, ")"]))
    return " UNION ALL ".join(parts)


@dataclass(frozen=True)
class Place:
    """An address where somebody might find the words; ``offer`` is whose page or file it is.

    ``is_desk``: in the admin, where the secretariat reads what was reported to it.
    """

    address: str
    offer: int | None = None
    is_desk: bool = False


# The rows that the addresses of these rooms are about, by how their names begin.
ROWS_OF = {
    "proposals:proposal_": Proposal,
    "proposals:offer_": Offer,
    "proposals:reply_": Reply,
    "agreements:collaboration_": Collaboration,
    "agreements:report_": YearReport,
    "portal:collaboration_": Collaboration,
    "portal:organization_": Organization,
}
ROOMS = ("portal", "notices", "proposals", "agreements")


def places(now: Standing, mark: str) -> list[Place]:
    """Every page, search, export and file of the portal in which a talk could show."""
    sides = {side for offer in now.of(Offer) for side in now.sides_of(offer)}
    keys = {
        Organization: sorted(sides),
        **{model: sorted(rows) for model, rows in now.rows.items()},
    }
    found = [Place(address) for address in _lists(mark)]
    for name in _names():
        for beginning, model in ROWS_OF.items():
            # What creates something is asked for with the key of what it belongs to.
            if name.startswith(beginning) and not name.endswith(("_create", "_export")):
                found += _pages(name, model, keys[model])
    return found + list(_files())


@cache
def _names() -> list[str]:
    """Those that answer to GET."""
    return [
        address.full_name
        for address in all_addresses()
        if address.room in ROOMS and not issubclass(address.view_class, PostOnlyMixin)
    ]


def _lists(mark: str) -> Iterator[str]:
    """What is asked for without a key: downloads of all there is, and pages that search."""
    for name in _names():
        with suppress(NoReverseMatch):
            is_download = name.endswith("_export")
            address = reverse(name, args=["csv"] if is_download else [])
            yield f"{address}?q=" if is_download else f"{address}?q={mark}"
    yield reverse("proposals:proposal_list") + "?q="
    yield reverse("proposals:proposal_export", args=["xlsx"]) + "?q="


def _pages(name: str, model: type[Model], keys: Iterable[int]) -> Iterator[Place]:
    for key in keys:
        with suppress(NoReverseMatch):
            yield Place(reverse(name, args=[key]), key if model is Offer else None)


def _files() -> Iterator[Place]:
    for message in TalkMessage.objects.prefetch_related("attachments"):
        for file in message.attachments.all():
            yield Place(file.get_absolute_url(), message.offer_id)


def desk_places(now: Standing, mark: str) -> list[Place]:
    """The admin's pages, searches and exports, which the secretariat alone opens."""
    rows = {Proposal: now.of(Proposal), Offer: now.of(Offer), Report: now.of(Report)}
    found = []
    for model, held in rows.items():
        label = model._meta.label_lower
        found += [url(label, "changelist") + f"?q={mark}", url(label, "export")]
        for row in held:
            found += [url(label, "change", row.id), url(label, "history", row.id)]
    for model in (AuditEntry, OutboxMail):
        label = model._meta.label_lower
        found += [url(label, "changelist"), url(label, "changelist") + f"?q={mark}"]
        latest = model.objects.order_by("-pk").values_list("pk", flat=True)[:3]
        found += [url(label, "change", pk) for pk in latest]
    found.append(url("core.auditentry", "export"))
    return [Place(address, is_desk=True) for address in found]


def text_of(response: HttpResponseBase) -> str:
    """All that an answer says: its address, its page, or what a file holds."""
    content = b"".join(response) if response.streaming else response.content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            content = b"".join(book.read(name) for name in book.namelist())
    said = [response.headers.get("Location", ""), response.headers.get("Content-Disposition", "")]
    return "\n".join([*said, content.decode(errors="replace")])
