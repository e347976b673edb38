"""Who gets which answer at which address: every URL name × every role.

A new address fails here until the table says who may open it. Rows are opened with GET; an
address that only takes POST answers 405 to whoever may use it.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from agreements.enums import CollaborationSide, CollaborationStatus
from chronicle.enums import NewsStatus
from chronicle.models import News
from core import files
from core.dates import today
from core.enums import Level
from core.files import FileChange, Uploader
from core.models import Attachment
from members.enums import Role
from members.models import Seat, User
from members.record.basics import load_groups
from tests.addresses import all_addresses
from tests.factories.agreements import (
    AgreementFactory,
    CollaborationFactory,
    CollaborationPartyFactory,
)
from tests.factories.chronicle import DisasterFactory, NewsFactory, PageFactory
from tests.factories.core import HeartbeatFactory
from tests.factories.events import EventFactory
from tests.factories.members import PASSWORD, AssociationFactory, SeatFactory, WardCouncilFactory
from tests.factories.proposals import DraftFactory, ProposalFactory
from tests.office_files import picture, upload

# The objects belong to the organization of the first three members (lead, deputy, reader),
# the ward's proposal to the ward; the joint projects are theirs and the ward's, the new one
# is not published yet. `ended` held its seat until yesterday: the session ends, and every
# answer is a visitor's; `super` is the break-glass account without a seat.
TABLE = """
                                       anon lead deputy reader other ward assoc staff council ended super
