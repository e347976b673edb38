"""What a table that came back would change, cell by cell, and what of it is refused.

Nothing is written here. A cell is seen three times: as it went out (its mark in 版), as it came
back, and as the record has it now. What came back as it went out changes nothing.
"""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any

from core.sheets.carrying import is_whole, lacks
from core.sheets.cells import Cell, Row, Table
from core.sheets.columns import SELECTORS, as_text
from core.sheets.editing import EDITION, NUMBER, EditableColumn, EditableSheet, Edition, plain
from core.sheets.fields import Problem, cleaned

_LONGEST_SHOWN = 60
_LONGEST_EDIT, _SHOWN_BEFORE = 120, 20
# What is left of a letter that a program could not save, and of one that only shapes another.
_LEFT = {False: "(?:[?]{1,2}|〓)", True: "[?]{0,2}"}


@dataclass(frozen=True, slots=True)
class CellEdit:
    """One cell that was edited: its texts as the table shows them, and the new value."""

    column: EditableColumn
    before: str
    after: str
    value: Any

    @property
    def shown(self) -> tuple[str, str]:
        """Both texts in one line each; of long ones, from a little before where they part."""
        texts = " ".join(self.before.split()), " ".join(self.after.split())
        if max(map(len, texts)) <= _LONGEST_EDIT:
            return texts
        same = takewhile(lambda pair: pair[0] == pair[1], zip(*texts, strict=False))
        start = max(0, len(list(same)) - _SHOWN_BEFORE)
        return _cut(texts[0], start), _cut(texts[1], start)


def _cut(text: str, start: int) -> str:
    end = start + _LONGEST_EDIT
    return f"{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}"


@dataclass(frozen=True, slots=True)
class RowEdit:
    """One row of the record that the table would change; ``number`` is that beside it."""

    number: int
    row: Any
    cells: list[CellEdit]

    @property
    def values(self) -> dict[str, Any]:
        """The new values by the columns' names."""
        return {cell.column.name: cell.value for cell in self.cells}

    def refused(self, name: str, reason: str) -> Problem:
        """The refusal of the cell of the column ``name``, or of what was edited instead."""
        cell = next((cell for cell in self.cells if cell.column.name == name), self.cells[0])
        return Problem(self.number, cell.column.heading, cell.after, reason)


@dataclass(frozen=True, slots=True)
class Lost:
    """A cell whose letters a program has lost in saving; the record keeps them."""

    number: int
    heading: str
    text: str


@dataclass(frozen=True)
class Comparison:
    """What a table would change, and what of it cannot be taken."""

    edited: list[RowEdit] = field(default_factory=list)
    unchanged: int = 0
    lost: list[Lost] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def refused(self) -> int:
        """How many rows cannot be taken."""
        return len({problem.number for problem in self.problems})

    @property
    def digest(self) -> str:
        """What is different as soon as the table would change anything else."""
        said = [
            (edit.number, edit.row.pk, [(c.column.heading, c.before, c.after) for c in edit.cells])
            for edit in self.edited
        ]
        return hashlib.sha256(repr(said).encode()).hexdigest()

    def without(self, problems: Collection[Problem]) -> "Comparison":
        """The comparison after more of its rows were refused."""
        numbers = {problem.number for problem in problems}
        found = sorted([*self.problems, *problems], key=lambda problem: problem.number)
        edited = [edit for edit in self.edited if edit.number not in numbers]
        lost = [cell for cell in self.lost if cell.number not in numbers]
        return Comparison(edited, self.unchanged, lost, found)


def numbers_in(table: Table) -> set[int]:
    """The keys of the rows that a table is about."""
    return {pk for row in table.rows if (pk := _number(row)) is not None}


def compare(sheet: EditableSheet, table: Table, known: Mapping[int, Any]) -> Comparison:
    """What a ``fitted`` table would change of ``known``, the rows of the record by their keys.

    Of a row with one cell that cannot be taken nothing is; a column that was left out stays as
    it is, and so does a row.
    """
    columns = [column for column in sheet.columns if column.heading in table.headings]
    times = Counter(map(_number, table.rows))
    edited: list[RowEdit] = []
    lost: list[Lost] = []
    problems: list[Problem] = []
    unchanged = 0
    for row in table.rows:
        try:
            comparing = _ComparedRow(row, *_keys(sheet, row, known, times))
        except _Refused as refused:
            problems.append(refused.problem)
            continue
        comparing.compare(columns)
        problems += comparing.problems
        if comparing.problems:
            continue
        lost += comparing.lost
        if comparing.edits:
            edited.append(RowEdit(row.number, comparing.known, comparing.edits))
        else:
            unchanged += 1
    return Comparison(edited, unchanged, lost, problems)


