"""What changes how an organization introduces itself (団体の紹介)."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone

from core import audit, files
from core.errors import DomainError, StaleVersion, require
from core.files import FileChange
from members import rules
from members.enums import Action
from members.models import Organization, ProfileLink, Seat

# The texts of a profile, in the order in which its page shows them.
PROFILE_FIELDS = (
    "introduction",
    "specialities",
    "seeks",
    "provides",
    "website",
    "picture_text",
)
MOST_LINKS = 5
UNDESCRIBED = "写真の説明を入力してください"


class LinkTo(NamedTuple):
    """A page elsewhere, as a profile names it."""

    label: str
    url: str

    def __str__(self) -> str:
        return f"{self.label} {self.url}"


@transaction.atomic
def change_profile(
    organization: Organization,
    data: Mapping[str, Any],
    *,
    version: int,
    by: Seat,
    picture: FileChange | None = None,
) -> Organization:
    """Saves ``data``: any of ``PROFILE_FIELDS``, ``themes`` and ``links`` (of ``LinkTo``).

    Nothing different changes nothing, and leaves no trace. Raises ``StaleVersion`` when the
    profile has changed since ``version``, ``NotAllowed``, and ``DomainError`` for more links
    than a page shows, more than one picture, or one that nobody describes; then nothing is
    saved.
    """
    organization = _locked(organization, version=version)
    require(rules.may_change_profile(by, organization))
    before = profile_values(organization)
    changes = files.apply_change(organization, picture) if picture else {}
    for field in PROFILE_FIELDS:
        if field in data:
            setattr(organization, field, data[field])
    _check_picture(organization)
    if "themes" in data:
        organization.themes.set(data["themes"])
    if "links" in data:
        _set_links(organization, data["links"])
    changes |= audit.differences(_in_words(before), _in_words(profile_values(organization)))
    if changes:
        organization.save(update_fields=[*PROFILE_FIELDS, "profile_text"])
        note_profile(organization)
        audit.record(Action.CHANGE_PROFILE, organization, by=by, changes=changes)
    return organization


def note_profile(organization: Organization) -> None:
    """Notes that the profile is a new one from now on; forms opened before are refused."""
    organization.profile_version += 1
    organization.profile_updated_at = timezone.now()
    organization.save(update_fields=["profile_version", "profile_updated_at"])


def profile_values(organization: Organization) -> dict[str, Any]:
    """The profile of ``organization`` by field, without its picture."""
    links = organization.profile_links.all()
    return {
        **{field: getattr(organization, field) for field in PROFILE_FIELDS},
        "themes": list(organization.themes.all()),
        "links": [LinkTo(link.label, link.url) for link in links],
    }


def _in_words(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as the history keeps them, by the names of the columns."""
    texts = {name: values[name] for name in PROFILE_FIELDS}
    themes, links = ([str(item) for item in values[name]] for name in ("themes", "links"))
    return {**texts, "themes": themes, "profile_links": links}


def _locked(organization: Organization, *, version: int) -> Organization:
    """The organization as it is now, locked. Raises ``StaleVersion`` unless it has ``version``."""
    rows = Organization.objects.select_for_update(of=("self",))
    organization = rows.select_related("municipality", "prefecture").get(pk=organization.pk)
    if organization.profile_version != version:
        raise StaleVersion
    return organization


def _check_picture(organization: Organization) -> None:
    """One picture that is described, or neither picture nor description."""
    number = organization.attachments.count()
    if number > 1:
        raise DomainError("写真は1枚だけ載せられます")
    if number and not organization.picture_text:
        raise DomainError(UNDESCRIBED)
    if not number:
        organization.picture_text = ""


def _set_links(organization: Organization, links: Iterable[LinkTo]) -> None:
    """Puts ``links`` in place of the present ones, in their order."""
    links = list(links)
    if len(links) > MOST_LINKS:
        raise DomainError(f"リンクは{MOST_LINKS}つまで載せられます")
    present = [LinkTo(link.label, link.url) for link in organization.profile_links.all()]
    if links == present:
        return
    organization.profile_links.all().delete()
    ProfileLink.objects.bulk_create(
        ProfileLink(organization=organization, label=link.label, url=link.url, order=order)
        for order, link in enumerate(links)
    )
