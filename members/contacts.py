"""An office's contact details as every page prints them: only what the reader may read.

Pages without a login, and mails, which are forwarded, show them masked.
"""

from collections.abc import Iterable
from typing import NamedTuple

from core.enums import Level
from core.links.masking import masked_email, masked_extension, masked_name, masked_phone
from members.enums import Role
from members.models import Office, Seat, User
from members.rules import CONTACT_LEVELS, levels_of, lingers_at

NOTHING = "登録なし"
# Where the name of the field would break in a narrow column.
SHORT_LABELS = {"fax": "ファクス", "email": "共用メール"}


class ContactRow(NamedTuple):
    """A row of ``components/facts.html``; ``url`` calls or writes to the office."""

    label: str
    value: str
    url: str = ""


def contact_rows(office: Office, user: User) -> list[ContactRow]:
    """The contact details of ``office`` that ``user`` may read, in the order of the table."""
    return [_row(office, field) for field in readable_fields(office, user)]


def readable_fields(office: Office, user: User) -> list[str]:
    """Which contact fields of ``office`` the reader may read, in the order of the table.

    A last lead past the date of the seat reads those of the own organization, to confirm them.
    """
    levels = levels_of(user)
    if user.is_authenticated and not user.current_seats:
        lingers = any(lingers_at(seat, office.organization) for seat in user.lingering_seats)
        levels += [Level.MEMBERS] if lingers else []
    return [field for field, level in CONTACT_LEVELS.items() if level in levels]


def _row(office: Office, field: str) -> ContactRow:
    label = SHORT_LABELS.get(field) or str(Office._meta.get_field(field).verbose_name)
    value = office.postal_code_text if field == "postal_code" else getattr(office, field)
    scheme = {"phone": "tel:", "email": "mailto:"}.get(field)
    return ContactRow(label, value or NOTHING, f"{scheme}{value}" if scheme and value else "")


_MASKS = {
    "phone": masked_phone,
    "extension": masked_extension,
    "fax": masked_phone,
    "email": masked_email,
}


def masked_rows(office: Office, people: Iterable[Seat]) -> list[ContactRow]:
    """The details of ``office`` and its ``people`` for whoever knows them already.

    Organization, office and address in full; numbers, mail addresses and names masked
    (``core.links.masking``). Last, when they were confirmed.
    """
    rows = [ContactRow("団体", office.organization.full_name)]
    for field in CONTACT_LEVELS:
        row = _row(office, field)
        mask = _MASKS.get(field)
        value = mask(getattr(office, field)) if mask and getattr(office, field) else row.value
        rows.append(ContactRow(row.label, value))
    for role in (Role.LEAD, Role.DEPUTY):
        names = [_masked_person(seat.user) for seat in people if seat.role == role]
        if names or role == Role.LEAD:
            rows.append(ContactRow(role.label, "、".join(names) or NOTHING))
    return [*rows, ContactRow("最終確認", office.freshness_text)]


def _masked_person(user: User) -> str:
    return user.display_name if user.is_shared else masked_name(user.display_name)
