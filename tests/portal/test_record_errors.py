"""An error in the data changes nothing, and says where it stands."""

import pytest
from django.core.management import CommandError, call_command

from core.models import AuditEntry, Source
from members.models import Organization
from members.record import load_register
from tests.dumping import dump

pytestmark = pytest.mark.django_db


def test_without_the_register_nothing_is_loaded():
    with pytest.raises(
        CommandError, match=r"organizations\.csv 2行目：「北海道」という都道府県はありません"
    ):
        call_command("load_record", verbosity=0)
    assert not Source.objects.exists()
    assert not AuditEntry.objects.exists()


def test_an_error_in_one_room_undoes_the_others():
    load_register()
    Organization.objects.get(record_key="131091").delete()
    before = dump()
    with pytest.raises(CommandError, match=r"「東京都品川区」という団体はありません"):
        call_command("load_record", verbosity=0)
    assert dump() == before
