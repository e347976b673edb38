"""Names of files as people give them: kept and shown, and safe wherever they are written.

Letters stay as they are (no NFC, no NFKC: look.md 9). What goes is what nobody means as a name:
the folders before it, control characters, and the marks that turn the direction of writing,
with which ``exe`` can be made to look like ``pdf``.
"""

import unicodedata

NAMELESS = "（名前なし）"
# What a name may need on a disk or in a header: most file systems take 255 bytes.
SHORT_BYTES = 200
# Controls, formats (direction marks among them), halves of surrogate pairs, line separators.
_DROPPED = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_KILO = 1024
_LONGEST_EXTENSION = 5


def clean_name(raw: str) -> str:
    """The last part of ``raw`` without unseen characters; ``NAMELESS`` when nothing is left."""
    last = raw.replace("\\", "/").rpartition("/")[2]
    kept = "".join(letter for letter in last if unicodedata.category(letter) not in _DROPPED)
    return kept.strip() if kept.strip(".\u3000 ") else NAMELESS


def extension_of(name: str) -> str:
    """The extension in lower case and half width, without its dot; empty when there is none."""
    stem, dot, extension = name.rpartition(".")
    return unicodedata.normalize("NFKC", extension).lower() if dot and stem else ""


def title_of(name: str) -> str:
    """The name without its extension."""
    return name.rpartition(".")[0] if extension_of(name) else name


def short_name(name: str, limit: int = SHORT_BYTES) -> str:
    """``name`` in at most ``limit`` bytes of UTF-8, its extension kept."""
    if len(name.encode()) <= limit:
        return name
    extension = extension_of(name)
    ending = f".{extension}" if 0 < len(extension) <= _LONGEST_EXTENSION else ""
    room = limit - len(ending.encode())
    return name.encode()[:room].decode(errors="ignore") + ending


def size_text(size: int) -> str:
    """A number of bytes as Windows counts them: 90KB, 1.2MB, 10MB; never 0KB."""
    kilobytes = -(-size // _KILO)
    if kilobytes < _KILO:
        return f"{max(kilobytes, 1)}KB"
    return f"{size / _KILO**2:.1f}".removesuffix(".0") + "MB"
