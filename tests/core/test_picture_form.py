"""One picture of a record in a form: another one takes its place."""

import pytest
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from core import files
from core.files import FileChange, Uploader
from core.files.kinds import NO_PICTURE
from core.forms import CharField, Form
from core.forms.attachments import AttachmentsForm, PictureField
from core.models import Attachment
from tests import office_files as made
from tests.factories.chronicle import NewsFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("attachments_directory")]


class ProfileForm(AttachmentsForm, Form):
    title = CharField(label="題名")
    picture = PictureField(required=False)

    def __init__(self, *args, record=None, **kwargs):
        self.instance = record
        super().__init__(*args, **kwargs)


def sending(seat, uploads=(), record=None, **fields) -> ProfileForm:
    data = QueryDict(mutable=True)
    for name, value in fields.items():
        data[name.replace("__", "-")] = value
    sent = MultiValueDict({"picture": [made.upload(body, name) for name, body in uploads]})
    return ProfileForm(data, sent, by=seat, record=record)


@pytest.fixture
def shown(lead) -> tuple:
    """A record with one picture."""
    record = NewsFactory()
    row = files.receive(
        made.upload(made.picture(), "前の写真.jpg"), by=Uploader.of(lead), level="public"
    )
    files.apply_change(record, FileChange(added=[row]))
    return record, row


def test_the_control_takes_one_picture(lead):
    page = str(ProfileForm(by=lead))
    assert 'accept=".jpg,.jpeg,.jpe,.jfif,.png"' in page
    assert " multiple" not in page
    assert "公開の範囲" not in page


def test_a_new_picture_takes_the_place_of_the_former(lead, shown):
    record, former = shown
    form = sending(lead, [("港.png", made.picture("PNG"))], record, title="題名")
    assert form.is_valid()
    change = form.cleaned_data["picture"]
    assert change.removed == [former]
    files.apply_change(record, change)
    (row,) = Attachment.objects.of(record)
    assert (row.name, row.level) == ("港.png", "public")


def test_of_several_pictures_the_last_one_stays(lead):
    two = [("a.jpg", made.picture()), ("b.jpg", made.picture())]
    form = sending(lead, two, title="題名")
    assert form.is_valid()
    assert [row.name for row in form.cleaned_data["picture"].outcome] == ["b.jpg"]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("紹介.pdf", made.pdf(), NO_PICTURE),
        ("港.jpg", made.pdf(), "は、名前は「.jpg」ですが"),
        ("港.gif", b"GIF89a", "は、添付できない種類です"),
    ],
)
def test_what_is_no_picture_is_refused_and_the_former_one_stays(lead, shown, name, content, reason):
    record, former = shown
    form = sending(lead, [(name, content)], record, title="題名")
    assert not form.is_valid()
    assert reason in form.errors["picture"][0]
    assert former.link_text in str(form)
    assert Attachment.objects.count() == 1


def test_a_picture_survives_an_error_elsewhere(lead, shown):
    record, former = shown
    first = sending(lead, [("港.jpg", made.picture())], record)
    assert list(first.errors) == ["title"]
    new = Attachment.objects.latest("pk")
    second = sending(
        lead, (), record, title="題名", picture__kept=str(new.key), picture__removed=str(former.key)
    )
    assert second.is_valid()
    assert second.cleaned_data["picture"].outcome == [new]
