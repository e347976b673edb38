"""The packed lists of objects of a PDF (ISO 32000-1, 7.5.7), and how its names are spelled."""

import re
import zlib
from collections.abc import Iterator

from core.files.kinds import LOCKED_PDF, UNCHECKED_PDF, Unfit

# Patterns of ISO 32000-1, 7.2.2: what stands between words, and the place where one ends.
SPACE = r"[\0\t\n\f\r ]"
END = r"(?=[\0\t\n\f\r ()<>\[\]{}/%]|\Z)"
# All lists of a file together, in bytes unpacked. Real ones come to a few megabytes.
MAX_EFFORT = 32 * 1024**2
_LIST_EFFORT = 1024
_DICTIONARY_BYTES = 1024
_FIRST_STEP, _LAST_STEP = 1024, 64 * 1024


def name(*names: str) -> str:
    """A pattern for any of ``names`` after its slash, each letter as itself or as ``#xx``."""
    return f"(?:{'|'.join(''.join(map(_letter, each)) for each in names)})"


def _letter(letter: str) -> str:
    code = f"{ord(letter):02x}"
    return f"(?:{letter}|#{code[0]}[{code[1]}{code[1].upper()}])"


# A list is known by its type, or by the number that says where its objects begin; in outlines
# the same key leads to an object.
_MARK = re.compile(
    rf"/{name('ObjStm')}{END}"
    rf"|/{name('First')}(?:{SPACE}*+%|{SPACE}++\+?\d++(?!{SPACE}++\d++{SPACE}++R))".encode()
)
_ENCRYPT = re.compile(rf"/{name('Encrypt')}{END}".encode())
# Of a list every program writes plain words alone: no text, remark, escape or list within.
_HEAD = re.compile(
    rf"<<([^<>()%#]{{0,{_DICTIONARY_BYTES}}}+)>>{SPACE}{{0,16}}+stream(?:\r\n|\n|\r)".encode()
)
_KEY = re.compile(rb"/([^\0\t\n\f\r /\[\]{}]+)")
_DEFLATED = re.compile(
    rf"/Filter{SPACE}*+(?:/FlateDecode{END}|\[{SPACE}*+/FlateDecode{SPACE}*+\])".encode()
)
# Further ways of packing, and one that leads out of the file; F is short for both.
_UNKNOWN = {b"DecodeParms", b"DP", b"F", b"FFilter", b"FDecodeParms"}


class Effort:
    """What looking into a file may cost, in bytes that are unpacked and searched."""

    def __init__(self) -> None:
        self.left = MAX_EFFORT

    def spend(self, cost: int) -> None:
        """Raises ``Unfit`` when there is no more to spend."""
        self.left -= cost
        if self.left < 0:
            raise Unfit(UNCHECKED_PDF)


def object_lists(data: bytes, effort: Effort) -> Iterator[bytes]:
    """The unpacked lists of objects of a PDF; those that are not packed lie open in ``data``.

    Raises ``Unfit`` when one cannot be unpacked, or all come to more than ``effort``.
    """
    locked: bool | None = None
    reached = 0
    for mark in _MARK.finditer(data):
        if mark.start() < reached:
            continue
        # Asked once, and only of a file with lists.
        locked = bool(_ENCRYPT.search(data)) if locked is None else locked
        if locked:
            raise Unfit(LOCKED_PDF)
        head = _head(data, mark.start())
        reached = head.end()
        effort.spend(_LIST_EFFORT)
        if _is_packed(head[1]):
            yield _unpacked(data, reached, effort)


def _head(data: bytes, position: int) -> re.Match[bytes]:
    """What is said of the list within whose description ``position`` lies."""
    start = data.rfind(b"<<", max(0, position - _DICTIONARY_BYTES), position)
    head = _HEAD.match(data, start) if start != -1 else None
    if head is None or head.end() < position:
        raise Unfit(UNCHECKED_PDF)
    return head


def _is_packed(description: bytes) -> bool:
    keys = _KEY.findall(description)
    if b"Filter" not in keys and _UNKNOWN.isdisjoint(keys):
        return False
    if keys.count(b"Filter") != 1 or not _UNKNOWN.isdisjoint(keys):
        raise Unfit(UNCHECKED_PDF)
    if not _DEFLATED.search(description):
        raise Unfit(UNCHECKED_PDF)
    return True


def _unpacked(data: bytes, start: int, effort: Effort) -> bytes:
    """The list from ``start`` on. Small steps: what zlib leaves over, it copies."""
    view, unpacker, step = memoryview(data), zlib.decompressobj(), _FIRST_STEP
    pieces = []
    try:
        while not unpacker.eof and start < len(data):
            piece = unpacker.decompress(view[start : start + step], effort.left + 1)
            effort.spend(len(piece))
            pieces.append(piece)
            start, step = start + step, min(4 * step, _LAST_STEP)
    except zlib.error as error:
        raise Unfit(UNCHECKED_PDF) from error
    if not unpacker.eof:
        raise Unfit(UNCHECKED_PDF)
    return b"".join(pieces)
