"""What is taken and what is not, by content: each refusal says why, in plain words."""

import io
import zipfile
from contextlib import suppress

import pytest

from core.enums import FileKind
from core.files import office
from core.files.kinds import ACCEPTED, MAX_FILE_BYTES, Unfit
from core.files.recognition import recognise
from tests import office_files as made

MACROS = "には、マクロ（プログラム）が入っています"
PASSWORD = "には、パスワードが付いています"
ACTIVE = "には、プログラムやほかのファイルが入っています"
ARCHIVE = "は、ZIPなどの圧縮ファイルです"
BROKEN = "を開けませんでした"
TOO_MUCH = "は、開くと大きくなりすぎます"


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (made.pdf(), "趣意書.pdf", FileKind.PDF),
        (made.pdf(), "趣意書.PDF", FileKind.PDF),
        (made.pdf(tail=b"%%EOF\r\n\0\0\0"), "a.pdf", FileKind.PDF),
        (made.pdf(b"<< /Title (HTML/JavaScript) >>"), "a.pdf", FileKind.PDF),
        (made.ooxml(), "要綱.docx", FileKind.DOCX),
        (made.xlsx(), "名簿.xlsx", FileKind.XLSX),
        (made.ooxml(made.SLIDES), "説明.pptx", FileKind.PPTX),
        (made.doc(), "要綱.doc", FileKind.DOC),
        (made.xls(), "名簿.xls", FileKind.XLS),
        (made.ppt(), "説明.ppt", FileKind.PPT),
        (made.picture(), "写真.jpg", FileKind.JPEG),
        (made.picture(), "写真.JPEG", FileKind.JPEG),
        (made.picture("PNG"), "図.png", FileKind.PNG),
        (made.ooxml(parts={"word/embeddings/a.bin": made.xls()}), "表入り.docx", FileKind.DOCX),
    ],
)
def test_what_offices_write_is_taken(data, name, kind):
    assert recognise(data, name) == kind


def overlong() -> bytes:
    return made.pdf() + bytes(MAX_FILE_BYTES)


def zeros(megabytes: int) -> dict[str, bytes]:
    return {f"part{number}.xml": bytes(1024**2) for number in range(megabytes)}


