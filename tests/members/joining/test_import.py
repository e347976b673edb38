"""The table of members: what it would change, what is refused, and that it is all or nothing."""

from datetime import date
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from core.dates import today
from core.errors import DomainError
from core.models import AuditEntry
from core.sheets.fields import Problem, fitted
from core.sheets.reading import read_table
from core.sheets.xlsx import xlsx_file
from members import services
from members.enums import Action, Role, UserKind, Verdict
from members.models import Membership, Office, Organization, Seat, User
from members.sheets import FIELDS, listed_seats, refused_sheet, template_sheet
from tests.dumping import dump
from tests.factories.members import (
    AssociationFactory,
    MembershipFactory,
    MunicipalityChangeFactory,
    OrganizationFactory,
    SeatFactory,
    UserFactory,
)
from tests.members.joining.importing import BY, JOINED, imported, planned, reasons, table_of, town
from tests.members.joining.tables import delimited, row_of, with_bad_rows, xlsx


@pytest.fixture
def hamada(db) -> Organization:
    """島根県浜田市, which has no office yet."""
    return town(municipality__name="浜田市")


@pytest.mark.once
class TestTheWholeCountry:
    """1,741 rows of which 40 cannot be taken, each for a reason of its own."""

    @pytest.fixture
    def rows(self, record) -> tuple[list[dict[str, Any]], dict[int, tuple[str, str]]]:
        return with_bad_rows()

    @pytest.mark.parametrize("source", ["xlsx", "csv in cp932", "pasted"])
    def test_every_bad_row_is_named(self, rows, source):
        listed, expected = rows
        assert (len(listed), len(expected)) == (1_741, 40)
        read = {
            "xlsx": lambda: read_table(ContentFile(xlsx(listed)), "名簿.xlsx"),
            "csv in cp932": lambda: read_table(
                ContentFile(delimited(listed).encode("cp932", errors="geta")), "名簿.csv"
            ),
            "pasted": lambda: read_table(delimited(listed, "\t")),
        }[source]()
        seats, problems = listed_seats(fitted(read, FIELDS))
        with CaptureQueriesContext(connection) as queries:
            plan = services.plan_import(seats, joined=JOINED)
        assert len(queries) <= 8
        found: dict[int, list[Problem]] = {}
        for problem in [*problems, *plan.problems]:
            found.setdefault(problem.number, []).append(problem)
        assert found.keys() == expected.keys()
        for number, (heading, word) in expected.items():
            assert any(p.heading == heading and word in p.reason for p in found[number]), number
        assert len(list(plan.seats)) == 1_701

    def test_the_others_are_imported_in_one_go(self, rows):
        listed, _ = rows
        plan = imported(*listed)
        assert len(plan.of(Verdict.NEW)) == 1_701
        wards = sum(item.organization.is_ward for item in plan.organizations)
        assert Membership.objects.count() == 1_701 - wards
        entry = AuditEntry.objects.get(action=Action.IMPORT_MEMBERS)
        assert entry.changes == {
            "新規": [None, "1,701行"],
            "変更": [None, "0行"],
            "変更なし": [None, "0行"],
            "取り込まず": [None, "40行"],
        }
        before = dump("members", "core")
        again = imported(*listed)
        assert len(again.of(Verdict.UNCHANGED)) == 1_701
        assert dump("members", "core") == before


def test_nothing_is_half_saved(hamada):
    """A fault at the last row takes back what the first have written."""
    taken = UserFactory()
    EmailAddress.objects.create(user=taken, email="import3@example.lg.jp", verified=True)
    rows = [row_of("322024", number, 住所="", 電話番号="") for number in (1, 2, 3)]
    seats, plan = planned(*rows)
    before = dump("members", "core")
    with pytest.raises(DomainError, match="すでに登録されています"):
        services.import_members(seats, joined=JOINED, digest=plan.digest, left_out=0, by=BY)
    assert dump("members", "core") == before


