"""What the record holds of the organization behind a proposal, beside it (features.md 9)."""

from dataclasses import dataclass
from datetime import date

from agreements.models import Collaboration, CollaborationParty
from agreements.queries import latest_first, number_reaching
from members.models import Organization


@dataclass(frozen=True)
class AuthorRecord:
    """The agreements that reach an organization, its joint projects, the latest first, and its
    events: as everybody may read them, without samples."""

    agreements: int
    projects: list[Collaboration]
    events: int


def author_record(organization: Organization, user, day: date) -> AuthorRecord:
    """The record of ``organization`` on ``day``, the same for every ``user``.

    Three queries; seven for a municipality.
    """
    joined = CollaborationParty.objects.filter(organization=organization).order_by()
    projects = Collaboration.objects.published().real()
    projects = latest_first(projects.filter(pk__in=joined.values("collaboration")))
    # The events' room stands beside this one: its rows are reached by their relation alone.
    roles = organization.event_roles.order_by()
    events = roles.model._meta.get_field("event").related_model._default_manager
    return AuthorRecord(
        number_reaching(organization, day),
        list(projects.only("title")),
        events.visible_to(user).real().filter(pk__in=roles.values("event")).count(),
    )
