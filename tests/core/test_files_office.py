"""Office files of today: what their table of contents, their names and their parts give away."""

import pytest

from core.enums import FileKind
from core.files import office
from core.files.kinds import Unfit
from core.files.recognition import recognise
from tests import office_files as made

MACROS = "には、マクロ（プログラム）が入っています"
ACTIVE_X = "には、ActiveXの部品（プログラム）が入っています"
EMBEDDED = "には、添付できないファイルが埋め込まれています"
BROKEN = "を開けませんでした"
PASSWORD = "には、パスワードが付いています"
TOO_MUCH = "は、開くと大きくなりすぎます"
OLE = "application/vnd.openxmlformats-officedocument.oleObject"
TABLE = "word/embeddings/Microsoft_Excel_Sheet.xlsx"
NAMESPACE = 'xmlns="http://schemas.openxmlformats.org/package/2006/content-types"'


def types(*entries: str, before: str = "", encoding: str = "UTF-8") -> bytes:
    head = f'<?xml version="1.0" encoding="{encoding}"?>{before}<Types {NAMESPACE}>'
    return (head + "".join(entries) + "</Types>").encode(encoding)


def override(kind: str, part: str = "/main.xml") -> str:
    return f'<Override PartName="{part}" ContentType="{kind}"/>'


def holding(content: bytes, part: str = TABLE) -> bytes:
    return made.ooxml(parts={part: content})


def within(*kinds: bytes) -> dict[str, bytes]:
    return {f"word/embeddings/{number}.xlsx": data for number, data in enumerate(kinds)}


VISIO = made.ooxml("application/vnd.ms-visio.drawing.main+xml")
TAKEN = {
    "a table behind a chart": lambda: holding(made.xlsx()),
    "several tables": lambda: made.ooxml(parts=within(*[made.xlsx()] * 20)),
    "a drawing of Visio": lambda: holding(VISIO, "word/embeddings/a.vsdx"),
    "a table of before": lambda: holding(made.xls(), "word/embeddings/a.xls"),
    "a formula of before": lambda: holding(made.compound({"Equation Native": b"x"}), "a.bin"),
    "a picture of Paint": lambda: holding(made.packager(b"BM", mark=b""), "word/a.bin"),
    "contents in UTF-16": lambda: made.content_types(
        made.ooxml(), types(override(made.WORD), encoding="UTF-16")
    ),
    "contents with prefixes": lambda: made.content_types(
        made.ooxml(),
        b'<t:Types xmlns:t="x"><t:Override PartName="/MAIN.xml" ContentType="%b; a=b"/></t:Types>'
        % made.WORD.encode(),
    ),
    "a type by extension": lambda: made.content_types(
        made.ooxml(), types(f'<Default Extension="XML" ContentType="{made.WORD}"/>')
    ),
    "folders of their own": lambda: holding(b"", "word/"),
}


@pytest.mark.parametrize("case", TAKEN)
def test_what_office_programs_write_is_taken(case):
    assert recognise(TAKEN[case](), "a.docx") is FileKind.DOCX


def typed(*entries: str, **options: str) -> bytes:
    return made.content_types(made.ooxml(), types(override(made.WORD), *entries, **options))


def same_name(first: str, second: str) -> bytes:
    """Two parts, the second of which is given its name when the archive is written already."""
    stand_in = "~" * len(second)
    data = made.ooxml(parts={first: b"<a/>", stand_in: b"<b/>"})
    return data.replace(stand_in.encode(), second.encode())


