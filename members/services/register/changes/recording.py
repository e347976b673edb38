"""Recording a change, taking it back before its day, correcting what was typed."""

from collections.abc import Sequence
from dataclasses import asdict, replace

from django.db import transaction
from django.db.models import ProtectedError

from core import audit
from core.audit import Actor
from core.dates import today
from core.errors import DomainError, given
from members.enums import Action, ChangeKind, MunicipalityKind, OrganizationKind
from members.models import (
    Membership,
    Municipality,
    MunicipalityChange,
    Office,
    Organization,
    Succession,
)
from members.services.acting import require_secretariat_or_system
from members.services.register.changes.planned import (
    ChangeRefused,
    NewChange,
    NewMunicipality,
    change_refusals,
    kind_after,
    new_refusals,
)
from members.services.register.changes.succeeding import name_anew, pass_membership_on, succeed
from members.services.register.memberships import locked_organization

CHOOSE_MAIN = "施行日から代表になる部署を選んでください"
FROM_DATA = "台帳の読み込みで確かめられた変更です。ここでは取り消しも訂正もできません"
HAS_COME = (
    "施行日を迎え、部署と担当が移ったため、取り消せません。名称やコードは「訂正する」で直せます。"
    "会員登録の日は「会員登録」、担当は「担当」の画面で直してください"
)


@transaction.atomic
def record_change(
    change: NewChange, *, main_office: Office | None = None, by: Actor
) -> list[MunicipalityChange]:
    """Writes ``change`` into the register and the memberships; one row for each former one.

    The former ones end on the day before; their membership passes to the successor. Offices
    and what belongs to the organizations move on the day, at once when it is here.
    ``main_office`` is the main one from then on; it may be left out where the successor keeps
    its own, or only one could be. Raises ``ChangeRefused`` for what ``change_refusals`` says,
    ``DomainError`` for a main office that is none of theirs, ``NotAllowed``.
    """
    require_secretariat_or_system(by)
    change = _locked(change)
    for _field, sentence in change_refusals(change):
        raise ChangeRefused(sentence)
    organizations = [former.organization for former in change.formers]
    current = change.formers[0] if change.keeps_code else _successor(change)
    rows = [_recorded(change, former, current, by) for former in change.formers]
    if change.keeps_code:
        main_office = None
    else:
        for former in change.formers:
            former.valid_until = change.last_day
            former.save(update_fields=["valid_until"])
        main_office = _main_office([*organizations, current.organization], main_office, current)
    kana = change.successor.kana if change.keeps_code else ""
    _plan(rows, kana=kana, main_office=main_office, by=by)
    return rows


@transaction.atomic
def carry_over(
    change: MunicipalityChange, *, main_office: Office | None = None, by: Actor
) -> list[MunicipalityChange]:
    """Gives what the organizations of a change have to the successor, as ``record_change`` does.

    For a change that came with the register: the municipalities are right already. All former
    ones of that day are carried over together. Raises ``DomainError`` when that has been done.
    """
    require_secretariat_or_system(by)
    rows = [row for row in _together(change) if may_be_carried_over(row)]
    if not rows:
        raise DomainError("この変更の引継ぎは、すでに決まっているか、引き継ぐものがありません")
    organizations = [locked_organization(row.former.organization) for row in rows]
    current = change.current
    main_office = _main_office([*organizations, current.organization], main_office, current)
    for row in rows:
        audit.record(Action.CARRY_OVER, row, by=by)
    _plan(rows, kana="", main_office=main_office, by=by)
    return rows


