"""What each table of the record says on the timeline, in the same words for all of them."""

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from agreements.enums import CollaborationStatus
from agreements.models import Agreement, Collaboration
from chronicle.enums import MilestoneCategory
from chronicle.models import Disaster, Milestone
from chronicle.queries import Given
from core.dates import RecordDate
from core.models import Source
from events.enums import EventKind
from events.models import Event
from members.models import Organization

# The kind of a joint project, beside the milestones' own categories.
COLLABORATION = "連携事業"

# The kinds that the timeline can be narrowed to, in the order in which it offers them.
KINDS: tuple[str, ...] = (
    MilestoneCategory.MEETING,
    MilestoneCategory.AGREEMENT,
    COLLABORATION,
    MilestoneCategory.EVENT,
    MilestoneCategory.SYMPOSIUM,
    MilestoneCategory.LECTURE,
    MilestoneCategory.EXCHANGE,
    MilestoneCategory.RELIEF,
    MilestoneCategory.PUBLICITY,
    MilestoneCategory.GRANT,
    MilestoneCategory.OTHER,
)

# Events of these kinds have a category of their own; every other one is an イベント.
_KIND_OF_EVENT = {
    EventKind.SYMPOSIUM: MilestoneCategory.SYMPOSIUM,
    EventKind.LECTURE: MilestoneCategory.LECTURE,
    EventKind.SIGNING: MilestoneCategory.AGREEMENT,
}
# Among entries of one place, behind every one that somebody has numbered.
_UNNUMBERED = 1_000_000


def _standing(body: Organization) -> int:
    """Where ``body`` stands among those of a happening: 特別区長会, wards, then the others."""
    if body.is_secretariat:
        return 0
    if body.is_ward:
        return 1
    return 3 if body.municipality_id else 2


@dataclass(frozen=True)
class Node:
    """One record as the timeline tells it. Two nodes of one record are equal."""

    record: Any

    # Of the anchor: #m12.
    letter: ClassVar[str] = ""
    # What a link to the record is called.
    label: ClassVar[str] = ""
    # What its bodies are called.
    bodies_label: ClassVar[str] = "団体"

    @property
    def anchor(self) -> str:
        return f"{self.letter}{self.record.pk}"

    @property
    def number(self) -> str:
        """The id that the data knows it by; empty for a row that the secretariat added."""
        return self.record.record_id or ""

    @property
    def when(self) -> RecordDate:
        return self.record.when

    @property
    def when_suffix(self) -> str:
        """What is said behind the date."""
        return ""

    @property
    def kind(self) -> str:
        raise NotImplementedError

    @property
    def states(self) -> list[str]:
        """What a reader must know besides: 中止, 実績未確認."""
        return []

    @property
    def name(self) -> str:
        """What a link to it says."""
        return self.record.title

    @property
    def title(self) -> str:
        """What an entry of it is headed with."""
        return self.name

    @property
    def url(self) -> str | None:
        """The record's own page."""
        return self.record.get_absolute_url()

    @property
    def detail(self) -> str:
        return self.record.summary

    @property
    def place(self) -> str:
        return ""

    @property
    def people(self) -> list[str]:
        return []

    @property
    def bodies(self) -> list[Organization]:
        return []

    @property
    def body_texts(self) -> list[str]:
        """Those who took part and are no organizations of the record."""
        return []

    @property
    def sources(self) -> list[Source]:
        return self.record.public_sources

    @property
    def order(self) -> int:
        """Its number among entries of the same place, where it has one."""
        return _UNNUMBERED


