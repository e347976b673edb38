"""Accounts and seats in the admin: opened, given and ended through the services."""

from datetime import date, timedelta

import pytest
from allauth.account.models import EmailAddress

from core import dates
from core.models import AuditEntry
from members.enums import Action, Role
from members.models import Seat, User
from members.record.basics import load_group
from tests.factories.members import SeatFactory, UserFactory
from tests.secretariat import (
    break_glass_client,
    client_for,
    csv_of,
    exported,
    secretary,
    secretary_client,
    sentences,
    typed,
    url,
)

pytestmark = pytest.mark.django_db


def person(seated_at, **changes):
    return {
        "email": "Ichiro@Sakai.example.lg.jp",
        "kind": "personal",
        "family_name": "福井",
        "given_name": "一郎",
        "office": seated_at.pk,
        "role": "deputy",
        "valid_from": "令和8年4月1日",
    } | changes


def test_an_account_is_opened_with_its_seat_and_without_a_password(office):
    client = secretary_client("会員登録")
    address = url("members.user", "add")
    response = client.post(address, person(office), follow=True)
    user = User.objects.get(email="ichiro@sakai.example.lg.jp")
    assert response.redirect_chain == [(url("members.user", "change", user.pk), 302)]
    assert not user.has_usable_password()
    assert EmailAddress.objects.get(user=user).verified
    seat = user.seats.get()
    assert (seat.office, seat.role, seat.valid_from) == (office, Role.DEPUTY, date(2026, 4, 1))
    actions = AuditEntry.objects.order_by("pk").values_list("action", flat=True)
    assert list(actions) == [Action.OPEN_ACCOUNT, Action.GIVE_SEAT]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"email": "福井"}, "メールアドレスは「name@example.lg.jp」の形式で入力してください"),
        ({"family_name": ""}, "姓を入力してください"),
        ({"office": ""}, "担当部署を選んでください"),
        ({"valid_from": "平成99年4月1日"}, "平成は31年4月30日までです"),
        ({"valid_from": "2026-13-01"}, "月は、1から12までの数字で入力してください"),
        ({"role": "staff"}, "事務局の担当は、特別区長会と特別区協議会だけに置けます"),
    ],
)
def test_bad_input_opens_nothing(changes, sentence, office):
    client = secretary_client("会員登録")
    response = client.post(url("members.user", "add"), person(office, **changes))
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not User.objects.filter(email="ichiro@sakai.example.lg.jp").exists()
    assert not AuditEntry.objects.exists()


def test_an_address_is_opened_once(office):
    taken = UserFactory()
    client = secretary_client("会員登録")
    response = client.post(url("members.user", "add"), person(office, email=taken.email))
    assert "すでに登録されています" in response.content.decode()


def test_an_office_account_needs_no_name(office):
    data = person(office, kind="office", family_name="", given_name="")
    assert secretary_client("会員登録").post(url("members.user", "add"), data).status_code == 302


def test_a_seat_is_given_at_the_office_that_the_link_names(office):
    user = UserFactory()
    client = secretary_client("会員登録")
    address = url("members.seat", "add")
    form = client.get(address, {"office": office.pk})
    data = typed(form, user=user.pk, role="reader", valid_from="2026-04-01")
    client.post(address, data)
    seat = Seat.objects.get(user=user)
    assert (seat.office, seat.role, seat.valid_until) == (office, Role.READER, None)


def test_a_seat_ends_on_its_last_day(lead):
    client = secretary_client("会員登録")
    last = dates.today() + timedelta(days=9)
    client.post(url("members.seat", "end", lead.pk), {"last_day": last.isoformat()})
    lead.refresh_from_db()
    assert lead.valid_until == last
    entry = AuditEntry.objects.get()
    assert entry.action == Action.END_SEAT
    assert entry.changes == {"valid_until": [None, last.isoformat()]}


@pytest.mark.parametrize(
    ("fields", "last_day"),
    [({}, date(2019, 4, 1)), ({"valid_until": date(2020, 5, 1)}, date(2026, 4, 1))],
)
def test_a_seat_does_not_end_before_it_begins_or_twice(fields, last_day):
    seat = SeatFactory(**fields)
    client = secretary_client("会員登録")
    response = client.post(url("members.seat", "end", seat.pk), {"last_day": str(last_day)})
    assert response.status_code == 422
    assert Seat.objects.get(pk=seat.pk).valid_until == fields.get("valid_until")
    assert not AuditEntry.objects.exists()


