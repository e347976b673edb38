"""What a file is: decided by its content, which its name must fit."""

import filetype

from core.enums import FileKind
from core.file_names import extension_of, size_text
from core.files import compound, kinds, office, pdf
from core.files.kinds import Unfit

_PDF = b"%PDF-"
_JPEG = b"\xff\xd8\xff"
_PNG = b"\x89PNG\r\n\x1a\n"
_ZIP = b"PK\x03\x04"
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def recognise(data: bytes, name: str) -> FileKind:
    """The kind of the file ``data`` called ``name``; raises ``Unfit`` when it is not taken.

    Every kind is known by its first byte on: what carries another beginning before it, as a
    file does that is two things at once, is neither. Pictures are made anew afterwards
    (``images``), so that what follows them is lost.
    """
    if not data:
        raise Unfit("は、中身がありません（0KB）。元のファイルを開いて確認してください")
    if len(data) > kinds.MAX_FILE_BYTES:
        limit = size_text(kinds.MAX_FILE_BYTES)
        raise Unfit(f"は、{limit}を超えています。{limit}以下にしてください")
    named = _named(extension_of(name))
    found = _found(data)
    if found is None:
        raise Unfit(_other_content(data, named))
    if found != named:
        raise Unfit(
            f"は、名前は「.{extension_of(name)}」ですが、中身は{found.label}（.{found.value}）です。"
            "元のファイルを確認してください"
        )
    if found is FileKind.PDF:
        pdf.check(data)
    return found


def _named(extension: str) -> FileKind:
    """The kind that the name says."""
    if extension in kinds.MACRO_EXTENSIONS:
        raise Unfit(kinds.MACROS)
    if extension in kinds.ARCHIVE_EXTENSIONS:
        raise Unfit(kinds.ARCHIVE)
    if extension not in kinds.BY_EXTENSION:
        raise Unfit(f"は、添付できない種類です。{kinds.ACCEPTED}のファイルを選んでください")
    return kinds.BY_EXTENSION[extension]


def _found(data: bytes) -> FileKind | None:
    """The kind that the content is; raises ``Unfit`` when it holds what is never taken."""
    if data.startswith(_PDF):
        return FileKind.PDF
    if data.startswith(_JPEG):
        return FileKind.JPEG
    if data.startswith(_PNG):
        return FileKind.PNG
    if data.startswith(_ZIP):
        return office.kind_of(data)
    if data.startswith(_COMPOUND):
        return compound.kind_of(data)
    return None


def _other_content(data: bytes, named: FileKind) -> str:
    """That the content is something else, by its name where it has one."""
    guess = filetype.guess(data)
    # The library lets a PDF begin later than at its first byte; then it is none to us.
    if guess is None or guess.extension in kinds.BY_EXTENSION:
        return f"は、中身が{named.label}ではありません。元のファイルを開いて確認してください"
    return (
        f"は、名前は{named.label}ですが、中身は{guess.extension.upper()}形式です。"
        "元のファイルを確認してください"
    )