class MilestoneNode(Node):
    record: Milestone
    letter = "m"
    label = "沿革"

    @property
    def kind(self) -> str:
        return self.record.category

    @property
    def url(self) -> None:
        """A milestone stands nowhere but here."""
        return

    @property
    def detail(self) -> str:
        """Its days, which the data writes as 2016-09-01, in both eras."""
        return self.record.detail_text

    @property
    def place(self) -> str:
        return self.record.place

    @property
    def people(self) -> list[str]:
        return self.record.people_list

    @property
    def bodies(self) -> list[Organization]:
        """The wards' own bodies first: the record keeps no order of its own."""
        return sorted(self.record.organizations.all(), key=_standing)

    @property
    def body_texts(self) -> list[str]:
        return [self.record.participants_text] if self.record.participants_text else []

    @property
    def order(self) -> int:
        return self.record.newsletter_order or _UNNUMBERED


class EventNode(Node):
    record: Event
    letter = "e"
    label = "イベント"

    @property
    def first_day(self) -> date | None:
        """The day on which it began, where the day is known."""
        return self.record.when.first_day

    @property
    def when_suffix(self) -> str:
        return self.record.when_suffix

    @property
    def kind(self) -> str:
        return _KIND_OF_EVENT.get(self.record.kind, MilestoneCategory.EVENT)

    @property
    def states(self) -> list[str]:
        return [self.record.state_text] if self.record.state_text else []

    @property
    def place(self) -> str:
        return self.record.venue

    @property
    def people(self) -> list[str]:
        return self.record.speaker_list

    @property
    def bodies(self) -> list[Organization]:
        return [role.organization for role in self.record.roles.all() if role.organization]

    @property
    def body_texts(self) -> list[str]:
        return [role.body_text for role in self.record.roles.all() if role.body_text]


class AgreementNode(Node):
    record: Agreement
    letter = "a"
    label = "協定"

    @property
    def kind(self) -> str:
        return MilestoneCategory.AGREEMENT

    @property
    def title(self) -> str:
        return self.record.distinct_title

    @property
    def place(self) -> str:
        return self.record.place

    @property
    def bodies(self) -> list[Organization]:
        return [party.organization for party in self.record.parties.all()]


class CollaborationNode(Node):
    """A joint project, which stands at its start."""

    record: Collaboration
    letter = "c"
    label = COLLABORATION

    def begins_on(self, day: date | None) -> bool:
        """Whether it is known to have started on ``day``."""
        return day is not None and self.record.start.first_day == day

    @property
    def when(self) -> RecordDate:
        return self.record.start

    @property
    def when_suffix(self) -> str:
        """2014年（平成26年）5月から: it does not end when it begins."""
        return "から" if self.when.bounds else ""

    @property
    def kind(self) -> str:
        return COLLABORATION

    @property
    def states(self) -> list[str]:
        cancelled = self.record.status == CollaborationStatus.CANCELLED
        return [self.record.get_status_display()] if cancelled else []

    @property
    def bodies(self) -> list[Organization]:
        """Its parties; of a project of all wards together, the partners alone."""
        record = self.record
        parties = record.partners if record.is_of_all_wards else record.parties.all()
        return [party.organization for party in parties]

    @property
    def body_texts(self) -> list[str]:
        return [self.record.partner_text] if self.record.partner_text else []


class DisasterNode(Node):
    """A disaster with the relief that was given after it."""

    record: Disaster
    letter = "d"
    label = "被災地支援"
    bodies_label = "支援先"

    @property
    def kind(self) -> str:
        return MilestoneCategory.RELIEF

    @property
    def name(self) -> str:
        return self.record.name

    @property
    def detail(self) -> str:
        """職員派遣（432名）、支援物資、復興支援金."""
        return self._given.support_text

    @property
    def bodies(self) -> list[Organization]:
        """Whom the relief went to."""
        return self._given.recipients

    @property
    def _given(self) -> Given:
        return Given.after(self.record)

    @property
    def order(self) -> int:
        return self.record.order


# The tables in the order in which entries of the same day stand.
NODES: tuple[type[Node], ...] = (
    MilestoneNode,
    EventNode,
    AgreementNode,
    CollaborationNode,
    DisasterNode,
)
