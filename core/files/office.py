"""Word, Excel and PowerPoint of today (OOXML): a ZIP whose table of contents says what it is.

A file within it, such as the table behind a chart, must be one that could be attached itself,
and hold no further one.
"""

import io
import zipfile
import zlib
from dataclasses import dataclass
from typing import IO

from core.enums import FileKind
from core.files import compound, contents
from core.files.contents import Contents, plain_name
from core.files.kinds import (
    ACTIVE_X,
    ARCHIVE,
    BROKEN,
    EMBEDDED,
    MACRO_EXTENSIONS,
    MACROS,
    PASSWORD,
    TOO_MUCH_INSIDE,
    Unfit,
)

_OFFICE = "application/vnd.openxmlformats-officedocument."
_MAIN_TYPES = {
    f"{_OFFICE}wordprocessingml.document.main+xml": FileKind.DOCX,
    f"{_OFFICE}spreadsheetml.sheet.main+xml": FileKind.XLSX,
    f"{_OFFICE}presentationml.presentation.main+xml": FileKind.PPTX,
}
# Within another file there may be a single slide, too, or a drawing of Visio.
_EMBEDDED_TYPES = (
    *(f"{_OFFICE}{program}ml." for program in ("wordprocessing", "spreadsheet", "presentation")),
    "application/vnd.ms-visio.",
)
_OLE_TYPE = f"{_OFFICE}oleobject"
# Words of types: macros of today, and of Excel 4.
_MACRO_TYPES = ("macroenabled", "vbaproject", "vbadata", "macrosheet")
_MACRO_NAMES = (
    "vbaproject.bin",
    "vbadata.xml",
    *sorted(f".{extension}" for extension in MACRO_EXTENSIONS),
)
_ACTIVE_X = "activex"
_ZIP = b"PK\x03\x04"
_PROGRAMS = (b"MZ", b"\x7fELF")
_END_OF_ARCHIVE = b"PK\x05\x06"
_LINE_OF_DIRECTORY = b"PK\x01\x02"
_END_BYTES = 22
_ENCRYPTED = 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# A long presentation has some hundred parts, and as many within the tables of its charts.
MAX_PARTS = 5_000
MAX_ALL_PARTS = 10_000
MAX_UNPACKED_BYTES = 200 * 1024**2
# Sheets of empty cells shrink to a hundredth; small files may do better still.
MAX_RATIO = 250
_SMALL_BYTES = 20 * 1024**2
_MAX_CONTENTS_BYTES = 2 * 1024**2
# All files within one, each of which is held in memory to look into it.
MAX_EMBEDDED_BYTES = 30 * 1024**2
_CHUNK = 1024**2


@dataclass
class _Budget:
    """What a file and all files within it may come to together."""

    parts: int = MAX_ALL_PARTS
    unpacked: int = MAX_UNPACKED_BYTES
    embedded: int = MAX_EMBEDDED_BYTES
    contents: int = _MAX_CONTENTS_BYTES

    def spend(self, **amounts: int) -> None:
        for name, amount in amounts.items():
            left = getattr(self, name) - amount
            if left < 0:
                raise Unfit(TOO_MUCH_INSIDE)
            setattr(self, name, left)


def kind_of(data: bytes) -> FileKind | None:
    """The kind of the office file ``data``, None when it is an archive of another purpose.

    Raises ``Unfit`` for a plain archive, for macros, a password, a bomb or a broken file, and
    for what must not be embedded.
    """
    types = _types(data, _Budget(), is_embedded=False)
    kinds = {kind for name, kind in _MAIN_TYPES.items() if name in types}
    # One that is two at once is opened as either.
    if len(kinds) > 1:
        raise Unfit(BROKEN)
    return next(iter(kinds), None)


def _check_embedded(data: bytes, budget: _Budget) -> None:
    try:
        types = _types(data, budget, is_embedded=True)
    except Unfit as refusal:
        if refusal.reason in (ARCHIVE, BROKEN):
            raise Unfit(EMBEDDED) from refusal
        raise
    if not any(name.startswith(_EMBEDDED_TYPES) for name in types):
        raise Unfit(EMBEDDED)


