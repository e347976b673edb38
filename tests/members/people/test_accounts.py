"""Accounts and seats: named, opened, given and ended; a refusal changes nothing."""

from datetime import date, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.forms.models import model_to_dict

from core import dates
from core.audit import System, Told
from core.enums import Channel
from core.errors import DomainError, NotAllowed
from members import services
from members.enums import Action, Role, UserKind
from tests.factories.members import UserFactory
from tests.members.changes import entry, refused, stored

pytestmark = pytest.mark.django_db

CALL = Told(Channel.PHONE, "企画政策課の見本さん")


class TestChangePerson:
    def test_the_name_is_a_personal_value(self, lead):
        before = lead.user.family_name
        services.change_person(lead.user, family_name="福井", given_name="一郎", by=lead)
        lead.user.refresh_from_db()
        assert lead.user.display_name == "福井 一郎"
        row = entry(Action.CHANGE_PERSON)
        assert row.object_label == f"利用者 {lead.user.pk}"
        assert row.changes == {}
        assert row.personal.values["family_name"] == [before, "福井"]

    def test_the_same_name_records_nothing(self, lead):
        before = stored()
        name = {"family_name": lead.user.family_name, "given_name": lead.user.given_name}
        services.change_person(lead.user, **name, by=lead)
        assert stored() == before

    @pytest.mark.parametrize("who", ["deputy", "staff"])
    def test_is_refused_to_others(self, request, lead, who):
        seat = request.getfixturevalue(who)
        with refused(NotAllowed):
            services.change_person(lead.user, family_name="他", given_name="人", by=seat)


class TestOpenAccount:
    def test_the_address_counts_as_verified(self):
        user = services.open_account(" Tanto@Example.LG.jp", by=System("load_demo"))
        assert user.email == "tanto@example.lg.jp"
        address = EmailAddress.objects.get(user=user)
        assert (address.email, address.verified, address.primary) == (user.email, True, True)
        assert not user.has_usable_password()
        row = entry(Action.OPEN_ACCOUNT)
        assert user.email not in f"{row.object_label}{row.changes}"
        assert row.personal.values["email"] == ["", user.email]

    def test_an_address_has_one_account(self, lead):
        with refused(DomainError, "すでに登録されています"):
            services.open_account(lead.user.email.upper(), by=System("load_demo"))

    def test_the_secretariat_opens_accounts(self, staff):
        user = services.open_account("new@example.lg.jp", by=staff, kind=UserKind.OFFICE)
        assert user.display_name == "共用"

    def test_members_do_not(self, lead):
        with refused(NotAllowed):
            services.open_account("new@example.lg.jp", by=lead)


class TestGiveSeat:
    FROM = date(2026, 4, 1)

    def test_seats_an_account(self, office, staff):
        user = UserFactory()
        seat = services.give_seat(user, office, Role.DEPUTY, valid_from=self.FROM, by=staff)
        assert user.current_seats == [seat]
        row = entry(Action.GIVE_SEAT)
        assert row.object_label == "福井県坂井市　企画政策課　副担当"
        assert user.family_name not in str(model_to_dict(row))

    def test_staff_sit_in_the_secretariat_only(self, office, staff):
        with refused(DomainError, "特別区長会と特別区協議会だけ"):
            services.give_seat(staff.user, office, Role.STAFF, valid_from=self.FROM, by=staff)

    def test_dates_are_in_order(self, office, staff, other_lead):
        with refused(DomainError, "始まりの日以降"):
            services.give_seat(
                other_lead.user,
                office,
                Role.DEPUTY,
                valid_from=self.FROM,
                valid_until=date(2026, 3, 31),
                by=staff,
            )

    def test_one_seat_per_office_and_day(self, lead, office, staff):
        lead.valid_until = date(2026, 4, 1)
        lead.save()
        with refused(DomainError, "すでに持っています"):
            services.give_seat(lead.user, office, Role.DEPUTY, valid_from=self.FROM, by=staff)

    def test_a_seat_after_another(self, lead, office, staff):
        lead.valid_until = date(2026, 3, 31)
        lead.save()
        services.give_seat(lead.user, office, Role.DEPUTY, valid_from=self.FROM, by=staff)
        assert lead.user.seats.count() == 2

    def test_a_seat_before_another(self, lead, office, staff):
        services.give_seat(
            lead.user,
            office,
            Role.READER,
            valid_from=date(2019, 4, 1),
            valid_until=date(2020, 3, 31),
            by=staff,
        )
        assert lead.user.seats.count() == 2

    def test_members_give_none(self, lead, other_lead):
        with refused(NotAllowed):
            services.give_seat(
                other_lead.user, lead.office, Role.DEPUTY, valid_from=self.FROM, by=lead
            )


class TestEndSeat:
    def test_its_last_day_belongs_to_it(self, deputy, staff):
        seat = services.end_seat(deputy, last_day=dates.today(), by=staff)
        assert seat.is_current
        row = entry(Action.END_SEAT)
        assert row.changes["valid_until"] == [None, dates.today().isoformat()]
        assert row.object_label == "福井県坂井市　企画政策課　副担当"

    def test_not_before_it_begins(self, deputy, staff):
        with refused(DomainError, "始まりの日以降"):
            services.end_seat(deputy, last_day=date(2020, 3, 31), by=staff)

    def test_not_twice(self, deputy, staff):
        deputy.valid_until = dates.today() - timedelta(days=1)
        deputy.save()
        with refused(DomainError, "すでに終わっています"):
            services.end_seat(deputy, last_day=dates.today(), by=staff)

    def test_members_of_other_organizations_end_none(self, other_lead, deputy):
        with refused(NotAllowed):
            services.end_seat(deputy, last_day=dates.today(), by=other_lead)
