"""「ご利用開始のご案内」: whom a wave reaches, its mails and links, and the first login."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core import mail as django_mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core import links, mail
from core.audit import System
from core.dates import today
from core.enums import MailKind, MailState
from core.errors import DomainError, NotAllowed
from core.mail.layout import columns
from core.models import AuditEntry, MailLink, OutboxMail
from members import services, starting
from members.enums import Action, OrganizationKind, Role, StartState, UserKind
from members.models import Seat, User
from tests.dumping import dump
from tests.factories.members import (
    AssociationFactory,
    MembershipFactory,
    OfficeFactory,
    OrganizationFactory,
    SeatFactory,
    SecretariatFactory,
    UserFactory,
)

BY = System("見本")
FIRST, SECOND = "利用開始のご案内 第1回", "利用開始のご案内 第2回"


def written(mailing: str = FIRST, **conditions) -> list[str]:
    """The addresses that a wave is written to."""
    seats = services.write_welcomes(mailing, by=BY, **conditions)
    return sorted(seat.user.email for seat in seats)


def sent(*users: User) -> None:
    """Notes the mails to ``users``, to everybody when none is named, as sent."""
    mails = OutboxMail.objects.filter(kind=MailKind.BULK)
    if users:
        mails = mails.filter(to__in=[user.email for user in users])
    mails.update(state=MailState.SENT, sent_at=timezone.now())


@pytest.fixture
def member(office) -> Seat:
    """The lead of 福井県坂井市, which is a member."""
    MembershipFactory(organization=office.organization)
    return SeatFactory(office=office, user__email="lead@sakai.lg.jp")


@pytest.fixture
def elsewhere(db) -> Seat:
    """The lead of a member in 島根県."""
    return SeatFactory(
        office__organization=MembershipFactory().organization, user__email="lead@shimane.lg.jp"
    )


class TestRecipients:
    def test_everybody_who_has_not_come_in(self, member, elsewhere):
        assert written() == ["lead@sakai.lg.jp", "lead@shimane.lg.jp"]

    def test_a_prefecture_and_a_kind(self, member, elsewhere):
        association = AssociationFactory(name="島根県町村会")
        MembershipFactory(organization=association)
        SeatFactory(office__organization=association, user__email="kai@shimane.lg.jp")
        assert written(prefectures=["18"]) == ["lead@sakai.lg.jp"]
        kinds = [OrganizationKind.TOWN_ASSOCIATION]
        assert written(prefectures=["32"], kinds=kinds) == ["kai@shimane.lg.jp"]

    def test_only_those_who_are_silent(self, member, elsewhere):
        services.note_start(member.user)
        assert written() == ["lead@shimane.lg.jp"]
        assert written(SECOND, only_silent=False) == ["lead@sakai.lg.jp", "lead@shimane.lg.jp"]

    def test_nobody_twice_in_a_wave_and_the_silent_again_in_the_next(self, member, elsewhere):
        written(prefectures=["18"])
        assert written() == ["lead@shimane.lg.jp"]
        with pytest.raises(DomainError, match="まだ案内していない方はいません"):
            written()
        sent()
        services.note_start(elsewhere.user)
        assert written(SECOND) == ["lead@sakai.lg.jp"]
        assert OutboxMail.objects.filter(to="lead@sakai.lg.jp").count() == 2

    def test_one_mail_for_a_person_with_two_seats(self, member):
        other = MembershipFactory().organization
        SeatFactory(user=member.user, office__organization=other)
        assert written() == ["lead@sakai.lg.jp"]
        assert OutboxMail.objects.count() == 1

    @pytest.mark.parametrize(
        "change",
        [
            lambda seat: User.objects.update(is_active=False),
            lambda seat: Seat.objects.update(valid_until=date(2021, 3, 31)),
            lambda seat: seat.organization.memberships.update(left=date(2021, 3, 31)),
            lambda seat: mail.mark_undeliverable(seat.user.email, by=BY, reason="電話で確認"),
        ],
        ids=["closed", "ended", "left", "dead address"],
    )
    def test_who_is_left_out(self, member, change):
        change(member)
        with pytest.raises(DomainError):
            written()
        assert not OutboxMail.objects.exists()

    def test_the_secretariat_is_not_invited(self, staff):
        SeatFactory(
            office__organization=SecretariatFactory(), office__is_main=False, role=Role.READER
        )
        with pytest.raises(DomainError):
            written()

    def test_wards_are(self, ward_lead):
        assert written() == [ward_lead.user.email]

    def test_members_invite_nobody(self, member):
        before = dump("members", "core")
        with pytest.raises(NotAllowed):
            services.write_welcomes(FIRST, by=member)
        assert dump("members", "core") == before


class TestMail:
    def test_it_waits_until_the_secretariat_releases_the_wave(self, member, elsewhere):
        written()
        mails = OutboxMail.objects.all()
        assert {(m.kind, m.state, m.mailing) for m in mails} == {
            (MailKind.BULK, MailState.HELD, FIRST)
        }
        entry = AuditEntry.objects.get(action=Action.WRITE_WELCOMES)
        assert entry.changes == {FIRST: [None, "2団体 2人"]}
        assert mail.release_mailing(FIRST, by=BY) == 2

    def test_it_has_all_that_is_needed_in_short_lines(self, member):
        written()
        body = OutboxMail.objects.get().body
        lines = body.split("\n")
        link = MailLink.objects.get()
        assert (link.kind, link.object_id, link.to) == (
            "members.welcome",
            member.user.pk,
            member.user.email,
        )
        (code,) = [line.removeprefix("番号：") for line in lines if line.startswith("番号：")]
        assert links.find(code) == link
        (url,) = [line for line in lines if f"/c/{code}/" in line]
        assert url.startswith("http")
        assert {"団体　　福井県坂井市", "部署　　企画政策課", "役割　　主担当"} <= set(lines)
        assert f"{member.user.display_name} 様" in lines
        assert max(columns(line) for line in lines if "://" not in line) <= 70

    def test_a_shared_account_is_greeted_as_an_office(self, member):
        User.objects.update(kind=UserKind.OFFICE)
        written()
        body = OutboxMail.objects.get().body
        assert "福井県坂井市　企画政策課 御中" in body
        assert "主担当（共用アカウント）" in body

    def test_whoever_comes_in_meanwhile_is_not_written_to(self, member, elsewhere):
        written()
        Client().force_login(member.user)
        states = dict(OutboxMail.objects.values_list("to", "state"))
        assert states == {
            member.user.email: MailState.CANCELLED,
            elsewhere.user.email: MailState.HELD,
        }
        assert mail.release_mailing(FIRST, by=BY) == 1

    def test_it_says_why_it_has_come(self, member):
        written()
        body = OutboxMail.objects.get().body.replace("\n", "")
        assert "このメールは、福井県坂井市の担当として登録されている方に、" in body


class TestLink:
    @pytest.fixture
    def address(self, member) -> str:
        written()
        body = OutboxMail.objects.get().body
        return (
            next(line for line in body.split("\n") if "/c/" in line)
            .split("//")[1]
            .partition("/")[2]
        )

    def opened(self, address: str, client: Client):
        return client.get(f"/{address}")

    def test_welcome_link_shows_nothing_personal_and_changes_nothing(self, member, address):
        before = dump("members", "core")
        page = self.opened(address, Client())
        assert page.status_code == 200
        assert dump("members", "core") == before
        text = page.content.decode()
        assert "福井県坂井市" in text
        for personal in (member.user.email, member.user.given_name, member.user.display_name):
            assert personal not in text

    def test_its_button_mails_a_login_code_to_that_very_address(self, member, address):
        client = Client()
        response = client.post(f"/{address}", {})
        assert response.status_code == 302
        assert response.url.startswith(reverse("account_confirm_login_code"))
        code_mail = OutboxMail.objects.get(kind=MailKind.SECRET)
        assert code_mail.to == member.user.email
        assert not django_mail.outbox
        assert not client.session.get("_auth_user_id")

    def test_an_address_that_has_changed_opens_nothing(self, member, address):
        User.objects.update(email="new@sakai.lg.jp")
        assert self.opened(address, Client()).status_code == 404
        assert Client().post(f"/{address}", {}).status_code == 404
        assert not OutboxMail.objects.filter(kind=MailKind.SECRET).exists()

    def test_a_second_wave_leaves_the_first_ones_link(self, member, address):
        written(SECOND)  # it is held, and may be cancelled
        assert self.opened(address, Client()).status_code == 200

    def test_seats_that_have_ended_are_not_shown(self, member, address):
        ended = SeatFactory(user=member.user, valid_until=today() - timedelta(days=1))
        assert ended.office.organization.name not in self.opened(address, Client()).content.decode()

    def test_somebody_else_who_is_logged_in_is_told(self, member, address, client_of):
        client = client_of(SeatFactory())
        text = self.opened(address, client).content.decode()
        assert "いまログインしている方あてではありません" in text
        assert client.post(f"/{address}", {}).url == f"/{address}"
        assert not OutboxMail.objects.filter(kind=MailKind.SECRET).exists()
        assert client_of(member).post(f"/{address}", {}).url == reverse("portal:member_home")

    def test_after_its_time_a_new_one_goes_to_the_same_address(self, member, address):
        with time_machine.travel(timezone.now() + timedelta(days=91), tick=False):
            assert self.opened(address, Client()).status_code == 410
            assert Client().post(f"/{address}", {"step": "renew"}).status_code == 302
        again = OutboxMail.objects.get(kind=MailKind.NORMAL)
        assert (again.to, again.state) == (member.user.email, MailState.NEW)

    def test_no_new_one_for_an_account_with_another_address(self, member, address):
        User.objects.update(email="new@sakai.lg.jp")
        before = dump("core")
        with pytest.raises(DomainError, match="登録の内容が変わっている"):
            services.renew_welcome(MailLink.objects.get())
        assert dump("core") == before


class TestBoard:
    """The state of a person and of an organization."""

    def states(self) -> dict[str, StartState]:
        return {str(member.organization): member.state for member in starting.members_starting()}

    def state(self) -> StartState:
        ((_, state),) = self.states().items()
        return state

    def test_from_before_to_the_first_login(self, member):
        assert self.state() == StartState.BEFORE
        written()
        assert self.state() == StartState.BEFORE  # it waits to be released
        sent()
        assert self.state() == StartState.INVITED
        Client().force_login(member.user)
        assert self.state() == StartState.STARTED
        (board,) = starting.members_starting()
        assert board.started_at == User.objects.get(pk=member.user.pk).started_at

    def test_the_first_login_stays(self, member):
        Client().force_login(member.user)
        first = User.objects.get(pk=member.user.pk).started_at
        with time_machine.travel(first + timedelta(days=30)):
            Client().force_login(member.user)
        assert User.objects.get(pk=member.user.pk).started_at == first

    @pytest.mark.parametrize("state", [MailState.FAILED, MailState.UNSENT])
    def test_a_refused_mail(self, member, state):
        written()
        OutboxMail.objects.update(state=state)
        assert self.state() == StartState.BOUNCED

    def test_an_address_marked_as_dead(self, member):
        written()
        sent()
        mail.mark_undeliverable(member.user.email, by=BY, reason="電話で確認")
        assert self.state() == StartState.BOUNCED

    def test_a_cancelled_wave_counts_as_none(self, member):
        written()
        mail.cancel_mailing(FIRST, by=BY, reason="作り直し")
        assert self.state() == StartState.BEFORE

    def test_a_wave_that_is_held_hides_nothing(self, member):
        written()
        sent()
        written(SECOND)
        assert self.state() == StartState.INVITED

    def test_the_foremost_of_several_people(self, member):
        other = SeatFactory(office=member.office, role=Role.DEPUTY)
        written()
        sent(other.user)
        assert self.state() == StartState.INVITED
        OutboxMail.objects.filter(to=member.user.email).update(state=MailState.FAILED)
        assert self.state() == StartState.BOUNCED
        services.note_start(other.user)
        assert self.state() == StartState.STARTED

    def test_a_member_without_people_and_a_ward(self, office, ward_lead):
        MembershipFactory(organization=office.organization)
        OrganizationFactory()  # no member
        assert self.states() == {
            "福井県坂井市": StartState.NOBODY,
            "東京都品川区": StartState.BEFORE,
        }

    def test_tallies_by_prefecture(self, member, elsewhere, ward_lead):
        services.note_start(member.user)
        rows = {
            str(row.prefecture or "全国"): dict(row.by_state)
            for row in starting.tallies(starting.members_starting())
        }
        assert list(rows) == ["全国", "東京都", "福井県", "島根県"]
        assert rows["全国"][StartState.STARTED] == rows["福井県"][StartState.STARTED] == 1
        assert rows["全国"][StartState.BEFORE] == 2

    def test_whom_to_call(self, member, elsewhere):
        services.note_start(member.user)
        called = starting.whom_to_call(starting.members_starting())
        assert [item.organization for item in called] == [elsewhere.organization]

    def test_the_number_of_queries_does_not_grow(self, member, django_assert_num_queries):
        written()
        with django_assert_num_queries(5):
            starting.members_starting()
        for _ in range(2):
            organization = MembershipFactory().organization
            office = OfficeFactory(organization=organization)
            for _ in range(2):
                SeatFactory(office=office, user=UserFactory())
        written()
        with django_assert_num_queries(5):
            found = starting.members_starting()
            assert [person.seat.office.signature for item in found for person in item.people]
