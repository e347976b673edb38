"""What changes a joint project; a refusal changes nothing."""

from datetime import date

import pytest

from agreements import services
from agreements.enums import (
    COLLABORATION_MOVES,
    Action,
    CollaborationScope,
    CollaborationSide,
    CollaborationStatus,
    Origin,
)
from agreements.models import Collaboration
from core import audit
from core.admin.actor import BreakGlass
from core.dates import Precision, RecordDate
from core.errors import DomainError, NotAllowed, StaleVersion
from core.models import AuditEntry
from members.enums import Role
from members.models import Seat, User
from tests.agreements.collaborations import project_of, refused
from tests.factories.members import OrganizationFactory, SeatFactory, ThemeFactory, WardFactory

pytestmark = pytest.mark.django_db

PLANNED, UNDER_WAY, ENDED, CANCELLED = CollaborationStatus
REASON = "会場が使えなくなったため"


@pytest.fixture(autouse=True)
def clock(time_machine) -> None:
    time_machine.move_to("2026-11-22 12:00:00+09:00", tick=False)


@pytest.fixture
def other_ward(db) -> Seat:
    return SeatFactory(office__organization=WardFactory())


@pytest.fixture
def ward_reader(ward_lead) -> Seat:
    return SeatFactory(office=ward_lead.office, role=Role.READER)


def month(year: int, number: int, last: int) -> RecordDate:
    return RecordDate(date(year, number, 1), date(year, number, last), Precision.MONTH)


def on(*parts: int) -> RecordDate:
    return RecordDate(date(*parts), date(*parts), Precision.DAY)


APRIL = month(2026, 4, 30)


@pytest.fixture
def data(ward_lead, lead) -> dict:
    return {
        "title": "港の朝市",
        "summary": "月に1度、朝市を開く。",
        "origin": Origin.BOARD,
        "start": APRIL,
        "end": None,
        "themes": [ThemeFactory(name="産業"), ThemeFactory(name="観光")],
        "wards": [ward_lead.organization],
        "partners": [lead.organization],
    }


class TestCreate:
    def test_it_is_registered_and_not_public(self, data, ward_lead):
        services.create(data=data, status=UNDER_WAY, by=ward_lead)
        project = Collaboration.objects.get()
        assert (project.status, project.published_at, project.version) == (UNDER_WAY, None, 1)
        assert (project.scope, project.start, project.is_sample) == (
            CollaborationScope.WARDS,
            APRIL,
            False,
        )
        assert [str(party) for party in project.parties.all()] == [
            "東京都品川区（特別区）",
            "福井県坂井市（連携先）",
        ]
        assert {theme.name for theme in project.themes.all()} == {"産業", "観光"}
        entry = audit.history_of(project).get()
        assert entry.action == Action.CREATE_COLLABORATION
        assert entry.changes["title"] == [None, "港の朝市"]
        assert entry.changes["start_earliest"] == [None, "2026-04-01"]
        assert entry.changes["parties"] == [
            None,
            ["東京都品川区（特別区）", "福井県坂井市（連携先）"],
        ]
        assert "funding" not in entry.changes

    def test_a_sample_account_registers_a_sample(self, data, ward_lead):
        ward_lead.user.is_sample = True
        assert services.create(data=data, status=PLANNED, by=ward_lead).is_sample

    @pytest.mark.parametrize("seat", ["lead", "staff", "reader"])
    def test_only_a_ward_registers(self, request, data, seat):
        with refused(NotAllowed):
            services.create(data=data, status=PLANNED, by=request.getfixturevalue(seat))

    @pytest.mark.parametrize(
        ("changes", "status", "sentence"),
        [
            ({"end": on(2026, 3, 31)}, ENDED, "開始の時期（2026年（令和8年）4月）以降"),
            ({"start": on(2026, 11, 23)}, UNDER_WAY, "開始の時期は、今日まで"),
            ({"end": month(2026, 12, 31)}, ENDED, "終了の時期は、今日まで"),
            ({}, ENDED, "終了の時期を入力してください"),
            ({}, CANCELLED, "登録してから中止に"),
            ({"partners": []}, PLANNED, "連携先の団体を入力してください"),
        ],
    )
    def test_what_cannot_be_is_refused(self, data, ward_lead, changes, status, sentence):
        with refused(DomainError, sentence):
            services.create(data=data | changes, status=status, by=ward_lead)

    def test_the_own_ward_is_among_the_wards(self, data, ward_lead):
        with refused(DomainError, "品川区を含めてください"):
            services.create(data=data | {"wards": [WardFactory()]}, status=PLANNED, by=ward_lead)

    def test_no_ward_is_a_partner_and_no_partner_a_ward(self, data, ward_lead, lead):
        own = ward_lead.organization
        with refused(DomainError, "特別区を入力しないで"):
            services.create(data=data | {"partners": [own]}, status=PLANNED, by=ward_lead)
        wards = [own, lead.organization]
        with refused(DomainError, "特別区を選んで"):
            services.create(data=data | {"wards": wards}, status=PLANNED, by=ward_lead)

    def test_a_partner_may_be_told_in_words_alone(self, data, ward_lead):
        told = data | {"partners": [], "partner_text": "宗谷地域の町村会（8町1村）"}
        project = services.create(data=told, status=PLANNED, by=ward_lead)
        assert project.partners == []

    def test_a_month_of_today_has_begun(self, data, ward_lead):
        started = data | {"start": month(2026, 11, 30)}
        assert services.create(data=started, status=UNDER_WAY, by=ward_lead).pk


