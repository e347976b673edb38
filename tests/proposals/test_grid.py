"""The grid of proposals and wards; a ward's own column of it is in test_addressed."""

from datetime import timedelta
from itertools import product

import pytest
import rules
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from core.dates import today
from core.enums import Level
from members.models import Seat, User
from proposals import queries, services
from proposals.enums import OfferStatus, ProposalStatus, Standing, Sum
from proposals.models import Proposal
from proposals.queries import Cell, GridConditions
from proposals.queries.grid import OFFERED
from tests.downloads import offered, opened
from tests.factories.members import (
    AssociationFactory,
    OfficeFactory,
    PrefectureFactory,
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
from tests.proposals.worlds import SAID, raised, reread, talking

pytestmark = pytest.mark.django_db

GRID = reverse("proposals:proposal_grid")
EXPORT = reverse("proposals:proposal_grid_export", args=["csv"])
HIDDEN = {"hidden_at": "2026-11-01T00:00:00Z", "hidden_reason": "個人の氏名が書かれているため。"}
OVER = {"status": OfferStatus.DECLINED, "settled_reason": "理由", "settled_at": HIDDEN["hidden_at"]}
LONG = timedelta(days=180)


def cells_of(seat: Seat, proposal: Proposal, *wards: Seat) -> list[str]:
    """What the grid says of a proposal, for each of ``wards``."""
    columns = [ward.organization for ward in wards]
    (line,) = queries.lines_of(reread(seat), [read(proposal)], columns)
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

    assert shown() == ["関心あり", "未回答 12日"]
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
        (False, Level.MEMBERS, False, ["未回答 0日", "未回答 0日"]),
        (False, Level.WARDS, False, ["未回答 0日", "未回答 0日"]),
        (False, Level.MEMBERS, True, ["", "未回答 0日"]),
        (True, Level.MEMBERS, False, ["提案元", ""]),
        (True, Level.MEMBERS, True, ["提案元", "未回答 0日"]),
        (True, Level.WARDS, False, ["提案元", "未回答 0日"]),
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
        assert list(found) == ([proposal] if "未回答" in text else [])


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


def test_a_ward_is_waited_for_from_the_day_it_was_addressed(
    lead, ward_lead, other_ward, staff, theme, time_machine
):
    """Also where a change has addressed it later, or taken it out and in again."""
    first, later = ward_lead.organization, other_ward.organization
    time_machine.move_to("2026-11-10 10:00+09:00", tick=False)
    proposal = ProposalFactory(office=lead.office, themes=[theme], ends_on=today() + LONG)
    proposal.wards.set([first])
    for day, data, expected in (
        ("2026-11-20", {"wards": [first, later]}, ["未回答 10日", "未回答 0日"]),
        ("2026-11-22", {"title": "別の題名"}, ["未回答 12日", "未回答 2日"]),
        ("2026-11-23", {"wards": []}, ["未回答 13日", "未回答 3日"]),
        ("2026-11-24", {"wards": [later]}, ["", "未回答 4日"]),
        ("2026-11-25", {"wards": []}, ["未回答 0日", "未回答 5日"]),
    ):
        time_machine.move_to(f"{day} 10:00+09:00", tick=False)
        services.change(proposal, by=lead, version=read(proposal).version, data=data)
        assert cells_of(staff, proposal, ward_lead, other_ward) == expected


def test_a_wards_proposal_waits_for_wards_from_the_day_it_was_for_them_alone(
    ward_lead, other_ward, staff, theme, time_machine
):
    time_machine.move_to("2026-11-10 10:00+09:00", tick=False)
    proposal = ProposalFactory(office=ward_lead.office, themes=[theme], ends_on=today() + LONG)
    time_machine.move_to("2026-11-20 10:00+09:00", tick=False)
    services.change(proposal, by=ward_lead, version=1, data={"level": Level.WARDS})
    time_machine.move_to("2026-11-22 10:00+09:00", tick=False)
    assert cells_of(staff, proposal, ward_lead, other_ward) == ["提案元", "未回答 2日"]


def test_a_hidden_reply_is_no_answer(lead, ward_lead, staff):
    proposal = ProposalFactory(office=lead.office)
    ReplyFactory(proposal=proposal, seat=ward_lead, **HIDDEN)
    assert cells_of(staff, proposal, ward_lead) == ["未回答 0日"]


@pytest.mark.parametrize("standing", Standing)
def test_a_mark_is_a_short_part_of_its_word(standing):
    """Whoever says what they see is understood (WCAG 2.5.3)."""
    cell = Cell(standing, days=128 if standing == Standing.UNANSWERED else None)
    assert cell.mark in cell.text
    assert len(cell.mark) <= 3
    assert bool(cell.mark) == bool(cell.text)


def test_the_states_of_offers_stand_in_the_grid_under_their_own_names():
    assert {(status.value, status.label) for status in OfferStatus} <= {
        (standing.value, standing.label) for standing in Standing
    }


# --- the rows below ------------------------------------------------------------------------


def answered(proposal: Proposal, ward: Seat, how: str) -> None:
    """Lets ``ward`` answer: ``o`` by an offer, ``r`` by a reply, ``h`` by one that is hidden."""
    for letter in how:
        if letter == "o":
            OfferFactory(proposal=proposal, office=ward.office, **OVER)
        else:
            ReplyFactory(proposal=proposal, seat=ward, **(HIDDEN if letter == "h" else {}))


def test_the_rows_below_say_what_all_cells_come_to(lead, ward_lead, other_ward, staff):
    """However it is addressed, answered, and whether it still takes answers."""
    wards = queries.wards_in_order()
    one = [other_ward.organization]
    for office, level, named, how, ends in product(
        (lead.office, ward_lead.office),
        (Level.MEMBERS, Level.WARDS),
        ([], one),
        ("", "oo", "rrh", "or", "h"),
        (1, -1),
    ):
        proposal = ProposalFactory(
            office=office, level=level, themes=[], ends_on=today() + timedelta(days=ends)
        )
        proposal.wards.set(named)
        for ward in (ward_lead, other_ward):
            answered(proposal, ward, how)
        if office == ward_lead.office and level == Level.MEMBERS:
            answered(proposal, lead, how)
    for reader in (staff, ward_lead):
        user = reread(reader)
        found = queries.proposals_in_grid(user, GridConditions())
        totals = queries.totals_of(user, found, wards)
        lines = list(queries.lines_of(user, found, wards))
        columns = list(zip(*(line.cells for line in lines), strict=True))
        of_wards = [
            sum(line.received for line in lines if line.proposal.organization == ward)
            for ward in wards
        ]
        kinds = {
            Sum.OFFERED: OFFERED,
            Sum.REPLIED: (Standing.REPLIED,),
            Sum.UNANSWERED: (Standing.UNANSWERED,),
        }
        for place, (total, kind) in enumerate(zip(totals, Sum, strict=True)):
            expected = [
                sum(cell.standing in kinds.get(kind, ()) for cell in column) for column in columns
            ]
            if kind == Sum.RECEIVED:
                expected = of_wards
            assert total.answers == expected
            assert [number for number in total.sums if number is not None] == [sum(expected)]
            assert sum(expected) == sum(line.sums[place] for line in lines)
            assert sum(expected) or reader == ward_lead, "nothing of a kind would prove nothing"


def test_members_that_offer_on_a_wards_proposal_count_once_each(lead, other_lead, ward_lead, staff):
    proposal = ProposalFactory(office=ward_lead.office)
    for seat in (lead, lead, other_lead):
        answered(proposal, seat, "o")
    answered(ProposalFactory(office=lead.office), ward_lead, "o")
    user, wards = reread(staff), queries.wards_in_order()
    found = queries.proposals_in_grid(user, GridConditions())
    sums = {line.proposal: line.sums for line in queries.lines_of(user, found, wards)}
    assert (sums[proposal].offered, sums[proposal].received) == (0, 2)
    offered, received, *_rest = queries.totals_of(user, found, wards)
    assert (offered.answers, received.answers) == ([1], [2])


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
    assert cells_of(ward_lead, proposal, other_ward) == ["未回答 0日"]
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
        lines = client.get(f"{GRID}{query}").context["lines"]
        return {line.proposal for line in lines}

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
        '<span aria-hidden="true">0</span><span class="vh">未回答 0日</span>',
        '<th scope="col" class="wardgrid__ward">品川区</th>',
    ):
        assertContains(page, text)
    for said in (SAID, "内密"):
        assertNotContains(page, said)
    assert page.context["lines"][0].sums == (1, 0, 0, 1)
    assert [(row.label, row.answers, row.sums) for row in page.context["totals"]] == [
        ("区の申し出", [1, 0], [1, None, None, None]),
        ("会員の申し出", [0, 0], [None, 0, None, None]),
        ("返信だけ", [0, 0], [None, None, 0, None]),
        ("未回答", [0, 1], [None, None, None, 1]),
    ]
    for label in Sum.labels:
        assertContains(page, f'<th scope="col" class="wardgrid__sum">{label}</th>')
    assertNotContains(page, "件すべての合計")


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
    with django_assert_num_queries(17):
        page = client.get(GRID)
    assert len(page.context["lines"]) == number
    assert len(page.context["wards"]) == 2 * number


