"""Every cell of the chronology, the disasters, the relief and the stated figures."""

from pathlib import Path

import pytest
from django.db import transaction

from agreements.models import Agreement, Collaboration
from chronicle.models import Disaster, Milestone, Relief, StatedFigure
from chronicle.record.figures import load_figures
from chronicle.record.milestones import DATA, Referred, load_milestones
from chronicle.record.relief import load_disasters, load_reliefs
from core.models import Source
from core.record import recorded
from events.models import Event
from members.record import Bodies
from portal.record import load_record
from tests.data import (
    copied,
    flag,
    in_file,
    iso,
    joined,
    keys,
    line_of,
    loaded_as,
    name_of,
    number,
    refused,
)
from tests.dumping import dump

pytestmark = pytest.mark.usefixtures("record")


def load(data: Path) -> None:
    """The four tables from ``data``, all or nothing, as the command does it."""
    bodies, sources = Bodies(), {source.key: source for source in Source.objects.all()}
    known = [recorded(model) for model in (Agreement, Collaboration, Event)]
    with transaction.atomic():
        disasters = load_disasters(sources, data=data)
        load_reliefs(bodies, disasters.by_key, sources, data=data)
        load_milestones(bodies, Referred(*known, disasters.by_key), sources, data=data)
        load_figures(sources, data=data)


def common(row) -> dict[str, str]:
    return {
        "id": row.record_id,
        "note": row.note,
        "confidence": row.confidence,
        "sources": keys(row.sources.all()),
    }


def dated(row) -> dict[str, str]:
    return {
        "earliest": iso(row.earliest),
        "latest": iso(row.latest),
        "precision": row.precision,
    }


def milestone_told(milestone: Milestone) -> dict[str, str]:
    same = ("agreements", "collaborations", "events", "disasters")
    return {
        **common(milestone),
        **dated(milestone),
        "title": milestone.title,
        "detail": milestone.detail,
        "category": milestone.category,
        "place": milestone.place,
        "organizations": joined(name_of(body) for body in milestone.organizations.all()),
        "people": ";".join(milestone.people_list),
        "participants_text": milestone.participants_text,
        "refers_to": joined(
            row.record_id for name in same for row in getattr(milestone, name).all()
        ),
        "newsletter_order": number(milestone.newsletter_order),
    }


def disaster_told(disaster: Disaster) -> dict[str, str]:
    return {
        **common(disaster),
        **dated(disaster),
        "name": disaster.name,
        "printed_year": disaster.printed_year,
        "as_printed_when": disaster.printed_when,
        "order": number(disaster.order),
    }


def relief_told(relief: Relief) -> dict[str, str]:
    return {
        **common(relief),
        "disaster_id": relief.disaster.record_id,
        "kind": relief.kind,
        "staff": number(relief.staff),
        "amount_yen": number(relief.amount_yen),
        "recipients": joined(name_of(body) for body in relief.recipients.all()),
        "as_printed": relief.disaster.printed_support,
    }


def figure_told(figure: StatedFigure) -> dict[str, str]:
    return {
        **common(figure),
        "metric": figure.metric,
        "value": number(figure.value),
        "unit": figure.unit,
        "qualifier": figure.qualifier,
        "as_of_earliest": iso(figure.as_of_earliest),
        "as_of_latest": iso(figure.as_of_latest),
        "description": figure.description,
        "refers_to": figure.refers_to,
        "chart": flag(figure.in_charts),
    }


class TestCells:
    def test_every_cell_of_a_milestone_is_where_it_belongs(self):
        unordered = ["organizations", "refers_to", "sources"]
        expected = in_file(DATA / "milestones.csv", unordered=unordered)
        assert loaded_as(Milestone, milestone_told) == expected

    def test_every_cell_of_a_disaster_is_where_it_belongs(self):
        expected = in_file(DATA / "disasters.csv", unordered=["sources"])
        assert loaded_as(Disaster, disaster_told) == expected

    def test_every_cell_of_the_relief_is_where_it_belongs(self):
        expected = in_file(DATA / "relief.csv", unordered=["recipients", "sources"])
        assert loaded_as(Relief, relief_told) == expected

    def test_every_cell_of_a_stated_figure_is_where_it_belongs(self):
        expected = in_file(DATA / "stated_figures.csv", unordered=["sources"])
        assert loaded_as(StatedFigure, figure_told) == expected


