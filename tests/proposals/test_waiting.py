"""What awaits an organization on the board, and who is told of it when a person leaves."""

from datetime import timedelta

import pytest

from core import dates
from core.audit import System
from core.enums import Level
from members import handover, successions
from notices.models import Notice
from proposals import queries, rules, services
from proposals import successions as own
from proposals.enums import OfferStatus, ProposalStatus, ReportStatus
from proposals.models import Offer, Proposal
from proposals.queries import Conditions
from tests.factories.members import OrganizationFactory, SeatFactory, WardFactory
from tests.factories.proposals import ExpiredFactory, ProposalFactory, ReplyFactory
from tests.proposals.worlds import raised, talking

pytestmark = pytest.mark.django_db


def waiting(seat) -> list[tuple[str, str]]:
    return [(item.text, item.extra) for item in queries.awaiting_on_board(seat.organization)]


def test_an_offer_and_the_last_word_of_a_talk_await_the_other_side(lead, ward_lead, time_machine):
    time_machine.move_to("2026-11-20 10:00+09:00", tick=False)
    offer = raised(lead, ward_lead, title="朝市", ends_on=dates.today() + timedelta(days=90))
    time_machine.move_to("2026-11-22 10:00+09:00", tick=False)
    assert waiting(lead) == [("「朝市」への東京都品川区からの申し出", "申し出から2日")]
    assert waiting(ward_lead) == []
    services.start_talk(offer, by=lead)
    about = "「朝市」について{}から届いた協議のメッセージ"
    assert waiting(lead) == [(about.format("東京都品川区"), "送信から2日")]
    services.send_message(offer, by=lead, body="返事。")
    assert waiting(lead) == []
    assert waiting(ward_lead) == [(about.format("福井県坂井市"), "今日の送信")]
    services.step_down(offer, by=ward_lead, reason="理由")
    assert waiting(lead) == waiting(ward_lead) == []


@pytest.mark.parametrize(
    ("days", "extra"), [(31, None), (30, "あと30日"), (0, "今日まで"), (-1, "期限から1日")]
)
def test_an_end_date_awaits_its_author_from_thirty_days_on(lead, days, extra):
    ProposalFactory(office=lead.office, ends_on=dates.today() + timedelta(days=days))
    assert [when for _, when in waiting(lead)] == ([extra] if extra else [])


# --- 回答待ち on the board -------------------------------------------------------------------


def test_the_board_finds_what_waits_for_an_answer(lead, other_lead, ward_lead):
    unanswered = ProposalFactory(office=lead.office)
    spoken = ProposalFactory(office=lead.office)
    services.add_reply(spoken, by=other_lead, body="うちも探しています。")
    answered = ProposalFactory(office=lead.office)
    services.add_reply(answered, by=ward_lead, body="できます。")
    raised(lead, ward_lead)
    ExpiredFactory(office=lead.office)
    found = queries.board(lead.user, Conditions(waiting=True))
    assert set(found) == {unanswered, spoken}
    assert {row for row in Proposal.objects.all() if row.waiting_days is not None} == set(found)


def test_a_proposal_waits_again_when_its_only_answer_is_hidden(lead, other_lead, ward_lead, staff):
    """Nobody but its author reads a hidden reply: the proposal has no answer any more."""
    proposal = ProposalFactory(office=lead.office)
    services.add_reply(proposal, by=other_lead, body="うちも探しています。")
    first = services.add_reply(proposal, by=ward_lead, body="できます。")

    def waits() -> bool:
        return Proposal.objects.get(pk=proposal.pk).waiting_days is not None

    assert not waits()
    services.hide_reply(first, by=staff, reason="確認のため")
    assert waits()
    services.unhide_reply(first, by=staff, reason="問題がなかったため")
    assert not waits()
    services.hide_reply(first, by=staff, reason="確認のため")
    second = services.add_reply(proposal, by=ward_lead, body="書き直しました。")
    assert not waits()
    services.raise_offer(proposal, by=ward_lead, message="内密。")
    services.hide_reply(second, by=staff, reason="確認のため")
    assert not waits()


def test_a_proposal_among_wards_is_answered_by_a_reply_of_another(ward_lead, lead):
    """Nobody may offer there: a reply is all that can end the waiting."""
    other = SeatFactory(office__organization=WardFactory())
    proposal = ProposalFactory(office=ward_lead.office, level=Level.WARDS)
    assert not any(rules.may_raise_offer(seat, proposal) for seat in (other, lead, ward_lead))
    services.add_reply(proposal, by=ward_lead, body="補足します。")
    assert Proposal.objects.waiting(dates.today()).exists()
    services.add_reply(proposal, by=other, body="会場があります。")
    assert not Proposal.objects.waiting(dates.today()).exists()


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        ("2027-03-01", None, {"春", "いつでも"}),
        (None, "2027-02-01", {"冬", "いつでも"}),
        ("2027-02-01", "2027-03-01", {"冬", "春", "いつでも"}),
        ("2027-08-01", "2027-09-01", {"いつでも"}),
    ],
)
def test_the_board_by_wished_period(lead, since, until, expected):
    for title, start, end in (
        ("冬", "2026-12-01", "2027-02-01"),
        ("春", "2027-03-01", "2027-05-01"),
        ("いつでも", "2026-11-01", None),
    ):
        ProposalFactory(title=title, wished_from=start, wished_until=end)
    asked = {
        name: dates.date.fromisoformat(day)
        for name, day in (("since", since), ("until", until))
        if day
    }
    assert {row.title for row in queries.board(lead.user, Conditions(**asked))} == expected