class TestNew:
    def test_membership_office_account_and_seat(self, hamada):
        plan = imported(
            row_of(
                "322024",
                団体="浜田市",
                都道府県="島根県",
                内線="内線３２１０",
                ファクス番号="0852-00-0002",
            )
        )
        assert [seat.verdict for _, seat in plan.seats] == [Verdict.NEW]
        membership = Membership.objects.get()
        assert (membership.organization, membership.joined) == (hamada, date(2026, 4, 1))
        office = Office.objects.get()
        assert (office.name, office.is_main, office.phone, office.extension, office.fax) == (
            "企画課",
            True,
            "0852-00-0001",
            "3210",
            "0852-00-0002",
        )
        assert office.confirmed_at is None  # the list may be older than what the office would say
        seat = Seat.objects.get()
        assert (seat.office, seat.role, seat.valid_from) == (office, Role.LEAD, today())
        assert (seat.user.email, seat.user.family_name) == ("import1@example.lg.jp", "見本")
        assert not seat.user.has_usable_password()

    def test_the_day_of_the_page_where_the_row_has_none(self, hamada):
        imported(row_of("322024", 登録日=None))
        assert Membership.objects.get().joined == JOINED

    def test_a_seat_begins_with_a_membership_that_is_to_come(self, hamada):
        imported(row_of("322024", 登録日="令和19年4月1日"))
        assert Seat.objects.get().valid_from == date(2037, 4, 1)

    def test_colleagues_need_not_repeat_the_office(self, hamada):
        plan = imported(
            row_of("322024"),
            row_of(
                "322024", 2, 部署="", 電話番号="", 郵便番号="", 住所="", 登録日="", 役割="副担当"
            ),
        )
        assert len(plan.of(Verdict.NEW)) == 2
        assert Office.objects.count() == Membership.objects.count() == 1

    def test_a_shared_account_has_no_name(self, hamada):
        imported(row_of("322024", 種類="共用", 姓="企画", 名="課"))
        user = User.objects.get()
        assert (user.kind, user.family_name, user.given_name) == (UserKind.OFFICE, "", "")

    def test_a_ward_gets_seats_and_no_membership(self, ward_lead):
        imported(row_of("131091", 部署="総務課"))
        assert not Membership.objects.exists()
        assert Seat.objects.filter(user__email="import1@example.lg.jp").exists()

    def test_an_association_by_its_name(self, db):
        association = AssociationFactory(name="島根県町村会")
        imported(row_of("", 団体="島根県町村会"))
        assert Membership.objects.get().organization == association

    def test_a_former_member_joins_again(self, hamada):
        MembershipFactory(organization=hamada, left=date(2025, 3, 31))
        imported(row_of("322024"))
        assert hamada.memberships.filter(left=None).get().joined == date(2026, 4, 1)

    def test_one_person_at_two_organizations(self, hamada):
        town("322032", municipality__name="出雲市")
        same = {"メールアドレス": "both@example.lg.jp", "名": "花子"}
        imported(row_of("322024", **same), row_of("322032", **same))
        assert User.objects.get().seats.count() == 2


class TestCodes:
    @pytest.mark.parametrize("typed", ["012025", 12025, "１２０２５", "012025 ", "０１２０２５"])
    def test_a_lost_zero_is_proven_by_the_check_digit(self, db, typed):
        hakodate = OrganizationFactory(
            municipality__code="012025",
            municipality__prefecture__code="01",
            municipality__name="函館市",
        )
        _, plan = planned(row_of(typed))
        assert [item.organization for item in plan.organizations] == [hakodate]

    def test_five_digits_without_a_check_digit_need_the_name(self, hamada):
        _, plan = planned(row_of("32202"))
        assert reasons(plan) == [
            (2, "団体コード", "5桁のため、団体を確かめられません。6桁で入力してください")
        ]
        _, plan = planned(row_of("32202", 団体="浜田市"))
        assert plan.problems == []

    def test_five_digits_that_may_be_two_towns(self, db):
        """0 before them and a check digit behind them both make a code of the register."""
        first = town("011002", municipality__prefecture__code="01", municipality__name="札幌市")
        second = town("110027", municipality__prefecture__code="11", municipality__name="見本市")
        _, plan = planned(row_of("11002"))
        assert f"{first}（011002）、{second}（110027）のどれか" in plan.problems[0].reason or (
            f"{second}（110027）、{first}（011002）のどれか" in plan.problems[0].reason
        )
        _, plan = planned(row_of("11002", 団体="札幌市"))
        assert [item.organization for item in plan.organizations] == [first]

    def test_a_retired_code_names_its_successor(self, db):
        change = MunicipalityChangeFactory(
            former__code="403059",
            former__prefecture__code="40",
            former__name="那珂川町",
            current__code="402311",
            current__prefecture__code="40",
            current__name="那珂川市",
        )
        OrganizationFactory(municipality=change.former)
        _, plan = planned(row_of("403059"))
        assert reasons(plan) == [
            (
                2,
                "団体コード",
                "第40県那珂川町は、2018年（平成30年）10月1日に第40県那珂川市（402311）になりました",
            )
        ]


