"""Proposals that are alike: those to look at before publishing, and those linked since."""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet
from rules import has_perm

from core import dates
from core.prepared import Prepared
from core.search import MOST_WORDS
from core.text import fold, joined
from members.models import Theme
from members.queries import organizations
from proposals.enums import ProposalStatus
from proposals.models import Proposal
from proposals.querysets import ProposalQuerySet

# Japanese writes no spaces: what bears the meaning of a title are its runs of kanji, of
# katakana, and of letters and digits.
_RUNS = re.compile(r"[一-鿿々]{2,}|[ァ-ヴー]{2,}|[A-Za-z0-9]{2,}")
# Words that every second title has.
_COMMON = {"連携", "提案", "特別区", "自治体", "地域", "見本", "募集", "相手"}
_LOOKED_AT = 100
_MOST_SHOWN = 5
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
