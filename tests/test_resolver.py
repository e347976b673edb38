"""Who gets which answer at which address: every URL name × every role.

A new address fails here until the table says who may open it. Rows are opened with GET; an
address that only takes POST answers 405 to whoever may use it.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.cache import caches
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from agreements.enums import CollaborationSide, CollaborationStatus
from chronicle.enums import NewsStatus
from chronicle.models import News
from core import files, links
from core.dates import today
from core.enums import Level
from core.files import FileChange, Uploader
from core.models import Attachment
from events.enums import EventStatus
from members.enums import Role
from members.models import Organization, Seat, User
from members.record.basics import load_groups
from members.services import ADDRESS
from members.views.applications import done_url
from notices.emails import unsubscribe_address
from proposals.enums import OfferStatus
from tests.addresses import all_addresses
from tests.answers import ROWS
from tests.factories.agreements import (
    AgreementFactory,
    CollaborationFactory,
    CollaborationPartyFactory,
    DraftReportFactory,
    SubmittedReportFactory,
    YearReportFactory,
)
from tests.factories.chronicle import DisasterFactory, NewsFactory, PageFactory
from tests.factories.core import HeartbeatFactory
from tests.factories.events import EventFactory
from tests.factories.members import (
    PASSWORD,
    ApplicationFactory,
    AssociationFactory,
    BodyFactory,
    CampaignFactory,
    HandoverFactory,
    InvitationFactory,
    OrganizationFactory,
    SeatFactory,
    WardCouncilFactory,
)
from tests.factories.notices import NoticeFactory
from tests.factories.proposals import (
    DraftFactory,
    ExpiredFactory,
    OfferDraftFactory,
    OfferFactory,
    ProposalFactory,
    ReplyFactory,
)
from tests.office_files import picture, upload


def test_every_address_stands_in_the_table():
    listed = {name.split("/")[0] for name in ROWS}
    known = {address.full_name for address in all_addresses() if address.room != "admin"}
    assert listed == known


@pytest.fixture
def world(
    lead: Seat, deputy: Seat, reader: Seat, other_lead: Seat, ward_lead: Seat, staff: Seat
) -> dict[str, dict]:
    """One object for each address, and the users of the columns."""
    office = lead.office
    ended = SeatFactory(office=office, role=Role.DEPUTY, valid_until=today() - timedelta(days=1))
    users = {
        "lead": lead.user,
        "deputy": deputy.user,
        "reader": reader.user,
        "other": other_lead.user,
        "ward": ward_lead.user,
        "assoc": SeatFactory(office__organization=AssociationFactory(), role=Role.READER).user,
        "staff": staff.user,
        "council": SeatFactory(office__organization=WardCouncilFactory(), role=Role.STAFF).user,
        "ended": ended.user,
        "super": User.objects.create_superuser("break.glass@example.jp", PASSWORD),
    }
    HeartbeatFactory()  # the worker is alive
    CampaignFactory(pk=1)  # the row that the admin's addresses speak of
    invitation = InvitationFactory(office=office)
    # Of a colleague's seat, so that only leads may handle it.
    handover = HandoverFactory(seat=SeatFactory(office=office))
    own = {"organization": office.organization, "office": office}
    proposals = {
        "": ProposalFactory(**own),
        "draft": DraftFactory(**own),
        "hidden": ProposalFactory(**own, hidden_at=timezone.now(), hidden_reason="見本"),
        "ending": ExpiredFactory(**own),
        "wards": ProposalFactory(
            organization=ward_lead.organization, office=ward_lead.office, level=Level.WARDS
        ),
    }
    by_ward = {"organization": ward_lead.organization, "office": ward_lead.office}
    offers = {
        "": OfferFactory(proposal=ProposalFactory(**own), **by_ward),
        "talking": OfferFactory(
            proposal=ProposalFactory(**own), status=OfferStatus.TALKING, **by_ward
        ),
    }
    reply = ReplyFactory(proposal=proposals[""], seat=ward_lead)
    collaborations = {
        "": CollaborationFactory(),
        "new": CollaborationFactory(status=CollaborationStatus.PLANNED, published_at=None),
    }
    for project in collaborations.values():
        CollaborationPartyFactory(
            collaboration=project, organization=ward_lead.organization, side=CollaborationSide.WARD
        )
        CollaborationPartyFactory(collaboration=project, organization=office.organization)
    by_office = {"owner": office.organization}
    events = {
        "": EventFactory(),
        "draft": EventFactory(status=EventStatus.DRAFT, **by_office),
        "submitted": EventFactory(status=EventStatus.SUBMITTED, **by_office),
    }
    of_ward = {"collaboration": collaborations[""]}
    reports = {
        "": YearReportFactory(**of_ward),
        "submitted": SubmittedReportFactory(**of_ward, fiscal_year=2021),
        "draft": DraftReportFactory(**of_ward, fiscal_year=2022),
    }
    news = {
        "": NewsFactory(),
        "members": NewsFactory(level=Level.MEMBERS),
        "draft": NewsFactory(status=NewsStatus.DRAFT),
    }
    return {
        "users": users,
        "proposals": proposals,
        **{f"proposals:reply_{verb}": {"": reply} for verb in ("update", "report")},
        **{
            f"proposals:{name}": offers
            for name in (
                *("offer_detail", "offer_print", "offer_start", "offer_accept"),
                *("offer_decline", "offer_step_down", "offer_ask", "message_create"),
            )
        },
        **{
            f"proposals:offer_draft_{verb}": {
                "": OfferDraftFactory(proposal=ProposalFactory(**own), **by_ward)
            }
            for verb in ("detail", "delete")
        },
        "chronicle:news_detail": news,
        "core": AttachedTo(news),
        "chronicle:page_detail": {"": PageFactory()},
        "chronicle:disaster_detail": {"": DisasterFactory()},
        **{f"events:event_{verb}": events for verb in ("detail", "update", "delete")},
        "events:collaboration_events": collaborations,
        "agreements:agreement_detail": {"": AgreementFactory()},
        "agreements": collaborations,
        **{
            f"agreements:report_{verb}": reports
            for verb in ("detail", "update", "submit", "delete")
        },
        "portal:collaboration_chain": collaborations,
        "portal:organization_detail": {"": office.organization},
        "portal:municipality_list": {"": office.organization.prefecture},
        "portal:timeline_year": {"": SimpleNamespace(pk=2024)},
        "portal:statistics_export": {"": SimpleNamespace(pk="ties")},
        "portal:municipality_export": {"": office.organization.prefecture},
        "members": {"": office},
        "members:application_create": {"": OrganizationFactory(), "none": BodyFactory()},
        "members:application_done": {
            "": SimpleNamespace(pk=done_url(ApplicationFactory()).split("/")[-2]),
            "none": SimpleNamespace(pk="1:forged"),
        },
        "core:mail_link": {
            "": SimpleNamespace(pk=mailed_link(office.organization)),
            "none": SimpleNamespace(pk="K7QM-4XPR"),
        },
        "notices:notice_open": {"": SimpleNamespace(pk=NoticeFactory(seat=lead).pk)},
        "notices:unsubscribe": {
            "": SimpleNamespace(pk=unsubscribe_address(lead, "own").split("/")[-2]),
            "none": SimpleNamespace(pk="1:own:forged"),
        },
        "members:login_replace": {"": deputy},
        "members:profile_update": {"": office.organization},
        **{f"members:seat_{verb}": {"": lead} for verb in ("update", "end")},
        "members:handover_create": {"": lead, "deputy": deputy},
        **{
            f"members:handover_{verb}": {"": handover}
            for verb in ("detail", "update", "resend", "cancel", "sheet", "accept", "decline")
        },
        **{
            f"members:invitation_{verb}": {"": invitation}
            for verb in ("resend", "cancel", "accept", "decline")
        },
        # Keys of nobody: each is looked for among one's own, after another question.
        "mfa_remove_webauthn": {"": None},
        "mfa_edit_webauthn": {"": None},
    }


def mailed_link(organization: Organization) -> str:
    """The code of a link that is open."""
    expires_at = timezone.now() + timedelta(days=1)
    return links.issue(ADDRESS, organization, to="a@example.jp", expires_at=expires_at).code


@dataclass(frozen=True)
class AttachedTo:
    """A file on each piece of news; made when it is asked for, because that takes its time."""

    news: dict[str, News]

    def get(self, variant: str) -> Attachment:
        return attached_to(self.news[variant])


def attached_to(news: News) -> Attachment:
    """A picture of the news, at the level of those who read it."""
    by = Uploader(pk=1, label="特別区長会")
    row = files.receive(upload(picture(), "写真.jpg"), by=by, level=news.level)
    files.apply_change(news, FileChange(added=[row]))
    return row


def address_of(row: str, world: dict[str, dict]) -> str:
    """The address that a row of the table speaks of."""
    name, _, variant = row.partition("/")
    ending = ["csv"] if name.endswith("_export") else []
    with suppress(NoReverseMatch):
        return reverse(name, args=ending)
    objects = world.get(name) or world[name.split(":")[0]]
    found = objects.get(variant)
    names = [getattr(found, name, None) for name in ("slug", "key", "pk")]
    key = next((name for name in names if name), 0)
    return reverse(name, args=[key, *ending])


def room_of(row: str) -> str:
    """The namespace of a row, or the first word of an address without one."""
    name = row.partition("/")[0]
    return name.partition(":" if ":" in name else "_")[0]


@contextmanager
def undone() -> Iterator[None]:
    """What is answered within leaves nothing behind for the next row: no row, no session."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    for cache in caches.all(initialized_only=True):
        cache.clear()