def _number(row: Row) -> int | None:
    typed = unicodedata.normalize("NFKC", row[NUMBER].text).strip()
    return int(typed) if re.fullmatch("[0-9]{1,18}", typed) else None


class _Refused(Exception):
    """Nothing of a row can be read, whatever its cells say."""

    def __init__(self, row: Row, heading: str, reason: str) -> None:
        super().__init__(reason)
        self.problem = Problem(row.number, heading, row[heading].text, reason)


def _keys(
    sheet: EditableSheet, row: Row, known: Mapping[int, Any], times: Mapping[int | None, int]
) -> tuple[Any, Edition]:
    """The row of the record that ``row`` is about, and the marks of its cells."""
    pk = _number(row)
    if not row[NUMBER].text:
        raise _Refused(row, NUMBER, f"番号がありません。{sheet.how_to_add}")
    if pk is None:
        raise _Refused(row, NUMBER, "番号は、書き出した表の数字のままにしてください")
    if times[pk] > 1:
        raise _Refused(row, NUMBER, "同じ番号の行が、ほかにもあります。1行にしてください")
    if pk not in known:
        reason = "この番号は、登録にありません。ほかの表の行でないか確認してください"
        raise _Refused(row, NUMBER, reason)
    edition = sheet.read_edition(row[EDITION].text, pk)
    if edition is None:
        raise _Refused(
            row,
            EDITION,
            "番号と版が合いません。行がずれたか、ほかの表の行です。"
            "書き出し直した表で、もう一度直してください",
        )
    return known[pk], edition


class _ComparedRow:
    """One row of the table beside the same row of the record."""

    def __init__(self, row: Row, known: Any, edition: Edition) -> None:
        self.row = row
        self.known = known
        self.edition = edition
        self.edits: list[CellEdit] = []
        self.lost: list[Lost] = []
        self.problems: list[Problem] = []

    def compare(self, columns: Iterable[EditableColumn]) -> None:
        for column in columns:
            cell = self.row[column.heading]
            if not self.edition.came_back_as(column, cell.text):
                self._compare(column, cell)

    def _compare(self, column: EditableColumn, cell: Cell) -> None:
        """A cell that is not, letter by letter, what went out."""
        now = column.text_of(self.known)
        values, problems = cleaned(self.row, [column.as_field])
        value = values.get(column.name)
        typed = plain(cell.text if problems else as_text(column.shown(value)))
        if not problems and (typed == now or self.edition.came_back_as(column, typed)):
            return
        has_moved = not self.edition.went_out_as(column, now)
        if not has_moved and _is_what_is_left(now, typed):
            self.lost.append(Lost(self.row.number, column.heading, now))
        elif reason := column.why_locked(self.known):
            self._refuse(column, cell, reason)
        elif problems:
            self.problems += problems
        elif has_moved:
            self._refuse(column, cell, _moved(column.heading, now, typed))
        elif reason := _unsafe(now, typed):
            self._refuse(column, cell, reason)
        else:
            self.edits.append(CellEdit(column, now, typed, value))

    def _refuse(self, column: EditableColumn, cell: Cell, reason: str) -> None:
        self.problems.append(Problem(self.row.number, column.heading, cell.text, reason))


def _is_what_is_left(now: str, typed: str) -> bool:
    """Whether ``typed`` is ``now`` as a program saves it that knows Shift_JIS only.

    Excel puts ? for each letter that it cannot save, two for one of two units.
    """
    if not (missing := set(lacks(now))) or now == typed:
        return False
    pattern = "".join(
        _LEFT[letter in SELECTORS] if letter in missing else re.escape(letter) for letter in now
    )
    return re.fullmatch(pattern, typed) is not None


def _unsafe(now: str, typed: str) -> str:
    """Why an edit would lose what nobody meant to change; empty when it would not."""
    if not is_whole(now):
        return "文字が多すぎて、表には全文が入りません。登録の画面で変えてください"
    missing = [letter for letter in dict.fromkeys(lacks(now)) if letter not in SELECTORS]
    if missing and typed.count("?") > now.count("?"):
        letters = "」「".join(missing)
        return f"「{letters}」が、保存のときに「?」に変わっています。その文字を入力し直してください"
    return ""


def _moved(heading: str, now: str, typed: str) -> str:
    return (
        f"「{heading}」は、書き出したあとに「{_shown(now)}」に変わっています。"
        f"この表では「{_shown(typed)}」です。正しいほうを確認し、書き出し直した表で直してください"
    )


def _shown(text: str) -> str:
    if not text:
        return "（空）"
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