class TestUpdate:
    @pytest.fixture
    def project(self, ward_lead, lead) -> Collaboration:
        return project_of(ward_lead.organization, lead.organization, status=UNDER_WAY, title="朝市")

    def test_a_correction_gives_the_next_version(self, project, ward_lead):
        services.update(
            project, data={"title": "夜市", "end": month(2027, 3, 31)}, by=ward_lead, version=1
        )
        project.refresh_from_db()
        assert (project.title, project.end, project.version) == (
            "夜市",
            month(2027, 3, 31),
            2,
        )
        assert len(project.parties.all()) == 2
        entry = AuditEntry.objects.get()
        assert (entry.action, entry.changes["title"]) == (
            Action.UPDATE_COLLABORATION,
            ["朝市", "夜市"],
        )

    def test_nothing_is_written_when_nothing_differs(self, project, ward_lead, lead):
        before = list(project.parties.values())
        same = {"title": "朝市", "wards": [ward_lead.organization], "partners": [lead.organization]}
        with_same = services.update(project, data=same, by=ward_lead, version=1)
        assert with_same.version == 1
        assert list(project.parties.values()) == before
        assert not AuditEntry.objects.exists()

    def test_wards_that_stay_keep_their_places(self, project, ward_lead):
        first, new = WardFactory(), WardFactory()
        project.parties.create(organization=first, side=CollaborationSide.WARD, order=0)
        wards = [ward_lead.organization, new, first]
        services.update(project, data={"wards": wards}, by=ward_lead, version=1)
        kept = [party.organization for party in Collaboration.objects.get().wards]
        assert kept == [first, ward_lead.organization, new]

    @pytest.mark.parametrize("status", CollaborationStatus)
    def test_it_is_corrected_in_any_state(self, ward_lead, status):
        days = {"end_earliest": date(2024, 10, 6), "end_latest": date(2024, 10, 6)}
        project = project_of(ward_lead.organization, status=status, **days)
        services.update(project, data={"summary": "直した"}, by=ward_lead, version=1)
        assert Collaboration.objects.get().summary == "直した"

    def test_a_stale_correction_is_refused(self, project, ward_lead):
        services.update(project, data={"title": "夜市"}, by=ward_lead, version=1)
        with refused(StaleVersion):
            services.update(project, data={"title": "昼市"}, by=ward_lead, version=1)

    def test_an_ended_one_keeps_its_end(self, ward_lead):
        days = {"end_earliest": date(2024, 10, 6), "end_latest": date(2024, 10, 6)}
        project = project_of(ward_lead.organization, status=ENDED, **days)
        with refused(DomainError, "終了の時期を入力してください"):
            services.update(project, data={"end": None}, by=ward_lead, version=1)

    def test_the_last_partner_stays(self, project, ward_lead):
        with refused(DomainError, "連携先の団体を入力してください"):
            services.update(project, data={"partners": []}, by=ward_lead, version=1)


class TestPublish:
    def test_it_is_public_from_then_on(self, ward_lead):
        project = project_of(ward_lead.organization, published_at=None)
        services.publish(project, by=ward_lead, version=1)
        project.refresh_from_db()
        assert project.is_published
        entry = audit.history_of(project).get()
        assert entry.action == Action.PUBLISH_COLLABORATION
        assert list(entry.changes) == ["published_at"]

    def test_once(self, ward_lead):
        public = project_of(ward_lead.organization)
        with refused(DomainError, "すでに公開しています"):
            services.publish(public, by=ward_lead, version=1)

    def test_a_text_that_nobody_has_read_is_not_published(self, ward_lead):
        project = project_of(ward_lead.organization, published_at=None)
        services.update(project, data={"title": "別の題名"}, by=ward_lead, version=1)
        with refused(StaleVersion):
            services.publish(project, by=ward_lead, version=1)

    def test_the_secretariat_takes_it_back_with_a_reason(self, ward_lead, staff):
        project = project_of(ward_lead.organization)
        services.unpublish(project, reason=f" {REASON} ", by=staff, version=1)
        project.refresh_from_db()
        assert not project.is_published
        assert AuditEntry.objects.get().reason == REASON

    def test_taking_back_is_refused(self, ward_lead, staff):
        public = project_of(ward_lead.organization)
        new = project_of(ward_lead.organization, published_at=None)
        with refused(NotAllowed):
            services.unpublish(public, reason=REASON, by=ward_lead, version=1)
        with refused(DomainError, "理由を入力してください"):
            services.unpublish(public, reason=" ", by=staff, version=1)
        with refused(DomainError, "公開していません"):
            services.unpublish(new, reason=REASON, by=staff, version=1)


