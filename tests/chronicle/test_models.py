"""News for whom they are meant, pages that are not finished, figures with their words."""

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser

from chronicle.enums import NewsStatus
from chronicle.models import News, Page, StatedFigure
from chronicle.querysets import UNFINISHED
from core.enums import Level, Qualifier
from tests.factories.chronicle import NewsFactory, PageFactory, StatedFigureFactory

pytestmark = pytest.mark.django_db


def test_news_are_read_by_whom_they_are_meant_for(lead, ward_lead, staff):
    for level in Level:
        NewsFactory(title=level, level=level)
        NewsFactory(title=f"draft {level}", level=level, status=NewsStatus.DRAFT)
        NewsFactory(title=f"withdrawn {level}", level=level, status=NewsStatus.WITHDRAWN)

    def read_by(user) -> set[str]:
        return set(News.objects.visible_to(user).values_list("title", flat=True))

    assert read_by(AnonymousUser()) == {"public"}
    assert read_by(lead.user) == {"public", "members"}
    assert read_by(ward_lead.user) == {"public", "members", "wards"}
    assert read_by(staff.user) == {"public", "members", "wards", "secretariat"}


def test_a_page_is_unfinished_while_a_part_of_it_is():
    finished = PageFactory(body="## 目的\n\n書きました。")
    unfinished = PageFactory(body=f"## 目的\n\n書きました。\n\n## 範囲\n\n{UNFINISHED}")
    assert (finished.is_unfinished, unfinished.is_unfinished) == (False, True)
    assert list(Page.objects.linked(unfinished=False)) == [finished]
    assert set(Page.objects.linked(unfinished=True)) == {finished, unfinished}


@pytest.mark.parametrize(
    ("value", "unit", "qualifier", "text"),
    [
        (1100, "自治体", Qualifier.OVER, "1,100自治体超"),
        (358, "自治体", Qualifier.TOTAL, "延べ358自治体"),
        (7, "団体", Qualifier.EXACT, "7団体"),
    ],
)
def test_a_stated_figure_keeps_its_word(value, unit, qualifier, text):
    figure = StatedFigureFactory(value=value, unit=unit, qualifier=qualifier)
    assert figure.value_text == text


def test_the_latest_figure_is_the_last_one_with_a_date():
    StatedFigureFactory(value=198, as_of_earliest=date(2016, 9, 1))
    latest = StatedFigureFactory(value=213, as_of_earliest=date(2017, 2, 27))
    StatedFigureFactory(value=250, as_of_earliest=None)
    StatedFigureFactory(value=900, metric="connected_municipalities")
    assert StatedFigure.objects.latest_of("registered_members") == latest
    assert StatedFigure.objects.latest_of("unknown") is None


def test_a_large_amount_of_yen_fits():
    figure = StatedFigureFactory(value=3_763_390_000, unit="円")
    figure.refresh_from_db()
    assert figure.value_text == "3,763,390,000円"
