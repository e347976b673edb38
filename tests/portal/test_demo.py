"""Demo accounts and samples: passwords kept, everything marked, never in production."""

import json
import stat
from datetime import date, timedelta
from pathlib import Path

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command
from django.test import override_settings

from agreements.enums import CollaborationStatus, YearReportStatus
from agreements.models import Collaboration
from chronicle.models import News
from core.dates import today
from events.models import Event
from members.enums import Role, UserKind
from members.models import Membership, Office, Organization, Seat, User
from portal.demo import load_demo
from portal.demo.accounts import Account
from proposals.enums import EXPIRED, ProposalStatus
from proposals.models import Proposal, Reply
from tests.dumping import dump

pytestmark = pytest.mark.usefixtures("record")

SAKAI_LEAD = "lead@sakai.example.lg.jp"
# Where the leads of the sample members sit, who cannot log in.
SAMPLE_OFFICE = "総務課（見本）"


@pytest.fixture(scope="session")
def loaded_demo(loaded_record: None, tmp_path_factory, django_db_blocker) -> list[Account]:
    """The demo for the tests that only look at it; they come last (tests/conftest.py)."""
    path = tmp_path_factory.mktemp("demo") / "demo_accounts.json"
    with django_db_blocker.unblock(), override_settings(DEMO_ACCOUNTS_FILE=path):
        return load_demo()


@pytest.fixture(autouse=True)
def data_dir(settings, tmp_path: Path) -> Path:
    settings.DEMO_ACCOUNTS_FILE = tmp_path / "var" / "demo_accounts.json"
    return settings.DEMO_ACCOUNTS_FILE.parent


def test_production_refuses_in_one_sentence_and_changes_nothing(settings, data_dir):
    settings.EMBEDDED = False
    with pytest.raises(
        CommandError, match=r"^本番環境（RENKEI_ENV=production）には、見本を読み込めません$"
    ):
        call_command("load_demo")
    assert not User.objects.exists()
    assert not data_dir.exists()


def test_every_account_logs_in_with_the_printed_password(loaded_demo):
    assert len(loaded_demo) == 8
    for account in loaded_demo:
        user = User.objects.get(email=account.email)
        assert user.is_sample
        assert user.check_password(account.password)
        assert EmailAddress.objects.filter(user=user, verified=True, primary=True).exists()


def test_the_seats_of_the_demo(loaded_demo):
    seats = {
        seat.user.email: (seat.organization.full_name, seat.role, seat.is_current)
        for seat in Seat.objects.with_office().exclude(office__name=SAMPLE_OFFICE)
    }
    assert seats == {
        SAKAI_LEAD: ("福井県坂井市", Role.LEAD, True),
        "deputy@sakai.example.lg.jp": ("福井県坂井市", Role.DEPUTY, True),
        "former@sakai.example.lg.jp": ("福井県坂井市", Role.DEPUTY, False),
        "lead@shinagawa.example.lg.jp": ("東京都品川区", Role.LEAD, True),
        "lead@kitakami.example.lg.jp": ("岩手県北上市", Role.LEAD, True),
        "shared@hokkaido.example.jp": ("北海道町村会", Role.LEAD, True),
        "staff@kuchokai.example.jp": ("特別区長会", Role.STAFF, True),
        "staff@kyogikai.example.jp": ("公益財団法人特別区協議会", Role.STAFF, True),
    }
    ended = Seat.objects.get(user__email="former@sakai.example.lg.jp")
    assert ended.valid_until == today() - timedelta(days=1)


def test_the_secretariats_two_seats_have_their_groups(loaded_demo):
    def may(email: str, permission: str) -> bool:
        return User.objects.get(email=email).has_perm(permission)

    assert may("staff@kuchokai.example.jp", "agreements.add_agreement")
    assert may("staff@kuchokai.example.jp", "members.change_office")
    assert may("staff@kyogikai.example.jp", "members.change_office")
    assert not may("staff@kyogikai.example.jp", "agreements.add_agreement")
    assert not may(SAKAI_LEAD, "members.view_office")


def test_the_shared_mailbox_is_an_office_account(loaded_demo):
    user = User.objects.get(email="shared@hokkaido.example.jp")
    assert (user.kind, user.display_name) == (UserKind.OFFICE, "共用")
    assert Reply.objects.get(seat__user=user).signature.endswith("（共用）")


