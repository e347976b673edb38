"""Every cell of the agreements and the joint projects, and data that cannot be loaded."""

import pytest
from django.db import transaction

from agreements.enums import CollaborationScope, Side
from agreements.models import Agreement, Collaboration
from agreements.record import DATA, load_agreements, load_collaborations
from core.audit import System, history_of
from core.models import Source
from core.record import RecordError, recorded
from events.models import Event
from events.record import link_collaborations
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
    rows_of,
)
from tests.dumping import dump

pytestmark = pytest.mark.usefixtures("record")

BY = System("test")


def load(data) -> None:
    """Both tables from ``data``, all or nothing, as the command does it."""
    bodies, sources = Bodies(), {source.key: source for source in Source.objects.all()}
    with transaction.atomic():
        agreements = load_agreements(bodies, sources, by=BY, data=data)
        load_collaborations(bodies, agreements.by_key, sources, by=BY, data=data)


def agreement_told(agreement: Agreement) -> dict[str, str]:
    return {
        "id": agreement.record_id,
        "title": agreement.title,
        "title_is_descriptive": flag(agreement.title_is_descriptive),
        "kind": agreement.kind,
        "signed_earliest": iso(agreement.earliest),
        "signed_latest": iso(agreement.latest),
        "precision": agreement.precision,
        "items": ";".join(agreement.item_list),
        "items_basis": agreement.items_basis,
        "item_count": number(agreement.item_count),
        "term_years": number(agreement.term_years),
        "renews": agreement.renews,
        "notice_months": number(agreement.notice_months),
        "status": "in_force" if agreement.terminated_on is None else "",
        "status_as_of": agreement.status_as_of,
        "place": agreement.place,
        "summary": agreement.summary,
        "note": agreement.note,
        "confidence": agreement.confidence,
        "sources": keys(agreement.sources.all()),
    }


def collaboration_told(project: Collaboration) -> dict[str, str]:
    partners = [party.organization for party in project.partners]
    return {
        "id": project.record_id,
        "title": project.title,
        "scope": "区" if project.scope == CollaborationScope.WARDS else "特別区長会",
        "wards": ";".join(name_of(party.organization) for party in project.wards),
        "partners": ";".join(name_of(body) for body in partners if body.municipality_id),
        "partner_organizations": ";".join(
            name_of(body) for body in partners if not body.municipality_id
        ),
        "partner_text": project.partner_text,
        "field": joined(project.themes.all()),
        "origin": project.origin,
        "origin_date": iso(project.origin_date),
        "origin_text": project.origin_text,
        "start_earliest": iso(project.start_earliest),
        "start_latest": iso(project.start_latest),
        "start_precision": project.start_precision if project.start_latest else "",
        "end_earliest": iso(project.end_earliest),
        "end_latest": iso(project.end_latest),
        "end_precision": project.end_precision if project.end_latest else "",
        "status": project.status,
        "status_as_of": project.status_as_of,
        "summary": project.summary,
        "funding": project.funding,
        "events": keys(project.events.all()),
        "agreement": keys(project.agreements.all()),
        "note": project.note,
        "confidence": project.confidence,
        "sources": keys(project.sources.all()),
    }


class TestCells:
    def test_every_cell_of_an_agreement_is_where_it_belongs(self):
        expected = in_file(DATA / "agreements.csv", unordered=["sources"])
        assert loaded_as(Agreement, agreement_told) == expected

    def test_every_party_stands_on_its_side_in_its_order(self):
        sides = {Side.SPECIAL_WARDS: "ward_side", Side.COUNTERPART: "counterparts"}
        sides[Side.WITNESS] = "witnesses"
        told = [
            (agreement.record_id, str(side), name_of(party.organization), party.name_at_signing)
            for agreement in Agreement.objects.all()
            for side, parties in sides.items()
            for party in getattr(agreement, parties)
        ]
        assert sorted(told) == sorted(
            tuple(row.values()) for row in rows_of(DATA / "agreement_parties.csv")
        )

    def test_every_cell_of_a_joint_project_is_where_it_belongs(self):
        unordered = ["field", "events", "agreement", "sources"]
        expected = in_file(DATA / "collaborations.csv", unordered=unordered)
        assert loaded_as(Collaboration, collaboration_told) == expected

    def test_a_joint_project_of_the_record_is_public(self):
        assert Collaboration.objects.filter(published_at=None).count() == 0
        assert Collaboration.objects.filter(is_sample=True).count() == 0


