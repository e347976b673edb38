"""The board's list, its counts and order; what awaits an organization; earlier versions."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from core.dates import today
from core.enums import Level
from members.models import User
from proposals import queries, services
from proposals.enums import EXPIRED, ProposalKind, ProposalStatus
from proposals.models import Proposal
from proposals.queries import Conditions, Difference
from tests.factories.members import ThemeFactory
from tests.factories.proposals import (
    DraftFactory,
    ExpiredFactory,
    ProposalFactory,
    ReplyFactory,
    WithdrawnFactory,
)

pytestmark = pytest.mark.django_db


def reread(seat) -> User:
    return User.objects.get(pk=seat.user_id)


def titles(proposals) -> list[str]:
    return [proposal.title for proposal in proposals]


@pytest.fixture
def of_each(lead, other_lead) -> dict[str, Proposal]:
    """One proposal per shown status of another organization, and drafts of both."""
    return {
        "open": ProposalFactory(title="募集中の提案", kind=ProposalKind.SEEK),
        "expired": ExpiredFactory(title="期限切れの提案"),
        "withdrawn": WithdrawnFactory(title="取り下げた提案"),
        "draft": DraftFactory(title="自団体の下書き", office=lead.office),
        "others_draft": DraftFactory(title="他団体の下書き", office=other_lead.office),
    }


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        (Conditions(), {"open", "expired", "withdrawn", "draft"}),
        (Conditions(statuses=("open",)), {"open"}),
        (Conditions(statuses=(EXPIRED,)), {"expired"}),
        (Conditions(statuses=("withdrawn", "draft")), {"withdrawn", "draft"}),
        (Conditions(kinds=("seek",)), {"open"}),
        (Conditions(kinds=("seek", "provide")), {"open", "expired", "withdrawn", "draft"}),
        (Conditions(words="募集中"), {"open"}),
        (Conditions(words="提案 取り下げ"), {"withdrawn"}),
        (Conditions(words="下書き"), {"draft"}),
        (Conditions(words="どこにもない"), set()),
    ],
)
def test_board(lead, of_each, conditions, expected):
    found = set(queries.board(reread(lead), conditions))
    assert found == {of_each[name] for name in expected}


def test_board_by_theme_and_prefecture(lead):
    theme = ThemeFactory(name="防災")
    by_theme = ProposalFactory(themes=[theme, ThemeFactory(name="環境")])
    by_prefecture = ProposalFactory(office=lead.office)
    user = reread(lead)
    assert list(queries.board(user, Conditions(theme=theme))) == [by_theme]
    fukui = lead.organization.prefecture
    assert list(queries.board(user, Conditions(prefecture=fukui))) == [by_prefecture]


@pytest.mark.parametrize("words", ["さかい", "ｻｶｲ", "坂井市", "ＰＲ", "商店街"])
def test_board_is_searched_in_any_width_and_kana(lead, words):
    proposal = ProposalFactory(office=lead.office, title="pr 朝市", body="区の商店街で")
    ProposalFactory()
    assert list(queries.board(reread(lead), Conditions(words=words))) == [proposal]


def test_counts_follow_the_other_conditions(lead, of_each):
    user = reread(lead)
    open_only = Conditions(statuses=("open",))
    assert queries.kind_counts(user, open_only) == {"seek": 1, "provide": 0}
    counts = queries.status_counts(user, open_only)
    assert {status: number for status, number in counts.items() if number} == {
        "open": 1,
        "expired": 1,
        "withdrawn": 1,
        "draft": 1,
    }
    assert queries.status_counts(user, Conditions(kinds=("seek",)))["withdrawn"] == 0


def test_on_its_last_day_a_proposal_is_open(lead):
    proposal = ProposalFactory(ends_on=today())
    assert proposal.shown_status == ProposalStatus.OPEN
    assert list(queries.board(reread(lead), Conditions(statuses=("open",)))) == [proposal]


def test_newest_change_comes_first():
    first, second, third = (
        ProposalFactory(changed_at=datetime(2026, 11, day, tzinfo=UTC)) for day in (1, 20, 10)
    )
    assert list(queries.ordered(Proposal.objects.all(), "")) == [second, third, first]
    assert list(queries.ordered(Proposal.objects.all(), "forged")) == [second, third, first]


@time_machine.travel("2026-11-22T10:00+09:00", tick=False)
def test_the_nearest_wished_period_comes_first_and_past_ones_last():
    def wished(title: str, start: date | None, end: date | None = None, factory=ProposalFactory):
        factory(title=title, wished_from=start, wished_until=end)

    wished("済んだ", date(2026, 5, 1), date(2026, 10, 1))
    wished("未定の下書き", None, factory=DraftFactory)
    wished("遠い", date(2027, 4, 1))
    wished("今月まで", date(2026, 10, 1), date(2026, 11, 1))
    wished("来月", date(2026, 12, 1), date(2026, 12, 1))
    assert titles(queries.ordered(Proposal.objects.all(), queries.WISHED)) == [
        "今月まで",
        "来月",
        "遠い",
        "未定の下書き",
        "済んだ",
    ]


def test_hidden_replies_are_not_counted():
    proposal = ProposalFactory()
    ReplyFactory.create_batch(2, proposal=proposal)
    ReplyFactory(proposal=proposal, hidden_at="2026-11-01T00:00Z", hidden_reason="宣伝。")
    ProposalFactory()
    counted = queries.with_reply_count(Proposal.objects.order_by("pk"))
    assert [row.reply_count for row in counted] == [2, 0]


def test_what_awaits_an_organization(lead):
    now = datetime(2026, 11, 20, 3, tzinfo=UTC)
    with time_machine.travel("2026-11-22T10:00+09:00", tick=False):
        draft = DraftFactory(office=lead.office, title="朝市", changed_at=now)
        nameless = DraftFactory(office=lead.office, title="", changed_at=now + timedelta(days=2))
        ended = ExpiredFactory(office=lead.office, title="夜市", changed_at=now - timedelta(9))
        ProposalFactory(office=lead.office)
        WithdrawnFactory(office=lead.office)
        ExpiredFactory()
        waiting = queries.waiting_for(lead.organization)
    assert [(item.text, item.url, item.extra) for item in waiting] == [
        (
            "「夜市」の募集期限を延ばすか、取り下げるか",
            ended.get_absolute_url(),
            "期限から1日",
        ),
        ("「朝市」の下書き", draft.get_absolute_url(), "最後の保存から2日"),
        ("「（題名のない下書き）」の下書き", nameless.get_absolute_url(), "今日保存"),
    ]


def test_editions_say_what_the_next_one_says_instead(lead, other_lead):
    proposal = ProposalFactory(office=lead.office, title="朝市", level=Level.WARDS)
    for version, data in enumerate(
        [{"level": Level.MEMBERS}, {"title": "昼市"}, {"title": "夜市", "body": "夜に。"}], start=1
    ):
        services.change(proposal, data=data, by=lead, version=version)
    proposal = Proposal.objects.get(pk=proposal.pk)
    own = queries.editions(proposal, reread(lead))
    assert [edition.version.number for edition in own] == [3, 2, 1]
    assert [[d.label for d in edition.differences] for edition in own] == [
        ["提案の題名", "提案の内容"],
        ["提案の題名"],
        ["公開の範囲"],
    ]
    assert own[1].differences == [Difference("提案の題名", "朝市", "昼市")]
    others = queries.editions(proposal, reread(other_lead))
    assert [edition.version.number for edition in others] == [3, 2]


def test_a_difference_reaches_over_a_version_that_the_reader_may_not_see(lead, other_lead):
    proposal = ProposalFactory(office=lead.office, title="朝市")
    for version, data in enumerate(
        [
            {"level": Level.WARDS, "title": "区だけに言うこと"},
            {"level": Level.MEMBERS, "title": "夜市"},
        ],
        start=1,
    ):
        services.change(proposal, data=data, by=lead, version=version)
    proposal = Proposal.objects.get(pk=proposal.pk)
    (edition,) = queries.editions(proposal, reread(other_lead))
    assert edition.differences == [Difference("提案の題名", "朝市", "夜市")]


def test_a_version_is_readable_as_it_was():
    proposal = ProposalFactory(
        kind=ProposalKind.SEEK,
        title="朝市",
        body="月に1度。",
        themes=[ThemeFactory(name="産業"), ThemeFactory(name="観光")],
        wished_from=date(2027, 1, 1),
        scale="10団体",
        ends_on=date(2027, 5, 22),
    )
    assert [(row["label"], row["value"]) for row in queries.rows_of(proposal.content())] == [
        ("種別", "求める"),
        ("提案の題名", "朝市"),
        ("分野", "産業、観光"),
        ("提案の内容", "月に1度。"),
        ("希望時期（開始）", "2027年（令和9年）1月"),
        ("希望時期（終了）", "（入力なし）"),
        ("希望する場所", "（入力なし）"),
        ("規模", "10団体"),
        ("予算について", "（入力なし）"),
        ("条件", "（入力なし）"),
        ("宛先の特別区", "すべての区"),
        ("添付ファイル", "（入力なし）"),
        ("募集期限", "2027年（令和9年）5月22日"),
        ("公開の範囲", "会員と特別区"),
    ]
