"""PDF: whole, and without programs or files inside.

A PDF that runs JavaScript, starts a program or carries other files is refused: a form of an
office needs none of it, its gateways (無害化) break such files anyway, and it is how a PDF does
harm. The names that say so are looked for in the file and in its compressed lists of objects.
This stops what ordinary programs write and the usual attacks, not a file that is encrypted or
wrapped twice to hide it; what holds then is that files are only ever downloaded.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

from core.files.kinds import ACTIVE_PDF, BROKEN, Unfit

_TAIL_BYTES = 2048
_END = b"%%EOF"
_MAX_UNPACKED_BYTES = 8 * 1024**2
_MAX_LISTS = 2000
_DICTIONARY_BYTES = 512
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_STREAM = re.compile(rb"stream\r?\n")
# An entry that acts, never the bare word: a title may well be about JavaScript.
_ACTIVE = re.compile(
    rb"/S\s*/(?:JavaScript|Launch)\b"
    rb"|/JavaScript\s*(?:\d+\s+\d+\s+R|<<)"
    rb"|/EmbeddedFiles\s*(?:\d+\s+\d+\s+R|<<)"
    rb"|/EF\s*(?:\d+\s+\d+\s+R|<<)"
    rb"|/Subtype\s*/(?:FileAttachment|RichMedia)\b"
)


def check(data: bytes) -> None:
    """Raises ``Unfit`` for a PDF that is cut off, is an archive as well, or may act."""
    _, end, rest = data[-_TAIL_BYTES:].rpartition(_END)
    if not end or rest.strip(b"\0\t\n\f\r \x1a"):
        raise Unfit(BROKEN)
    # An archive is read from its end: the same file would open as one.
    if zipfile.is_zipfile(io.BytesIO(data)):
        raise Unfit(ACTIVE_PDF)
    if any(_acts(part) for part in (data, *_object_lists(data))):
        raise Unfit(ACTIVE_PDF)


def _acts(text: bytes) -> bool:
    plain = _ESCAPE.sub(lambda match: bytes([int(match[1], 16)]), text)
    return _ACTIVE.search(plain) is not None


def _object_lists(data: bytes) -> Iterator[bytes]:
    """The compressed lists of objects, each up to a bound that no honest one reaches."""
    lists = 0
    for stream in _STREAM.finditer(data):
        if b"/ObjStm" not in data[max(0, stream.start() - _DICTIONARY_BYTES) : stream.start()]:
            continue
        lists += 1
        if lists > _MAX_LISTS:
            raise Unfit(BROKEN)
        unpacker = zlib.decompressobj()
        try:
            yield unpacker.decompress(data[stream.end() :], _MAX_UNPACKED_BYTES)
        except zlib.error:
            continue
        if unpacker.unconsumed_tail:
            raise Unfit(BROKEN)
