"""Who sees and changes a joint project; the rule for a list says the same as that for a page."""

from datetime import timedelta

import pytest
import rules
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from agreements.enums import CollaborationScope, CollaborationStatus, YearReportStatus
from agreements.models import Collaboration, YearReport, YearReportStep
from core.dates import today
from members.enums import Role
from members.models import Seat, User
from tests.agreements.collaborations import project_of
from tests.factories.agreements import (
    DraftReportFactory,
    YearReportFactory,
    YearReportStepFactory,
)
from tests.factories.members import SeatFactory, UserFactory, WardFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def users(lead: Seat, reader: Seat, other_lead: Seat, ward_lead: Seat, staff: Seat):
    """A user of each role; the projects below are of the ward with the office of ``lead``."""
    ward = ward_lead.office
    two_seats = SeatFactory(office=other_lead.office, role=Role.READER).user
    SeatFactory(user=two_seats, office=ward, role=Role.DEPUTY)
    ended = SeatFactory(office=ward, valid_until=today() - timedelta(days=1))
    closed = SeatFactory(office=ward)
    closed.user.is_active = False
    closed.user.save()
    users = {
        "anonymous": AnonymousUser(),
        "partner_lead": lead.user,
        "partner_reader": reader.user,
        "member": other_lead.user,
        "ward_lead": ward_lead.user,
        "ward_deputy": SeatFactory(office=ward, role=Role.DEPUTY).user,
        "ward_reader": SeatFactory(office=ward, role=Role.READER).user,
        "two_seats": two_seats,
        "other_ward": SeatFactory(office__organization=WardFactory()).user,
        "secretariat": staff.user,
        "ended": ended.user,
        "closed": closed.user,
        "superuser": UserFactory(is_superuser=True),
    }
    # Read anew: no seat of another role may stand in a cache.
    return {name: User.objects.get(pk=user.pk) if user.pk else user for name, user in users.items()}


@pytest.fixture
def made(ward_lead: Seat, lead: Seat):
    def project(status=CollaborationStatus.PLANNED, **fields) -> Collaboration:
        return project_of(ward_lead.organization, lead.organization, status=status, **fields)

    return project


def who(users, permission: str, obj=None) -> set[str]:
    return {role for role, user in users.items() if rules.has_perm(permission, user, obj)}


OWN = {"partner_lead", "partner_reader", "ward_lead", "ward_deputy", "ward_reader", "two_seats"}
WRITERS = {"ward_lead", "ward_deputy", "two_seats"}
WARD = WRITERS | {"ward_reader"}


@pytest.mark.parametrize("is_published", [True, False], ids=["published", "unpublished"])
@pytest.mark.parametrize("status", CollaborationStatus)
def test_what_a_page_shows_is_what_a_list_holds(users, made, status, is_published):
    project = made(status, **({} if is_published else {"published_at": None}))
    readers = who(users, "agreements.view_collaboration", project)
    assert readers == {
        role for role, user in users.items() if project in Collaboration.objects.visible_to(user)
    }
    assert readers == (set(users) if is_published else OWN | {"secretariat"})


DOERS = {
    # permission: states in which the ward may
    "agreements.change_collaboration": set(CollaborationStatus),
    "agreements.start_collaboration": {CollaborationStatus.PLANNED},
    "agreements.end_collaboration": {CollaborationStatus.UNDER_WAY},
    "agreements.cancel_collaboration": {
        CollaborationStatus.PLANNED,
        CollaborationStatus.UNDER_WAY,
    },
}


@pytest.mark.parametrize("status", CollaborationStatus)
@pytest.mark.parametrize("permission", DOERS)
def test_doers(users, made, permission, status):
    doers = who(users, permission, made(status))
    assert doers == (WRITERS if status in DOERS[permission] else set())


def test_the_ward_publishes_and_the_secretariat_takes_back(users, made):
    new, public = made(published_at=None), made()
    assert who(users, "agreements.publish_collaboration", new) == WRITERS
    assert who(users, "agreements.publish_collaboration", public) == set()
    assert who(users, "agreements.unpublish_collaboration", public) == {"secretariat"}


def test_whoever_writes_for_a_ward_may_register(users):
    assert who(users, "agreements.add_collaboration") == WRITERS | {"other_ward"}


def test_what_all_wards_carry_together_is_the_secretariats(users, made):
    project = made(scope=CollaborationScope.WARD_MAYORS, published_at=None)
    for permission in (*DOERS, "agreements.publish_collaboration"):
        assert who(users, permission, project) == set()
    assert who(users, "agreements.view_collaboration", project) == OWN | {"secretariat"}
    draft = DraftReportFactory(collaboration=project)
    assert who(users, "agreements.change_yearreport", draft) == WRITERS


REPORTS = {
    # state of the report: who reads it of a project that is (published, unpublished)
    YearReportStatus.DRAFT: (WARD, WARD),
    YearReportStatus.SUBMITTED: (OWN | {"secretariat"}, OWN | {"secretariat"}),
    YearReportStatus.ACCEPTED: (None, OWN | {"secretariat"}),
}


@pytest.mark.parametrize("is_published", [True, False], ids=["published", "unpublished"])
@pytest.mark.parametrize("status", YearReportStatus)
def test_what_the_page_of_a_report_shows_is_what_a_list_holds(users, made, status, is_published):
    project = made(
        CollaborationStatus.UNDER_WAY, **({} if is_published else {"published_at": None})
    )
    submitted_at = timezone.now() if status == YearReportStatus.SUBMITTED else None
    report = YearReportFactory(collaboration=project, status=status, submitted_at=submitted_at)
    step = YearReportStepFactory(report=report)
    readers, grants, steps = (
        who(users, f"agreements.{name}", report)
        for name in ("view_yearreport", "view_grants", "view_report_steps")
    )
    assert readers == {role for role, user in users.items() if report in visible(user)}
    assert readers == (REPORTS[status][0 if is_published else 1] or set(users))
    assert grants == {role for role, user in users.items() if report in with_grants(user)}
    assert grants == readers & (OWN | {"secretariat"})
    assert steps == {
        role for role, user in users.items() if step in YearReportStep.objects.visible_to(user)
    }
    assert steps == readers & (WARD | {"secretariat"})


def visible(user):
    return YearReport.objects.visible_to(user)


def with_grants(user):
    return YearReport.objects.showing_grants_to(user)


@pytest.mark.parametrize("status", YearReportStatus)
def test_the_wards_write_reports_and_change_drafts(users, made, status):
    submitted_at = timezone.now() if status == YearReportStatus.SUBMITTED else None
    report = YearReportFactory(
        collaboration=made(CollaborationStatus.ENDED), status=status, submitted_at=submitted_at
    )
    doers = who(users, "agreements.change_yearreport", report)
    assert doers == (WRITERS if status == YearReportStatus.DRAFT else set())
    assert who(users, "agreements.report_collaboration", report.collaboration) == WRITERS
    assert who(users, "agreements.report_collaboration", made()) == set()  # planned
