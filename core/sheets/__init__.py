"""Tables for Excel: one declaration of the columns serves every download.

``columns`` declares a table, ``csv`` and ``xlsx`` write it, ``responses`` answers a request.
"""

from core.sheets.columns import Column, Sheet, as_text
from core.sheets.formats import Encoding, Format
from core.sheets.responses import asked_format, sheet_response

__all__ = ["Column", "Encoding", "Format", "Sheet", "as_text", "asked_format", "sheet_response"]
