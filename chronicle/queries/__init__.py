"""Reads over the chronicle's room."""

from chronicle.queries.relief import (
    Given,
    KindTotal,
    PrefectureTotal,
    Stated,
    YearTotal,
    latest_relief,
    relief_by_kind,
    relief_by_prefecture,
    relief_by_year,
    reliefs_received,
    reliefs_within,
    sources_of,
    stated_figures_of,
    with_recipients,
    with_reliefs,
    with_sources,
)
from chronicle.queries.terms import terms_in_force

__all__ = [
    "Given",
    "KindTotal",
    "PrefectureTotal",
    "Stated",
    "YearTotal",
    "latest_relief",
    "relief_by_kind",
    "relief_by_prefecture",
    "relief_by_year",
    "reliefs_received",
    "reliefs_within",
    "sources_of",
    "stated_figures_of",
    "terms_in_force",
    "with_recipients",
    "with_reliefs",
    "with_sources",
]
