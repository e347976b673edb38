"""The grid of proposals and wards, and a ward's own column of it."""

from datetime import timedelta

import pytest
import rules
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from core.dates import today
from core.enums import Level
from members.models import Seat, User
from proposals import queries, services
from proposals.enums import ColumnPart, OfferStatus, ProposalStatus, Standing
from proposals.models import Offer, Proposal
from proposals.queries import Cell, GridConditions
from tests.downloads import offered, opened
from tests.factories.members import (
    AssociationFactory,
    OfficeFactory,
    PrefectureFactory,
    SeatFactory,
    WardFactory,
)
from tests.factories.proposals import (
    DraftFactory,
    ExpiredFactory,
    OfferFactory,
    ProposalFactory,
    ReplyFactory,
    WithdrawnFactory,
)
from tests.proposals.worlds import SAID, raised, talking

pytestmark = pytest.mark.django_db

GRID = reverse("proposals:proposal_grid")
EXPORT = reverse("proposals:proposal_grid_export", args=["csv"])
ADDRESSED = reverse("proposals:addressed_list")
HIDDEN = {"hidden_at": "2026-11-01T00:00:00Z", "hidden_reason": "個人の氏名が書かれているため。"}


@pytest.fixture
def other_ward(db) -> Seat:
    """The lead of a ward that comes behind 品川区 in the register."""
    return SeatFactory(office__organization=WardFactory(municipality__code="139990"))


def reread(seat: Seat) -> User:
    return User.objects.get(pk=seat.user_id)


def cells_of(seat: Seat, proposal: Proposal, *wards: Seat) -> list[str]:
    """What the grid says of a proposal, for each of ``wards``."""
    columns = [ward.organization for ward in wards]
    (line,) = queries.grid_of(reread(seat), [read(proposal)], columns).lines
    return [cell.text for cell in line.cells]


def read(proposal: Proposal) -> Proposal:
    return Proposal.objects.with_author().get(pk=proposal.pk)


# --- where a ward stands -------------------------------------------------------------------


def test_each_ward_has_its_own_state(lead, ward_lead, other_ward, staff, time_machine):
    time_machine.move_to("2026-11-10 10:00+09:00", tick=False)
    offer = raised(lead, ward_lead, ends_on="2027-05-01")
    time_machine.move_to("2026-11-22 10:00+09:00", tick=False)

    def shown() -> list[str]:
        return cells_of(staff, offer.proposal, ward_lead, other_ward)

    assert shown() == ["関心あり", "回答待ち 12日"]
    services.start_talk(offer, by=lead)
    services.add_reply(offer.proposal, by=other_ward, body="詳しく教えてください。")
    assert shown() == ["協議中", "返信"]
    services.decline(offer, by=lead, reason="理由")
    assert shown() == ["見送り", "返信"]
    time_machine.move_to("2026-11-23 10:00+09:00", tick=False)
    again = services.raise_offer(offer.proposal, by=ward_lead, message=SAID)
    assert shown() == ["関心あり", "返信"]
    services.step_down(again, by=ward_lead, reason="理由")
    assert shown() == ["辞退", "返信"]


@pytest.mark.parametrize(
    ("by_ward", "level", "named", "expected"),
    [
        (False, Level.MEMBERS, False, ["回答待ち 0日", "回答待ち 0日"]),
        (False, Level.WARDS, False, ["回答待ち 0日", "回答待ち 0日"]),
        (False, Level.MEMBERS, True, ["", "回答待ち 0日"]),
        (True, Level.MEMBERS, False, ["提案元", ""]),
        (True, Level.MEMBERS, True, ["提案元", "回答待ち 0日"]),
        (True, Level.WARDS, False, ["提案元", "回答待ち 0日"]),
    ],
)
def test_whom_a_proposal_is_addressed_to(
    lead, ward_lead, other_ward, staff, by_ward, level, named, expected
):
    proposal = ProposalFactory(office=(ward_lead if by_ward else lead).office, level=level)
    proposal.wards.set([other_ward.organization] if named else [])
    assert cells_of(staff, proposal, ward_lead, other_ward) == expected
    for ward, text in zip((ward_lead, other_ward), expected, strict=True):
        found = Proposal.objects.addressed_to(ward.organization)
        assert list(found) == ([proposal] if "回答待ち" in text else [])


