"""The pages of this room, as members use them and as they are misused."""

import pytest
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from core.audit import Told
from core.enums import Channel
from core.models import AuditEntry
from members import services
from members.enums import Action, Role, UserKind
from tests.factories.members import SeatFactory, UserFactory
from tests.members.pages import TYPED, hidden, sent, unchanged, url

pytestmark = [pytest.mark.django_db, pytest.mark.once]


class TestOfficeDetail:
    def test_shows_the_contact_details_and_when_they_were_confirmed(
        self, client_of, office, staff, lead, time_machine
    ):
        time_machine.move_to("2027-04-12 10:00+09:00", tick=False)
        services.confirm_office(office, by=staff, told=Told(Channel.PHONE, "見本さん"))
        response = client_of(lead).get(url("office_detail", office))
        assertContains(response, "919-0592")
        assertContains(response, 'href="tel:0776-50-3010"')
        assertContains(response, "2027年（令和9年）4月12日 確認</time>")
        assertContains(response, '福井県坂井市　企画政策課　<span class="nobr">電話で確認')
        assertNotContains(response, "1年以上確認されていません")

    def test_marks_what_nobody_confirmed_for_a_year(
        self, client_of, office, lead, other_lead, time_machine
    ):
        time_machine.move_to("2027-04-12 10:00+09:00", tick=False)
        services.confirm_office(office, by=lead)
        time_machine.move_to("2028-04-12 10:00+09:00", tick=False)
        page = url("office_detail", office)
        assertNotContains(client_of(other_lead).get(page), "1年以上確認されていません")
        time_machine.move_to("2028-04-13 10:00+09:00", tick=False)
        assertContains(client_of(other_lead).get(page), "1年以上確認されていません")

    def test_says_that_nobody_confirmed_yet(self, client_of, office, other_lead):
        response = client_of(other_lead).get(url("office_detail", office))
        assertContains(response, "まだ確認されていません")

    @pytest.mark.parametrize(
        ("who", "shown"),
        [
            ("lead", {"lead", "deputy", "reader"}),
            ("reader", {"lead", "deputy", "reader"}),
            ("staff", {"lead", "deputy", "reader"}),
            ("other_lead", {"lead"}),
            ("ward_lead", {"lead"}),
        ],
    )
    def test_names_the_people_one_may_know(
        self, request, client_of, office, lead, deputy, reader, who, shown
    ):
        response = client_of(request.getfixturevalue(who)).get(url("office_detail", office))
        people = {seat.role for seat in response.context["roster"]}
        assert people == shown

    def test_tells_no_login_address(self, client_of, office, lead, deputy, other_lead):
        response = client_of(other_lead).get(url("office_detail", office))
        assertNotContains(response, lead.user.email)

    @pytest.mark.parametrize(
        ("who", "offered"),
        [
            ("lead", True),
            ("deputy", True),
            ("reader", False),
            ("other_lead", False),
            ("ward_lead", False),
            ("staff", False),
        ],
    )
    def test_offers_the_buttons_to_those_who_may(self, request, client_of, office, who, offered):
        response = client_of(request.getfixturevalue(who)).get(url("office_detail", office))
        assert ("変更ありません" in response.content.decode()) is offered
        assert (url("office_update", office) in response.content.decode()) is offered

    def test_an_office_account_is_shown_as_such(self, client_of, office, other_lead):
        shared = UserFactory(kind=UserKind.OFFICE, family_name="課", given_name="長")
        SeatFactory(office=office, user=shared)
        response = client_of(other_lead).get(url("office_detail", office))
        assertContains(response, "共用アカウント")
        assertNotContains(response, "課 長")

    def test_an_unknown_office(self, client_of, lead):
        client = client_of(lead)
        for pk in (0, 999_999, 10**30):
            assert client.get(f"/offices/{pk}/").status_code == 404
            assert client.get(f"/offices/{pk}/update/").status_code == 404
            assert client.post(f"/offices/{pk}/confirm/").status_code == 404

    def test_the_public_logs_in_whether_the_office_exists_or_not(self, client, office):
        for page in (url("office_detail", office), "/offices/999999/"):
            assertRedirects(client.get(page), f"/accounts/login/?next={page}")

    @pytest.mark.parametrize("people", [1, 3])
    def test_queries(
        self,
        client_of,
        office,
        lead,
        people,
        raise_on_fetch,
        django_assert_num_queries,
    ):
        for _ in range(people - 1):
            SeatFactory(office=office, role=Role.DEPUTY)
        client = client_of(lead)
        client.get(url("office_detail", office))  # fills what is kept for a minute
        # session, user, seats, unread notices, office, what a campaign asks, planned name, roster
        with django_assert_num_queries(8):
            client.get(url("office_detail", office))


