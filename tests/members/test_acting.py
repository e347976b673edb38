"""Which of a person's seats acts on a page, and who has none."""

from datetime import timedelta

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from core import dates
from core.models import AuditEntry
from members.enums import Role
from tests.factories.members import OfficeFactory, SeatFactory
from tests.members.pages import hidden, sent, unchanged, url

pytestmark = pytest.mark.django_db


class TestSeats:
    def test_forms_carry_the_seat_that_may(self, client_of, office, other_lead):
        """The person's first seat is elsewhere; nobody has to choose before correcting."""
        here = SeatFactory(user=other_lead.user, office=office, role=Role.DEPUTY)
        client = client_of(other_lead)
        page = client.get(url("office_detail", office))
        # Any seat may save the contact; only one of them confirms it.
        assert hidden(page, "seat") == [str(other_lead.pk), str(here.pk)]
        assertContains(page, f"{url('office_update', office)}?seat={here.pk}")
        assert hidden(client.get(url("office_update", office)), "seat") == [str(here.pk)]

    def test_the_named_seat_acts(self, client_of, office, lead):
        second = OfficeFactory(organization=office.organization, name="総務課", is_main=False)
        named = SeatFactory(user=lead.user, office=second, role=Role.DEPUTY)
        client = client_of(lead)
        done = client.post(url("office_confirm", office), sent(lead, seat=str(named.pk)))
        assert done.url == f"{url('office_detail', office)}?seat={named.pk}"
        office.refresh_from_db()
        assert office.confirmed_by == "福井県坂井市　総務課"
        assert AuditEntry.objects.get().actor_office == "総務課"

    def test_a_named_seat_that_may_not_is_not_replaced(self, client_of, office, other_lead):
        SeatFactory(user=other_lead.user, office=office, role=Role.DEPUTY)
        client, form = client_of(other_lead), sent(other_lead, "done")
        assert client.post(url("office_update", office), form).status_code == 403
        assert client.post(url("office_confirm", office), form).status_code == 403
        page = client.get(url("office_detail", office), {"seat": other_lead.pk})
        assertNotContains(page, "変更ありません")
        assert unchanged(office)

    @pytest.mark.parametrize("forged", ["other", "0", "-1", "x", "1' or '1", "\x00", "９"])
    def test_a_forged_seat_is_refused(self, client_of, office, lead, other_lead, forged):
        named = str(other_lead.pk) if forged == "other" else forged
        client = client_of(lead)
        response = client.post(url("office_update", office), sent(lead, "done", seat=named))
        assertContains(response, "選んだ担当は、今の担当にありません", status_code=403)
        assert client.get(url("office_detail", office), {"seat": named}).status_code == 403
        assert unchanged(office)

    def test_a_seat_that_ended_yesterday(self, client_of, office, deputy):
        client = client_of(deputy)
        form = sent(deputy, "done")
        deputy.valid_until = dates.today() - timedelta(days=1)
        deputy.save()
        for name in ("office_update", "office_confirm"):
            address = url(name, office)
            assertRedirects(client.post(address, form), f"/accounts/login/?next={address}")
            client = client_of(deputy)
        address = url("office_detail", office)
        assertRedirects(client.get(address), f"/accounts/login/?next={address}")
        assert unchanged(office)

    def test_a_seat_that_begins_tomorrow(self, client_of, office):
        first_day = dates.today() + timedelta(days=1)
        seat = SeatFactory(office=office, valid_from=first_day)
        from_when = f"{office.signature}の担当は、{dates.day_text(first_day)}から始まります"
        client = client_of(seat)
        for name in ("office_detail", "office_update"):
            assertContains(client.get(url(name, office)), from_when, status_code=403)
        for name in ("office_update", "office_confirm"):
            form = sent(seat, "done")
            assertContains(client.post(url(name, office), form), from_when, status_code=403)
        page = client.get(reverse("members:person_update"))
        assertContains(page, from_when, status_code=403)
        assertNotContains(page, reverse("portal:member_home"), status_code=403)
        assert unchanged(office)

    def test_a_seat_that_ends_today_still_acts(self, client_of, office, lead):
        lead.valid_until = dates.today()
        lead.save()
        response = client_of(lead).post(url("office_confirm", office), sent(lead))
        assert response.status_code == 302
