"""The board's list, its counts and order; what awaits an organization; earlier versions."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.utils.timezone import now

from core.dates import today
from core.enums import Level
from members.models import Prefecture, Theme, User
from proposals import queries, services
from proposals.enums import EXPIRED, SHOWN_STATUSES, ProposalKind, ProposalStatus
from proposals.models import Proposal
from proposals.queries import Conditions, Difference, counting, paging
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
    counts = queries.facets(user, Conditions(statuses=("open",)))
    assert (counts.total, counts.waiting, counts.kind) == (1, 1, {"seek": 1})
    assert counts.status == {"open": 1, "expired": 1, "withdrawn": 1, "draft": 1}
    assert queries.facets(user, Conditions(kinds=("seek",))).status == {"open": 1}


@pytest.mark.parametrize(
    "conditions",
    [
        {},
        {"statuses": ("open",)},
        {"kinds": ("seek",), "statuses": ("open", "withdrawn")},
        {"waiting": True},
        {"theme": "防災", "statuses": ("open",)},
        {"prefecture": "18", "words": "朝市"},
        {"words": "朝市 見本", "theme": "防災", "waiting": True},
        {"since": date(2027, 2, 1), "kinds": ("provide",)},
    ],
)
def test_each_count_is_what_its_choice_gives(lead, conditions, themes_and_places):
    """Whatever is chosen together with all other conditions lists as many as stand beside it."""
    user, asked = reread(lead), dict(conditions)
    asked |= {"theme": themes_and_places[asked["theme"]]} if "theme" in asked else {}
    asked |= {"prefecture": Prefecture.objects.get(pk="18")} if "prefecture" in asked else {}
    asked = Conditions(**asked)
    counts = queries.facets(user, asked)

    def number(**chosen) -> int:
        return queries.board(user, replace(asked, **chosen)).count()

    assert counts.total == number()
    assert counts.waiting == number(waiting=True)
    for kind in ProposalKind:
        assert counts.kind[kind] == number(kinds=(kind,))
    for status, _label in SHOWN_STATUSES:
        assert counts.status[status] == number(statuses=(status,))
    for theme in themes_and_places.values():
        assert counts.theme[theme.pk] == number(theme=theme)
    for prefecture in Prefecture.objects.all():
        assert counts.prefecture[prefecture.pk] == number(prefecture=prefecture)


@pytest.fixture
def themes_and_places(lead, of_each) -> dict[str, Theme]:
    """Proposals of two prefectures with themes, words and periods, beside those of each status."""
    themes = {name: ThemeFactory(name=name) for name in ("防災", "観光")}
    first, second = themes.values()
    own = {"office": lead.office, "title": "朝市"}
    ProposalFactory(**own, themes=[first, second], kind=ProposalKind.SEEK)
    ProposalFactory(**own, themes=[second], answered_at=datetime(2026, 11, 1, tzinfo=UTC))
    period = {"wished_from": date(2026, 12, 1), "wished_until": date(2027, 1, 1)}
    WithdrawnFactory(**own, **period, themes=[first])
    ProposalFactory(title="朝市", themes=[first], hidden_at=now(), hidden_reason="宣伝。")
    ProposalFactory(title="朝市", themes=[])
    return themes


@pytest.mark.parametrize("sort", [queries.NEWEST, queries.WISHED])
def test_the_pages_under_words_are_those_of_the_board(lead, sort):
    ProposalFactory.create_batch(5, title="朝市")
    user, asked = reread(lead), Conditions(words="朝市")
    everything = queries.ordered(queries.board(user, asked), sort).values_list(*queries.STAMP)
    found = queries.listing(user, asked, sort, until=4)
    assert (found.count, found.is_capped) == (5, False)
    assert [*found.rows[0:2], *found.rows[2:4], *found.rows[4:5]] == list(everything)


def test_what_too_many_proposals_hold_is_counted_no_further_than_the_page(lead, monkeypatch):
    monkeypatch.setattr(paging, "COUNTED", 2)
    ProposalFactory.create_batch(5, title="朝市")
    user, asked = reread(lead), Conditions(words="朝市")
    found = queries.listing(user, asked, queries.NEWEST, until=1)
    assert (found.count, found.is_capped, found.facets) == (2, True, None)
    found = queries.listing(user, asked, queries.NEWEST, until=4)
    assert (found.count, found.is_capped, len(found.rows[2:4])) == (4, True, 2)
    found = queries.listing(user, asked, queries.NEWEST, until=5)
    assert (found.count, found.is_capped, found.facets.total) == (5, False, 5)
    monkeypatch.setattr(counting, "SOON_COUNTED", 4)
    assert queries.listing(user, asked, queries.NEWEST, until=5).facets is None


def test_the_counts_of_a_large_board_are_kept_for_each_reader(
    lead, other_lead, monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr(counting, "SOON_COUNTED", 2)
    ProposalFactory.create_batch(3)
    DraftFactory(office=lead.office)
    own, other = reread(lead), reread(other_lead)
    assert queries.facets(own, Conditions()).total == 4
    assert queries.facets(other, Conditions()).total == 3
    with django_assert_num_queries(0):
        assert queries.facets(own, Conditions()).total == 4
    assert queries.facets(own, Conditions(statuses=("open",))).total == 3


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
        waiting = queries.awaiting_on_board(lead.organization)
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
    assert [
        (row["label"], row["value"]) for row in queries.rows_of(proposal.content(), by_ward=False)
    ] == [
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