def test_everything_is_marked_as_a_sample(loaded_demo):
    for proposal in Proposal.objects.all():
        assert proposal.is_sample
        assert proposal.title.startswith("見本：")
    for row in [*News.objects.all(), *Event.objects.exclude(record_id__startswith="E")]:
        assert row.is_sample
        assert row.title.startswith("見本：")
    assert not Membership.objects.filter(is_sample=False).exists()
    for office in Office.objects.filter(record_key=None):
        assert office.is_sample
        assert office.name.endswith("（見本）")


def test_there_is_a_proposal_in_each_state_and_a_draft_for_a_colleague(loaded_demo):
    shown = {proposal.shown_status for proposal in Proposal.objects.all()}
    assert shown == {
        ProposalStatus.DRAFT,
        ProposalStatus.OPEN,
        ProposalStatus.IN_TALKS,
        ProposalStatus.WITHDRAWN,
        EXPIRED,
    }
    deputy = User.objects.get(email="deputy@sakai.example.lg.jp")
    draft = Proposal.objects.visible_to(deputy).get(status=ProposalStatus.DRAFT)
    assert draft.organization == Organization.objects.get(record_key="182109")


def test_a_ward_has_joint_projects_to_publish_that_nobody_else_sees(loaded_demo):
    samples = Collaboration.objects.filter(is_sample=True, published_at=None)
    ward = Seat.objects.get(user__email="lead@shinagawa.example.lg.jp")
    assert list(samples) == list(samples.visible_to(ward.user))
    assert not samples.visible_to(AnonymousUser()).exists()
    assert {project.status for project in samples} == {
        CollaborationStatus.PLANNED,
        CollaborationStatus.UNDER_WAY,
    }
    assert all(project.title.startswith("見本") for project in samples)
    assert [project.wards_text for project in samples] == ["東京都品川区"] * 2


def test_a_public_joint_project_has_a_report_in_each_state(loaded_demo):
    project = Collaboration.objects.get(is_sample=True, published_at__isnull=False)
    assert project.title.startswith("見本")
    assert {report.status for report in project.year_reports.all()} == set(YearReportStatus)
    assert project.year_reports.visible_to(AnonymousUser()).count() == 1


def test_the_office_of_the_demo_is_due_for_confirmation(loaded_demo):
    office = Office.objects.get(organization__record_key="182109")
    assert office.is_stale
    assert office.confirmed_by == office.signature


def test_after_a_second_run_nothing_differs(data_dir):
    first, rows = load_demo(), dump()
    second = load_demo()
    assert dump() == rows
    assert [(a.email, a.password) for a in first] == [(a.email, a.password) for a in second]


def test_the_passwords_are_kept_for_their_owner_alone(data_dir):
    accounts = load_demo()
    path = data_dir / "demo_accounts.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert json.loads(path.read_text()) == [
        {"role": a.role, "email": a.email, "password": a.password} for a in accounts
    ]
    assert len({account.password for account in accounts}) == 8


def test_another_data_directory_has_passwords_of_its_own(settings, tmp_path):
    first = load_demo()[0].password
    settings.DEMO_ACCOUNTS_FILE = tmp_path / "other" / "demo_accounts.json"
    second = load_demo()[0]
    assert second.password != first
    assert User.objects.get(email=second.email).check_password(second.password)


def test_a_password_changed_by_its_owner_stays():
    load_demo()
    user = User.objects.get(email=SAKAI_LEAD)
    user.set_password("自分で決めた合い言葉")
    user.save()
    load_demo()
    assert User.objects.get(email=SAKAI_LEAD).check_password("自分で決めた合い言葉")


def test_the_sample_event_is_always_to_come():
    with time_machine.travel(date(2026, 11, 22), tick=False):
        load_demo()
        event = Event.objects.get(is_sample=True, owner=None)
        assert (event.earliest, event.latest) == (date(2026, 12, 19), date(2026, 12, 20))
    with time_machine.travel(date(2026, 12, 20), tick=False):
        load_demo()
        event.refresh_from_db()
        assert event.earliest == date(2026, 12, 19)
    with time_machine.travel(date(2026, 12, 22), tick=False):
        load_demo()
        event.refresh_from_db()
        assert (event.earliest, event.latest) == (date(2027, 1, 16), date(2027, 1, 17))


def test_without_the_record_the_demo_says_what_to_run_first():
    Organization.objects.filter(record_key="032069").update(record_key=None)
    with pytest.raises(
        CommandError, match=r"^先に load_register と load_record を実行してください$"
    ):
        call_command("load_demo", verbosity=0)
    assert not User.objects.exists()
    assert not Proposal.objects.exists()
