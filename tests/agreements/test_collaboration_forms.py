"""What a ward types of a joint project, what is refused, and in which words."""

from datetime import date

import pytest
from django.http import QueryDict

from agreements.enums import CollaborationStatus
from agreements.forms import (
    CancelForm,
    CollaborationFilterForm,
    CollaborationForm,
    EndForm,
    StartForm,
    answers_of,
)
from agreements.queries.collaborations import Years
from core.dates import Precision, RecordDate
from members.models import Theme
from tests.agreements.collaborations import complete, project_of
from tests.factories.members import PrefectureFactory, ThemeFactory, WardFactory

pytestmark = [pytest.mark.django_db, pytest.mark.once]

PLANNED, UNDER_WAY, ENDED, CANCELLED = CollaborationStatus


@pytest.fixture(autouse=True)
def clock(time_machine) -> None:
    time_machine.move_to("2026-11-22 12:00:00+09:00", tick=False)


@pytest.fixture
def theme() -> Theme:
    return ThemeFactory(name="産業")


def posted(fields: dict) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, value in fields.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return data


@pytest.fixture
def form(ward_lead, lead, theme):
    def filled(former=None, **changes) -> CollaborationForm:
        fields = complete(ward_lead, theme, **changes)
        return CollaborationForm(posted(fields), ward=ward_lead.organization, former=former)

    return filled


def errors_of(form) -> dict[str, list[str]]:
    return {name: [str(message) for message in messages] for name, messages in form.errors.items()}


def test_a_complete_joint_project(form, ward_lead, lead, theme):
    filled = form(end_y="2026", end_m="９", end_d="5")
    assert filled.is_valid()
    data = filled.data_for_services
    assert "status" not in data
    assert data["wards"] == [ward_lead.organization]
    assert data["partners"] == [lead.organization]
    assert list(data["themes"]) == [theme]
    assert data["start"] == RecordDate(date(2026, 4, 1), date(2026, 4, 30), Precision.MONTH)
    assert data["end"] == RecordDate(date(2026, 9, 5), date(2026, 9, 5), Precision.DAY)
    shown = {row.label: row.value for row in filled.summary_rows}
    assert shown["特別区"] == ["品川区"]
    assert shown["連携先の団体"] == ["福井県坂井市"]
    assert shown["開始の時期"] == "2026年（令和8年）4月"
    assert shown["いまの状態"] == "始まっている（実施中）"
    assert shown["外部の資金"] == "（入力なし）"


def test_what_is_required(ward_lead):
    form = CollaborationForm(QueryDict(), ward=ward_lead.organization)
    assert errors_of(form) == {
        "title": ["題名を入力してください"],
        "status": ["いまの状態を選んでください"],
        "wards": ["特別区を選んでください"],
        "themes": ["分野を選んでください"],
        "origin": ["きっかけを選んでください"],
        "summary": ["概要を入力してください"],
    }


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"title": "あ" * 121}, "title", "題名は120文字以内で入力してください（現在121文字）"),
        ({"partners": ""}, "partners", "連携先の団体を入力してください"),
        (
            {"partners": "堺市"},
            "partners",
            "「堺市」という団体は、登録にありません。都道府県から名称を確認してください",
        ),
        (
            {"partners": "東京都品川区"},
            "partners",
            "品川区は特別区です。上の「特別区」の欄で選んでください",
        ),
        ({"status": "cancelled"}, "status", "いまの状態は、選択肢の中から選んでください"),
        ({"themes": ["999999"]}, "themes", "分野は、選択肢の中から選んでください"),
        ({"origin": "うわさ"}, "origin", "きっかけは、選択肢の中から選んでください"),
        (
            {"origin_date_y": "2026", "origin_date_m": "11", "origin_date_d": "23"},
            "origin_date",
            "きっかけの日は、今日（2026年（令和8年）11月22日）までにしてください",
        ),
        (
            {"end_y": "2026", "end_m": "3"},
            "end",
            "終了の時期は、開始の時期（2026年（令和8年）4月）以降にしてください",
        ),
        ({"status": "ended"}, "end", "終わっている連携事業には、終了の時期を入力してください"),
        (
            {"status": "ended", "end_y": "2026", "end_m": "12"},
            "end",
            "終了の時期は、今日（2026年（令和8年）11月22日）までにしてください",
        ),
        (
            {"start_m": "12"},
            "start",
            "開始の時期は、今日（2026年（令和8年）11月22日）までにしてください",
        ),
        ({"start_m": "13"}, "start", "開始の時期の月は、1から12までの数字で入力してください"),
    ],
)
def test_what_is_refused(form, changes, field, sentence):
    assert errors_of(form(**changes)) == {field: [sentence]}


def test_the_own_ward_stays_checked(form):
    other = WardFactory()
    filled = form(wards=[str(other.pk)])
    assert errors_of(filled) == {"wards": ["特別区には、品川区を含めてください"]}


def test_a_planned_one_may_lie_ahead(form):
    filled = form(status="planned", start_y="2027", start_m="1", end_y="2027", end_m="3")
    assert filled.is_valid()


