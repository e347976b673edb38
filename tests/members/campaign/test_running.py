"""A campaign begins, asks step by step, heals what was missed, and ends."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from core import mail
from core.dates import fiscal_year_of, start_of, today
from core.enums import Channel, MailKind, MailState
from core.errors import DomainError, NotAllowed
from core.models import AuditEntry, MailLink, OutboxMail
from members import services
from members.enums import Action, Answer, Role, Step
from members.models import Campaign, Confirmation, Membership, Office, Seat
from tests.factories.members import (
    AssociationFactory,
    CampaignFactory,
    MembershipFactory,
    OfficeFactory,
    SeatFactory,
)
from tests.members.campaign.asking import BY, asked_of, new_mails, settle, start
from tests.members.changes import entry, refused

pytestmark = pytest.mark.django_db


def remind() -> list[tuple[str, str]]:
    """What the next daily run mails."""
    settle()
    services.remind(today())
    return list(new_mails())


class TestStart:
    def test_every_office_of_the_members_and_wards_is_asked(self, office, ward_lead, staff):
        association = MembershipFactory(organization=AssociationFactory()).organization
        branch = OfficeFactory(organization=office.organization, is_main=False)
        of_association = OfficeFactory(organization=association)
        OfficeFactory()  # of a town that is no member
        left = MembershipFactory(left=today() - timedelta(days=1)).organization
        OfficeFactory(organization=left)
        campaign = start(office)
        asked = set(campaign.confirmations.values_list("office", flat=True))
        assert asked == {office.pk, branch.pk, of_association.pk, ward_lead.office_id}

    def test_wards_only_where_it_includes_them(self, office, ward_lead):
        campaign = start(office, includes_wards=False)
        assert campaign.confirmations.get().office == office

    def test_the_lead_is_mailed_at_once(self, office, lead, deputy, reader):
        campaign = start(office)
        row = OutboxMail.objects.get()
        assert (row.to, row.kind, row.state) == (lead.user.email, MailKind.BULK, MailState.NEW)
        assert row.mailing == f"{campaign.title} 主担当"
        asked = asked_of(office)
        assert (asked.step, bool(asked.mailed_at), asked.answer) == (Step.LEAD, True, "")
        link = MailLink.objects.get()
        assert (link.to, link.object_id, link.expires_at) == (
            lead.user.email,
            asked.pk,
            campaign.links_until,
        )
        assert lead.user.email not in row.key

    def test_its_audit_row_counts(self, office, lead, staff):
        MembershipFactory(organization=office.organization)
        assert services.start_campaign(CampaignFactory(), by=staff) == 1
        row = entry(Action.START_CAMPAIGN)
        assert row.changes == {
            "offices": [None, "1部署（うち確認済み0部署）"],
            "mails": [None, "1通"],
        }

    def test_who_has_confirmed_in_the_fiscal_year_has_answered(self, office, lead):
        confirmed_at = start_of(date(fiscal_year_of(today()), 4, 1))
        Office.objects.update(
            confirmed_at=confirmed_at, confirmed_by=office.signature, confirmed_through="phone"
        )
        start(office)
        asked = asked_of(office)
        assert (asked.answer, asked.answered_at) == (Answer.UNCHANGED, confirmed_at)
        assert (asked.answered_by, asked.channel) == (office.signature, Channel.PHONE)
        assert not OutboxMail.objects.exists()

    def test_a_confirmation_of_the_year_before_is_none(self, office, lead):
        Office.objects.update(
            confirmed_at=start_of(date(fiscal_year_of(today()), 4, 1)) - timedelta(minutes=1)
        )
        start(office)
        assert not asked_of(office).answer

    @pytest.mark.parametrize(
        ("values", "sentence"),
        [
            ({"started_at": timezone.now()}, "すでに開始しています"),
            ({"deadline": today() - timedelta(days=1)}, "回答期限が過ぎています"),
        ],
    )
    def test_is_refused(self, office, values, sentence):
        MembershipFactory(organization=office.organization)
        campaign = CampaignFactory(deputies_on=today() - timedelta(days=7), **values)
        with refused(DomainError, sentence):
            services.start_campaign(campaign, by=BY)

    def test_is_refused_while_another_one_runs(self, office, lead):
        other, campaign = start(office, fiscal_year=2025), CampaignFactory()
        with refused(DomainError, f"「{other.title}」を実施しています"):
            services.start_campaign(campaign, by=BY)

    def test_is_refused_where_nobody_is_to_be_asked(self, office, staff):
        campaign = CampaignFactory()
        with refused(DomainError, "確認をお願いする部署がありません"):
            services.start_campaign(campaign, by=staff)

    def test_is_the_secretariats(self, office, lead):
        MembershipFactory(organization=office.organization)
        campaign = CampaignFactory()
        for action in (services.start_campaign, services.end_campaign, services.send_trial):
            with refused(NotAllowed):
                action(campaign, by=lead)


class TestRemind:
    """The year of ``test_year`` shows the steps; here is what it has no member for."""

    def test_nothing_runs(self, office, lead):
        MembershipFactory(organization=office.organization)
        CampaignFactory()
        assert remind() == []

    def test_steps_that_were_missed_together_are_one_mail(self, office, lead, deputy, time_machine):
        campaign = start(office)
        time_machine.move_to(start_of(campaign.desk_on + timedelta(days=3)))
        everybody = [lead.user.email, deputy.user.email, office.email]
        assert remind() == [(to, "代表の部署") for to in everybody]
        assert asked_of(office).step == Step.DESK
        assert remind() == []

    def test_a_step_that_was_climbed_before_its_day_is_not_mailed_again(
        self, office, lead, deputy, time_machine
    ):
        campaign = start(office)
        settle(MailState.FAILED)
        assert remind() == [(deputy.user.email, "副担当")]
        time_machine.move_to(start_of(campaign.deputies_on))
        assert remind() == []
        time_machine.move_to(start_of(campaign.office_on))
        assert remind() == [(to, "部署の共用アドレス") for to in (deputy.user.email, office.email)]

    def test_whoever_reads_two_offices_has_a_mail_for_each(self, office, lead):
        branch = OfficeFactory(organization=office.organization, is_main=False)
        SeatFactory(office=branch, user=lead.user)
        start(office)
        assert list(new_mails()) == [(lead.user.email, "主担当")] * 2

    def test_a_lead_with_a_new_address_is_asked_there(self, office, lead):
        start(office)
        settle(MailState.FAILED)
        lead.user.email = "atarashii@city.sakai.example.jp"
        lead.user.save()
        assert remind() == [(lead.user.email, "主担当")]

    def test_a_resent_mail_that_arrives_climbs_no_further(self, office, lead, deputy):
        start(office)
        settle(MailState.FAILED)
        mail.resend(OutboxMail.objects.get(), by=BY)
        assert remind() == []

    @pytest.mark.parametrize(
        "change",
        [
            lambda office: Membership.objects.update(left=today() - timedelta(days=1)),
            lambda office: Campaign.objects.update(ended_at=timezone.now()),
            lambda office: services.confirm_office(office, by=Seat.objects.get(role=Role.LEAD)),
        ],
        ids=["left", "ended", "answered"],
    )
    def test_nobody_is_asked_who_is_not_to_be(self, office, lead, change, time_machine):
        campaign = start(office)
        change(office)
        time_machine.move_to(start_of(campaign.desk_on))
        assert remind() == []

    def test_nothing_is_mailed_once_the_links_are_over(self, office, lead, time_machine):
        campaign = start(office)
        Confirmation.objects.update(step=None)
        time_machine.move_to(campaign.links_until)
        assert remind() == []

    @pytest.mark.parametrize("offices", [1, 3])
    def test_queries(self, office, lead, offices, time_machine, django_assert_num_queries):
        for _ in range(offices - 1):
            seat = SeatFactory(office__organization=MembershipFactory().organization)
            SeatFactory(office=seat.office, role=Role.DEPUTY)
        campaign = start(office)
        time_machine.move_to(start_of(campaign.office_on))
        # the campaign; what is asked, main offices, seats, marked addresses, mails;
        # a transaction's two ends, what it locks, links; known mails, marked addresses, mails,
        # the step
        with django_assert_num_queries(14):
            services.remind(today())


class TestEnd:
    def test_what_waits_is_taken_back_and_nobody_is_asked_any_more(self, office, lead, staff):
        campaign = services.end_campaign(start(office), by=staff)
        assert not campaign.is_running
        assert OutboxMail.objects.get().state == MailState.CANCELLED
        assert entry(Action.END_CAMPAIGN).changes == {
            "silent": [None, "1部署"],
            "mails": [None, "取り消し1通"],
        }
        assert remind() == []

    @pytest.mark.parametrize(
        "values", [{}, {"started_at": timezone.now(), "ended_at": timezone.now()}]
    )
    def test_is_refused_when_it_does_not_run(self, values, staff):
        campaign = CampaignFactory(**values)
        with refused(DomainError, "実施中ではありません"):
            services.end_campaign(campaign, by=staff)

    def test_the_next_one_may_start(self, office, lead, staff):
        services.end_campaign(start(office, fiscal_year=2025), by=staff)
        assert services.start_campaign(CampaignFactory(), by=staff) == 1
        assert AuditEntry.objects.filter(action=Action.START_CAMPAIGN).count() == 2
