"""What changes contact details, accounts and seats; a refusal changes nothing."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.db import connections
from django.forms.models import model_to_dict
from django.utils import timezone

from core import audit, dates
from core.audit import Told
from core.enums import Channel
from core.errors import DomainError, NotAllowed, StaleVersion
from core.models import AuditEntry
from members import services
from members.enums import Action, Role
from tests.factories.members import OfficeFactory, SeatFactory
from tests.members.changes import entry, refused, stored

pytestmark = pytest.mark.django_db

CALL = Told(Channel.PHONE, "企画政策課の見本さん")
NEW = {"name": "企画課", "phone": "0776-50-9999", "address": "福井県坂井市坂井町下新庄1-1"}


class TestUpdateOffice:
    def test_saves_and_confirms(self, office, lead):
        services.update_office(office, NEW, version=office.version, by=lead)
        office.refresh_from_db()
        assert {field: getattr(office, field) for field in NEW} == NEW
        assert office.version == 2
        assert timezone.localdate(office.confirmed_at) == dates.today()
        assert office.confirmed_through == Channel.WEB
        assert "0776-50-9999" in office.search_text

    def test_is_confirmed_under_the_new_name(self, office, lead):
        services.update_office(office, NEW, version=1, by=lead)
        office.refresh_from_db()
        assert office.confirmed_by == "福井県坂井市　企画課"

    def test_another_office_of_the_organization_confirms_by_its_name(self, office):
        other = OfficeFactory(organization=office.organization, name="総務課", is_main=False)
        services.update_office(office, NEW, version=1, by=SeatFactory(office=other))
        office.refresh_from_db()
        assert office.confirmed_by == "福井県坂井市　総務課"

    def test_the_audit_row_keeps_numbers_in_its_erasable_side_row(self, office, lead):
        services.update_office(office, NEW, version=1, by=lead)
        row = entry(Action.CHANGE_OFFICE)
        assert row.object_label == "福井県坂井市　企画課"
        assert (row.actor_office, row.actor_role) == ("企画政策課", "主担当")
        assert row.changes["name"] == ["企画政策課", "企画課"]
        assert "phone" not in row.changes
        assert row.personal.values == {
            "phone": ["0776-50-3010", "0776-50-9999"],
            "actor": lead.user.display_name,
        }
        values, salt = row.personal.values, row.personal.salt
        assert row.personal_digests == {
            name: audit.digest(value, salt) for name, value in values.items()
        }
        row.personal.delete()
        assert "0776" not in str(model_to_dict(entry(Action.CHANGE_OFFICE)))

    def test_nothing_different_is_a_confirmation(self, office, lead):
        services.update_office(office, services.contact_values(office), version=1, by=lead)
        office.refresh_from_db()
        assert office.version == 1
        assert not office.is_stale
        assert AuditEntry.objects.get().action == Action.CONFIRM_OFFICE

    def test_fields_that_are_not_given_stay(self, office, lead):
        services.update_office(office, {"fax": "0776-68-0324"}, version=1, by=lead)
        office.refresh_from_db()
        assert (office.fax, office.phone) == ("0776-68-0324", "0776-50-3010")

    def test_only_contact_details_are_taken(self, office, lead):
        forged = NEW | {"organization_id": 0, "desk_heading": "偽の窓口", "version": 9}
        services.update_office(office, forged, version=1, by=lead)
        office.refresh_from_db()
        assert (office.desk_heading, office.version) == ("", 2)

    def test_a_stale_version_is_refused(self, office, lead, deputy):
        services.update_office(office, {"phone": "0776-50-1111"}, version=1, by=deputy)
        with refused(StaleVersion, "ほかの担当者が先に更新しました"):
            services.update_office(office, NEW, version=1, by=lead)

    @pytest.mark.parametrize("who", ["reader", "other_lead", "ward_lead", "staff"])
    def test_is_refused_to(self, request, office, who):
        seat = request.getfixturevalue(who)
        with refused(NotAllowed):
            services.update_office(office, NEW, version=1, by=seat)

    def test_is_refused_to_a_seat_that_ended_yesterday(self, office, lead):
        lead.valid_until = dates.today() - timedelta(days=1)
        lead.save()
        with refused(NotAllowed):
            services.update_office(office, NEW, version=1, by=lead)

    def test_changes_the_lead_in_the_same_transaction(self, office, lead, deputy):
        services.update_office(office, NEW, version=1, by=lead, lead=deputy)
        lead.refresh_from_db()
        deputy.refresh_from_db()
        office.refresh_from_db()
        assert (lead.role, deputy.role, office.name) == (Role.DEPUTY, Role.LEAD, "企画課")
        actions = set(AuditEntry.objects.values_list("action", flat=True))
        assert actions == {Action.CHANGE_OFFICE, Action.CHANGE_LEAD}

    def test_keeps_nothing_when_the_lead_is_refused(self, office, lead, other_lead):
        with refused(DomainError, "主担当には"):
            services.update_office(office, NEW, version=1, by=lead, lead=other_lead)

    def test_a_form_opened_before_a_new_lead_is_stale(self, office, lead, deputy):
        services.change_lead(office, deputy, by=lead)
        with refused(StaleVersion):
            services.update_office(office, NEW, version=1, by=lead, lead=lead)


class TestForACaller:
    def test_the_secretariat_writes_down_what_the_office_says(self, office, staff):
        services.update_office(office, NEW, version=1, by=staff, told=CALL)
        office.refresh_from_db()
        assert office.phone == NEW["phone"]
        assert office.confirmed_by == "福井県坂井市　企画課"
        assert office.get_confirmed_through_display() == "電話で確認"
        row = entry(Action.CHANGE_OFFICE)
        assert (row.channel, row.actor_organization) == (Channel.PHONE, "特別区長会")
        assert row.personal.values["caller"] == CALL.caller

    def test_the_secretariat_confirms(self, office, staff):
        services.confirm_office(office, by=staff, told=CALL)
        office.refresh_from_db()
        assert (office.confirmed_by, office.confirmed_through) == (
            "福井県坂井市　企画政策課",
            Channel.PHONE,
        )

    def test_nobody_else_speaks_for_a_caller(self, office, lead):
        with refused(NotAllowed):
            services.update_office(office, NEW, version=1, by=lead, told=CALL)

    def test_the_web_is_no_caller(self, office, staff):
        with refused(NotAllowed):
            services.update_office(office, NEW, version=1, by=staff, told=Told())

    def test_the_secretariat_names_the_lead(self, office, lead, deputy, staff):
        services.change_lead(office, deputy, by=staff, told=CALL)
        deputy.refresh_from_db()
        assert deputy.role == Role.LEAD

    def test_the_secretariat_corrects_a_name(self, lead, staff):
        services.change_person(
            lead.user, family_name="福井", given_name="花子", by=staff, told=CALL
        )
        lead.user.refresh_from_db()
        assert lead.user.display_name == "福井 花子"


class TestConfirmOffice:
    def test_notes_when_by_whom_and_how(self, office, deputy):
        services.confirm_office(office, by=deputy, version=1)
        office.refresh_from_db()
        assert timezone.localdate(office.confirmed_at) == dates.today()
        assert office.confirmed_by == "福井県坂井市　企画政策課"
        assert office.version == 1
        row = entry(Action.CONFIRM_OFFICE)
        assert (row.changes, row.actor_role) == ({}, "副担当")

    def test_nobody_confirms_what_they_have_not_seen(self, office, lead, deputy):
        services.update_office(office, NEW, version=1, by=lead)
        with refused(StaleVersion):
            services.confirm_office(office, by=deputy, version=1)

    @pytest.mark.parametrize("who", ["reader", "other_lead", "ward_lead", "staff"])
    def test_is_refused_to(self, request, office, who):
        seat = request.getfixturevalue(who)
        with refused(NotAllowed):
            services.confirm_office(office, by=seat)


class TestChangeLead:
    def test_the_former_lead_becomes_a_deputy(self, office, lead, deputy):
        services.change_lead(office, deputy, by=lead)
        lead.refresh_from_db()
        deputy.refresh_from_db()
        assert (lead.role, deputy.role) == (Role.DEPUTY, Role.LEAD)
        row = entry(Action.CHANGE_LEAD)
        assert row.changes == {}
        assert row.personal.values["lead"] == [
            lead.user.display_name,
            deputy.user.display_name,
        ]

    def test_one_of_several_leads_becomes_the_only_one(self, office, lead):
        second = SeatFactory(office=office, role=Role.LEAD)
        services.change_lead(office, second, by=lead)
        assert list(office.seats.leads()) == [second]

    def test_the_only_lead_again_records_nothing(self, office, lead, deputy):
        before = stored()
        services.change_lead(office, lead, by=lead)
        assert stored() == before

    def test_leads_of_other_offices_stay(self, office, lead, deputy):
        other = OfficeFactory(organization=office.organization, is_main=False)
        elsewhere = SeatFactory(office=other, role=Role.LEAD)
        services.change_lead(office, deputy, by=lead)
        elsewhere.refresh_from_db()
        assert elsewhere.role == Role.LEAD

    def test_a_reader_cannot_become_lead(self, office, lead, reader):
        with refused(DomainError, "今の主担当または副担当から"):
            services.change_lead(office, reader, by=lead)

    def test_nor_can_a_seat_of_another_office(self, office, lead, other_lead):
        with refused(DomainError, "今の主担当または副担当から"):
            services.change_lead(office, other_lead, by=lead)

    def test_nor_a_seat_that_ended(self, office, lead, deputy):
        deputy.valid_until = dates.today() - timedelta(days=1)
        deputy.save()
        with refused(DomainError):
            services.change_lead(office, deputy, by=lead)

    def test_nor_a_closed_account(self, office, lead, deputy):
        deputy.user.is_active = False
        deputy.user.save()
        with refused(DomainError):
            services.change_lead(office, deputy, by=lead)

    def test_a_deputy_names_no_lead(self, office, lead, deputy):
        with refused(NotAllowed):
            services.change_lead(office, deputy, by=deputy)

    def test_a_lead_who_was_replaced_meanwhile_names_no_other(self, office, lead, deputy):
        third = SeatFactory(office=office, role=Role.DEPUTY)
        services.change_lead(office, deputy, by=lead)
        assert lead.role == Role.LEAD  # as the request read it
        with refused(NotAllowed):
            services.change_lead(office, third, by=lead)


CHANGES = {
    "update": lambda lead, deputy, staff: services.update_office(
        lead.office, NEW, version=1, by=lead, lead=deputy
    ),
    "confirm": lambda lead, deputy, staff: services.confirm_office(lead.office, by=lead),
    "lead": lambda lead, deputy, staff: services.change_lead(lead.office, deputy, by=lead),
    "person": lambda lead, deputy, staff: services.change_person(
        lead.user, family_name="別", given_name="名", by=lead
    ),
    "account": lambda lead, deputy, staff: services.open_account("new@example.lg.jp", by=staff),
    "seat": lambda lead, deputy, staff: services.give_seat(
        lead.user, staff.office, Role.READER, valid_from=date(2026, 4, 1), by=staff
    ),
    "end": lambda lead, deputy, staff: services.end_seat(deputy, last_day=dates.today(), by=staff),
}


@pytest.mark.parametrize("change", CHANGES)
def test_without_its_audit_row_nothing_stays(lead, deputy, staff, settings, change):
    before = stored()
    settings.AUDIT_KEY = None  # no digest can be written, and so no row
    with pytest.raises(AttributeError):
        CHANGES[change](lead, deputy, staff)
    assert stored() == before


def at_once(*calls) -> list[str]:
    """Runs ``calls`` in threads of their own; what each ended with, sorted."""
    start = threading.Barrier(len(calls))

    def run(call) -> str:
        try:
            start.wait(timeout=10)
            call()
        except DomainError as refusal:
            return type(refusal).__name__
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(len(calls)) as threads:
        return sorted(threads.map(run, calls))


@pytest.mark.django_db(transaction=True)
def test_of_two_changes_at_once_one_is_kept(office, lead, deputy):
    def change(seat, phone):
        return lambda: services.update_office(office, {"phone": phone}, version=1, by=seat)

    ends = at_once(change(lead, "0776-50-1111"), change(deputy, "0776-50-2222"))
    assert ends == ["StaleVersion", "done"]
    office.refresh_from_db()
    assert office.version == 2
    assert AuditEntry.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_new_leads_at_once_one_is_kept(office, lead, deputy):
    third = SeatFactory(office=office, role=Role.DEPUTY)
    ends = at_once(
        lambda: services.change_lead(office, deputy, by=lead),
        lambda: services.change_lead(office, third, by=lead),
    )
    assert ends == ["NotAllowed", "done"]
    assert office.seats.leads().count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_accounts_at_once_one_is_opened(staff):
    ends = at_once(
        lambda: services.open_account("new@example.lg.jp", by=staff),
        lambda: services.open_account("new@example.lg.jp", by=staff),
    )
    assert ends == ["DomainError", "done"]
    assert EmailAddress.objects.filter(email="new@example.lg.jp").count() == 1
