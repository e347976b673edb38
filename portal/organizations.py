"""All that the record holds of one organization, as its page shows it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from agreements.enums import CollaborationScope
from agreements.models import Agreement, Collaboration
from agreements.queries import (
    Covered,
    Reach,
    agreements_reaching,
    collaborations_of,
    covered_by,
    latest_first,
    with_bodies,
)
from chronicle.models import Disaster, Milestone
from chronicle.queries import Given, reliefs_received, reliefs_within
from core.models import Attachment
from events.models import Event
from events.queries import Appearance, appearances_of
from members.enums import OrganizationKind
from members.models import Organization, ProfileLink, Theme
from portal.queries import ward_mayors

_PROFILE_TEXTS = ("introduction", "specialities", "seeks", "provides")
# What a milestone may be the same happening as.
_TOLD_BY = {
    "agreements": Agreement,
    "collaborations": Collaboration,
    "events": Event,
    "disasters": Disaster,
}


@dataclass(frozen=True)
class Profile:
    """How an organization introduces itself, beside the texts of its own row."""

    body: Organization
    themes: list[Theme]
    links: list[ProfileLink]
    picture: Attachment | None

    @property
    def missing(self) -> list[str]:
        """What nobody has written yet, by the names of the parts."""
        parts = {
            **{name: getattr(self.body, name) for name in _PROFILE_TEXTS},
            "themes": self.themes,
            "attachments": self.picture,
            "website": self.body.website,
        }
        names = [name for name, content in parts.items() if not content]
        return [str(Organization._meta.get_field(name).verbose_name) for name in names]

    @property
    def has_facts(self) -> bool:
        """Whether there is anything beside the introduction and the picture."""
        body = self.body
        return bool(body.specialities or body.seeks or body.provides or self.themes or self.links)

    @property
    def is_empty(self) -> bool:
        """Whether the page would have nothing under the heading; the website stands elsewhere."""
        return not (self.body.introduction or self.has_facts or self.picture)


def profile_of(body: Organization) -> Profile:
    """The profile of ``body``; two queries, and a third one where it has a picture."""
    return Profile(
        body=body,
        themes=list(body.themes.all()),
        links=list(body.profile_links.all()),
        picture=body.picture,
    )


@dataclass(frozen=True)
class OrganizationRecord:
    """What ties an organization to the project, as far as a visitor may see it.

    ``for_all_wards`` are the agreements that 特別区長会 signed, on a ward's page.
    ``milestones`` are the entries of the chronology that name it and are not told by any of
    the rest. ``gives``: it is one of the bodies whose relief the portal tells of.
    """

    reaches: list[Reach]
    for_all_wards: list[Reach]
    ward_mayors: Organization | None
    covered: list[Covered]
    collaborations: list[Collaboration]
    appearances: list[Appearance]
    received: list[Given]
    received_within: list[Given]
    milestones: list[Milestone]
    gives: bool

    @property
    def sections(self) -> list[tuple[str, str, int]]:
        """The sections that hold anything: anchor, heading, number of rows."""
        return [section for section in self._all_sections if section[2]]

    @property
    def missing(self) -> list[str]:
        """The headings of the sections that hold nothing, for one quiet line.

        Without agreements: their section stands on every page, and answers for its day; and
        without relief where the body gives it. What stands above is on the timeline as well,
        which then tells nothing more.
        """
        told = "timeline" if self.sections else ""
        passed_over = {"agreements", "relief" if self.gives else "", told}
        return [
            label
            for anchor, label, number in self._all_sections
            if not number and anchor not in passed_over
        ]

    @property
    def _all_sections(self) -> list[tuple[str, str, int]]:
        return [
            ("agreements", "連携協定", len(self.reaches) + len(self.for_all_wards)),
            ("collaborations", "連携事業", len(self.collaborations)),
            ("events", "イベント", len(self.appearances)),
            ("relief", "被災地支援", len(self.received) + len(self.received_within)),
            ("timeline", "あゆみ", len(self.milestones)),
        ]


def record_of(body: Organization, user: Any, day: date) -> OrganizationRecord:
    """The record of ``body`` on ``day``; the number of queries depends on its kind alone."""
    reaches = agreements_reaching(body, day)
    mayors = ward_mayors() if body.is_ward else None
    for_all_wards = _of_all_wards(mayors, reaches, day) if mayors else []
    collaborations = _collaborations(body, user)
    appearances = appearances_of(body, user, day)
    received = reliefs_received(body)
    shown = [
        *[reach.agreement for reach in (*reaches, *for_all_wards)],
        *collaborations,
        *[appearance.event for appearance in appearances],
        *[given.disaster for given in received],
    ]
    return OrganizationRecord(
        reaches=reaches,
        for_all_wards=for_all_wards,
        ward_mayors=mayors,
        covered=covered_by([body], day) if body.is_association else [],
        collaborations=collaborations,
        appearances=appearances,
        received=received,
        received_within=reliefs_within(body) if body.is_prefecture else [],
        milestones=_milestones_beside(shown, body, user),
        gives=body.is_ward or body.is_secretariat,
    )


def _of_all_wards(mayors: Organization, own: list[Reach], day: date) -> list[Reach]:
    """The agreements of 特別区長会, without those that the ward has signed as well."""
    signed = {reach.agreement for reach in own}
    reaches = agreements_reaching(mayors, day)
    return [Reach(reach.agreement, mayors) for reach in reaches if reach.agreement not in signed]


def _collaborations(body: Organization, user: Any) -> list[Collaboration]:
    """The joint projects of ``body``; 特別区長会 has those that all wards carry together."""
    if body.kind != OrganizationKind.WARD_MAYORS:
        return collaborations_of(body, user)
    together = Collaboration.objects.visible_to(user).filter(scope=CollaborationScope.WARD_MAYORS)
    return list(with_bodies(latest_first(together)))


def _milestones_beside(shown: list[Any], body: Organization, user: Any) -> list[Milestone]:
    """The milestones that name ``body`` and are not the same happening as a row of ``shown``."""
    told = Q()
    for relation, model in _TOLD_BY.items():
        told |= Q(**{f"{relation}__in": [row.pk for row in shown if isinstance(row, model)]})
    named = Milestone.objects.visible_to(user).filter(organizations=body)
    beside = named.exclude(pk__in=Milestone.objects.filter(told).order_by().values("pk"))
    return list(beside.latest_first())
