"""Markdown of news and policy pages."""

import pytest

from core.markdown import plain, render


def test_the_pages_own_heading_stays_the_only_first_one():
    html = render("# 一\n\n## 二\n\n### 三")
    assert html == "<h2>一</h2>\n<h2>二</h2>\n<h3>三</h3>\n"


def test_paragraphs_keep_their_line_breaks():
    assert render("一行目\n二行目\n\n別の段落") == (
        "<p>一行目<br />\n二行目</p>\n<p>別の段落</p>\n"
    )


def test_lists_links_and_tables():
    html = render("- [市の案内](https://example.jp/?a=1&b=2)\n\n|甲|乙|\n|--|--|\n|1|2|")
    assert '<li><a href="https://example.jp/?a=1&amp;b=2">市の案内</a></li>' in html
    assert "<th>甲</th>" in html
    assert "<td>2</td>" in html


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "文中の<img src=x onerror=alert(1)>です",
        '<p style="color:red">赤</p>',
    ],
)
def test_raw_html_is_shown_as_text(text):
    html = render(text)
    for tag in ("<script", "<img", "<p style"):
        assert tag not in html
    assert "&lt;" in html


@pytest.mark.parametrize("target", ["javascript:alert(1)", "data:text/html,x", "vbscript:x"])
def test_a_link_never_runs_a_script(target):
    assert "href" not in render(f"[押す]({target})")


def test_a_picture_is_not_fetched_from_elsewhere():
    assert "<img" not in render("![写真](https://example.jp/a.png)")


def test_an_aligned_table_has_no_inline_style():
    html = render("|甲|乙|\n|:-:|--:|\n|1|2|")
    assert "<td>1</td>" in html
    assert "style" not in html


def test_plain_words_have_no_marks():
    text = "## 見出し\n\n一行目\n[市の*案内*](https://example.jp/)と`記号`\n\n- 項目\n\n|甲|乙|\n|--|--|\n|1|2|"
    assert plain(text) == "見出し 一行目 市の案内と記号 項目 甲 乙 1 2"
