"""The official data, loaded again after a change was recorded, or before."""

from pathlib import Path

import pytest

from core.errors import DomainError
from members import services
from members.models import Membership, Municipality, MunicipalityChange, Office, Organization
from members.record import load_register
from members.record import register as register_loader
from portal.record import load_record
from tests.data import copied, rows_of
from tests.dumping import dump
from tests.members.register.mergers import DAY, NEW_CITY, figures, member, merger, secretary, town

pytestmark = pytest.mark.usefixtures("record")


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to("2027-02-10 10:00+09:00", tick=False)
    return time_machine


@pytest.fixture
def staff(record):
    return secretary()


class TestLoad:
    """The official data, loaded again after a change was recorded."""

    def test_of_the_same_data_keeps_it(self, staff, clock):
        lead = member(town("井手町"))
        services.record_change(merger("井手町", "宇治田原町"), by=staff)
        clock.move_to("2027-04-01 00:10+09:00", tick=False)
        services.apply_changes(DAY)
        before = dump("members", "agreements")
        load_register()
        load_record()
        assert dump("members", "agreements") == before
        assert Office.objects.get(pk=lead.office_id).organization.name == "綴喜市"

    def test_of_the_data_that_has_it_matches_it(self, staff, clock, tmp_path, monkeypatch):
        member(town("井手町"))
        services.record_change(merger("井手町", "宇治田原町"), by=staff)
        clock.move_to("2027-04-01 00:10+09:00", tick=False)
        services.apply_changes(DAY)
        before = figures(DAY)
        counts = {model: model.objects.count() for model in (Municipality, Organization)}
        self.load(official_merger(tmp_path), monkeypatch)
        assert MunicipalityChange.objects.filter(current__code=NEW_CITY.code).count() == 2
        assert {model: model.objects.count() for model in counts} == counts
        assert figures(DAY) == before
        row = MunicipalityChange.objects.filter(current__code=NEW_CITY.code)[0]
        assert row.record_digest
        assert row.current.record_digest
        assert not services.may_be_corrected(row)

    def load(self, data: Path, monkeypatch) -> None:
        monkeypatch.setattr(register_loader, "DATA", data)
        load_register()

    def test_of_data_that_was_first_leaves_offices_to_be_carried_over(
        self, staff, clock, tmp_path, monkeypatch
    ):
        lead = member(town("井手町"))
        clock.move_to("2027-05-01 10:00+09:00", tick=False)
        self.load(official_merger(tmp_path), monkeypatch)
        row = MunicipalityChange.objects.get(former__code="263435")
        empty = MunicipalityChange.objects.get(former__code="263443")
        assert services.may_be_carried_over(row)
        assert not services.may_be_carried_over(empty)
        services.carry_over(row, by=staff)
        assert Office.objects.get(pk=lead.office_id).organization.name == "綴喜市"
        assert [m.organization.name for m in Membership.objects.on(DAY)] == ["綴喜市"]
        row.refresh_from_db()
        assert not services.may_be_carried_over(MunicipalityChange.objects.get(pk=row.pk))
        with pytest.raises(DomainError, match="すでに決まっているか"):
            services.carry_over(row, by=staff)


def official_merger(directory: Path) -> Path:
    """The data files as they will be when the register has the merger."""
    data = register_loader.DATA
    copied(data, directory, "municipality_changes.csv")
    towns = [r for r in rows_of(data / "municipalities.csv") if r["code"] not in GONE]
    city = dict.fromkeys(towns[0], "") | {
        "code": NEW_CITY.code,
        "prefecture_code": "26",
        "prefecture": "京都府",
        "name": NEW_CITY.name,
        "kana": NEW_CITY.kana,
        "kind": "市",
        "valid_from": DAY.isoformat(),
    }
    write(directory / "municipalities.csv", [*towns, city])
    changes = rows_of(data / "municipality_changes.csv")
    for former, name in GONE.items():
        changes.append(
            dict.fromkeys(changes[0], "")
            | {
                "date": DAY.isoformat(),
                "kind": "merger",
                "prefecture": "京都府",
                "from_code": former,
                "from_name": name,
                "to_code": NEW_CITY.code,
                "to_name": NEW_CITY.name,
            }
        )
    write(directory / "municipality_changes.csv", changes)
    return directory


GONE = {"263435": "井手町", "263443": "宇治田原町"}


def write(path: Path, rows: list[dict[str, str]]) -> None:
    lines = [",".join(rows[0]), *(",".join(row.values()) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
