"""The weight of every public page with the full record loaded (look.md 14 of the design)."""

import gzip
import re
from functools import cache
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from agreements.models import Agreement, Collaboration
from chronicle.models import Disaster, Page
from core import links
from events.models import Event
from members import services
from members.models import Organization, Prefecture
from members.views.applications import done_url
from notices.emails import unsubscribe_address
from notices.enums import ALL_WEEKLY
from portal.timeline import Year
from tests.answers import ROWS
from tests.factories.agreements import YearReportFactory
from tests.factories.chronicle import NewsFactory
from tests.factories.members import (
    ApplicationFactory,
    HandoverFactory,
    InvitationFactory,
    SeatFactory,
)

pytestmark = pytest.mark.once

HTML_LIMIT = 25_000
CSS_LIMIT = 16_000
JS_LIMIT = 5_000
# How many scripts a page may have: a browser opens a passkey for nothing else.
SCRIPTS = {"members:passkey_login": 3}

FOR_MACHINES = {"healthz", "readyz"}
FILES = {"core:attachment_file", "core:attachment_thumbnail"}
# Pages; a download is a file.
PUBLIC_NAMES = sorted(
    row
    for row, answers in ROWS.items()
    if "/" not in row
    and answers["anon"] == 200
    and not row.endswith("_export")
    and row not in FOR_MACHINES | FILES
)
# The heaviest of their kind: the most events, the most covered municipalities, the most ties.
HEAVY_BODIES = (
    "特別区長会",
    "北海道町村会",
    "青森市",
    "品川区",
    "東北絆まつり実行委員会",
    "福島県",
    "第一生命保険株式会社",
)
QUERIES = {
    "events:event_list": ("?year=2016", "?year=unknown", "?kind=講演会"),
    "agreements:agreement_list": ("?on=2018-05-01", "?on=2018-13-01"),
    "agreements:collaboration_list": ("?ward=131091", "?year=1999"),
    "portal:prefecture_list": ("?q=町",),
    "portal:site_search": ("?q=町", "?q=し&in=events", "?q=どこにもない", "?q=" + "あ" * 61),
    "portal:statistics": ("?on=2018-05-01", "?on=2018-13-01", "?map=relief"),
    "portal:timeline": ("?kind=イベント", "?kind=助成"),
}


# The pages that are weighed for every row of the record.
ALL_ROWS = {
    "agreements:agreement_detail": Agreement,
    "agreements:collaboration_detail": Collaboration,
    "chronicle:disaster_detail": Disaster,
    "chronicle:page_detail": Page,
    "events:event_detail": Event,
}


def objects_of(name: str) -> list:
    """The rows whose pages are weighed; none for a page that stands alone."""
    if name in ALL_ROWS:
        return list(ALL_ROWS[name].objects.all())
    match name:
        case "portal:municipality_list":
            return list(Prefecture.objects.all())
        case "portal:organization_detail":
            return list(Organization.objects.filter(name__in=HEAVY_BODIES))
        case "portal:timeline_year":
            return [Year(year, []) for year in range(2008, 2027)]
        case "agreements:report_detail":
            project = Collaboration.objects.all()[0]
            return [YearReportFactory(collaboration=project, result="催しを開きました。\n" * 100)]
        case "chronicle:news_detail":
            return [NewsFactory(body="お知らせの本文です。\n\n" * 60)]
    return []


def addresses_by_key(name: str) -> list[str]:
    """The addresses of pages that are no row's own."""
    match name:
        case "portal:collaboration_chain":
            return [reverse(name, args=[project.pk]) for project in Collaboration.objects.all()]
        case "members:application_create":
            towns = Organization.objects.filter(name__in=["青森市", "品川区"])
            return [reverse(name, args=[town.pk]) for town in towns]
        case "members:application_done":
            return [done_url(ApplicationFactory())]
        case "core:mail_link":
            offers = [(services.INVITATION, InvitationFactory())]
            offers.append((services.HANDOVER, HandoverFactory()))
            issued = [
                links.issue(kind, offered, to=offered.email, expires_at=offered.expires_at)
                for kind, offered in offers
            ]
            return [link.url for link in issued]
        case "notices:unsubscribe":
            return [unsubscribe_address(SeatFactory(), kind) for kind in ("own", ALL_WEEKLY)]
    return []


def addresses_of(name: str) -> list[str]:
    if addresses := addresses_by_key(name):
        return addresses
    if rows := objects_of(name):
        return [row.get_absolute_url() for row in rows]
    return [reverse(name) + query for query in ("", *QUERIES.get(name, ()))]


def weight(content: bytes) -> int:
    """Bytes on the wire, as a server compresses them."""
    return len(gzip.compress(content, compresslevel=6))


@cache
def weight_of_file(name: str) -> int:
    return weight(Path(finders.find(name)).read_bytes())


def weight_of_styles(html: str) -> int:
    names = re.findall(r'<link rel="stylesheet" href="/static/([^"]+)"', html)
    assert names
    return sum(weight_of_file(name) for name in names)


@pytest.mark.usefixtures("record")
@pytest.mark.parametrize("name", PUBLIC_NAMES)
def test_a_public_page_is_light_and_needs_no_script(name: str):
    NewsFactory.create_batch(25)
    client = Client()
    for address in addresses_of(name):
        response = client.get(address)
        html = response.content.decode()
        assert response.status_code in (200, 400)
        assert weight(response.content) <= HTML_LIMIT, address
        assert weight_of_styles(html) <= CSS_LIMIT, address
        scripts = re.findall(r'<script src="/static/([^"]+)"', html)
        assert len(scripts) == html.count("<script") == SCRIPTS.get(name, 0), address
        assert sum(weight_of_file(script) for script in scripts) <= JS_LIMIT, address
        assert " style=" not in html, address