class TestChanges:
    """What a second table changes, field by field."""

    @pytest.fixture
    def seat(self, hamada) -> Seat:
        imported(row_of("322024"))
        return Seat.objects.get()

    def test_unchanged_writes_nothing(self, seat):
        before = dump("members", "core")
        plan = imported(row_of("322024"))
        assert [planned.verdict for _, planned in plan.seats] == [Verdict.UNCHANGED]
        assert dump("members", "core") == before

    def test_field_by_field(self, seat):
        SeatFactory(office=seat.office, role=Role.LEAD)
        row = row_of("322024", 部署="政策企画課", 電話番号="0855-22-2612", 姓="浜田", 役割="副担当")
        _, plan = planned(row)
        ((_, changed),) = plan.seats
        assert changed.verdict == Verdict.CHANGED
        assert [(d.label, d.before, d.after) for d in changed.differences] == [
            ("部署", "企画課", "政策企画課"),
            ("電話番号", "0852-00-0001", "0855-22-2612"),
            ("姓", "見本", "浜田"),
            ("役割", "主担当", "副担当"),
        ]
        version = seat.office.version
        imported(row)
        seat = Seat.objects.with_office().with_user().get(pk=seat.pk)
        assert (seat.office.name, seat.office.phone) == ("政策企画課", "0855-22-2612")
        assert seat.office.version == version + 1
        assert (seat.user.family_name, seat.role) == ("浜田", Role.DEPUTY)
        actions = AuditEntry.objects.order_by("pk").values_list("action", flat=True)
        assert list(actions)[-4:] == [
            Action.CHANGE_OFFICE,
            Action.CHANGE_PERSON,
            Action.CHANGE_SEAT,
            Action.IMPORT_MEMBERS,
        ]

    def test_no_personal_value_stands_in_the_log(self, seat):
        imported(row_of("322024", 電話番号="0855-22-2612", 姓="浜田"))
        for entry in AuditEntry.objects.all():
            kept = f"{entry.changes}{entry.object_label}"
            assert not any(value in kept for value in ("浜田 ", "0855", "import1@", "見本 "))

    def test_empty_cells_change_nothing(self, seat):
        empty = dict.fromkeys(("電話番号", "住所", "郵便番号", "部署", "登録日"), "")
        assert not imported(row_of("322024", **empty)).changes_something

    def test_a_colleague_joins_an_office_that_is_there(self, seat):
        plan = imported(row_of("322024", 2, 部署="", 電話番号="", 住所="", 役割="閲覧"))
        assert [planned.made for _, planned in plan.seats] == [["利用者を登録する", "閲覧にする"]]
        assert seat.office.seats.count() == 2


class TestSheets:
    def test_the_template_imports_nothing(self, db):
        with xlsx_file(template_sheet()) as file:
            table = fitted(read_table(file, "ひな形.xlsx"), FIELDS)
        assert len(table.rows) == 1
        assert listed_seats(table) == ([], [])

    def test_refused_rows_can_be_corrected_and_loaded_again(self, hamada):
        rows = [row_of("322024"), row_of("322024", 2, 電話番号="852001234", 部署="㈱見本")]
        table = table_of(rows)
        _, problems = listed_seats(table)
        with xlsx_file(refused_sheet(table, problems)) as file:
            again = fitted(read_table(file, "取り込めない行.xlsx"), FIELDS)
        (row,) = again.rows
        assert row["元の行"].text == "3"
        assert row["取り込めない理由"].text.startswith("電話番号：先頭の0が失われています")
        assert {name: cell.text for name, cell in row.cells.items() if name in rows[1]} == {
            name: value for name, value in rows[1].items() if value
        }

    def test_the_template_in_excel_keeps_zeros(self):
        with xlsx_file(template_sheet()) as file:
            book = load_workbook(file)
        assert book.sheetnames == ["会員の取り込み ひな形", "記入のしかた"]
        tab = book.worksheets[0]
        assert {tab.column_dimensions[letter].number_format for letter in "ABCDEFG"} == {"@"}
