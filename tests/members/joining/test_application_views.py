"""The pages of becoming a member."""

import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from core import once
from core.dates import today
from core.models import AuditEntry, MailLink, OutboxMail
from members import services
from members.enums import ApplicationStatus
from members.models import Application
from tests.factories.members import (
    ApplicationFactory,
    BodyFactory,
    MembershipFactory,
    OfficeFactory,
    OrganizationFactory,
    ThemeFactory,
    WardFactory,
)
from tests.members.joining.applying import (
    DEPUTY,
    LEAD,
    applied,
    create_url,
    hakui,
    mailed_code,
    sent,
    subjects,
)

pytestmark = pytest.mark.django_db

GUIDE = reverse("members:application_guide")
REASON = "部署名を正式な名前に直してください。"


@pytest.fixture
def town():
    return hakui()


def check(client: Client, town, **changes):
    """The check page, after the form was posted."""
    return client.post(create_url(town), sent(**changes))


def apply(client: Client, town, **changes):
    """Applies through all its pages."""
    form = sent(**changes)
    client.post(create_url(town), form)
    code = mailed_code(form["lead_email"])
    return client.post(create_url(town), form | {"step": "done", "code": code})


class TestApplicationCreate:
    def test_application_create_asks_and_checks_without_saving(self, client, town):
        ThemeFactory(name="産業")
        response = client.get(create_url(town))
        assertContains(response, "石川県羽咋市（団体コード 172073）")
        assertContains(response, "※個人のときは必須")
        checked = check(client, town)
        assertContains(checked, "内容を確認して申請してください")
        for row in ("総合政策課", "925-8501", "210", "能登", "（入力なし）"):
            assertContains(checked, row)
        assertNotContains(checked, "副担当2")
        assertContains(checked, f"{LEAD} に番号を送りました。")
        assert not Application.objects.exists()
        assert not AuditEntry.objects.exists()

    def test_the_code_completes_it_and_the_done_page_gives_the_number(self, client, town):
        response = apply(client, town, themes=[ThemeFactory(name="産業").pk])
        application = Application.objects.get()
        assert application.lead.email == LEAD
        assert [theme.name for theme in application.themes.all()] == ["産業"]
        page = client.get(response.url)
        assertContains(page, application.number)
        assertContains(page, "確認のお電話")
        for personal in (LEAD, "花子", "0767-22-1111"):
            assertNotContains(page, personal)

    def test_a_wrong_code_loses_nothing(self, client, town):
        form = sent()
        client.post(create_url(town), form)
        wrong = client.post(create_url(town), form | {"step": "done", "code": "AAAA-2222"})
        assertContains(wrong, ">番号が違うか、期限が過ぎています。", 2, status_code=422)
        assertContains(wrong, 'value="AAAA-2222"', status_code=422)
        assertContains(wrong, "<title>エラー：", status_code=422)
        assert not Application.objects.exists()
        assert OutboxMail.objects.count() == 1
        carried = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', wrong.text))
        carried = {name: unescape(value) for name, value in carried.items()}
        assert carried["token"] == form["token"]
        del carried["csrfmiddlewaretoken"]
        done = client.post(create_url(town), carried | {"step": "done", "code": mailed_code()})
        assert done.status_code == 302
        assert Application.objects.get().office_name == "総合政策課"

    def test_without_a_code_it_is_asked_for(self, client, town):
        check(client, town)
        response = client.post(create_url(town), sent("done"))
        assertContains(response, ">番号を入力してください<", 2, status_code=422)

    def test_the_code_is_mailed_once_until_it_is_asked_for_again(self, client, town):
        form = sent()
        client.post(create_url(town), form)
        client.post(create_url(town), form)
        first = mailed_code()
        assert OutboxMail.objects.count() == 1
        again = client.post(create_url(town), form | {"step": "resend"})
        assertContains(again, "送り直しました。前の番号は使えません。")
        assert OutboxMail.objects.count() == 2
        refused = client.post(create_url(town), form | {"step": "done", "code": first})
        assert refused.status_code == 422

    def test_another_address_gets_a_code_of_its_own(self, client, town):
        check(client, town)
        first = mailed_code()
        other = "saburo@city.hakui.lg.jp"
        check(client, town, lead_email=other)
        form = sent("done", lead_email=other)
        assert client.post(create_url(town), form | {"code": first}).status_code == 422
        done = client.post(create_url(town), form | {"code": mailed_code(other)})
        assert done.status_code == 302

    def test_what_was_typed_comes_back_to_be_corrected(self, client, town):
        response = client.post(create_url(town), sent("edit"))
        assertContains(response, 'value="総合政策課"')
        assert not OutboxMail.objects.exists()

    def test_an_address_that_is_no_municipalitys_is_flagged_and_not_refused(self, client, town):
        flag = "自治体だけが使うドメイン"
        assertNotContains(check(client, town), flag)
        assertContains(check(client, town, lead_email="hakui@gmail.example.com"), flag)
        assert apply(client, town, lead_email="hakui@gmail.example.com").status_code == 302

    def test_a_shared_mailbox_needs_no_name_and_no_second_typing(self, client, town):
        shared = {
            "email": "kikaku@city.hakui.lg.jp",
            "lead_kind": "office",
            "lead_email": "",
            "lead_family_name": "",
            "lead_given_name": "",
        }
        form = sent(**shared)
        client.post(create_url(town), form)
        code = mailed_code(shared["email"])
        client.post(create_url(town), form | {"step": "done", "code": code})
        lead = Application.objects.get().lead
        assert (lead.email, str(lead)) == (shared["email"], "共用")
        assert "総合政策課 御中" in OutboxMail.objects.latest("pk").body

    def test_codes_are_limited_per_address(self, client, town):
        form = sent()
        client.post(create_url(town), form)
        answers = [client.post(create_url(town), form | {"step": "resend"}) for _time in range(3)]
        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assertContains(answers[-1], "5分ほどたってから", 2, status_code=429)
        assertContains(answers[-1], 'value="総合政策課"', status_code=429)
        assert OutboxMail.objects.count() == 3
        # The last code that was sent still holds.
        done = client.post(create_url(town), form | {"step": "done", "code": mailed_code()})
        assert done.status_code == 302

    def test_wrong_codes_are_limited_per_address(self, client, town):
        form = sent() | {"code": "AAAA-2222"}
        client.post(create_url(town), form)
        done = form | {"step": "done"}
        answers = [client.post(create_url(town), done).status_code for _time in range(11)]
        assert answers == [422] * 10 + [429]
        right = client.post(create_url(town), done | {"code": mailed_code()})
        assert right.status_code == 429
        assert not Application.objects.exists()

    def test_the_same_form_twice_shows_the_first_result(self, client, town):
        form = sent()
        client.post(create_url(town), form)
        done = form | {"step": "done", "code": mailed_code()}
        first, second = (client.post(create_url(town), done) for _time in range(2))
        assert (second.status_code, second.url) == (302, first.url)
        assert Application.objects.count() == 1
        assert len(subjects()) == 2

    def test_of_two_at_once_the_second_is_told_kindly(self, client, town):
        other = "saburo@city.hakui.lg.jp"
        check(client, town, lead_email=other)
        late = sent("done", lead_email=other, code=mailed_code(other))
        apply(client, town)
        response = client.post(create_url(town), late)
        assertContains(response, "入力した内容は、申請されていません", status_code=409)
        assertNotContains(response, LEAD, status_code=409)
        assert Application.objects.count() == 1
        assert len(subjects(other)) == 1

    @pytest.mark.parametrize("status", [ApplicationStatus.APPLIED, ApplicationStatus.RETURNED])
    def test_a_waiting_application_is_said_without_details(self, client, town, status):
        ApplicationFactory(organization=town, office_name="秘密の課", status=status)
        response = client.get(create_url(town))
        assertContains(response, "石川県羽咋市の申請は、すでに受け付けています")
        for detail in ("秘密の課", "花子", "審査中", "差し戻し", "A0000"):
            assertNotContains(response, detail)

    def test_a_member_is_told_the_department_and_no_contact(self, client, town):
        MembershipFactory(organization=town)
        office = OfficeFactory(organization=town, name="企画財政課")
        response = client.get(create_url(town))
        assertContains(response, "石川県羽咋市は、すでに会員です")
        assertContains(response, "代表の部署は「企画財政課」です")
        for detail in (office.phone, office.email, office.address):
            assertNotContains(response, detail)
        assert client.post(create_url(town), sent()).status_code == 409
        assert not OutboxMail.objects.exists()

    def test_a_member_without_an_office_is_sent_to_the_desk(self, client, town):
        MembershipFactory(organization=town)
        assertContains(client.get(create_url(town)), "担当部署は、事務局にお尋ねください")

    def test_a_former_member_may_apply(self, client, town):
        MembershipFactory(organization=town, left=today() - timedelta(days=1))
        assertContains(client.get(create_url(town)), "会員登録を申請する")

    def test_a_ward_has_its_own_sentence(self, client):
        response = client.get(create_url(WardFactory()))
        assertContains(response, "会員登録の対象ではありません")
        assertContains(response, "全国の自治体を迎える側")

    def test_other_bodies_and_former_towns_have_no_form(self, client):
        former = OrganizationFactory(municipality__valid_until=date(2005, 3, 31))
        for organization in (BodyFactory(), former):
            assert client.get(create_url(organization)).status_code == 404

    @pytest.mark.usefixtures("raise_on_fetch")
    def test_the_form_and_its_check_cost_few_queries(self, client, town, django_assert_num_queries):
        themes = [ThemeFactory(name=name).pk for name in ("産業", "観光", "文化")]
        client.get(GUIDE)
        with django_assert_num_queries(4):
            client.get(create_url(town))
        form = sent(themes=themes)
        client.post(create_url(town), form)
        with django_assert_num_queries(7):
            client.post(create_url(town), form)