class TestOfficeConfirm:
    def test_one_button(self, client_of, office, deputy):
        client = client_of(deputy)
        page = client.get(url("office_detail", office))
        form = {name: hidden(page, name)[0] for name in ("seat", "version", "token")}
        response = client.post(url("office_confirm", office), form, follow=True)
        assertRedirects(response, url("office_detail", office))
        assertContains(response, "登録情報に変更がないことを記録しました")
        assertContains(response, "autofocus", count=1)
        office.refresh_from_db()
        assert not office.is_stale
        assert office.confirmed_by == "福井県坂井市　企画政策課"

    def test_a_second_sending_shows_the_first_result(self, client_of, office, lead):
        client, form = client_of(lead), sent(lead)
        first = client.post(url("office_confirm", office), form)
        second = client.post(url("office_confirm", office), form)
        assert (first.status_code, first.url) == (second.status_code, second.url)
        assert AuditEntry.objects.count() == 1

    def test_what_changed_meanwhile_is_shown_before_it_is_confirmed(
        self, client_of, office, lead, deputy
    ):
        form = sent(deputy)
        services.update_office(office, {"phone": "0776-50-1111"}, version=1, by=lead)
        client = client_of(deputy)
        response = client.post(url("office_confirm", office), form)
        assert response.status_code == 409
        assertContains(response, "ほかの担当者が先に更新しました", status_code=409)
        assertContains(response, "0776-50-1111", status_code=409)
        assert not AuditEntry.objects.filter(action=Action.CONFIRM_OFFICE).exists()
        again = {name: hidden(response, name)[0] for name in ("seat", "version", "token")}
        assert client.post(url("office_confirm", office), again).status_code == 302

    def test_by_its_address_the_button_is_shown_and_nothing_recorded(self, client_of, office, lead):
        response = client_of(lead).get(url("office_confirm", office))
        assert response.status_code == 405
        assert response["Allow"] == "POST"
        assertContains(response, "確認はまだ記録していません", status_code=405)
        assertContains(response, "変更ありません", status_code=405)
        assert unchanged(office)

    @pytest.mark.parametrize("who", ["reader", "other_lead", "ward_lead", "staff"])
    def test_is_refused_to(self, request, client_of, office, who):
        seat = request.getfixturevalue(who)
        for form in (sent(seat), {}):
            response = client_of(seat).post(url("office_confirm", office), form)
            assert response.status_code == 403
        assert unchanged(office)

    @pytest.mark.parametrize("version", ["", "x", "0", "-1", "9" * 40, "\x00"])
    def test_a_forged_version_confirms_nothing(self, client_of, office, lead, version):
        form = sent(lead, version=version)
        assert client_of(lead).post(url("office_confirm", office), form).status_code == 409
        assert unchanged(office)


