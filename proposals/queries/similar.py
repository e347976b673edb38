"""Proposals that are alike: those to look at before publishing, those linked since, and those of
the other kind that an open one might come together with."""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_

from django.db.models import Exists, OuterRef, Q, QuerySet, Value, prefetch_related_objects
from django.db.models.expressions import Combinable
from rules import has_perm

from agreements.models import Collaboration, CollaborationParty
from core import dates, kept
from core.prepared import Prepared
from core.search import MOST_WORDS
from core.text import fold, joined
from members.models import Organization, Theme
from members.queries import organizations
from members.rules import levels_of
from proposals.enums import ProposalStatus
from proposals.models import Proposal
from proposals.querysets import ProposalQuerySet

# Japanese writes no spaces: what bears the meaning of a title are its runs of kanji, of
# katakana, and of letters and digits.
_RUNS = re.compile(r"[一-鿿々]{2,}|[ァ-ヴー]{2,}|[A-Za-z0-9]{2,}")
# Words that every second title has.
_COMMON = {"連携", "提案", "特別区", "自治体", "地域", "見本", "募集", "相手", "一緒"}
_LOOKED_AT = 100
_MOST_SHOWN = 5
# Beside an open proposal, which is read far more often than one is written.
_LOOKED_AT_BESIDE = 30
_MOST_BESIDE = 3
# So many digits fit every id.
_LONGEST_ID = 18


@dataclass(frozen=True)
class Similar:
    """An open proposal, and what it shares with the other one."""

    proposal: Proposal
    reason: str


def similar_to(
    user, *, title: str, themes: Collection[Theme], but: Collection[int] = ()
) -> list[Similar]:
    """The open proposals that share a theme and a word of ``title``, the likest first.

    Of those that ``user`` may read, without the ones with the ids ``but``.
    """
    terms = _terms(title)
    if not terms or not themes:
        return []
    holds_a_term = reduce(or_, (Q(search_text__holds=[term]) for term in terms))
    found = (
        Proposal.objects.visible_to(user)
        .in_shown_status(ProposalStatus.OPEN, dates.today())
        .filter(holds_a_term, themes__in=themes)
        .exclude(pk__in=but)
        .distinct()
        .prefetch_related("themes")
        .order_by("-active_at", "-pk")[:_LOOKED_AT]
    )
    ranked = sorted(found, key=lambda row: -len(_shared(row, terms)))
    return [Similar(row, _reason(row, terms, themes)) for row in ranked[:_MOST_SHOWN]]


def linkable(user, keys: Collection[str]) -> ProposalQuerySet:
    """Of the proposals with the ids ``keys``, as a form posts them, those that ``user`` may link
    with one of its own (``rules.may_relate``)."""
    ids = {int(key) for key in keys if key.isdecimal() and len(key) <= _LONGEST_ID}
    return Proposal.objects.visible_to(user).live().filter(pk__in=ids)


def _links(proposal: int) -> QuerySet:
    through = Proposal.related.through
    return through._default_manager.filter(from_proposal=proposal).values_list("pk")


_links_of = Prepared(_links, int)


def related_to(proposal: Proposal, user) -> list[Proposal]:
    """Those that ``proposal`` is linked with, as far as ``user`` may read them.

    Each is asked for by the rule that ``visible_to`` says in SQL: they are few, and on most
    pages none.
    """
    if not _links_of(proposal.pk):
        return []
    linked = proposal.related.defer("body", "conditions", "search_text").order_by("pk")
    shown = [row for row in linked if has_perm("proposals.view_proposal", user, row)]
    bodies = organizations({row.organization_id for row in shown})
    for row in shown:
        row.organization = bodies[row.organization_id]
    return shown


@dataclass(frozen=True)
class Counterpart:
    """An open proposal of the other kind as a version of it says, and what the two share."""

    pk: int
    version: int
    title: str
    signature: str
    reason: str


def _still_open(first: int, second: int, third: int, today: date) -> QuerySet[Proposal]:
    chosen = Proposal.objects.filter(pk__in=[first, second, third], hidden_at=None)
    open_ones = chosen.filter(status=ProposalStatus.OPEN, ends_on__gte=today)
    return open_ones.order_by().values_list("pk", "version")


_open_of = Prepared(_still_open, *[int] * _MOST_BESIDE, date)


