"""How many a campaign will reach, before it is started."""

from typing import NamedTuple

from core.dates import today
from members import queries
from members.models import Campaign, Organization
from members.queries import Reach
from members.services.campaign.running import asking


class Beginning(NamedTuple):
    """What the start of a campaign would write today.

    ``offices`` are asked, of ``organizations``; those who have confirmed in the fiscal year
    (``known``) count as answered and get no mail; ``unreached`` have nobody who could be mailed.
    """

    organizations: int
    offices: int
    known: int
    unreached: int
    mails: int


def beginning_of(campaign: Campaign) -> Beginning:
    """As ``start_campaign`` would do it today; nothing is written. Some six queries."""
    offices = list(queries.asked_offices(campaign, today()).select_related("organization"))
    bodies = {office.organization_id for office in offices}
    reach = Reach.of(campaign, Organization.objects.filter(pk__in=bodies))
    step = campaign.step_on(today())
    rows = [asking(campaign, office) for office in offices]
    open_ones = [row for row in rows if not row.answer]
    plans = [plan for row in open_ones if (plan := reach.plan(row, step))]
    return Beginning(
        organizations=len(bodies),
        offices=len(offices),
        known=len(rows) - len(open_ones),
        unreached=len(open_ones) - len(plans),
        mails=sum(len(plan.recipients) for plan in plans),
    )
