"""Pictures are made anew: turned, without their data, and within bounds."""

import io

import pytest
from PIL import Image

from core.enums import FileKind
from core.files import images
from core.files.kinds import Unfit
from tests import office_files as made

_ORIENTATION, _GPS, _MODEL = 0x0112, 0x8825, 0x0110


def exif(orientation: int = 1) -> Image.Exif:
    """What a telephone writes: how it was held, where it was, which one it is."""
    data = Image.Exif()
    data[_ORIENTATION], data[_MODEL] = orientation, "Telephone 7"
    data.get_ifd(_GPS).update({1: "N", 2: (35.0, 41.0, 0.0), 3: "E", 4: (139.0, 45.0, 0.0)})
    return data


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_where_a_photo_was_taken_is_gone(form):
    sent = made.picture(form, exif=exif())
    assert opened(sent).getexif().get_ifd(_GPS)
    kind = FileKind.JPEG if form == "JPEG" else FileKind.PNG
    picture = images.remake(sent, kind)
    for data in (picture.data, picture.thumbnail):
        assert b"Telephone 7" not in data
        assert b"Exif" not in data
        assert not opened(data).getexif()


def test_a_photo_taken_sideways_stands_upright():
    # Held on its side: what is left in the file belongs to the top.
    sent = made.picture(size=(640, 320), exif=exif(orientation=6))
    picture = images.remake(sent, FileKind.JPEG)
    image = opened(picture.data)
    assert (image.size, picture.width, picture.height) == ((320, 640), 320, 640)
    red, _, blue = image.getpixel((160, 20))
    assert red > 200 > 50 > blue
    red, _, blue = image.getpixel((160, 620))
    assert blue > 200 > 50 > red


def test_the_small_picture_is_at_most_480_pixels():
    small = opened(images.remake(made.picture(size=(1200, 300)), FileKind.JPEG).thumbnail)
    assert (small.format, small.size) == ("JPEG", (480, 120))


def test_a_small_picture_is_not_made_larger():
    small = opened(images.remake(made.picture(size=(30, 20)), FileKind.JPEG).thumbnail)
    assert small.size == (30, 20)


@pytest.mark.parametrize("hidden", [b"PK\x03\x04secret", b"<script>alert(1)</script>"])
@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_what_hides_behind_a_picture_is_gone(form, hidden):
    kind = FileKind.JPEG if form == "JPEG" else FileKind.PNG
    assert hidden not in images.remake(made.picture(form) + hidden, kind).data


def test_a_comment_in_a_picture_is_gone():
    file = io.BytesIO()
    Image.new("RGB", (8, 8)).save(file, "JPEG", comment=b"<?php system($_GET[0]); ?>")
    assert b"<?php" in file.getvalue()
    assert b"<?php" not in images.remake(file.getvalue(), FileKind.JPEG).data


@pytest.mark.parametrize(("width", "height"), [(60_000, 60_000), (10_000, 6_000)])
def test_a_picture_that_unpacks_to_too_much_is_refused(width, height):
    bomb = made.png_of_size(width, height)
    assert len(bomb) < 200
    with pytest.raises(Unfit, match="は、画像の縦横が大きすぎます"):
        images.remake(bomb, FileKind.PNG)


@pytest.mark.parametrize("damage", [made.picture()[:400], made.picture()[:3] + b"x" * 500])
def test_a_broken_picture_is_refused(damage):
    with pytest.raises(Unfit, match="を開けませんでした"):
        images.remake(damage, FileKind.JPEG)


def test_a_picture_that_claims_more_than_it_holds_is_refused():
    with pytest.raises(Unfit, match="を開けませんでした"):
        images.remake(made.png_of_size(300, 300), FileKind.PNG)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_way_of_writing_a_png(mode):
    file = io.BytesIO()
    Image.new(mode, (20, 10)).save(file, "PNG")
    picture = images.remake(file.getvalue(), FileKind.PNG)
    assert opened(picture.data).size == opened(picture.thumbnail).size == (20, 10)


def test_what_is_transparent_is_white_in_the_small_picture():
    file = io.BytesIO()
    Image.new("RGBA", (20, 10), (255, 0, 0, 0)).save(file, "PNG")
    picture = images.remake(file.getvalue(), FileKind.PNG)
    assert opened(picture.data).getpixel((5, 5))[3] == 0
    assert opened(picture.thumbnail).getpixel((5, 5)) == (255, 255, 255)


def test_a_picture_for_printing_is_made_for_screens():
    file = io.BytesIO()
    Image.new("CMYK", (20, 10)).save(file, "JPEG")
    assert opened(images.remake(file.getvalue(), FileKind.JPEG).data).mode == "RGB"


def test_a_png_that_grows_beyond_the_limit_is_refused(monkeypatch):
    # Pillow's best packing, which making it anew does not use.
    file = io.BytesIO()
    rows = Image.linear_gradient("L").resize((1500, 1500)).convert("RGB")
    rows.save(file, "PNG", optimize=True)
    sent = file.getvalue()
    grown = images.remake(sent, FileKind.PNG)
    assert len(grown.data) > len(sent)
    monkeypatch.setattr(images, "MAX_FILE_BYTES", len(sent))
    with pytest.raises(Unfit, match="は、位置情報などを消して保存し直すと、10MBを超えます"):
        images.remake(sent, FileKind.PNG)


def test_a_jpeg_too_large_even_in_its_second_quality_is_refused(monkeypatch):
    monkeypatch.setattr(images, "MAX_FILE_BYTES", 1000)
    with pytest.raises(Unfit, match="を超えます。画像の縦横を小さくしてください"):
        images.remake(made.picture(), FileKind.JPEG)