@transaction.atomic
def cancel_change(change: MunicipalityChange, *, by: Actor, reason: str) -> None:
    """Takes a recorded change back before its day; register and memberships are as before.

    A merger goes back with all its former municipalities, and one that was to begin is gone:
    it has never been. Raises ``DomainError`` once the day has come, for a change that the
    official data has, when something has been registered for the successor, without a reason.
    """
    require_secretariat_or_system(by)
    rows = _together(change)
    for row in rows:
        _require_own(row)
        if Succession.objects.select_for_update().get(change=row).applied_at:
            raise DomainError(HAS_COME)
    said, current = given(reason), change.current
    begun = _begins(change)
    for row in rows:
        facts = {"date": audit.Change(row.date, None), "current": audit.Change(str(current), "")}
        audit.record(
            Action.CANCEL_CHANGE, row.former.organization, by=by, changes=facts, reason=said
        )
    try:
        for row in rows:
            _undo(row, by=by, reason=said)
        if begun:
            current.organization.delete()
            current.delete()
    except ProtectedError as error:
        raise DomainError(
            f"{current}に、部署などがすでに登録されています。先に事務局で移してください"
        ) from error


@transaction.atomic
def correct_change(
    change: MunicipalityChange, new: NewMunicipality, *, by: Actor, reason: str
) -> MunicipalityChange:
    """Puts right what was typed of the municipality that a change makes, or of a new name.

    Raises ``ChangeRefused`` as ``record_change`` does, ``DomainError`` for a change that the
    official data has, one into a municipality that was there before, or without a reason.
    """
    require_secretariat_or_system(by)
    _require_own(change)
    if not may_be_corrected(change):
        raise DomainError("もとからある市区町村への編入のため、訂正する名称やコードはありません")
    rows = _together(change)
    formers = tuple(row.former for row in rows)
    asked = NewChange(change.date, ChangeKind(change.kind), formers, new)
    for _field, sentence in new_refusals(asked, new, own=change.current):
        raise ChangeRefused(sentence)
    before = _said(change)
    for row in rows:
        row.current_name = new.name
        row.save(update_fields=["current_name"])
        if asked.keeps_code:
            Succession.objects.filter(change=row).update(kana=new.kana)
    if not asked.keeps_code or change.succession.applied_at:
        name_anew(change.current, new)
    change.refresh_from_db()
    changes = audit.differences(before, _said(change, new))
    audit.record(Action.CORRECT_CHANGE, change, by=by, changes=changes, reason=given(reason))
    return change


def may_be_cancelled(change: MunicipalityChange) -> bool:
    """Whether it was recorded here, and its day has not come."""
    return _is_own(change) and change.succession.applied_at is None


def may_be_corrected(change: MunicipalityChange) -> bool:
    """Whether it was recorded here and made something that has a name."""
    return _is_own(change) and (change.former_id == change.current_id or _begins(change))


def may_be_carried_over(change: MunicipalityChange) -> bool:
    """Whether it came with the register, and its former organization has something to pass on."""
    if change.former_id == change.current_id or hasattr(change, "succession"):
        return False
    former = {"organization__municipality": change.former_id}
    is_member = Membership.objects.filter(**former, left=None).exists()
    return is_member or Office.objects.filter(**former).exists()


def _is_own(change: MunicipalityChange) -> bool:
    return not change.record_digest and hasattr(change, "succession")


def _require_own(change: MunicipalityChange) -> None:
    if not _is_own(change):
        raise DomainError(FROM_DATA)


def _together(change: MunicipalityChange) -> list[MunicipalityChange]:
    """The rows of one merger, or the one row."""
    rows = MunicipalityChange.objects.filter(date=change.date, current=change.current_id)
    related = rows.select_related("former__prefecture", "former__organization", "succession")
    return list(related.order_by("pk"))


def _begins(change: MunicipalityChange) -> bool:
    """Whether the successor begins with this change, and the official data does not have it."""
    current = change.current
    return (
        change.former_id != current.pk
        and current.valid_from == change.date
        and not current.record_digest
    )


def _locked(change: NewChange) -> NewChange:
    """``change`` with its municipalities as they are now, kept from others."""
    keys = [former.pk for former in change.formers]
    successor = change.successor
    if isinstance(successor, Municipality):
        keys.append(successor.pk)
    rows = Municipality.objects.select_for_update(of=("self",)).order_by("pk")
    found = {
        row.pk: row for row in rows.filter(pk__in=keys).select_related("prefecture", "organization")
    }
    formers = tuple(found[former.pk] for former in change.formers)
    if isinstance(successor, Municipality):
        successor = found[successor.pk]
    return replace(change, formers=formers, successor=successor)


