"""Mergers, new names and new kinds of municipalities: recorded, carried out, put right.

The register and memberships are dated, so a change is written into them when it is recorded
and holds from its day on, whatever day is asked for. Offices, seats and what else belongs to
an organization cannot be in two places: they move on the day itself (docs/adr/0017).
"""

from members.services.register.changes.planned import (
    ChangeRefused,
    NewChange,
    NewMunicipality,
    change_refusals,
    keeps_code,
    kind_after,
)
from members.services.register.changes.recording import (
    cancel_change,
    carry_over,
    correct_change,
    may_be_cancelled,
    may_be_carried_over,
    may_be_corrected,
    record_change,
)
from members.services.register.changes.succeeding import apply_changes
from members.services.register.changes.telling import (
    Consequence,
    consequences,
    consequences_of_leaving,
    offices_of,
)

__all__ = [
    "ChangeRefused",
    "Consequence",
    "NewChange",
    "NewMunicipality",
    "apply_changes",
    "cancel_change",
    "carry_over",
    "change_refusals",
    "consequences",
    "consequences_of_leaving",
    "correct_change",
    "keeps_code",
    "kind_after",
    "may_be_cancelled",
    "may_be_carried_over",
    "may_be_corrected",
    "offices_of",
    "record_change",
]
