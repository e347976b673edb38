"""Who is told of each move on the board: once, and nobody of what was said in a talk."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from agreements import services as agreements
from core.dates import Precision, RecordDate, today
from core.errors import DomainError
from core.models import OutboxMail
from members.enums import Role
from members.models import Seat
from notices.models import Notice
from notices.services import send_weekly
from proposals import services
from proposals.enums import OpeningGround, ReportStatus
from proposals.models import Offer, Proposal
from tests.factories.members import SeatFactory, WardFactory
from tests.factories.notices import PreferenceFactory, WatchFactory
from tests.factories.proposals import ExpiredFactory, ProposalFactory

pytestmark = pytest.mark.django_db


@dataclass
class World:
    """A proposal with a colleague on either side, somebody who follows it, and a stranger."""

    author: Seat
    ward: Seat
    staff: Seat
    proposal: Proposal
    names: dict[int, str] = field(default_factory=dict)
    offer: Offer | None = None

    def know(self, **seats: Seat) -> None:
        self.names |= {seat.user_id: name for name, seat in seats.items()}

    def told(self) -> dict[str, str]:
        """What each was told since the last look; each once, by notice and by mail."""
        notices = Notice.objects.order_by("pk").select_related("seat")
        found = {}
        for notice in notices:
            name = self.names[notice.seat.user_id]
            assert name not in found, f"{name} was told twice: {found[name]}, {notice.text}"
            found[name] = notice.text
        mailed = OutboxMail.objects.count()
        assert mailed == len(found)
        for mail in OutboxMail.objects.all():
            assert "秘密" not in mail.subject + mail.body
        self.forget()
        return found

    def forget(self) -> None:
        Notice.objects.all().delete()
        OutboxMail.objects.all().delete()


@pytest.fixture
def world(lead, deputy, ward_lead, staff) -> World:
    proposal = ProposalFactory(office=lead.office, title="朝市")
    follower = WatchFactory(object=proposal).seat
    world = World(lead, ward_lead, staff, proposal)
    world.know(
        author=lead,
        colleague=deputy,
        ward=ward_lead,
        ward_reader=SeatFactory(office=ward_lead.office, role=Role.READER),
        follower=follower,
        stranger=SeatFactory(),
        staff=staff,
    )
    return world


def offered(world: World) -> Offer:
    world.offer = services.raise_offer(world.proposal, by=world.ward, message="秘密")
    return world.offer


def talking(world: World) -> Offer:
    return services.start_talk(offered(world), by=world.author)


def accepted(world: World) -> Offer:
    return services.accept(talking(world), by=world.author)


def reported(world: World):
    return services.report(world.proposal, by=world.ward, reason="不適切な内容")


AUTHOR, WARD = {"colleague"}, {"ward", "ward_reader"}
FOLLOWER = {"follower"}

type Act = Callable[[World], object]

# What comes before, what is done, who is told, and the beginning of what each group is told.
MOVES: dict[str, tuple[Act, Act, list[tuple[set[str], str]]]] = {
    "reply": (
        lambda w: None,
        lambda w: services.add_reply(w.proposal, by=w.ward, body="伺います。"),
        [(AUTHOR | {"author"} | FOLLOWER, "提案「朝市」に東京都品川区から返信がありました")],
    ),
    "raise_offer": (
        lambda w: None,
        offered,
        [
            (
                AUTHOR | {"author", "ward_reader"},
                "提案「朝市」に東京都品川区から申し出がありました",
            )
        ],
    ),
    "start_talk": (
        offered,
        lambda w: services.start_talk(w.offer, by=w.author),
        [
            (AUTHOR | WARD, "提案「朝市」への東京都品川区の申し出について、協議が始まりました"),
            (FOLLOWER, "提案「朝市」の協議が始まりました"),
        ],
    ),
    "message": (
        talking,
        lambda w: services.send_message(w.offer, by=w.author, body="秘密"),
        [(AUTHOR | WARD, "提案「朝市」の協議に、福井県坂井市からメッセージが届きました")],
    ),
    "accept": (
        talking,
        lambda w: services.accept(w.offer, by=w.author),
        [
            (AUTHOR | WARD, "提案「朝市」への東京都品川区の申し出が受諾されました"),
            (FOLLOWER, "提案「朝市」の実施が決まりました"),
        ],
    ),
    "decline": (
        talking,
        lambda w: services.decline(w.offer, by=w.author, reason="秘密の理由"),
        [
            (AUTHOR | WARD, "提案「朝市」への東京都品川区の申し出は、見送りになりました"),
            (FOLLOWER, "提案「朝市」の協議が終わり、募集中に戻りました"),
        ],
    ),
    "step_down": (
        offered,
        lambda w: services.step_down(w.offer, by=w.ward, reason="秘密の理由"),
        [
            (
                AUTHOR | {"author", "ward_reader"},
                "提案「朝市」への東京都品川区の申し出が、辞退されました",
            )
        ],
    ),
    "withdraw": (
        talking,
        lambda w: services.withdraw(w.proposal, by=w.author, reason="予算がつかないため"),
        [
            (AUTHOR | FOLLOWER, "提案「朝市」が取り下げられました"),
            (WARD, "提案「朝市」が終わり、東京都品川区の申し出は見送りになりました"),
        ],
    ),
    "close": (
        lambda w: None,
        lambda w: services.close(w.proposal, by=w.author, reason="相手がないため"),
        [(AUTHOR | FOLLOWER, "提案「朝市」は不成立になりました")],
    ),
    "stop_offers": (
        lambda w: None,
        lambda w: services.stop_offers(w.proposal, by=w.author),
        [(AUTHOR | FOLLOWER, "提案「朝市」の申し出の受付が止まりました")],
    ),
    "resume_offers": (
        lambda w: services.stop_offers(w.proposal, by=w.author),
        lambda w: services.resume_offers(w.proposal, by=w.author),
        [(AUTHOR | FOLLOWER, "提案「朝市」の申し出の受付が再開しました")],
    ),
    "relate": (
        lambda w: None,
        lambda w: services.relate(
            ProposalFactory(office=w.ward.office, title="夜市"), [w.proposal], by=w.ward
        ),
        [
            (
                AUTHOR | {"author"},
                "提案「夜市」が、提案「朝市」に関連する提案として結び付けられました",
            )
        ],
    ),
    "hide": (
        lambda w: None,
        lambda w: services.hide(w.proposal, by=w.staff, reason="確認のため"),
        [(AUTHOR | {"author"}, "事務局が、提案「朝市」を非表示にしました")],
    ),
    "unhide": (
        lambda w: services.hide(w.proposal, by=w.staff, reason="確認のため"),
        lambda w: services.unhide(w.proposal, by=w.staff, reason="確認済み"),
        [(AUTHOR | {"author"}, "事務局が、提案「朝市」をもう一度表示しました")],
    ),
    "hide_reply": (
        lambda w: services.add_reply(w.proposal, by=w.ward, body="返信"),
        lambda w: services.hide_reply(w.proposal.replies.get(), by=w.staff, reason="確認のため"),
        [(WARD, "事務局が、提案「朝市」への返信を非表示にしました")],
    ),
    "report": (
        lambda w: None,
        reported,
        [(AUTHOR | {"author"}, "提案「朝市」について、事務局に通報がありました")],
    ),
    "settle_report": (
        reported,
        lambda w: services.settle_report(
            w.proposal.reports.get(), by=w.staff, status=ReportStatus.DISMISSED, outcome="問題なし"
        ),
        [
            (WARD, "事務局への通報の確認が終わりました（対応しなかった）"),
            (AUTHOR | {"author"}, "提案「朝市」への通報の確認が終わりました（対応しなかった）"),
        ],
    ),
    "ask_to_open": (
        talking,
        lambda w: services.ask_to_open(w.offer, by=w.ward, reason="秘密の理由"),
        [],
    ),
    "open_talk": (
        lambda w: services.ask_to_open(talking(w), by=w.ward, reason="秘密の理由"),
        lambda w: services.open_talk(
            w.offer, by=w.staff, ground=OpeningGround.REQUEST, reason="依頼のため"
        ),
        [(AUTHOR | {"author"} | WARD, "提案「朝市」の協議の内容を、事務局が確認します")],
    ),
}


@pytest.mark.parametrize("name", MOVES)
def test_a_move_is_told_once_to_whom_it_concerns(name, world):
    before, act, expected = MOVES[name]
    before(world)
    world.proposal.refresh_from_db()
    world.forget()
    act(world)
    assert world.told() == {who: text for group, text in expected for who in group}


def test_a_project_that_ends_is_told_as_such_and_to_others_as_what_it_makes_of_the_proposal(world):
    offer = accepted(world)
    world.forget()
    project = offer.collaboration
    agreements.cancel(project, by=world.ward, version=project.version, reason="中止")
    parties = dict.fromkeys(
        ("author", "colleague", "ward_reader"), "連携事業「朝市」が中止になりました"
    )
    # It is not public: who follows the proposal may not read the project itself.
    assert world.told() == {**parties, "follower": "提案「朝市」の実施の決定がなくなりました"}


def test_the_last_no_that_completes_a_proposal_is_told_as_both(world, lead):
    project = accepted(world).collaboration
    second = SeatFactory(office__organization=WardFactory())
    other = services.raise_offer(world.proposal, by=second, message="秘密")
    when = RecordDate(today(), today(), Precision.DAY)
    project = agreements.start(project, by=world.ward, version=project.version, when=when)
    project = agreements.end(project, by=world.ward, version=project.version, when=when)
    project.year_reports.create(fiscal_year=2026, result="実績")
    world.forget()
    services.decline(other, by=lead, reason="秘密の理由")
    texts = set(Notice.objects.filter(seat__office=lead.office).values_list("text", flat=True))
    assert any("見送り" in text for text in texts)
    assert "提案「朝市」の連携事業が完了しました" in texts


@pytest.mark.parametrize(
    "act",
    [
        lambda w: services.start_talk(w.offer, by=w.ward),
        lambda w: services.accept(w.offer, by=w.author),
        offered,  # a second time
        lambda w: services.close(w.proposal, by=w.author, reason=""),
        lambda w: services.renew(w.proposal, by=w.author),
        lambda w: services.hide(w.proposal, by=w.author, reason="確認のため"),
        lambda w: services.add_reply(w.proposal, by=w.ward, body=" "),
        lambda w: services.report(w.proposal, by=w.author, reason="不適切"),
    ],
)
def test_a_refusal_tells_nobody(act, world):
    offered(world)
    world.forget()
    with pytest.raises(DomainError):
        act(world)
    assert world.told() == {}


class TestReaders:
    def test_a_follower_who_may_read_it_no_longer_is_not_told(self, world):
        services.hide(world.proposal, by=world.staff, reason="確認のため")
        world.forget()
        services.stop_offers(world.proposal, by=world.author)
        assert set(world.told()) == AUTHOR

    def test_the_weekly_mail_asks_again(self, world):
        follower = WatchFactory(object=world.proposal).seat
        PreferenceFactory(seat=follower, watched="weekly")
        services.add_reply(world.proposal, by=world.ward, body="伺います。")
        reply = world.proposal.replies.get()
        assert Notice.objects.get(seat=follower).object == reply
        services.hide_reply(reply, by=world.staff, reason="確認のため")
        OutboxMail.objects.all().delete()
        assert send_weekly(today() + timedelta(days=7)) == 0


class TestRenewing:
    def test_it_is_told_like_any_step(self, world):
        expired = ExpiredFactory(office=world.author.office, title="朝市")
        services.renew(expired, by=world.author)
        text = "提案「朝市」の募集期限が延びました"
        assert world.told() == {"colleague": text}


def test_a_reply_stands_in_the_mail_with_who_has_replied(world):
    services.add_reply(world.proposal, by=world.ward, body="伺います。\n日程をご相談ください。")
    mail = OutboxMail.objects.get(to=world.author.user.email)
    assert "返信　伺います。\n日程をご相談ください。" in mail.body
    assert f"返信した団体　{world.ward.office.signature}" in mail.body
    reply = world.proposal.replies.get()
    assert mail.body.count(reply.get_absolute_url()) == 1
