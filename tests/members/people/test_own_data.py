"""What a person can see, keep and correct of what is held about them, and nobody else can."""

import json
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse
from django.utils import timezone

from core import audit, mail
from core.audit import Change, System
from core.dates import today
from core.enums import MailKind
from core.models import AuditEntry, OutboxMail
from members import services
from members.enums import Action, InvitationStatus, UserKind
from members.models import Seat, TermsAcceptance
from tests.downloads import body_of, csv_table
from tests.factories.members import (
    ApplicationFactory,
    ApplicationPersonFactory,
    HandoverFactory,
    InvitationFactory,
    LoginChangeFactory,
    SeatFactory,
    UserFactory,
)
from tests.factories.notices import NoticeFactory, PreferenceFactory, WatchFactory

pytestmark = pytest.mark.django_db

PAGE = "/account/data/"
QUERIES = 24
OWN_PAGES = (
    "members:person_update",
    "account_email",
    "mfa_index",
    "notices:preference_update",
)


def export_url(ending: str) -> str:
    return reverse("members:own_data_export", args=[ending])


@pytest.fixture
def world(lead: Seat) -> Seat:
    """A lead of whom there is something of each kind, and a colleague of whom there is as well."""
    user = lead.user
    _filled(lead)
    colleague = SeatFactory(
        office=lead.office, user__family_name="他人", user__email="tanin@example.lg.jp"
    )
    _filled(colleague)
    passed_on = {"family_name": "他人", "given_name": "後任", "email": "kounin@example.lg.jp"}
    HandoverFactory(seat=lead, note="よろしくお願いします", **passed_on)
    services.change_person(colleague.user, family_name="他人", given_name="改名", by=colleague)
    # Somebody else had the address before.
    old = mail.queue("old:1", to=user.email, subject="前の人へ", body="x")
    OutboxMail.objects.filter(pk=old.pk).update(created_at=user.created_at - timedelta(days=30))
    return lead


def _filled(seat: Seat) -> None:
    user, mark = seat.user, seat.user.family_name
    InvitationFactory(
        office=seat.office,
        email=user.email,
        family_name=mark,
        seat=seat,
        status=InvitationStatus.ACCEPTED,
        settled_at=timezone.now(),
    )
    HandoverFactory(
        seat=SeatFactory(office=seat.office, user__family_name="先代"),
        email=user.email,
        family_name=mark,
        new_seat=seat,
        status=InvitationStatus.ACCEPTED,
        settled_at=timezone.now(),
    )
    application = ApplicationFactory(
        organization=seat.organization, applicant=None, status="rejected"
    )
    ApplicationPersonFactory(application=application, email=user.email, family_name=mark)
    TermsAcceptance.objects.create(user=user, edition=1)
    LoginChangeFactory(user=user, before=f"mae{user.pk}@example.lg.jp")
    PreferenceFactory(seat=seat)
    WatchFactory(seat=seat)
    NoticeFactory(seat=seat, text=f"{mark}への通知")
    Authenticator.objects.create(user=user, type="totp", data={"secret": "himitsu"})
    mail.mark_undeliverable(f"{mark}@example.jp", by=System("見本"), reason="x")
    mail.queue(f"m:{user.pk}", to=user.email, subject=f"{mark}さんへの件名", body="本文")
    mail.queue(f"s:{user.pk}", to=user.email, subject="番号1234", body="1234", kind=MailKind.SECRET)
    audit.record(Action.CHANGE_OFFICE, seat.office, by=seat, changes={"fax": Change("1", mark)})


def test_own_data_shows_everything_of_oneself_and_nothing_of_others(world, client_of):
    html = client_of(world).get(PAGE).content.decode()
    for text in (
        world.user.display_name,
        world.user.email,
        "福井県坂井市　企画政策課",
        "副担当への招待",
        "主担当の引継ぎ",
        "よろしくお願いします",
        "会員登録申請",
        "第1版",
        f"mae{world.user_id}@example.lg.jp",
        "認証アプリ",
        "週に1度まとめて",
        "連携提案",
        "見本への通知",
        "見本さんへの件名",
        "（番号などのメール。件名は示しません）",
        "登録情報を変更",
    ):
        assert text in html, text
    for text in ("他人", "先代", "tanin@", "kounin@", "himitsu", "1234", "前の人へ"):
        assert text not in html, text


