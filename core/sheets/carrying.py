"""What becomes of a text in a file, and on the way back."""

from enum import StrEnum

from core.sheets.csv import Encoding, cell_text
from core.sheets.reading import text_cell
from core.sheets.xlsx import written_text
from core.sheets.xlsx_reading import unescaped

# Excel cuts what is longer, also when it opens a CSV; counted in characters of two units.
MOST_CARRIED = 16_000


class Carrier(StrEnum):
    """The file that a table travels in, by one letter."""

    XLSX = "X"
    UTF8 = "U"
    CP932 = "S"

    @classmethod
    def of_csv(cls, encoding: Encoding) -> "Carrier":
        return cls.CP932 if encoding == Encoding.CP932 else cls.UTF8

    def carried(self, text: str) -> str:
        """``text`` as it is read from a file that nobody has touched.

        Made of the very functions that write and read, so that it cannot differ from them.
        """
        if self is Carrier.XLSX:
            return unescaped(written_text(text))
        read = text_cell(cell_text(text)).text
        if self is Carrier.CP932:
            return read.encode(Encoding.CP932, errors="geta").decode(Encoding.CP932)
        return read


def is_whole(text: str) -> bool:
    """Whether every file holds all of ``text``."""
    return len(text) <= MOST_CARRIED


def lacks(text: str) -> str:
    """The characters of ``text`` that Shift_JIS, and so many a program, cannot save."""
    return "".join(letter for letter in text if not _is_in_shift_jis(letter))


def _is_in_shift_jis(letter: str) -> bool:
    try:
        letter.encode(Encoding.CP932)
    except UnicodeEncodeError:
        return False
    return True
