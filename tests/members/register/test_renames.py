"""Departments that get a new name from a day on."""

from datetime import date

import pytest

from core import daily
from core.audit import System
from core.errors import DomainError, NotAllowed
from core.models import AuditEntry, DailyRun
from members import jobs, services
from members.enums import Action, Role
from members.models import Office, OfficeRename
from members.services import ListedRename, NewName
from proposals import services as board
from tests.dumping import dump
from tests.factories.members import OfficeFactory, SeatFactory
from tests.factories.proposals import DraftFactory, ProposalFactory

pytestmark = pytest.mark.django_db

DAY = date(2027, 4, 1)


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to("2027-02-10 10:00+09:00", tick=False)
    return time_machine


class TestPlan:
    def test_waits_for_its_day_and_is_kept_in_the_history(self, office, lead):
        rename = services.plan_rename(office, " 未来政策課 ", valid_from=DAY, by=lead)
        office.refresh_from_db()
        assert (office.name, rename.name, rename.applied_at) == ("企画政策課", "未来政策課", None)
        entry = AuditEntry.objects.get(action=Action.PLAN_RENAME)
        assert entry.changes["name"] == ["企画政策課", "未来政策課"]
        assert entry.object_id == str(office.pk)

    @pytest.mark.parametrize("day", [date(2027, 2, 10), date(2026, 4, 1)])
    def test_a_day_that_is_here_renames_at_once(self, office, deputy, day):
        rename = services.plan_rename(office, "未来政策課", valid_from=day, by=deputy)
        before = office.version
        office.refresh_from_db()
        assert (office.name, office.version) == ("未来政策課", before + 1)
        assert "未来政策課" in office.search_text
        assert rename.applied_at is not None
        assert [entry.action for entry in AuditEntry.objects.all()] == [Action.RENAME_OFFICE]

    def test_the_secretariat_renames_any_office(self, office, staff):
        services.plan_rename(office, "未来政策課", valid_from=DAY, by=staff)
        assert OfficeRename.objects.waiting().get().office == office

    @pytest.mark.parametrize("who", ["reader", "other_lead", "ward_lead"])
    def test_nobody_else_does(self, office, who, request):
        before = dump("members", "core")
        with pytest.raises(NotAllowed):
            services.plan_rename(
                office, "未来政策課", valid_from=DAY, by=request.getfixturevalue(who)
            )
        assert dump("members", "core")["members.OfficeRename"] == before["members.OfficeRename"]
        assert not AuditEntry.objects.exists()

    @pytest.mark.parametrize(
        ("name", "day", "sentence"),
        [
            (" ", DAY, "新しい部署名を入力してください"),
            ("企画政策課", DAY, "新しい部署名が、今の部署名と同じです"),
            ("課" * 81, DAY, "新しい部署名は80文字以内で入力してください（現在81文字）"),
            (
                "未来政策課",
                date(2029, 2, 11),
                "変わる日は、2029年（令和11年）2月10日までの日付にしてください",
            ),
        ],
    )
    def test_what_is_refused_changes_nothing(self, office, lead, name, day, sentence):
        with pytest.raises(DomainError) as refusal:
            services.plan_rename(office, name, valid_from=day, by=lead)
        assert str(refusal.value) == sentence
        assert not OfficeRename.objects.exists()
        assert not AuditEntry.objects.exists()

    def test_only_one_can_wait(self, office, lead):
        services.plan_rename(office, "未来政策課", valid_from=DAY, by=lead)
        with pytest.raises(DomainError, match="すでに予定されています"):
            services.plan_rename(office, "総合政策課", valid_from=DAY, by=lead)
        assert OfficeRename.objects.get().name == "未来政策課"


class TestCancel:
    def test_leaves_the_name_and_a_line_in_the_history(self, office, lead, deputy):
        rename = services.plan_rename(office, "未来政策課", valid_from=DAY, by=lead)
        services.cancel_rename(rename, by=deputy)
        assert not OfficeRename.objects.exists()
        assert AuditEntry.objects.filter(action=Action.CANCEL_RENAME).count() == 1
        assert services.apply_renames(DAY) == 0

    def test_a_name_that_has_come_stays(self, office, lead, clock):
        rename = services.plan_rename(office, "未来政策課", valid_from=DAY, by=lead)
        clock.move_to("2027-04-01 00:05+09:00", tick=False)
        services.apply_renames(DAY)
        with pytest.raises(DomainError, match="すでに反映されたか"):
            services.cancel_rename(rename, by=lead)
        assert Office.objects.get(pk=office.pk).name == "未来政策課"

    def test_not_by_others(self, office, lead, other_lead):
        rename = services.plan_rename(office, "未来政策課", valid_from=DAY, by=lead)
        with pytest.raises(NotAllowed):
            services.cancel_rename(rename, by=other_lead)
        assert OfficeRename.objects.get() == rename


