"""あゆみ: the whole record as one chronology, every happening once.

``nodes`` says what each table tells, ``bundling`` which records are one happening, ``places``
where a date stands, ``entries`` what is printed; ``reading`` reads it all.
"""

from portal.timeline.entries import Entry, Year, by_year, cite, count_kinds
from portal.timeline.nodes import KINDS
from portal.timeline.reading import chronology, fill, landmarks

__all__ = [
    "KINDS",
    "Entry",
    "Year",
    "by_year",
    "chronology",
    "cite",
    "count_kinds",
    "fill",
    "landmarks",
]
