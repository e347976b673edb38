"""Joint projects of a ward, what a browser posts of one, and what a refusal must leave alone."""

from contextlib import contextmanager

import pytest

from agreements.enums import CollaborationSide, CollaborationStatus
from agreements.models import Collaboration, CollaborationParty
from core.models import AuditEntry
from members.models import Organization, Seat, Theme
from tests.factories.agreements import CollaborationFactory, CollaborationPartyFactory


def project_of(
    ward: Organization, *partners: Organization, wards: tuple[Organization, ...] = (), **fields
) -> Collaboration:
    """A joint project that ``ward`` (and ``wards``) carries; a partner of its own unless given."""
    project = CollaborationFactory(**fields)
    for body in (ward, *wards):
        CollaborationPartyFactory(
            collaboration=project, organization=body, side=CollaborationSide.WARD, order=1
        )
    for body in partners or (None,):
        given = {"organization": body} if body else {}
        CollaborationPartyFactory(collaboration=project, order=2, **given)
    return project


def complete(seat: Seat, theme: Theme, **changes) -> dict[str, str | list[str]]:
    """The answers of a complete form of the ward that ``seat`` sits at."""
    return {
        "title": "港の朝市",
        "status": CollaborationStatus.UNDER_WAY,
        "wards": [str(seat.office.organization_id)],
        "partners": "福井県坂井市",
        "themes": [str(theme.pk)],
        "origin": "掲示板",
        "start_y": "令和8",
        "start_m": "4",
        "summary": "月に1度、区の商店街で朝市を開く。",
        **changes,
    }


def everything() -> list:
    """All that a refusal must leave as it was."""
    rows = [
        list(model.objects.order_by("pk").values()) for model in (Collaboration, CollaborationParty)
    ]
    themes = list(Collaboration.themes.through.objects.order_by("pk").values())
    return [*rows, themes, AuditEntry.objects.count()]


@contextmanager
def nothing_changes():
    """Asserts that joint projects and the audit log stay as they are."""
    before = everything()
    yield
    assert everything() == before


@contextmanager
def refused(error: type[Exception], match: str | None = None):
    """Expects ``error``, and that nothing has changed."""
    with nothing_changes(), pytest.raises(error, match=match):
        yield
