"""An office's contact details as every page prints them: only what the reader may read."""

from typing import NamedTuple

from core.enums import Level
from members.models import Office, User
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
    """The contact details of ``office`` that ``user`` may read, in the order of the table.

    A last lead past the date of the seat reads those of the own organization, to confirm them.
    """
    levels = levels_of(user)
    if user.is_authenticated and not user.current_seats:
        lingers = any(lingers_at(seat, office.organization) for seat in user.lingering_seats)
        levels += [Level.MEMBERS] if lingers else []
    return [_row(office, field) for field, level in CONTACT_LEVELS.items() if level in levels]


def _row(office: Office, field: str) -> ContactRow:
    label = SHORT_LABELS.get(field) or str(Office._meta.get_field(field).verbose_name)
    value = office.postal_code_text if field == "postal_code" else getattr(office, field)
    scheme = {"phone": "tel:", "email": "mailto:"}.get(field)
    return ContactRow(label, value or NOTHING, f"{scheme}{value}" if scheme and value else "")
