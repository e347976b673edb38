"""What opens offices, and corrects what they are written down with."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from core import audit
from core.audit import Actor
from core.enums import Channel
from members.enums import Action
from members.models import Office, Organization
from members.services.acting import require_secretariat_or_system
from members.services.offices.contacts import (
    CONTACT_FIELDS,
    PERSONAL_CONTACT_FIELDS,
    contact_values,
)


@transaction.atomic
def open_main_office(
    organization: Organization, *, name: str, contact: Mapping[str, str], by: Actor
) -> Office:
    """Makes ``name`` the main office, with its contact details (``CONTACT_FIELDS``) confirmed.

    An office of that name, which a former member may have, is taken up again; another one
    that was main stays, as one of the others. Raises ``NotAllowed`` for a seat outside the
    secretariat.
    """
    require_secretariat_or_system(by)
    organization.offices.filter(is_main=True).exclude(name=name).update(is_main=False)
    former = organization.offices.select_for_update(of=("self",)).filter(name=name).first()
    office = former or Office(organization=organization, name=name)
    before = contact_values(office) if office.pk else dict.fromkeys(CONTACT_FIELDS, "")
    for field, value in contact.items():
        setattr(office, field, value)
    office.version += bool(office.pk)
    office.is_main = True
    office.confirmed_at, office.confirmed_through = timezone.now(), Channel.WEB
    office.confirmed_by = office.signature
    office.save()
    changes = audit.differences(before, contact_values(office), PERSONAL_CONTACT_FIELDS)
    audit.record(Action.OPEN_OFFICE, office, by=by, changes=changes)
    return office


@transaction.atomic
def correct_office(
    office: Office, contact: Mapping[str, str], *, by: Actor, reason: str = ""
) -> Office:
    """Brings contact details (``CONTACT_FIELDS``) up to date with what a list says.

    It does not count as confirmed: the list may be older than what the office itself would say.
    Nothing is written when all is the same. Raises ``NotAllowed`` for a seat outside the
    secretariat.
    """
    require_secretariat_or_system(by)
    rows = Office.objects.select_for_update(of=("self",)).select_related(
        "organization__municipality", "organization__prefecture"
    )
    office = rows.get(pk=office.pk)
    changes = audit.differences(contact_values(office), contact, PERSONAL_CONTACT_FIELDS)
    if not changes:
        return office
    for name, value in contact.items():
        setattr(office, name, value)
    office.version += 1
    office.save()
    audit.record(Action.CHANGE_OFFICE, office, by=by, changes=changes, reason=reason)
    return office
