"""A table of members on its way in, as the tests of the import need it."""

from datetime import date
from typing import Any

from django.core.files.base import ContentFile

from core.audit import System
from core.sheets.cells import Table
from core.sheets.fields import fitted
from core.sheets.reading import read_table
from members import services
from members.models import Organization
from members.services.joining.imports import ListedSeat, Plan
from members.sheets import FIELDS, listed_seats
from tests.factories.members import (
    OrganizationFactory,
)
from tests.members.joining.tables import xlsx

BY = System("見本")
JOINED = date(2026, 11, 1)


def table_of(rows: list[dict[str, Any]]) -> Table:
    return fitted(read_table(ContentFile(xlsx(rows)), "名簿.xlsx"), FIELDS)


def planned(*rows: dict[str, Any]) -> tuple[list[ListedSeat], Plan]:
    """The rows of a table, and its plan with every reason not to take one of them."""
    seats, problems = listed_seats(table_of(list(rows)))
    plan = services.plan_import(seats, joined=JOINED)
    return seats, Plan(plan.organizations, [*problems, *plan.problems])


def imported(*rows: dict[str, Any], by: Any = BY) -> Plan:
    seats, plan = planned(*rows)
    refused = len({problem.number for problem in plan.problems})
    return services.import_members(
        seats, joined=JOINED, digest=plan.digest, left_out=refused, by=by
    )


def reasons(plan: Plan) -> list[tuple[int, str, str]]:
    return [(problem.number, problem.heading, problem.reason) for problem in plan.problems]


def town(code: str = "322024", **kwargs: Any) -> Organization:
    return OrganizationFactory(municipality__code=code, **kwargs)
