"""Edits of offices: contact details, which do not count as confirmed, and names from today on."""

from collections.abc import Collection

from django.db.models import prefetch_related_objects

from core.audit import Actor
from core.dates import today
from core.sheets.comparing import RowEdit
from core.sheets.fields import Problem
from members.models import Office
from members.services.edited.importing import EditedTable
from members.services.offices.offices import correct_office
from members.services.register.renames import NewName, plan_rename, rename_refusals


def _refusals(edits: Collection[RowEdit]) -> list[Problem]:
    renamed = [edit for edit in edits if "name" in edit.values]
    prefetch_related_objects([edit.row for edit in renamed], "renames")
    return [
        edit.refused("name", reason)
        for edit in renamed
        for reason in rename_refusals(NewName(edit.row, edit.values["name"], today())).values()
    ]


def _carry_out(edit: RowEdit, by: Actor, reason: str) -> None:
    contact = edit.values
    name = contact.pop("name", None)
    if name is not None:
        plan_rename(edit.row, name, valid_from=today(), by=by)
    if contact:
        correct_office(edit.row, contact, by=by, reason=reason)


OFFICE_EDITS = EditedTable(Office, _refusals, _carry_out)
