"""The register for a table: each body with what ties it to the project."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from agreements.models import Collaboration, CollaborationParty
from agreements.queries import ties_in
from chronicle.models import Relief
from events.models import Event, EventRole
from members.models import Membership, Organization
from members.querysets import OrganizationQuerySet


@dataclass(frozen=True)
class RegisterRow:
    """A body, with the associations that cover it and the number of its own records."""

    organization: Organization
    associations: list[Organization]
    agreements: int
    collaborations: int
    events: int
    disasters: int
    membership: Membership | None

    @property
    def kind_text(self) -> str:
        """市, 町, 村 or 特別区; of any other body its kind."""
        municipality = self.organization.municipality
        return (municipality or self.organization).get_kind_display()

    @property
    def membership_text(self) -> str:
        """会員, marked where it is a sample; empty for a body that is none."""
        if self.membership is None:
            return ""
        return "会員（見本）" if self.membership.is_sample else "会員"


def register_rows(bodies: OrganizationQuerySet, day: date, user: Any) -> list[RegisterRow]:
    """``bodies`` with what tied them to the project on ``day``, as far as ``user`` may see it.

    Samples are not counted. Ten queries, however many bodies.
    """
    listed = list(bodies.select_related("municipality", "prefecture"))
    ties = ties_in(listed, day)
    collaborations = _collaborations(user)
    events = _events(user)
    disasters = _disasters(user)
    memberships = {
        membership.organization_id: membership for membership in Membership.objects.on(day)
    }
    return [
        RegisterRow(
            organization=body,
            associations=ties.associations_of(body) if body.municipality_id else [],
            agreements=ties.own_agreements[body.pk],
            collaborations=collaborations[body.pk],
            events=events[body.pk],
            disasters=disasters[body.pk],
            membership=memberships.get(body.pk),
        )
        for body in listed
    ]


def _collaborations(user: Any) -> Counter[int]:
    """How many joint projects each body is in."""
    visible = Collaboration.objects.visible_to(user).real()
    parties = CollaborationParty.objects.filter(collaboration__in=visible)
    return Counter(parties.order_by().values_list("organization", flat=True))


def _events(user: Any) -> Counter[int]:
    """How many events each body had a part in, in whatever role."""
    visible = Event.objects.visible_to(user).real()
    roles = EventRole.objects.filter(event__in=visible, organization__isnull=False)
    pairs = roles.order_by().values_list("organization", "event").distinct()
    return Counter(organization for organization, _event in pairs)


def _disasters(user: Any) -> Counter[int]:
    """After how many disasters each body was given support."""
    reliefs = Relief.objects.visible_to(user).filter(recipients__isnull=False)
    pairs = reliefs.order_by().values_list("recipients", "disaster").distinct()
    return Counter(recipient for recipient, _disaster in pairs)
