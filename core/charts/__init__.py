"""Charts: numbers as a picture, and the same numbers as one table.

``bars``, ``times`` and ``days`` turn numbers into the ``marks`` of a drawing; ``figures`` puts a drawing
beside its table, for the page, Excel and CSV alike. Nothing here knows what is counted.
"""

from core.charts.bars import Columns, Rows, Series, nice_ticks
from core.charts.days import Course, Due
from core.charts.figures import Cell, Figure, Table, TableRow
from core.charts.marks import Drawing
from core.charts.times import Change, Lollipops, Stated, Steps, Track

__all__ = [
    "Cell",
    "Change",
    "Columns",
    "Course",
    "Drawing",
    "Due",
    "Figure",
    "Lollipops",
    "Rows",
    "Series",
    "Stated",
    "Steps",
    "Table",
    "TableRow",
    "Track",
    "nice_ticks",
]
