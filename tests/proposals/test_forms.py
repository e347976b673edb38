"""What may be typed, what is refused, and in which words."""

from datetime import date

import pytest
import time_machine
from django.http import QueryDict

from core.enums import Level
from members.models import Theme
from proposals.forms import BoardFilterForm, ProposalForm, ReplyForm, WithdrawForm
from proposals.queries import Conditions
from tests.factories.members import PrefectureFactory, UserFactory
from tests.proposals.answers import complete

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-11-22T10:00+09:00", tick=False):
        yield


def typed(theme: Theme, **changes) -> QueryDict:
    """What a browser posts for a complete proposal."""
    posted = QueryDict(mutable=True)
    for name, value in complete(theme, **changes).items():
        posted.setlist(name, value if isinstance(value, list) else [value])
    return posted


def form_of(*args, **kwargs) -> ProposalForm:
    """The form as somebody opens it; whose files it takes is tested with the pages."""
    return ProposalForm(*args, by=UserFactory.build(pk=1), **kwargs)


def errors_of(form) -> dict[str, list[str]]:
    return {name: [str(message) for message in messages] for name, messages in form.errors.items()}


def test_a_complete_proposal(theme):
    form = form_of(typed(theme, wished_until_y="R9", wished_until_m="２"))
    assert form.is_valid()
    data = form.data_for_services
    assert (data["wished_from"], data["wished_until"]) == (date(2027, 1, 1), date(2027, 2, 1))
    assert (data["ends_on"], data["level"]) == (None, Level.MEMBERS)
    assert list(data["themes"]) == [theme]


def test_what_is_required(theme):
    form = form_of(QueryDict())
    assert errors_of(form) == {
        "kind": ["種別を選んでください"],
        "title": ["提案の題名を入力してください"],
        "themes": ["分野を選んでください"],
        "body": ["提案の内容を入力してください"],
        "wished_from": ["希望時期（開始）を入力してください"],
        "level": ["公開の範囲を選んでください"],
    }


def test_a_draft_may_lack_everything(theme):
    form = form_of(QueryDict(), incomplete=True)
    assert form.is_valid()
    assert form.data_for_services["level"] == Level.MEMBERS
    assert form["title"].requirement == "required"


LONG = "あ" * 61
BAD_ANSWERS = [
    ({"title": LONG}, "title", "提案の題名は60文字以内で入力してください（現在61文字）"),
    (
        {"title": "朝\x00市"},
        "title",
        "提案の題名に使えない文字が入っています。入力し直してください",
    ),
    ({"title": "　 "}, "title", "提案の題名を入力してください"),
    (
        {"body": "あ" * 1001},
        "body",
        "提案の内容は1000文字以内で入力してください（現在1001文字）",
    ),
    ({"body": "\x00"}, "body", "提案の内容に使えない文字が入っています。入力し直してください"),
    ({"kind": "sell"}, "kind", "種別は、選択肢の中から選んでください"),
    ({"level": "public"}, "level", "公開の範囲は、選択肢の中から選んでください"),
    ({"themes": ["999999"]}, "themes", "分野は、選択肢の中から選んでください"),
    ({"themes": ["観光"]}, "themes", "分野は、選択肢の中から選んでください"),
    ({"themes": ["1\x00"]}, "themes", "分野は、選択肢の中から選んでください"),
    ({"themes": ["9" * 30]}, "themes", "分野は、選択肢の中から選んでください"),
    (
        {"wished_from_m": "13"},
        "wished_from",
        "希望時期（開始）の月は、1から12までの数字で入力してください",
    ),
    ({"wished_from_m": ""}, "wished_from", "希望時期（開始）の月を入力してください"),
    (
        {"wished_from_y": "平成99"},
        "wished_from",
        "希望時期（開始）を確認してください。平成は31年4月30日までです",
    ),
    (
        {"wished_from_y": "らいねん"},
        "wished_from",
        "希望時期（開始）の年は「2027」または「令和9」のように入力してください",
    ),
    (
        {"wished_until_y": "2026", "wished_until_m": "12"},
        "wished_until",
        "希望時期（終了）は、開始（2027年1月）以降の年月にしてください",
    ),
    (
        {"ends_on_y": "2027", "ends_on_m": "2", "ends_on_d": "30"},
        "ends_on",
        "募集期限を確認してください。2027年2月に30日はありません",
    ),
    (
        {"ends_on_y": "2026", "ends_on_m": "11", "ends_on_d": "22"},
        "ends_on",
        "募集期限は、明日（2026年11月23日）以降の日付にしてください",
    ),
    (
        {"ends_on_y": "2028", "ends_on_m": "11", "ends_on_d": "23"},
        "ends_on",
        "募集期限は、2028年（令和10年）11月22日までの日付にしてください",
    ),
]


@pytest.mark.parametrize(("changes", "field", "message"), BAD_ANSWERS)
def test_bad_answers(theme, changes, field, message):
    form = form_of(typed(theme, **changes))
    assert errors_of(form) == {field: [message]}


