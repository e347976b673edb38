"""The admin of the chronicle's room: news, policy pages, stated figures."""

import pytest
from django.test import Client

from chronicle.enums import Action, NewsStatus
from chronicle.models import News, Page
from core.models import AuditEntry
from tests.factories.chronicle import NewsFactory, PageFactory, StatedFigureFactory
from tests.secretariat import csv_of, secretary_client, sentences, typed, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def client():
    return secretary_client("プロジェクト")


def test_news_is_written_published_and_withdrawn(client):
    address = url("chronicle.news", "add")
    data = typed(client.get(address), title="総会を開催します", body="## 日時\n\n12月1日")
    client.post(address, data)
    news = News.objects.get()
    assert news.status == NewsStatus.DRAFT
    assert Client().get(news.get_absolute_url()).status_code == 404

    response = client.post(url("chronicle.news", "publish", news.pk), follow=True)
    assert sentences(response)[-1] == "お知らせを公開しました"
    assert Client().get(news.get_absolute_url()).status_code == 200

    client.post(url("chronicle.news", "withdraw", news.pk), {"reason": "日付の誤り"})
    assert Client().get(news.get_absolute_url()).status_code == 404
    entries = AuditEntry.objects.order_by("pk").values_list("action", "reason")
    assert list(entries) == [
        (Action.ADD, ""),
        (Action.PUBLISH_NEWS, ""),
        (Action.WITHDRAW_NEWS, "日付の誤り"),
    ]


def test_publishing_is_asked_first(client):
    news = NewsFactory(status=NewsStatus.DRAFT)
    response = client.get(url("chronicle.news", "publish", news.pk))
    assert response.status_code == 200
    assert News.objects.get().status == NewsStatus.DRAFT


def test_a_withdrawal_without_a_reason_is_refused(client):
    news = NewsFactory()
    response = client.post(url("chronicle.news", "withdraw", news.pk), {"reason": " "})
    assert response.status_code == 422
    assert "理由を入力してください" in response.content.decode()
    assert News.objects.get().status == NewsStatus.PUBLISHED


def test_a_policy_page_is_edited_and_appears_on_the_site(client):
    page = PageFactory(body="## 目的\n\n【事務局が定める】")
    address = url("chronicle.page", "change", page.pk)
    form = client.get(address)
    assert "本文に【事務局が定める】が残っています" in form.content.decode()
    client.post(address, typed(form, body="## 目的\n\n個人情報を大切に扱います。"))
    assert "個人情報を大切に扱います。" in Client().get(page.get_absolute_url()).content.decode()
    assert "が残っています" not in client.get(address).content.decode()
    entry = AuditEntry.objects.get()
    assert entry.action == Action.EDIT
    assert set(entry.changes) == {"body"}


def test_two_people_at_one_page_do_not_overwrite_each_other(client):
    page = PageFactory()
    address = url("chronicle.page", "change", page.pk)
    stale = typed(client.get(address), body="あとから")
    client.post(address, typed(client.get(address), body="さきに"))
    response = client.post(address, stale)
    assert "ほかの担当者が先に更新しました" in response.content.decode()
    assert response.context["adminform"].form["body"].value() == "あとから"
    assert Page.objects.get().body == "さきに"


def test_the_address_of_a_page_stays(client):
    page = PageFactory(slug="privacy")
    address = url("chronicle.page", "change", page.pk)
    client.post(address, typed(client.get(address)) | {"slug": "other", "title": "新しい題名"})
    page.refresh_from_db()
    assert (page.slug, page.title) == ("privacy", "新しい題名")


def test_unfinished_pages_are_filtered(client):
    unfinished, _ = PageFactory(body="【事務局が定める】"), PageFactory()
    response = client.get(url("chronicle.page", "changelist"), {"unfinished": "yes"})
    assert list(response.context["cl"].result_list) == [unfinished]


def test_a_figure_is_shown_with_its_word_and_exported(client):
    StatedFigureFactory(value=1100, unit="自治体", qualifier="超")
    page = client.get(url("chronicle.statedfigure", "changelist")).content.decode()
    assert "1,100自治体超" in page
    assert "2017年（平成29年）2月27日" in page
    heading, row = csv_of(client.get(url("chronicle.statedfigure", "export")))
    assert dict(zip(heading, row, strict=True))["値"] == "1100"


def test_the_member_desk_reads_news_and_writes_none():
    desk = secretary_client("会員登録")
    news = NewsFactory(status=NewsStatus.DRAFT)
    page = desk.get(url("chronicle.news", "change", news.pk))
    assert page.context["action_links"] == []
    assert desk.post(url("chronicle.news", "publish", news.pk)).status_code == 403
    assert desk.get(url("chronicle.news", "add")).status_code == 403
    assert News.objects.get().status == NewsStatus.DRAFT
