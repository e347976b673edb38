"""Who is told once although they sit twice, and nobody of what they may read no longer."""

from datetime import timedelta

import pytest

from core.dates import today
from core.enums import Level
from core.errors import NotAllowed
from core.models import OutboxMail
from members.models import Seat
from notices.models import Notice
from proposals import services
from proposals.enums import ReportStatus
from proposals.models import Proposal, Report
from tests.factories.members import SeatFactory
from tests.factories.notices import WatchFactory
from tests.factories.proposals import ProposalFactory, ReplyFactory
from tests.proposals.worlds import raised, talking

pytestmark = pytest.mark.django_db


def texts_for(*seats: Seat) -> list[str]:
    """What the people of ``seats`` were told, at whichever seat."""
    told = Notice.objects.filter(seat__user__in=[seat.user for seat in seats]).order_by("pk")
    return list(told.values_list("text", flat=True))


def narrowed(proposal: Proposal, by: Seat) -> Proposal:
    """``proposal``, for the wards alone from now on, under a title that others never saw."""
    proposal.refresh_from_db()
    data = {"level": Level.WARDS, "title": "区だけの計画"}
    return services.change(proposal, by=by, version=proposal.version, data=data)


def test_who_has_replied_is_told_of_hiding_and_reports_without_a_title_they_may_not_read(
    lead, other_lead, ward_lead, staff
):
    reply = ReplyFactory(
        proposal=ProposalFactory(office=lead.office), seat=other_lead, body="私たちの返信"
    )
    narrowed(reply.proposal, lead)
    services.hide_reply(reply, by=staff, reason="確認のため")
    services.unhide_reply(reply, by=staff, reason="確認済み")
    report = services.report(reply, by=ward_lead, reason="不適切")
    services.settle_report(report, by=staff, status=ReportStatus.DISMISSED, outcome="問題なし")
    assert texts_for(other_lead) == [
        "事務局が、いまは読めない提案への返信を非表示にしました",
        "事務局が、いまは読めない提案への返信をもう一度表示しました",
        "いまは読めない提案への返信について、事務局に通報がありました",
        "いまは読めない提案への返信への通報の確認が終わりました（対応しなかった）",
    ]
    mails = OutboxMail.objects.filter(to=other_lead.user.email)
    assert mails.count() == 4
    for mail in mails:
        assert "区だけの計画" not in mail.subject + mail.body
        assert reply.proposal.get_absolute_url() not in mail.body
        assert "私たちの返信" in mail.body


def test_a_hidden_reply_is_reported_by_nobody_who_does_not_read_it(lead, other_lead, ward_lead):
    reply = ReplyFactory(proposal=ProposalFactory(office=lead.office), seat=other_lead)
    stale = type(reply).objects.get(pk=reply.pk)
    reply.hidden_at, reply.hidden_reason = reply.created_at, "確認のため"
    reply.save()
    with pytest.raises(NotAllowed):
        services.report(stale, by=ward_lead, reason="不適切")
    assert not Report.objects.exists()
    assert not Notice.objects.exists()


def test_whoever_sits_at_a_side_and_follows_by_another_seat_is_told_of_a_move_once(lead, ward_lead):
    offer = raised(lead, ward_lead, title="朝市")
    member = SeatFactory(office=ward_lead.office)
    WatchFactory(object=offer.proposal, seat=SeatFactory(user=member.user))
    Notice.objects.all().delete()
    services.start_talk(offer, by=lead)
    assert texts_for(member) == [
        "提案「朝市」への東京都品川区の申し出について、協議が始まりました",
    ]


def test_who_follows_by_one_seat_what_they_read_by_another_is_told(lead, ward_lead, other_lead):
    proposal = ProposalFactory(office=lead.office, title="朝市", level=Level.WARDS)
    follower = WatchFactory(object=proposal, seat=SeatFactory(user=ward_lead.user)).seat
    stranger = WatchFactory(object=proposal, seat=other_lead).seat
    services.stop_offers(proposal, by=lead)
    assert texts_for(follower) == ["提案「朝市」の申し出の受付が止まりました"]
    assert texts_for(stranger) == []


def test_talks_that_end_after_the_end_date_lead_to_an_expired_proposal(lead, ward_lead):
    offer = talking(lead, ward_lead, title="朝市")
    follower = WatchFactory(object=offer.proposal).seat
    Proposal.objects.update(ends_on=today() - timedelta(days=1))
    services.decline(offer, by=lead, reason="理由")
    assert texts_for(follower) == ["提案「朝市」の協議が終わり、期限切れになりました"]
