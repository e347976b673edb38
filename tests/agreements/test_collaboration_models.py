"""What a joint project says of its period and its parties."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from agreements.enums import (
    COLLABORATION_MOVES,
    CollaborationScope,
    CollaborationSide,
    CollaborationStatus,
)
from core.dates import Precision
from tests.factories.agreements import (
    CollaborationFactory,
    CollaborationPartyFactory,
    YearReportFactory,
)
from tests.factories.members import WardFactory

pytestmark = pytest.mark.django_db

PLANNED, UNDER_WAY, ENDED, CANCELLED = CollaborationStatus
NOTHING = {"start_earliest": None, "start_latest": None}


def day(point: str, *parts: int) -> dict:
    return {f"{point}_earliest": date(*parts), f"{point}_latest": date(*parts)}


def fiscal_year(point: str, year: int) -> dict:
    return {
        f"{point}_earliest": date(year, 4, 1),
        f"{point}_latest": date(year + 1, 3, 31),
        f"{point}_precision": Precision.FISCAL_YEAR,
    }


def month(point: str, year: int, number: int, last: int) -> dict:
    return {
        f"{point}_earliest": date(year, number, 1),
        f"{point}_latest": date(year, number, last),
        f"{point}_precision": Precision.MONTH,
    }


BETWEEN = {
    "start_earliest": date(2018, 3, 16),
    "start_latest": date(2018, 4, 16),
    "start_precision": Precision.BETWEEN,
}


@pytest.mark.parametrize(
    ("fields", "status", "text"),
    [
        (
            day("start", 2015, 11, 18) | day("end", 2015, 11, 23),
            ENDED,
            "2015年（平成27年）11月18日～23日",
        ),
        (day("start", 2016, 5, 22) | day("end", 2016, 5, 22), ENDED, "2016年（平成28年）5月22日"),
        (
            day("start", 2018, 9, 2) | day("end", 2019, 9, 8),
            ENDED,
            "2018年（平成30年）9月2日～2019年（令和元年）9月8日",
        ),
        (
            fiscal_year("start", 2020) | fiscal_year("end", 2022),
            ENDED,
            "令和2年度（2020年度）～令和4年度（2022年度）",
        ),
        (fiscal_year("start", 2019) | fiscal_year("end", 2019), ENDED, "令和元年度（2019年度）"),
        (
            month("start", 2026, 4, 30) | month("end", 2026, 6, 30),
            ENDED,
            "2026年（令和8年）4月～6月",
        ),
        (
            month("start", 2026, 4, 30) | day("end", 2026, 6, 7),
            ENDED,
            "2026年（令和8年）4月～2026年（令和8年）6月7日",
        ),
        (month("start", 2014, 5, 31), UNDER_WAY, "2014年（平成26年）5月～（実施中）"),
        (month("start", 2027, 1, 31), PLANNED, "2027年（令和9年）1月～（予定）"),
        (month("start", 2026, 1, 31), CANCELLED, "2026年（令和8年）1月～（中止）"),
        (month("start", 2026, 1, 31), ENDED, "2026年（令和8年）1月～（終了の時期は未確認）"),
        (
            month("start", 2026, 1, 31) | month("end", 2027, 3, 31),
            UNDER_WAY,
            "2026年（令和8年）1月～2027年（令和9年）3月（終了は予定）",
        ),
        (NOTHING, UNDER_WAY, "時期は未確認"),
        (
            NOTHING | day("end", 2020, 3, 1),
            ENDED,
            "（開始の時期は未確認）～2020年（令和2年）3月1日",
        ),
        (BETWEEN, UNDER_WAY, "日付未確認～（実施中）"),
    ],
)
def test_the_period_is_told_as_far_as_it_is_known(fields, status, text):
    assert CollaborationFactory.build(status=status, **fields).period_text == text


def test_all_wards_together_are_named_by_their_body():
    project = CollaborationFactory(scope=CollaborationScope.WARD_MAYORS)
    for _ in range(3):
        CollaborationPartyFactory(
            collaboration=project, organization=WardFactory(), side=CollaborationSide.WARD
        )
    assert project.wards_text == "特別区長会（3区）"
    project.scope = CollaborationScope.WARDS
    assert project.wards_text == "、".join(p.organization.full_name for p in project.wards)


@pytest.mark.parametrize("status", CollaborationStatus)
def test_the_moves_are_those_of_the_table(status):
    project = CollaborationFactory.build(status=status)
    allowed = {target for target in CollaborationStatus if project.may_become(target)}
    assert allowed == COLLABORATION_MOVES[status]


@pytest.mark.parametrize(
    "fields",
    [
        day("start", 2020, 5, 1) | {"start_latest": date(2020, 4, 30)},
        day("end", 2020, 5, 1) | {"end_latest": None},
        day("start", 2020, 5, 2) | day("end", 2020, 5, 1),
    ],
)
def test_a_period_stands_in_order(fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        CollaborationFactory(**fields)


def test_an_organization_joins_once_and_a_year_is_reported_once():
    party, report = CollaborationPartyFactory(), YearReportFactory(visitors=1200)
    with pytest.raises(IntegrityError), transaction.atomic():
        CollaborationPartyFactory(
            collaboration=party.collaboration, organization=party.organization
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        YearReportFactory(collaboration=report.collaboration, fiscal_year=report.fiscal_year)
    assert (str(report), report.visitors_text) == ("令和6年度（2024年度）", "1,200人")
