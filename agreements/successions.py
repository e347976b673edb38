"""What an organization has signed or joined stays under its name when another one succeeds it.

The page that records a change tells of what is in force and going on, so that the secretariat
can add the successor where it is to be a party.
"""

from agreements.enums import CollaborationStatus
from agreements.models import Agreement, Collaboration
from core.dates import today
from members import successions
from members.models import Organization

_GOING_ON = (CollaborationStatus.PLANNED, CollaborationStatus.UNDER_WAY)


def agreements_of(organization: Organization) -> list[str]:
    in_force = Agreement.objects.in_force_on(today()).filter(parties__organization=organization)
    return [str(agreement) for agreement in in_force.distinct()]


def collaborations_of(organization: Organization) -> list[str]:
    going_on = Collaboration.objects.filter(
        parties__organization=organization, status__in=_GOING_ON
    )
    return [f"{row}（{row.get_status_display()}）" for row in going_on.distinct()]


def register() -> None:
    successions.register(
        "agreements.agreements", successions.Belongings("協定", staying=agreements_of)
    )
    successions.register(
        "agreements.collaborations",
        successions.Belongings("連携事業", staying=collaborations_of),
    )