class TestReload:
    def test_a_corrected_joint_project_stays(self):
        project = Collaboration.objects.get(record_id="C001")
        project.title, project.published_at = "事務局が直した題名", None
        project.save()
        project.parties.all().delete()
        project.themes.clear()
        project.events.clear()
        before = dump()
        load_record()
        assert dump() == before

    def test_changed_data_rewrites_its_joint_project_alone(self, tmp_path):
        project = Collaboration.objects.get(record_id="C001")
        Collaboration.objects.filter(pk=project.pk).update(title="事務局が直した題名")
        untouched = Collaboration.objects.exclude(record_id="C001").order_by("pk")
        before = list(untouched.values())
        line = line_of(DATA / "collaborations.csv", "C001")
        load(copied(DATA, tmp_path, "collaborations.csv", line, wards="東京都品川区", field="文化"))
        changed = Collaboration.objects.get(record_id="C001")
        assert changed.title == project.title
        assert [name_of(party.organization) for party in changed.wards] == ["東京都品川区"]
        assert [theme.name for theme in changed.themes.all()] == ["文化"]
        assert changed.published_at == project.published_at
        assert changed.version == project.version + 1
        assert list(untouched.values()) == before
        (entry,) = history_of(changed)
        assert entry.changes == {"title": ["事務局が直した題名", project.title]}


@pytest.mark.once
@pytest.mark.parametrize(
    ("file", "column", "value", "message"),
    [
        ("agreements.csv", "sources", "nowhere", "「nowhere」という出典はありません"),
        ("agreements.csv", "signed_latest", "2016", "signed_latestの「2016」は日付ではありません"),
        ("agreements.csv", "term_years", "一", "term_yearsの「一」は整数ではありません"),
        ("agreements.csv", "kind", "treaty", "kind 'treaty' は有効な選択肢ではありません。"),
        ("agreements.csv", "status", "ended", "statusの「ended」はまだ読み込めません"),
        ("agreement_parties.csv", "agreement_id", "A99", "「A99」という番号はありません"),
        (
            "agreement_parties.csv",
            "organization",
            "福井県堺井市",
            "「福井県堺井市」という団体はありません",
        ),
        (
            "agreement_parties.csv",
            "side",
            "left",
            "sideの「left」は決められた値ではありません",
        ),
        ("collaborations.csv", "wards", "東京都無区", "「東京都無区」という団体はありません"),
        ("collaborations.csv", "partners", "坂井市", "「坂井市」という団体はありません"),
        ("collaborations.csv", "field", "宇宙", "「宇宙」という分野はありません"),
        ("collaborations.csv", "agreement", "A99", "「A99」という協定はありません"),
        ("collaborations.csv", "scope", "国", "scopeの「国」は決められた値ではありません"),
        ("collaborations.csv", "status", "done", "statusの「done」は決められた値ではありません"),
        (
            "collaborations.csv",
            "origin",
            "偶然",
            "origin '偶然' は有効な選択肢ではありません。",
        ),
        (
            "collaborations.csv",
            "start_earliest",
            "2009-02-30",
            "start_earliestの「2009-02-30」は日付ではありません",
        ),
        ("collaborations.csv", "sources", "nowhere", "「nowhere」という出典はありません"),
    ],
)
def test_bad_data_names_its_row_and_changes_nothing(tmp_path, file, column, value, message):
    data = copied(DATA, tmp_path, file, 2, **{column: value})
    with refused(file, 2, message, "agreements", "core"):
        load(data)


def test_an_id_that_stands_twice_is_refused(tmp_path):
    data = copied(DATA, tmp_path, "collaborations.csv", 3, id="C001")
    with refused("collaborations.csv", 3, "「C001」が2回あります", "agreements", "core"):
        load(data)


def test_a_joint_project_of_an_unknown_event_is_refused(tmp_path):
    bodies, sources = Bodies(), {source.key: source for source in Source.objects.all()}
    data = copied(DATA, tmp_path, "collaborations.csv", 2, events="E999")
    with transaction.atomic():
        projects = load_collaborations(bodies, recorded(Agreement), sources, by=BY, data=data)
        with pytest.raises(RecordError) as refusal:
            link_collaborations(projects, recorded(Event))
        transaction.set_rollback(True)
    assert str(refusal.value) == "collaborations.csv 2行目：「E999」というイベントはありません"
