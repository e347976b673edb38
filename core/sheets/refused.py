"""The rows of a table that cannot be taken, as a table to correct and to load again."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from core.sheets.cells import Table
from core.sheets.columns import Column, Sheet
from core.sheets.fields import Field, Problem

REASON = "取り込めない理由"
LINE = "元の行"


def refused_rows(table: Table, problems: Iterable[Problem], fields: Iterable[Field]) -> Sheet:
    """The refused rows of ``table`` as they were typed, with the reasons; ``fields`` first."""
    reasons: dict[int, list[str]] = defaultdict(list)
    for problem in problems:
        reasons[problem.number].append(f"{problem.heading}：{problem.reason}")
    rows = [
        {heading: cell.text for heading, cell in row.cells.items()}
        | {REASON: "\n".join(reasons[row.number]), LINE: row.number}
        for row in table.rows
        if row.number in reasons
    ]
    order = [field.heading for field in fields if field.heading in table.headings]
    others = [heading for heading in table.headings if heading not in (*order, REASON, LINE)]
    columns = [Column(heading, _of(heading)) for heading in [LINE, *order, *others]]
    columns.append(Column(REASON, _of(REASON), width=60))
    return Sheet("取り込めない行", columns, rows, to_fill_in=True)


def _of(heading: str) -> Callable[[dict[str, Any]], Any]:
    return lambda cells: cells.get(heading, "")