@pytest.mark.parametrize(("changes", "field", "message"), BAD_ANSWERS)
def test_a_draft_refuses_only_what_it_cannot_hold(theme, changes, field, message):
    form = form_of(typed(theme, **changes), incomplete=True)
    missing = "提案の題名を入力してください"
    if message == missing or (field == "ends_on" and "日付にしてください" in message):
        assert form.is_valid()
    else:
        assert errors_of(form) == {field: [message]}


def test_free_text_stays_as_it_was_typed(theme):
    form = form_of(typed(theme, title=" ㈱①～ ", body="一行目\r\n二行目\r\n"))
    assert form.is_valid()
    assert form.cleaned_data["title"] == "㈱①～"
    assert form.cleaned_data["body"] == "一行目\n二行目"


def test_line_ends_count_once(theme):
    assert form_of(typed(theme, body="あ\r\n" * 499 + "あい")).is_valid()


def test_an_end_date_that_has_passed_may_stay(theme):
    ended = {"ends_on_y": "2026", "ends_on_m": "11", "ends_on_d": "1"}
    assert form_of(typed(theme, **ended), former_end=date(2026, 11, 1)).is_valid()
    assert not form_of(typed(theme, **ended), former_end=date(2026, 11, 2)).is_valid()


def test_the_check_page_says_when_a_proposal_without_end_date_ends(theme):
    form = form_of(typed(theme))
    assert form.is_valid()
    rows = {row.label: row.value for row in form.summary_rows}
    assert rows == {
        "種別": "求める（協力してほしいことがある）",
        "提案の題名": "港の朝市を区の商店街で",
        "分野": ["観光"],
        "提案の内容": "月に1度、区の商店街で朝市を開きたいと考えています。",
        "希望時期（開始）": "2027年（令和9年）1月",
        "希望時期（終了）": "（入力なし）",
        "希望する場所": "（入力なし）",
        "規模": "（入力なし）",
        "予算について": "（入力なし）",
        "条件": "（入力なし）",
        "宛先の特別区": "すべての区",
        "募集期限": "2027年（令和9年）5月22日（6か月後）",
        "公開の範囲": "会員と特別区",
        "添付ファイル": "（入力なし）",
    }


def test_the_check_page_carries_what_was_typed(theme):
    form = form_of(typed(theme, title='"><script>'))
    assert form.is_valid()
    hidden = form.hidden_inputs
    assert '<input type="hidden" name="wished_from_y" value="令和9">' in hidden
    assert "<script>" not in hidden


@pytest.mark.parametrize(
    ("form_class", "name", "limit"), [(WithdrawForm, "reason", 500), (ReplyForm, "body", 1000)]
)
def test_texts_have_a_length(form_class, name, limit):
    assert form_class({name: "あ" * limit}).is_valid()
    assert not form_class({name: "あ" * (limit + 1)}).is_valid()
    assert not form_class({name: " 　\n"}).is_valid()
    assert not form_class({name: "あ\x00"}).is_valid()


# --- the filter --------------------------------------------------------------------------


def test_conditions(theme):
    prefecture = PrefectureFactory(code="18")
    asked = QueryDict(
        f"q=朝市&kind=seek&status=open&status=expired&theme={theme.pk}&prefecture=18"
        "&waiting=yes&since_y=令和9&since_m=1&until_y=2027&until_m=３"
    )
    form = BoardFilterForm(asked)
    assert form.is_valid()
    months = {"since": date(2027, 1, 1), "until": date(2027, 3, 1)}
    assert form.conditions == Conditions(
        "朝市", ("seek",), ("open", "expired"), theme, prefecture, **months, waiting=True
    )
    assert form.chosen() == [
        (("q",), "朝市", "キーワード：朝市"),
        (("kind",), "seek", "求める"),
        (("status",), "open", "募集中"),
        (("status",), "expired", "期限切れ"),
        (("waiting",), "yes", "回答待ち"),
        (("theme",), str(theme.pk), "分野：観光"),
        (("prefecture",), "18", "福井県"),
        (("since_y", "since_m"), "", "希望時期：2027年（令和9年）1月以降"),
        (("until_y", "until_m"), "", "希望時期：2027年（令和9年）3月まで"),
    ]


@pytest.mark.parametrize(
    "query",
    [
        "kind=sell",
        "status=secret",
        "theme=999999",
        "theme=観光",
        "theme=%00",
        "theme=" + "9" * 30,
        "prefecture=99",
        "prefecture=18%00",
        "q=%00",
        "q=" + "あ" * 101,
        "waiting=no",
        "since_y=2027",
        "since_y=2027&since_m=13",
        "until_y=%00&until_m=1",
    ],
)
def test_a_condition_that_cannot_be_understood_is_said_and_left_out(query):
    form = BoardFilterForm(QueryDict(query))
    assert not form.is_valid()
    assert form.conditions == Conditions()
    assert form.chosen() == []
