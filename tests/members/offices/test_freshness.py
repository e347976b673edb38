"""How fresh an office's contact details are: one rule, and one text wherever they are shown."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from core.dates import today
from members.models import Office
from tests.downloads import body_of, csv_rows
from tests.factories.members import MembershipFactory, OfficeFactory
from tests.factories.proposals import ProposalFactory
from tests.secretariat import exported, secretary_client, url

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 12, tzinfo=timezone.get_default_timezone())
NEVER, OLD = "まだ確認されていません", "1年以上確認されていません"
FRESH = "2025年（令和7年）11月22日 確認"


@pytest.fixture(autouse=True)
def now(time_machine) -> None:
    time_machine.move_to(NOW, tick=False)


def confirmed(days_ago: float | None) -> Office:
    """An office that was confirmed so long ago, or never."""
    return OfficeFactory(
        confirmed_at=None if days_ago is None else NOW - timedelta(days=days_ago),
        confirmed_by="福井県坂井市　企画政策課",
        confirmed_through="web",
    )


@pytest.mark.parametrize(
    ("days_ago", "stale", "text", "mark"),
    [
        (None, True, NEVER, ""),
        (366, True, "2025年（令和7年）11月21日 確認", OLD),
        (365.49, False, FRESH, ""),  # 0時14分 of the day a year before
        (365.51, True, "2025年（令和7年）11月21日 確認", OLD),  # 23時45分 of the day before it
        (0, False, "2026年（令和8年）11月22日 確認", ""),
    ],
)
def test_the_rule_of_the_row_is_that_of_the_list(days_ago, stale, text, mark):
    office = confirmed(days_ago)
    assert office.is_stale is stale
    assert (office in Office.objects.stale(today())) is stale
    assert (office.freshness_text, office.staleness_text) == (text, mark)


@pytest.mark.parametrize(
    ("days_ago", "words"), [(None, [NEVER]), (800, ["確認</time>", OLD]), (365, [FRESH])]
)
def test_every_place_with_an_office_says_it_in_the_same_words(client_of, lead, days_ago, words):
    office = confirmed(days_ago)
    MembershipFactory(organization=office.organization)
    proposal = ProposalFactory(organization=office.organization, office=office)
    member, staff = client_of(lead), secretary_client("閲覧")
    pages = [
        member.get(office.get_absolute_url()),
        member.get(office.organization.get_absolute_url()),
        member.get(proposal.get_absolute_url()),
        staff.get(url("members.office", "changelist"), {"q": str(office.organization.code)}),
        staff.get(url("members.organization", "changelist"), {"q": str(office.organization.code)}),
        staff.get(url("members.organization", "change", office.organization.pk)),
        staff.get(url("members.membership", "board")),
        exported(staff, url("members.membership", "calls")),
    ]
    for page in pages:
        for word in words:
            assertContains(page, word)
        for other in {NEVER, OLD} - set(words):
            if page is not pages[6]:  # the board has the reader's own office as well
                assertNotContains(page, other)


def test_the_public_is_told_nothing_of_it(client):
    office = confirmed(800)
    assertNotContains(client.get(office.organization.get_absolute_url()), OLD)


@pytest.mark.parametrize("label", ["members.office", "members.seat", "members.organization"])
def test_files_have_the_day_and_the_mark(label, lead, now):
    Office.objects.filter(pk=lead.office.pk).update(confirmed_at=NOW - timedelta(days=800))
    staff = secretary_client("閲覧")
    answer = exported(staff, url(label, "export") + "?q=坂井")
    heading, row, *_ = csv_rows(body_of(answer))
    found = dict(zip(heading, row, strict=True))
    assert (found["最終確認"], found["1年以上確認なし"]) == ("2024-09-13", "はい")


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("fresh", {"fresh"}),
        ("stale", {"old", "never"}),
        ("never", {"never"}),
        ("nonsense", {"fresh", "old", "never"}),
    ],
)
def test_the_admin_filters_by_it(asked, found):
    offices = {"fresh": confirmed(365), "old": confirmed(366), "never": confirmed(None)}
    address = url("members.office", "changelist")
    page = secretary_client("閲覧").get(address, {"confirmed": asked, "q": "見本"})
    assert {office.pk for office in page.context["cl"].result_list} == {
        offices[name].pk for name in found
    }
