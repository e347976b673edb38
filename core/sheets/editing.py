"""Tables that go out, are edited in Excel, and come back: how their columns are declared.

A row carries its 番号, and in 版 a short mark of each of its cells as they went out. So a cell
that nobody has touched is known as such, even when the record has moved on meanwhile or the
file could not hold each of its letters; and one that was edited never overwrites what has
changed after the export (``core.sheets.comparing``).
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Any

from django import forms
from django.conf import settings
from django.utils.crypto import salted_hmac

from core.forms import CharField
from core.sheets.carrying import carried
from core.sheets.columns import Column, as_text
from core.sheets.fields import Field
from core.sheets.formats import Carrier

NUMBER, EDITION = "番号", "版"
# 26**6: of three hundred million edits, one would be taken for none.
_LETTERS = 6
_AS_LETTERS = bytes(ord("a") + byte % 26 for byte in range(256))


def plain(text: str) -> str:
    """``text`` as two cells are compared: one kind of newline, nothing around it."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


@dataclass(frozen=True)
class EditableColumn(Column):
    """A column that is read back: what cleans its cells, and where it may not be edited.

    ``name`` is its word for the services. ``locked`` says why a cell of it stays as it is, for
    all rows or for some; empty where it may be edited. ``shown`` makes the text of a cleaned
    value, as ``value`` is exported.
    """

    name: str = ""
    form_field: forms.Field = field(default_factory=lambda: CharField(required=False))
    locked: str | Callable[[Any], str] = ""
    also: tuple[str, ...] = ()
    shown: Callable[[Any], Any] = as_text

    @cached_property
    def as_field(self) -> Field:
        return Field(self.name, self.heading, self.form_field, self.also)

    def text_of(self, row: Any) -> str:
        return plain(as_text(self.value_of(row)))

    def why_locked(self, row: Any) -> str:
        """Why the cell of ``row`` is only shown; empty when it may be edited."""
        return self.locked(row) if callable(self.locked) else self.locked


@dataclass(frozen=True)
class EditableSheet:
    """A table that goes out and comes back.

    ``key`` is its word in the marks and in ``core.models.SheetUpload``; ``how_to_add`` what a
    row without a 番号 is told; ``notes`` what people must know before they edit.
    """

    key: str
    columns: tuple[EditableColumn, ...]
    how_to_add: str
    notes: tuple[str, ...] = ()

    @property
    def sheet_columns(self) -> list[Column]:
        """The columns of the file: the number, those declared, and the marks."""
        return [Column(NUMBER, "pk", width=8), *self.columns, _EditionColumn.of(self)]

    @cached_property
    def fields(self) -> list[Field]:
        """What is read of a file; any of the columns may be left out, the two keys not."""
        keys = [
            Field(name, heading, CharField(required=False), is_column_required=True)
            for name, heading in (("pk", NUMBER), ("edition", EDITION))
        ]
        return [*keys, *(column.as_field for column in self.columns)]

    def edition_of(self, row: Any, carrier: Carrier) -> str:
        """What stands in 版: the file, which row of which table it is, and a mark per cell."""
        marks = [self.mark(carrier, row.pk, column, column.text_of(row)) for column in self.columns]
        return f"{carrier}{self._head(carrier, row.pk)}{''.join(marks)}"

    def read_edition(self, text: str, pk: int) -> "Edition | None":
        """The marks of the row ``pk``; None for what is not its own 版."""
        edition = plain(text)
        if edition[:1] not in list(Carrier):
            return None
        carrier, marks = Carrier(edition[0]), edition[1:]
        pieces = [marks[at : at + _LETTERS] for at in range(0, len(marks), _LETTERS)]
        is_own = len(pieces) == len(self.columns) + 1 and pieces[0] == self._head(carrier, pk)
        if not is_own:
            return None
        headings = [column.heading for column in self.columns]
        return Edition(self, carrier, pk, dict(zip(headings, pieces[1:], strict=True)))

    def mark(self, carrier: Carrier, pk: int, column: Column, text: str) -> str:
        """The mark of a cell that went out with ``text``."""
        return _mark(self.key, carrier, pk, column.heading, plain(carried(text, carrier)))

    def _head(self, carrier: Carrier, pk: int) -> str:
        return _mark(self.key, carrier, pk, *(column.heading for column in self.columns))


@dataclass(frozen=True)
class Edition:
    """A row's 版 as it came back."""

    sheet: EditableSheet
    carrier: Carrier
    pk: int
    marks: dict[str, str]

    def went_out_as(self, column: Column, text: str) -> bool:
        """Whether the record's ``text`` is still what the file was given."""
        return self.marks[column.heading] == self.sheet.mark(self.carrier, self.pk, column, text)

    def came_back_as(self, column: Column, text: str) -> bool:
        """Whether ``text``, as it was read, is what the file held when it went out."""
        own = _mark(self.sheet.key, self.carrier, self.pk, column.heading, plain(text))
        return self.marks[column.heading] == own


@dataclass(frozen=True)
class _EditionColumn(Column):
    """The marks, which depend on what the file can hold."""

    sheet: EditableSheet = field(kw_only=True)

    @classmethod
    def of(cls, sheet: EditableSheet, carrier: Carrier = Carrier.UTF8) -> "_EditionColumn":
        return cls(EDITION, lambda row: sheet.edition_of(row, carrier), width=12, sheet=sheet)

    def in_file(self, carrier: Carrier) -> Column:
        return replace(self, value=_EditionColumn.of(self.sheet, carrier).value)


def _mark(*parts: Any) -> str:
    """Six letters of a keyed digest: who has the file alone cannot try out what stood there.

    Letters only, so that no program takes them for a number or a date.
    """
    value = "\0".join(map(str, parts)).encode(errors="surrogatepass")
    digest = hashlib.blake2b(value, digest_size=_LETTERS, key=_key(settings.SECRET_KEY)).digest()
    return digest.translate(_AS_LETTERS).decode()


@lru_cache(maxsize=1)
def _key(secret: str) -> bytes:
    return salted_hmac("core.sheets.editing", "", secret=secret, algorithm="sha256").digest()
