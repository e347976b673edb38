"""Stated figures and policy pages as they stand in the database."""

import pytest

from chronicle.models import Page, StatedFigure
from chronicle.querysets import UNFINISHED
from portal.record import load_record

pytestmark = pytest.mark.usefixtures("record")


def test_stated_figures_keep_their_words():
    figures = {figure.record_id: figure for figure in StatedFigure.objects.all()}
    assert len(figures) == 41
    assert figures["S030"].value_text == "延べ約30,000人"
    assert figures["S010"].value_text == "1,100自治体超"
    assert figures["S025"].value_text == "3,763,390,000円"
    assert not figures["S003"].in_charts
    assert figures["S003"].as_of_latest is None
    assert [source.key for source in figures["S012"].sources.all()] == ["wiki"]


def test_the_policy_pages_in_their_order():
    assert [(page.slug, page.title) for page in Page.objects.all()] == [
        ("guide", "サイトの使い方"),
        ("accessibility", "ウェブアクセシビリティ方針"),
        ("privacy", "個人情報の取扱い"),
        ("copyright", "著作権・リンク"),
        ("terms", "利用規約"),
        ("membership", "会員登録の決まり"),
    ]


def test_a_page_begins_with_headings_that_the_secretariat_fills():
    for page in Page.objects.all():
        blocks = page.body.split("\n\n")
        headings, texts = blocks[::2], blocks[1::2]
        assert len(headings) == len(texts) >= 3
        assert all(heading.startswith("## ") for heading in headings)
        assert page.is_unfinished
        if page.slug != "accessibility":
            assert set(texts) == {UNFINISHED}


def test_the_accessibility_page_claims_no_more_than_its_target():
    body = Page.objects.get(slug="accessibility").body
    assert "JIS X 8341-3:2016 適合レベルAA" in body
    assert "WCAG 2.2 レベルAA" in body
    assert "試験未実施" in body
    assert "準拠" not in body


def test_an_edited_page_and_figure_survive_a_reload():
    page = Page.objects.get(slug="terms")
    page.title, page.body = "新しい規約", "## 目的\n\n事務局が書いた文"
    page.save()
    StatedFigure.objects.filter(record_id="S001").update(description="訂正した説明")
    load_record()
    page.refresh_from_db()
    assert (page.title, page.body) == ("新しい規約", "## 目的\n\n事務局が書いた文")
    assert StatedFigure.objects.get(record_id="S001").description == "訂正した説明"
