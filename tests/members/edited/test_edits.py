"""What may be edited in each of the four tables, by which rule, and what is refused."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from core.dates import today
from core.models import AuditEntry, AuditPersonal, OutboxMail
from members.enums import Action, Role
from members.models import Membership, Office, OfficeRename, Organization, Seat
from members.services.register.memberships import AFTER_THE_LAST
from members.services.register.organizations import FROM_REGISTER, NAME_TAKEN
from tests.dumping import dump
from tests.factories.members import (
    BodyFactory,
    MembershipFactory,
    OfficeFactory,
    SeatFactory,
    ThemeFactory,
)
from tests.members.edited.tables import REASON, changes, pressed, reasons, round_trip
from tests.secretariat import secretary, secretary_client, sentences

TODAY = today()
TOMORROW, YESTERDAY = TODAY + timedelta(days=1), TODAY - timedelta(days=1)


@pytest.fixture
def client(db) -> Client:
    return secretary_client("会員登録")


def typed(row: Any, **cells: Any):
    """Edits the line of ``row`` and leaves the others out."""

    def edit(line: dict[str, Any]) -> bool:
        line |= cells
        return int(line["番号"]) == row.pk

    return edit


def written() -> list[tuple[str, str]]:
    """The audit rows of the import: what was done, and the reason that they keep."""
    rows = AuditEntry.objects.filter(action__startswith="members.").order_by("pk")
    return [(row.action, row.reason) for row in rows]


class TestOffices:
    def test_contact_details_are_corrected_and_not_confirmed(self, client, office):
        page = round_trip(
            client,
            Office,
            typed(
                office,
                電話番号="０７７６（５０）１２３４",
                内線="内線１２",
                ファクス番号="",
                住所="",
            ),
        )
        assert changes(page) == [
            (
                office.signature,
                [
                    ("住所", "見本町1-1", ""),
                    ("電話番号", "0776-50-3010", "0776-50-1234"),
                    ("内線", "", "12"),
                ],
            )
        ]
        done = pressed(client, page)
        assert sentences(done) == ["取り込みました（変更1行、変更なし0行）"]
        office.refresh_from_db()
        assert (office.phone, office.extension, office.address) == ("0776-50-1234", "12", "")
        assert office.confirmed_at is None
        assert office.version == 2
        assert written() == [(Action.CHANGE_OFFICE, REASON), (Action.IMPORT_EDITED, REASON)]
        change = AuditEntry.objects.get(action=Action.CHANGE_OFFICE)
        assert change.changes == {"address": ["見本町1-1", ""]}
        assert AuditPersonal.objects.get(entry=change).values["phone"] == [
            "0776-50-3010",
            "0776-50-1234",
        ]

    def test_a_new_name_counts_from_today(self, client, office):
        pressed(client, round_trip(client, Office, typed(office, 部署名="連携推進課")))
        office.refresh_from_db()
        assert office.name == "連携推進課"
        rename = OfficeRename.objects.get()
        assert (rename.name, rename.valid_from) == ("連携推進課", TODAY)

    @pytest.mark.parametrize(
        ("cells", "heading", "word"),
        [
            ({"部署名": ""}, "部署名", "部署名を入力してください"),
            ({"部署名": "企" * 81}, "部署名", "80文字以内"),
            ({"電話番号": "776503010"}, "電話番号", "先頭の0"),
            ({"郵便番号": 9190592}, None, ""),
            ({"郵便番号": "91905"}, "郵便番号", "7桁の数字"),
            ({"内線": date(2026, 3, 4)}, "内線", "Excelが日付"),
            ({"共用メールアドレス": "なし"}, "共用メールアドレス", "形式で入力"),
            (
                {"共用メールアドレス": f"a@{'b.' * 130}jp"},
                "共用メールアドレス",
                "254文字以内",
            ),
            ({"電話番号": "=A1"}, "電話番号", "計算式"),
            ({"団体コード": 182109}, None, ""),
            ({"団体コード": "131091"}, "団体コード", "台帳から登録されている"),
            ({"団体": "別の市"}, "団体", "台帳から登録されている"),
            ({"最終確認": "2026-04-01"}, "最終確認", "電話などで確認・訂正を記録"),
            ({"代表の部署": "いいえ"}, "代表の部署", "「担当部署」の画面"),
        ],
        ids=lambda value: str(value)[:24],
    )
    def test_a_cell_is_understood_or_refused(self, client, office, cells, heading, word):
        before = dump("members")
        page = round_trip(client, Office, typed(office, **cells))
        if heading is None:
            assert page.context["found"].unchanged == 1
        else:
            ((number, column, reason),) = reasons(page)
            assert (number, column) == (2, heading)
            assert word in reason
        pressed(client, page)
        assert dump("members") == before

    def test_a_name_that_is_planned_already(self, client, office):
        OfficeRename.objects.create(office=office, name="先の課", valid_from=TOMORROW)
        page = round_trip(client, Office, typed(office, 部署名="別の課"))
        assert reasons(page) == [
            (
                2,
                "部署名",
                "この部署の名称変更は、すでに予定されています。先に、その予定を取り消してください",
            )
        ]


class TestOrganizations:
    def test_profile_and_note(self, client, office):
        for name in ("観光", "産業", "防災"):
            ThemeFactory(name=name)
        sakai = office.organization
        page = round_trip(
            client,
            Organization,
            typed(
                sakai,
                紹介="一行目\n二行目",
                ホームページ="https://www.city.fukui-sakai.lg.jp/",
                求めること="販路",
                関心のある分野="観光, 防災",
                メモ="窓口は午前だけ",
            ),
        )
        pressed(client, page)
        sakai.refresh_from_db()
        assert (sakai.introduction, sakai.seeks, sakai.note) == (
            "一行目\n二行目",
            "販路",
            "窓口は午前だけ",
        )
        assert {theme.name for theme in sakai.themes.all()} == {"観光", "防災"}
        assert sakai.profile_version == 2
        assert sakai.profile_updated_at is not None
        assert written() == [(Action.EDIT, REASON), (Action.IMPORT_EDITED, REASON)]

    def test_a_body_is_renamed_and_its_offices_are_found_by_the_new_name(self, client):
        body = BodyFactory(name="見本市長会")
        office = OfficeFactory(organization=body)
        page = round_trip(client, Organization, typed(body, 名称="見本県市長会", カナ="みほん"))
        pressed(client, page)
        office.refresh_from_db()
        assert "見本県市長会" in office.search_text
        body.refresh_from_db()
        assert body.kana == "ミホン"

    @pytest.mark.parametrize(
        ("cells", "heading", "reason"),
        [
            ({"名称": "堺市"}, "名称", FROM_REGISTER),
            ({"カナ": "サカイ"}, "カナ", FROM_REGISTER),
            ({"種類": "都道府県"}, "種類", "団体の種類は、表からは変えられません"),
            (
                {"関心のある分野": "ない分野"},
                "関心のある分野",
                "「ない分野」という分野はありません",
            ),
            ({"会員登録日": "2026-04-01"}, "会員登録日", "「会員登録」の画面"),
            ({"ホームページ": f"https://example.jp/{'a' * 200}"}, "ホームページ", "200文字以内"),
        ],
    )
    def test_what_the_register_and_others_own(self, client, office, cells, heading, reason):
        page = round_trip(client, Organization, typed(office.organization, **cells))
        ((_number, column, said),) = reasons(page)
        assert column == heading
        assert reason in said

    @pytest.mark.parametrize(
        "address", ["http://localhost/", "javascript:alert(1)", "https://intra.lgwan.jp/"]
    )
    def test_an_address_that_not_everybody_can_open(self, client, office, address):
        page = round_trip(
            client, Organization, typed(office.organization, ホームページ=address), "utf-8"
        )
        assert {heading for _number, heading, _reason in reasons(page)} == {"ホームページ"}

    def test_one_name_for_two_bodies(self, client):
        BodyFactory(name="ある団体")
        first, second = BodyFactory(name="甲"), BodyFactory(name="乙")

        def edit(line: dict[str, Any]) -> None:
            line["名称"] = {first.pk: "丙", second.pk: "丙"}.get(int(line["番号"]), line["名称"])

        page = round_trip(client, Organization, edit)
        assert [(heading, reason) for _n, heading, reason in reasons(page)] == [
            ("名称", NAME_TAKEN)
        ]
        taken = round_trip(client, Organization, typed(first, 名称="ある団体"))
        assert [reason for *_rest, reason in reasons(taken)] == [NAME_TAKEN]


class TestMemberships:
    def test_a_last_day_ends_the_seats_too(self, client, lead):
        membership = MembershipFactory(organization=lead.organization)
        page = round_trip(client, Membership, typed(membership, 退会日="令和9年3月31日"))
        assert "担当もすべてその日までになり" in page.text
        pressed(client, page)
        membership.refresh_from_db()
        lead.refresh_from_db()
        assert membership.left == lead.valid_until == date(2027, 3, 31)
        closed = AuditEntry.objects.get(action=Action.CLOSE_MEMBERSHIP)
        assert closed.reason == REASON

    def test_a_first_day_is_corrected(self, client):
        membership = MembershipFactory(joined=date(2020, 4, 1))
        pressed(client, round_trip(client, Membership, typed(membership, 登録日=date(2019, 4, 1))))
        membership.refresh_from_db()
        assert membership.joined == date(2019, 4, 1)
        assert written() == [(Action.EDIT, REASON), (Action.IMPORT_EDITED, REASON)]

    @pytest.mark.parametrize(
        ("cells", "heading", "reason"),
        [
            ({"登録日": ""}, "登録日", "登録日を入力してください"),
            ({"登録日": "2018-06-01"}, "登録日", AFTER_THE_LAST),
            ({"退会日": "2020-03-31"}, "退会日", "退会日は、登録日以降の日付にしてください"),
            ({"見本": "はい"}, "見本", "見本かどうかは、表からは変えられません"),
        ],
    )
    def test_days_that_cannot_be(self, client, cells, heading, reason):
        membership = MembershipFactory(joined=date(2020, 4, 1))
        MembershipFactory(
            organization=membership.organization,
            joined=date(2017, 4, 1),
            left=date(2019, 3, 31),
        )
        page = round_trip(client, Membership, typed(membership, **cells))
        assert [found[1:] for found in reasons(page)] == [(heading, reason)]

    def test_who_has_left_comes_back_on_a_page_of_its_own(self, client):
        membership = MembershipFactory(left=date(2026, 3, 31))
        page = round_trip(client, Membership, typed(membership, 退会日=""))
        assert "もう一度会員にするときは" in reasons(page)[0][2]


class TestSeats:
    def test_role_and_days(self, client, lead):
        end = TODAY + timedelta(days=100)
        page = round_trip(client, Seat, typed(lead, 役割="副担当", いつまで=end))
        assert "メールでお知らせします" in page.text
        pressed(client, page)
        lead.refresh_from_db()
        assert (lead.role, lead.valid_until) == (Role.DEPUTY, end)
        assert OutboxMail.objects.get().to == lead.user.email
        assert [action for action, _reason in written()] == [
            Action.CHANGE_SEAT,
            Action.IMPORT_EDITED,
        ]

    def test_a_last_day_in_the_past_ends_it(self, client, lead):
        pressed(client, round_trip(client, Seat, typed(lead, いつまで=YESTERDAY)))
        lead.refresh_from_db()
        assert lead.valid_until == YESTERDAY
        assert AuditEntry.objects.filter(action=Action.END_SEAT).exists()

    def test_an_open_end_again(self, client, office):
        seat = SeatFactory(office=office, valid_until=TOMORROW)
        pressed(client, round_trip(client, Seat, typed(seat, いつまで=""), "cp932"))
        seat.refresh_from_db()
        assert seat.valid_until is None

    @pytest.mark.parametrize(
        ("cells", "heading", "reason"),
        [
            ({"役割": "事務局"}, "役割", "「主担当」「副担当」「閲覧」のどれかを入力してください"),
            ({"いつから": TODAY}, "いつから", "すでに始まっている担当の"),
            ({"いつまで": date(2019, 1, 1)}, "いつまで", "始まりの日以降の日付"),
            ({"役割": "閲覧", "いつまで": YESTERDAY}, "いつまで", "今日以降の日付"),
            ({"氏名": "別人"}, "氏名", "「利用者」の画面"),
            ({"メールアドレス": "x@example.lg.jp"}, "メールアドレス", "「利用者」の画面"),
        ],
    )
    def test_what_the_services_would_refuse(self, client, lead, cells, heading, reason):
        page = round_trip(client, Seat, typed(lead, **cells))
        ((_number, column, said),) = reasons(page)
        assert column == heading
        assert reason in said

    def test_days_of_another_seat_and_of_the_membership(self, client, office):
        seat = SeatFactory(office=office, valid_until=TOMORROW)
        later = TODAY + timedelta(days=30)
        SeatFactory(office=office, user=seat.user, valid_from=later)
        page = round_trip(client, Seat, typed(seat, いつまで=later))
        assert reasons(page)[0][2] == "この利用者は、この部署の担当をすでに持っています"
        MembershipFactory(organization=office.organization, left=TOMORROW)
        page = round_trip(client, Seat, typed(seat, いつまで=later - timedelta(days=1)))
        assert reasons(page)[0][2] == "終わりの日は、団体の退会日までの日付にしてください"

    def test_the_secretariat_and_who_has_ended_stay(self, client, office):
        ended = SeatFactory(office=office, valid_until=YESTERDAY)
        staff = secretary("会員登録")
        page = round_trip(client, Seat, typed(ended, いつまで=""))
        assert reasons(page)[0][2] == "この担当は、すでに終わっています"
        page = round_trip(client, Seat, typed(staff, いつまで=TOMORROW))
        assert reasons(page)[0][2].startswith("事務局の担当は、表からは変えられません")
