"""What happens on the day of a change: offices, seats and belongings pass to the successor."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from core import audit
from core.audit import Actor, System
from members import emails
from members.enums import Action
from members.models import (
    Membership,
    Municipality,
    MunicipalityChange,
    Office,
    Organization,
    Succession,
)
from members.services.register.changes.planned import NewMunicipality, kind_after
from members.services.register.memberships import close_membership, open_membership
from members.successions import all_belongings

# What a body says of itself; it goes on for the successor, which has said nothing yet.
_PROFILE = ("introduction", "seeks", "provides", "website")


@transaction.atomic
def apply_changes(day: date) -> int:
    """Carries out what was decided for ``day``, also for a day that was missed; how many."""
    due = Succession.objects.select_for_update(of=("self",)).due(day)
    successions = list(due.select_related("change__former", "change__current"))
    for succession in successions:
        succeed(succession, by=System("合併・名称変更など"))
    return len(successions)


def succeed(succession: Succession, *, by: Actor) -> None:
    """Carries one succession out, in the caller's transaction, and notes when."""
    change = succession.change
    if change.former_id == change.current_id:
        changes = _rename(succession)
    else:
        changes = _move(succession, by)
    succession.applied_at = timezone.now()
    succession.save(update_fields=["applied_at"])
    audit.record(Action.SUCCEED, change, by=by, changes=changes)


def pass_membership_on(successions: Sequence[Succession], *, by: Actor) -> None:
    """Ends the former ones' memberships on their last day, and opens the successor's.

    For the successions of one day to one successor, in the caller's transaction. A successor
    that is a member stays one; nothing begins where none of the former ones is a member.
    """
    passed_on = []
    for succession in successions:
        if succession.closed is None and (closed := _closed(succession.change, by)):
            succession.closed = closed
            passed_on.append(succession)
    change = successions[0].change
    organization = change.current.organization
    if passed_on and not organization.memberships.filter(left=None).exists():
        passed_on[0].opened = open_membership(
            organization,
            joined=change.date,
            by=by,
            is_sample=all(item.closed.is_sample for item in passed_on),
        )
    for succession in passed_on:
        succession.save(update_fields=["closed", "opened"])


def _closed(change: MunicipalityChange, by: Actor) -> Membership | None:
    """Ends the membership of the former organization, when it has one."""
    if change.former_id == change.current_id:
        return None
    membership = change.former.organization.memberships.filter(left=None).first()
    if membership is None:
        return None
    return close_membership(
        membership,
        left=change.date - timedelta(days=1),
        by=by,
        reason=f"{change}（{change.get_kind_display()}）",
    )


def name_anew(municipality: Municipality, new: NewMunicipality) -> None:
    """Writes what a municipality is called into the register and its organization."""
    municipality.code, municipality.name, municipality.kana = new.code, new.name, new.kana
    municipality.kind, municipality.district = new.kind, new.district
    municipality.save()
    organization = municipality.organization
    # The one in hand still has the code of before.
    organization.municipality = municipality
    organization.record_key, organization.name = new.code, new.name
    organization.kana = new.kana
    organization.save()
    for office in organization.offices.all():
        # Offices are found by the name of their organization.
        office.save(update_fields=["search_text"])


def _rename(succession: Succession) -> dict[str, audit.Change]:
    change = succession.change
    municipality = change.current
    before = municipality.name
    if before == change.current_name:
        return {}  # the official data was faster
    former_names = "、".join(filter(None, [municipality.former_names, before]))
    municipality.former_names = former_names
    name_anew(
        municipality,
        NewMunicipality(
            municipality.code,
            change.current_name,
            succession.kana,
            kind_after(change.kind, municipality.kind),
            municipality.district,
        ),
    )
    return {"current_name": audit.Change(before, change.current_name)}


def _move(succession: Succession, by: Actor) -> dict[str, audit.Change]:
    change = succession.change
    former, current = change.former.organization, change.current.organization
    # Again: who was no member when the change was recorded may have joined since.
    pass_membership_on([succession], by=by)
    _pass_profile_on(succession, former, current)
    offices = _move_offices(succession, former, current, by)
    moved = {
        item.label: audit.Change(None, f"{item.move(former, current, by)}件")
        for item in all_belongings()
    }
    return {"部署": audit.Change([], offices), **moved}


def _pass_profile_on(succession: Succession, former: Organization, current: Organization) -> None:
    """Of several, the one whose office becomes the main one speaks for the successor."""
    together = MunicipalityChange.objects.filter(
        date=succession.change.date, current=succession.change.current_id
    )
    main = succession.main_office
    speaks = (main and main.organization_id == former.pk) or together.count() == 1
    has_own = any(getattr(current, field) for field in _PROFILE) or current.themes.exists()
    if not speaks or has_own:
        return
    for field in _PROFILE:
        setattr(current, field, getattr(former, field))
    current.save(update_fields=list(_PROFILE))
    current.themes.set(former.themes.all())


def _move_offices(
    succession: Succession, former: Organization, current: Organization, by: Actor
) -> list[str]:
    """Moves the offices, and with them their seats; returns how they signed before."""
    rows = Office.objects.select_for_update(of=("self",)).select_related(
        "organization__municipality", "organization__prefecture"
    )
    offices = list(rows.filter(organization=former).order_by("pk"))
    main = _main_of(succession, offices, current)
    signatures = [office.signature for office in offices]
    for office, signature in zip(offices, signatures, strict=True):
        office.organization = current
        office.is_main = office.pk == main
        office.version += 1
        office.save(update_fields=["organization", "is_main", "version", "search_text"])
        changes = {"organization": audit.Change(str(former), str(current))}
        entry = audit.record(Action.MOVE_OFFICE, office, by=by, changes=changes)
        emails.tell_moved_office(office, signature, entry)
    return signatures


def _main_of(succession: Succession, offices: list[Office], current: Organization) -> int | None:
    """Which of ``offices`` becomes the main one of ``current``, if any."""
    mains = current.offices.filter(is_main=True)
    if succession.main_office_id:
        mains.update(is_main=False)
        current.offices.filter(pk=succession.main_office_id).update(is_main=True)
        return succession.main_office_id
    if mains.exists():
        return None
    return next((office.pk for office in offices if office.is_main), None)
