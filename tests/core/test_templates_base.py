"""The page around every page, and the components."""

import csv
import re
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.core.paginator import Paginator
from django.template import RequestContext, Template, TemplateSyntaxError
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import resolve

from members.record.register import DATA
from tests.factories.members import OfficeFactory

TEMPLATES = settings.BASE_DIR / "templates"
STYLES = settings.BASE_DIR / "static" / "css"


def render(source: str, path: str = "/", **context) -> str:
    """A piece of a template on the page at ``path``."""
    request = RequestFactory().get(path)
    request.resolver_match = resolve(request.path)
    page = RequestContext(request, context)
    return Template("{% load navigation %}" + source).render(page)


def include(name: str, path: str = "/", **context) -> str:
    pairs = " ".join(f"{key}={key}" for key in context)
    return render(f'{{% include "components/{name}.html" with {pairs} only %}}', path, **context)


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


class TestNavigation:
    def test_breadcrumbs_link_all_but_this_page(self):
        html = render(
            '{% breadcrumbs "ホーム" "portal:home" "お知らせ" "chronicle:news_list" title %}',
            title="開催",
        )
        assert '<a href="/">ホーム</a>' in html
        assert '<span aria-current="page">開催</span>' in html
        assert html.count("<li>") == 3

    def test_breadcrumbs_need_a_last_label(self):
        with pytest.raises(TemplateSyntaxError):
            render('{% breadcrumbs "ホーム" "portal:home" %}')

    @pytest.mark.parametrize(("prefix", "marked"), [("events:", True), ("portal:", False)])
    def test_the_current_item_is_marked(self, prefix, marked):
        html = render("<a{% current prefix %}></a>", "/events/", prefix=prefix)
        assert ('aria-current="page"' in html) is marked

    def test_a_query_is_replaced_key_by_key(self):
        html = render("{% query_replace page=3 state=None %}", "/events/?q=雪&state=open&page=2")
        assert html == "?q=%E9%9B%AA&amp;page=3"


class TestPager:
    def test_one_page_needs_no_pager(self):
        assert include("pager", page=Paginator(range(3), 5).page(1)).strip() == ""

    def test_the_pager_keeps_the_query(self):
        html = include("pager", "/events/?q=a&page=2", page=Paginator(range(60), 5).page(2))
        assert '<a href="?q=a&amp;page=2" aria-current="page">' in html
        assert "現在のページ、</span>2" in html
        assert "最後のページ、</span>12" in html
        assert '<a class="end" href="?q=a&amp;page=3" rel="next">次へ</a>' in html

    def test_the_head_of_a_list_says_how_many(self):
        html = include("list_head", page=Paginator(range(32), 5).page(2))
        assert text_of(html) == "32 件中 6～10件目を表示"


class TestTiles:
    TILE = SimpleNamespace(
        code="30",
        short_name="和歌山",
        row=9,
        col=9,
        on=True,
        three=True,
        url="/x/",
        count=4,
        level=2,
    )

    def test_the_picture_names_what_it_shows(self):
        html = include("tile_map", tiles=[self.TILE], title="協定の地域", desc="和歌山県だけです。")
        assert 'role="img" aria-labelledby="tilemap-title tilemap-desc"' in html
        assert '<g transform="translate(353 353)" class="on">' in html
        assert ">和歌</text>" in html
        assert ">山</text>" in html

    def test_the_map_of_links_prints_the_number(self):
        html = include("tile_grid", tiles=[self.TILE], label="都道府県", unit="会員")
        assert '<li class="t30"><a class="lv2 three" href="/x/">和歌山<b>4' in html

    def test_every_prefecture_has_its_own_cell_in_the_stylesheet(self):
        css = (STYLES / "map.css").read_text()
        cells = re.findall(r"\.t(\d\d) \{ grid-area: (\d+) / (\d+); \}", css)
        with (DATA / "prefecture_tiles.csv").open(encoding="utf-8-sig") as file:
            tiles = [(row["code"], row["row"], row["col"]) for row in csv.DictReader(file)]
        assert cells == tiles
        assert len({cell[1:] for cell in cells}) == 47