def _types(data: bytes, budget: _Budget, *, is_embedded: bool) -> set[str]:
    """The types of the parts of ``data``, each of which has been looked into."""
    # The archive ends where the file does: nothing hides behind it.
    if data[-_END_BYTES : -_END_BYTES + 4] != _END_OF_ARCHIVE:
        raise Unfit(ARCHIVE if contents.NAME.encode() not in data else BROKEN)
    # Before the directory is read, which takes long when it is long.
    if data.count(_LINE_OF_DIRECTORY) > MAX_ALL_PARTS:
        raise Unfit(TOO_MUCH_INSIDE)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_directory(archive, len(data), budget)
            types = _part_types(archive, budget)
            for part in archive.infolist():
                with archive.open(part) as file:
                    _look_into(file, types[part.filename], budget, is_embedded=is_embedded)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, ValueError) as error:
        raise Unfit(BROKEN) from error
    return set(types.values())


def _check_directory(archive: zipfile.ZipFile, size: int, budget: _Budget) -> None:
    """Raises ``Unfit`` for what the archive's own list of its parts gives away."""
    parts = archive.infolist()
    if len(parts) > MAX_PARTS:
        raise Unfit(TOO_MUCH_INSIDE)
    if contents.NAME not in archive.namelist():
        raise Unfit(ARCHIVE)
    if min(part.header_offset for part in parts) != 0:
        raise Unfit(BROKEN)
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        raise Unfit(PASSWORD)
    if any(part.compress_type not in _METHODS for part in parts):
        raise Unfit(BROKEN)
    names = {plain_name(part.filename) for part in parts}
    # Of two parts with one name, a program may open the one that was not looked into.
    if len(names) != len(parts) or any(".." in name.split("/") for name in names):
        raise Unfit(BROKEN)
    if any(name.endswith(_MACRO_NAMES) for name in names):
        raise Unfit(MACROS)
    if any(_ACTIVE_X in name.split("/")[:-1] for name in names):
        raise Unfit(ACTIVE_X)
    unpacked = sum(part.file_size for part in parts)
    if unpacked > _SMALL_BYTES and unpacked > MAX_RATIO * size:
        raise Unfit(TOO_MUCH_INSIDE)
    budget.spend(parts=len(parts), unpacked=unpacked)


def _part_types(archive: zipfile.ZipFile, budget: _Budget) -> dict[str, str]:
    """The type of every part by its name in the archive; raises ``Unfit`` for types that act."""
    with archive.open(contents.NAME) as file:
        data = file.read(_MAX_CONTENTS_BYTES + 1)
    budget.spend(contents=len(data))
    table = Contents(data)
    if any(word in said for word in _MACRO_TYPES for said in table.said):
        raise Unfit(MACROS)
    if any(_ACTIVE_X in said for said in table.said):
        raise Unfit(ACTIVE_X)
    return {name: table.type_of(plain_name(name)) for name in archive.namelist()}


def _look_into(file: IO[bytes], kind: str, budget: _Budget, *, is_embedded: bool) -> None:
    """Unpacks a part, piece by piece: its size and sum must be what the archive says.

    Raises ``Unfit`` for a program, and for a file that could not be attached itself.
    """
    beginning = file.read(_CHUNK)
    if beginning.startswith(_PROGRAMS):
        raise Unfit(EMBEDDED)
    if beginning.startswith((compound.MAGIC, _ZIP)):
        whole = beginning + file.read(budget.embedded + 1)
        budget.spend(embedded=len(whole))
        if whole.startswith(compound.MAGIC):
            compound.kind_of(whole)
        elif is_embedded:
            raise Unfit(EMBEDDED)
        else:
            _check_embedded(whole, budget)
    elif beginning and kind == _OLE_TYPE:
        raise Unfit(EMBEDDED)
    while file.read(_CHUNK):
        pass
