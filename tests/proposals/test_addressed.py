"""自分の区への提案: a ward's own column of the grid of proposals and wards."""

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from core.enums import Level
from proposals import queries, services
from proposals.enums import ColumnPart
from proposals.models import Offer, Proposal
from tests.downloads import offered, opened
from tests.factories.members import SeatFactory, WardFactory
from tests.factories.proposals import ExpiredFactory, OfferFactory, ProposalFactory
from tests.proposals.worlds import SAID, raised, reread

pytestmark = pytest.mark.django_db

ADDRESSED = reverse("proposals:addressed_list")


def test_addressed_list_begins_with_what_waits_for_the_ward(client_of, lead, ward_lead, other_ward):
    silent = ProposalFactory(office=lead.office)
    raised_on = raised(lead, ward_lead).proposal
    spoken = ProposalFactory(office=lead.office)
    services.add_reply(spoken, by=ward_lead, body="できます。")
    answered_by_another = raised(lead, other_ward).proposal
    not_meant = ProposalFactory(office=lead.office)
    not_meant.wards.set([other_ward.organization])
    over = ExpiredFactory(office=lead.office)
    own = ProposalFactory(office=ward_lead.office, level=Level.WARDS)
    client = client_of(ward_lead)

    def listed(part: str) -> dict[Proposal, str]:
        page = client.get(f"{ADDRESSED}{part}")
        return {proposal: cell.text for proposal, cell in page.context["rows"]}

    unanswered = {silent: "未回答 0日", answered_by_another: "未回答 0日"}
    assert listed("") == listed("?part=nonsense") == unanswered
    assert listed("?part=offering") == {raised_on: "関心あり"}
    everything = {**unanswered, raised_on: "関心あり", spoken: "返信", over: "回答なし"}
    assert listed("?part=all") == everything
    assert not {own, not_meant} & set(everything)


def test_addressed_list_keeps_what_the_ward_has_answered_unasked(ward_lead, other_ward, lead):
    """It was not addressed to it, and its offer came to nothing: the column remembers."""
    proposal = ProposalFactory(office=lead.office)
    proposal.wards.set([other_ward.organization])
    offer = services.raise_offer(proposal, by=ward_lead, message=SAID)
    services.decline(offer, by=lead, reason="理由")
    parts = {
        part: list(queries.column_of(reread(ward_lead), ward_lead.organization, part))
        for part in ColumnPart
    }
    assert parts == {
        ColumnPart.UNANSWERED: [],
        ColumnPart.OFFERING: [],
        ColumnPart.ALL: [proposal],
    }


def test_addressed_list_tells_nothing_of_other_wards(client_of, lead, ward_lead, other_ward):
    offer = raised(lead, other_ward, title="朝市")
    page = client_of(ward_lead).get(f"{ADDRESSED}?part=all")
    assertContains(page, "朝市")
    assertNotContains(page, offer.get_absolute_url())
    assertNotContains(page, other_ward.organization.name)
    assertNotContains(page, SAID)


def test_addressed_list_is_one_for_each_ward_of_a_person(client_of, lead, ward_lead):
    other = SeatFactory(user=ward_lead.user, office__organization=WardFactory())
    proposal = ProposalFactory(office=lead.office)
    proposal.wards.set([other.organization])
    client = client_of(ward_lead)
    assert client.get(ADDRESSED).context["rows"] == []
    page = client.get(f"{ADDRESSED}?seat={other.pk}")
    assert [row for row, _ in page.context["rows"]] == [proposal]
    assertContains(page, f"?seat={other.pk}&amp;part=all")


@pytest.mark.parametrize("part", ColumnPart)
def test_addressed_list_says_that_it_is_empty(client_of, ward_lead, part):
    page = client_of(ward_lead).get(f"{ADDRESSED}?part={part}")
    assertContains(page, '<div class="empty">')


def test_addressed_list_goes_on_over_pages(client_of, lead, ward_lead):
    office = lead.office
    rows = ProposalFactory.create_batch(21, office=office, themes=[])
    client = client_of(ward_lead)
    pages = [client.get(f"{ADDRESSED}?part=all&page={number}") for number in (1, 2, 99)]
    shown = [[proposal for proposal, _ in page.context["rows"]] for page in pages]
    assert shown[0] == rows[:0:-1]
    assert shown[1] == shown[2] == rows[:1]
    assertContains(pages[0], "?part=all&amp;page=2")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", [("朝市", "未回答 0日")]),
        ("?part=all", [("夜市", "関心あり"), ("朝市", "未回答 0日")]),
    ],
)
def test_addressed_export_holds_the_part_that_the_page_shows(
    client_of, lead, ward_lead, query, expected
):
    ProposalFactory(office=lead.office, title="朝市")
    raised(lead, ward_lead, title="夜市")

    def address(ending: str) -> str:
        return f"{reverse('proposals:addressed_export', args=[ending])}{query}"

    client = client_of(ward_lead)
    assert offered(client.get(f"{ADDRESSED}{query}"))["CSV"] == address("csv")
    heading, *rows = opened(client, address)
    named = [dict(zip(heading, row, strict=True)) for row in rows]
    assert [(row["提案の題名"], row["品川区の回答"]) for row in named] == expected


@pytest.mark.parametrize("number", [1, 3])
def test_addressed_list_asks_the_same_number_of_questions(
    client_of, ward_lead, number, raise_on_fetch, django_assert_num_queries
):
    for _ in range(number):
        OfferFactory(office=ward_lead.office).proposal.wards.set([ward_lead.organization])
    client = client_of(ward_lead)
    client.get(ADDRESSED)
    with django_assert_num_queries(11):
        page = client.get(f"{ADDRESSED}?part=all")
    assert len(page.context["rows"]) == number
    assert Offer.objects.count() == number


def test_the_ward_finds_its_column_from_its_home(client_of, lead, ward_lead):
    home = reverse("portal:member_home")
    assertContains(client_of(ward_lead).get(home), f'href="{ADDRESSED}"')
    assertNotContains(client_of(lead).get(home), ADDRESSED)