# --- when a person leaves ------------------------------------------------------------------


def test_live_offers_are_open_business_of_both_sides(lead, ward_lead):
    offer = talking(lead, ward_lead)
    new = raised(lead, ward_lead)
    for seat, other in ((lead, ward_lead), (ward_lead, lead)):
        groups = {group.heading: group.items for group in handover.open_business(seat)}
        (talk,), (waits,) = groups["協議中の連携の申し出"], groups["答えを待っている連携の申し出"]
        assert (talk.url, waits.url) == (offer.get_absolute_url(), new.get_absolute_url())
        assert "内密" not in f"{talk.text}{talk.extra}"
        # Each partner is told of the new person once, however much is open with it.
        assert handover.counterparts_of(seat) == [other.organization]
    for row in (offer, new):
        services.decline(row, by=lead, reason="理由")
    headings = {group.heading for group in handover.open_business(ward_lead)}
    assert not headings & {"協議中の連携の申し出", "答えを待っている連携の申し出"}


# --- when another organization succeeds it -------------------------------------------------


def move_all(former, successor) -> None:
    for belongings in successions.all_belongings():
        belongings.move(former, successor, System("見本"))


def test_live_offers_move_with_their_talks(lead, ward_lead):
    """A member offers on a ward's proposal, and becomes another municipality."""
    new_seat = SeatFactory(office__organization=OrganizationFactory())
    live, over = talking(ward_lead, lead), raised(ward_lead, lead)
    services.decline(over, by=ward_lead, reason="理由")
    told = own.offers_moving(lead.organization)
    assert told == [f"「{live.proposal}」への申し出（協議中）"]
    move_all(lead.organization, new_seat.organization)
    live.refresh_from_db()
    over.refresh_from_db()
    assert (live.organization, over.organization) == (new_seat.organization, lead.organization)
    services.send_message(live, by=new_seat, body="引き継ぎました。")
    assert not rules.is_of_a_side(lead, Offer.objects.with_sides().get(pk=live.pk))


def test_of_two_offers_that_meet_on_one_proposal_one_goes_on(lead, other_lead, ward_lead):
    """Two towns become one, and both were talking to the same ward."""
    first = talking(ward_lead, lead)
    second = services.raise_offer(first.proposal, by=other_lead, message="内密。")
    services.start_talk(second, by=ward_lead)
    merged = OrganizationFactory()
    for seat in (lead, other_lead):
        move_all(seat.organization, merged)
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.organization == second.organization == merged
    assert (first.status, second.status) == (OfferStatus.TALKING, OfferStatus.WITHDRAWN)
    assert merged.full_name in second.settled_reason
    first.proposal.refresh_from_db()
    assert first.proposal.status == ProposalStatus.IN_TALKS


def test_a_proposal_in_talks_moves_with_its_author(lead, ward_lead):
    offer = talking(lead, ward_lead)
    ReplyFactory(proposal=offer.proposal, seat=ward_lead)
    merged = SeatFactory(office__organization=OrganizationFactory())
    move_all(lead.organization, merged.organization)
    offer = Offer.objects.with_sides().get()
    assert offer.proposal.organization == merged.organization
    assert services.accept(offer, by=merged).status == OfferStatus.ACCEPTED


def test_what_was_said_before_a_merger_is_the_successors_own(lead, ward_lead):
    """It neither awaits their own answer nor passes for somebody else's."""
    offer = talking(lead, ward_lead)
    ReplyFactory(proposal=offer.proposal, seat=lead)
    merged = SeatFactory(office__organization=OrganizationFactory()).organization
    new_ward = SeatFactory(office__organization=WardFactory()).organization
    move_all(lead.organization, merged)
    move_all(ward_lead.organization, new_ward)
    speakers = {message.organization for message in offer.messages.all()}
    assert speakers == {merged, new_ward}
    assert queries.awaiting_on_board(merged) == []
    (waits,) = queries.awaiting_on_board(new_ward)
    assert merged.full_name in waits.text


def test_who_succeeds_a_body_is_told_what_became_of_its_report(lead, other_lead, ward_lead, staff):
    settled = services.report(ProposalFactory(office=other_lead.office), by=lead, reason="宣伝。")
    outcome = {"status": ReportStatus.DISMISSED, "outcome": "問題なし"}
    services.settle_report(settled, by=staff, **outcome)
    report = services.ask_to_open(talking(lead, ward_lead), by=lead, reason="内密。")
    merged = SeatFactory(office__organization=OrganizationFactory())
    assert own.reports_moving(lead.organization) == [str(report)]
    move_all(lead.organization, merged.organization)
    services.settle_report(report, by=staff, **outcome)
    notice = Notice.objects.get(key=f"proposals.settled:{report.pk}")
    assert notice.seat == merged
    settled.refresh_from_db()
    assert settled.organization == lead.organization
