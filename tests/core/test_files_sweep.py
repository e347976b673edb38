"""What belongs to nobody is cleared away; what belongs to somebody never is."""

import os
import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import connection, transaction
from django.utils import timezone

from core import daily, files
from core.dates import today
from core.enums import Level
from core.errors import DomainError
from core.files import FileChange, Uploader, storage, sweeping
from core.models import Attachment
from tests import office_files as made
from tests.factories.chronicle import NewsFactory
from tests.factories.members import SeatFactory

LONG_AGO = timedelta(hours=25)


def uploaded(seat, age: timedelta = LONG_AGO, data: bytes | None = None) -> Attachment:
    name, data = ("写真.jpg", data) if data else ("趣意書.pdf", made.pdf())
    row = files.receive(made.upload(data, name), by=Uploader.of(seat), level=Level.PUBLIC)
    Attachment.objects.filter(pk=row.pk).update(loose_since=timezone.now() - age)
    return row


def aged(name: str, directory, age: timedelta = LONG_AGO) -> None:
    moment = (timezone.now() - age).timestamp()
    os.utime(directory / name, (moment, moment))


def kept() -> set[str]:
    return {name for name, _ in storage.kept_names()}


@pytest.mark.django_db
@pytest.mark.usefixtures("attachments_directory")
class TestDailyRun:
    def test_an_upload_that_no_record_had_goes_after_a_day(
        self, lead, django_capture_on_commit_callbacks
    ):
        old = uploaded(lead, data=made.picture())
        young = uploaded(lead, age=timedelta(hours=23))
        with django_capture_on_commit_callbacks(execute=True):
            assert sweeping.sweep(today()).startswith("1 loose uploads")
        assert list(Attachment.objects.all()) == [young]
        assert kept() == {young.stored_name}
        assert old.thumbnail_name

    def test_what_a_record_has_stays(self, lead, attachments_directory):
        row = uploaded(lead, data=made.picture())
        files.apply_change(NewsFactory(), FileChange(added=[row]))
        for name in (row.stored_name, row.thumbnail_name):
            aged(name, attachments_directory)
        sweeping.sweep(today())
        assert list(Attachment.objects.all()) == [row]
        assert kept() == {row.stored_name, row.thumbnail_name}

    def test_what_a_record_gave_up_goes_a_day_later(self, lead):
        row = uploaded(lead)
        news = NewsFactory()
        files.apply_change(news, FileChange(added=[row]))
        files.apply_change(news, FileChange(removed=[row]))
        sweeping.sweep(today())
        assert Attachment.objects.exists()
        with time_machine.travel(timezone.now() + LONG_AGO, tick=False):
            sweeping.sweep(today())
        assert not Attachment.objects.exists()

    def test_files_stay_while_their_deletion_may_be_taken_back(self, lead):
        row = uploaded(lead)
        sweeping.delete_loose(timezone.now())
        # The test's transaction is open: until it ends, the row may come back.
        assert kept() == {row.stored_name}

    def test_a_file_without_a_row_goes_after_a_day(self, attachments_directory):
        old, young = storage.keep(b"1"), storage.keep(b"2")
        aged(old, attachments_directory)
        assert sweeping.sweep(today()) == (
            "0 loose uploads and 1 stray files deleted, 0 files missing"
        )
        assert kept() == {young}

    def test_the_wrong_database_empties_no_directory(self, attachments_directory, caplog):
        names = {storage.keep(b"x") for _ in range(sweeping.FEW_STRAYS + 1)}
        for name in names:
            aged(name, attachments_directory)
        sweeping.sweep(today())
        assert kept() == names
        assert "is it the right database?" in caplog.text

    def test_a_row_without_its_file_is_told(self, lead, caplog):
        row = uploaded(lead, age=timedelta())
        storage.delete(row.stored_name)
        assert sweeping.sweep(today()).endswith("1 files missing")
        assert row.stored_name in caplog.text
        assert Attachment.objects.exists()

    def test_it_is_a_job_of_every_day(self):
        names = [run.name for run in daily.run()]
        assert "core.files" in names

    def test_nothing_there_is_nothing_to_do(self, attachments_directory):
        assert not attachments_directory.exists()
        assert sweeping.sweep(today()).startswith("0 loose uploads and 0 stray files")


def in_a_thread(work) -> tuple[threading.Thread, list]:
    """Starts ``work`` on a connection of its own; the list gets what it raised, or None."""
    outcome: list = []

    def run() -> None:
        try:
            work()
            outcome.append(None)
        except Exception as error:
            outcome.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread, outcome


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("attachments_directory")
class TestAtTheSameMoment:
    def test_a_form_that_is_sent_during_the_sweep_keeps_its_file(self):
        seat, news = SeatFactory(), NewsFactory()
        row = uploaded(seat)
        with transaction.atomic():
            files.apply_change(news, FileChange(added=[row]))
            thread, outcome = in_a_thread(lambda: sweeping.sweep(today()))
        thread.join(30)
        assert outcome == [None]
        assert list(news.attachments.all()) == [row]
        assert kept() == {row.stored_name}

    def test_a_form_that_is_too_late_is_told_so(self):
        seat, news = SeatFactory(), NewsFactory()
        row = uploaded(seat)

        def attach() -> None:
            with transaction.atomic():
                files.apply_change(news, FileChange(added=[row]))

        with transaction.atomic():
            assert sweeping.delete_loose(timezone.now()) == 1
            thread, outcome = in_a_thread(attach)
        thread.join(30)
        (refusal,) = outcome
        assert isinstance(refusal, DomainError)
        assert "もう一度選んでください" in str(refusal)
        assert not Attachment.objects.exists()
        assert kept() == set()