REFUSED = {
    "macros in UTF-16": (
        lambda: made.content_types(
            made.ooxml(), types(override(made.WORD_WITH_MACROS), encoding="UTF-16")
        ),
        MACROS,
    ),
    "macros in references": (
        lambda: typed(override("application/vnd.ms-office.vba&#80;roject", "/a.bin")),
        MACROS,
    ),
    "macros of an unknown entry": (
        lambda: typed('<x:Y xmlns:x="z" x:ContentType="application/x.macroEnabled"/>'),
        MACROS,
    ),
    "a part of macros": (lambda: holding(b"x", "word\\VBAPROJECT.BIN"), MACROS),
    "ActiveX by its type": (
        lambda: typed(override("application/vnd.ms-office.activeX+xml", "/a.xml")),
        ACTIVE_X,
    ),
    "ActiveX by its place": (lambda: holding(b"x", "word/ActiveX/a.bin"), ACTIVE_X),
    "a DTD": (lambda: typed(before='<!DOCTYPE Types [<!ENTITY a "b">]>'), BROKEN),
    "contents that are no XML": (lambda: made.content_types(made.ooxml(), b"<Types>"), BROKEN),
    "contents in no known letters": (
        lambda: made.content_types(made.ooxml(), b'<?xml version="1.0" encoding="x-none"?><T/>'),
        BROKEN,
    ),
    "one part, two types": (lambda: typed(override("text/xml")), BROKEN),
    "Word and Excel at once": (
        lambda: made.content_types(
            made.ooxml(parts={"b.xml": b""}),
            types(
                override(made.WORD),
                override(
                    made.WORD.replace("wordprocessingml.document", "spreadsheetml.sheet"), "/b.xml"
                ),
            ),
        ),
        BROKEN,
    ),
    "one name twice": (lambda: same_name("word/a.xml", "word/a.xml"), BROKEN),
    "one name in other letters": (lambda: same_name("word/a.xml", "Word/A.xml"), BROKEN),
    "one name with other slashes": (lambda: same_name("word/a.xml", "word\\a.xml"), BROKEN),
    "one name with more slashes": (lambda: same_name("word/a.xml", "/word/.//a.xml"), BROKEN),
    "contents twice": (lambda: same_name("a", "[content_types].xml"), BROKEN),
    "a way out": (lambda: holding(b"x", "word/../../a.xml"), BROKEN),
    "a program of Windows": (lambda: holding(b"MZ\x90\0", "word/media/a.png"), EMBEDDED),
    "a program of Linux": (lambda: holding(b"\x7fELF", "word/media/a.png"), EMBEDDED),
    "a packed program": (lambda: holding(made.packager(b"MZ"), "word/a.bin"), EMBEDDED),
    "an object that is none": (
        lambda: made.content_types(
            holding(b"#!/bin/sh", "word/embeddings/a.bin"),
            types(override(made.WORD), f'<Default Extension="bin" ContentType="{OLE}"/>'),
        ),
        EMBEDDED,
    ),
    "an archive": (lambda: holding(made.archive({"a.exe": b"x"})), EMBEDDED),
    "an archive under another name": (
        lambda: holding(made.archive({"a": b"x"}), "word/media/a.png"),
        EMBEDDED,
    ),
    "a package that is no office file": (lambda: holding(made.ooxml("text/xml")), EMBEDDED),
    "a broken table": (lambda: holding(made.xlsx()[:-30]), EMBEDDED),
    "a table with macros": (lambda: holding(made.ooxml(made.WORD_WITH_MACROS)), MACROS),
    "a table with a program": (lambda: holding(holding(b"MZ", "xl/a.bin")), EMBEDDED),
    "a table with a password": (
        lambda: holding(made.compound({"EncryptedPackage": b""})),
        PASSWORD,
    ),
    "a table within a table": (lambda: holding(holding(made.xlsx())), EMBEDDED),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused_says_why(case):
    make, reason = REFUSED[case]
    with pytest.raises(Unfit) as refusal:
        recognise(make(), "a.docx")
    assert refusal.value.reason.startswith(reason)


def test_all_files_within_one_share_its_bounds():
    big = made.ooxml(parts={f"{number}.xml": bytes(1024**2) for number in range(19)})
    assert recognise(made.ooxml(parts=within(*[big] * 10)), "a.docx") is FileKind.DOCX
    many = made.ooxml(parts={f"{number}": b"" for number in range(office.MAX_PARTS - 10)})
    held = made.compound({"WordDocument": bytes(office.MAX_EMBEDDED_BYTES // 4)})
    for parts in (within(*[big] * 11), within(many, many, many), within(*[held] * 4)):
        with pytest.raises(Unfit, match=TOO_MUCH):
            recognise(made.ooxml(parts=parts), "a.docx")


def test_packages_in_old_files_are_refused_as_well():
    data = made.compound({"WordDocument": bytes(12), "\x01Ole10Native": b"\0\0\0\0\2\0a.exe\0"})
    with pytest.raises(Unfit, match=EMBEDDED):
        recognise(data, "a.doc")


def test_an_old_file_that_leads_to_one_package_again_and_again_is_not_read():
    streams = {"WordDocument": bytes(12), "\x01Ole10Native": bytes(8)}
    data = made.compound(streams)
    size = (4096).to_bytes(8, "little")
    lie = data[::-1].replace(size[::-1], (31 * 1024**2).to_bytes(8, "little")[::-1], 1)[::-1]
    with pytest.raises(Unfit, match=TOO_MUCH):
        recognise(lie, "a.doc")
