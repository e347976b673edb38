"""A table of new department names: which office each row means, and why one cannot be taken."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core.sheets.fields import Problem
from core.text import fold
from members.models import Office
from members.services.register.renames import NewName, rename_refusals

CODE, OFFICE, NAME, DAY = "団体コード", "今の部署名", "新しい部署名", "いつから"
_HEADINGS = {"name": NAME, "valid_from": DAY}


@dataclass(frozen=True)
class ListedRename:
    """A row as it was typed; ``codes`` are those that its 団体コード may mean."""

    number: int
    typed_code: str
    codes: tuple[str, ...]
    office: str
    name: str
    valid_from: date


@dataclass(frozen=True)
class RenameList:
    """What can be planned, with the rows' numbers, and why the others cannot."""

    renames: list[tuple[int, NewName]]
    problems: list[Problem]

    @property
    def new_names(self) -> list[NewName]:
        return [new for _, new in self.renames]


def read_renames(rows: Sequence[ListedRename]) -> RenameList:
    """The offices that ``rows`` name. Two queries, however many rows."""
    offices = _offices_by_code({code for row in rows for code in row.codes})
    renames: list[tuple[int, NewName]] = []
    problems: list[Problem] = []
    first_rows: dict[int, int] = {}
    for row in rows:
        found = _refusal_or_name(row, offices)
        if isinstance(found, NewName) and found.office.pk in first_rows:
            again = f"同じ部署が{first_rows[found.office.pk]}行目にもあります"
            found = Problem(row.number, OFFICE, row.office, again)
        if isinstance(found, Problem):
            problems.append(found)
        else:
            first_rows[found.office.pk] = row.number
            renames.append((row.number, found))
    return RenameList(renames, problems)


def _offices_by_code(codes: set[str]) -> dict[str, list[Office]]:
    offices = defaultdict(list)
    rows = Office.objects.filter(organization__municipality__code__in=codes)
    rows = rows.select_related("organization__municipality", "organization__prefecture")
    for office in rows.prefetch_related("renames").order_by("pk"):
        offices[office.organization.municipality.code].append(office)
    return offices


def _refusal_or_name(row: ListedRename, offices: dict[str, list[Office]]) -> NewName | Problem:
    if not row.codes:
        reason = "団体コードは、検査数字を含む6桁の数字で入力してください"
        return Problem(row.number, CODE, row.typed_code, reason)
    here = [office for code in row.codes for office in offices.get(code, ())]
    if not here:
        reason = "この団体コードの団体に、登録されている部署はありません"
        return Problem(row.number, CODE, row.typed_code, reason)
    named = [office for office in here if _key(office.name) == _key(row.office)]
    if len(named) != 1:
        names = "」「".join(office.name for office in here)
        reason = (
            f"この名前の部署が{len(named)}つあり、どれか決まりません"
            if named
            else f"この名前の部署はありません。登録されているのは「{names}」です"
        )
        return Problem(row.number, OFFICE, row.office, reason)
    new = NewName(named[0], row.name.strip(), row.valid_from)
    typed = {"name": row.name, "valid_from": row.valid_from.isoformat()}
    for field, refusal in rename_refusals(new).items():
        return Problem(row.number, _HEADINGS[field], typed[field], refusal)
    return new


def _key(name: str) -> str:
    """A name as two spellings of it are compared: folded, without spaces."""
    return "".join(fold(name).split())
