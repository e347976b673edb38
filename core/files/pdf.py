"""PDF: whole, and without programs or files inside.

A PDF that runs JavaScript, starts a program or carries other files is refused: a form of an
office needs none of it, its gateways (無害化) break such files anyway, and it is how a PDF does
harm. The names that say so are looked for everywhere in the file, whatever seems to stand around
them, since a reader may be led to any byte of it; and in its packed lists of objects
(``pdf_lists``). A list that cannot be unpacked here within the bounds is a reason to refuse.

A file with a password against changes or printing is taken as long as it packs no lists: its
names stay readable then. With lists, which are encrypted too, nobody can tell what it does.

This stops what programs write and the usual attacks, not a file that spreads one action over
several objects to hide it; what holds then is that files are only ever downloaded.
"""

import io
import re
import zipfile

from core.files.kinds import ACTIVE_PDF, BROKEN, Unfit
from core.files.pdf_lists import END, SPACE, Effort, name, object_lists

_TAIL_BYTES = 2048
_END_OF_FILE = b"%%EOF"
_REFERENCE = rf"{SPACE}++\d++{SPACE}++\d++{SPACE}++R"
# Keys that act by what they are given: ISO 32000-1 7.7.4, 7.11.3, 12.6.4 and 13.6.
_HOLDERS = ("JavaScript", "EmbeddedFiles", "EF", "RichMediaContent", "OnInstantiate")
_KEYS = ("S", "JS", "Subtype", "XFA", *_HOLDERS)
# A script's first letters, as text or in UTF-16; three bytes alone are met by chance in pictures.
_SCRIPT = r"\((?:[\t-\r -~]{4}|\xfe\xff)|<[0-9A-Fa-f\s]{4}"
# An entry that acts, never the bare word: a title may well be about JavaScript. XFA is a form
# written as a program.
_ACTIVE = (
    rf"{name('S')}{SPACE}*+/{name('JavaScript')}{END}"
    rf"|{name('JS')}(?:{SPACE}*+(?:{_SCRIPT})|{_REFERENCE})"
    rf"|{name(*_HOLDERS)}(?:{SPACE}*+<<|{_REFERENCE})"
    rf"|{name('Subtype')}{SPACE}*+/{name('FileAttachment', 'RichMedia')}{END}"
    rf"|{name('XFA')}(?:{SPACE}*+\[|{_REFERENCE})"
    rf"|{name('Launch')}{SPACE}*+(?:endobj|[/\d\[(]|<<|>>)"
    rf"|{name('JavaScript')}{SPACE}*+endobj"
)
# The same with remarks in between, which the pattern above cannot skip in bounded time.
_REMARKED = rf"{name(*_KEYS, 'Launch')}(?:{SPACE}++\d++){{0,2}}{SPACE}*+%"
# Most names are none of these by their first letters, which are looked at first to be quick.
_FIRST_LETTERS = r"(?=[#EJLORX]|S(?:[\0\t\n\f\r %#u]|/[J#]))"
_ACTS = re.compile(
    f"/{_FIRST_LETTERS}(?:(?P<active>{_ACTIVE})|(?P<remarked>{_REMARKED}))".encode("latin-1")
)
_PIECES = re.compile(
    rb"(?P<word>[^%\0\t\n\f\r ]{1,256}+)|(?P<gap>(?:[\0\t\n\f\r ]++|%[^\r\n]*+)++)"
)
# What follows a key, without its remarks: enough for its value.
_VALUE_BYTES = 2048
# Measured: what a name costs beside its bytes, a remark after one, and each word around that.
_NAME_EFFORT, _REMARK_EFFORT, _WORD_EFFORT = 4, 1024, 64


def check(data: bytes) -> None:
    """Raises ``Unfit`` for a PDF that is cut off, is an archive as well, or may act.

    Takes at most about two seconds of computing, whatever the file is: see ``Effort``.
    """
    _, end, rest = data[-_TAIL_BYTES:].rpartition(_END_OF_FILE)
    if not end or rest.strip(b"\0\t\n\f\r \x1a"):
        raise Unfit(BROKEN)
    # An archive is read from its end: the same file would open as one.
    if zipfile.is_zipfile(io.BytesIO(data)):
        raise Unfit(ACTIVE_PDF)
    effort = Effort()
    if _acts(data, effort) or any(_acts(text, effort) for text in object_lists(data, effort)):
        raise Unfit(ACTIVE_PDF)


def _acts(text: bytes, effort: Effort) -> bool:
    effort.spend(_NAME_EFFORT * text.count(b"/"))
    for found in _ACTS.finditer(text):
        if found["active"] or _ACTS.match(_without_remarks(text, found.start(), effort)):
            return True
    return False


def _without_remarks(text: bytes, position: int, effort: Effort) -> bytes:
    """The beginning of ``text`` from ``position`` on, each remark turned into a space."""
    effort.spend(_REMARK_EFFORT)
    plain = b""
    for piece in _PIECES.finditer(text, position):
        plain += piece["word"] or b" "
        effort.spend(_WORD_EFFORT + piece.end() - piece.start())
        if len(plain) >= _VALUE_BYTES:
            break
    return plain
