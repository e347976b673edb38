"""Loading tables of data: new rows, changed rows, corrections that stay, clear errors."""

from pathlib import Path

import pytest

from core.audit import System
from core.models import AuditEntry, Source
from core.record import DataRow, RecordError, load_rows, load_sources, read_rows, with_parts

CELLS = {"key": "keika", "title": "これまでの経過", "url": "", "date": "2017-02"}


def row(**cells: str) -> DataRow:
    return DataRow("sources.csv 2行目", CELLS | cells)


def load(*rows: DataRow):
    existing = {source.key: source for source in Source.objects.all()}
    return load_rows(
        existing,
        Source,
        rows,
        key=lambda row: row["key"],
        values=lambda row: {"key": row["key"], "title": row["title"], "url": row["url"]},
    )


@pytest.mark.django_db
def test_a_new_row_is_added_and_the_same_row_left_alone():
    assert load(row()).counts == "追加1件、変更0件"
    assert load(row()).counts == "追加0件、変更0件"
    assert Source.objects.get().title == "これまでの経過"


@pytest.mark.django_db
def test_a_correction_stays_until_the_data_row_changes():
    load(row())
    Source.objects.update(title="訂正した題名")
    load(row())
    assert Source.objects.get().title == "訂正した題名"
    outcome = load(row(title="データの新しい題名"))
    assert outcome.counts == "追加0件、変更1件"
    assert Source.objects.get().title == "データの新しい題名"


@pytest.mark.django_db
def test_a_row_that_the_data_lacks_stays():
    load(row(), row(key="other"))
    load(row())
    assert set(Source.objects.values_list("key", flat=True)) == {"keika", "other"}


@pytest.mark.django_db
def test_a_key_that_stands_twice_is_refused():
    with pytest.raises(RecordError, match=r"sources\.csv 2行目：「keika」が2回あります"):
        load(row(), row(title="別の題名"))
    assert not Source.objects.exists()


@pytest.mark.django_db
def test_a_value_that_the_field_does_not_take_names_the_row():
    with pytest.raises(RecordError, match=r"sources\.csv 2行目：url URLを正しく"):
        load(row(url="ここ"))
    assert not Source.objects.exists()


@pytest.mark.django_db
def test_the_sources_are_loaded_with_one_audit_row():
    outcome = load_sources(by=System("load_record"))
    assert len(outcome.by_key) == Source.objects.count() == 103
    assert not Source.objects.get(key="kyoto").public
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor_office) == ("core.load_record", "load_record")
    assert entry.changes == {"出典": [None, "追加103件、変更0件"]}
    load_sources(by=System("load_record"))
    assert AuditEntry.objects.count() == 1


def test_the_digest_changes_with_a_cell_and_with_a_part():
    part = DataRow("parties.csv 2行目", {"side": "counterpart"})
    other = DataRow("parties.csv 2行目", {"side": "witness"})
    digests = {
        row().digest,
        row(title="別の題名").digest,
        DataRow("", CELLS, (part,)).digest,
        DataRow("", CELLS, (other,)).digest,
    }
    assert len(digests) == 4
    assert DataRow("別のファイル 9行目", CELLS).digest == row().digest


def test_cells_are_read_by_their_kind():
    cells = row(list="a; b;;c", flag="1", day="2016-04-26", number="12", empty="")
    assert cells.items("list") == ["a", "b", "c"]
    assert cells.lines("list") == "a\nb\nc"
    assert cells.flag("flag") is True
    assert cells.flag("empty") is False
    assert cells.day("day").isoformat() == "2016-04-26"
    assert cells.number("number") == 12
    assert (cells.day("empty"), cells.number("empty")) == (None, None)


@pytest.mark.parametrize(
    ("read", "message"),
    [
        (lambda row: row["なし"], "「なし」の列がありません"),
        (lambda row: row.day("title"), "titleの「これまでの経過」は日付ではありません"),
        (lambda row: row.number("date"), "dateの「2017-02」は整数ではありません"),
        (
            lambda row: row.one_of("key", {"news-r6": 1}),
            "keyの「keika」は決められた値ではありません",
        ),
    ],
)
def test_a_cell_that_cannot_be_read_names_the_row(read, message):
    with pytest.raises(RecordError) as refusal:
        read(row())
    assert str(refusal.value) == f"sources.csv 2行目：{message}"


@pytest.mark.parametrize("line", ["a", "a,b,c"])
def test_a_line_with_too_few_or_many_cells_is_refused(tmp_path: Path, line: str):
    path = tmp_path / "table.csv"
    path.write_text(f"x,y\n1,2\n{line}\n")
    with pytest.raises(RecordError, match=r"table\.csv 3行目：列の数が見出しと違います"):
        read_rows(path)


def test_parts_join_their_row_and_a_stray_one_is_refused():
    rows = [DataRow("a.csv 2行目", {"id": "A01"}), DataRow("a.csv 3行目", {"id": "A02"})]
    part = DataRow("p.csv 2行目", {"of": "A02"})
    first, second = with_parts(rows, [part], "of")
    assert (first.parts, second.parts) == ((), (part,))
    with pytest.raises(RecordError, match=r"p\.csv 9行目：「A03」という番号はありません"):
        with_parts(rows, [DataRow("p.csv 9行目", {"of": "A03"})], "of")
