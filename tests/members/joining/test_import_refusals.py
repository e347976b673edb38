"""What a table of members may not do, each with its row, column and reason."""

from datetime import date

import pytest

from core.errors import DomainError, NotAllowed
from core.models import OutboxMail
from members import services
from members.enums import Role
from members.models import Organization, Seat, User
from tests.dumping import dump
from tests.factories.members import (
    MembershipFactory,
    OfficeFactory,
    SeatFactory,
)
from tests.members.joining.importing import BY, JOINED, imported, planned, reasons, town
from tests.members.joining.tables import row_of


@pytest.fixture
def hamada(db) -> Organization:
    """島根県浜田市, which has no office yet."""
    return town(municipality__name="浜田市")


class TestRefusals:
    @pytest.fixture
    def lead(self, hamada) -> Seat:
        MembershipFactory(organization=hamada, joined=date(2020, 4, 1))
        office = OfficeFactory(organization=hamada, name="企画課")
        return SeatFactory(office=office, user__email="lead@example.lg.jp")

    @pytest.mark.parametrize(
        ("cells", "heading", "reason"),
        [
            ({"登録日": "2026-04-01"}, "登録日", "この団体の登録日は2020年（令和2年）4月1日です"),
            ({"種類": "共用"}, "種類", "このメールアドレスは「個人」で登録されています"),
            ({"部署": "観光課"}, "部署", "代表の部署ではありません。"),
        ],
    )
    def test_against_what_is_there(self, lead, cells, heading, reason):
        OfficeFactory(organization=lead.organization, name="観光課", is_main=False)
        row = row_of("322024", メールアドレス="lead@example.lg.jp", 登録日="") | cells
        _, plan = planned(row)
        ((number, column, said),) = reasons(plan)
        assert (number, column) == (2, heading)
        assert said.startswith(reason)

    def test_a_seat_at_another_office_of_the_organization(self, lead):
        other = OfficeFactory(organization=lead.organization, name="観光課", is_main=False)
        seat = SeatFactory(office=other)
        _, plan = planned(row_of("322024", メールアドレス=seat.user.email, 登録日=""))
        assert "この方は「観光課」の担当です" in plan.problems[0].reason

    def test_the_last_lead_stays_one(self, lead):
        row = row_of("322024", メールアドレス="lead@example.lg.jp", 登録日="", 役割="閲覧")
        sentence = "団体の主担当がいなくなります。主担当になる方の行も入れてください"
        _, plan = planned(row)
        assert (reasons(plan), list(plan.seats)) == ([(2, "役割", sentence)], [])
        colleague = row_of("322024", 2, 登録日="", 部署="", 住所="", 電話番号="", 郵便番号="")
        _, plan = planned(row, colleague)
        assert not plan.problems
        SeatFactory(office=lead.office, role=Role.LEAD)
        _, plan = planned(row)
        assert not plan.problems

    def test_two_leads_are_not_both_demoted(self, lead):
        other = SeatFactory(office=lead.office, role=Role.LEAD)
        rows = [
            row_of("322024", メールアドレス=seat.user.email, 登録日="", 役割="副担当")
            for seat in (lead, other)
        ]
        _, plan = planned(*rows)
        assert [problem.heading for problem in plan.problems] == ["役割", "役割"]

    def test_the_secretariat_is_no_part_of_a_table(self, hamada, staff):
        before = dump("members")
        desk = staff.office
        person = row_of("322024", メールアドレス=staff.user.email, 姓="別", 名="人")
        body = row_of("", 2, 団体=desk.organization.name, 部署=desk.name, 登録日="")
        _, plan = planned(person, body)
        assert [(number, heading) for number, heading, _ in reasons(plan)] == [
            (2, "メールアドレス"),
            (3, "団体"),
        ]
        assert all("事務局の" in problem.reason for problem in plan.problems)
        imported(person, body)
        assert dump("members") == before

    def test_a_day_on_which_there_was_no_such_town(self, hamada):
        hamada.municipality.valid_from = date(2005, 10, 1)
        hamada.municipality.save()
        _, plan = planned(row_of("322024", 登録日="2005-09-30"))
        assert [(p.number, p.heading) for p in plan.problems] == [(2, "登録日")]
        assert "浜田市という市区町村はありません" in plan.problems[0].reason

    def test_a_closed_account(self, lead):
        User.objects.update(is_active=False)
        _, plan = planned(row_of("322024", メールアドレス="lead@example.lg.jp", 登録日=""))
        assert "今は使えません" in plan.problems[0].reason

    def test_a_day_before_the_member_left(self, hamada):
        MembershipFactory(organization=hamada, left=date(2026, 5, 1))
        _, plan = planned(row_of("322024"))
        assert "前の会員登録の退会日" in plan.problems[0].reason

    def test_rows_that_contradict_each_other_name_the_other_row(self, hamada):
        town("322032", municipality__name="出雲市")
        first = row_of("322024")
        _, plan = planned(
            first,
            row_of("322024", 2, 電話番号="0855-22-2612"),
            first | {"名": "別の方"},
            row_of("322032", メールアドレス="import1@example.lg.jp", 名="別の方"),
            row_of("322024", 5, 住所="", 郵便番号="", 電話番号="", 登録日="2026-05-01"),
        )
        assert [(number, heading) for number, heading, _ in reasons(plan)] == [
            (3, "住所"),
            (4, "メールアドレス"),
            (5, "メールアドレス"),
            (6, "登録日"),
        ]
        assert [p.reason[:4] for p in plan.problems[:3]] == ["2行目の", "2行目と", "2行目と"]

    def test_several_reasons_of_one_row(self, hamada):
        _, plan = planned(row_of("322024", 電話番号="1", 姓="", メールアドレス="x"))
        assert [heading for _, heading, _ in reasons(plan)] == ["電話番号", "メールアドレス", "姓"]

    def test_members_import_nothing(self, hamada, other_lead):
        before = dump("members", "core")
        with pytest.raises(NotAllowed):
            imported(row_of("322024"), by=other_lead)
        assert dump("members", "core") == before

    def test_the_world_has_changed_since_the_preview(self, hamada):
        seats, plan = planned(row_of("322024"))
        OfficeFactory(organization=hamada, name="政策課")
        before = dump("members", "core")
        with pytest.raises(DomainError, match="確認している間に、登録の内容が変わりました"):
            services.import_members(seats, joined=JOINED, digest=plan.digest, left_out=0, by=BY)
        assert dump("members", "core") == before
        assert not OutboxMail.objects.exists()
