"""What the form of a new 年度確認 proposes."""

from datetime import date

import pytest

from members.admin.campaign.proposing import proposed
from tests.factories.members import CampaignFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2026, 12, 31), 2026),
        (date(2027, 1, 1), 2027),
        (date(2027, 3, 31), 2027),
        (date(2027, 4, 1), 2027),
    ],
)
def test_the_fiscal_year_that_has_begun_or_will_begin_within_three_months(day, year):
    assert proposed(day)["fiscal_year"] == year


def test_a_year_that_has_been_prepared_is_not_proposed_again():
    CampaignFactory(fiscal_year=2027)
    assert proposed(date(2027, 3, 1))["fiscal_year"] == 2028


@pytest.mark.parametrize(
    ("day", "days"),
    [
        # 31 May 2027 is a Monday.
        (date(2027, 3, 1), [(5, 17), (5, 24), (5, 31), (6, 1)]),
        # 31 May 2026 is a Sunday: everything moves to the Monday.
        (date(2026, 3, 2), [(5, 18), (5, 25), (6, 1), (6, 2)]),
        # Late: thirty days are left, and a Saturday moves.
        (date(2026, 11, 23), [(12, 9), (12, 16), (12, 23), (12, 24)]),
        (date(2026, 11, 12), [(11, 30), (12, 7), (12, 14), (12, 15)]),
    ],
)
def test_the_days_climb_and_none_is_on_a_weekend(day, days):
    values = proposed(day)
    chosen = [values[name] for name in ("deputies_on", "office_on", "deadline", "desk_on")]
    assert [(each.month, each.day) for each in chosen] == days
    assert all(each.weekday() < 5 for each in chosen)


def test_what_is_proposed_can_be_saved():
    values = proposed(date(2027, 3, 1))
    campaign = CampaignFactory(**values)
    campaign.full_clean()