def test_an_ended_seat_offers_no_action(db):
    seat = SeatFactory(role=Role.DEPUTY, valid_until=date(2020, 5, 1))
    client = secretary_client("会員登録")
    page = client.get(url("members.seat", "change", seat.pk))
    assert page.context["action_links"] == []
    response = client.get(url("members.seat", "end", seat.pk), follow=True)
    assert sentences(response) == ["今の状態では「担当を終える」を行えません"]


def test_a_deputy_becomes_the_lead_on_a_call(lead, deputy):
    client = secretary_client("会員登録")
    client.post(url("members.seat", "lead", deputy.pk), {"channel": "phone", "caller": "福井さん"})
    roles = dict(Seat.objects.filter(office=lead.office).values_list("pk", "role"))
    assert roles == {lead.pk: Role.DEPUTY, deputy.pk: Role.LEAD}
    assert AuditEntry.objects.get().channel == "phone"


def test_passwords_are_nowhere(lead):
    client = break_glass_client()
    page = client.get(url("members.user", "change", lead.user.pk)).content.decode()
    assert lead.user.password not in page
    assert 'name="password' not in page
    assert lead.user.password not in str(csv_of(exported(client, url("members.user", "export"))))


def test_a_name_is_corrected_in_the_side_row(lead):
    client = secretary_client("会員登録")
    address = url("members.user", "change", lead.user.pk)
    client.post(address, typed(client.get(address), family_name="坂井"))
    lead.user.refresh_from_db()
    assert lead.user.family_name == "坂井"
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.changes) == (Action.EDIT, {})
    assert entry.personal.values["family_name"] == ["見本", "坂井"]
    assert "坂井" not in entry.object_label


class TestGroups:
    """Rights in the admin: given by somebody else, who has them."""

    def given(self, by: User | None, to: User, *groups: str):
        """What the page answers when ``by``, or the break-glass account, gives ``groups``."""
        client = client_for(by) if by else break_glass_client()
        address = url("members.user", "change", to.pk)
        keys = [str(load_group(name).pk) for name in groups]
        return client.post(address, typed(client.get(address)) | {"groups": keys})

    def test_nobody_gives_any_to_themselves(self):
        user = secretary("会員登録").user
        for asked in ({"groups": [str(load_group("プロジェクト").pk)]}, {"is_superuser": "on"}):
            client, address = client_for(user), url("members.user", "change", user.pk)
            client.post(address, typed(client.get(address)) | asked)
        user.refresh_from_db()
        assert ([group.name for group in user.groups.all()], user.is_superuser) == (
            ["会員登録"],
            False,
        )
        assert not AuditEntry.objects.exists()

    def test_nobody_gives_what_they_lack(self):
        """By another account that they can open, they would have it themselves."""
        colleague = secretary("閲覧").user
        answer = self.given(secretary("会員登録").user, colleague, "閲覧", "プロジェクト")
        (refusal,) = answer.context["adminform"].form.errors["groups"]
        assert refusal.startswith("プロジェクトの権限をご自身が持っていないため、加えられません")
        assert [group.name for group in colleague.groups.all()] == ["閲覧"]
        assert not AuditEntry.objects.exists()

    @pytest.mark.parametrize("giver", [("会員登録", "プロジェクト"), None])
    def test_who_has_them_gives_them(self, giver):
        by, colleague = giver and secretary(*giver).user, secretary("閲覧").user
        assert self.given(by, colleague, "プロジェクト").status_code == 302
        assert [group.name for group in colleague.groups.all()] == ["プロジェクト"]
        assert AuditEntry.objects.get().changes == {"groups": [["閲覧"], ["プロジェクト"]]}

    def test_what_was_held_before_stays_and_may_be_taken(self):
        by, colleague = secretary("会員登録").user, secretary("プロジェクト").user
        assert self.given(by, colleague, "プロジェクト", "会員登録").status_code == 302
        assert colleague.groups.count() == 2
        assert self.given(by, colleague, "会員登録").status_code == 302
        assert [group.name for group in colleague.groups.all()] == ["会員登録"]


def test_the_break_glass_account_is_out_of_reach(db):
    account = User.objects.create_superuser("break-glass@example.jp")
    client = secretary_client("会員登録")
    address = url("members.user", "change", account.pk)
    assert client.get(address).status_code == 200
    assert client.post(address, {"family_name": "だれか"}).status_code == 403
