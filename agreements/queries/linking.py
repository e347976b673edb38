"""The agreements that a joint project belongs to."""

from collections.abc import Collection
from datetime import date

from django.db.models import F, Q

from agreements.models import Agreement, AgreementParty, Collaboration
from agreements.queries.agreements import counterparts, with_parties
from agreements.querysets import AgreementQuerySet
from members.models import Organization
from members.queries import covered_on

_LATEST = F("latest").desc(nulls_last=True)


def offered_agreements(
    bodies: Collection[Organization], project: Collaboration | None = None
) -> AgreementQuerySet:
    """The agreements that the form of a joint project of ``bodies`` offers, the latest first.

    Theirs, all of 特別区長会, because the form does not know its partners yet, and those that
    ``project`` is linked to already, whoever signed.
    """
    shared = Q(pk__in=Agreement.objects.of_all_wards().order_by().values("pk"))
    chosen = _signed_by(bodies) | _linked_to(project) | shared
    return with_parties(Agreement.objects.filter(chosen).order_by(_LATEST, "-pk"))


def linkable_agreements(
    bodies: Collection[Organization], day: date, project: Collaboration | None = None
) -> AgreementQuerySet:
    """Of those, what a joint project of ``bodies`` may be linked to.

    One of ``bodies`` is a party, or it is one of 特別区長会 with an association that covers one
    of them on ``day``; and those that ``project`` is linked to already. Five queries.
    """
    return Agreement.objects.filter(
        _signed_by(bodies) | _linked_to(project) | _shared_with(bodies, day)
    )


def _signed_by(bodies: Collection[Organization]) -> Q:
    parties = AgreementParty.objects.filter(organization__in=bodies).order_by()
    return Q(pk__in=parties.values("agreement"))


def _linked_to(project: Collaboration | None) -> Q:
    rows = project.agreements if project else Agreement.objects.none()
    return Q(pk__in=rows.order_by().values("pk"))


def _shared_with(bodies: Collection[Organization], day: date) -> Q:
    """That 特別区長会 has concluded it with an association that covers one of ``bodies``."""
    shared = Agreement.objects.of_all_wards()
    associations = counterparts(shared)
    covered = covered_on(associations, day)
    municipalities = {body.municipality_id for body in bodies}
    covering = [body for body in associations if covered[body.pk] & municipalities]
    parties = AgreementParty.objects.filter(agreement__in=shared, organization__in=covering)
    return Q(pk__in=parties.order_by().values("agreement"))
