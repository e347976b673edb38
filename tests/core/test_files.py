"""Files of records: who may read one, what is kept of it, and how it is handed out."""

import hashlib
import stat
from datetime import timedelta
from urllib.parse import quote
from uuid import uuid4

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.core.files.storage import storages
from django.test import Client
from django.utils import timezone

from chronicle.enums import NewsStatus
from core import files
from core.enums import FileKind, Level
from core.errors import DomainError
from core.files import FileChange, FileRefused, Uploader, storage
from core.files.kinds import MAX_LOOSE_BYTES, MAX_RECORD_BYTES
from core.models import Attachment
from members.models import Theme
from tests import office_files as made
from tests.factories.chronicle import NewsFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("attachments_directory")]

NAME = "趣意書　最終.pdf"


def uploaded(seat, name=NAME, data=None, level=Level.PUBLIC) -> Attachment:
    upload = made.upload(made.pdf() if data is None else data, name)
    return files.receive(upload, by=Uploader.of(seat), level=level)


def attached(seat, record, **kwargs) -> Attachment:
    row = uploaded(seat, **kwargs)
    files.apply_change(record, FileChange(added=[row]))
    row.refresh_from_db()
    return row


class TestReceiving:
    def test_what_is_kept_of_a_file(self, lead, attachments_directory):
        row = uploaded(lead, level=Level.MEMBERS)
        data = made.pdf()
        assert (row.name, row.kind, row.level) == (NAME, FileKind.PDF, Level.MEMBERS)
        assert (row.size, row.sha256) == (len(data), hashlib.sha256(data).hexdigest())
        assert row.uploaded_by == "福井県坂井市　企画政策課"
        assert row.link_text == "趣意書　最終（PDF、1KB）"
        assert bytes_of(row) == data

    def test_it_lies_under_our_own_name_for_our_own_eyes(self, lead, attachments_directory):
        row = uploaded(lead, name="../../etc/passwd.pdf")
        assert row.name == "passwd.pdf"
        (path,) = [path for path in attachments_directory.rglob("*") if path.is_file()]
        assert path == attachments_directory / row.stored_name
        assert "passwd" not in str(path.relative_to(attachments_directory))
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        for directory in (path.parent, attachments_directory):
            assert stat.S_IMODE(directory.stat().st_mode) == 0o700

    def test_no_address_leads_to_the_directory(self, lead):
        row = uploaded(lead)
        with pytest.raises(NotImplementedError):
            storages["attachments"].url(row.stored_name)
        for address in (f"/{row.stored_name}", f"/static/{row.stored_name}"):
            assert status_of(Client(), address) == 404

    def test_a_picture_is_kept_with_its_small_one(self, lead):
        row = uploaded(lead, name="写真.jpg", data=made.picture(size=(960, 480)))
        assert (row.width, row.height, row.is_picture) == (960, 480, True)
        assert row.size == len(bytes_of(row))

    @pytest.mark.parametrize(
        ("data", "name", "sentence"),
        [
            (b"MZ", "C:\\x\\y.pdf", "「y.pdf」は、名前はPDFですが、中身はEXE形式です"),
            (b"", "空.pdf", "「空.pdf」は、中身がありません（0KB）"),
            (b"\xff\xd8\xff", "写真.jpg", "「写真.jpg」を開けませんでした"),
            (
                made.pdf(made.object_list(bytes(33 * 1024**2))),
                "要綱.pdf",
                "「要綱.pdf」は、中を調べきれませんでした。",
            ),
            (made.pdf(), "あ" * 401 + ".pdf", "…」は、名前が長すぎます"),
        ],
    )
    def test_a_refusal_names_the_file_and_keeps_nothing(
        self, lead, attachments_directory, data, name, sentence
    ):
        with pytest.raises(FileRefused) as refusal:
            uploaded(lead, name=name, data=data)
        assert sentence in str(refusal.value)
        assert not Attachment.objects.exists()
        assert not [path for path in attachments_directory.rglob("*") if path.is_file()]

    def test_a_japanese_name_of_300_characters_is_kept_and_shown(self, lead):
        name = "連携" * 148 + ".pdf"
        row = uploaded(lead, name=name)
        row.refresh_from_db()
        assert row.name == name
        assert row.title == "連携" * 148

    def test_one_account_cannot_fill_the_disk(self, lead, deputy):
        Attachment.objects.filter(pk=uploaded(lead).pk).update(size=MAX_LOOSE_BYTES)
        with pytest.raises(FileRefused, match="は、今は受け付けられません"):
            uploaded(lead)
        assert uploaded(deputy)