def test_proposal_grid_export_holds_all_pages(client_of, lead, ward_lead, staff):
    raised(lead, ward_lead, title="朝市")
    office = OfficeFactory(organization=AssociationFactory())
    ProposalFactory.create_batch(20, office=office)
    WithdrawnFactory(title="取り下げた提案")
    client = client_of(staff)
    page = client.get(GRID)
    assert len(page.context["lines"]) == 20
    assertContains(page, "表の下の4行は、ほかのページも含む、21件すべての合計です。")
    assert offered(page)["CSV"].startswith(f"{EXPORT}?status=open&")
    head, *rows = opened(client, lambda ending: EXPORT.replace("csv", ending))
    named = [dict(zip(head, row, strict=True)) for row in rows]
    assert len(named) == 21 + 4
    (row,) = [row for row in named if row["提案の題名"] == "朝市"]
    assert (row["品川区"], row["区の申し出"], row["未回答"]) == ("関心あり", 1, 0)
    assert [(row["提案の題名"], row["品川区"]) for row in named[21:]] == [
        ("合計：区の申し出", 1),
        ("合計：会員の申し出", 0),
        ("合計：返信だけ", 0),
        ("合計：未回答", 20),
    ]
    assert named[-1]["未回答"] == 20


def test_the_secretariat_finds_the_grid_from_its_pages(staff):
    client = Client()
    client.force_login(User.objects.create_superuser("break.glass@example.jp", "見本"))
    for name in ("index", "proposals_proposal_changelist"):
        assertContains(client.get(reverse(f"admin:{name}")), f'href="{GRID}"')
