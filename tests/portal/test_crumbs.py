"""The way to a page follows one rule in every room that members work in.

What only members open begins at 会員ホーム, and what visitors read as well at ホーム; then comes
the list that the menu names, then the record with what it belongs to, then the page itself.
"""

from pathlib import Path

import pytest
from django.conf import settings
from django.utils.text import smart_split

TEMPLATES = Path(settings.BASE_DIR) / "templates"
BEGIN = {True: ('"ホーム"', '"portal:home"'), False: ('"会員ホーム"', '"portal:member_home"')}
LISTS = {
    "agreements": {
        ('"連携協定"', '"agreements:agreement_list"'),
        ('"連携事業"', '"agreements:collaboration_list"'),
    },
    "notices": {('"通知"', '"notices:notice_list"')},
    "proposals": {('"連携提案"', '"proposals:proposal_list"')},
}
# What visitors read as well.
PUBLIC = {
    "agreements/agreement_detail.html",
    "agreements/agreement_list.html",
    "agreements/collaboration_detail.html",
    "agreements/collaboration_list.html",
    "agreements/report_detail.html",
    "notices/unsubscribe.html",
}
# Whoever comes from a mail need not be logged in, and finds no list.
LISTLESS = {"notices/unsubscribe.html"}


def pages() -> list[str]:
    """The templates of the three rooms that are whole pages."""
    found = (path for room in LISTS for path in (TEMPLATES / room).glob("*.html"))
    return sorted(
        path.relative_to(TEMPLATES).as_posix()
        for path in found
        if "{% block title %}" in path.read_text("utf-8")
    )


def ways(page: str) -> list[list[str]]:
    """What each tag ``breadcrumbs`` of a page is given, also in what it includes for it."""
    source = (TEMPLATES / page).read_text("utf-8")
    assert "{% block crumbs %}" in source, page
    crumbs = source.split("{% block crumbs %}")[1].split("{% endblock")[0]
    if "proposals/offer_crumbs.html" in crumbs:
        crumbs = (TEMPLATES / "proposals/offer_crumbs.html").read_text("utf-8")
    tags = crumbs.split("{% breadcrumbs ")[1:]
    return [list(smart_split(tag.split(" %}")[0])) for tag in tags]


@pytest.mark.parametrize("page", pages())
def test_every_way_begins_by_the_rule(page: str):
    found = ways(page)
    assert found
    for begin, target, *rest in found:
        assert (begin, target) == BEGIN[page in PUBLIC]
        if page not in LISTLESS:
            lists = LISTS[page.split("/")[0]]
            assert tuple(rest[:2]) in lists or rest in [[label] for label, _target in lists]
