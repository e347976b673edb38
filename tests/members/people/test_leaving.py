"""Whose time is over, and who is still concerned: the one is erased, the other is not."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core import mail
from core.audit import Told
from core.enums import Channel, MailState
from core.errors import DomainError
from core.models import OutboxMail
from core.traces import ERASED, is_erased
from members import services
from members.enums import ApplicationStatus, InvitationStatus, Role, UserKind
from members.models import Application, ApplicationPerson, Invitation, Seat, User
from tests.dumping import dump
from tests.factories.members import (
    ApplicationFactory,
    ApplicationPersonFactory,
    HandoverFactory,
    InvitationFactory,
    LoginChangeFactory,
    SeatFactory,
    UserFactory,
)
from tests.members.people.departures import LAST_DAY, OVER, at, erased, left, noon
from tests.secretariat import secretary_client

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def year(settings) -> None:
    """Personal values are kept for 365 days."""
    settings.PERSONAL_RETENTION_DAYS = 365


def test_the_last_day_of_the_period_is_kept():
    seat = left()
    assert not erased(seat, OVER - timedelta(days=1))
    assert erased(seat, OVER)


def test_nobody_is_erased_while_no_period_is_set(settings):
    settings.PERSONAL_RETENTION_DAYS = 0
    assert not erased(left(date(2021, 3, 31)))


def with_new_seat(seat: Seat) -> None:
    SeatFactory(user=seat.user, role=Role.READER, valid_from=LAST_DAY + timedelta(days=30))


def with_later_end(seat: Seat) -> None:
    SeatFactory(user=seat.user, valid_until=LAST_DAY + timedelta(days=1), role=Role.READER)


def lingering(seat: Seat) -> None:
    Seat.objects.filter(pk=seat.pk).update(role=Role.LEAD)


def taken_over_lately(seat: Seat) -> None:
    lingering(seat)
    Seat.objects.filter(pk=seat.pk).update(taken_over_at=noon(LAST_DAY + timedelta(days=1)))


def handed_over_lately(seat: Seat) -> None:
    successor = SeatFactory(office=seat.office)
    HandoverFactory(
        seat=seat,
        new_seat=successor,
        status=InvitationStatus.ACCEPTED,
        settled_at=noon(LAST_DAY + timedelta(days=1)),
    )


def invited(seat: Seat) -> None:
    InvitationFactory(email=seat.user.email)


def asked_to_succeed(seat: Seat) -> None:
    HandoverFactory(email=seat.user.email)


def passing_on(seat: Seat) -> None:
    HandoverFactory(seat=seat, note="申し送り")


def named_in_an_application(seat: Seat) -> None:
    ApplicationPersonFactory(email=seat.user.email)


def disputed(seat: Seat) -> None:
    LoginChangeFactory(user=seat.user, objected_at=timezone.now())


def of_break_glass(seat: Seat) -> None:
    User.objects.filter(pk=seat.user_id).update(is_superuser=True)


@pytest.mark.parametrize(
    "kept_by",
    [
        with_new_seat,
        with_later_end,
        lingering,
        taken_over_lately,
        handed_over_lately,
        invited,
        asked_to_succeed,
        passing_on,
        named_in_an_application,
        disputed,
        of_break_glass,
    ],
)
def test_who_is_still_concerned_is_kept(kept_by):
    seat = left()
    kept_by(seat)
    assert not erased(seat)
    seat.user.refresh_from_db()
    assert seat.user.display_name.startswith("見本")


def test_nobody_takes_the_place_of_whom_was_erased(staff):
    seat = left()
    assert erased(seat)
    kept = dump("core", "members", "account")
    name = {"family_name": "別", "given_name": "人", "told": Told(Channel.PHONE, "見本")}
    for action in (
        lambda: services.give_seat(seat.user, seat.office, Role.READER, valid_from=OVER, by=staff),
        lambda: services.replace_login(seat.user, "new@example.jp", by=staff, reason="依頼"),
        lambda: services.change_person(seat.user, by=staff, **name),
    ):
        with pytest.raises(
            DomainError, match="この利用者の情報は、保存期間が過ぎたため消去しました"
        ):
            action()
    assert dump("core", "members", "account") == kept
    page = secretary_client("会員登録").get(
        reverse("admin:members_user_change", args=[seat.user_id])
    )
    assert not page.context["has_change_permission"]


def test_an_account_that_never_sat_is_erased_with_its_invitation():
    with at(LAST_DAY):
        declined = InvitationFactory(
            status=InvitationStatus.DECLINED, settled_at=timezone.now(), reason="別の者が担当"
        )
        invited = UserFactory(email=declined.email, family_name="", given_name="")
        uninvited = UserFactory()  # made in the admin for a seat that is still to come
    with at(OVER):
        assert services.erase_people(OVER - timedelta(days=1)) == 0
        assert services.erase_people(OVER) == 1
    for row in (declined, invited, uninvited):
        row.refresh_from_db()
    assert invited.is_erased
    assert not uninvited.is_erased
    assert (declined.display_name, declined.reason) == ("退任者", "")


def test_strangers_are_erased_and_whoever_has_an_account_is_not():
    with at(LAST_DAY):
        settled = {"status": InvitationStatus.EXPIRED, "settled_at": timezone.now()}
        stranger, member = InvitationFactory(**settled), InvitationFactory(**settled)
        SeatFactory(user__email=member.email)
        application = ApplicationFactory(status=ApplicationStatus.CANCELLED)
        Application.objects.update(settled_at=timezone.now())
        open_one = ApplicationFactory()
    with at(OVER):
        assert services.erase_people(OVER) == 2
    stranger.refresh_from_db()
    assert (stranger.display_name, is_erased(stranger.email)) == ("退任者", True)
    assert Invitation.objects.get(pk=member.pk).person_name == "見本 新任"
    people = ApplicationPerson.objects.order_by("pk")
    assert [str(people.get(application=row)) for row in (application, open_one)] == [
        "退任者",
        "見本 花子",
    ]


def test_a_shared_mailbox_keeps_what_is_the_offices():
    seat = left(user__kind=UserKind.OFFICE, user__family_name="", user__given_name="")
    office = seat.office
    services_mail = mail.queue("c:1", to=office.email, subject="部署へ", body="本文")
    User.objects.filter(pk=seat.user_id).update(email=office.email)
    assert erased(seat)
    services_mail.refresh_from_db()
    office.refresh_from_db()
    assert (services_mail.subject, services_mail.to) == ("部署へ", office.email)
    assert seat.user.display_name == "共用"


def test_one_day_erases_a_batch_and_the_next_day_the_rest(monkeypatch):
    monkeypatch.setattr("members.services.people.erasure.BATCH", 2)
    for _ in range(3):
        left()
    days = (OVER, OVER, OVER)
    assert [services.erase_people(day) for day in days] == [2, 1, 0]


def test_a_name_that_somebody_else_bears_is_left_in_the_mails_to_others():
    seat = left(user__family_name="見本", user__given_name="同姓")
    SeatFactory(user__family_name="見本", user__given_name="同姓")
    InvitationFactory(
        seat=seat, family_name="旧姓", given_name="同姓", status=InvitationStatus.ACCEPTED
    )
    with at(LAST_DAY):
        body = f"見本 同姓さん（{seat.user.email}）、旧姓 同姓さん"
        told = mail.queue("d:1", to="a@example.jp", subject="x", body=body)
        OutboxMail.objects.update(state=MailState.SENT)
    assert erased(seat)
    told.refresh_from_db()
    assert told.body == f"見本 同姓さん（{ERASED}）、{ERASED}さん"


def test_the_state_of_the_system_says_who_waits_and_who_was_erased():
    seat = left()
    with at(LAST_DAY + timedelta(days=10)):
        html = secretary_client("閲覧").get(reverse("admin:system_state")).content.decode()
    assert "1人（次の消去は2027年（令和9年）12月1日）" in html
    assert erased(seat)
    with at(OVER):
        html = secretary_client("閲覧").get(reverse("admin:system_state")).content.decode()
    assert "消去した退任者" in html
    assert '<td role="cell">1人</td>' in html


def test_an_offer_to_nobody_known_is_not_sent_again(staff):
    with at(LAST_DAY):
        settled = {"status": InvitationStatus.EXPIRED, "settled_at": timezone.now()}
        invitation = InvitationFactory(**settled)
        handover = HandoverFactory(**settled)
    with at(OVER):
        assert services.erase_people(OVER) == 2
        mails = OutboxMail.objects.count()
        with pytest.raises(DomainError, match="この招待の宛先は、保存期間が過ぎたため消去しました"):
            services.resend_invitation(invitation, by=staff)
        with pytest.raises(DomainError, match="この引継ぎの宛先は"):
            services.resend_handover(handover, by=staff)
    assert OutboxMail.objects.count() == mails
    assert Invitation.objects.get() == invitation
