"""Files of news: the secretariat attaches them in the admin, the page shows them."""

import pytest
from django.test import Client

from chronicle.enums import Action, NewsStatus
from chronicle.models import News
from core.enums import Level
from core.history import column_label
from core.models import Attachment, AuditEntry
from tests import office_files as made
from tests.factories.chronicle import NewsFactory
from tests.secretariat import secretary_client, typed, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("attachments_directory")]


@pytest.fixture
def client() -> Client:
    return secretary_client("プロジェクト")


def edit(client: Client, news: News, **changes):
    address = url("chronicle.news", "change", news.pk)
    return client.post(address, typed(client.get(address)) | changes)


def page(news: News, client: Client | None = None) -> str:
    return (client or Client()).get(news.get_absolute_url()).content.decode()


def test_news_is_written_with_files(client, staff, client_of, lead):
    address = url("chronicle.news", "add")
    data = typed(client.get(address), title="総会を開催します", body="12月1日です。")
    uploads = [made.upload(made.pdf(), "趣意書　最終.pdf"), made.upload(made.picture(), "写真.jpg")]
    response = client.post(address, data | {"files": uploads, "files-level": "public"})
    assert response.status_code == 302
    news = News.objects.get()
    assert [row.name for row in news.attachments.all()] == ["趣意書　最終.pdf", "写真.jpg"]
    News.objects.update(status=NewsStatus.PUBLISHED)

    shown = page(news)
    pdf, picture = news.attachments.all()
    assert f'<a href="{pdf.get_absolute_url()}">趣意書　最終（PDF、1KB）</a>' in shown
    assert f'<img src="{picture.get_thumbnail_url()}" alt="">' in shown
    assert b"".join(Client().get(pdf.get_absolute_url())) == made.pdf()


def test_the_history_tells_of_files(client):
    news = NewsFactory()
    edit(client, news, files=[made.upload(made.pdf(), "a.pdf")])
    entry = AuditEntry.objects.get(action=Action.EDIT)
    assert entry.changes == {"attachments": [[], ["a（PDF、1KB）／公開"]]}
    assert column_label("attachments", News) == "添付ファイル"
    (row,) = news.attachments.all()
    edit(client, news, **{"files-removed": str(row.key)})
    entry = AuditEntry.objects.filter(action=Action.EDIT).first()
    assert entry.changes == {"attachments": [["a（PDF、1KB）／公開"], []]}
    assert "a（PDF" not in page(news)
    history = client.get(url("chronicle.news", "history", news.pk)).content.decode()
    assert "添付ファイル" in history


def test_nothing_is_noted_where_no_file_has_changed(client):
    news = NewsFactory()
    edit(client, news)
    assert not AuditEntry.objects.exists()


def test_files_for_members_alone(client, client_of, lead):
    news = NewsFactory()
    edit(client, news, **{"files": [made.upload(made.pdf(), "名簿.pdf")], "files-level": "members"})
    (row,) = news.attachments.all()
    assert row.level == Level.MEMBERS
    assert "名簿" not in page(news)
    assert "名簿（PDF、1KB）" in page(news, client_of(lead))
    assert "会員向け" in page(news, client_of(lead))
    assert Client().get(row.get_absolute_url()).status_code == 404
    edit(client, news, **{f"files-level-{row.key}": "public"})
    assert "名簿（PDF、1KB）" in page(news)


def test_a_file_survives_an_error_in_the_admin(client):
    news = NewsFactory()
    response = edit(client, news, title="", files=[made.upload(made.pdf(), "a.pdf")])
    assert response.status_code == 200
    assert not news.attachments.exists()
    (row,) = Attachment.objects.all()
    shown = response.content.decode()
    assert "題名を入力してください" in shown
    assert f'<a href="{row.get_absolute_url()}">a（PDF、1KB）</a>' in shown
    edit(client, news, **{"files-kept": str(row.key)})
    assert list(news.attachments.all()) == [row]


def test_a_refused_file_is_told_at_the_field_and_changes_nothing(client):
    news = NewsFactory(title="前のまま")
    response = edit(client, news, title="新しい", files=[made.upload(b"MZ" + bytes(99), "a.pdf")])
    assert "「a.pdf」は、名前はPDFですが、中身はEXE形式です" in response.content.decode()
    assert News.objects.get().title == "前のまま"
    assert not Attachment.objects.exists()
    assert not AuditEntry.objects.exists()


def test_a_file_of_a_draft_is_read_in_the_admin_alone(client):
    news = NewsFactory(status=NewsStatus.DRAFT)
    edit(client, news, files=[made.upload(made.pdf(), "a.pdf")])
    (row,) = news.attachments.all()
    address = url("chronicle.news", "file", news.pk, row.key)
    assert address in client.get(url("chronicle.news", "change", news.pk)).content.decode()
    response = client.get(address)
    assert b"".join(response) == made.pdf()
    assert response["Content-Disposition"].startswith("attachment")
    assert Client().get(address).status_code == 302
    assert Client().get(row.get_absolute_url()).status_code == 404
    other = url("chronicle.news", "file", NewsFactory().pk, row.key)
    assert client.get(other).status_code == 404
    assert client.get(url("chronicle.news", "file", 0, row.key)).status_code == 404


def test_who_only_reads_the_admin_sees_the_files_and_adds_none(client):
    news = NewsFactory(status=NewsStatus.DRAFT)
    edit(client, news, files=[made.upload(made.pdf(), "a.pdf")])
    (row,) = news.attachments.all()
    desk = secretary_client("会員登録")
    shown = desk.get(url("chronicle.news", "change", news.pk)).content.decode()
    address = url("chronicle.news", "file", news.pk, row.key)
    assert f'<a href="{address}">a（PDF、1KB）</a>' in shown
    assert 'type="file"' not in shown
    assert b"".join(desk.get(address)) == made.pdf()


def test_the_form_can_carry_files(client):
    shown = client.get(url("chronicle.news", "add")).content.decode()
    assert 'enctype="multipart/form-data"' in shown
    assert "css/files.css" in shown


@pytest.mark.parametrize("number", [1, 3])
def test_a_page_costs_the_same_for_one_file_and_three(client, django_assert_num_queries, number):
    news = NewsFactory()
    edit(client, news, files=[made.upload(made.pdf(), f"{n}.pdf") for n in range(number)])
    page(news)  # what a process reads once
    with django_assert_num_queries(2):
        page(news)
