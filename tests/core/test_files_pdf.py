"""A PDF that acts is refused however it is written, in bounded work; ordinary ones are taken."""

import subprocess
import zlib

import pytest

from core.enums import FileKind
from core.files.kinds import MAX_FILE_BYTES, Unfit
from core.files.recognition import recognise
from tests import office_files as made
from tests.browser import chromium

ACTIVE = "には、プログラムやほかのファイルが入っています"
UNCHECKED = "は、中を調べきれませんでした"
LOCKED = "には、編集や印刷を制限するパスワードが付いていて"
SCRIPT = b"<</S/JavaScript/JS(app.alert(1))>>"
# An appendix of standard security, as a file has it that must not be changed.
ENCRYPTED = b"<</Filter/Standard/V 2/R 3/Length 128/P -3904/O<00>/U<00>>>"


def taken(data: bytes) -> bool:
    return recognise(data, "a.pdf") is FileKind.PDF


def reason(data: bytes) -> str:
    with pytest.raises(Unfit) as refusal:
        recognise(data, "a.pdf")
    return refusal.value.reason


@pytest.mark.parametrize(
    "entry",
    [
        b"<</S\0/JavaScript>>",
        b"<</S\t\n\f\r /JavaScript>>",
        b"<</S%a remark\n/JavaScript>>",
        b"<</S%one\r%two %three\n \0/JavaScript>>",
        b"<</S" + b" " * 5000 + b"%\n" + b" " * 5000 + b"/JavaScript>>",
        b"<</S%" + b"x" * 100_000 + b"\n/JavaScript>>",
        b"<</#53/#4a#61#76#61#53#63#72#69#70#74>>",
        b"<</S/Java#53cript>>",
        b"<</S 9 0 R/JS(app.alert(1))>>",
        b"<</S 9 0 R/JS<6170702e616c6572742831293b>>>",
        b"<</S 9 0 R/JS(\xfe\xff\0a)>>",
        b"<</S 9 0 R/J#53 12 0 R>>",
        b"<</S 9 0 R/JS%\n12%\n0%\nR>>",
        b"<</JavaScript\n<</Names[]>>>>",
        b"<</JavaScript\t12\0000\nR>>",
        b"/JavaScript",
        b"<</S/Launch/F(a)>>",
        b"<</S%\n/L#61unch%\n/F(a)>>",
        b"<</EmbeddedFiles 9 0 R>>",
        b"<</#45F%\n<</F 9 0 R>>>>",
        b"<</Subtype\0/FileAttachment>>",
        b"<</Subtype%\n/RichMedia>>",
        b"<</OnInstantiate 9 0 R>>",
        b"<</XFA[(form)9 0 R]>>",
    ],
)
def test_what_acts_is_refused_in_any_spelling(entry):
    assert reason(made.pdf(entry)).startswith(ACTIVE)
    assert reason(made.packed_pdf(entry + b" endobj")).startswith(ACTIVE)


@pytest.mark.parametrize("around", [b"(%b)", b"%% %b\n", b"<<>>stream\n%b\nendstream"])
def test_a_script_that_seems_to_be_something_else(around):
    # The table of a file leads readers to any byte.
    assert reason(made.pdf(around % b"9 0 obj <</S/JavaScript/JS(a(1))>> endobj")).startswith(
        ACTIVE
    )


@pytest.mark.parametrize(
    "entry",
    [
        b"<</Title(HTML/JavaScript)>>",
        b"<</Title(HTML/JavaScript/CSS)>>",
        b"<</Title(100% /JavaScript)>>",
        b"<</Font<</EF1 9 0 R/S1 9 0 R/JS1 9 0 R>>>>",
        b"<</AP<</N<</S 9 0 R/M 10 0 R>>>>>>",
        b"<</S/P/P 2 0 R/K[0 1]>>",
        b"<</Type/Outlines/First 9 0 R/Last 10 0 R>>",
        b"<</Names 9 0 R/Subtype/Link/A<</S/URI/URI(https://example.jp/)>>>>",
        # Three bytes of a picture.
        b"<</Length 9>>stream\n\x80/JS(\x80\x9f/S%\x80\nendstream",
    ],
)
def test_words_alone_are_no_program(entry):
    assert taken(made.pdf(entry))
    if b"stream" not in entry:
        assert taken(made.packed_pdf(entry))


def test_packed_files_are_taken():
    assert taken(made.packed_pdf())
    assert taken(made.packed_pdf(filters=b"[ /FlateDecode ]"))
    # As a page that is shown first: the end of a first part stands within the file.
    assert taken(made.packed_pdf() + b"xref\n0 0\ntrailer\n<</Root 1 0 R>>\nstartxref\n0\n%%EOF\n")


