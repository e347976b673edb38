"""Word, Excel and PowerPoint before 2007 (OLE2), opened with olefile."""

import struct

import olefile

from core.enums import FileKind
from core.files.kinds import BROKEN, EMBEDDED, MACROS, PASSWORD, TOO_MUCH_INSIDE, Unfit

MAGIC = olefile.MAGIC
_MAIN_STREAMS = {
    "worddocument": FileKind.DOC,
    "workbook": FileKind.XLS,
    "book": FileKind.XLS,
    "powerpoint document": FileKind.PPT,
}
_MACRO_PARTS = frozenset({"macros", "_vba_project_cur", "vba", "_vba_project"})
# MS-DOC 2.5.2: the flag fEncrypted of the base of the file's first block.
_DOC_FLAGS, _DOC_ENCRYPTED = 10, 0x0100
# MS-XLS 2.4.117 and 2.4.28: a password; a sheet, whose kind 1 is a macro sheet of Excel 4.
_XLS_PASSWORD, _XLS_SHEET, _XLS_KIND, _XLS_MACRO_SHEETS = 0x2F, 0x85, 5, (1, 6)
# MS-PPT 2.4.11: the container that says whether there are macros, with its last number.
_PPT_MACROS = bytes.fromhex("1f00ff0314000000020000040c000000")
_PPT_HAS_MACROS = 4
# MS-PPT 2.3.2: the mark of an encrypted presentation.
_PPT_MARK, _PPT_ENCRYPTED = slice(12, 16), bytes.fromhex("dfc4d1f3")
# A file of any kind within this one, as the packager of Windows writes it (MS-OLEDS 2.3.6): its
# length, then a mark that pictures of Paint, which lie in the same place, do not have.
_PACKAGE, _PACKAGE_MARK, _PACKAGE_IS_FILE = "\x01ole10native", slice(4, 6), b"\x02\0"
_MAX_PACKAGES, _MAX_PACKAGE_BYTES = 100, 30 * 1024**2

_BROKEN = (
    AttributeError,
    IndexError,
    KeyError,
    OSError,
    OverflowError,
    RecursionError,
    TypeError,
    ValueError,
)


def kind_of(data: bytes) -> FileKind | None:
    """The kind of the file ``data``, None when it is of another purpose, such as an installer.

    Raises ``Unfit`` for macros, a password, a package of another file or a broken file.
    """
    # olefile and struct raise whatever a forged table leads them to; one that never ends, a
    # RecursionError.
    try:
        with olefile.OleFileIO(data) as file:
            return _kind(file)
    except (*_BROKEN, struct.error) as error:
        raise Unfit(BROKEN) from error


def _kind(file: olefile.OleFileIO) -> FileKind | None:
    paths = [[part.lower() for part in path] for path in file.listdir(storages=True)]
    # A file of today with a password lies encrypted within one of before.
    if ["encryptedpackage"] in paths:
        raise Unfit(PASSWORD)
    if any(_MACRO_PARTS.intersection(path) for path in paths):
        raise Unfit(MACROS)
    _check_packages(file, [path for path in paths if path[-1] == _PACKAGE])
    names = [path[0] for path in paths if len(path) == 1 and path[0] in _MAIN_STREAMS]
    if not names:
        return None
    kind = _MAIN_STREAMS[names[0]]
    _CHECKS[kind](file, file.openstream(names[0]).read())
    return kind


def _check_packages(file: olefile.OleFileIO, paths: list[list[str]]) -> None:
    # Each is read whole; a forged directory may lead to one of them a thousand times.
    if len(paths) > _MAX_PACKAGES or sum(map(file.get_size, paths)) > _MAX_PACKAGE_BYTES:
        raise Unfit(TOO_MUCH_INSIDE)
    for path in paths:
        if file.openstream(path).read()[_PACKAGE_MARK] == _PACKAGE_IS_FILE:
            raise Unfit(EMBEDDED)


def _check_word(file: olefile.OleFileIO, stream: bytes) -> None:
    (flags,) = struct.unpack_from("<H", stream, _DOC_FLAGS)
    if flags & _DOC_ENCRYPTED:
        raise Unfit(PASSWORD)


def _check_excel(file: olefile.OleFileIO, stream: bytes) -> None:
    position = 0
    while position + 4 <= len(stream):
        record, length = struct.unpack_from("<HH", stream, position)
        if record == _XLS_PASSWORD:
            raise Unfit(PASSWORD)
        body = stream[position + 4 : position + 4 + length]
        if record == _XLS_SHEET and body[_XLS_KIND : _XLS_KIND + 1] in map(
            _byte, _XLS_MACRO_SHEETS
        ):
            raise Unfit(MACROS)
        position += 4 + length


def _check_powerpoint(file: olefile.OleFileIO, stream: bytes) -> None:
    found = stream.find(_PPT_MACROS)
    while found != -1:
        position = found + len(_PPT_MACROS) + _PPT_HAS_MACROS
        if any(stream[position : position + 4]):
            raise Unfit(MACROS)
        found = stream.find(_PPT_MACROS, found + 1)
    if not file.exists("Current User"):
        raise Unfit(BROKEN)
    if file.openstream("Current User").read()[_PPT_MARK] == _PPT_ENCRYPTED:
        raise Unfit(PASSWORD)


def _byte(number: int) -> bytes:
    return bytes([number])


_CHECKS = {
    FileKind.DOC: _check_word,
    FileKind.XLS: _check_excel,
    FileKind.PPT: _check_powerpoint,
}