@pytest.mark.parametrize("room", sorted(set(map(room_of, ROWS))))
def test_every_role_gets_its_answer(room: str, world: dict[str, dict]):
    """Each role logs in once; a client of its own, with that session, asks for each row."""
    sessions = {role: session_of(user) for role, user in world["users"].items()}
    wrong = {}
    for row in filter(lambda row: room_of(row) == room, ROWS):
        with undone():
            address = address_of(row, world)
            answers = {role: status_of(address, sessions.get(role)) for role in ROWS[row]}
        for role, status in answers.items():
            if status != ROWS[row][role]:
                wrong[row, role] = status
    assert wrong == {}


def session_of(user: User) -> str:
    """The key of a session in which ``user`` has logged in."""
    client = Client()
    client.force_login(user)
    return str(client.session.session_key)


def status_of(address: str, session: str | None) -> int:
    client = Client()
    if session:
        client.cookies[settings.SESSION_COOKIE_NAME] = session
    response = client.get(address)
    list(response)  # read to its end, which closes a file
    return response.status_code


# What the last word of an admin address opens to whoever may read a model.
READING = {"changelist", "change", "history", "export", "board", "calls", "mails"}
FOR_ALL_STAFF = {
    "index",
    "login",
    "logout",
    "password_change",
    "password_change_done",
    "jsi18n",
    "system_state",
}