class TestOfficeUpdate:
    def test_enter_check_done(self, client_of, office, lead, deputy):
        client = client_of(lead)
        address = url("office_update", office)
        page = client.get(address)
        assertContains(page, 'value="0776-50-3010"')
        assertContains(page, 'value="919-0592"')
        own = {name: hidden(page, name)[0] for name in ("seat", "version", "token")}

        check = client.post(address, TYPED | own | {"step": "check", "lead": deputy.pk})
        assertContains(check, "内容を確認して登録してください")
        assertContains(check, "変更する項目：住所、電話番号、共用メールアドレス、主担当")
        assert unchanged(office)

        names = ("seat", "version", "token", *TYPED, "lead")
        carried = {name: hidden(check, name)[0] for name in names}
        done = client.post(address, carried | {"step": "done"}, follow=True)
        assertRedirects(done, url("office_detail", office))
        assertContains(done, "登録情報を変更しました")
        assertContains(done, "autofocus", count=1)
        assertContains(done, "0776-50-9999")
        deputy.refresh_from_db()
        assert deputy.role == Role.LEAD

    def test_edit_brings_back_what_was_typed(self, client_of, office, lead):
        form = sent(lead, "edit", phone="０７７６ー５０ー９９９９", address="福井県坂井市")
        response = client_of(lead).post(url("office_update", office), form)
        assertContains(response, 'value="０７７６ー５０ー９９９９"')
        assertContains(response, "内容を入力")
        assert hidden(response, "token") == [form["token"]]
        assert unchanged(office)

    @pytest.mark.parametrize("step", ["check", "edit", "done"])
    def test_errors_keep_what_was_typed(self, client_of, office, lead, step):
        form = sent(lead, step, name="", phone="12-34", address="福井県坂井市丸岡町")
        response = client_of(lead).post(url("office_update", office), form)
        assert response.status_code == 422
        assertContains(response, "<title>エラー：登録情報を修正する", status_code=422)
        assertContains(response, "入力内容に2件の誤りがあります", status_code=422)
        assertContains(response, '<a href="#id_name">部署名を入力してください', status_code=422)
        assertContains(response, 'value="12-34"', status_code=422)
        assertContains(response, 'value="福井県坂井市丸岡町"', status_code=422)
        assert unchanged(office)

    def test_nothing_different_is_said_and_recorded_as_a_confirmation(
        self, client_of, office, lead
    ):
        client, address = client_of(lead), url("office_update", office)
        form = sent(lead) | services.contact_values(office)
        assertContains(client.post(address, form), "変更した項目はありません")
        done = client.post(address, form | {"step": "done"}, follow=True)
        assertContains(done, "登録情報に変更がないことを記録しました")
        assert AuditEntry.objects.get().action == Action.CONFIRM_OFFICE

    def test_a_second_sending_shows_the_first_result(self, client_of, office, lead):
        client, form = client_of(lead), sent(lead, "done")
        first = client.post(url("office_update", office), form)
        second = client.post(url("office_update", office), form | {"phone": "0776-50-0000"})
        assert (first.status_code, first.url) == (second.status_code, second.url)
        office.refresh_from_db()
        assert (office.phone, office.version) == ("0776-50-9999", 2)

    @pytest.mark.parametrize("step", ["check", "done"])
    def test_what_changed_meanwhile_is_shown_beside_what_was_typed(
        self, client_of, office, lead, deputy, step
    ):
        form = sent(lead, step, lead=str(lead.pk))
        services.update_office(office, {"fax": "0776-68-0324"}, version=1, by=deputy)
        client, address = client_of(lead), url("office_update", office)
        response = client.post(address, form)
        assert response.status_code == 409
        assertContains(response, "ほかの担当者が先に更新しました", status_code=409)
        assertContains(response, "いま登録されている内容", status_code=409)
        assertContains(response, "0776-68-0324", status_code=409)
        assertContains(response, 'value="0776-50-9999"', status_code=409)
        office.refresh_from_db()
        assert office.phone == "0776-50-3010"
        assert hidden(response, "version") == ["2"]
        again = client.post(address, form | {"step": "done", "version": "2"})
        assert again.status_code == 302

    @pytest.mark.parametrize("who", ["reader", "other_lead", "ward_lead", "staff"])
    def test_is_refused_to(self, request, client_of, office, who):
        seat = request.getfixturevalue(who)
        client, address = client_of(seat), url("office_update", office)
        assert client.get(address).status_code == 403
        for step in ("check", "edit", "done"):
            assert client.post(address, sent(seat, step)).status_code == 403
        assert unchanged(office)

    def test_a_deputy_who_sends_a_lead_changes_none(self, client_of, office, lead, deputy):
        form = sent(deputy, "done", lead=str(deputy.pk))
        assert client_of(deputy).post(url("office_update", office), form).status_code == 302
        deputy.refresh_from_db()
        assert deputy.role == Role.DEPUTY

    def test_login_address_and_seats_are_no_fields(self, client_of, office, lead):
        response = client_of(lead).get(url("office_update", office))
        assertNotContains(response, lead.user.email)
        form = sent(lead, "done", user_email="x@example.lg.jp", role="staff", organization="1")
        client_of(lead).post(url("office_update", office), form)
        lead.refresh_from_db()
        assert lead.role == Role.LEAD

    @pytest.mark.parametrize("field", [*TYPED, "lead", "seat", "token", "version", "step"])
    def test_a_nul_byte_is_refused_calmly(self, client_of, office, lead, deputy, field):
        form = sent(lead, "done", lead=str(lead.pk)) | {field: "0\x00"}
        response = client_of(lead).post(url("office_update", office), form)
        assert response.status_code in (200, 302, 403, 409, 422)
        office.refresh_from_db()
        assert "\x00" not in "".join(services.contact_values(office).values())

    @pytest.mark.parametrize("people", [1, 3])
    def test_queries(
        self, client_of, office, lead, people, raise_on_fetch, django_assert_num_queries
    ):
        for _ in range(people):
            SeatFactory(office=office, role=Role.DEPUTY)
        client = client_of(lead)
        client.get(url("office_update", office))
        # session, user, seats, unread notices, office, candidates for the lead, their choices
        with django_assert_num_queries(7):
            client.get(url("office_update", office))