class TestGivingToARecord:
    def test_the_change_is_told_in_words(self, staff):
        news = NewsFactory()
        row = uploaded(staff)
        changes = files.apply_change(news, FileChange(added=[row]))
        (change,) = changes.values()
        assert (change.before, change.after) == ([], ["趣意書　最終（PDF、1KB）／公開"])
        assert list(news.attachments.all()) == [row]
        row.refresh_from_db()
        assert (row.owner, row.loose_since) == (news, None)
        assert files.apply_change(news, FileChange()) == {}

    def test_one_that_is_taken_out_is_read_by_nobody(self, staff):
        news = NewsFactory()
        row = attached(staff, news)
        files.apply_change(news, FileChange(removed=[row]))
        row.refresh_from_db()
        assert row.loose_since is not None
        for user in (AnonymousUser(), staff.user):
            assert files.readable(row.key, user) is None
        with pytest.raises(DomainError):
            files.apply_change(news, FileChange(added=[row_of(row, staff)]))

    def test_what_another_record_has_stays_there(self, staff):
        news, other = NewsFactory(), NewsFactory()
        row = attached(staff, news)
        for change in (
            FileChange(removed=[row]),
            FileChange(levels={row.key: Level.MEMBERS}),
        ):
            assert files.apply_change(other, change) == {}
        with pytest.raises(DomainError):
            files.apply_change(other, FileChange(added=[row]))
        row.refresh_from_db()
        assert (row.owner, row.level) == (news, Level.PUBLIC)

    def test_a_record_holds_50_megabytes(self, staff):
        news = NewsFactory()
        first = attached(staff, news)
        Attachment.objects.filter(pk=first.pk).update(size=MAX_RECORD_BYTES - 100)
        row = uploaded(staff)
        with pytest.raises(DomainError, match="合わせて50MB以内"):
            files.apply_change(news, FileChange(added=[row]))

    def test_the_files_of_a_deleted_record_are_deleted(self, staff):
        news = NewsFactory()
        attached(staff, news)
        news.delete()
        assert not Attachment.objects.exists()


def status_of(client: Client, url: str) -> int:
    """The answer, read to its end, which closes the file."""
    response = client.get(url)
    list(response)
    return response.status_code


def bytes_of(row: Attachment) -> bytes:
    with storage.opened(row.stored_name) as file:
        return file.read()


def row_of(row: Attachment, seat) -> Attachment:
    """The row as a forged form would name it: as an upload of the seat's account."""
    row.uploader_id = seat.user.pk
    return row


class TestReading:
    # What each reader has, by the level of the news and of its file.
    READERS = {
        Level.PUBLIC: {"anon", "lead", "ward", "staff"},
        Level.MEMBERS: {"lead", "ward", "staff"},
        Level.WARDS: {"ward", "staff"},
        Level.SECRETARIAT: {"staff"},
    }

    @pytest.mark.parametrize("of_file", Level)
    @pytest.mark.parametrize("of_news", Level)
    def test_a_file_is_read_by_who_sees_its_record_and_has_its_level(
        self, lead, ward_lead, staff, of_news, of_file
    ):
        row = attached(staff, NewsFactory(level=of_news), level=of_file)
        users = {"anon": None, "lead": lead.user, "ward": ward_lead.user, "staff": staff.user}
        for name, user in users.items():
            client = Client()
            if user:
                client.force_login(user)
            reads = name in self.READERS[of_news] & self.READERS[of_file]
            status = status_of(client, row.get_absolute_url())
            assert status == (200 if reads else 404), name
            listed = files.attachments_of(row.owner, user or AnonymousUser())
            assert (row in listed) == (name in self.READERS[of_file]), name

    @pytest.mark.parametrize("status", [NewsStatus.DRAFT, NewsStatus.WITHDRAWN])
    def test_what_is_not_on_the_site_has_no_files_there(self, staff, client_of, status):
        row = attached(staff, NewsFactory(status=status))
        for client in (Client(), client_of(staff)):
            assert status_of(client, row.get_absolute_url()) == 404

    def test_an_upload_is_read_by_its_account_alone(self, lead, deputy, staff, client_of):
        row = uploaded(lead)
        assert status_of(client_of(lead), row.get_absolute_url()) == 200
        for client in (Client(), client_of(deputy), client_of(staff)):
            assert status_of(client, row.get_absolute_url()) == 404

    def test_a_file_of_rows_that_are_not_registered_is_closed(self, staff):
        theme = Theme.objects.create(name="見本")
        row = uploaded(staff)
        files.apply_change(theme, FileChange(added=[row]))
        assert files.readable(row.key, staff.user) is None

    def test_rows_without_visible_to_cannot_be_registered(self):
        with pytest.raises(TypeError, match=r"members\.Theme"):
            files.register(Theme)

    def test_an_unknown_file_and_a_lost_one_are_not_there(self, staff, caplog):
        assert status_of(Client(), f"/files/{uuid4()}/") == 404
        row = attached(staff, NewsFactory())
        storage.delete(row.stored_name)
        assert status_of(Client(), row.get_absolute_url()) == 404
        assert f"attachment {row.key} is not on the disk" in caplog.text


