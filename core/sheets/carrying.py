"""What becomes of a text in a file, and on the way back."""

from core.sheets.csv import cell_text
from core.sheets.formats import Carrier, Encoding
from core.sheets.reading import text_cell
from core.sheets.xlsx import written_text
from core.sheets.xlsx_reading import unescaped

# Excel cuts what is longer, also when it opens a CSV; counted in characters of two units.
MOST_CARRIED = 16_000


def carried(text: str, carrier: Carrier) -> str:
    """``text`` as it is read from a file that nobody has touched.

    Made of the very functions that write and read, so that it cannot differ from them.
    """
    if carrier is Carrier.XLSX:
        return unescaped(written_text(text))
    read = text_cell(cell_text(text)).text
    if carrier is Carrier.CP932:
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