portal:home                             200  200    200    200   200  200   200   200     200   200   200
portal:about                            200  200    200    200   200  200   200   200     200   200   200
portal:site_search                      200  200    200    200   200  200   200   200     200   200   200
portal:prefecture_list                  200  200    200    200   200  200   200   200     200   200   200
portal:municipality_list                200  200    200    200   200  200   200   200     200   200   200
portal:municipality_export              200  200    200    200   200  200   200   200     200   200   200
portal:organization_export              200  200    200    200   200  200   200   200     200   200   200
portal:organization_detail              200  200    200    200   200  200   200   200     200   200   200
portal:organization_detail/none         404  404    404    404   404  404   404   404     404   404   404
portal:statistics                       200  200    200    200   200  200   200   200     200   200   200
portal:statistics_export                200  200    200    200   200  200   200   200     200   200   200
portal:statistics_export/none           404  404    404    404   404  404   404   404     404   404   404
portal:timeline                         200  200    200    200   200  200   200   200     200   200   200
portal:timeline_year                    200  200    200    200   200  200   200   200     200   200   200
portal:timeline_year/none               404  404    404    404   404  404   404   404     404   404   404
portal:timeline_export                  200  200    200    200   200  200   200   200     200   200   200
portal:member_home                      302  200    200    200   200  200   200   200     200   302   403
chronicle:news_list                     200  200    200    200   200  200   200   200     200   200   200
chronicle:news_detail                   200  200    200    200   200  200   200   200     200   200   200
chronicle:news_detail/members           404  200    200    200   200  200   200   200     200   404   404
chronicle:news_detail/draft             404  404    404    404   404  404   404   404     404   404   404
chronicle:page_detail                   200  200    200    200   200  200   200   200     200   200   200
chronicle:relief_list                   200  200    200    200   200  200   200   200     200   200   200
chronicle:relief_export                 200  200    200    200   200  200   200   200     200   200   200
chronicle:disaster_detail               200  200    200    200   200  200   200   200     200   200   200
chronicle:disaster_detail/none          404  404    404    404   404  404   404   404     404   404   404
events:event_list                       200  200    200    200   200  200   200   200     200   200   200
events:event_export                     200  200    200    200   200  200   200   200     200   200   200
events:event_detail                     200  200    200    200   200  200   200   200     200   200   200
agreements:agreement_list               200  200    200    200   200  200   200   200     200   200   200
agreements:agreement_export             200  200    200    200   200  200   200   200     200   200   200
agreements:agreement_detail             200  200    200    200   200  200   200   200     200   200   200
agreements:collaboration_list           200  200    200    200   200  200   200   200     200   200   200
agreements:collaboration_export         200  200    200    200   200  200   200   200     200   200   200
agreements:collaboration_detail         200  200    200    200   200  200   200   200     200   200   200
agreements:collaboration_detail/new     404  200    200    200   404  200   404   200     200   404   404
agreements:collaboration_create         302  403    403    403   403  200   403   403     403   302   403
agreements:collaboration_update         302  403    403    403   403  200   403   403     403   302   403
agreements:collaboration_update/new     302  403    403    403   404  200   404   403     403   302   403
agreements:collaboration_publish        302  403    403    403   403  302   403   403     403   302   403
agreements:collaboration_publish/new    302  403    403    403   404  200   404   403     403   302   403
agreements:collaboration_start          302  403    403    403   403  302   403   403     403   302   403
agreements:collaboration_start/new      302  403    403    403   404  200   404   403     403   302   403
agreements:collaboration_end            302  403    403    403   403  200   403   403     403   302   403
agreements:collaboration_cancel         302  403    403    403   403  200   403   403     403   302   403
agreements:collaboration_cancel/new     302  403    403    403   404  200   404   403     403   302   403
portal:collaboration_chain              200  200    200    200   200  200   200   200     200   200   200
portal:collaboration_chain/new          404  200    200    200   404  200   404   200     200   404   404
members:office_detail                   302  200    200    200   200  200   200   200     200   302   403
members:office_detail/none              302  404    404    404   404  404   404   404     404   302   403
members:office_update                   302  200    200    403   403  403   403   403     403   302   403
members:office_confirm                  302  405    405    405   405  405   405   405     405   302   403
members:passkey_login                   200  302    302    302   302  302   302   302     302   200   302
members:person_update                   302  200    200    200   200  200   200   200     200   302   403
proposals:proposal_list                 302  200    200    200   200  200   200   200     200   302   403
proposals:proposal_export               302  200    200    200   200  200   200   200     200   302   403
proposals:proposal_create               302  200    200    403   200  200   403   403     403   302   403
proposals:proposal_detail               302  200    200    200   200  200   200   200     200   302   403
proposals:proposal_detail/none          302  404    404    404   404  404   404   404     404   302   403
proposals:proposal_detail/draft         302  200    200    200   404  404   404   404     404   302   403
proposals:proposal_detail/wards         302  404    404    404   404  200   404   200     200   302   403
proposals:proposal_detail/hidden        302  200    200    200   404  404   404   200     200   302   403
proposals:proposal_update               302  200    200    403   403  403   403   403     403   302   403
proposals:proposal_update/draft         302  200    200    403   404  404   404   404     404   302   403
proposals:proposal_update/wards         302  404    404    404   404  200   404   403     403   302   403
proposals:proposal_print                302  200    200    200   403  403   403   403     403   302   403
proposals:proposal_print/draft          302  200    200    200   404  404   404   404     404   302   403
proposals:proposal_delete/draft         302  200    200    403   404  404   404   404     404   302   403
proposals:proposal_withdraw             302  200    200    403   403  403   403   403     403   302   403
proposals:proposal_history              302  200    200    200   200  200   200   200     200   302   403
proposals:proposal_history/wards        302  404    404    404   404  200   404   200     200   302   403
proposals:reply_create                  302  405    405    403   405  405   403   403     403   302   403
core:attachment_file                    200  200    200    200   200  200   200   200     200   200   200
core:attachment_file/members            404  200    200    200   200  200   200   200     200   404   404
core:attachment_file/draft              404  404    404    404   404  404   404   404     404   404   404
core:attachment_thumbnail               200  200    200    200   200  200   200   200     200   200   200
core:attachment_thumbnail/members       404  200    200    200   200  200   200   200     200   404   404
healthz                                 200  200    200    200   200  200   200   200     200   200   200
readyz                                  200  200    200    200   200  200   200   200     200   200   200
account_login                           200  302    302    302   302  302   302   302     302   200   302
account_logout                          302  200    200    200   200  200   200   200     200   302   200
account_confirm_login_code              302  302    302    302   302  302   302   302     302   302   302
account_password_reset_completed        200  200    200    200   200  200   200   200     200   200   200
account_set_password                    302  302    302    302   302  302   302   302     302   302   302
account_email_verification_sent         302  302    302    302   302  302   302   302     302   302   302
account_change_password                 302  200    200    200   200  200   200   200     200   302   200
account_signup                          200  302    302    302   302  302   302   302     302   200   302
account_inactive                        200  200    200    200   200  200   200   200     200   200   200
account_reauthenticate                  302  200    200    200   200  200   200   200     200   302   200
account_email                           302  200    200    200   200  200   200   200     200   302   200
account_reset_password                  200  200    200    200   200  200   200   200     200   200   200
account_confirm_password_reset_code     302  302    302    302   302  302   302   302     302   302   302
account_complete_password_reset         302  302    302    302   302  302   302   302     302   302   302
account_request_login_code              200  302    302    302   302  302   302   302     302   200   302
mfa_index                               302  200    200    200   200  200   200   200     200   302   200
mfa_authenticate                        302  302    302    302   302  302   302   302     302   302   302
mfa_reauthenticate                      302  302    302    302   302  302   302   302     302   302   302
mfa_activate_totp                       302  302    302    302   302  302   302   302     302   302   302
mfa_deactivate_totp                     302  404    404    404   404  404   404   404     404   302   404
mfa_view_recovery_codes                 302  404    404    404   404  404   404   404     404   302   404
mfa_generate_recovery_codes             302  302    302    302   302  302   302   302     302   302   302
mfa_download_recovery_codes             302  404    404    404   404  404   404   404     404   302   404
mfa_list_webauthn                       302  200    200    200   200  200   200   200     200   302   200
mfa_add_webauthn                        302  302    302    302   302  302   302   302     302   302   302
mfa_reauthenticate_webauthn             302  302    302    302   302  302   302   302     302   302   302
mfa_remove_webauthn                     302  302    302    302   302  302   302   302     302   302   302
mfa_edit_webauthn                       302  302    302    302   302  302   302   302     302   302   302
mfa_login_webauthn                      302  302    302    302   302  302   302   302     302   302   302
usersessions_list                       302  200    200    200   200  200   200   200     200   302   200
"""


def expected() -> dict[str, dict[str, int]]:
    """The table as answers by address and role."""
    roles, *rows = [line.split() for line in TABLE.strip().splitlines()]
    return {name: dict(zip(roles, map(int, codes), strict=True)) for name, *codes in rows}


ROWS = expected()


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
    own = {"organization": office.organization, "office": office}
    proposals = {
        "": ProposalFactory(**own),
        "draft": DraftFactory(**own),
        "hidden": ProposalFactory(**own, hidden_at=timezone.now(), hidden_reason="見本"),
        "wards": ProposalFactory(
            organization=ward_lead.organization, office=ward_lead.office, level=Level.WARDS
        ),
    }
    collaborations = {
        "": CollaborationFactory(),
        "new": CollaborationFactory(status=CollaborationStatus.PLANNED, published_at=None),
    }
    for project in collaborations.values():
        CollaborationPartyFactory(
            collaboration=project, organization=ward_lead.organization, side=CollaborationSide.WARD
        )
        CollaborationPartyFactory(collaboration=project, organization=office.organization)
    news = {
        "": NewsFactory(),
        "members": NewsFactory(level=Level.MEMBERS),
        "draft": NewsFactory(status=NewsStatus.DRAFT),
    }
    return {
        "users": users,
        "proposals": proposals,
        "chronicle:news_detail": news,
        "core": AttachedTo(news),
        "chronicle:page_detail": {"": PageFactory()},
        "chronicle:disaster_detail": {"": DisasterFactory()},
        "events:event_detail": {"": EventFactory()},
        "agreements:agreement_detail": {"": AgreementFactory()},
        "agreements": collaborations,
        "portal:collaboration_chain": collaborations,
        "portal:organization_detail": {"": office.organization},
        "portal:municipality_list": {"": office.organization.prefecture},
        "portal:timeline_year": {"": SimpleNamespace(pk=2024)},
        "portal:statistics_export": {"": SimpleNamespace(pk="ties")},
        "portal:municipality_export": {"": office.organization.prefecture},
        "members": {"": office},
        # Keys of nobody: each is looked for among one's own, after another question.
        "mfa_remove_webauthn": {"": None},
        "mfa_edit_webauthn": {"": None},
    }


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


@pytest.mark.parametrize("row", ROWS)
def test_every_role_gets_its_answer(row: str, world: dict[str, dict]):
    address = address_of(row, world)
    answers = {}
    for role in ROWS[row]:
        client = Client()
        if role != "anon":
            client.force_login(world["users"][role])
        response = client.get(address)
        list(response)  # read to its end, which closes a file
        answers[role] = response.status_code
    assert answers == ROWS[row]


# What the last word of an admin address opens to whoever may read a model.
READING = {"changelist", "change", "history", "export"}
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


def test_nobody_deletes_a_record_in_the_admin(world: dict[str, dict]):
    client = Client()
    client.force_login(world["users"]["super"])
    deleting = [address for name, address in admin_addresses().items() if "_delete" in name]
    assert len(deleting) > 15
    for address in deleting:
        assert client.get(address).status_code == 403, address
        assert client.post(address, {"post": "yes"}).status_code == 403, address
