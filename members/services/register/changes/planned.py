"""A change as it is to be recorded, and why it cannot be."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from core.dates import add_months, day_text, lies_within, today
from core.errors import DomainError
from members.codes import is_code
from members.enums import ChangeKind, MunicipalityKind
from members.models import Application, Membership, Municipality, Prefecture, Succession

# A day that is to come much later is a mistyped year.
MONTHS_AHEAD = 36
# What a change of these kinds makes of which kind of municipality.
_BECOMES = {
    ChangeKind.TOWN_TO_CITY: (MunicipalityKind.TOWN, MunicipalityKind.CITY),
    ChangeKind.VILLAGE_TO_CITY: (MunicipalityKind.VILLAGE, MunicipalityKind.CITY),
    ChangeKind.VILLAGE_TO_TOWN: (MunicipalityKind.VILLAGE, MunicipalityKind.TOWN),
}
# Cities have codes of their own; towns and villages are numbered together, by their district.
_KEEPS_CODE = {
    ChangeKind.RENAME: "名称変更では",
    ChangeKind.VILLAGE_TO_TOWN: "村から町になるときは",
}

# The field that is wrong, and the sentence to print there.
type Refusal = tuple[str, str]


class ChangeRefused(DomainError):
    """A change cannot be recorded as it is."""


@dataclass(frozen=True)
class NewMunicipality:
    """A municipality as it is called from the day on."""

    code: str
    name: str
    kana: str
    kind: MunicipalityKind
    district: str = ""


@dataclass(frozen=True)
class NewChange:
    """A merger, a new kind or a new name, from its first day.

    ``successor`` is a municipality that takes the others in, or one that begins that day.
    """

    date: date
    kind: ChangeKind
    formers: tuple[Municipality, ...]
    successor: Municipality | NewMunicipality
    note: str = ""

    @property
    def keeps_code(self) -> bool:
        return keeps_code(self.kind)

    @property
    def last_day(self) -> date:
        """The last day on which it was as before."""
        return self.date - timedelta(days=1)

    @property
    def prefecture(self) -> Prefecture:
        return self.formers[0].prefecture


def keeps_code(kind: str) -> bool:
    """Whether a municipality goes on under its code after a change of ``kind``."""
    return kind in _KEEPS_CODE


def kind_after(kind: str, before: str) -> MunicipalityKind:
    """What a municipality that is ``before`` is after a change of ``kind``."""
    becomes = _BECOMES.get(ChangeKind(kind))
    return becomes[1] if becomes else MunicipalityKind(before)


def change_refusals(change: NewChange) -> list[Refusal]:
    """Everything that is wrong with ``change``, by field; empty when it can be recorded."""
    refusals = [*_of_day(change), *_of_formers(change)]
    if refusals:
        return refusals
    if isinstance(change.successor, Municipality):
        return list(_of_existing(change, change.successor))
    return list(new_refusals(change, change.successor))


def _of_day(change: NewChange) -> Iterator[Refusal]:
    last = add_months(today(), MONTHS_AHEAD)
    if change.date > last:
        yield "date", f"施行日は、{day_text(last)}までの日付にしてください"


def _of_formers(change: NewChange) -> Iterator[Refusal]:
    if not change.formers:
        yield "formers", "変更前の市区町村を選んでください"
    if len({former.prefecture_id for former in change.formers}) > 1:
        yield "formers", "変更前の市区町村は、同じ都道府県から選んでください"
    if change.kind != ChangeKind.MERGER and len(change.formers) > 1:
        yield "formers", f"「{change.kind.label}」のときは、変更前の市区町村を1つだけ選んでください"
    for former in change.formers:
        if sentence := _why_not(former, change.last_day) or _of_former(change, former):
            yield "formers", sentence


def _why_not(municipality: Municipality, day: date) -> str:
    """Why ``municipality`` can have no part in a change after ``day``; empty when it can."""
    if municipality.is_ward:
        return f"{municipality}は特別区のため、選べません"
    if municipality.valid_until is not None:
        return f"{municipality}は、{day_text(municipality.valid_until)}で廃止されています"
    if municipality.valid_from and not lies_within(day, municipality.valid_from, None):
        return f"{municipality}は、{day_text(municipality.valid_from)}からの市区町村です"
    waiting = Succession.objects.waiting()
    part = Q(change__former=municipality) | Q(change__current=municipality)
    if waiting.filter(part).exists():
        return f"{municipality}には、まだ施行日の来ていない変更が登録されています"
    return ""


def _of_former(change: NewChange, former: Municipality) -> str:
    needed, _ = _BECOMES.get(change.kind, (None, None))
    if needed and former.kind != needed:
        return f"{former}は{former.get_kind_display()}です。{needed.label}を選んでください"
    return "" if change.keeps_code else _of_membership(change, former)


def _of_membership(change: NewChange, municipality: Municipality) -> str:
    """Why the membership of ``municipality`` can neither end nor begin on the day."""
    memberships = Membership.objects.filter(organization=municipality.organization)
    leaving = memberships.filter(left__gte=change.date).first()
    if leaving and leaving.left:
        day = day_text(leaving.left)
        return f"{municipality}の会員登録は{day}で終わります。先に会員登録を確かめてください"
    joined = memberships.filter(joined__gte=change.date).first()
    if joined:
        day = day_text(joined.joined)
        return f"{municipality}の会員登録は{day}からです。施行日をその後の日付にしてください"
    if Application.objects.unsettled().filter(organization=municipality.organization).exists():
        return f"{municipality}の会員登録申請を処理しています。先に、承認か不承認にしてください"
    return ""


def _of_existing(change: NewChange, successor: Municipality) -> Iterator[Refusal]:
    if change.kind != ChangeKind.MERGER:
        yield "existing", "今ある市区町村を選べるのは、「合併・編入」のときだけです"
    elif successor in change.formers:
        yield "existing", "変更前とは別の市区町村を選んでください"
    elif successor.prefecture_id != change.formers[0].prefecture_id:
        yield "existing", f"変更前と同じ{change.prefecture}の市区町村を選んでください"
    elif sentence := _why_not(successor, change.last_day) or _of_successor(change, successor):
        yield "existing", sentence


def _of_successor(change: NewChange, successor: Municipality) -> str:
    bodies = [former.organization for former in change.formers]
    is_passed_on = Membership.objects.filter(organization__in=bodies, left=None).exists()
    return _of_membership(change, successor) if is_passed_on else ""


def new_refusals(
    change: NewChange, new: NewMunicipality, own: Municipality | None = None
) -> Iterator[Refusal]:
    """What is wrong with a municipality that is to begin, or with the new name of one.

    ``own`` is its row, where one is corrected.
    """
    if change.kind == ChangeKind.MERGER and len(change.formers) < 2:
        yield "formers", "新しい市区町村ができる合併では、変更前を2つ以上選んでください"
    yield from _of_code(change, new.code, own)
    yield from _of_name(change, new, own)
    if not new.kana:
        yield "kana", "カナを入力してください"
    yield from _of_kind(change, new)
    if new.kind == MunicipalityKind.CITY and new.district:
        yield "district", "市には郡がありません。空けてください"


def _of_kind(change: NewChange, new: NewMunicipality) -> Iterator[Refusal]:
    _, becomes = _BECOMES.get(change.kind, (None, None))
    if new.kind == MunicipalityKind.WARD:
        yield "municipality_kind", "特別区は登録できません"
    elif becomes and new.kind != becomes:
        yield "municipality_kind", f"変更後の種類は、{becomes.label}を選んでください"
    if not change.keeps_code:
        return
    former, when = change.formers[0], _KEEPS_CODE[change.kind]
    if not becomes and new.kind != former.kind:
        yield "municipality_kind", f"{when}、市・町・村の別は変わりません。空けてください"
    if new.district not in ("", former.district):
        yield "district", f"{when}、郡は変わりません。空けてください"


def _of_code(change: NewChange, code: str, own: Municipality | None) -> Iterator[Refusal]:
    if change.keeps_code:
        if code != change.formers[0].code:
            yield "code", f"{_KEEPS_CODE[change.kind]}、団体コードは変わりません。空けてください"
        return
    if not is_code(code):
        yield "code", "団体コードは、検査数字を含む6桁の数字で入力してください"
        return
    if code[:2] != change.prefecture.code:
        start = change.prefecture.code
        yield "code", f"{change.prefecture}の団体コードは{start}で始まります"
    taken = Municipality.objects.filter(code=code).exclude(pk=own.pk if own else None).first()
    if taken:
        yield "code", f"この団体コードは、すでに台帳にあります（{taken}）"


def _of_name(
    change: NewChange, new: NewMunicipality, own: Municipality | None
) -> Iterator[Refusal]:
    if not new.name:
        yield "name", "名称を入力してください"
        return
    if not new.name.endswith(new.kind.label):
        yield "name", f"名称は「{new.kind.label}」で終わるように入力してください"
    if change.keeps_code and own is None and new.name == change.formers[0].name:
        yield "name", "名称が変わっていません"
    others = Municipality.objects.on(change.date).filter(
        name=new.name, prefecture=change.prefecture
    )
    apart = [row.pk for row in (*change.formers, own) if row]
    if other := others.exclude(pk__in=apart).first():
        district = f"・{other.district}" if other.district else ""
        yield "name", f"{other}（{other.code}{district}）が、すでにあります"
