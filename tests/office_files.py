"""Files as office programs write them, made when a test asks: nothing binary lies here.

The bytes are real: a PDF with its tables, OOXML by openpyxl or part by part, the old kind
(OLE2) block by block, pictures by Pillow.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
WORD_WITH_MACROS = "application/vnd.ms-word.document.macroEnabled.main+xml"


def pdf(*objects: bytes, head: bytes = b"%PDF-1.7\n", tail: bytes = b"%%EOF\n") -> bytes:
    """A PDF of one empty page; ``objects`` are further ones."""
    page = (
        b"1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
        b"2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n"
        b"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>\nendobj\n"
    )
    more = b"".join(
        b"%d 0 obj\n%s\nendobj\n" % (number, body) for number, body in enumerate(objects, 4)
    )
    return head + page + more + b"trailer\n<< /Root 1 0 R >>\nstartxref\n9\n" + tail


def object_list(content: bytes) -> bytes:
    """A compressed list of objects that holds ``content``, as PDF 1.5 has them."""
    packed = zlib.compress(content)
    about = b"<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>" % len(packed)
    return about + b"\nstream\n" + packed + b"\nendstream"


def packed_pdf(*objects: bytes, filters: bytes = b"/FlateDecode") -> bytes:
    """A PDF of one empty page as PDF 1.5 writes it: its objects in a list, their table packed.

    ``objects`` are further ones, from number 4 on; list and table have the next two numbers.
    """
    bodies = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
        *objects,
    ]
    offsets = [sum(len(body) + 1 for body in bodies[:number]) for number in range(len(bodies))]
    pairs = b" ".join(b"%d %d" % pair for pair in enumerate(offsets, 1))
    packed = zlib.compress(pairs + b"\n" + b" ".join(bodies))
    head, count = b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n", len(bodies)
    about = (count + 1, count, len(pairs) + 1, filters, len(packed))
    listed = b"%d 0 obj\n<</Type/ObjStm/N %d/First %d/Filter %b/Length %d>>stream\r\n" % about
    listed += packed + b"\nendstream\nendobj\n"
    table = len(head) + len(listed)
    rows = [(0, 0, 0), *((2, count + 1, number) for number in range(count))]
    rows += [(1, len(head), 0), (1, table, 0)]
    body = zlib.compress(b"".join(struct.pack(">BHB", *row) for row in rows))
    about = (count + 2, len(rows), len(body))
    end = (
        b"%d 0 obj\n<</Type/XRef/Size %d/W[1 2 1]/Root 1 0 R/Filter/FlateDecode/Length %d>>" % about
    )
    end += b"stream\r\n" + body + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % table
    return head + listed + end


def archive(parts: Mapping[str, bytes]) -> bytes:
    """A ZIP of ``parts`` by name."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in parts.items():
            zipped.writestr(name, content)
    return file.getvalue()


def ooxml(
    main: str = WORD, parts: Mapping[str, bytes] | None = None, more_types: str = ""
) -> bytes:
    """An office file of today whose main part is of the kind ``main``."""
    contents = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Override PartName="/main.xml" ContentType="{main}"/>{more_types}</Types>'
    )
    return archive({"[Content_Types].xml": contents.encode(), "main.xml": b"<a/>", **(parts or {})})


def content_types(data: bytes, contents: bytes) -> bytes:
    """The office file ``data`` with ``contents`` as its table of contents."""
    with zipfile.ZipFile(io.BytesIO(data)) as zipped:
        parts = {name: zipped.read(name) for name in zipped.namelist()}
    return archive({**parts, "[Content_Types].xml": contents})


def xlsx() -> bytes:
    """A table, written by openpyxl."""
    book, file = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["団体", "会員数"])
    book.save(file)
    return file.getvalue()


