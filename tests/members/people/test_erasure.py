"""Whoever left is erased when the time is over; everybody else, and the log, stay."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from core import audit, daily, mail
from core.audit import Change, System
from core.audit.verification import verify
from core.enums import MailState
from core.models import AuditEntry, MailLink, OutboxMail
from core.traces import ERASED, is_erased
from members import services
from members.enums import Action, ApplicationStatus, InvitationStatus, Role
from members.models import Application, Seat, TermsAcceptance, User
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
from tests.factories.notices import NoticeFactory, PreferenceFactory, WatchFactory
from tests.members.people.departures import LAST_DAY, OVER, at, erased
from tests.secretariat import secretary_client

pytestmark = pytest.mark.django_db

FAMILY, GIVEN, FORMER = "去田", "退子", "旧野"
LOGIN, BEFORE, INVITED = "sarita@example.lg.jp", "kyuno@example.lg.jp", "yobareta@example.lg.jp"
NEEDLES = (FAMILY, GIVEN, FORMER, LOGIN, BEFORE, INVITED)


@pytest.fixture(autouse=True)
def year(settings) -> None:
    """Personal values are kept for 365 days."""
    settings.PERSONAL_RETENTION_DAYS = 365


@dataclass
class World:
    """Somebody who has left, a colleague who stays, and what names the one and the other."""

    seat: Seat
    colleague: Seat
    redacted: OutboxMail
    named: AuditEntry


@pytest.fixture
def world(office) -> World:
    with at(date(2026, 11, 1)):
        colleague = SeatFactory(office=office)
        seat = _somebody(office)
        _offers(seat, colleague)
        _application(seat, colleague)
        _account(seat.user)
        for told in (seat, colleague):
            PreferenceFactory(seat=told)
            WatchFactory(seat=told)
            NoticeFactory(seat=told)
    with at(LAST_DAY + timedelta(days=40)):
        # Later than all the rest: the log's own erasure leaves these.
        named = audit.record(
            "members.change_lead",
            office,
            by=colleague,
            changes={
                "lead": Change(seat.user.display_name, "", personal=True),
                "phone": Change("1", "2", personal=True),
            },
        )
        mail.mark_undeliverable(LOGIN, by=System("見本"), reason="届かない")
        redacted = _mails(seat, colleague)
    return World(seat, colleague, redacted, named)


def _somebody(office) -> Seat:
    user = UserFactory(email=BEFORE, family_name=FORMER, given_name=GIVEN)
    seat = SeatFactory(user=user, office=office, role=Role.DEPUTY)
    services.change_person(user, family_name=FAMILY, given_name=GIVEN, by=seat)
    services.replace_login(user, LOGIN, by=System("見本"), reason="依頼")
    user.refresh_from_db()
    Seat.objects.filter(pk=seat.pk).update(valid_until=LAST_DAY)
    seat.refresh_from_db()
    return Seat.objects.get(pk=seat.pk)


def _offers(seat: Seat, colleague: Seat) -> None:
    named = {"family_name": FAMILY, "given_name": GIVEN, "settled_at": timezone.now()}
    accepted = {"status": InvitationStatus.ACCEPTED, **named}
    InvitationFactory(office=seat.office, email=INVITED, seat=seat, **accepted)
    reason = "去田は異動します"
    declined = {"status": InvitationStatus.DECLINED, "reason": reason, **named}
    InvitationFactory(email=LOGIN, **declined)
    InvitationFactory(email="ikanai@example.jp", **declined)  # never had an account
    HandoverFactory(seat=colleague, email=LOGIN, new_seat=seat, note="去田さんへ", **accepted)
    HandoverFactory(
        seat=seat,
        note="去田 退子より",
        status=InvitationStatus.ACCEPTED,
        new_seat=colleague,
        email=colleague.user.email,
        settled_at=timezone.now(),
    )
    link = MailLink.objects.create(
        kind="members.handover",
        object_id=1,
        code_digest="x",
        to=LOGIN,
        expires_at=timezone.now() + timedelta(days=1),
    )
    assert link.pk


def _application(seat: Seat, colleague: Seat) -> None:
    application = ApplicationFactory(organization=seat.organization, applicant=None)
    ApplicationPersonFactory(
        application=application, email=INVITED, family_name=FORMER, given_name=GIVEN
    )
    ApplicationPersonFactory(application=application, role=Role.DEPUTY, email=colleague.user.email)
    Application.objects.filter(pk=application.pk).update(
        status=ApplicationStatus.REJECTED,
        settled_at=timezone.now(),
        called_by=f"特別区長会　調査第1課　{FORMER} {GIVEN}",
        called_whom=f"{FAMILY}さん",
    )


def _account(user: User) -> None:
    Authenticator.objects.create(user=user, type="totp", data={"secret": FAMILY})
    LoginChangeFactory(user=user, before=BEFORE)
    mail.queue("a:2", to=BEFORE, subject="前のアドレスへ", body=f"新しいアドレス　{LOGIN}")
    trouble = f"550 <{BEFORE}> unknown"
    OutboxMail.objects.update(state=MailState.FAILED, last_error=trouble)
    TermsAcceptance.objects.create(user=user, edition=1)
    UserSession.objects.create(user=user, ip="192.0.2.1", user_agent="見本", session_key="x")


def _mails(seat: Seat, colleague: Seat) -> OutboxMail:
    mail.queue("a:1", to=LOGIN, subject="去田 退子 様", body="去田 退子 様\n本文")
    about = f"{'見' * 31}担当の去田 退子さんが退きました。{LOGIN}"
    told = mail.queue("a:3", to=colleague.user.email, subject="去田 退子さんの退任", body=about)
    OutboxMail.objects.filter(key="a:3").update(state=MailState.SENT)
    assert "去\n田 退子さん" in told.body
    return told


def whole_database() -> str:
    """Every column of every table, as one text."""
    texts = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 - a table of our own
            texts += [f"{table}: {value}" for row in cursor.fetchall() for value in row]
    return "\n".join(texts)


def test_nothing_of_somebody_who_left_is_left_in_any_table(world):
    everything = whole_database()
    assert [needle for needle in NEEDLES if needle not in everything] == []
    with at(OVER - timedelta(days=1)):
        daily.run()
        kept = whole_database()
        assert [needle for needle in (FAMILY, GIVEN, LOGIN, INVITED) if needle not in kept] == []
    with at(OVER):
        assert [run.name for run in daily.run() if run.done_at is None] == []
        text = whole_database()
        assert [line for line in text.splitlines() if any(found in line for found in NEEDLES)] == []
        assert verify().finding is None


def changed_rows(before: dict[str, list], after: dict[str, list]) -> set[tuple[str, object]]:
    """The rows that were there before and differ now, or are gone: their table and key."""
    found = set()
    for table, rows in before.items():
        key = apps.get_model(table)._meta.pk.attname
        now = {row[key]: row for row in after[table]}
        found |= {(table, row[key]) for row in rows if now.get(row[key]) != row}
    return found


TABLES = ("core", "members", "account", "mfa", "usersessions", "notices")


def test_nobody_else_loses_anything(world):
    user, kept = world.seat.user, dump(*TABLES)
    with at(OVER):
        assert services.erase_people(OVER) == 2  # and a stranger, who never had an account
        assert services.erase_people(OVER) == 0
    changed = changed_rows(kept, dump(*TABLES))
    tables = {table for table, _ in changed}
    assert tables == {
        "account.EmailAddress",
        "core.AuditPersonal",
        "core.MailLink",
        "core.OutboxMail",
        "core.UndeliverableAddress",
        "members.Application",  # whom somebody had called
        "members.ApplicationPerson",
        "members.Handover",
        "members.Invitation",
        "members.LoginChange",
        "members.User",
        "mfa.Authenticator",
        "notices.Notice",
        "notices.Preference",
        "notices.Watch",
        "usersessions.UserSession",
    }
    assert len([key for table, key in changed if table.startswith("notices.")]) == 3
    assert ("members.User", world.colleague.user_id) not in changed
    assert [key for table, key in changed if table == "members.User"] == [user.pk]
    assert len([key for table, key in changed if table == "members.ApplicationPerson"]) == 1
    world.redacted.refresh_from_db()
    assert world.redacted.to == world.colleague.user.email
    assert world.redacted.subject == f"{ERASED}さんの退任"
    assert world.redacted.body.endswith(f"担当の{ERASED}さんが退きました。{ERASED}")
    # Of what the log said of both, the half that is not theirs stays.
    assert AuditEntry.objects.get(pk=world.named.pk).personal.values == {
        "actor": world.colleague.user.display_name,
        "phone": ["1", "2"],
    }
    own_mails = OutboxMail.objects.filter(key__in=["a:1", "a:2"])
    assert {(mail.to, mail.subject, mail.body, mail.last_error) for mail in own_mails} == {
        ("mail@erased.invalid", ERASED, "", "")
    }


def test_the_account_is_closed_and_its_address_is_free(world):
    seat = world.seat
    assert erased(seat)
    user = seat.user
    assert not user.is_active
    assert not user.has_usable_password()
    assert is_erased(user.email)
    assert mail.queue("b:1", to=user.email, subject="x", body="x").state == MailState.UNSENT
    again = services.open_account(LOGIN, by=System("見本"), family_name=FAMILY, given_name=GIVEN)
    assert again.pk != user.pk
    with at(OVER):
        assert not erased(SeatFactory(user=again, valid_from=OVER))


def test_the_log_says_that_it_was_done_and_not_of_whom(world):
    assert erased(world.seat)
    entry = AuditEntry.objects.get(action=Action.ERASE_PERSON, object_type="members.user")
    assert (entry.object_id, entry.object_label) == (
        str(world.seat.user_id),
        f"利用者 {world.seat.user_id}",
    )
    assert (entry.changes, entry.personal_digests) == ({}, {})


def test_an_erasure_by_hand_is_still_a_finding(world):
    with at(OVER):
        daily.run()
        assert verify().finding is None
    with at(OVER + timedelta(days=1)):
        entry = audit.record("members.edit", world.seat.office, by=world.colleague, changes={})
    with at(OVER + timedelta(days=2)):
        daily.run()
        entry.personal.delete()
        assert verify().finding.row == entry.pk


def test_the_history_of_the_office_stays_readable(world):
    handover = world.seat.handovers.get()
    with at(OVER):
        daily.run()
        client = secretary_client("閲覧")
        pages = [
            reverse("admin:members_office_history", args=[world.seat.office_id]),
            reverse("admin:members_user_change", args=[world.seat.user_id]),
            reverse("admin:members_seat_change", args=[world.seat.pk]),
            reverse("admin:members_handover_change", args=[handover.pk]),
            reverse("admin:members_invitation_changelist"),
            reverse("admin:members_application_change", args=[Application.objects.get().pk]),
        ]
        texts = [client.get(page) for page in pages]
    assert [text.status_code for text in texts] == [200] * len(pages)
    history, *others = [text.content.decode() for text in texts]
    assert "（保存期間が過ぎたため消去しました）" in history
    assert [
        page for page, text in zip(pages[1:], others, strict=True) if "退任者" not in text
    ] == []
    world.seat.user.refresh_from_db()
    assert str(world.seat) == "福井県坂井市　企画政策課 退任者（副担当）"
    assert world.seat.user.polite_name == "退任した方"