def admin_addresses() -> dict[str, str]:
    """The admin's addresses by name: those of one row with the id 1, the downloads as CSV."""
    found = {}
    for address in all_addresses():
        argument = "csv" if address.name.endswith("_export") else "1"
        for arguments in ([], [argument]) if address.room == "admin" else ():
            with suppress(NoReverseMatch):
                found[address.name] = reverse(address.full_name, args=arguments)
    return found


@pytest.mark.once
def test_the_admin_is_closed_to_everybody_but_the_secretariat(world: dict[str, dict]):
    for role in ("anon", "lead", "reader", "ward", "assoc", "ended"):
        client = Client()
        if role != "anon":
            client.force_login(world["users"][role])
        for name, address in admin_addresses().items():
            assert client.get(address).status_code in (302, 403), (role, name)


def test_the_reading_group_changes_nothing_in_the_admin(world: dict[str, dict]):
    load_groups()
    reader = world["users"]["council"]
    reader.groups.add(Group.objects.get(name="閲覧"))
    client = Client()
    client.force_login(reader)
    for name, address in admin_addresses().items():
        may_read = name in FOR_ALL_STAFF or name.rpartition("_")[2] in READING
        status = client.get(address).status_code
        assert status in ((200, 302, 405) if may_read else (403, 404)), name


@pytest.mark.once
def test_nobody_deletes_a_record_in_the_admin(world: dict[str, dict]):
    client = Client()
    client.force_login(world["users"]["super"])
    deleting = [address for name, address in admin_addresses().items() if "_delete" in name]
    assert len(deleting) > 15
    for address in deleting:
        assert client.get(address).status_code == 403, address
        assert client.post(address, {"post": "yes"}).status_code == 403, address
