"""Edits of organizations."""

from collections.abc import Collection

from core.audit import Actor
from core.sheets.comparing import RowEdit
from core.sheets.fields import Problem
from members.enums import OrganizationKind
from members.models import Organization, Theme
from members.services.edited.importing import EditedTable
from members.services.register.organizations import NAME_TAKEN, change_organization


def _refusals(edits: Collection[RowEdit]) -> list[Problem]:
    """A name that another body has, or two rows ask for; a theme that is none."""
    return [*_taken_names(edits), *_unknown_themes(edits)]


def _taken_names(edits: Collection[RowEdit]) -> list[Problem]:
    renamed = [edit for edit in edits if "name" in edit.values]
    bodies = Organization.objects.exclude(kind=OrganizationKind.MUNICIPALITY)
    names = [edit.values["name"] for edit in renamed]
    taken = set(bodies.filter(name__in=names).values_list("name", flat=True))
    problems = []
    for edit in renamed:
        if edit.values["name"] in taken:
            problems.append(edit.refused("name", NAME_TAKEN))
        taken.add(edit.values["name"])
    return problems


def _unknown_themes(edits: Collection[RowEdit]) -> list[Problem]:
    known = {theme.name for theme in Theme.objects.all()}
    problems = []
    for edit in edits:
        if unknown := [name for name in edit.values.get("themes", ()) if name not in known]:
            reason = f"「{'」「'.join(unknown)}」という分野はありません"
            problems.append(edit.refused("themes", reason))
    return problems


def _carry_out(edit: RowEdit, by: Actor, reason: str) -> None:
    values = edit.values
    if "themes" in values:
        values["themes"] = list(Theme.objects.filter(name__in=values["themes"]))
    change_organization(edit.row, values, by=by, reason=reason)


ORGANIZATION_EDITS = EditedTable(Organization, _refusals, _carry_out)
