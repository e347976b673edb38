"""Forms: what they show, what they accept, and what they say."""

from datetime import date

import pytest
from django import forms as django_forms
from django.http import QueryDict

from core import forms
from core.forms import wording
from members.models import Theme
from tests.factories.members import ThemeFactory


class ProposalForm(forms.Form):
    """A form with one field of most kinds."""

    kind = forms.RadioField(label="種別", choices=[("seek", "求める"), ("provide", "提供できる")])
    title = forms.CharField(label="提案の題名", max_length=60, help_text="60文字以内で。", width=20)
    themes = forms.ChecksField(
        label="分野", choices=[("1", "産業"), ("2", "観光")], columns=True, note="（すべて）"
    )
    body = forms.TextField(label="提案の内容", max_length=10, required=False)
    start = forms.YearMonthField(label="希望時期（開始）", required=False)
    due = forms.DatePartsField(label="募集期限", required=False)
    audience = forms.ChoiceField(
        label="公開範囲", choices=[("all", "会員")], empty_label="選んでください", required=False
    )
    version = forms.HiddenField(required=False)


ANSWERS = {"kind": "seek", "title": "朝市", "themes": ["1", "2"]}


def posted(**changes) -> ProposalForm:
    """The form as a browser posts it."""
    data = QueryDict(mutable=True)
    for name, value in {**ANSWERS, **changes}.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return ProposalForm(data)


def one_field(field, value) -> forms.Form:
    form = type("OneField", (forms.Form,), {"answer": field})({"answer": value})
    form.full_clean()
    return form


class TestMarkup:
    def test_a_field_is_label_then_hint_then_error_then_control(self):
        html = posted(title="").as_div()
        parts = ['<label for="id_title">', 'id="id_title-hint"', 'id="id_title-err"', "<input"]
        begin = html.index("field--err")
        places = [html.index(part, begin) for part in parts]
        assert places == sorted(places)

    def test_the_control_refers_to_its_hint_and_error(self):
        html = str(posted(title="")["title"])
        assert 'aria-describedby="id_title-hint id_title-err"' in html
        assert 'aria-invalid="true"' in html
        assert 'class="input w-20"' in html

    def test_the_browser_neither_refuses_nor_cuts(self):
        html = str(ProposalForm())
        assert " required" not in html
        assert "maxlength" not in html

    def test_required_and_optional_are_marked(self):
        form = ProposalForm()
        assert "※必須" in form["title"].as_field_group()
        assert "※任意" in form["body"].as_field_group()
        assert "※必須</span>（すべて）" in form["themes"].as_field_group()

    def test_a_filter_marks_neither(self):
        class Filter(forms.Form):
            marks_required = False
            q = forms.CharField(label="キーワード", required=False)

        assert "※" not in str(Filter())

    def test_choices_stand_in_a_fieldset_that_carries_the_error(self):
        html = posted(kind="")["kind"].as_field_group()
        assert '<fieldset class="group" aria-describedby="id_kind-err">' in html
        assert "<legend>種別" in html
        # A single radio button cannot be invalid.
        assert "aria-invalid" not in html

    def test_a_counted_choice_shows_its_number(self):
        field = forms.ChecksField(choices=[("open", forms.CountedLabel("募集中", 14))])
        html = str(one_field(field, ["open"])["answer"])
        assert '募集中<span class="num">14件</span>' in html

    def test_one_checkbox_stands_before_its_label(self):
        field = forms.BooleanField(label="決裁を受けました")
        html = one_field(field, "")["answer"].as_field_group()
        assert html.index("<input") < html.rindex("決裁を受けました</label>")

    def test_hidden_fields_are_printed_without_a_label(self):
        assert '<input type="hidden" name="version" id="id_version">' in str(ProposalForm())

    def test_an_unknown_width_is_refused_at_once(self):
        with pytest.raises(ValueError, match="width"):
            forms.CharField(width=13)