def test_own_data_leads_to_where_it_is_corrected(world, deputy, client_of):
    html = client_of(world).get(PAGE).content.decode()
    seats = reverse("members:seat_list", args=[world.office_id])
    own = [reverse(name) for name in OWN_PAGES]
    assert [address for address in (*own, seats) if f'href="{address}"' not in html] == []
    html = client_of(deputy).get(PAGE).content.decode()
    assert f'href="{seats}"' not in html
    assert "部署の主担当の方か、事務局にご連絡ください" in html


@pytest.mark.parametrize("mails", [1, 3])
def test_own_data_costs_the_same_however_much_there_is(
    mails, lead, client_of, django_assert_num_queries
):
    for number in range(mails):
        mail.queue(f"m:{number}", to=lead.user.email, subject="x", body="x")
        WatchFactory(seat=lead)
        NoticeFactory(seat=lead)
        InvitationFactory(email=lead.user.email)
        HandoverFactory(email=lead.user.email)
        ApplicationPersonFactory(
            email=lead.user.email,
            application__organization=lead.organization,
            application__status="rejected",
        )
    client = client_of(lead)
    client.get(PAGE)
    with django_assert_num_queries(QUERIES):
        client.get(PAGE)


def test_own_data_shows_the_newest_and_the_file_has_all(lead, client_of):
    for number in range(12):
        mail.queue(f"m:{number}", to=lead.user.email, subject=f"件名{number:02}", body="x")
    client = client_of(lead)
    html = client.get(PAGE).content.decode()
    assert "件名02" in html
    assert "件名01" not in html
    assert "ほかの2件は、保存したファイルで確認できます" in html
    held = json.loads(client.post(export_url("json")).content)
    assert len(held["お送りしたメール"]) == 12


def test_own_data_opens_for_whoever_may_log_in_without_a_seat(client_of):
    """A last lead past the date, whoever is invited, and who has a shared account."""
    lingering = SeatFactory(valid_until=today() - timedelta(days=1))
    invited = UserFactory()
    InvitationFactory(email=invited.email)
    shared = SeatFactory(user__kind=UserKind.OFFICE, user__family_name="", user__given_name="")
    for seat in (lingering, Seat(user=invited), shared):
        response = client_of(seat).get(PAGE)
        assert response.status_code == 200
        assert seat.user.email in response.content.decode()
    assert "この共用アカウントについて" in response.content.decode()


def test_own_data_opens_before_the_terms_are_accepted(terms, lead, client_of):
    client = client_of(lead)
    assert client.get(reverse("portal:member_home")).status_code == 302
    assert client.get(PAGE).status_code == 200
    assert client.post(export_url("json")).status_code == 200


def test_own_data_export_gives_the_same_in_each_form_and_notes_it(world, client_of):
    client = client_of(world)
    held = json.loads(client.post(export_url("json")).content)
    assert held["アカウント"][0]["氏名"] == world.user.display_name
    assert held["担当"] == [
        {
            "担当部署": "福井県坂井市　企画政策課",
            "役割": "主担当",
            "いつから": "2020-04-01",
            "いつまで": None,
        }
    ]
    lines = csv_table(client.post(export_url("csv")))
    assert lines[:2] == [
        ["区分", "番号", "項目", "内容"],
        ["アカウント", "1", "氏名", world.user.display_name],
    ]
    assert ["担当", "1", "役割", "主担当"] in lines
    assert body_of(client.post(export_url("xlsx"))).startswith(b"PK")
    entries = AuditEntry.objects.filter(action=Action.EXPORT_OWN_DATA)
    assert [entry.object_label for entry in entries] == [f"利用者 {world.user_id}"] * 3
    for other in ("他人", "先代", "tanin@", "kounin@", "himitsu", "1234"):
        assert other not in json.dumps(held, ensure_ascii=False), other


def test_own_data_tells_what_the_log_keeps_of_the_own_account_alone(lead, deputy, client_of):
    former = lead.user.given_name
    services.change_person(lead.user, family_name="見本", given_name="改名", by=lead)
    services.replace_login(deputy.user, "tanin@example.lg.jp", by=lead, reason="依頼")
    held = json.loads(client_of(lead).post(export_url("json")).content)["操作記録"]
    changes = {row["操作"]: row["変更した内容"] for row in held}
    assert changes["氏名を変更"] == f"名：{former} → 改名"
    assert [text for text in changes.values() if "tanin" in text] == []


@pytest.mark.parametrize("ending", ["pdf", "exe"])
def test_own_data_export_of_another_form_is_no_page_and_notes_nothing(ending, lead, client_of):
    assert client_of(lead).post(export_url(ending)).status_code == 404
    assert not AuditEntry.objects.filter(action=Action.EXPORT_OWN_DATA).exists()
