"""An organization that answers by telephone, fax or at the counter: the secretariat writes it
down, and it counts like any other answer."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils import timezone

from core.audit import Actor, Identity, Told
from core.dates import day_text, today
from core.enums import Channel
from core.errors import DomainError, require
from members.models import Office, Organization, Seat
from members.rules import may_act_for_caller
from proposals.models import Proposal


@dataclass(frozen=True)
class Caller:
    """An organization's main office that has called, and whoever of the secretariat listened.

    Answers what rules and services ask of a seat that acts, so that the same is allowed and
    refused. It reads nothing: of a talk the secretariat learns no more than it was told.
    """

    office: Office
    by: Actor
    told: Told
    pk: None = None
    role: str = ""
    is_current: bool = True
    is_secretariat: bool = False
    may_write: bool = True

    @property
    def organization(self) -> Organization:
        return self.office.organization

    @property
    def signature(self) -> str:
        return self.office.signature

    @property
    def user(self) -> Any:
        """Who wrote it down, and is not told of it."""
        return getattr(self.by, "user", None)

    def audit_identity(self) -> Identity:
        told = replace(self.told, office=self.signature)
        return replace(self.by.audit_identity(), told=told)


type Writer = Seat | Caller


def caller(organization: Organization, proposal: Proposal, *, by: Actor, told: Told) -> Caller:
    """``organization`` as it called about ``proposal``, for the services of its answers.

    Raises ``NotAllowed`` for whoever is not the secretariat's, or has heard of it on the site,
    and ``DomainError`` for an organization that takes no part, such as the secretariat itself,
    or has no main office, and for a day that cannot be.
    """
    require(may_act_for_caller(by) and told.channel != Channel.WEB)
    if refusal := told_day_refusal(proposal, told.day):
        raise DomainError(refusal)
    offices = Office.objects.filter(organization=organization, is_main=True).select_related(
        "organization__municipality", "organization__prefecture"
    )
    taking_part = Organization.objects.in_directory(today()).filter(pk=organization.pk)
    if organization.is_secretariat or not taking_part.exists():
        raise DomainError(f"{organization.full_name}は、いまは会員ではありません")
    office = offices.first()
    if office is None:
        raise DomainError(
            f"{organization.full_name}には代表の部署がありません。先に担当部署を登録してください"
        )
    return Caller(office, by, told)


def told_day_refusal(proposal: Proposal, day: date | None) -> str:
    """Why a call about ``proposal`` cannot have been on ``day``; empty where it can, None being
    today."""
    if day and day > today():
        return f"連絡があった日は、今日（{day_text(today())}）までの日付にしてください"
    published = proposal.published_at and timezone.localdate(proposal.published_at)
    if day and published and day < published:
        return f"連絡があった日は、提案の公開の日（{day_text(published)}）以降の日付にしてください"
    return ""


def written_by(by: Actor) -> dict[str, Any]:
    """The columns of a row that ``by`` writes: how it was told, where a caller did."""
    told = by.audit_identity().told if isinstance(by, Caller) else None
    return {"told_through": told.channel, "told_on": told.day or today()} if told else {}


def seat_of(by: Writer) -> Seat | None:
    """The seat that writes; of a caller there is none."""
    return by if isinstance(by, Seat) else None
