"""What changes an organization's own row from the secretariat's side."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from core import audit
from core.audit import Actor
from core.errors import DomainError
from members.enums import Action, OrganizationKind
from members.models import Organization
from members.services.acting import require_secretariat_or_system
from members.services.offices.profiles import PROFILE_FIELDS, note_profile

# What the register says of its organizations; it changes with the register alone.
REGISTER_FIELDS = frozenset({"name", "kana"})
REGISTER_KINDS = (OrganizationKind.MUNICIPALITY, OrganizationKind.PREFECTURE)
FROM_REGISTER = (
    "市区町村と都道府県の名称とカナは、台帳から登録されています。"
    "名称が変わるときは「市区町村の変更」に登録してください"
)
NAME_TAKEN = "同じ名称の団体がすでにあります"


def is_from_register(organization: Organization) -> bool:
    return organization.kind in REGISTER_KINDS


@transaction.atomic
def change_organization(
    organization: Organization, data: Mapping[str, Any], *, by: Actor, reason: str = ""
) -> Organization:
    """Saves ``data``: ``name``, ``kana``, ``note`` and the texts of the profile, ``themes`` too.

    Its offices are found by its name, so they learn a new one. Nothing different changes
    nothing, and leaves no trace. Raises ``DomainError`` for a name or kana that the register
    says and for a name that another body has; ``NotAllowed`` for a seat outside the secretariat.
    """
    require_secretariat_or_system(by)
    rows = Organization.objects.select_for_update(of=("self",))
    organization = rows.select_related("municipality", "prefecture").get(pk=organization.pk)
    changes = audit.differences(_values(organization, data), _in_words(data))
    if not changes:
        return organization
    if is_from_register(organization) and changes.keys() & REGISTER_FIELDS:
        raise DomainError(FROM_REGISTER)
    if "name" in changes and _others_named(organization, data["name"]):
        raise DomainError(NAME_TAKEN)
    for name in changes.keys() - {"themes"}:
        setattr(organization, name, data[name])
    organization.save()
    if "themes" in changes:
        organization.themes.set(data["themes"])
    if changes.keys() & {*PROFILE_FIELDS, "themes"}:
        note_profile(organization)
    for office in organization.offices.all() if changes.keys() & REGISTER_FIELDS else ():
        office.save(update_fields=["search_text"])
    audit.record(Action.EDIT, organization, by=by, changes=changes, reason=reason)
    return organization


def _values(organization: Organization, data: Mapping[str, Any]) -> dict[str, Any]:
    """What ``data`` would replace, as the history keeps it."""
    own = {name: getattr(organization, name) for name in data if name != "themes"}
    themes = {"themes": organization.themes.all()} if "themes" in data else {}
    return _in_words({**own, **themes})


def _in_words(data: Mapping[str, Any]) -> dict[str, Any]:
    themes = {"themes": sorted(map(str, data["themes"]))} if "themes" in data else {}
    return {**data, **themes}


def _others_named(organization: Organization, name: str) -> bool:
    others = Organization.objects.exclude(pk=organization.pk)
    return others.exclude(kind=OrganizationKind.MUNICIPALITY).filter(name=name).exists()