class TestComponents:
    def test_a_changing_form_carries_seat_token_and_version(self):
        html = include("seat_fields", seat=SimpleNamespace(pk=1234), token="abc", version=0)
        assert re.findall(r'name="(\w+)" value="(\w+)"', html) == [
            ("seat", "1234"),
            ("token", "abc"),
            ("version", "0"),
        ]

    def test_an_answer_is_changed_by_posting_the_form_back(self):
        rows = [{"label": "分野", "value": ["産業", "観光"], "target": "id_themes_0"}]
        html = include("summary_list", rows=rows, edit_form="check")
        assert text_of(html) == "分野 産業、観光 修正する （分野）"
        assert 'form="check" name="step" value="edit" formaction="#id_themes_0"' in html

    @pytest.mark.parametrize("kind", ["ok", "err", "wait", "info"])
    def test_a_note_is_a_named_region_with_an_icon(self, kind):
        html = include("note", kind=kind, title="登録しました", body="<b>")
        assert f'class="note note--{kind}" aria-labelledby="note"' in html
        assert "<svg" in html
        assert "&lt;b&gt;" in html

    def test_every_icon_in_use_exists(self):
        used = {
            name
            for path in TEMPLATES.rglob("*.html")
            for name in re.findall(r'icon\.html" with name="(\w+)"', path.read_text())
        }
        drawn = {path.stem for path in (TEMPLATES / "components" / "icons").glob("*.svg")}
        assert used <= drawn


def test_a_form_that_is_included_by_itself_gets_its_token():
    """``only`` keeps the token out as well: in a browser, its button would be refused."""
    sources = {
        path.relative_to(TEMPLATES).as_posix(): path.read_text()
        for path in TEMPLATES.rglob("*.html")
    }
    with_form = {name for name, source in sources.items() if "{% csrf_token %}" in source}
    included = re.compile(r'{% include "([^"]+)"([^%]*) only %}')
    without = [
        (name, part)
        for name, source in sources.items()
        for part, passed in included.findall(source)
        if part in with_form and "csrf_token=csrf_token" not in passed
    ]
    assert without == []


class TestErrorPages:
    @pytest.fixture
    def desk(self, db):
        return OfficeFactory(
            name="事業推進課", desk_heading="会員登録について", phone="03-5210-9080"
        )

    def test_not_found_says_what_to_do_and_whom_to_call(self, desk):
        response = Client().get("/no/such/page/")
        html = response.content.decode()
        assert response.status_code == 404
        assert html.count("<h1") == 1
        assert "<title>ページが見つかりません｜特別区全国連携プロジェクト</title>" in html
        assert html.count('href="tel:0352109080"') == 2

    def test_an_expired_form_is_answered_calmly(self, desk):
        response = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "a"})
        assert response.status_code == 403
        assert "もう一度、送信してください" in response.content.decode()

    def test_a_refusal_gives_its_reason(self):
        html = render_to_string("403.html", {"exception": "担当の期間が終わっています。"})
        assert "担当の期間が終わっています。" in html

    # No database mark: these pages must do without.
    @pytest.mark.parametrize("name", ["400.html", "500.html", "503.html"])
    def test_a_fault_page_needs_no_database(self, name):
        html = render_to_string(name)
        assert html.count("<h1") == 1
        assert "03-5210-9747" in html
        assert "03-5210-9080" in html

    def test_a_fault_page_prints_its_number_if_there_is_one(self):
        assert "お問い合わせ番号：" not in render_to_string("500.html")
        html = render_to_string("500.html", {"reference": "K7Q2M4XW"})
        assert "お問い合わせ番号： K7Q2M4XW" in text_of(html)


class TestRules:
    """What no template may do (look.md)."""

    def test_templates_have_no_inline_style_or_script(self):
        pattern = re.compile(r"<script|<style|\sstyle=|\son[a-z]+=", re.IGNORECASE)
        found = [
            str(path.relative_to(TEMPLATES))
            for path in TEMPLATES.rglob("*.html")
            if not path.is_relative_to(TEMPLATES / "admin") and pattern.search(path.read_text())
        ]
        # A browser opens a passkey for a script alone; it is asked for on those pages only.
        assert found == ["components/passkey_scripts.html"]

    def test_the_scripts_for_passkeys_are_files_of_ours(self):
        html = render_to_string("components/passkey_scripts.html")
        tags = re.findall(r"<script.*?</script>", html, re.DOTALL)
        assert len(tags) == 3
        for tag in tags:
            assert re.fullmatch(r'<script src="/static/[\w./-]+" defer></script>', tag)
