"""The board as a table: every department that was asked, with its answer and whom to call."""

from collections.abc import Iterable
from typing import NamedTuple

from core.sheets import Column, Sheet
from members.enums import Step
from members.models import Seat
from members.queries import Answered, AskedOffice
from members.sheets.joining import freshness_columns


class AnswerLine(NamedTuple):
    """A department that was asked, and the organization that is counted."""

    row: Answered
    asked: AskedOffice


def answers_sheet(rows: Iterable[Answered]) -> Sheet:
    """「年度確認の状況」, a line for each department, by code."""
    columns = [
        Column("団体コード", "row.organization.code"),
        Column("都道府県", "row.organization.prefecture.name"),
        Column("団体", "row.organization.name"),
        Column("団体の状態", "row.state.label"),
        Column("部署", "asked.office.name"),
        Column("部署の状態", "asked.state.label"),
        Column("回答日時", "asked.confirmation.answered_at"),
        Column("回答の方法", "asked.confirmation.get_channel_display"),
        Column("回答した部署", "asked.confirmation.answered_by", width=32),
        Column("記録した部署", "asked.confirmation.recorded_by", width=32),
        Column("主担当", lambda line: _names(line.asked.leads)),
        Column("副担当", lambda line: _names(line.asked.deputies)),
        Column("電話番号", "asked.office.phone"),
        Column("内線", "asked.office.extension"),
        Column("最後のメールを送った日時", "asked.confirmation.mailed_at"),
        Column("最後のメールの相手", lambda line: _step(line.asked)),
        Column("最後のメールの結果", lambda line: line.asked.fate.label if line.asked.fate else ""),
        *freshness_columns(lambda line: line.asked.office),
    ]
    lines = [AnswerLine(row, asked) for row in rows for asked in row.offices]
    return Sheet("年度確認の状況", columns, lines)


def _names(seats: list[Seat]) -> str:
    return "、".join(seat.user.display_name for seat in seats)


def _step(asked: AskedOffice) -> str:
    """The last of those whom it went to: 主担当, 副担当 …"""
    step = asked.confirmation.step
    return Step(step).label if step else ""