def _successor(change: NewChange) -> Municipality:
    """The municipality that takes over, with its organization; made when it is to begin."""
    new = change.successor
    if isinstance(new, Municipality):
        return new
    former_names = "" if change.kind == ChangeKind.MERGER else change.formers[0].name
    municipality = Municipality.objects.create(
        code=new.code,
        prefecture=change.prefecture,
        name=new.name,
        kana=new.kana,
        kind=MunicipalityKind(new.kind),
        district=new.district,
        former_names=former_names,
        valid_from=change.date,
    )
    Organization.objects.create(
        # As the official data will call it.
        record_key=new.code,
        kind=OrganizationKind.MUNICIPALITY,
        name=new.name,
        kana=new.kana,
        municipality=municipality,
        prefecture=change.prefecture,
    )
    return municipality


def _recorded(
    change: NewChange, former: Municipality, current: Municipality, by: Actor
) -> MunicipalityChange:
    row = MunicipalityChange.objects.create(
        date=change.date,
        kind=change.kind,
        former=former,
        former_name=former.name,
        current=current,
        current_name=change.successor.name,
        note=change.note,
    )
    changes = {
        "date": audit.Change(None, change.date),
        "kind": audit.Change("", change.kind),
        "former": audit.Change("", f"{former}（{former.code}）"),
        "current": audit.Change("", f"{current.prefecture}{row.current_name}（{current.code}）"),
    }
    audit.record(Action.RECORD_CHANGE, row, by=by, changes=changes)
    return row


def _main_office(
    organizations: Sequence[Organization], chosen: Office | None, current: Municipality
) -> Office | None:
    """The main office from the day on; None where there is no office at all."""
    offices = {office.pk: office for body in organizations for office in body.offices.all()}
    if chosen is not None:
        if chosen.pk not in offices:
            raise DomainError("代表の部署は、この変更にかかわる団体の部署から選んでください")
        return chosen
    own = [office for office in current.organization.offices.all() if office.is_main]
    candidates = own or list(offices.values())
    if len(candidates) > 1:
        raise DomainError(CHOOSE_MAIN)
    return candidates[0] if candidates else None


def _plan(
    rows: Sequence[MunicipalityChange], *, kana: str, main_office: Office | None, by: Actor
) -> None:
    """Passes the memberships on, and the rest when the day is here."""
    successions = []
    for row in rows:
        main = main_office if _becomes_main(main_office, row) else None
        successions.append(Succession.objects.create(change=row, kana=kana, main_office=main))
    pass_membership_on(successions, by=by)
    if rows[0].date <= today():
        for succession in successions:
            succeed(succession, by=by)


def _becomes_main(office: Office | None, row: MunicipalityChange) -> bool:
    """Whether ``office`` is one that comes with ``row``, or another one of the successor's."""
    if office is None:
        return False
    is_own = office.organization_id == row.current.organization.pk
    return office.organization_id == row.former.organization.pk or (is_own and not office.is_main)


def _undo(row: MunicipalityChange, *, by: Actor, reason: str) -> None:
    """Takes back what recording ``row`` has written, but for the successor itself."""
    succession = row.succession
    closed, opened = succession.closed, succession.opened
    succession.delete()
    row.delete()
    if opened:
        opened.delete()
    if closed:
        changes = {"left": audit.Change(closed.left, None)}
        closed.left = None
        closed.save(update_fields=["left"])
        audit.record(Action.CANCEL_CHANGE, closed, by=by, changes=changes, reason=reason)
    if row.former_id != row.current_id:
        row.former.valid_until = None
        row.former.save(update_fields=["valid_until"])


def _said(change: MunicipalityChange, new: NewMunicipality | None = None) -> dict[str, str]:
    """What was typed of the successor, for the history."""
    current = change.current
    if new is not None:
        return asdict(new) | {"kind": str(new.kind)}
    kana = change.succession.kana or current.kana
    return {
        "code": current.code,
        "name": change.current_name,
        "kana": kana,
        "kind": kind_after(change.kind, current.kind),
        "district": current.district,
    }