def counterparts_of(proposal: Proposal, user) -> list[Counterpart]:
    """The open proposals of the other kind that share a theme with ``proposal``, the likest first.

    Of what the board shows to the levels of ``user``; none beside a proposal that has ended or is
    hidden. Which they are is kept for a minute, and whether they stand as they did is asked each
    time: what was hidden, has ended or says something else now is gone at once. One query,
    however few there are, and two more where nothing is kept.
    """
    if not proposal.is_live or proposal.hidden_at:
        return []
    levels = levels_of(user)
    name = f"proposals.counterparts/{proposal.pk}/{proposal.version}/{'+'.join(levels)}"
    likest = kept.one(name, lambda: _counterparts(proposal, levels))
    ids = [*(row.pk for row in likest), *[0] * _MOST_BESIDE][:_MOST_BESIDE]
    standing = _open_of(*ids, dates.today())
    return [row for row in likest if (row.pk, row.version) in standing]


def _counterparts(proposal: Proposal, levels: Collection[str]) -> list[Counterpart]:
    """The likest ones of those that were active last. Two queries."""
    themes = Proposal.themes.through._default_manager
    own_themes = themes.filter(proposal=proposal.pk).values("theme")
    shares_a_theme = Exists(themes.filter(proposal=OuterRef("pk"), theme__in=own_themes))
    found = list(
        Proposal.objects.in_shown_status(ProposalStatus.OPEN, dates.today())
        .filter(hidden_at=None, level__in=levels)
        # The second half holds for none, and keeps the board in its order (``board.narrowed``).
        .filter(shares_a_theme | Q(status=""))
        .exclude(kind=proposal.kind)
        .exclude(organization=proposal.organization_id)
        .annotate(is_near=_is_near(proposal), is_tied=_is_tied(proposal))
        .only("version", "title", "signature", "wished_from", "wished_until", "search_text")
        .order_by("-active_at", "-pk")[:_LOOKED_AT_BESIDE]
    )
    prefetch_related_objects([proposal, *found], "themes")
    terms = _terms(proposal.title)
    shared = [(row, _shared_with(proposal, row, terms)) for row in found]
    likest = sorted(shared, key=lambda pair: -len(pair[1]))[:_MOST_BESIDE]
    return [
        Counterpart(row.pk, row.version, row.title, row.signature, "、".join(reasons))
        for row, reasons in likest
    ]


def _is_near(proposal: Proposal) -> Combinable:
    """Whether the organization of a proposal lies in the prefecture of this one's."""
    prefecture = proposal.organization.prefecture_id
    if prefecture is None:
        return Value(False)
    near = Organization.objects.filter(pk=OuterRef("organization"), prefecture=prefecture)
    return Exists(near.order_by())


def _is_tied(proposal: Proposal) -> Combinable:
    """Whether the two organizations have had a joint project that everybody may read."""
    own = Collaboration.objects.published().real()
    own = own.filter(parties__organization=proposal.organization_id).order_by().values("pk")
    parties = CollaborationParty.objects.filter(organization=OuterRef("organization"))
    return Exists(parties.filter(collaboration__in=own).order_by())


def _shared_with(proposal: Proposal, row: Proposal, terms: dict[str, str]) -> list[str]:
    """分野が同じ（観光）, 言葉が同じ（朝市）, 希望時期が重なる …: what the two have in common."""
    own = set(proposal.themes.all())
    reasons = [f"分野が同じ（{joined(theme.name for theme in row.themes.all() if theme in own)}）"]
    if words := _shared(row, terms):
        reasons.append(f"言葉が同じ（{joined(words)}）")
    if _wished_together(proposal, row):
        reasons.append("希望時期が重なる")
    if row.is_near:
        reasons.append("同じ都道府県")
    if row.is_tied:
        reasons.append("連携事業を行ったことがある")
    return reasons


def _wished_together(one: Proposal, other: Proposal) -> bool:
    """Whether the wished periods, of which one without an end goes on, have a month in common."""
    if not one.wished_from or not other.wished_from:
        return False
    latest_start = max(one.wished_from, other.wished_from)
    return all(row.wished_until is None or row.wished_until >= latest_start for row in (one, other))


def _terms(title: str) -> dict[str, str]:
    """The words of a title: as search compares them, and as they are written."""
    runs = _RUNS.findall(unicodedata.normalize("NFKC", title))
    words = [run for run in dict.fromkeys(runs) if run not in _COMMON]
    return {fold(word): word for word in words[:MOST_WORDS]}


def _shared(row: Proposal, terms: dict[str, str]) -> list[str]:
    return [word for term, word in terms.items() if term in row.search_text]


def _reason(row: Proposal, terms: dict[str, str], themes: Collection[Theme]) -> str:
    """分野「産業」と、言葉「朝市」「商店街」が共通."""
    shared = joined(theme.name for theme in row.themes.all() if theme in themes)
    words = "".join(f"「{word}」" for word in _shared(row, terms))
    return f"分野「{shared}」と、言葉{words}が共通"
