"""What a change, or leaving, will do, in words: for the page that asks before it is recorded."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from core.dates import day_text, today
from members.enums import Role
from members.models import Coverage, Municipality, Office, Organization, Prefecture
from members.services.register.changes.planned import NewChange
from members.successions import all_belongings


@dataclass(frozen=True)
class Consequence:
    """One kind of what will happen, line by line."""

    title: str
    lines: list[str]


def consequences(change: NewChange, *, is_in_register: bool = False) -> list[Consequence]:
    """Everything that recording ``change`` does, without what does not happen.

    ``is_in_register`` is a change that came with the official data.
    """
    told = [] if is_in_register else [Consequence("市区町村の台帳", list(_register(change)))]
    if change.keeps_code:
        told.append(Consequence("団体", [_name_line(change)]))
        return told
    organizations = [former.organization for former in change.formers]
    told += [
        Consequence("会員登録", list(_memberships(change, organizations))),
        Consequence("部署と担当", list(_offices(change, organizations))),
        Consequence("市長会・町村会", list(_coverage(change))),
    ]
    for item in all_belongings():
        moving = [line for body in organizations for line in item.moving(body)]
        staying = [line for body in organizations for line in item.staying(body)]
        told.append(Consequence(f"{item.label}（{change.successor.name}に移ります）", moving))
        told.append(Consequence(f"{item.label}（元の名称のまま残ります）", staying))
    return [item for item in told if item.lines]


def consequences_of_leaving(organization: Organization) -> list[Consequence]:
    """What ends with the membership of ``organization``; then what stays as it is."""
    ended, kept = [], []
    for item in all_belongings():
        ending = item.ending(organization)
        staying = [line for line in item.moving(organization) if line not in ending]
        staying += item.staying(organization)
        ended.append(Consequence(f"{item.label}（{item.ended_as}）", ending))
        kept.append(Consequence(f"{item.label}（そのまま残ります）", staying))
    return [item for item in ended + kept if item.lines]


def offices_of(change: NewChange) -> list[Office]:
    """The offices of all organizations of ``change``; one of them becomes the main one."""
    bodies = [former.organization for former in change.formers]
    if isinstance(change.successor, Municipality):
        bodies.append(change.successor.organization)
    rows = Office.objects.filter(organization__in=bodies)
    return list(rows.select_related("organization__municipality", "organization__prefecture"))


def _register(change: NewChange) -> Iterable[str]:
    new = change.successor
    if change.keeps_code:
        former = change.formers[0]
        yield (
            f"{former}（{former.code}）の名称を、{day_text(change.date)}から「{new.name}」に変えます。"
            f"「{former.name}」は旧名称として残り、団体コードは変わりません"
        )
        return
    for former in change.formers:
        yield f"{former}（{former.code}）は、{day_text(change.last_day)}で廃止になります"
    if isinstance(new, Municipality):
        yield f"{new}（{new.code}）は、そのまま続きます"
    else:
        name = f"{change.prefecture}{new.district}{new.name}"
        yield f"{name}（{new.code}、{new.kana}）を、{day_text(change.date)}から登録します"


def _name_line(change: NewChange) -> str:
    when = "すぐに" if change.date <= today() else f"{day_text(change.date)}に"
    return f"団体の名称も{when}変わります。公開済みの提案や返信の署名は、元の名称のまま残ります"


def _memberships(change: NewChange, organizations: list[Organization]) -> Iterable[str]:
    members = [body for body in organizations if body.memberships.filter(left=None).exists()]
    for body in organizations:
        if body in members:
            yield f"{body}：{day_text(change.last_day)}で終わります"
        else:
            yield f"{body}：会員ではありません"
    new = change.successor
    if isinstance(new, Municipality) and new.organization.memberships.filter(left=None).exists():
        yield f"{new}：すでに会員です。そのまま続きます"
    elif members:
        yield f"{change.prefecture}{new.name}：{day_text(change.date)}から会員になります"


def _offices(change: NewChange, organizations: list[Organization]) -> Iterable[str]:
    when = "すぐに" if change.date <= today() else f"{day_text(change.date)}に"
    moving = Office.objects.filter(organization__in=organizations).select_related(
        "organization__municipality", "organization__prefecture"
    )
    staying = set()
    if isinstance(change.successor, Municipality):
        own = change.successor.organization.offices
        staying = set(own.values_list("name", flat=True))
    names = [office.name for office in moving]
    for office in moving:
        same = names.count(office.name) > 1 or office.name in staying
        note = "。同じ名前の部署があるため、あとで部署名を変えてください" if same else ""
        yield f"{office.signature}（{_seats(office)}）：{when}{change.successor.name}に移ります{note}"


def _seats(office: Office) -> str:
    """主担当1人・副担当2人: who sits there now or will; their days stay as they are."""
    unended = office.seats.on(today()) | office.seats.filter(valid_from__gt=today())
    roles = list(unended.values_list("role", flat=True))
    counts = [f"{role.label}{roles.count(role)}人" for role in Role if role in roles]
    return "・".join(counts) or "担当者なし"


def _coverage(change: NewChange) -> Iterable[str]:
    new = change.successor
    for former in change.formers:
        before = _covering(change.prefecture, former.kind, change.last_day)
        if before:
            yield f"{former}：{day_text(change.last_day)}まで{'・'.join(before)}"
    if after := _covering(change.prefecture, new.kind, change.date):
        yield f"{change.prefecture}{new.name}：{day_text(change.date)}から{'・'.join(after)}"


def _covering(prefecture: Prefecture, kind: str, day: date) -> list[str]:
    """The associations whose rule covers municipalities of ``kind``; exceptions are by hand."""
    rules = Coverage.objects.on(day).filter(prefecture=prefecture).select_related("organization")
    return [rule.organization.name for rule in rules if kind in rule.kinds]
