"""Two people act on one year report at the same moment: one consistent story remains."""

import pytest

from agreements import services
from agreements.models import YearReport
from core.errors import StaleVersion
from members.enums import Role
from notices.models import Notice
from tests.agreements.collaborations import project_of
from tests.factories.agreements import SubmittedReportFactory
from tests.factories.members import SeatFactory, SecretariatFactory, WardFactory
from tests.proposals.racing import DONE, Act, overtake

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_accepts_while_another_sends_back():
    project = project_of(SeatFactory(office__organization=WardFactory()).organization)
    report = SubmittedReportFactory(collaboration=project)
    staff = SeatFactory(office__organization=SecretariatFactory(), role=Role.STAFF)
    accept = Act(lambda: services.accept_report(report, by=staff, version=1))
    back = Act(lambda: services.send_back_report(report, reason="誤り", by=staff, version=1))
    assert overtake(accept.ready("service"), back.ready("service")) == (DONE, str(StaleVersion()))
    report = YearReport.objects.get()
    assert (report.status, report.return_reason, report.version) == ("accepted", "", 2)
    assert report.steps.count() == Notice.objects.count() == 1


def test_two_colleagues_begin_the_same_year():
    seat = SeatFactory(office__organization=WardFactory())
    other = SeatFactory(office=seat.office, role=Role.DEPUTY)
    project = project_of(seat.organization)
    data = {"fiscal_year": 2025, "result": "2回開いた"}
    first, second = (
        Act(lambda by=by: services.write_report(project, data=data, by=by)) for by in (seat, other)
    )
    done, refused = overtake(first.ready("service"), second.ready("service"))
    assert done == DONE
    assert refused == "令和7年度（2025年度）の実績は、すでにあります"
    assert YearReport.objects.count() == 1
