"""A table of members and their people: what it would change, and doing it in one go."""

from members.services.joining.imports.carrying import PlanChanged, import_members
from members.services.joining.imports.plan import ListedSeat, Plan, PlannedOrganization, PlannedSeat
from members.services.joining.imports.planning import plan_import

__all__ = [
    "ListedSeat",
    "Plan",
    "PlanChanged",
    "PlannedOrganization",
    "PlannedSeat",
    "import_members",
    "plan_import",
]