@pytest.mark.parametrize(
    "fields",
    [
        {"ends_on": today() - timedelta(days=1)},
        {"offers_stopped_at": "2026-11-01T00:00:00Z"},
        {"status": ProposalStatus.COMPLETED},
        HIDDEN,
    ],
    ids=["expired", "stopped", "completed", "hidden"],
)
def test_nobody_is_waited_for_where_no_answer_is_taken(lead, ward_lead, staff, fields):
    proposal = ProposalFactory(office=lead.office, **fields)
    assert cells_of(staff, proposal, ward_lead) == ["回答なし"]
    assert not Proposal.objects.taking_offers(today()).exists()
    assert not read(proposal).takes_offers


def test_what_takes_offers_is_the_same_for_a_page_and_a_list(lead):
    ProposalFactory(office=lead.office)
    (proposal,) = Proposal.objects.taking_offers(today())
    assert proposal.takes_offers


def test_a_hidden_reply_is_no_answer(lead, ward_lead, staff):
    proposal = ProposalFactory(office=lead.office)
    ReplyFactory(proposal=proposal, seat=ward_lead, **HIDDEN)
    assert cells_of(staff, proposal, ward_lead) == ["回答待ち 0日"]


@pytest.mark.parametrize("standing", Standing)
def test_a_mark_is_a_short_part_of_its_word(standing):
    """Whoever says what they see is understood (WCAG 2.5.3)."""
    cell = Cell(standing, days=128 if standing == Standing.WAITING else None)
    assert cell.mark in cell.text
    assert len(cell.mark) <= 3
    assert bool(cell.mark) == bool(cell.text)


def test_the_states_of_offers_stand_in_the_grid_under_their_own_names():
    assert {(status.value, status.label) for status in OfferStatus} <= {
        (standing.value, standing.label) for standing in Standing
    }


# --- who sees it ---------------------------------------------------------------------------


def test_who_sees_the_grid_and_who_a_column(lead, ward_lead, staff):
    """A ward's column and the secretariat's grid exclude each other."""
    answers = {
        seat: [
            rules.has_perm(f"proposals.{name}", reread(seat))
            for name in ("view_grid", "view_addressed")
        ]
        for seat in (lead, ward_lead, staff)
    }
    assert answers == {lead: [False, False], ward_lead: [False, True], staff: [True, False]}


def test_the_grid_knows_only_what_its_reader_may_know(lead, ward_lead, other_ward, staff):
    """Were a ward to ask for another's column, it would find no offer there."""
    proposal = raised(lead, other_ward).proposal
    for_wards = ProposalFactory(office=ward_lead.office, level=Level.WARDS)
    assert cells_of(staff, proposal, other_ward) == ["関心あり"]
    assert cells_of(ward_lead, proposal, other_ward) == ["回答待ち 0日"]
    assert for_wards not in queries.proposals_in_grid(reread(lead), GridConditions())


# --- the page of the secretariat -------------------------------------------------------------


def test_proposal_grid_begins_with_those_that_go_on(client_of, lead, staff):
    kept = {
        status: ProposalFactory(office=lead.office, status=status)
        for status in (ProposalStatus.OPEN, ProposalStatus.IN_TALKS, ProposalStatus.AGREED)
    }
    expired, withdrawn = ExpiredFactory(office=lead.office), WithdrawnFactory(office=lead.office)
    DraftFactory(office=lead.office)
    PrefectureFactory(code="03")
    client = client_of(staff)

    def listed(query: str = "") -> set[Proposal]:
        grid = client.get(f"{GRID}{query}").context["grid"]
        return {line.proposal for line in grid.lines}

    assert listed() == set(kept.values())
    assert listed("?status=") == {*kept.values(), expired, withdrawn}
    assert listed("?status=expired&status=withdrawn") == {expired, withdrawn}
    assert listed("?waiting=yes") == {kept[ProposalStatus.OPEN]}
    assert listed("?prefecture=03") == set()
    assert listed("?prefecture=18&status=open") == {kept[ProposalStatus.OPEN]}


