"""The secretariat reads applications, calls, and settles them."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from core.dates import today
from core.models import AuditEntry, OutboxMail
from members.enums import ApplicationStatus, Role
from members.models import Application, Membership
from tests.factories.members import (
    ApplicationFactory,
    ApplicationPersonFactory,
    MembershipFactory,
    OrganizationFactory,
    SeatFactory,
)
from tests.members.joining.applying import DEPUTY, LEAD, applied, hakui, subjects
from tests.secretariat import csv_of, exported, secretary_client, sentences, typed, url

pytestmark = pytest.mark.django_db

LABEL = "members.application"
REASON = "部署名を正式な名前に直してください。"
CALL = {
    "called": "on",
    "number": "０７６７-22-1111",
    "whom": "総務課 千里さん",
    "time": "00:00",
}


@pytest.fixture
def client():
    return secretary_client("会員登録")


@pytest.fixture
def application() -> Application:
    return applied(hakui())


def press(client, application, action: str, **changes):
    """Opens the page of an action and sends its form."""
    address = url(LABEL, action, application.pk)
    return client.post(address, typed(client.get(address), **changes), follow=True)


def status_of(application: Application) -> str:
    application.refresh_from_db()
    return application.status


def listed(client, **asked) -> list[int]:
    response = client.get(url(LABEL, "changelist"), asked)
    return [row.pk for row in response.context["cl"].result_list]


class TestList:
    def test_what_waits_is_shown_first_and_other_states_when_asked_for(self, client):
        rows = {status: ApplicationFactory() for status in ApplicationStatus}
        for status, row in rows.items():
            if status == ApplicationStatus.APPROVED:
                row.membership = MembershipFactory(organization=row.organization)
            row.status = status
            row.save()
        waiting = {rows[ApplicationStatus.APPLIED].pk, rows[ApplicationStatus.RETURNED].pk}
        assert set(listed(client)) == waiting
        for status, row in rows.items():
            assert listed(client, status=status) == [row.pk]
        assert set(listed(client, status="all")) == {row.pk for row in rows.values()}

    def test_addresses_are_marked(self, client, application):
        other = ApplicationFactory(applicant__email="machi@example.com")
        page = client.get(url(LABEL, "changelist")).text
        assert "市町村のアドレス" in page
        assert "要確認" in page
        rows = csv_of(exported(client, url(LABEL, "export")))
        place = rows[0].index("アドレスの種類")
        marks = {row[0]: row[place] for row in rows[1:]}
        assert marks == {application.number: "市町村のアドレス", other.number: "要確認"}

    @pytest.mark.parametrize("query", ["羽咋", "はくい", "172073", "総合政策"])
    def test_it_is_found_by_name_kana_code_and_office(self, client, application, query):
        ApplicationFactory()
        assert listed(client, q=query) == [application.pk]


@pytest.mark.once
class TestPage:
    def test_it_shows_every_answer_and_where_the_number_is_published(self, client, application):
        application.organization.website = "https://www.city.hakui.example.jp/"
        application.organization.save()
        page = client.get(url(LABEL, "change", application.pk)).text
        for answer in (
            application.number,
            "総合政策課",
            "農産物の販路",
            "特別区との連携の相手",
            "産業",
            LEAD,
            DEPUTY,
            "羽咋 花子",
            "市町村のアドレス",
            'href="https://www.city.hakui.example.jp/"',
            "172073",
        ):
            assert answer in page
        assert "None" not in page

    @pytest.mark.parametrize(
        ("status", "actions"),
        [
            (ApplicationStatus.APPLIED, ["承認する", "差し戻す", "不承認", "取り消す"]),
            (ApplicationStatus.RETURNED, ["取り消す"]),
            (ApplicationStatus.REJECTED, []),
            (ApplicationStatus.CANCELLED, []),
        ],
    )
    def test_only_what_the_state_allows_is_offered(self, client, application, status, actions):
        Application.objects.update(status=status)
        response = client.get(url(LABEL, "change", application.pk))
        assert [link["label"] for link in response.context["action_links"]] == actions

    @pytest.mark.parametrize("group", ["プロジェクト", "閲覧"])
    def test_other_groups_read_and_settle_nothing(self, application, group):
        reading = secretary_client(group)
        response = reading.get(url(LABEL, "change", application.pk))
        assert response.context["action_links"] == []
        before = Application.objects.values().get()
        for action in ("approve", "send_back", "reject", "cancel"):
            address = url(LABEL, action, application.pk)
            assert reading.get(address).status_code == 403
            assert reading.post(address, {"reason": REASON, **CALL}).status_code == 403
        assert Application.objects.values().get() == before

    def test_the_group_of_registration_may_change_applications(self, client):
        codenames = Group.objects.get(name="会員登録").permissions.values_list(
            "codename", flat=True
        )
        assert "change_application" in codenames


@pytest.mark.once
class TestApprove:
    def test_after_the_call_the_member_is_there_and_the_people_are_invited(
        self, client, application
    ):
        response = press(client, application, "approve", **CALL)
        assert "承認し、担当の方に招待のメールを送りました" in sentences(response)[0]
        assert status_of(application) == ApplicationStatus.APPROVED
        assert application.called_number == "0767-22-1111"
        town = application.organization
        assert town.memberships.get().joined == today()
        assert town.offices.get(is_main=True).name == "総合政策課"
        invited = [row.email for row in town.offices.get().invitations.order_by("pk")]
        assert invited == [LEAD, DEPUTY]
        page = client.get(url(LABEL, "change", application.pk)).text
        for kept in ("総務課 千里さん", "0767-22-1111", "特別区長会"):
            assert kept in page

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"called": None}, "自治体が公表している番号に電話して確かめてから"),
            ({"number": ""}, "電話した番号を入力してください"),
            ({"whom": ""}, "電話に出た方を入力してください"),
            ({"day": ""}, "電話した日を入力してください"),
            ({"time": "午後"}, "電話した時刻は「14:05」のように"),
            ({"day": (today() + timedelta(days=1)).isoformat()}, "今より前にしてください"),
        ],
    )
    def test_without_the_call_nothing_happens(self, client, application, changes, sentence):
        mails = OutboxMail.objects.count()
        response = press(client, application, "approve", **CALL | changes)
        assert response.status_code == 422
        assert sentence in response.text
        assert status_of(application) == ApplicationStatus.APPLIED
        assert not Membership.objects.exists()
        assert OutboxMail.objects.count() == mails

    def test_what_the_service_refuses_is_said_on_the_form(self, client, application):
        MembershipFactory(organization=application.organization)
        response = press(client, application, "approve", **CALL)
        assert "この団体はすでに会員です" in response.text
        assert status_of(application) == ApplicationStatus.APPLIED

    def test_a_version_that_was_overtaken_is_refused(self, client, application):
        address = url(LABEL, "approve", application.pk)
        form = typed(client.get(address), **CALL)
        Application.objects.update(version=5, applied_at=timezone.now())
        assert client.post(address, form).status_code == 409
        assert status_of(application) == ApplicationStatus.APPLIED

    def test_the_same_form_twice_approves_once(self, client, application):
        address = url(LABEL, "approve", application.pk)
        form = typed(client.get(address), **CALL)
        answers = [client.post(address, form).status_code for _time in range(2)]
        assert answers == [302, 302]
        assert Membership.objects.count() == 1


@pytest.mark.parametrize(
    ("action", "status", "subject"),
    [
        ("send_back", ApplicationStatus.RETURNED, "会員登録申請を確認してください"),
        ("reject", ApplicationStatus.REJECTED, "会員登録申請の結果をお知らせします"),
        ("cancel", ApplicationStatus.CANCELLED, "会員登録申請を取り消しました"),
    ],
)
class TestNo:
    def test_the_applicant_is_told_the_reason(self, client, application, action, status, subject):
        press(client, application, action, reason=REASON)
        assert (status_of(application), application.reason) == (status, REASON)
        assert subjects()[-1].startswith(subject)
        assert REASON in OutboxMail.objects.latest("pk").body
        assert REASON in client.get(url(LABEL, "change", application.pk)).text

    def test_without_a_reason_nothing_happens(self, client, application, action, status, subject):
        response = press(client, application, action, reason="")
        assert "理由を入力してください" in response.text
        assert status_of(application) == ApplicationStatus.APPLIED


@pytest.mark.once
class TestMembership:
    LABEL = "members.membership"

    def act(self, client, membership, action, **changes):
        address = url(self.LABEL, action, membership.pk)
        return client.post(address, typed(client.get(address), **changes), follow=True)

    def test_a_withdrawal_keeps_the_row_and_ends_the_seats(self, client):
        seat = SeatFactory(role=Role.LEAD)
        membership = MembershipFactory(organization=seat.organization)
        self.act(client, membership, "withdraw", left=today().isoformat(), reason="退会の届出")
        membership.refresh_from_db()
        seat.refresh_from_db()
        assert (membership.left, seat.valid_until) == (today(), today())
        assert AuditEntry.objects.filter(reason="退会の届出").count() == 1

    def test_without_a_reason_or_with_a_wrong_day_it_stays(self, client):
        membership = MembershipFactory()
        no_reason = self.act(client, membership, "withdraw", reason="")
        assert "理由を入力してください" in no_reason.text
        too_early = self.act(client, membership, "withdraw", left="2019-04-01", reason="退会の届出")
        assert "登録日以降の日付" in too_early.text
        membership.refresh_from_db()
        assert membership.left is None

    def test_a_former_member_gets_a_new_membership(self, client):
        former = MembershipFactory(left=today() - timedelta(days=30))
        self.act(client, former, "readmit", joined=today().isoformat())
        rows = former.organization.memberships.order_by("joined")
        assert [row.left for row in rows] == [former.left, None]

    def test_days_are_not_edited_by_hand(self, client):
        membership = MembershipFactory()
        address = url(self.LABEL, "change", membership.pk)
        client.post(address, typed(client.get(address), joined="2019-04-01", left="2026-11-01"))
        membership.refresh_from_db()
        assert (membership.joined.year, membership.left) == (2020, None)

    @pytest.mark.parametrize(
        ("left", "again", "actions"),
        [
            (None, False, ["退会を記録"]),
            (today(), False, ["もう一度会員にする"]),
            (today() - timedelta(days=2), True, []),
        ],
    )
    def test_only_what_may_follow_is_offered(self, client, left, again, actions):
        membership = MembershipFactory(organization=OrganizationFactory(), left=left)
        if again:
            MembershipFactory(organization=membership.organization, joined=today())
        response = client.get(url(self.LABEL, "change", membership.pk))
        assert [link["label"] for link in response.context["action_links"]] == actions


def test_a_deputys_address_is_marked_too(client):
    application = ApplicationFactory()
    ApplicationPersonFactory(application=application, role=Role.DEPUTY, email="jiro@example.com")
    page = client.get(url(LABEL, "change", application.pk)).text
    assert page.count("要確認") == 1
    assert page.count("市町村のアドレス") == 1
