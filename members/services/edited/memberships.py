"""Edits of memberships: a first day that is corrected, a last day that is noted."""

from collections import defaultdict
from collections.abc import Collection

from core.audit import Actor
from core.sheets.comparing import RowEdit
from core.sheets.fields import Problem
from members.models import Membership
from members.services.edited.importing import EditedTable
from members.services.register.memberships import (
    LEFT_IN_ORDER,
    correct_joined,
    joined_refusal,
    withdraw_membership,
)


def _refusals(edits: Collection[RowEdit]) -> list[Problem]:
    organizations = {edit.row.organization_id for edit in edits}
    memberships = defaultdict(list)
    for membership in Membership.objects.filter(organization__in=organizations):
        memberships[membership.organization_id].append(membership)
    problems = []
    for edit in edits:
        row, values = edit.row, edit.values
        joined = values.get("joined", row.joined)
        if "joined" in values:
            others = [item for item in memberships[row.organization_id] if item.pk != row.pk]
            if reason := joined_refusal(row, joined, others=others):
                problems.append(edit.refused("joined", reason))
        if "left" in values and values["left"] < joined:
            problems.append(edit.refused("left", LEFT_IN_ORDER))
    return problems


def _carry_out(edit: RowEdit, by: Actor, reason: str) -> None:
    values = edit.values
    membership: Membership = edit.row
    if "joined" in values:
        membership = correct_joined(membership, joined=values["joined"], by=by, reason=reason)
    if "left" in values:
        withdraw_membership(membership, left=values["left"], by=by, reason=reason)


MEMBERSHIP_EDITS = EditedTable(Membership, _refusals, _carry_out, "organization")
