"""Names of files: kept as they are, but for what nobody means as a name."""

import pytest
from django.core.files.uploadedfile import UploadedFile
from django.test import RequestFactory

from core.file_names import NAMELESS, clean_name, extension_of, short_name, size_text, title_of
from core.files.kinds import MAX_FILE_BYTES

LONG = "連携" * 148 + ".pdf"


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("趣意書.pdf", "趣意書.pdf"),
        ("趣意書　最終版.pdf", "趣意書　最終版.pdf"),
        ("㈱見本①～.pdf", "㈱見本①～.pdf"),
        # Neither NFC nor NFD: what was given stays, though both look the same.
        ("が.pdf", "が.pdf"),
        ("か\u3099.pdf", "か\u3099.pdf"),
        ("\ufa19社.pdf", "\ufa19社.pdf"),
        ("辻\U000e0101.pdf", "辻\U000e0101.pdf"),
        ("R&amp;D.pdf", "R&amp;D.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\x\\y.pdf", "y.pdf"),
        ("\\\\server\\共有\\様式.xlsx", "様式.xlsx"),
        ("a\x00b\r\nc\x1b.pdf", "abc.pdf"),
        # 見本<turned round>fdp.exe, which reads 見本exe.pdf
        ("見本\u202efdp.exe", "見本fdp.exe"),
        ("a\u200b\u2066b\u2028.pdf", "ab.pdf"),
        ("..", NAMELESS),
        ("　", NAMELESS),
        ("\u202e", NAMELESS),
        (LONG, LONG),
    ],
)
def test_a_name_is_kept(raw, name):
    assert clean_name(raw) == name


def test_extensions_and_titles():
    names = ["趣意書.pdf", "趣意書.PDF", "趣意書.ｐｄｆ", "a.tar.gz", "趣意書", ".pdf"]
    assert [extension_of(name) for name in names] == ["pdf", "pdf", "pdf", "gz", "", ""]
    assert [title_of(name) for name in names] == [
        *["趣意書"] * 3,
        "a.tar",
        "趣意書",
        ".pdf",
    ]


def test_a_long_name_is_shortened_for_disks_and_keeps_its_extension():
    short = short_name(LONG)
    assert len(short.encode()) <= 200
    assert short.endswith(("連携.pdf", "連.pdf"))
    assert LONG.startswith(short.removesuffix(".pdf"))
    assert short_name("趣意書.pdf") == "趣意書.pdf"
    assert len(short_name("x." + "あ" * 300).encode()) <= 200


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (1, "1KB"),
        (1024, "1KB"),
        (1025, "2KB"),
        (90 * 1024, "90KB"),
        (1024**2 - 1, "1MB"),
        (1024**2, "1MB"),
        (1_258_291, "1.2MB"),
        (10 * 1024**2, "10MB"),
    ],
)
def test_sizes_as_windows_counts_them(size, text):
    assert size_text(size) == text


def posted(name: str, data: bytes) -> UploadedFile:
    """The file as a view gets it after a browser has sent it; test clients would clean its name."""
    head = f'Content-Disposition: form-data; name="files"; filename="{name}"\r\n'
    body = (
        b"--x\r\n"
        + head.encode()
        + b"Content-Type: application/pdf\r\n\r\n"
        + data
        + b"\r\n--x--\r\n"
    )
    request = RequestFactory().generic("POST", "/", body, "multipart/form-data; boundary=x")
    return request.FILES["files"]


@pytest.mark.parametrize("size", [10, 3 * 1024**2])
@pytest.mark.parametrize(
    ("sent", "name"),
    [
        (LONG, LONG),
        ("趣意書　最終版.pdf", "趣意書　最終版.pdf"),
        ("x." + "あ" * 290, "x." + "あ" * 290),
        ("..\\..\\y.pdf", "y.pdf"),
    ],
)
def test_a_name_arrives_whole(sent, name, size):
    with posted(sent, b"x" * size) as file:
        assert file.original_name == name


def test_of_a_large_file_no_more_is_written_than_it_takes_to_see_that():
    with posted("a.pdf", bytes(3 * MAX_FILE_BYTES)) as file:
        assert MAX_FILE_BYTES < file.size <= MAX_FILE_BYTES + 128 * 1024


def test_a_file_that_fits_arrives_whole():
    data = bytes(range(256)) * (MAX_FILE_BYTES // 256)
    with posted("a.pdf", data) as file:
        assert file.read() == data
