"""The portal as a measurement finds it: the real register and record, and a board full of rows."""

from datetime import timedelta
from itertools import batched
from random import Random

from django.db import connection
from django.utils import timezone

from agreements.enums import CollaborationStatus
from agreements.models import Collaboration
from benchmarks import rows
from benchmarks.texts import Writer
from chronicle.enums import NewsStatus
from chronicle.models import News
from core import dates
from core.audit import System
from core.enums import Channel
from members import terms
from members.enums import Role
from members.models import Membership, Office, Organization, Theme
from members.record import load_register
from members.services import accept_terms, give_seat, open_account
from portal.record import load_record

BY = System("benchmarks")
SEED = 20170401
READER = "reader@example.lg.jp"
READERS_BODY = "182109"  # 福井県坂井市, as in the demo
AT_ONCE = 2000  # proposals, with all that hangs on them


def build(proposals: int) -> None:
    """Fills empty tables with so many ``proposals``, at least two, and what hangs on them."""
    load_register()
    load_record()
    world = _people()
    rows.write(list(rows.special(world)))
    for numbers in batched(range(proposals - 2), AT_ONCE, strict=False):
        rows.write([rows.drawn(world) for _ in numbers])
    for days in range(5):
        at = timezone.now() - timedelta(days=days)
        news = News(title="お知らせ", body="本文です。", status=NewsStatus.PUBLISHED)
        news.published_at = at
        news.save()
    if connection.vendor == "postgresql":
        # What its own housekeeping does within a minute of such a change.
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def _people() -> rows.World:
    """An office at each municipality of today, and the reader at one of them."""
    random = Random(SEED)  # noqa: S311 - the same world each time
    bodies = Organization.objects.filter(municipality__isnull=False, municipality__valid_until=None)
    offices = [_office(body) for body in bodies.select_related("municipality", "prefecture")]
    Office.objects.bulk_create(offices)
    wards = [office for office in offices if office.organization.is_ward]
    members = [office for office in offices if not office.organization.is_ward]
    since = dates.today() - timedelta(days=365)
    Membership.objects.bulk_create(
        Membership(organization=office.organization, joined=since) for office in members
    )
    reader = next(one for one in members if one.organization.record_key == READERS_BODY)
    _seat(reader)
    project = Collaboration.objects.create(
        title="区と市の連携事業", status=CollaborationStatus.UNDER_WAY, published_at=timezone.now()
    )
    themes = list(Theme.objects.all())
    return rows.World(random, Writer(random), reader, members, wards, themes, project)


def _office(body: Organization) -> Office:
    return Office(
        organization=body,
        name="企画政策課",
        is_main=True,
        phone="0776-00-0001",
        email="kikaku@example.lg.jp",
        confirmed_at=timezone.now(),
        confirmed_by=f"{body.full_name}　企画政策課",
        confirmed_through=Channel.WEB,
    )


def _seat(office: Office) -> None:
    """The reader, a lead who has accepted the terms."""
    user = open_account(READER, by=BY, family_name="福井", given_name="一郎")
    accept_terms(user, terms.read_edition(), by=BY)
    give_seat(user, office, Role.LEAD, valid_from=dates.today(), by=BY)
