"""Fixtures that every room's tests share: seats of each role, and their browsers."""

import gc
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.cache import caches
from django.db import models
from django.test import Client

from chronicle.models import Page
from chronicle.queries import terms_in_force
from core.querysets import RecordQuerySet
from members import terms as terms_of_use
from members.enums import Role
from members.models import Office, Seat
from members.record import load_register
from portal.record import load_record
from tests.factories.chronicle import PageFactory
from tests.factories.members import (
    OfficeFactory,
    OrganizationFactory,
    SeatFactory,
    SecretariatFactory,
    WardFactory,
)

# Playwright keeps an event loop in the thread in which the browser tests use the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

# The collector walks all tests, models and templates again and again, and finds little: with
# fewer walks, and none over what is there from the start, a run needs a fifth less CPU time.
gc.set_threshold(200_000, 20, 100)


def pytest_collection_finish() -> None:
    gc.freeze()


@pytest.fixture(autouse=True)
def empty_caches() -> Iterator[None]:
    """No test reads what another one has cached."""
    yield
    for cache in caches.all(initialized_only=True):
        cache.clear()


@pytest.fixture(autouse=True)
def no_terms() -> Iterator[None]:
    """No terms of use are in force, also where the record with its pages is loaded.

    Otherwise each test would have to accept them first; those about them ask for ``terms``.
    """
    source = terms_of_use.register(lambda: None)
    yield
    terms_of_use.register(source)


DATABASE_FIXTURES = {"db", "transactional_db", "live_server", "django_db_setup"}


def pytest_itemcollected(item: pytest.Item) -> None:
    """Marks the tests that ask for the database; to all others pytest-django refuses it.

    These run once more on PostgreSQL, but for those marked ``once``: what a page shows or a
    form refuses, where other tests send the database the same statements.
    """
    fixtures = getattr(item, "fixturenames", ())
    if item.get_closest_marker("django_db") or DATABASE_FIXTURES.intersection(fixtures):
        item.add_marker("database")


def pytest_fixture_setup(fixturedef: pytest.FixtureDef, request: pytest.FixtureRequest) -> None:
    """Fails a test that asks for the database too late to be marked."""
    if fixturedef.argname in ("db", "transactional_db"):
        assert request.node.get_closest_marker("database"), "it must be marked with django_db"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Puts the tests on the loaded record last, and those on the demo with it after all others.

    So either is loaded once in each process.
    """

    def comes_late(item: pytest.Item) -> tuple[bool, bool]:
        fixtures = getattr(item, "fixturenames", ())
        return "loaded_demo" in fixtures, "loaded_record" in fixtures

    items.sort(key=comes_late)


@pytest.fixture(scope="session")
def loaded_record(django_db_setup: None, django_db_blocker) -> None:
    """The register and the public record, for all the tests that come last.

    Committed, because a transaction around several tests ends with the first one: Django
    closes the connection after each.
    """
    with django_db_blocker.unblock():
        load_register()
        load_record()


@pytest.fixture
def record(loaded_record: None, db: None) -> None:
    """The loaded record; what the test changes is rolled back."""


@pytest.fixture
def office(db) -> Office:
    """The main office of 福井県坂井市."""
    sakai = OrganizationFactory(
        municipality__code="182109",
        municipality__prefecture__code="18",
        municipality__name="坂井市",
        municipality__kana="サカイシ",
        municipality__kind="市",
    )
    return OfficeFactory(organization=sakai, name="企画政策課")


@pytest.fixture
def lead(office: Office) -> Seat:
    return SeatFactory(office=office, role=Role.LEAD)


@pytest.fixture
def deputy(office: Office) -> Seat:
    return SeatFactory(office=office, role=Role.DEPUTY)


@pytest.fixture
def reader(office: Office) -> Seat:
    return SeatFactory(office=office, role=Role.READER)


@pytest.fixture
def other_lead(db) -> Seat:
    """The lead of 岩手県北上市."""
    kitakami = OrganizationFactory(
        municipality__code="032069",
        municipality__prefecture__code="03",
        municipality__name="北上市",
        municipality__kana="キタカミシ",
        municipality__kind="市",
    )
    return SeatFactory(office__organization=kitakami, role=Role.LEAD)


@pytest.fixture
def ward_lead(db) -> Seat:
    """The lead of 東京都品川区."""
    shinagawa = WardFactory(
        municipality__code="131091", municipality__name="品川区", municipality__kana="シナガワク"
    )
    return SeatFactory(office__organization=shinagawa, role=Role.LEAD)


@pytest.fixture
def staff(db) -> Seat:
    """A secretariat seat at 特別区長会."""
    return SeatFactory(office__organization=SecretariatFactory(), role=Role.STAFF)


@pytest.fixture
def client_of() -> Callable[[Seat], Client]:
    """Makes a client that is logged in as the user of a seat."""

    def logged_in(seat: Seat) -> Client:
        client = Client()
        client.force_login(seat.user)
        return client

    return logged_in


@pytest.fixture
def terms(no_terms: None, db: None) -> Page:
    """利用規約 of the first edition, in force."""
    terms_of_use.register(terms_in_force)
    caches["process"].clear()
    return PageFactory(slug="terms", title="利用規約", body="## 目的\n\n地域をつなぎます。")


@pytest.fixture
def raise_on_fetch(monkeypatch: pytest.MonkeyPatch) -> None:
    """A forgotten ``select_related`` raises instead of fetching."""
    monkeypatch.setattr(RecordQuerySet, "default_fetch_mode", models.FETCH_RAISE)


@pytest.fixture
def attachments_directory(settings, tmp_path: Path) -> Path:
    """A directory of the test's own for attachments, empty at first."""
    directory = tmp_path / "attachments"
    kept = settings.STORAGES["attachments"]
    options = {**kept["OPTIONS"], "location": directory}
    settings.STORAGES = {**settings.STORAGES, "attachments": {**kept, "OPTIONS": options}}
    return directory
