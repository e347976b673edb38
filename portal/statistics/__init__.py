"""統計・資料: figures computed from the public record for any day, as charts and as tables.

``reading`` reads the record once, one module per subject counts it, ``core.charts`` turns the
numbers into coordinates, and ``page`` says which figures there are.
"""
