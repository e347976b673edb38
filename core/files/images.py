"""Pictures are made anew: nothing of the file that was sent stays but what one sees.

The place where a photo was taken, the camera's number, and whatever hides behind a picture are
gone with it.
"""

import io
import struct
from dataclasses import dataclass

from PIL import Image, ImageOps

from core.enums import FileKind
from core.files.kinds import (
    BROKEN,
    MAX_FILE_BYTES,
    TOO_LARGE_REMADE,
    TOO_MANY_PIXELS,
    Unfit,
)

# 50 megapixels unpack to 150 MB of memory; telephones of today take up to 48.
MAX_PIXELS = 50_000_000
THUMBNAIL_PIXELS = 480
_FORMATS = {FileKind.JPEG: "JPEG", FileKind.PNG: "PNG"}
# Against the eye, and against an office's limits: the second one when the first is too large.
_QUALITIES = (90, 75)
_THUMBNAIL_QUALITY = 80
# A description of colours is short; a long one may hold anything.
_MAX_PROFILE_BYTES = 16 * 1024
# What Pillow raises for pictures that are not what they say; its own bounds among them.
_UNREADABLE = (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, struct.error)
_TOO_LARGE = (Image.DecompressionBombError, Image.DecompressionBombWarning)


@dataclass(frozen=True)
class Picture:
    """A picture made anew, with its small one (JPEG); measures in pixels."""

    data: bytes
    thumbnail: bytes
    width: int
    height: int


def is_picture(kind: FileKind) -> bool:
    return kind in _FORMATS


def remake(data: bytes, kind: FileKind) -> Picture:
    """The picture ``data`` anew, turned as it is to be seen.

    Raises ``Unfit`` when it cannot be read or is too large, as it is or anew; nothing is
    unpacked before its measures are known.
    """
    try:
        with Image.open(io.BytesIO(data), formats=[_FORMATS[kind]]) as image:
            if image.width * image.height > MAX_PIXELS:
                raise Unfit(TOO_MANY_PIXELS)
            return _remade(image, kind)
    except _TOO_LARGE as error:
        raise Unfit(TOO_MANY_PIXELS) from error
    except _UNREADABLE as error:
        raise Unfit(BROKEN) from error


def _remade(image: Image.Image, kind: FileKind) -> Picture:
    profile = image.info.get("icc_profile") or b""
    turned = ImageOps.exif_transpose(image)
    if kind is FileKind.JPEG and turned.mode not in ("RGB", "L"):
        # Of printing colours; their description does not fit what is made of them.
        turned, profile = turned.convert("RGB"), b""
    # Of what the file says of itself, only how its colours are to be read.
    turned.info = {key: turned.info[key] for key in ("transparency",) if key in turned.info}
    options = {"icc_profile": profile} if 0 < len(profile) <= _MAX_PROFILE_BYTES else {}
    width, height = turned.size
    written = _jpeg(turned, options) if kind is FileKind.JPEG else _png(turned, options)
    # Another program may have packed it better than Pillow does.
    if len(written) > MAX_FILE_BYTES:
        raise Unfit(TOO_LARGE_REMADE)
    return Picture(written, _thumbnail(turned, options), width, height)


def _jpeg(image: Image.Image, options: dict[str, bytes]) -> bytes:
    written = b""
    for quality in _QUALITIES:
        written = _written(image, "JPEG", quality=quality, **options)
        if len(written) <= MAX_FILE_BYTES:
            break
    return written


def _png(image: Image.Image, options: dict[str, bytes]) -> bytes:
    return _written(image, "PNG", **options)


def _thumbnail(image: Image.Image, options: dict[str, bytes]) -> bytes:
    """The small one, on white where the picture is transparent; uses ``image`` up."""
    if image.mode not in ("RGB", "L"):
        image = image.convert("RGBA")
    image.thumbnail((THUMBNAIL_PIXELS, THUMBNAIL_PIXELS))
    if image.mode == "RGBA":
        paper = Image.new("RGB", image.size, "white")
        paper.paste(image, mask=image.getchannel("A"))
        image = paper
    return _written(image, "JPEG", quality=_THUMBNAIL_QUALITY, **options)


def _written(image: Image.Image, form: str, **options: int | bytes) -> bytes:
    file = io.BytesIO()
    image.save(file, form, **options)
    return file.getvalue()
