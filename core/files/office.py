"""Word, Excel and PowerPoint of today (OOXML): a ZIP whose table of contents says what it is."""

import io
import zipfile
import zlib

from core.enums import FileKind
from core.files import compound
from core.files.kinds import ARCHIVE, BROKEN, MACROS, PASSWORD, TOO_MUCH_INSIDE, Unfit

_CONTENTS = "[Content_Types].xml"
_MAIN_PARTS = {
    b"wordprocessingml.document.main+xml": FileKind.DOCX,
    b"spreadsheetml.sheet.main+xml": FileKind.XLSX,
    b"presentationml.presentation.main+xml": FileKind.PPTX,
}
# Of the table of contents, in lower case: macros of today, and of Excel 4.
_MACRO_TYPES = (b"macroenabled", b"vbaproject", b"macrosheet")
_MACRO_FILES = ("vbaproject.bin", ".docm", ".xlsm", ".pptm", ".xlsb", ".dotm", ".xltm", ".potm")
_END_OF_ARCHIVE = b"PK\x05\x06"
_END_BYTES = 22
_ENCRYPTED = 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# A long presentation has some hundred parts.
MAX_PARTS = 5_000
MAX_UNPACKED_BYTES = 200 * 1024**2
# Sheets of empty cells shrink to a hundredth; small files may do better still.
MAX_RATIO = 250
_SMALL_BYTES = 20 * 1024**2
_MAX_CONTENTS_BYTES = 2 * 1024**2
# One file of the old kind within another, which is held in memory to look into it.
MAX_EMBEDDED_BYTES = 30 * 1024**2
_CHUNK = 1024**2


def kind_of(data: bytes) -> FileKind | None:
    """The kind of the office file ``data``, None when it is an archive of another purpose.

    Raises ``Unfit`` for a plain archive, for macros, a password, a bomb or a broken file.
    """
    # The archive ends where the file does: nothing hides behind it.
    if data[-_END_BYTES : -_END_BYTES + 4] != _END_OF_ARCHIVE:
        raise Unfit(ARCHIVE if _CONTENTS.encode() not in data else BROKEN)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _kind(archive, len(data))
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, ValueError) as error:
        raise Unfit(BROKEN) from error


def _kind(archive: zipfile.ZipFile, size: int) -> FileKind | None:
    parts = archive.infolist()
    if len(parts) > MAX_PARTS:
        raise Unfit(TOO_MUCH_INSIDE)
    if _CONTENTS not in archive.namelist():
        raise Unfit(ARCHIVE)
    if min(part.header_offset for part in parts) != 0:
        raise Unfit(BROKEN)
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        raise Unfit(PASSWORD)
    if any(part.compress_type not in _METHODS for part in parts):
        raise Unfit(BROKEN)
    unpacked = sum(part.file_size for part in parts)
    if unpacked > MAX_UNPACKED_BYTES or (unpacked > _SMALL_BYTES and unpacked > MAX_RATIO * size):
        raise Unfit(TOO_MUCH_INSIDE)
    if any(part.filename.lower().endswith(_MACRO_FILES) for part in parts):
        raise Unfit(MACROS)
    contents = _contents(archive)
    if any(word in contents.lower() for word in _MACRO_TYPES):
        raise Unfit(MACROS)
    _read_through(archive)
    return next((kind for mark, kind in _MAIN_PARTS.items() if mark in contents), None)


def _contents(archive: zipfile.ZipFile) -> bytes:
    """The table of contents; every program writes it in UTF-8."""
    with archive.open(_CONTENTS) as file:
        contents = file.read(_MAX_CONTENTS_BYTES)
    if len(contents) == _MAX_CONTENTS_BYTES:
        raise Unfit(BROKEN)
    return contents


def _read_through(archive: zipfile.ZipFile) -> None:
    """Unpacks every part, piece by piece: its size and sum must be what the archive says.

    Files of the old kind within it, such as an embedded table, hold no macros either.
    """
    for part in archive.infolist():
        with archive.open(part) as file:
            beginning = file.read(_CHUNK)
            if beginning.startswith(compound.MAGIC):
                compound.kind_of(beginning + file.read(MAX_EMBEDDED_BYTES))
            if file.read(1) and beginning.startswith(compound.MAGIC):
                raise Unfit(TOO_MUCH_INSIDE)
            while file.read(_CHUNK):
                pass