REFUSED = {
    "an empty file": (lambda: b"", "a.pdf", "は、中身がありません（0KB）"),
    "too large a file": (overlong, "a.pdf", "は、10MBを超えています"),
    "no extension": (made.pdf, "趣意書", "は、添付できない種類です"),
    "another kind": (made.pdf, "a.exe", f"は、添付できない種類です。{ACCEPTED}"),
    "a last extension that runs": (made.pdf, "a.pdf.exe", "は、添付できない種類です"),
    "a zip": (lambda: made.archive({"a.pdf": made.pdf()}), "a.zip", ARCHIVE),
    "a zip called docx": (lambda: made.archive({"a": b"1"}), "a.docx", ARCHIVE),
    "a zip called pdf": (lambda: made.archive({"a": b"1"}), "a.pdf", ARCHIVE),
    "a program of Windows": (lambda: b"MZ" + bytes(200), "a.pdf", "中身はEXE形式です"),
    "a program of Linux": (lambda: b"\x7fELF" + bytes(200), "a.pdf", "中身はELF形式です"),
    "a page called jpg": (lambda: b"<html><script>", "a.jpg", "は、中身がJPEGではありません"),
    "a GIF with script": (lambda: b"GIF89a=1;alert(1)//", "a.png", "中身はGIF形式です"),
    "Word called PDF": (made.ooxml, "a.pdf", "は、名前は「.pdf」ですが、中身はWord（.docx）です"),
    "new Word called old": (made.ooxml, "a.doc", "中身はWord（.docx）です"),
    "a PNG called JPEG": (lambda: made.picture("PNG"), "a.jpg", "中身はPNG（.png）です"),
    "a page, then a PDF": (lambda: b"<html>" + made.pdf(), "a.pdf", "は、中身がPDFではありません"),
    "half a PDF": (lambda: made.pdf(tail=b""), "a.pdf", BROKEN),
    "a PDF, then a zip": (lambda: made.pdf() + made.archive({"a": b"1"}), "a.pdf", BROKEN),
    "a PDF in a zip's comment": (lambda: pdf_around_zip(), "a.pdf", ACTIVE),
    "script in a PDF": (lambda: made.pdf(b"<</S /JavaScript /JS (a)>>"), "a.pdf", ACTIVE),
    "script in other letters": (lambda: made.pdf(b"<</S /J#61vaScript>>"), "a.pdf", ACTIVE),
    "script for all pages": (lambda: made.pdf(b"<</JavaScript 9 0 R>>"), "a.pdf", ACTIVE),
    "a PDF that starts programs": (lambda: made.pdf(b"<</S/Launch/F(a)>>"), "a.pdf", ACTIVE),
    "a PDF with files": (lambda: made.pdf(b"<</F(a)/EF<</F 9 0 R>>>>"), "a.pdf", ACTIVE),
    "script in a list of objects": (
        lambda: made.pdf(made.object_list(b"9 0 <</S /JavaScript /JS (a)>>")),
        "a.pdf",
        ACTIVE,
    ),
    "macros by their extension": (lambda: made.ooxml(made.WORD_WITH_MACROS), "a.docm", MACROS),
    "a docm called docx": (lambda: made.ooxml(made.WORD_WITH_MACROS), "a.docx", MACROS),
    "macros that the contents deny": (
        lambda: made.ooxml(parts={"word/vbaProject.bin": b"x"}),
        "a.docx",
        MACROS,
    ),
    "macros under another name": (
        lambda: made.ooxml(parts={"word/a.bin": made.doc(storages=("VBA",))}),
        "a.docx",
        MACROS,
    ),
    "macros of Excel 4": (
        lambda: made.ooxml(
            more_types='<Override ContentType="application/vnd.ms-excel.macrosheet+xml"/>'
        ),
        "a.docx",
        MACROS,
    ),
    "a docm within a docx": (
        lambda: made.ooxml(parts={"word/embeddings/a.docm": b"x"}),
        "a.docx",
        MACROS,
    ),
    "macros in old Word": (lambda: made.doc(storages=("Macros",)), "a.doc", MACROS),
    "macros in old Excel": (lambda: made.xls(0, 1), "a.xls", MACROS),
    "macros in old PowerPoint": (lambda: made.ppt(macros=True), "a.ppt", MACROS),
    "a password on new Word": (
        lambda: made.compound({"EncryptedPackage": b""}),
        "a.docx",
        PASSWORD,
    ),
    "a password on old Word": (lambda: made.doc(flags=0x100), "a.doc", PASSWORD),
    "a password on old Excel": (lambda: made.xls(password=True), "a.xls", PASSWORD),
    "a password on old PowerPoint": (lambda: made.ppt(encrypted=True), "a.ppt", PASSWORD),
    "an installer": (
        lambda: made.compound({"Other": b""}),
        "a.doc",
        "は、中身がWordではありません",
    ),
    "old Word cut off": (lambda: made.doc()[:600], "a.doc", BROKEN),
    "a docx cut off": (lambda: made.ooxml()[:-30], "a.docx", BROKEN),
    "a docx with an addition": (lambda: made.ooxml() + b"<script>", "a.docx", BROKEN),
    "a bomb of many parts": (lambda: made.ooxml(parts=zeros(201)), "a.docx", TOO_MUCH),
    "a bomb of few parts": (lambda: made.ooxml(parts=zeros(21)), "a.docx", TOO_MUCH),
}


def pdf_around_zip() -> bytes:
    """An archive with a PDF before it, whose comment ends as a PDF does."""
    tail = b"\n%%EOF\n"
    zipped = bytearray(made.archive({"a": b"1"}))
    zipped[-2:] = len(tail).to_bytes(2, "little")
    return made.pdf() + bytes(zipped) + tail


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused_says_why(case):
    make, name, reason = REFUSED[case]
    with pytest.raises(Unfit) as refusal:
        recognise(make(), name)
    assert reason in refusal.value.reason


def test_an_archive_of_many_parts_is_not_even_read():
    data = made.ooxml(parts={f"{number}": b"" for number in range(office.MAX_PARTS)})
    with pytest.raises(Unfit, match=TOO_MUCH):
        recognise(data, "a.docx")


def test_a_password_on_the_parts_of_a_docx():
    data = bytearray(made.ooxml())
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive:
        start = archive.start_dir
    data[start + 8] |= 1
    with pytest.raises(Unfit, match=PASSWORD):
        recognise(bytes(data), "a.docx")


def test_an_archive_that_lies_about_its_sizes():
    data = made.ooxml(parts={"word/big.xml": bytes(5 * 1024**2)})
    lie = data.replace((5 * 1024**2).to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    assert lie != data
    with pytest.raises(Unfit, match=BROKEN):
        recognise(lie, "a.docx")


@pytest.mark.parametrize("make", [made.pdf, made.ooxml, made.doc, made.xls, made.ppt])
def test_damage_anywhere_is_refused_or_harmless(make):
    """Whatever is forged, the answer is a sentence and never a fault."""
    data = make()
    name = {made.pdf: "a.pdf", made.ooxml: "a.docx", made.doc: "a.doc"}.get(make, "a.xls")
    for position in range(0, len(data), max(1, len(data) // 300)):
        broken = data[:position] + b"\xff\xff\xff\xff" + data[position + 4 :]
        with suppress(Unfit):
            recognise(broken, name)