@pytest.mark.parametrize(
    "filters",
    [
        b"[/ASCIIHexDecode/FlateDecode]",
        b"[/FlateDecode/FlateDecode]",
        b"/LZWDecode",
        b"9 0 R",
        b"/FlateDecode/Filter/LZWDecode",
        b"/FlateDecode/DecodeParms<</Predictor 12>>",
        b"/FlateDecode/DecodeParms 9 0 R",
        b"/Flate#44ecode",
        b"/FlateDecode%\n",
        b"/FlateDecode/X(stream\n)",
    ],
)
def test_a_list_packed_in_another_way_is_refused(filters):
    assert reason(made.packed_pdf(SCRIPT, filters=filters)).startswith(UNCHECKED)


@pytest.mark.parametrize(
    ("said", "instead"),
    [
        (b"/ObjStm", b"/Obj#53tm"),
        (b"/Type/ObjStm", b"/Type 9 0 R"),
        (b"/First ", b"/First%\n"),
        (b"/First ", b"/F#69rst +"),
        (b"<</Type/ObjStm", b"<<" + b" " * 2000 + b"/Type/ObjStm"),
    ],
)
def test_a_list_that_hides_what_it_is(said, instead):
    data = made.packed_pdf(SCRIPT)
    assert said in data
    assert reason(data.replace(said, instead)).startswith((ACTIVE, UNCHECKED))


def test_a_list_cut_off_or_damaged_is_refused():
    whole = made.object_list(b"9 0 <<>>")
    packed = zlib.compress(b"9 0 <<>>")
    for damaged in (packed[:-1] + b"\0", packed[:4]):
        assert reason(made.pdf(whole.replace(packed, damaged))).startswith(UNCHECKED)


def test_a_password_against_changes():
    # Names stay readable in a file without lists; a list is encrypted with its names.
    assert taken(made.pdf(ENCRYPTED, b"<</Encrypt 4 0 R>>"))
    assert reason(made.pdf(ENCRYPTED, b"<</Encrypt 4 0 R>>", SCRIPT)).startswith(ACTIVE)
    assert reason(made.packed_pdf() + made.pdf(b"<</Encrypt 4 0 R>>")).startswith(LOCKED)


def filled(piece: bytes) -> bytes:
    """A PDF as large as allowed, of one piece again and again."""
    room = MAX_FILE_BYTES - len(made.pdf(b""))
    return made.pdf((piece * (room // len(piece) + 1))[:room])


def listed(text: bytes) -> bytes:
    return made.object_list(text) + b"\nendobj\n"


@pytest.mark.parametrize(
    ("piece", "is_taken"),
    [
        # Unpacked each by itself within bounds, together to hundreds of gigabytes.
        (listed(bytes(8 * 1024**2)), False),
        (listed(b"/S" * 1024**2), False),
        (listed(b""), False),
        (b"<</ObjStm>>stream\n", False),
        (b"#41", True),
        (b"/#41", True),
        (b"/S /S", True),
        (b"/S%", False),
        (b"/S%\n", False),
        (b"/S" + b"%\n" * 500, False),
        (b"/JS 1 ", True),
        (b"stream\n", True),
        (b"\0", True),
    ],
)
def test_the_worst_files_take_bounded_work(piece, is_taken):
    """Each of these took minutes, or would if one byte were looked at again and again."""
    data = filled(piece)
    if is_taken:
        assert taken(data)
    else:
        assert reason(data).startswith(UNCHECKED)


def test_all_lists_share_one_bound():
    within, beyond = 3, 5
    text = listed(bytes(8 * 1024**2))
    assert taken(made.pdf(text * within))
    assert reason(made.pdf(text * beyond)).startswith(UNCHECKED)


@pytest.mark.browser
def test_a_page_printed_by_a_browser_is_taken(tmp_path):
    page, printed = tmp_path / "page.html", tmp_path / "page.pdf"
    rows = "".join(f"<tr><td>{number}<td>団体{number}" for number in range(2000))
    page.write_text(f"<meta charset=utf-8><h1>名簿</h1><a href='#a'>a</a><table>{rows}</table>")
    subprocess.run(
        [
            str(chromium.path()),
            *chromium.arguments(),
            "--headless",
            f"--user-data-dir={tmp_path / 'profile'}",
            f"--print-to-pdf={printed}",
            page.as_uri(),
        ],
        check=True,
        capture_output=True,
        timeout=60,
    )
    data = printed.read_bytes()
    assert b"/StructTreeRoot" in data
    assert taken(data)
