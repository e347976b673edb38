"""The entries of the timeline, and the fiscal years that they stand in."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from django.urls import reverse

from core.dates import Precision, RecordDate, fiscal_year_text
from core.models import Source
from members.models import Organization
from portal.timeline.nodes import KINDS, NODES, Node
from portal.timeline.places import Place, place_of

# Of the bodies that took part, so many are named before the rest is folded.
BODIES_SHOWN = 5
UNDATED = "時期が未確認"


@dataclass
class Entry:
    """One happening, printed once: ``main`` tells it, ``others`` are the same happening.

    ``related`` are records that have entries of their own. What the main record leaves empty
    is told by the first of the others that knows it.
    """

    main: Node
    others: list[Node] = field(default_factory=list)
    related: list[Node] = field(default_factory=list)
    # The numbers of its sources in the list that ``cite`` made.
    cited: list[int] = field(default_factory=list)

    @property
    def nodes(self) -> list[Node]:
        """Everything that this entry tells."""
        return [self.main, *self.others]

    @property
    def anchor(self) -> str:
        return self.main.anchor

    @property
    def when(self) -> RecordDate:
        return self.main.when

    @property
    def when_text(self) -> str:
        """Its date as far as it is known, in words."""
        return f"{self.when}{self.main.when_suffix}"

    @cached_property
    def place(self) -> Place | None:
        return place_of(self.when)

    @property
    def fiscal_year(self) -> int | None:
        return self.place.fiscal_year if self.place else None

    @property
    def sort_key(self) -> tuple:
        """As entries stand: by place, then the tables in their order, then as numbered."""
        table = NODES.index(type(self.main))
        rest = (table, self.main.order, self.main.record.pk)
        return (0, self.place, *rest) if self.place else (1, *rest)

    @property
    def place_note(self) -> str:
        """What to know of where it stands, when its own date does not say it."""
        match self.when.precision if self.place else None:
            case Precision.BETWEEN:
                return self._between_note
            case Precision.YEAR:
                return "月日が分からないため、この年の最後に置いています。"
            case Precision.FISCAL_YEAR:
                return "月日が分からないため、この年度の最後に置いています。"
        return ""

    @property
    def _between_note(self) -> str:
        """Never says what the bounds are: they are no dates of the happening."""
        numbered = getattr(self.main.record, "newsletter_order", None)
        notes = ["この位置は、広報紙の年表の並びによります。"] if numbered else []
        if len(self.when.fiscal_years) > 1:
            notes.append("年度も確かめられていません。")
        elif not numbered:
            notes.append("この年度のいつかは、確かめられていません。")
        return "".join(notes)

    @property
    def kinds(self) -> list[str]:
        """The kinds of everything it tells, each once, the main one first."""
        return list(dict.fromkeys(node.kind for node in self.nodes))

    @property
    def states(self) -> list[str]:
        return list(dict.fromkeys(state for node in self.nodes for state in node.states))

    @property
    def title(self) -> str:
        return self.main.title

    @property
    def url(self) -> str | None:
        return self.main.url

    @property
    def detail(self) -> str:
        return next((node.detail for node in self.nodes if node.detail), "")

    @property
    def venue(self) -> str:
        return next((node.place for node in self.nodes if node.place), "")

    @property
    def people(self) -> list[str]:
        return next((node.people for node in self.nodes if node.people), [])

    @cached_property
    def bodies(self) -> list[Organization]:
        """The organizations that took part, each once."""
        return list(dict.fromkeys(self._taking_part.bodies)) if self._taking_part else []

    @property
    def body_texts(self) -> list[str]:
        return self._taking_part.body_texts if self._taking_part else []

    @property
    def bodies_label(self) -> str:
        """団体, or what else they were in it."""
        return self._taking_part.bodies_label if self._taking_part else ""

    @cached_property
    def _taking_part(self) -> Node | None:
        return next((node for node in self.nodes if node.bodies or node.body_texts), None)

    @property
    def first_bodies(self) -> list[Organization]:
        return self.bodies if len(self.bodies) <= BODIES_SHOWN + 1 else self.bodies[:BODIES_SHOWN]

    @property
    def more_bodies(self) -> list[Organization]:
        """Those that are folded; one alone never is."""
        return self.bodies[len(self.first_bodies) :]

    @property
    def links(self) -> list[Node]:
        """The records to read on with; its own title leads to the main one already."""
        return [*self.others, *self.related]

    @property
    def link_groups(self) -> list[tuple[str, list[Node]]]:
        """The links under their labels."""
        groups: dict[str, list[Node]] = {}
        for node in self.links:
            groups.setdefault(node.label, []).append(node)
        return list(groups.items())

    @property
    def numbers(self) -> list[str]:
        """The ids, as far as they have one, of the records besides the main one."""
        return [node.number for node in self.links if node.number]

    @cached_property
    def sources(self) -> list[Source]:
        """Where it comes from, as far as visitors may know, each source once."""
        return list(dict.fromkeys(source for node in self.nodes for source in node.sources))


@dataclass(frozen=True)
class Year:
    """The entries of one fiscal year; of those without any date, ``year`` is None."""

    year: int | None
    entries: list[Entry]

    def get_absolute_url(self) -> str:
        """The page of a fiscal year; those without a date stand on the page of all years."""
        if self.year is None:
            return f"{reverse('portal:timeline')}#{self.anchor}"
        return reverse("portal:timeline_year", args=[self.year])

    @property
    def label(self) -> str:
        """令和8年度（2026年度）."""
        return UNDATED if self.year is None else fiscal_year_text(self.year)

    @property
    def anchor(self) -> str:
        """y2026; where it stands on the page of all years."""
        return "undated" if self.year is None else f"y{self.year}"

    @property
    def is_undated(self) -> bool:
        return self.year is None


def by_year(entries: Iterable[Entry]) -> list[Year]:
    """``entries`` by fiscal year, the newest first; those without a date last.

    Within a year they keep their order.
    """
    years: dict[int | None, list[Entry]] = {}
    for entry in entries:
        years.setdefault(entry.fiscal_year, []).append(entry)
    newest_first = sorted(years, key=lambda year: year or 0, reverse=True)
    return [Year(year, years[year]) for year in newest_first]


def count_kinds(entries: Iterable[Entry]) -> dict[str, int]:
    """How many of ``entries`` are of each kind; kinds without any are left out."""
    counts = Counter(kind for entry in entries for kind in entry.kinds)
    return {kind: counts[kind] for kind in KINDS if counts[kind]}


def cite(entries: Iterable[Entry]) -> list[Source]:
    """The sources of ``entries`` as one list, each once, in the order in which they come up.

    Each entry notes in ``cited`` which of them are its own, counted from 1.
    """
    numbers: dict[Source, int] = {}
    for entry in entries:
        entry.cited = sorted(
            numbers.setdefault(source, len(numbers) + 1) for source in entry.sources
        )
    return list(numbers)