class TestWording:
    @pytest.mark.parametrize(
        ("field", "value", "message"),
        [
            (forms.CharField(label="題名"), " 　", "題名を入力してください"),
            (
                forms.CharField(label="題名", max_length=60),
                "あ" * 72,
                "題名は60文字以内で入力してください（現在72文字）",
            ),
            (forms.RadioField(label="種別", choices=[]), "", "種別を選んでください"),
            (
                forms.ChoiceField(label="分野", choices=[("1", "産業")]),
                "9",
                "分野は、選択肢の中から選んでください",
            ),
            (
                forms.ChecksField(label="分野", choices=[("1", "産業")]),
                ["1", "9"],
                "分野は、選択肢の中から選んでください",
            ),
            (
                forms.EmailField(label="メールアドレス"),
                "name@",
                "メールアドレスは「name@example.lg.jp」の形式で入力してください",
            ),
            (
                forms.PhoneField(label="電話番号"),
                "内線12",
                "電話番号は「03-5210-9747」の形式で入力してください",
            ),
            (
                forms.PostalCodeField(label="郵便番号"),
                "102-007",
                "郵便番号は「102-0072」のように7桁の数字で入力してください",
            ),
            (forms.IntegerField(label="人数"), "三人", "人数は、数字で入力してください"),
            (
                forms.IntegerField(label="人数", min_value=1),
                "0",
                "人数は、1以上の数字で入力してください",
            ),
            (forms.BooleanField(label="同意します"), "", "「同意します」に印を付けてください"),
            (
                forms.CharField(label="題名"),
                "朝\x00市",
                "題名に使えない文字が入っています。入力し直してください",
            ),
            (
                forms.CharField(label="題名", error_messages={"required": "題名がありません"}),
                "",
                "題名がありません",
            ),
            (
                forms.CharField(label="とても長い題名", error_label="題名"),
                "",
                "題名を入力してください",
            ),
        ],
    )
    def test_messages_are_built_from_the_label(self, field, value, message):
        assert message in one_field(field, value).errors["answer"]

    def test_a_label_with_a_percent_sign_breaks_no_message(self):
        form = one_field(forms.CharField(label="達成率（%）", max_length=1), "12")
        assert form.errors["answer"] == ["達成率（％）は1文字以内で入力してください（現在2文字）"]

    def test_a_field_renamed_after_construction_is_called_by_its_new_name(self):
        form = posted(title="")
        form.fields["title"].label = "見出し"
        assert form.errors["title"] == ["見出しを入力してください"]

    def test_ranges_name_both_dates(self):
        assert (
            wording.date_not_before("終了日", "開始日", date(2026, 12, 1))
            == "終了日は、開始日（2026年12月1日）以降の日付にしてください"
        )
        assert (
            wording.month_not_before("希望時期（終了）", "開始", date(2027, 6, 1))
            == "希望時期（終了）は、開始（2027年6月）以降の年月にしてください"
        )


class TestAcceptance:
    @pytest.mark.parametrize(
        ("field", "typed", "value"),
        [
            # Names and free text stay as they are; ㈱ and U+FA19 are not rewritten.
            (forms.CharField(), "　㈱①～\ufa19戸 ", "㈱①～\ufa19戸"),
            (forms.CharField(), "坂井市\t企画政策課", "坂井市 企画政策課"),
            (forms.TextField(), "一行目\r\n\r\n　二行目\r\n", "一行目\n\n　二行目"),
            (forms.EmailField(), " Ｋikaku＠example.lg.jp ", "kikaku@example.lg.jp"),
            (forms.PhoneField(), "０３ー５２１０ー９７４７", "03-5210-9747"),
            (forms.PhoneField(), "0352109747", "0352109747"),
            (forms.PostalCodeField(), "〒１０２－００７２", "1020072"),
            (forms.KanaField(), "さかい ｼﾞﾛｰ", "サカイ ジロー"),
            (forms.IntegerField(), "１，１００", 1100),
        ],
    )
    def test_what_is_typed_reasonably_is_taken(self, field, typed, value):
        form = one_field(field, typed)
        assert form.errors == {}
        assert form.cleaned_data["answer"] == value

    def test_a_newline_counts_as_one_character(self):
        assert posted(body="一\r\n" * 5).is_valid()

    def test_a_stored_postal_code_is_shown_with_its_hyphen(self):
        form = type("Office", (forms.Form,), {"code": forms.PostalCodeField()})
        assert 'value="102-0072"' in str(form(initial={"code": "1020072"}))

    @pytest.mark.parametrize("year", ["2027", "２０２７", "令和9", "令和９年", "R9", "r9"])
    def test_a_year_may_be_typed_in_either_calendar(self, year):
        form = posted(due_y=year, due_m="３", due_d="31日")
        assert form.errors == {}
        assert form.cleaned_data["due"] == date(2027, 3, 31)

    def test_the_first_year_of_an_era_may_be_typed_as_gannen(self):
        form = posted(start_y="令和元", start_m="5")
        assert form.is_valid()
        assert form.cleaned_data["start"] == date(2019, 5, 1)

    def test_an_empty_date_is_none(self):
        form = posted(due_y=" ", due_m="", due_d="")
        assert form.is_valid()
        assert form.cleaned_data["due"] is None