class TestDay:
    def test_comes_on_its_day_and_not_before(self, office, lead, clock):
        services.plan_rename(office, "未来政策課", valid_from=DAY, by=lead)
        assert services.apply_renames(date(2027, 3, 31)) == 0
        clock.move_to("2027-04-01 00:05+09:00", tick=False)
        assert jobs.apply_renames(DAY) == "部署名の変更1件"
        office.refresh_from_db()
        assert office.name == "未来政策課"
        assert services.apply_renames(DAY) == 0
        entry = AuditEntry.objects.get(action=Action.RENAME_OFFICE)
        assert (entry.actor_organization, entry.actor_office) == ("システム", "members.renames")

    def test_a_missed_day_heals(self, office, lead, clock):
        services.plan_rename(office, "未来政策課", valid_from=DAY, by=lead)
        clock.move_to("2027-04-05 10:00+09:00", tick=False)
        daily.run()
        assert Office.objects.get(pk=office.pk).name == "未来政策課"
        assert DailyRun.objects.get(name="members.renames").result == "部署名の変更1件"

    def test_what_was_published_keeps_its_signature(self, office, lead, clock):
        own = {"organization": office.organization, "office": office}
        old = ProposalFactory(**own, signature=office.signature)
        reply = board.add_reply(old, by=lead, body="返信です。")
        draft = DraftFactory(**own, signature=office.signature)
        services.plan_rename(office, "未来政策課", valid_from=DAY, by=lead)
        clock.move_to("2027-04-01 00:05+09:00", tick=False)
        services.apply_renames(DAY)
        for row in (old, reply, draft):
            row.refresh_from_db()
        assert old.signed_as == reply.signature == "福井県坂井市　企画政策課"
        assert draft.signed_as == "福井県坂井市　未来政策課"
        lead.office.refresh_from_db()
        assert (
            board.add_reply(old, by=lead, body="返信です。").signature == "福井県坂井市　未来政策課"
        )

    def test_a_form_opened_before_is_stale(self, office, lead):
        version = office.version
        services.plan_rename(office, "未来政策課", valid_from=date(2027, 2, 10), by=lead)
        with pytest.raises(DomainError, match="先に更新しました"):
            services.update_office(office, {"name": "企画政策課"}, version=version, by=lead)


def listed(number: int, office: str, name: str, *codes: str, day: date = DAY) -> ListedRename:
    return ListedRename(number, "".join(codes), codes, office, name, day)


class TestList:
    def test_finds_offices_in_any_spelling(self, office):
        found = services.read_renames([listed(2, "企画 政策課", "未来政策課", "182109")])
        assert found.renames == [(2, NewName(office, "未来政策課", DAY))]
        assert found.problems == []

    def test_names_every_row_that_cannot_be_taken(self, office, lead):
        OfficeFactory(organization=office.organization, name="総務課", is_main=False)
        planned = OfficeFactory(organization=office.organization, name="観光課", is_main=False)
        services.plan_rename(planned, "交流課", valid_from=DAY, by=lead)
        twice = {"organization": office.organization, "name": "広報課", "is_main": False}
        OfficeFactory(**twice)
        OfficeFactory(**twice)
        rows = [
            listed(2, "企画政策課", "未来政策課", "182109"),
            listed(3, "企画政策課", "別の名前", "182109"),
            listed(4, "企画政策課", "別の名前"),
            listed(5, "企画政策課", "別の名前", "011002"),
            listed(6, "財政課", "別の名前", "182109"),
            listed(7, "総務課", "総務課", "182109"),
            listed(8, "観光課", "別の名前", "182109"),
            listed(9, "広報課", "別の名前", "182109"),
            listed(10, "総務課", "総務部", "182109", day=date(2072, 4, 1)),
        ]
        found = services.read_renames(rows)
        assert [number for number, _ in found.renames] == [2]
        assert [(problem.number, problem.heading) for problem in found.problems] == [
            (3, "今の部署名"),
            (4, "団体コード"),
            (5, "団体コード"),
            (6, "今の部署名"),
            (7, "新しい部署名"),
            (8, "新しい部署名"),
            (9, "今の部署名"),
            (10, "いつから"),
        ]
        assert found.problems[0].reason == "同じ部署が2行目にもあります"
        assert "登録されているのは「企画政策課」「総務課」" in found.problems[3].reason

    @pytest.mark.parametrize("number", [1, 3])
    def test_costs_the_same_however_long(self, number, django_assert_num_queries):
        offices = OfficeFactory.create_batch(number)
        rows = [
            listed(at, row.name, "未来政策課", row.organization.municipality.code)
            for at, row in enumerate(offices)
        ]
        with django_assert_num_queries(2):
            assert len(services.read_renames(rows).renames) == number

    def test_all_of_them_or_none(self, office, staff):
        other = SeatFactory(role=Role.LEAD).office
        new = [NewName(office, "未来政策課", DAY), NewName(other, "企画課", DAY)]
        with pytest.raises(DomainError, match="企画課：新しい部署名が、今の部署名と同じです"):
            services.plan_renames(new, by=staff)
        assert not OfficeRename.objects.exists()
        assert not AuditEntry.objects.exists()
        services.plan_renames([new[0], NewName(other, "企画部", DAY)], by=staff)
        assert OfficeRename.objects.waiting().count() == 2

    def test_a_command_may_plan_too(self, office):
        services.plan_renames([NewName(office, "未来政策課", DAY)], by=System("test"))
        assert OfficeRename.objects.get().office == office
