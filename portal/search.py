"""The search over the whole site: what it looks through, and what it prints of a hit.

Every group starts from what the visitor may see. On the overview a group asks once for its
number and its first rows together, and once more where its lines name other bodies. The board
may hold far more than that bears: it asks for as many ids as it counts, and for its first rows.
"""

from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from django.conf import settings
from django.db.models import Case, Count, Prefetch, Q, QuerySet, When, Window
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from agreements.models import (
    Agreement,
    AgreementParty,
    Collaboration,
    CollaborationParty,
    names_of,
)
from agreements.queries import latest_first
from chronicle.models import Disaster, Milestone, News, Page
from core.dates import Precision, RecordDate, today
from core.enums import Level
from core.markdown import plain
from core.search import excerpt
from core.text import joined, normalise_kana
from events.models import Event, EventRole
from members.models import Organization
from proposals.models import Proposal
from proposals.queries import COUNTED, NEWEST, Conditions, board, ordered

SHOWN = 5


def _no_date(row: Any) -> None:
    return None


def _no_period(row: Any) -> str:
    return ""


@dataclass(frozen=True)
class Hit:
    """A row of the results. ``tags`` are its kind and whatever is unusual about it.

    It has a date (``when``), a ``period`` in words, or neither.
    """

    title: str
    url: str
    tags: list[str]
    when: RecordDate | None
    period: str
    context: str


@dataclass(frozen=True)
class Group:
    """One kind of record: which rows a visitor's words find, and how a row is printed.

    ``find`` takes the user and the words; ``parts`` are the texts a line of context is cut
    from, the one to fall back on first.
    """

    slug: str
    label: str
    find: Callable[[Any, str], QuerySet]
    parts: Callable[[Any], list[str]]
    tags: Callable[[Any], list[str]]
    when: Callable[[Any], RecordDate | None] = attrgetter("when")
    title: Callable[[Any], str] = attrgetter("title")
    period: Callable[[Any], str] = _no_period

    def hit(self, row: Any, query: str) -> Hit:
        return Hit(
            title=self.title(row),
            url=row.get_absolute_url(),
            tags=[tag for tag in self.tags(row) if tag],
            when=self.when(row),
            period=self.period(row),
            context=excerpt(self.parts(row), query),
        )


@dataclass(frozen=True)
class Found:
    """A group with its number of hits and the first of them.

    ``url`` leads to all of them; ``is_capped`` says that there are more than ``count``.
    """

    group: Group
    count: int
    hits: list[Hit]
    url: str
    is_capped: bool = False


def search(user: Any, query: str) -> list[Found]:
    """What ``user`` may see of what ``query`` finds, by group; empty groups are left out."""
    return _by_group(user, query, SHOWN)


def counts_of(user: Any, query: str) -> list[Found]:
    """The groups that ``query`` finds anything in, with their numbers alone."""
    return _by_group(user, query, 0)


def _by_group(user: Any, query: str, shown: int) -> list[Found]:
    bodies, *others = (_found_in(group, user, query, shown) for group in GROUPS)
    found = [bodies, _found_on_board(user, query, shown), *others]
    return [part for part in found if part.count]


def _found_in(group: Group, user: Any, query: str, shown: int) -> Found:
    rows, url = group.find(user, query), f"?{urlencode({'q': query, 'in': group.slug})}"
    if not shown:
        return Found(group, rows.count(), [], url)
    first = list(rows.annotate(found=Window(Count("pk")))[:shown])
    hits = [group.hit(row, query) for row in first]
    return Found(group, first[0].found if first else 0, hits, url)


def _found_on_board(user: Any, query: str, shown: int) -> Found:
    found = BOARD.find(user, query)
    keys = list(found.values_list("pk", flat=True)[: COUNTED + 1])
    hits = [BOARD.hit(row, query) for row in found.filter(pk__in=keys[:shown])]
    url = f"{reverse('proposals:proposal_list')}?{urlencode({'q': query})}"
    return Found(BOARD, min(len(keys), COUNTED), hits, url, is_capped=len(keys) > COUNTED)


def group_named(slug: str) -> Group | None:
    """The group whose rows the search lists page by page; the board does that itself."""
    return next((group for group in GROUPS if group.slug == slug), None)


def _organizations(user: Any, query: str) -> QuerySet:
    """Whoever bears the very name first, then names that begin with it, then by code.

    Last those whose profile alone holds the words.
    """
    exact = [query, *(f"{query}{ending}" for ending in "都道府県市区町村")]
    begins = Q(name__startswith=query) | Q(kana__startswith=normalise_kana(query))
    named = Q(pk__in=Organization.objects.found_by(query).order_by().values("pk"))
    rank = Case(When(name__in=exact, then=0), When(begins, then=1), When(named, then=2), default=3)
    found = Organization.objects.introduced_by(query).select_related("municipality", "prefecture")
    return found.order_by(rank, *Organization._meta.ordering)


def _organization_parts(body: Organization) -> list[str]:
    municipality, profile = body.municipality, body.profile_parts()
    if municipality is None:
        return [body.kana, *profile]
    code = f"団体コード {municipality.code}"
    former = f"旧名称 {municipality.former_names}" if municipality.former_names else ""
    return [joined(filter(None, (body.kana, code, former))), *profile]


def _organization_tags(body: Organization) -> list[str]:
    return [(body.municipality or body).get_kind_display()]


def _agreements(user: Any, query: str) -> QuerySet:
    agreements = Agreement.objects.visible_to(user).matching(query)
    return _with(agreements, "parties", AgreementParty).latest_first()


