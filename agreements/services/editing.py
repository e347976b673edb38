"""Joint projects: they are registered, planned by the board, joined and corrected."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.db import transaction

from agreements import following, rules
from agreements.enums import Action, CollaborationSide, CollaborationStatus, Origin
from agreements.models import Agreement, Collaboration, CollaborationParty
from agreements.services.projects import (
    ONLY_OF_BOARD,
    TEXT_FIELDS,
    UNKNOWN,
    check_agreements,
    check_period,
    content,
    opened,
    save,
    set_point,
)
from agreements.services.telling import tell_agreements
from core import audit
from core.errors import DomainError, require
from members.models import Organization, Seat, Theme
from members.rules import is_secretariat


@transaction.atomic
def create(*, data: Mapping[str, Any], status: CollaborationStatus, by: Seat) -> Collaboration:
    """Registers a joint project of the seat's ward; only its organizations see it yet.

    ``status`` is how it stands: a ward also records what has begun, or is over. What a sample
    account registers is a sample. Raises ``NotAllowed``, and ``DomainError`` when the parties,
    the period or the agreements cannot be so.
    """
    require(rules.may_add(by))
    if status == CollaborationStatus.CANCELLED:
        raise DomainError("中止した連携事業は、登録してから中止にしてください")
    collaboration = Collaboration(status=status, is_sample=by.user.is_sample)
    _write(collaboration, data)
    collaboration.save()
    _join(collaboration, data, by)
    _link(collaboration, data)
    _choose_origin(collaboration, data, by)
    changes = audit.differences({}, content(collaboration))
    filled = {name: change for name, change in changes.items() if change.after}
    audit.record(Action.CREATE_COLLABORATION, collaboration, by=by, changes=filled)
    return collaboration


@transaction.atomic
def plan(
    *,
    title: str,
    bodies: Collection[Organization],
    themes: Collection[Theme],
    origin_date: date,
    is_sample: bool,
    by: Seat,
) -> Collaboration:
    """Begins a planned joint project that came from the board, for its wards to fill in.

    Who may is for the board to say. Raises ``DomainError`` unless ``bodies`` are wards and
    others.
    """
    wards = [body for body in bodies if body.is_ward]
    partners = [body for body in bodies if not body.is_ward]
    if not wards or not partners:
        raise DomainError("連携事業には、特別区と連携先の両方が必要です")
    collaboration = Collaboration.objects.create(
        title=title, origin=Origin.BOARD, origin_date=origin_date, is_sample=is_sample
    )
    collaboration.themes.set(themes)
    _write_parties(collaboration, wards, partners)
    changes = audit.differences({}, content(collaboration))
    filled = {name: change for name, change in changes.items() if change.after}
    audit.record(Action.CREATE_COLLABORATION, collaboration, by=by, changes=filled)
    return collaboration


@transaction.atomic
def join(collaboration: Collaboration, body: Organization, *, by: Seat) -> Collaboration:
    """Makes ``body`` one of the parties, as the board has settled it; twice is once.

    Raises ``DomainError`` when the joint project is over.
    """
    collaboration = Collaboration.objects.select_for_update().get(pk=collaboration.pk)
    if collaboration.is_over:
        raise DomainError("この連携事業は終わっているため、加われません")
    before = content(collaboration)
    wards = [party.organization for party in collaboration.wards]
    partners = [party.organization for party in collaboration.partners]
    if body in wards or body in partners:
        return collaboration
    (wards if body.is_ward else partners).append(body)
    _write_parties(collaboration, wards, partners)
    return save(collaboration, Action.UPDATE_COLLABORATION, before, by=by)


@transaction.atomic
def update(
    collaboration: Collaboration, *, data: Mapping[str, Any], by: Seat, version: int
) -> Collaboration:
    """Corrects a joint project as it stood at ``version``, in any state.

    Nothing is written when nothing differs; of agreements that it is linked to from now on,
    its followers are told. Raises ``NotAllowed``, ``StaleVersion``, and
    ``DomainError`` as ``create`` does.
    """
    collaboration, before = opened(collaboration, by, version)
    _write(collaboration, data)
    _join(collaboration, data, by)
    linked = _link(collaboration, data)
    _choose_origin(collaboration, data, by)
    if content(collaboration) == before:
        return collaboration
    collaboration = save(collaboration, Action.UPDATE_COLLABORATION, before, by=by)
    tell_agreements(collaboration, linked, by=by)
    return collaboration


def _write(collaboration: Collaboration, data: Mapping[str, Any]) -> None:
    """Sets what ``data`` holds of the row itself. Raises ``DomainError``."""
    for field in TEXT_FIELDS:
        if field in data:
            setattr(collaboration, field, data[field])
    for point in ("start", "end"):
        if point in data:
            set_point(collaboration, point, data[point] or UNKNOWN)
    check_period(collaboration)


def _join(collaboration: Collaboration, data: Mapping[str, Any], by: Seat) -> None:
    """Gives the row the themes and parties of ``data``. Raises ``DomainError``."""
    if "themes" in data:
        collaboration.themes.set(data["themes"])
    former_wards = [party.organization for party in collaboration.wards]
    former_partners = [party.organization for party in collaboration.partners]
    chosen = list(data.get("wards", former_wards))
    partners = list(data.get("partners", former_partners))
    _check_parties(collaboration, chosen, partners, by)
    # A form gives the wards in the order of their codes; those that stay keep their places.
    wards = [body for body in former_wards if body in chosen]
    wards += [body for body in chosen if body not in wards]
    if (wards, partners) != (former_wards, former_partners):
        _write_parties(collaboration, wards, partners)


def _link(collaboration: Collaboration, data: Mapping[str, Any]) -> list[Agreement]:
    """Links the agreements of ``data``; returns the new ones. Raises ``DomainError``."""
    if "agreements" not in data:
        return []
    chosen, former = list(data["agreements"]), set(collaboration.agreements.all())
    parties = collaboration.parties.select_related("organization")
    bodies = [party.organization for party in parties]
    check_agreements(chosen, bodies, start=collaboration.start, project=collaboration)
    collaboration.agreements.set(chosen)
    return [agreement for agreement in chosen if agreement not in former]


def _choose_origin(collaboration: Collaboration, data: Mapping[str, Any], by: Seat) -> None:
    """Links it with what ``data`` says that it came from. Raises ``DomainError``."""
    key = data.get("proposal")
    if key is None:
        return
    if key and collaboration.origin != Origin.BOARD:
        raise DomainError(ONLY_OF_BOARD)
    following.choose_origin(collaboration, key, by=by)


def _write_parties(
    collaboration: Collaboration, wards: list[Organization], partners: list[Organization]
) -> None:
    collaboration.parties.all().delete()
    pairs = [(CollaborationSide.WARD, body) for body in wards]
    pairs += [(CollaborationSide.PARTNER, body) for body in partners]
    CollaborationParty.objects.bulk_create(
        CollaborationParty(collaboration=collaboration, side=side, organization=body, order=order)
        for order, (side, body) in enumerate(pairs, start=1)
    )


def _check_parties(
    collaboration: Collaboration, wards: list[Organization], partners: list[Organization], by: Seat
) -> None:
    """Somebody on either side, the own ward among the wards, and no ward among the partners."""
    if not is_secretariat(by) and by.organization not in wards:
        raise DomainError(f"特別区には、{by.organization.name}を含めてください")
    if not wards or not all(body.is_ward for body in wards):
        raise DomainError("特別区を選んでください")
    if any(body.is_ward for body in partners):
        raise DomainError("連携先に特別区を入力しないでください。特別区の欄で選んでください")
    if not partners and not collaboration.partner_text:
        raise DomainError("連携先の団体を入力してください")
