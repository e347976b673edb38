"""Every download of the resolver, opened in both formats and counted against its list."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from chronicle.models import Relief
from members.models import Organization
from portal.statistics.page import FIGURES, TABLES
from tests.addresses import all_addresses
from tests.downloads import opened
from tests.factories.members import MembershipFactory
from tests.secretariat import REGISTERED

pytestmark = pytest.mark.once

NOW = "2026-11-22 12:00:00+09:00"


@dataclass(frozen=True)
class Download:
    """An export's name with its arguments, its list's address, and how many rows that shows."""

    name: str
    listed_at: str
    count: Callable[[HttpResponse], int]
    arguments: tuple[str, ...] = ()
    query: str = ""

    @property
    def id(self) -> str:
        return "/".join([self.name, *self.arguments]) + self.query

    def address(self, ending: str) -> str:
        return reverse(self.name, args=[*self.arguments, ending]) + self.query

    def page(self, client: Client) -> HttpResponse:
        return client.get(self.listed_at + self.query)


def in_context(*path: str) -> Callable[[HttpResponse], int]:
    """The number that the page's context holds at ``path``, or the length of what is there."""

    def count(page: HttpResponse) -> int:
        found = page.context[path[0]]
        for name in path[1:]:
            found = getattr(found, name)
        return found if isinstance(found, int) else len(found)

    return count


# In the tests of the board, of the directory, of year reports, of the admin, and of what a
# person sees about themselves.
ELSEWHERE = {
    "agreements:grant_export",
    "agreements:report_export",
    "members:own_data_export",
    "portal:directory_export",
    "proposals:addressed_export",
    "proposals:proposal_export",
    "proposals:proposal_grid_export",
    "admin:members_campaign_board_export",
    "admin:members_membership_board_export",
}
LISTS = [
    Download("agreements:agreement_export", "/agreements/", in_context("agreements")),
    Download(
        "agreements:agreement_export",
        "/agreements/",
        in_context("agreements"),
        query="?on=2017-02-27",
    ),
    Download(
        "agreements:collaboration_export", "/collaborations/", in_context("paginator", "count")
    ),
    Download("events:event_export", "/events/", in_context("past"), query="?year=2016"),
    Download("events:event_export", "/events/", in_context("past"), query="?year=unknown"),
    # The table prints a disaster's rows of support in one cell, as the newsletter does.
    Download("chronicle:relief_export", "/relief/", lambda page: Relief.objects.count()),
    Download("portal:timeline_export", "/timeline/", in_context("total")),
    Download("portal:municipality_export", "/municipalities/01/", in_context("rows"), ("01",)),
    Download("portal:municipality_export", "/municipalities/13/", in_context("rows"), ("13",)),
    Download(
        "portal:organization_export",
        "/municipalities/",
        in_context("found", "paginator", "count"),
        query="?q=さかい",
    ),
]


def test_every_download_is_opened_here():
    exports = {a.full_name for a in all_addresses() if a.name.endswith("_export")}
    of_admin = {f"admin:{label.replace('.', '_')}_export" for label in REGISTERED}
    opened_here = {download.name for download in LISTS} | ELSEWHERE | {"portal:statistics_export"}
    assert exports == opened_here | of_admin


@pytest.mark.parametrize("download", LISTS, ids=lambda download: download.id)
def test_a_download_has_the_rows_of_its_list(record, time_machine, client, download: Download):
    time_machine.move_to(NOW, tick=False)
    _heading, *rows = opened(client, download.address)
    assert len(rows) == download.count(download.page(client)) > 0


@pytest.mark.parametrize("slug", [*TABLES, *FIGURES])
def test_a_figure_is_offered_on_its_page(record, time_machine, client, slug: str):
    time_machine.move_to(NOW, tick=False)
    sakai = Organization.objects.get(record_key="182109")
    MembershipFactory(organization=sakai, joined=date(2020, 4, 1))
    name = "portal:statistics_export"
    _heading, *rows = opened(client, lambda ending: reverse(name, args=[slug, ending]))
    assert rows
    assert reverse(name, args=[slug, "csv"]) in client.get("/statistics/").text
