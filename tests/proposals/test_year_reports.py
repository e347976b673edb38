"""A proposal is complete at the moment when its ended joint project is reported on."""

import pytest

from agreements import services as agreements
from agreements.models import Collaboration
from core.dates import Precision, RecordDate, fiscal_year_of, today
from members.models import Seat
from notices.models import Notice
from proposals import services
from proposals.enums import ProposalStatus
from tests.proposals.worlds import talking

pytestmark = pytest.mark.django_db

DONE = "の連携事業が完了しました"


@pytest.fixture
def project(lead: Seat, ward_lead: Seat) -> Collaboration:
    """A joint project of a proposal that has begun and ended today."""
    project = services.accept(talking(lead, ward_lead), by=lead).collaboration
    when = RecordDate(today(), today(), Precision.DAY)
    for move in (agreements.start, agreements.end):
        project = move(project, by=ward_lead, version=project.version, when=when)
    return project


def test_it_is_completed_by_the_submitted_report_and_stays_so(project, lead, ward_lead, staff):
    proposal = project.offers.get().proposal
    data = {"fiscal_year": fiscal_year_of(today()), "result": "朝市を2回開いた"}
    report = agreements.write_report(project, data=data, by=ward_lead)
    proposal.refresh_from_db()
    assert proposal.status == ProposalStatus.AGREED
    report = agreements.submit_report(report, by=ward_lead, version=report.version)
    proposal.refresh_from_db()
    assert proposal.status == ProposalStatus.COMPLETED
    assert proposal.ended_at is not None
    told = Notice.objects.filter(text__endswith=DONE)
    assert [notice.seat for notice in told] == [lead]
    agreements.send_back_report(report, reason="見直し", by=staff, version=report.version)
    proposal.refresh_from_db()
    assert proposal.status == ProposalStatus.COMPLETED
    assert told.count() == 1