def _agreement_parts(agreement: Agreement) -> list[str]:
    sides = [names_of(agreement.ward_side), names_of(agreement.counterparts)]
    return ["と".join(side for side in sides if side), agreement.items, agreement.summary]


def _collaborations(user: Any, query: str) -> QuerySet:
    collaborations = Collaboration.objects.visible_to(user).matching(query)
    return latest_first(_with(collaborations, "parties", CollaborationParty))


def _collaboration_parts(collaboration: Collaboration) -> list[str]:
    partners = names_of(collaboration.partners) or collaboration.partner_text
    bodies = "と".join(part for part in (collaboration.wards_text, partners) if part)
    texts = [collaboration.partner_text, collaboration.origin_text, collaboration.funding]
    return [bodies, collaboration.summary, *texts]


def _collaboration_tags(collaboration: Collaboration) -> list[str]:
    return [
        collaboration.get_status_display(),
        "" if collaboration.is_published else "公開前",
        _sample(collaboration),
    ]


def _events(user: Any, query: str) -> QuerySet:
    events = Event.objects.visible_to(user).matching(query)
    return _with(events, "roles", EventRole).latest_first()


def _event_parts(event: Event) -> list[str]:
    names = dict.fromkeys(str(part.organization or part.body_text) for part in event.roles.all())
    texts = [event.summary, event.stated_theme, event.speakers, event.tagline]
    return [event.venue, *texts, joined(names)]


def _event_tags(event: Event) -> list[str]:
    return [event.get_kind_display(), event.state_text, _sample(event)]


def _proposals(user: Any, query: str) -> QuerySet:
    """As the board finds and orders them, whatever their state."""
    return ordered(board(user, Conditions(words=query)), NEWEST)


def _proposal_tags(proposal: Proposal) -> list[str]:
    return [
        proposal.shown_status_label,
        proposal.get_kind_display(),
        proposal.get_level_display() if proposal.is_for_wards else "",
        "非表示" if proposal.hidden_at else "",
        _sample(proposal),
    ]


def _wished(proposal: Proposal) -> str:
    return f"希望時期：{proposal.wished_text}" if proposal.wished_text else ""


def _milestones(user: Any, query: str) -> QuerySet:
    milestones = Milestone.objects.visible_to(user).begun_by(today()).matching(query)
    bodies = Organization.objects.select_related("prefecture")
    return milestones.prefetch_related(Prefetch("organizations", bodies)).latest_first()


def _milestone_parts(milestone: Milestone) -> list[str]:
    bodies = joined(milestone.organizations.all())
    return [milestone.detail_text, milestone.place, milestone.people, bodies]


def _disasters(user: Any, query: str) -> QuerySet:
    return Disaster.objects.visible_to(user).matching(query).latest_first()


def _news(user: Any, query: str) -> QuerySet:
    return News.objects.visible_to(user).matching(query).newest_first()


def _news_tags(news: News) -> list[str]:
    level = "" if news.level == Level.PUBLIC else f"{news.get_level_display()}向け"
    return [news.get_kind_display(), level, _sample(news)]


def _published_on(news: News) -> RecordDate:
    day = timezone.localdate(news.published_at)
    return RecordDate(day, day, Precision.DAY)


def _pages(user: Any, query: str) -> QuerySet:
    """Only pages that the foot links: an unfinished one is not public in production."""
    linked = Page.objects.visible_to(user).linked(unfinished=settings.EMBEDDED)
    return linked.matching(query)


def _with(rows: QuerySet, relation: str, model: Any) -> QuerySet:
    """``rows`` with the bodies of their ``relation``, read in one further query."""
    parts = model.objects.select_related("organization__prefecture")
    return rows.prefetch_related(Prefetch(relation, parts))


def _sample(row: Any) -> str:
    return "見本" if row.is_sample else ""


# What members find besides; the board itself lists all of them.
BOARD = Group(
    slug="proposals",
    label="連携提案",
    find=_proposals,
    parts=lambda row: [row.signature, row.body, row.place, row.conditions],
    tags=_proposal_tags,
    when=_no_date,
    title=str,
    period=_wished,
)
GROUPS = (
    Group(
        slug="organizations",
        label="団体",
        find=_organizations,
        parts=_organization_parts,
        tags=_organization_tags,
        when=_no_date,
        title=attrgetter("full_name"),
    ),
    Group(
        slug="collaborations",
        label="連携事業",
        find=_collaborations,
        parts=_collaboration_parts,
        tags=_collaboration_tags,
        when=_no_date,
        period=attrgetter("period_text"),
    ),
    Group(
        slug="events",
        label="イベント",
        find=_events,
        parts=_event_parts,
        tags=_event_tags,
    ),
    Group(
        slug="agreements",
        label="連携協定",
        find=_agreements,
        parts=_agreement_parts,
        tags=lambda agreement: [
            agreement.get_kind_display(),
            "終了" if agreement.terminated_on else "",
        ],
    ),
    Group(
        slug="relief",
        label="被災地支援",
        find=_disasters,
        parts=lambda disaster: [disaster.printed_support],
        tags=lambda disaster: [],
        title=attrgetter("name"),
    ),
    Group(
        slug="timeline",
        label="あゆみ",
        find=_milestones,
        parts=_milestone_parts,
        tags=lambda milestone: [milestone.get_category_display()],
    ),
    Group(
        slug="news",
        label="お知らせ",
        find=_news,
        parts=lambda news: [plain(news.body)],
        tags=_news_tags,
        when=_published_on,
    ),
    Group(
        slug="pages",
        label="このサイトについて",
        find=_pages,
        parts=lambda page: [plain(page.body)],
        tags=lambda page: [],
        when=_no_date,
    ),
)
