"""The files that a table travels in."""

from enum import StrEnum

from django.db import models


class Format(models.TextChoices):
    """What a table is downloaded as: the ending of its address and of the file."""

    CSV = "csv", "CSV"
    XLSX = "xlsx", "Excel"


class Encoding(models.TextChoices):
    """``?encoding=``: for Excel of today, or for programs that know Shift_JIS only."""

    UTF8 = "utf-8", "UTF-8（BOM付き）"
    CP932 = "cp932", "Shift_JIS（CP932）"


class Carrier(StrEnum):
    """A kind of file with its encoding, by one letter."""

    XLSX = "X"
    UTF8 = "U"
    CP932 = "S"

    @classmethod
    def of_csv(cls, encoding: Encoding) -> "Carrier":
        return cls.CP932 if encoding == Encoding.CP932 else cls.UTF8