class TestDates:
    @pytest.mark.parametrize(
        ("typed", "message", "target"),
        [
            (
                ("2027", "13", "1"),
                "募集期限の月は、1から12までの数字で入力してください",
                "id_due-m",
            ),
            (("2027", "", "1"), "募集期限の月を入力してください", "id_due-m"),
            (
                ("来年", "1", "1"),
                "募集期限の年は「2027」または「令和9」のように入力してください",
                "id_due-y",
            ),
            (
                ("平成99", "1", "1"),
                "募集期限を確認してください。平成は31年4月30日までです",
                "id_due-y",
            ),
            (
                ("2027", "2", "30"),
                "募集期限を確認してください。2027年2月に30日はありません",
                "id_due-d",
            ),
        ],
    )
    def test_the_error_leads_to_the_wrong_part(self, typed, message, target):
        year, month, day = typed
        form = posted(due_y=year, due_m=month, due_d=day)
        assert form.error_items == [(message, target)]
        assert 'aria-invalid="true"' in part_markup(form, target)
        assert str(form["due"]).count("aria-invalid") == 1

    def test_an_error_about_the_whole_date_marks_every_part(self):
        form = posted(start_y="2027", start_m="6")
        form.is_valid()
        form.add_error("start", "希望時期は、まだ決められません")
        assert str(form["start"]).count('aria-invalid="true"') == 2
        assert form.error_items == [("希望時期は、まだ決められません", "id_start-y")]

    def test_what_was_typed_is_kept(self):
        html = str(posted(due_y="令和9", due_m="13", due_d="31")["due"])
        assert 'name="due_y" value="令和9"' in html
        assert 'name="due_m" value="13"' in html

    def test_a_stored_date_is_shown_in_its_parts(self):
        html = str(ProposalForm(initial={"due": date(2027, 3, 31)})["due"])
        assert 'name="due_y" value="2027"' in html
        assert 'name="due_d" value="31"' in html

    def test_every_part_has_its_own_label(self):
        html = ProposalForm()["due"].as_field_group()
        for key, label in (("y", "年"), ("m", "月"), ("d", "日")):
            assert f'<label for="id_due-{key}">{label}</label>' in html


def part_markup(form: ProposalForm, target: str) -> str:
    """The input of the date part with the id ``target``."""
    html = str(form["due"])
    begin = html.rindex("<input", 0, html.index(f'id="{target}"'))
    return html[begin : html.index(">", begin)]


class TestSummaries:
    def test_the_error_summary_follows_the_order_of_the_fields(self):
        form = posted(kind="", title="", themes=[], due_y="2027", due_m="13", due_d="1")
        assert [item.target for item in form.error_items] == [
            "id_kind_0",
            "id_title",
            "id_themes_0",
            "id_due-m",
        ]

    def test_an_error_of_the_whole_form_stands_first(self):
        form = posted(title="")
        form.add_error(None, "募集は締め切られています")
        assert form.error_items[0] == ("募集は締め切られています", "")

    def test_an_error_of_the_whole_form_may_lead_to_a_field(self):
        form = posted()
        form.non_field_target = "title"
        form.add_error(None, "同じ題名の提案があります")
        assert form.error_items == [("同じ題名の提案があります", "id_title")]

    def test_a_valid_form_is_summed_up_in_words(self):
        form = posted(
            start_y="令和9", start_m="6", due_y="2027", due_m="3", due_d="31", audience="all"
        )
        assert form.is_valid()
        assert [(row.label, row.value) for row in form.summary_rows] == [
            ("種別", "求める"),
            ("提案の題名", "朝市"),
            ("分野", ["産業", "観光"]),
            ("提案の内容", "（入力なし）"),
            ("希望時期（開始）", "2027年（令和9年）6月"),
            ("募集期限", "2027年（令和9年）3月31日"),
            ("公開範囲", "会員"),
        ]

    def test_the_check_page_carries_what_was_posted(self):
        html = posted(title='"朝市"<b>', due_y="令和9", due_m="3", due_d="31").hidden_inputs
        assert '<input type="hidden" name="title" value="&quot;朝市&quot;&lt;b&gt;">' in html
        assert html.count('name="themes"') == 2
        assert '<input type="hidden" name="due_y" value="令和9">' in html

    def test_the_check_page_never_carries_a_password(self):
        field = django_forms.CharField(widget=django_forms.PasswordInput)
        assert one_field(field, "correct-horse").hidden_inputs == ""


@pytest.mark.django_db
class TestModelChoices:
    def test_several_rows_are_chosen_and_summed_up_by_their_names(self):
        themes = [ThemeFactory(name="産業"), ThemeFactory(name="観光")]
        field = forms.ModelChecksField(Theme.objects.order_by("pk"), label="分野")
        form = one_field(field, [str(theme.pk) for theme in themes])
        assert list(form.cleaned_data["answer"]) == themes
        assert form.summary_rows[0].value == ["産業", "観光"]

    def test_a_forged_key_is_refused(self):
        field = forms.ModelRadioField(Theme.objects.all(), label="分野")
        assert one_field(field, "999").errors["answer"] == ["分野は、選択肢の中から選んでください"]

    def test_a_select_begins_with_nothing_chosen(self):
        field = forms.ModelChoiceField(Theme.objects.all(), label="分野")
        assert '<option value="" selected>選んでください</option>' in str(
            one_field(field, "")["answer"]
        )
