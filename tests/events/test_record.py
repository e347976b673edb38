"""The events of the record as they stand in the database."""

import csv
from pathlib import Path

import pytest
from django.db import transaction

from agreements.models import Agreement
from core import dates
from core.audit import System
from core.models import Source
from core.record import RecordError, recorded
from events.enums import EventStatus
from events.models import Event, EventRole
from events.record import DATA, load_events
from members.record import Bodies
from portal.record import load_record

pytestmark = pytest.mark.usefixtures("record")


def roles_of(record_id: str) -> list[tuple[str, str]]:
    roles = EventRole.objects.filter(event__record_id=record_id)
    return [(role.role, str(role.organization or role.body_text)) for role in roles]


def load(data: Path) -> None:
    agreements = recorded(Agreement)
    sources = {source.key: source for source in Source.objects.all()}
    load_events(Bodies(), agreements, sources, by=System("test"), data=data)


def test_the_events_by_state():
    assert Event.objects.count() == 71
    assert Event.objects.get(status=EventStatus.CANCELLED).record_id == "E041"
    assert Event.objects.filter(status=EventStatus.PUBLISHED).count() == 70


def test_an_announced_event_is_unconfirmed_and_a_held_one_is_not():
    unconfirmed = [
        event.record_id for event in Event.objects.order_by("record_id") if event.is_unconfirmed
    ]
    assert unconfirmed == ["E025", "E030", "E031", "E038", "E047", "E051", "E058", "E061"]
    assert Event.objects.get(record_id="E001").held_confirmed


def test_hosts_and_participants_in_the_order_of_the_source():
    assert roles_of("E008") == [
        ("主催", "福井県坂井市"),
        ("主催", "東京都品川区"),
        ("参加", "福井県坂井市"),
    ]


def test_a_region_stays_text_and_other_bodies_are_organizations():
    roles = roles_of("E047")
    assert roles[:2] == [("企画協力", "東京都渋谷区"), ("企画協力", "京都府山城地域")]
    texts = EventRole.objects.exclude(body_text="")
    assert [role.body_text for role in texts] == ["京都府山城地域"]


def test_a_former_name_stands_under_todays_name():
    assert ("参加", "兵庫県丹波篠山市") in roles_of("E025")


def test_a_ceremony_names_what_was_signed():
    ceremony = Event.objects.get(record_id="E011")
    assert [agreement.record_id for agreement in ceremony.agreements.all()] == ["A01", "A02"]
    ceremonies = Event.objects.exclude(agreements=None).order_by("record_id").distinct()
    ids = "E002 E011 E014 E019 E020 E026 E028 E037"
    assert [event.record_id for event in ceremonies] == ids.split()


def test_dates_and_numbers_are_shown_as_they_are_known():
    def event(record_id: str) -> Event:
        return Event.objects.get(record_id=record_id)

    assert event("E008").when_text == "2015年（平成27年）11月18日～23日"
    assert event("E043").when_text == "2021年（令和3年）3月"
    assert event("E042").when_text == "2021年（令和3年）"
    assert event("E062").when_text == dates.UNKNOWN
    assert event("E059").when_text == "2025年（令和7年）6月13日（終了日は未確認）"
    assert event("E005").attendance_text == "約260,000人"
    assert event("E039").attendance_text == "57,000人超"
    assert event("E035").attendance_text == "308,000人"
    assert event("E014").attendance_text == ""
    assert event("E010").speaker_list[0] == "大杉覚（首都大学東京大学院教授）"
    assert len(event("E010").speaker_list) == 6


def test_a_correction_survives_a_reload():
    event = Event.objects.get(record_id="E001")
    event.venue = "事務局が直した会場"
    event.save()
    event.roles.all().delete()
    load_record()
    event.refresh_from_db()
    assert event.venue == "事務局が直した会場"
    assert event.roles.count() == 0


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("hosts", "福井県堺井市", "「福井県堺井市」という団体はありません"),
        ("other_roles", "特別区長会", "other_rolesの「特別区長会」に役割がありません"),
        ("agreements", "A99", "「A99」という協定はありません"),
        ("status", "planned", "statusの「planned」は決められた値ではありません"),
        ("sources", "nowhere", "「nowhere」という出典はありません"),
        ("latest", "2015-13-01", "latestの「2015-13-01」は日付ではありません"),
    ],
)
def test_bad_data_names_its_row_and_changes_nothing(tmp_path, column, value, message):
    with (DATA / "events.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    rows[0][column] = value
    with (tmp_path / "events.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    before = list(Event.objects.values())
    with pytest.raises(RecordError) as refusal, transaction.atomic():
        load(tmp_path)
    assert str(refusal.value) == f"events.csv 2行目：{message}"
    assert list(Event.objects.values()) == before