def test_proposal_grid_says_each_state_in_words(client_of, lead, ward_lead, other_ward, staff):
    offer = talking(lead, ward_lead, title="朝市")
    page = client_of(staff).get(GRID)
    for text in (
        f'<a href="{offer.get_absolute_url()}" aria-label="協議中">協議</a>',
        '<span aria-hidden="true">0</span><span class="vh">回答待ち 0日</span>',
        '<th scope="col" class="wardgrid__ward">品川区</th>',
    ):
        assertContains(page, text)
    for said in (SAID, "内密"):
        assertNotContains(page, said)
    grid = page.context["grid"]
    assert [tally for _, tally in grid.columns] == [
        queries.grid.Tally(1, 0, 0),
        queries.grid.Tally(0, 0, 1),
    ]
    assert grid.lines[0].tally == grid.tally == queries.grid.Tally(1, 0, 1)


@pytest.mark.parametrize("query", ["?status=secret", "?prefecture=99", "?status=%00"])
def test_proposal_grid_refuses_what_it_does_not_know(client_of, staff, query):
    assert client_of(staff).get(f"{GRID}{query}").status_code == 400
    assert client_of(staff).get(f"{EXPORT}{query}").status_code == 400


def test_proposal_grid_says_that_nothing_was_found(client_of, staff):
    assertContains(client_of(staff).get(GRID), "条件に合う提案はありませんでした。")


@pytest.mark.parametrize("number", [1, 3])
def test_proposal_grid_asks_the_same_number_of_questions(
    client_of, staff, number, raise_on_fetch, django_assert_num_queries
):
    for _ in range(number):
        offer = OfferFactory(proposal__level=Level.WARDS)
        offer.proposal.wards.set([offer.organization])
        ReplyFactory(
            proposal=offer.proposal, seat__office=OfficeFactory(organization=WardFactory())
        )
    client = client_of(staff)
    client.get(GRID)
    with django_assert_num_queries(11):
        page = client.get(GRID)
    assert len(page.context["grid"].lines) == number
    assert len(page.context["grid"].wards) == 2 * number


def test_proposal_grid_export_holds_all_pages(client_of, lead, ward_lead, staff):
    raised(lead, ward_lead, title="朝市")
    office = OfficeFactory(organization=AssociationFactory())
    ProposalFactory.create_batch(20, office=office)
    WithdrawnFactory(title="取り下げた提案")
    client = client_of(staff)
    page = client.get(GRID)
    assert len(page.context["grid"].lines) == 20
    assert offered(page)["CSV"].startswith(f"{EXPORT}?status=open&")
    head, *rows = opened(client, lambda ending: EXPORT.replace("csv", ending))
    assert len(rows) == 21
    (row,) = [dict(zip(head, row, strict=True)) for row in rows if "朝市" in row]
    assert (row["品川区"], row["申し出た区の数"], row["回答待ちの区の数"]) == ("関心あり", 1, 0)


def test_the_secretariat_finds_the_grid_from_its_pages(staff):
    client = Client()
    client.force_login(User.objects.create_superuser("break.glass@example.jp", "見本"))
    for name in ("index", "proposals_proposal_changelist"):
        assertContains(client.get(reverse(f"admin:{name}")), f'href="{GRID}"')


# --- a ward's own column ---------------------------------------------------------------------


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

    unanswered = {silent: "回答待ち 0日", answered_by_another: "回答待ち 0日"}
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


@pytest.mark.parametrize("number", [1, 3])
def test_addressed_list_asks_the_same_number_of_questions(
    client_of, ward_lead, number, raise_on_fetch, django_assert_num_queries
):
    for _ in range(number):
        OfferFactory(office=ward_lead.office).proposal.wards.set([ward_lead.organization])
    client = client_of(ward_lead)
    client.get(ADDRESSED)
    with django_assert_num_queries(10):
        page = client.get(f"{ADDRESSED}?part=all")
    assert len(page.context["rows"]) == number
    assert Offer.objects.count() == number


def test_the_ward_finds_its_column_from_its_home(client_of, lead, ward_lead):
    home = reverse("portal:member_home")
    assertContains(client_of(ward_lead).get(home), f'href="{ADDRESSED}"')
    assertNotContains(client_of(lead).get(home), ADDRESSED)
