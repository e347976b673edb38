"""Agreements over time, and what each association covers."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from agreements.enums import AgreementKind
from agreements.queries import Bound, Standing, Turn
from core.charts import Change, Figure, Steps, Table, Track
from core.dates import Precision, day_text
from core.sheets import Column
from members.enums import MunicipalityKind
from members.models import Organization
from portal.statistics.reading import Reading

_UNSURE = "締結日が未確認の協定は、確かに結ばれていたと言える最初の日から数えています。"


@dataclass(frozen=True)
class Row:
    """One change: when, whose agreement brought it, and how the figures stand from then on."""

    when: str
    names: str
    standing: Standing


def bound_bodies(reading: Reading) -> Figure:
    """How many associations and companies were bound, from signing to signing."""
    turns = _changed(reading.history.turns, lambda row: (row.associations, row.companies))
    kinds = (AgreementKind.WIDE_AREA, AgreementKind.COMPREHENSIVE)
    rows = [_row(turn, kinds, lambda row: row.associations + row.companies) for turn in turns]
    title = "協定を結ぶ市長会・町村会と企業の数"
    return Figure(
        slug="agreements",
        title=title,
        unit="団体、社",
        finding=_bodies_finding(reading.day, rows),
        drawing=Steps(
            [
                _track("市長会・町村会", turns, lambda row: len(row.associations)),
                _track("企業", turns, lambda row: len(row.companies)),
            ],
            reading.day,
        ).drawing,
        table=Table(
            title,
            [
                Column("時点", "when", 34),
                Column("相手方", "names", 50),
                Column("市長会・町村会", lambda row: len(row.standing.associations)),
                Column("企業", lambda row: len(row.standing.companies)),
            ],
            rows,
            is_wide=True,
        ),
        notes=_notes(turns, kinds),
    )


def _bodies_finding(day: date, rows: list[Row]) -> str:
    if not rows:
        return "この日までに結ばれていたことが確かめられる協定はありません。"
    latest = rows[-1].standing
    return (
        f"{day_text(day)}現在、広域連携協定を結ぶ市長会・町村会は{len(latest.associations)}団体、"
        f"包括連携協定を結ぶ企業は{len(latest.companies)}社です。"
    )


def covered_municipalities(reading: Reading) -> Figure:
    """How many municipalities the bound associations covered, from change to change."""
    turns = _changed(reading.history.turns, lambda row: row.municipality_ids)
    kinds = (AgreementKind.WIDE_AREA,)
    rows = [_row(turn, kinds, lambda row: row.associations) for turn in turns]
    title = "広域連携協定の対象となる自治体の数"
    return Figure(
        slug="municipalities",
        title=title,
        unit="自治体",
        finding=_municipalities_finding(reading.day, rows),
        drawing=Steps(
            [_track("", turns, lambda row: len(row.municipality_ids))], reading.day
        ).drawing,
        table=Table(
            title,
            [
                Column("時点", "when", 34),
                Column("市長会・町村会", "names", 50),
                Column("自治体", lambda row: len(row.standing.municipality_ids)),
            ],
            rows,
            is_wide=True,
        ),
        notes=_notes(turns, kinds),
    )


def _municipalities_finding(day: date, rows: list[Row]) -> str:
    if not rows:
        return "この日までに対象となっていたことが確かめられる自治体はありません。"
    number = len(rows[-1].standing.municipality_ids)
    return f"{day_text(day)}現在、市長会・町村会に属する{number:,}自治体が対象です。"


def _changed(turns: list[Turn], value: Callable[[Standing], object]) -> list[Turn]:
    """The turns at which ``value`` of the standing changed."""
    return [turn for turn in turns if value(turn.before) != value(turn.standing)]


def _signed(turn: Turn, kinds: tuple[AgreementKind, ...]) -> list:
    return [agreement for agreement in turn.signed if agreement.kind in kinds]


def _row(
    turn: Turn,
    kinds: tuple[AgreementKind, ...],
    bodies_of: Callable[[Standing], list[Organization]],
) -> Row:
    before, after = bodies_of(turn.before), bodies_of(turn.standing)
    names = [body.name for body in after if body not in before]
    names += [f"{body.name}（終了）" for body in before if body not in after]
    days = dict.fromkeys(str(agreement.when) for agreement in _signed(turn, kinds))
    return Row(
        "、".join(days) or day_text(turn.standing.day),
        "、".join(names) or "構成自治体の変更",
        turn.standing,
    )


def _notes(turns: list[Turn], kinds: tuple[AgreementKind, ...]) -> tuple[str, ...]:
    signed = [agreement for turn in turns for agreement in _signed(turn, kinds)]
    unsure = any(agreement.precision == Precision.BETWEEN for agreement in signed)
    return (_UNSURE,) if unsure else ()


def _track(name: str, turns: list[Turn], value: Callable[[Standing], int]) -> Track:
    changed = _changed(turns, value)
    return Track(name, [Change(turn.standing.day, value(turn.standing)) for turn in changed])


_KINDS = (MunicipalityKind.CITY, MunicipalityKind.TOWN, MunicipalityKind.VILLAGE)


@dataclass(frozen=True)
class Covering:
    """A row of 連携自治体数一覧: an association, or all of them with each municipality once."""

    name: str
    kinds: Counter[str]
    prefecture: str = ""
    signed: str = ""
    url: str = ""

    @property
    def total(self) -> int:
        return self.kinds.total()


def associations(reading: Reading) -> Table:
    """連携自治体数一覧: each association bound on the day, with its municipalities by kind."""
    history = reading.history
    rows = [_covering(bound) for bound in history.bound]
    if rows:
        standing = history.standing_on(reading.day)
        kinds = history.kinds_of(standing.municipality_ids)
        rows.append(Covering(f"合計（{len(rows)}団体）", kinds))
    return Table(
        "連携自治体数一覧",
        [
            Column("市長会・町村会", "name", 24),
            Column("都道府県", "prefecture", 12),
            *(Column(kind.label, lambda row, kind=kind: row.kinds[kind], 10) for kind in _KINDS),
            Column("自治体", "total", 10),
            Column("締結日", "signed", 34),
        ],
        rows,
    )


def _covering(bound: Bound) -> Covering:
    body = bound.association
    return Covering(
        body.name,
        bound.kinds,
        prefecture=body.prefecture.name if body.prefecture else "",
        signed=str(bound.agreement.when),
        url=body.get_absolute_url(),
    )