class TestApplicationDone:
    def test_application_done_is_found_by_nobody_else(self, client, town):
        application = applied(town)
        mark = apply(client, OrganizationFactory()).url.split("/")[-2]
        number, _, signature = mark.partition(":")
        assert client.get(reverse("members:application_done", args=[mark])).status_code == 200
        for forged in (str(application.pk), f"{application.pk}:{signature}", number):
            address = reverse("members:application_done", args=[forged])
            assert client.get(address).status_code == 404

    def test_it_is_kept_nowhere(self, client, town):
        page = client.get(apply(client, town).url)
        assert "no-store" in page["Cache-Control"]
        assert page["X-Robots-Tag"] == "noindex"


class TestApplicationCorrect:
    @pytest.fixture
    def returned(self, town, staff) -> Application:
        application = applied(town)
        return services.send_back_application(application, by=staff, reason=REASON)

    @pytest.fixture
    def address(self, returned) -> str:
        return reverse("core:mail_link", args=[mailed_code()])

    def test_application_correct_shows_the_reason_and_nothing_personal(self, client, address):
        response = client.get(address)
        assertContains(response, REASON)
        assertContains(response, "h•••@city.…")
        for typed in ("花子", LEAD, DEPUTY, "0767-22-1111", "総合政策課"):
            assertNotContains(response, typed)

    def test_its_button_shows_what_was_typed(self, client, address):
        response = client.post(address, {"step": "open"})
        assertContains(response, REASON)
        assertNotContains(response, "エラー")
        for typed in ("総合政策課", "925-8501", LEAD, DEPUTY, "農産物の販路を探しています。"):
            assertContains(response, typed)
        assert "no-store" in response["Cache-Control"]

    def test_it_is_sent_in_again_without_a_new_code(self, client, address, returned):
        form = sent(name="企画財政課")
        mails = OutboxMail.objects.count()
        checked = client.post(address, form)
        assertContains(checked, "企画財政課")
        assertNotContains(checked, "番号を送り直す")
        assert OutboxMail.objects.count() == mails
        done = client.post(address, form | {"step": "done"}, follow=True)
        assertContains(done, returned.number)
        returned.refresh_from_db()
        assert (returned.status, returned.office_name) == (ApplicationStatus.APPLIED, "企画財政課")
        again = client.post(address, form | {"step": "done"})
        assert (again.status_code, again.url) == (302, done.redirect_chain[0][0])
        assertContains(client.get(address), "使い終わっています", status_code=410)

    def test_a_new_address_is_confirmed(self, client, address, returned):
        other = "saburo@city.hakui.lg.jp"
        form = sent(lead_email=other)
        assertContains(client.post(address, form), f"{other} に番号を送りました。")
        wrong = client.post(address, form | {"step": "done", "code": "AAAA-2222"})
        assert wrong.status_code == 422
        done = client.post(address, form | {"step": "done", "code": mailed_code(other)})
        assert done.status_code == 302
        assert Application.objects.get().lead.email == other

    def test_opening_it_changes_nothing(self, client, address):
        before = MailLink.objects.order_by("pk").values()
        kept = list(before)
        client.get(address)
        client.head(address)
        assert list(before.all()) == kept

    def test_an_expired_link_is_sent_anew(self, client, address, returned):
        MailLink.objects.update(expires_at=returned.applied_at)
        assertContains(client.get(address), "期限が過ぎています", status_code=410)
        form = {"step": "renew", "token": once.new_token()}
        assertRedirects(client.post(address, form), reverse("core:mail_link_code"))
        newer = reverse("core:mail_link", args=[mailed_code()])
        assert newer != address
        assertContains(client.get(newer), REASON)


def test_application_address_says_where_its_code_is_typed(client, town):
    check(client, town)
    address = reverse("core:mail_link", args=[mailed_code()])
    for response in (client.get(address), client.post(address)):
        assertContains(response, "申請を確認するページで使います")
    MailLink.objects.update(used_at=MailLink.objects.get().created_at)
    renewed = client.post(address, {"step": "renew", "token": once.new_token()})
    assertContains(renewed, "「番号を送り直す」で送り直してください", status_code=422)
    assert OutboxMail.objects.count() == 1