class TestServing:
    def test_a_file_is_only_ever_saved(self, staff, client_of):
        row = attached(staff, NewsFactory())
        for client in (Client(), client_of(staff)):
            response = client.get(row.get_absolute_url())
            assert b"".join(response) == made.pdf()
            assert response["Content-Type"] == "application/pdf"
            assert response["Content-Length"] == str(len(made.pdf()))
            assert response["Content-Disposition"] == (
                f"attachment; filename=\"attachment.pdf\"; filename*=UTF-8''{quote(NAME)}"
            )
            assert response["X-Content-Type-Options"] == "nosniff"
            assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
            assert response["X-Frame-Options"] == "DENY"
            assert {"private", "no-store"} <= set(response["Cache-Control"].split(", "))

    def test_a_long_name_fits_into_the_header(self, staff):
        row = attached(staff, NewsFactory(), name="連携" * 148 + ".pdf")
        response = Client().get(row.get_absolute_url())
        list(response)
        header = response["Content-Disposition"]
        assert len(header) < 1000
        assert header.endswith(".pdf")

    def test_a_name_cannot_break_out_of_the_header(self, staff):
        row = attached(staff, NewsFactory(), name='a"; filename=b.exe\r\nX-Y: z; .pdf')
        response = Client().get(row.get_absolute_url())
        list(response)
        assert "X-Y" not in response
        assert response["Content-Disposition"].count('"') == 2

    def test_the_small_picture_is_shown_in_the_page(self, staff):
        row = attached(staff, NewsFactory(), name="図.png", data=made.picture("PNG"))
        response = Client().get(row.get_thumbnail_url())
        assert (response["Content-Type"], response["Content-Disposition"]) == (
            "image/jpeg",
            "inline",
        )
        assert b"".join(response).startswith(b"\xff\xd8\xff")
        assert response["X-Content-Type-Options"] == "nosniff"
        response = Client().get(row.get_absolute_url())
        list(response)
        assert response["Content-Type"] == "image/png"

    def test_what_is_no_picture_has_no_small_one(self, staff):
        row = attached(staff, NewsFactory())
        assert status_of(Client(), row.get_thumbnail_url()) == 404

    def test_the_small_picture_asks_as_the_file_does(self, staff):
        news = NewsFactory(level=Level.MEMBERS)
        row = attached(staff, news, name="図.png", data=made.picture("PNG"))
        assert status_of(Client(), row.get_thumbnail_url()) == 404

    def test_files_are_only_read(self, staff):
        row = attached(staff, NewsFactory())
        for method in ("post", "put", "delete"):
            assert getattr(Client(), method)(row.get_absolute_url()).status_code == 405


def test_an_upload_of_yesterday_can_still_be_attached_before_the_daily_run(staff):
    with time_machine.travel(timezone.now() - timedelta(hours=30), tick=False):
        row = uploaded(staff)
    news = NewsFactory()
    files.apply_change(news, FileChange(added=[row]))
    assert list(news.attachments.all()) == [row]