class TestReload:
    def test_corrections_stay(self):
        milestone = Milestone.objects.get(record_id="M001")
        milestone.title = "事務局が直した題名"
        milestone.save()
        milestone.organizations.clear()
        Disaster.objects.filter(record_id="D01").update(printed_support="直した表記")
        relief = Relief.objects.get(record_id="R01-1")
        relief.recipients.clear()
        Relief.objects.filter(pk=relief.pk).update(amount_yen=1)
        before = dump()
        load_record()
        assert dump() == before

    @pytest.mark.parametrize(
        ("model", "file", "record_id", "cells", "changed"),
        [
            (Milestone, "milestones.csv", "M002", {"title": "別の題名"}, {"title": "別の題名"}),
            (Disaster, "disasters.csv", "D02", {"name": "別の名"}, {"name": "別の名"}),
            (Relief, "relief.csv", "R01-1", {"amount_yen": "5"}, {"amount_yen": 5}),
        ],
    )
    def test_changed_data_rewrites_its_row_alone(
        self, tmp_path, model, file, record_id, cells, changed
    ):
        others = model.objects.exclude(record_id=record_id).order_by("pk")
        before = list(others.values())
        model.objects.filter(record_id=record_id).update(note="事務局が直したメモ")
        load(copied(DATA, tmp_path, file, line_of(DATA / file, record_id), **cells))
        row = model.objects.get(record_id=record_id)
        assert {name: getattr(row, name) for name in changed} == changed
        assert row.note != "事務局が直したメモ"
        # The printed cell stands on the disaster, with every row of its relief.
        assert list(others.values()) == before

    def test_a_changed_printed_cell_rewrites_its_disaster(self, tmp_path):
        line = line_of(DATA / "relief.csv", "R01-1")
        load(copied(DATA, tmp_path, "relief.csv", line, as_printed="新しい表記"))
        assert Disaster.objects.get(record_id="D01").printed_support == "新しい表記"

    def test_a_milestone_refers_to_what_its_data_names_now(self, tmp_path):
        load(copied(DATA, tmp_path, "milestones.csv", 2, refers_to="A01;C001;E001;D01"))
        milestone = Milestone.objects.get(record_id="M001")
        assert milestone_told(milestone)["refers_to"] == "A01;C001;D01;E001"
        assert milestone.organizations.count() == 2


@pytest.mark.once
@pytest.mark.parametrize(
    ("file", "column", "value", "message"),
    [
        ("milestones.csv", "organizations", "無名会", "「無名会」という団体はありません"),
        ("milestones.csv", "refers_to", "E999", "「E999」という記録はありません"),
        ("milestones.csv", "refers_to", "X001", "refers_toの「X001」が読めません"),
        ("milestones.csv", "category", "祭", "category '祭' は有効な選択肢ではありません。"),
        ("milestones.csv", "latest", "昨日", "latestの「昨日」は日付ではありません"),
        ("milestones.csv", "precision", "week", "precision 'week' は有効な選択肢ではありません。"),
        ("milestones.csv", "sources", "nowhere", "「nowhere」という出典はありません"),
        (
            "milestones.csv",
            "newsletter_order",
            "一番",
            "newsletter_orderの「一番」は整数ではありません",
        ),
        ("disasters.csv", "earliest", "2008/6/14", "earliestの「2008/6/14」は日付ではありません"),
        ("disasters.csv", "order", "first", "orderの「first」は整数ではありません"),
        ("disasters.csv", "sources", "nowhere", "「nowhere」という出典はありません"),
        ("relief.csv", "disaster_id", "D99", "「D99」という番号はありません"),
        ("relief.csv", "recipients", "無名市", "「無名市」という団体はありません"),
        ("relief.csv", "kind", "募金", "kind '募金' は有効な選択肢ではありません。"),
        ("relief.csv", "amount_yen", "約500万", "amount_yenの「約500万」は整数ではありません"),
        ("relief.csv", "staff", "1.5", "staffの「1.5」は整数ではありません"),
        ("stated_figures.csv", "value", "", "value このフィールドには NULL を指定できません。"),
        ("stated_figures.csv", "sources", "nowhere", "「nowhere」という出典はありません"),
    ],
)
def test_bad_data_names_its_row_and_changes_nothing(tmp_path, file, column, value, message):
    data = copied(DATA, tmp_path, file, 2, **{column: value})
    with refused(file, 2, message, "chronicle", "core"):
        load(data)


@pytest.mark.parametrize("file", ["milestones.csv", "relief.csv", "stated_figures.csv"])
def test_an_id_that_stands_twice_is_refused(tmp_path, file):
    first = next(iter(in_file(DATA / file)))
    data = copied(DATA, tmp_path, file, 3, id=first)
    with refused(file, 3, f"「{first}」が2回あります", "chronicle", "core"):
        load(data)


def test_rows_of_one_disaster_that_print_different_cells_are_refused(tmp_path):
    line = line_of(DATA / "relief.csv", "R04-2")
    data = copied(DATA, tmp_path, "relief.csv", line, as_printed="別の表記")
    place = line_of(DATA / "disasters.csv", "D04")
    with refused("disasters.csv", place, "as_printedが行によって違います", "chronicle", "core"):
        load(data)
