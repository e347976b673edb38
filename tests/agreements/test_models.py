"""What an agreement says of its term and its items."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from agreements.enums import Renewal
from agreements.models import Agreement
from tests.factories.agreements import AgreementFactory, PartyFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("renews", Renewal)
def test_no_expiry_is_ever_invented(renews):
    agreement = AgreementFactory(term_years=1, renews=renews)
    assert agreement.in_force_on(date(2100, 1, 1))


def test_an_agreement_without_renewal_holds_through_its_last_day():
    agreement = AgreementFactory(
        term_years=3, renews=Renewal.NONE, ends_on=date(2019, 4, 25), latest=date(2016, 4, 26)
    )
    for day, holds in ((date(2019, 4, 25), True), (date(2019, 4, 26), False)):
        assert agreement.in_force_on(day) is holds
        assert Agreement.objects.in_force_on(day).exists() is holds


@pytest.mark.parametrize("renews", [Renewal.AUTO, Renewal.UNKNOWN])
def test_only_an_agreement_without_renewal_has_a_last_day(renews):
    with pytest.raises(IntegrityError), transaction.atomic():
        AgreementFactory(renews=renews, ends_on=date(2019, 4, 25))


def test_items_that_are_not_known_by_name_are_counted():
    agreement = AgreementFactory(items="産業\n\n 観光 ", item_count=6)
    assert agreement.item_list == ["産業", "観光"]
    assert agreement.unnamed_items == 4
    assert AgreementFactory(items="産業", item_count=None).unnamed_items == 0


def test_an_organization_is_a_party_once():
    party = PartyFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        PartyFactory(agreement=party.agreement, organization=party.organization)


def test_the_dates_of_the_record_stand_in_order():
    with pytest.raises(IntegrityError), transaction.atomic():
        AgreementFactory(earliest=date(2018, 4, 16), latest=date(2018, 3, 16))
    agreement = AgreementFactory.build(earliest=date(2018, 4, 16), latest=date(2018, 3, 16))
    with pytest.raises(ValidationError, match="両方を、順に入力してください"):
        agreement.full_clean()
