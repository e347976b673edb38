"""The person's own name."""

import pytest
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from core.models import AuditEntry
from members.enums import UserKind
from tests.factories.members import SeatFactory
from tests.members.pages import hidden, url

pytestmark = pytest.mark.django_db


class TestPersonUpdate:
    URL = "/account/name/"

    def test_changes_the_own_name(self, client_of, lead):
        client = client_of(lead)
        page = client.get(self.URL)
        assertContains(page, lead.user.email)
        assertContains(page, 'autocomplete="family-name"')
        form = {"family_name": "福井", "given_name": "一郎", "token": hidden(page, "token")[0]}
        response = client.post(self.URL, form, follow=True)
        assertRedirects(response, url("office_detail", lead.office))
        assertContains(response, "氏名を変更しました")
        assertContains(response, "福井 一郎さん")

    def test_errors_keep_what_was_typed(self, client_of, lead):
        response = client_of(lead).post(self.URL, {"family_name": "福井", "given_name": ""})
        assertContains(response, "名を入力してください", status_code=422)
        assertContains(response, 'value="福井"', status_code=422)
        lead.user.refresh_from_db()
        assert lead.user.family_name != "福井"

    def test_a_reader_has_a_name_too(self, client_of, reader):
        form = {"family_name": "福井", "given_name": "読子"}
        assert client_of(reader).post(self.URL, form).status_code == 302

    def test_an_office_account_has_none(self, client_of, office):
        seat = SeatFactory(office=office, user__kind=UserKind.OFFICE)
        client = client_of(seat)
        assertNotContains(client.get(url("office_detail", office)), self.URL)
        assert client.get(self.URL).status_code == 403
        form = {"family_name": "課", "given_name": "長"}
        assert client.post(self.URL, form).status_code == 403
        assert not AuditEntry.objects.exists()

    def test_nobody_else_is_changed(self, client_of, lead, deputy):
        form = {"family_name": "福井", "given_name": "一郎", "user": deputy.user.pk, "pk": "1"}
        client_of(lead).post(self.URL, form)
        deputy.user.refresh_from_db()
        assert deputy.user.family_name != "福井"