def picture(
    form: str = "JPEG", size: tuple[int, int] = (640, 320), exif: Image.Exif | None = None
) -> bytes:
    """A picture whose left half is red and whose right half is blue."""
    image, file = Image.new("RGB", size, "red"), io.BytesIO()
    image.paste("blue", (size[0] // 2, 0, *size))
    image.save(file, form, **({"exif": exif} if exif else {}))
    return file.getvalue()


def png_of_size(width: int, height: int) -> bytes:
    """The head of a PNG that claims these measures, with a body that is far too short."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


SECTOR = 512
_FREE, _END, _TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_NONE = 0xFFFFFFFF


def compound(streams: Mapping[str, bytes], storages: tuple[str, ...] = ()) -> bytes:
    """A file of the old kind (OLE2, MS-CFB): streams by name, and empty storages.

    Each stream is filled up to 4,096 bytes, below which it would lie elsewhere.
    """
    contents = {name: body.ljust(4096, b"\0") for name, body in streams.items()}
    entries = ["Root Entry", *contents, *storages]
    directory_sectors = -(-len(entries) * 128 // SECTOR)
    # Sector 0 is the table of sectors, then the directory, then the streams.
    table = [_TABLE, *_chain(1, directory_sectors)]
    bodies, starts = b"", {}
    for name, body in contents.items():
        starts[name] = len(table)
        sectors = -(-len(body) // SECTOR)
        table += _chain(len(table), sectors)
        bodies += body.ljust(sectors * SECTOR, b"\0")
    directory = b"".join(
        _entry(number, name, contents, starts, len(entries)) for number, name in enumerate(entries)
    ).ljust(directory_sectors * SECTOR, b"\0")
    table += [_FREE] * (SECTOR // 4 - len(table))
    return _cfb_head() + struct.pack(f"<{len(table)}I", *table) + directory + bodies


def _chain(first: int, count: int) -> list[int]:
    return [*range(first + 1, first + count), _END]


def _cfb_head() -> bytes:
    fixed = struct.pack(
        "<8s16sHHHHH6xIIIIIIIII",
        bytes.fromhex("d0cf11e0a1b11ae1"),
        bytes(16),
        0x3E,
        3,
        0xFFFE,
        9,
        6,
        0,
        1,
        1,
        0,
        4096,
        _END,
        0,
        _END,
        0,
    )
    return fixed + struct.pack("<109I", 0, *[_FREE] * 108)


def _entry(
    number: int, name: str, contents: Mapping[str, bytes], starts: Mapping[str, int], count: int
) -> bytes:
    """A line of the directory; each stands to the right of the one before."""
    written = name.encode("utf-16-le") + b"\0\0"
    kind = 5 if number == 0 else 2 if name in contents else 1
    right = number + 1 if 0 < number < count - 1 else _NONE
    child = 1 if number == 0 and count > 1 else _NONE
    start = starts.get(name, _END if number == 0 else 0)
    return struct.pack(
        "<64sHBBIII16sIQQIQ",
        written,
        len(written),
        kind,
        1,
        _NONE,
        right,
        child,
        bytes(16),
        0,
        0,
        0,
        start,
        len(contents.get(name, b"")),
    )


def doc(*, flags: int = 0, storages: tuple[str, ...] = ()) -> bytes:
    """A Word file of before 2007, as far as its first block."""
    return compound({"WordDocument": bytes(10) + struct.pack("<H", flags)}, storages)


def xls(*sheets: int, password: bool = False) -> bytes:
    """An Excel file of before 2007 with sheets of the kinds ``sheets`` (0: cells, 1: macros)."""
    records = struct.pack("<HH", 0x0809, 16) + bytes(16)
    if password:
        records += struct.pack("<HH", 0x2F, 6) + bytes(6)
    for kind in sheets or (0,):
        records += struct.pack("<HHIBB", 0x85, 6, 0, 0, kind)
    return compound({"Workbook": records})


def packager(content: bytes, *, mark: bytes = b"\2\0") -> bytes:
    """A file of any kind as Office embeds it; without ``mark`` it is a picture of Paint."""
    body = mark + b"program.exe\0" + content if mark else content
    return compound({"\x01Ole10Native": struct.pack("<I", len(body)) + body})


def ppt(*, macros: bool = False, encrypted: bool = False) -> bytes:
    """A PowerPoint file of before 2007, as far as its macros."""
    about = bytes.fromhex("1f00ff0314000000020000040c000000") + struct.pack("<III", 1, macros, 2)
    mark = bytes.fromhex("dfc4d1f3" if encrypted else "5fc091e3")
    return compound({"PowerPoint Document": about, "Current User": bytes(12) + mark})


def upload(data: bytes, name: str = "趣意書.pdf") -> SimpleUploadedFile:
    """What a view gets of a file that was sent."""
    file = SimpleUploadedFile(name, data)
    file.original_name = name
    return file
