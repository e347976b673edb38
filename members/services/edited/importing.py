"""Carrying the edits of a table out: one transaction, through the services that own each rule."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.db import models, transaction

from core import audit
from core.audit import Actor
from core.errors import DomainError
from core.sheets.comparing import Comparison, RowEdit
from core.sheets.fields import Problem
from members.enums import Action
from members.models import Organization
from members.services.acting import require_secretariat_or_system
from members.services.joining.imports import PlanChanged


@dataclass(frozen=True)
class EditedTable:
    """What the rows of one model may be edited to.

    ``refusals`` says in a fixed number of queries which edits the services would refuse;
    ``carry_out`` calls them for one row, with the reason that the history keeps. Where the
    services lock a row's organization before the row, ``organization`` is the path to it.
    """

    model: type[models.Model]
    refusals: Callable[[Collection[RowEdit]], list[Problem]]
    carry_out: Callable[[RowEdit, Actor, str], None]
    organization: str = ""

    def lock(self, numbers: Collection[int]) -> None:
        """Keeps the rows with the keys ``numbers`` from others until the transaction ends.

        In the order of the services: of an import and a single change neither waits for what
        the other one has.
        """
        rows = self.model._default_manager.filter(pk__in=numbers)
        if self.organization:
            bodies = Organization.objects.filter(pk__in=rows.order_by().values(self.organization))
            _lock(bodies)
        _lock(rows)


@transaction.atomic
def import_edited(
    table: EditedTable,
    numbers: Collection[int],
    compare: Callable[[], Comparison],
    *,
    digest: str,
    reason: str,
    by: Actor,
) -> Comparison:
    """Does what ``compare`` finds for the rows with the keys ``numbers``: all of it or nothing.

    They are compared anew once they are locked. Nothing is written when nothing is edited.
    Raises ``PlanChanged`` when that is not what ``digest`` stands for any more, ``NotAllowed``
    for a seat outside the secretariat, and what the services raise, naming the row.
    """
    require_secretariat_or_system(by)
    table.lock(numbers)
    comparison = compare()
    if comparison.digest != digest:
        raise PlanChanged
    if not comparison.edited:
        return comparison
    for edit in comparison.edited:
        try:
            table.carry_out(edit, by, reason)
        except DomainError as refusal:
            raise DomainError(f"{edit.number}行目：{refusal}") from refusal
    counts = {
        "変更": len(comparison.edited),
        "変更なし": comparison.unchanged,
        "取り込まず": comparison.refused,
    }
    audit.record_list(
        Action.IMPORT_EDITED,
        table.model,
        str(table.model._meta.verbose_name_plural),
        by=by,
        changes={name: audit.Change(None, f"{count:,}行") for name, count in counts.items()},
        reason=reason,
    )
    return comparison


def _lock(rows: models.QuerySet) -> None:
    locked = rows.select_for_update(of=("self",), no_key=True)
    list(locked.order_by("pk").values_list("pk"))
