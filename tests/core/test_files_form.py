"""Files in a form: what was accepted stays, and nobody gets another's."""

import re
from html.parser import HTMLParser

import pytest
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from core import files
from core.enums import Level
from core.files import FileChange, Uploader
from core.files.kinds import MAX_RECORD_BYTES
from core.forms import CharField, Form
from core.forms.attachments import AttachmentsField, AttachmentsForm
from core.models import Attachment
from tests import office_files as made
from tests.factories.chronicle import NewsFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("attachments_directory")]


class ReportForm(AttachmentsForm, Form):
    """A form with a title that may fail beside its files."""

    title = CharField(label="題名")
    files = AttachmentsField(levels=(Level.PUBLIC, Level.MEMBERS))

    def __init__(self, *args, record=None, **kwargs):
        self.instance = record
        super().__init__(*args, **kwargs)


class MemberFilesForm(AttachmentsForm, Form):
    files = AttachmentsField(required=True)


class Controls(HTMLParser):
    """What a browser would send of a page: hidden fields, ticked boxes, chosen options."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.pairs: list[tuple[str, str]] = []
        self._select = ""
        self.feed(str(page))

    def handle_starttag(self, tag, attrs):
        names = dict(attrs)
        if tag == "select":
            self._select = names["name"]
        elif tag == "option" and "selected" in names:
            self.pairs.append((self._select, names["value"]))
        elif tag == "input":
            sent = names.get("type") != "checkbox" or "checked" in names
            if sent and names.get("type") != "file":
                self.pairs.append((names["name"], names.get("value", "")))


def sending(seat, pairs=(), uploads=(), record=None, **changes) -> ReportForm:
    """The form after a browser has sent what stood on the page, with ``changes``."""
    data = QueryDict(mutable=True)
    for name, value in pairs:
        data.appendlist(name, value)
    for name, value in changes.items():
        data.setlist(name.replace("__", "-"), value if isinstance(value, list) else [value])
    sent = MultiValueDict({"files": [made.upload(body, name) for name, body in uploads]})
    return ReportForm(data, sent, by=seat, record=record)


def page_of(form) -> str:
    return str(form)


def pairs_of(form) -> list[tuple[str, str]]:
    return Controls(page_of(form)).pairs


def test_the_control_says_first_what_it_takes(lead):
    page = page_of(ReportForm(by=lead))
    hint = (
        "PDF・Word・Excel・PowerPoint・JPEG・PNGのファイルを添付できます。1つ10MBまで、"
        "合わせて50MBまでです。"
    )
    assert page.index(hint) < page.index('type="file"')
    assert 'aria-describedby="id_files-hint"' in page
    assert '<label for="id_files">添付ファイル' in page
    assert re.search(r'<input type="file" name="files"[^>]* multiple', page)
    assert ReportForm(by=lead).is_multipart()


def test_an_accepted_file_survives_an_error_elsewhere(lead):
    first = sending(lead, uploads=[("趣意書.pdf", made.pdf())])
    assert not first.is_valid()
    assert list(first.errors) == ["title"]
    page = page_of(first)
    (row,) = Attachment.objects.all()
    assert f'<a href="{row.get_absolute_url()}">趣意書（PDF、1KB）</a>' in page
    assert "外す<span" in page

    second = sending(lead, pairs_of(first), title="題名")
    assert second.is_valid()
    assert second.cleaned_data["files"].added == [row]
    assert Attachment.objects.count() == 1


def test_one_refused_file_does_not_take_the_others_along(lead):
    uploads = [("a.pdf", made.pdf()), ("b.zip", made.archive({"a": b"1"})), ("c.pdf", b"")]
    form = sending(lead, uploads=uploads, title="題名")
    assert not form.is_valid()
    assert [item.message for item in form.error_items] == [
        "「b.zip」は、ZIPなどの圧縮ファイルです。中のファイルを1つずつ選んでください",
        "「c.pdf」は、中身がありません（0KB）。元のファイルを開いて確認してください",
    ]
    assert {item.target for item in form.error_items} == {"id_files"}
    assert [row.name for row in Attachment.objects.all()] == ["a.pdf"]
    again = sending(lead, pairs_of(form), title="題名")
    assert again.is_valid()
    assert [row.name for row in again.cleaned_data["files"].added] == ["a.pdf"]


def test_the_check_page_carries_keys_instead_of_files(lead):
    news = NewsFactory()
    old = files.receive(made.upload(made.pdf(), "旧.pdf"), by=Uploader.of(lead), level=Level.PUBLIC)
    files.apply_change(news, FileChange(added=[old]))
    form = sending(
        lead,
        uploads=[("新.pdf", made.pdf())],
        record=news,
        title="題名",
        files__removed=str(old.key),
        files__level="members",
    )
    assert form.is_valid()
    assert ("添付ファイル", ["新（PDF、1KB）"]) in [row[:2] for row in form.summary_rows]

    final = sending(lead, Controls(form.hidden_inputs).pairs, record=news)
    assert final.is_valid()
    # Behind 修正する, the box is still ticked.
    assert f'value="{old.key}" checked' in page_of(final)
    change = final.cleaned_data["files"]
    assert ([row.name for row in change.added], change.removed) == (["新.pdf"], [old])
    files.apply_change(news, change)
    (kept,) = news.attachments.all()
    assert (kept.name, kept.level) == ("新.pdf", Level.MEMBERS)


def test_a_file_is_taken_out_again(lead):
    form = sending(lead, uploads=[("a.pdf", made.pdf())])
    form.is_valid()
    (row,) = Attachment.objects.all()
    again = sending(lead, pairs_of(form), title="題名", files__removed=str(row.key))
    assert again.is_valid()
    assert again.cleaned_data["files"].added == []
    assert "a（PDF" not in page_of(again)


def test_nobody_attaches_what_another_account_has_uploaded(lead, deputy):
    form = sending(deputy, uploads=[("a.pdf", made.pdf())])
    form.is_valid()
    stolen = sending(lead, pairs_of(form), title="題名")
    assert not stolen.is_valid()
    assert stolen.errors["files"] == [
        "先に選んだファイルの一部が、時間がたったため残っていません。もう一度選んでください"
    ]
    assert "a（PDF" not in page_of(stolen)


def test_nobody_attaches_or_removes_what_another_record_has(lead):
    row = files.receive(made.upload(made.pdf()), by=Uploader.of(lead), level=Level.PUBLIC)
    news = NewsFactory()
    files.apply_change(news, FileChange(added=[row]))
    forged = [("files-kept", str(row.key)), ("files-level-" + str(row.key), "members")]
    assert not sending(lead, forged, title="題名").is_valid()
    removing = sending(lead, [("files-removed", str(row.key))], title="題名")
    assert removing.is_valid()
    assert removing.cleaned_data["files"] == FileChange()
    row.refresh_from_db()
    assert (row.owner, row.level) == (news, Level.PUBLIC)


@pytest.mark.parametrize("forged", ["", "x", "0" * 32, "\x00", "../../etc/passwd"])
def test_forged_keys_and_levels_are_answered(lead, forged):
    names = ("files-kept", "files-removed", f"files-level-{forged}", "files-level")
    form = sending(lead, [(name, forged) for name in names], title="題名")
    form.is_valid()
    assert page_of(form)
    assert not Attachment.objects.exists()


def test_a_record_takes_50_megabytes(lead):
    form = sending(lead, uploads=[("a.pdf", made.pdf())])
    form.is_valid()
    Attachment.objects.update(size=MAX_RECORD_BYTES - 10)
    more = sending(lead, pairs_of(form), uploads=[("b.pdf", made.pdf())], title="題名")
    assert not more.is_valid()
    assert more.errors["files"] == [
        "「b.pdf」を加えられません。添付ファイルは、合わせて50MB以内にしてください"
    ]
    assert Attachment.objects.count() == 1


def test_a_level_of_none_of_the_forms_choices_stays(lead):
    row = files.receive(made.upload(made.pdf()), by=Uploader.of(lead), level=Level.WARDS)
    news = NewsFactory()
    files.apply_change(news, FileChange(added=[row]))
    form = sending(lead, pairs_of(ReportForm(by=lead, record=news)), record=news, title="題名")
    assert form.is_valid()
    files.apply_change(news, form.cleaned_data["files"])
    row.refresh_from_db()
    assert row.level == Level.WARDS
    assert "特別区" in page_of(form)


def test_one_level_is_no_choice(lead):
    form = MemberFilesForm({}, MultiValueDict({"files": [made.upload(made.pdf())]}), by=lead)
    assert "<select" not in page_of(form)
    assert form.is_valid()
    assert form.cleaned_data["files"].added[0].level == Level.MEMBERS


def test_a_required_file(lead):
    form = MemberFilesForm({}, MultiValueDict(), by=lead)
    assert form.errors["files"] == ["添付ファイルのファイルを選んでください"]


def test_two_forms_at_once_lose_none_of_their_files(lead, deputy):
    news = NewsFactory()
    first = sending(lead, uploads=[("a.pdf", made.pdf())], record=news, title="題名")
    second = sending(deputy, uploads=[("b.pdf", made.pdf())], record=news, title="題名")
    assert first.is_valid()
    assert second.is_valid()
    for form in (first, second):
        files.apply_change(news, form.cleaned_data["files"])
    assert [row.name for row in news.attachments.all()] == ["a.pdf", "b.pdf"]