# Each move, what it is told, and the state it leads to.
MOVES = {
    services.start: ({"when": on(2026, 11, 22)}, UNDER_WAY),
    services.end: ({"when": on(2026, 11, 22)}, ENDED),
    services.cancel: ({"reason": REASON}, CANCELLED),
}


class TestMoves:
    @pytest.mark.parametrize("status", CollaborationStatus)
    @pytest.mark.parametrize("move", MOVES, ids=lambda move: move.__name__)
    def test_moves_are_those_of_the_table(self, move, status, ward_lead):
        days = {"end_earliest": date(2024, 10, 6), "end_latest": date(2024, 10, 6)}
        project = project_of(ward_lead.organization, status=status, **days)
        told, target = MOVES[move]
        if target in COLLABORATION_MOVES[status]:
            if move == services.start:
                Collaboration.objects.update(end_earliest=None, end_latest=None)
            moved = move(project, by=ward_lead, version=1, **told)
            assert (moved.status, moved.version) == (target, 2)
            assert Collaboration.objects.get().status == target
            assert AuditEntry.objects.get().changes["status"] == [status, target]
        else:
            with refused(DomainError, "この操作はできません"):
                move(project, by=ward_lead, version=1, **told)

    @pytest.mark.parametrize("move", [*MOVES, services.publish, services.update])
    @pytest.mark.parametrize("seat", ["lead", "reader", "other_lead", "other_ward", "ward_reader"])
    def test_only_its_ward_and_the_secretariat(self, request, move, seat, ward_lead, lead):
        project = project_of(ward_lead.organization, lead.organization, status=PLANNED)
        told = {"data": {}} if move == services.update else MOVES.get(move, ({},))[0]
        with refused(NotAllowed):
            move(project, by=request.getfixturevalue(seat), version=1, **told)

    @pytest.mark.parametrize("move", [services.start, services.cancel])
    def test_the_secretariat_and_the_break_glass_account_may(self, move, ward_lead, staff):
        told, target = MOVES[move]
        for by in (staff, BreakGlass(User())):
            project = project_of(
                ward_lead.organization, status=PLANNED, scope=CollaborationScope.WARD_MAYORS
            )
            assert move(project, by=by, version=1, **told).status == target

    def test_a_move_of_a_changed_project_is_refused(self, ward_lead):
        project = project_of(ward_lead.organization, status=PLANNED)
        for move, (told, _target) in MOVES.items():
            with refused(StaleVersion):
                move(project, by=ward_lead, version=2, **told)

    def test_it_starts_when_it_was_to(self, ward_lead):
        project = project_of(ward_lead.organization, status=PLANNED)
        services.start(project, by=ward_lead, version=1)
        assert Collaboration.objects.get().start == on(2024, 10, 5)

    def test_it_does_not_start_at_an_unknown_time_or_ahead(self, ward_lead):
        nothing = {"start_earliest": None, "start_latest": None}
        project = project_of(ward_lead.organization, status=PLANNED, **nothing)
        with refused(DomainError, "開始した時期を入力してください"):
            services.start(project, by=ward_lead, version=1)
        with refused(DomainError, "今日まで"):
            services.start(project, when=on(2026, 11, 23), by=ward_lead, version=1)

    def test_it_does_not_end_at_an_unknown_time_ahead_or_before_its_start(self, ward_lead):
        project = project_of(ward_lead.organization, status=UNDER_WAY)
        with refused(DomainError, "終了の時期を入力してください"):
            services.end(project, by=ward_lead, version=1)
        with refused(DomainError, "今日まで"):
            services.end(project, when=on(2026, 11, 23), by=ward_lead, version=1)
        with refused(DomainError, "開始の時期（2024年（令和6年）10月5日）以降"):
            services.end(project, when=on(2024, 10, 4), by=ward_lead, version=1)

    def test_it_ends_as_it_was_planned(self, ward_lead):
        days = {"end_earliest": date(2026, 3, 31), "end_latest": date(2026, 3, 31)}
        project = project_of(ward_lead.organization, status=UNDER_WAY, **days)
        services.end(project, by=ward_lead, version=1)
        assert Collaboration.objects.get().end == on(2026, 3, 31)

    def test_it_is_cancelled_with_a_reason(self, ward_lead):
        project = project_of(ward_lead.organization, status=PLANNED)
        with refused(DomainError, "理由を入力してください"):
            services.cancel(project, reason="　", by=ward_lead, version=1)
        services.cancel(project, reason=REASON, by=ward_lead, version=1)
        assert Collaboration.objects.get().status_reason == REASON
        assert AuditEntry.objects.get().reason == REASON


def test_a_failing_audit_row_takes_everything_back(data, ward_lead, monkeypatch):
    project = project_of(ward_lead.organization, status=PLANNED)

    def broken(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(AuditEntry.objects, "create", broken)
    with refused(RuntimeError):
        services.create(data=data, status=PLANNED, by=ward_lead)
    with refused(RuntimeError):
        services.update(
            project, data={"partners": [OrganizationFactory()]}, by=ward_lead, version=1
        )
