"""vCard 3.0 (RFC 2426): one contact as address books on phones and office PCs read it.

Version 3.0, because Outlook and many phones do not read 4.0. Text that is not ASCII is UTF-8
and says so in each line (``CHARSET=UTF-8``, which 3.0 has no more): Outlook otherwise reads it
in the PC's own encoding, and readers that know better pass the parameter over.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from urllib.parse import quote

from django.http import HttpResponse

from core.file_names import short_name

CONTENT_TYPE = "text/vcard; charset=utf-8"
# RFC 2426, 2.6: a line has at most 75 bytes without its end.
LINE_BYTES = 75
_FOLD = "\r\n "
_SPECIAL = re.compile(r"([\\;,])")
# Whatever some reader takes for the end of a line.
_NEWLINE = re.compile("\r\n?|[\n\v\f\x1c-\x1e\x85\u2028\u2029]")


class Line(NamedTuple):
    """A line of a card. ``value`` of several texts is a compound one: of a name, an address."""

    name: str
    value: str | tuple[str, ...]
    types: tuple[str, ...] = ()


def card(lines: Iterable[Line]) -> bytes:
    """The card with ``lines``; those whose value is empty are left out, but for N and FN."""
    wanted = [Line("VERSION", "3.0"), *(line for line in lines if _is_wanted(line))]
    written = ["BEGIN:VCARD", *map(_written, wanted), "END:VCARD"]
    return "".join(f"{_folded(line)}\r\n" for line in written).encode()


def card_response(content: bytes, name: str) -> HttpResponse:
    """The card as a file to save: ``name``.vcf."""
    response = HttpResponse(content, content_type=CONTENT_TYPE)
    filename = quote(short_name(f"{name}.vcf"), safe="")
    response["Content-Disposition"] = (
        f"attachment; filename=\"contact.vcf\"; filename*=UTF-8''{filename}"
    )
    # Office PCs are shared.
    response["Cache-Control"] = "private, no-store"
    return response


def _is_wanted(line: Line) -> bool:
    filled = any(line.value) if isinstance(line.value, tuple) else bool(line.value)
    return filled or line.name in ("N", "FN")


def _written(line: Line) -> str:
    texts = line.value if isinstance(line.value, tuple) else (line.value,)
    value = ";".join(map(_escaped, texts))
    types = f";TYPE={','.join(line.types)}" if line.types else ""
    charset = "" if value.isascii() else ";CHARSET=UTF-8"
    return f"{line.name}{types}{charset}:{value}"


def _escaped(text: str) -> str:
    """RFC 2426, 4: backslash, semicolon, comma and newline would otherwise end a value."""
    return _NEWLINE.sub(r"\\n", _SPECIAL.sub(r"\\\1", text))


def _folded(line: str) -> str:
    """The line in parts that begin with a space, none of them over ``LINE_BYTES``."""
    return _FOLD.join(_parts(line))


def _parts(line: str) -> Iterator[str]:
    """Cut between characters: one that is torn apart cannot be read."""
    part, room = "", LINE_BYTES
    for character in line:
        size = len(character.encode())
        if size > room:
            yield part
            part, room = "", LINE_BYTES - 1
        part, room = part + character, room - size
    yield part