class TestCorrecting:
    def test_the_state_is_not_asked(self, form, ward_lead):
        former = project_of(ward_lead.organization)
        assert "status" not in form(former).fields

    def test_it_shows_what_is_saved(self, ward_lead, lead):
        former = project_of(ward_lead.organization, lead.organization)
        shown = CollaborationForm(
            initial=answers_of(former), ward=ward_lead.organization, former=former
        )
        assert "福井県坂井市" in str(shown["partners"])
        assert 'value="2024"' in str(shown["start"])
        assert "checked" in str(shown["wards"])

    def test_an_ended_one_keeps_its_end(self, form, ward_lead):
        former = project_of(ward_lead.organization, status=ENDED)
        assert errors_of(form(former)) == {
            "end": ["終わっている連携事業には、終了の時期を入力してください"]
        }

    def test_a_time_that_cannot_be_shown_stays_unless_another_is_typed(self, form, ward_lead):
        bounds = {
            "start_earliest": date(2018, 3, 16),
            "start_latest": date(2018, 4, 16),
            "start_precision": Precision.BETWEEN,
        }
        former = project_of(ward_lead.organization, **bounds)
        left = form(former, start_y="", start_m="")
        assert "いまは「日付未確認」です" in left.fields["start"].help_text
        assert left.is_valid()
        assert "start" not in left.data_for_services
        typed = form(former)
        assert typed.is_valid()
        assert typed.data_for_services["start"].precision == Precision.MONTH

    def test_it_tells_what_a_colleague_has_saved(self, form, ward_lead, lead, theme):
        former = project_of(
            ward_lead.organization, lead.organization, title="同僚の題名", origin="掲示板"
        )
        former.themes.set([theme])
        filled = form(former)
        assert filled.is_valid()
        conflicts = {row["label"]: row["before"] for row in filled.conflicts_with(former)}
        assert conflicts == {
            "題名": "同僚の題名",
            "開始の時期": "2024年（令和6年）10月5日",
            "概要": "（入力なし）",
        }


def typed_when(*parts: str) -> dict[str, str]:
    return dict(zip(("when_y", "when_m", "when_d"), parts, strict=True))


def test_a_start_and_an_end_lie_behind_us():
    start = RecordDate(date(2026, 4, 1), date(2026, 4, 30), Precision.MONTH)
    assert StartForm(typed_when("R8", "11", "")).is_valid()
    assert errors_of(StartForm(typed_when("2026", "11", "23"))) == {
        "when": ["開始した時期は、今日（2026年（令和8年）11月22日）までにしてください"]
    }
    assert errors_of(StartForm({})) == {"when": ["開始した時期を入力してください"]}
    assert EndForm(typed_when("2026", "", ""), start=start).is_valid()
    assert errors_of(EndForm(typed_when("2026", "3", ""), start=start)) == {
        "when": ["終了した時期は、開始の時期（2026年（令和8年）4月）以降にしてください"]
    }
    assert errors_of(EndForm(typed_when("2027", "1", ""), start=start)) == {
        "when": ["終了した時期は、今日（2026年（令和8年）11月22日）までにしてください"]
    }
    assert errors_of(CancelForm({"reason": " "})) == {"reason": ["中止の理由を入力してください"]}


class TestFilter:
    YEARS = Years({2024: (1, 2), 2022: (3,), None: (4,)})

    def asked(self, query: str) -> CollaborationFilterForm:
        form = CollaborationFilterForm(QueryDict(query), years=self.YEARS)
        form.is_valid()
        return form

    def test_nothing_asked_is_no_condition(self):
        conditions = self.asked("").conditions
        assert (conditions.words, conditions.started, conditions.statuses) == ("", None, ())

    def test_every_condition(self, ward_lead):
        prefecture, theme = PrefectureFactory(code="18"), ThemeFactory(name="防災")
        form = self.asked(
            f"q=雪&ward=131091&prefecture=18&theme={theme.pk}&year=2024&origin=掲示板&status=ended"
        )
        assert form.errors == {}
        conditions = form.conditions
        assert conditions.ward == ward_lead.organization.municipality
        assert (conditions.prefecture, conditions.theme) == (prefecture, theme)
        assert conditions.started == (1, 2)
        assert (conditions.origins, conditions.statuses) == (("掲示板",), ("ended",))
        assert [label for _name, _value, label in form.chosen()] == [
            "キーワード：雪",
            "特別区：品川区",
            "連携先：福井県",
            "分野：防災",
            "開始：令和6年度（2024年度）",
            "きっかけ：掲示板",
            "状態：終了",
        ]

    @pytest.mark.parametrize(("year", "ids"), [("2024", (1, 2)), ("2023", ()), ("unknown", (4,))])
    def test_years_between_are_offered_too(self, year, ids):
        assert self.asked(f"year={year}").conditions.started == ids

    @pytest.mark.parametrize(
        ("query", "sentence"),
        [
            ("year=2021", "開始した年度は、選択肢の中から選んでください"),
            ("year=x", "開始した年度は、選択肢の中から選んでください"),
            ("ward=131000", "特別区は、選択肢の中から選んでください"),
            ("ward=%00", "特別区は、選択肢の中から選んでください"),
            ("prefecture=99", "連携先の都道府県は、選択肢の中から選んでください"),
            ("theme=x", "分野は、選択肢の中から選んでください"),
            ("theme=" + "9" * 30, "分野は、選択肢の中から選んでください"),
            ("origin=x", "きっかけは、選択肢の中から選んでください"),
            ("status=open", "状態は、選択肢の中から選んでください"),
            ("q=" + "あ" * 101, "キーワードは100文字以内で入力してください（現在101文字）"),
        ],
    )
    def test_what_is_no_choice_is_refused_at_its_field(self, query, sentence):
        form = self.asked(query)
        assert [item.message for item in form.error_items] == [sentence]
        assert form.conditions.started is None
