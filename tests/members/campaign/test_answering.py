"""A campaign's answer is whatever confirms the office: on the site, told, or by link."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core import mail
from core.audit import Told
from core.dates import day_text, start_of, today
from core.enums import Channel, MailState
from core.errors import DomainError, StaleVersion
from core.models import AuditEntry, MailLink, OutboxMail, UndeliverableAddress
from members import queries, services
from members.enums import Action, Answer, AnswerState, Role, UserKind
from members.models import Campaign, Confirmation, Membership, Office, User
from tests.factories.members import CampaignFactory, OfficeFactory, SeatFactory
from tests.members.campaign.asking import BY, asked_of, link_to, new_mails, settle, start
from tests.members.changes import entry, refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign(office, lead) -> Campaign:
    return start(office)


class TestOnTheSite:
    def test_unchanged(self, campaign, office, lead):
        services.confirm_office(office, by=lead)
        office.refresh_from_db()
        asked = asked_of(office)
        assert (asked.answer, asked.answered_at) == (Answer.UNCHANGED, office.confirmed_at)
        assert (asked.answered_by, asked.recorded_by) == (office.signature, "")
        assert asked.channel == Channel.WEB

    def test_changed(self, campaign, office, lead):
        services.update_office(office, {"phone": "0776-50-9999"}, version=1, by=lead)
        assert asked_of(office).answer == Answer.CHANGED

    def test_a_new_lead_is_a_change(self, campaign, office, lead, deputy):
        services.update_office(office, {}, version=1, by=lead, lead=deputy)
        assert asked_of(office).answer == Answer.CHANGED

    def test_a_form_without_a_change_says_unchanged(self, campaign, office, lead):
        values = services.contact_values(office)
        services.update_office(office, values, version=1, by=lead, lead=lead)
        assert asked_of(office).answer == Answer.UNCHANGED

    def test_the_first_answer_stands(self, campaign, office, lead):
        services.confirm_office(office, by=lead)
        first = Confirmation.objects.values().get()
        services.update_office(office, {"phone": "0776-50-9999"}, version=1, by=lead)
        assert Confirmation.objects.values().get() == first

    def test_a_mail_that_waits_is_taken_back(self, campaign, office, lead):
        services.confirm_office(office, by=lead)
        assert OutboxMail.objects.get().state == MailState.CANCELLED

    def test_another_offices_answer_is_its_own(self, campaign, office, lead):
        branch = OfficeFactory(organization=office.organization, is_main=False)
        other = Confirmation.objects.create(campaign=campaign, office=branch)
        services.confirm_office(branch, by=lead)
        other.refresh_from_db()
        assert (other.answer, other.answered_by) == (Answer.UNCHANGED, office.signature)
        assert not asked_of(office).answer

    def test_without_a_campaign_nothing_is_noted(self, office, lead):
        CampaignFactory(started_at=timezone.now(), ended_at=timezone.now())
        services.confirm_office(office, by=lead)
        assert not Confirmation.objects.exists()


class TestTold:
    def test_the_day_of_the_call_is_that_of_the_answer(self, campaign, office, staff):
        Campaign.objects.update(started_at=timezone.now() - timedelta(days=3))
        called = today() - timedelta(days=2)
        services.confirm_office(office, by=staff, told=Told(Channel.FAX, "見本さん", called))
        office.refresh_from_db()
        assert timezone.localdate(office.confirmed_at) == called
        asked = asked_of(office)
        assert (asked.answered_at, asked.channel) == (office.confirmed_at, Channel.FAX)
        assert (asked.answered_by, asked.recorded_by) == (office.signature, staff.office.signature)
        assert entry(Action.CONFIRM_OFFICE).changes == {"told_on": [None, called.isoformat()]}

    def test_a_call_of_today_is_now(self, campaign, office, staff):
        services.confirm_office(office, by=staff, told=Told(Channel.PHONE, "見本さん", today()))
        assert timezone.now() - asked_of(office).answered_at < timedelta(minutes=1)
        assert entry(Action.CONFIRM_OFFICE).changes == {}

    def test_a_call_from_before_the_campaigns_time_is_no_answer(self, campaign, office, staff):
        called = campaign.counts_from - timedelta(days=1)
        services.confirm_office(office, by=staff, told=Told(Channel.PHONE, "見本さん", called))
        assert not asked_of(office).answer

    def test_a_day_to_come_is_refused(self, campaign, office, staff):
        told = Told(Channel.PHONE, "見本さん", today() + timedelta(days=1))
        with refused(DomainError, f"今日（{day_text(today())}）まで"):
            services.confirm_office(office, by=staff, told=told)

    def test_a_day_before_the_last_confirmation_is_refused(self, campaign, office, lead, staff):
        services.confirm_office(office, by=lead)
        told = Told(Channel.PHONE, "見本さん", today() - timedelta(days=1))
        with refused(DomainError, "最終確認の日"):
            services.update_office(office, {"fax": "0776-1"}, version=1, by=staff, told=told)

    def test_the_same_day_does_not_turn_the_clock_back(self, office, lead, staff, time_machine):
        yesterday = today() - timedelta(days=1)
        confirmed_at = start_of(yesterday) + timedelta(hours=15)
        Office.objects.update(confirmed_at=confirmed_at)
        told = Told(Channel.PHONE, "見本さん", yesterday)
        services.confirm_office(office, by=staff, told=told)
        office.refresh_from_db()
        assert office.confirmed_at == confirmed_at


class TestByLink:
    def test_confirms_without_a_login(self, campaign, office, lead):
        asked = services.confirm_by_link(link_to(lead.user.email), version=1)
        assert (asked.answer, asked.answered_by) == (Answer.UNCHANGED, office.signature)
        office.refresh_from_db()
        assert (office.confirmed_by, office.confirmed_through) == (office.signature, Channel.WEB)
        row = entry(Action.CONFIRM_OFFICE)
        assert (row.actor_organization, row.actor_office, row.actor_role, row.actor_seat_id) == (
            "福井県坂井市",
            "企画政策課",
            "確認のリンク",
            None,
        )
        assert row.personal.values == {"actor": lead.user.email}

    def test_the_main_office_that_is_asked_in_a_branchs_place_signs_itself(
        self, office, lead, time_machine
    ):
        branch = OfficeFactory(organization=office.organization, name="支所", is_main=False)
        campaign = start(office)
        services.confirm_office(office, by=lead)
        time_machine.move_to(start_of(campaign.desk_on))
        services.remind(today())
        asked = asked_of(branch)
        links = {link.to: link for link in MailLink.objects.filter(object_id=asked.pk)}
        assert links.keys() == {branch.email, office.email, lead.user.email}
        services.confirm_by_link(links[lead.user.email], version=1)
        assert asked_of(branch).answered_by == office.signature
        by_link = AuditEntry.objects.get(actor_role="確認のリンク")
        assert by_link.actor_office == office.name

    def test_once_whichever_link_it_is(self, campaign, office, lead, deputy):
        link = link_to(lead.user.email)
        services.confirm_by_link(link, version=1)
        with refused(DomainError, "すでに記録しています"):
            services.confirm_by_link(link, version=1)

    @pytest.mark.parametrize(
        ("change", "error", "sentence"),
        [
            (lambda: Office.objects.update(version=2), StaleVersion, "先に更新しました"),
            (
                lambda: Campaign.objects.update(ended_at=timezone.now()),
                DomainError,
                "に終わりました",
            ),
            (
                lambda: Membership.objects.update(left=today() - timedelta(days=1)),
                DomainError,
                "会員登録は終わっています",
            ),
        ],
        ids=["changed", "ended", "left"],
    )
    def test_is_refused(self, campaign, office, lead, change, error, sentence):
        link = link_to(lead.user.email)
        change()
        with refused(error, sentence):
            services.confirm_by_link(link, version=1)

    def test_is_refused_once_the_link_is_over(self, campaign, lead, time_machine):
        link = link_to(lead.user.email)
        time_machine.move_to(campaign.links_until)
        with refused(DomainError, "リンクの期限が過ぎています"):
            services.confirm_by_link(link, version=1)

    def test_a_shared_account_starts_the_year_with_new_keys(
        self, campaign, office, lead, time_machine
    ):
        """The night after a confirmation by link resets it like one on the site."""
        User.objects.update(kind=UserKind.OFFICE, created_at=timezone.now() - timedelta(days=800))
        services.confirm_by_link(link_to(lead.user.email), version=1)
        tomorrow = today() + timedelta(days=1)
        time_machine.move_to(start_of(tomorrow))
        assert services.reset_confirmed_mailboxes(tomorrow) == 1


class TestRenewal:
    def test_goes_to_the_same_address_and_opens_the_same(self, campaign, office, lead):
        link = link_to(lead.user.email)
        settle()
        services.renew_confirmation(link)
        row = OutboxMail.objects.get(state=MailState.NEW)
        assert (row.to, row.mailing) == (lead.user.email, "")
        new = link_to(lead.user.email)
        assert new != link
        assert services.confirm_by_link(new, version=1).answer

    def test_holds_for_30_days_where_the_campaign_is_still_running(
        self, campaign, lead, time_machine
    ):
        link = link_to(lead.user.email)
        time_machine.move_to(campaign.links_until + timedelta(days=2))
        services.renew_confirmation(link)
        assert link_to(lead.user.email).expires_at > timezone.now() + timedelta(days=29)

    def test_is_refused_once_it_is_answered(self, campaign, office, lead):
        link = link_to(lead.user.email)
        services.confirm_office(office, by=lead)
        with refused(DomainError, "すでに記録しています"):
            services.renew_confirmation(link)


class TestStates:
    """What the year of ``test_year`` has no member for."""

    def states(self, campaign) -> list[AnswerState]:
        return [row.state for row in queries.answers(campaign)]

    @pytest.mark.parametrize(
        ("main", "branch", "state"),
        [
            (Answer.UNCHANGED, Answer.UNCHANGED, AnswerState.UNCHANGED),
            (Answer.UNCHANGED, Answer.CHANGED, AnswerState.CHANGED),
            (Answer.CHANGED, "", AnswerState.SILENT),
        ],
    )
    def test_an_organization_is_where_its_offices_are(self, office, lead, main, branch, state):
        other = OfficeFactory(organization=office.organization, is_main=False)
        campaign = start(office)
        for place, answer in ((office, main), (other, branch)):
            asked = Confirmation.objects.filter(office=place)
            asked.update(answer=answer, answered_at=timezone.now() if answer else None)
        assert self.states(campaign) == [state]
        (row,) = queries.answers(campaign)
        assert (row.answered_on is None) is (branch == "")

    def test_it_is_bounced_until_somebody_is_reached(self, campaign, office, lead, deputy):
        settle(MailState.FAILED)
        assert self.states(campaign) == [AnswerState.BOUNCED]
        services.remind(today())
        assert self.states(campaign) == [AnswerState.SILENT]

    def test_a_cleared_address_lives_again(self, campaign, office, lead, deputy, time_machine):
        """Also where its mail was kept back while it was marked."""
        mail.mark_undeliverable(lead.user.email, by=BY, reason="宛先なし")
        assert self.states(campaign) == [AnswerState.BOUNCED]
        mail.clear_undeliverable(UndeliverableAddress.objects.get(), by=BY, reason="直った")
        assert self.states(campaign) == [AnswerState.SILENT]
        time_machine.move_to(start_of(campaign.deputies_on))
        services.remind(today())
        assert {to for to, _step in new_mails()} == {lead.user.email, deputy.user.email}

    def test_of_two_leads_one_is_enough(self, office, lead):
        other = SeatFactory(office=office, role=Role.LEAD)
        campaign = start(office)
        settle(MailState.FAILED, lead.user.email)
        settle()
        assert self.states(campaign) == [AnswerState.SILENT]
        (row,) = queries.answers(campaign)
        assert row.offices[0].fate == MailState.SENT
        assert [seat.pk for seat in row.offices[0].leads] == [lead.pk, other.pk]

    @pytest.mark.parametrize("members", [1, 3])
    def test_queries(self, office, lead, members, raise_on_fetch, django_assert_num_queries):
        for _ in range(members - 1):
            seat = SeatFactory()
            start_member(seat)
        campaign = start(office)
        # what is asked, main offices, seats, marked addresses, mails
        with django_assert_num_queries(5):
            rows = queries.answers(campaign)
            queries.tallies(rows)
            queries.trend(campaign, rows)
            assert all(asked.leads[0].user.polite_name for row in rows for asked in row.offices)


def start_member(seat) -> None:
    Membership.objects.create(organization=seat.organization, joined=today())
