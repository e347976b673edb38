"""A recorded change that is wrong: taken back before its day, corrected afterwards."""

import pytest

from core.errors import DomainError, NotAllowed
from core.models import AuditEntry
from members import services
from members.models import Municipality, MunicipalityChange
from tests.dumping import dump
from tests.factories.members import OfficeFactory
from tests.members.register.mergers import DAY, NEW_CITY, code, member, merger, new, secretary, town

pytestmark = pytest.mark.usefixtures("record")


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to("2027-02-10 10:00+09:00", tick=False)
    return time_machine


@pytest.fixture
def staff(record):
    return secretary()


class TestCancel:
    def test_before_the_day_everything_is_as_before(self, staff):
        member(town("井手町"))
        before = dump("members")
        first, _ = services.record_change(merger("井手町", "宇治田原町"), by=staff)
        services.cancel_change(first, by=staff, reason="議会で否決されたため")
        assert dump("members") == before
        assert AuditEntry.objects.filter(reason="議会で否決されたため").count() == 3

    def test_of_an_incorporation_leaves_the_city(self, staff):
        member(town("井手町"))
        before = dump("members")
        row = services.record_change(merger("井手町", successor=town("城陽市")), by=staff)[0]
        services.cancel_change(row, by=staff, reason="誤り")
        assert dump("members") == before

    def test_not_once_the_day_has_come(self, staff, clock):
        row = services.record_change(merger("井手町", "宇治田原町"), by=staff)[0]
        clock.move_to("2027-04-01 00:10+09:00", tick=False)
        services.apply_changes(DAY)
        before = dump("members", "core")
        with pytest.raises(DomainError, match="取り消せません"):
            services.cancel_change(row, by=staff, reason="誤り")
        assert dump("members", "core") == before

    def test_not_when_the_successor_has_something_already(self, staff):
        row = services.record_change(merger("井手町", "宇治田原町"), by=staff)[0]
        OfficeFactory(organization=row.current.organization)
        before = dump("members", "core")
        with pytest.raises(DomainError, match="すでに登録されています"):
            services.cancel_change(row, by=staff, reason="誤り")
        assert dump("members", "core") == before

    def test_not_without_a_reason_nor_by_others(self, staff):
        row = services.record_change(merger("井手町", "宇治田原町"), by=staff)[0]
        with pytest.raises(DomainError, match="理由"):
            services.cancel_change(row, by=staff, reason=" ")
        with pytest.raises(NotAllowed):
            services.cancel_change(row, by=member(town("精華町")), reason="誤り")

    def test_what_the_data_brought_cannot_be_cancelled(self, staff):
        row = MunicipalityChange.objects.get(former__code="093670")
        with pytest.raises(DomainError, match="台帳の読み込み"):
            services.cancel_change(row, by=staff, reason="誤り")
        with pytest.raises(DomainError, match="台帳の読み込み"):
            services.correct_change(row, NEW_CITY, by=staff, reason="誤り")


def test_a_slip_in_code_and_name_is_corrected_after_the_day(staff, clock):
    row = services.record_change(merger("井手町", "宇治田原町"), by=staff)[0]
    clock.move_to("2027-04-01 00:10+09:00", tick=False)
    services.apply_changes(DAY)
    right = new(code=code("26217"), name="つづき市")
    services.correct_change(row, right, by=staff, reason="告示と違うため")
    city = Municipality.objects.get(code=right.code)
    assert (city.name, city.organization.name) == ("つづき市", "つづき市")
    assert city.organization.record_key == right.code
    assert right.code in city.organization.search_text
    assert {change.current_name for change in city.changes_to.all()} == {"つづき市"}
    assert not Municipality.objects.filter(code=NEW_CITY.code).exists()
