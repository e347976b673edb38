"""One search for every list: all words of the query, inside words, any width and kana.

A row is found by the folded text it keeps (``SearchTextField``), and ``match`` compares every
word with it. Where a table is large, its field is ``indexed``: then ``core.search.indexes``
narrows the rows down first, with the same answers.
"""

from core.search.excerpts import excerpt
from core.search.fields import SearchTextField
from core.search.matching import MOST_WORDS, match, words

__all__ = ["MOST_WORDS", "SearchTextField", "excerpt", "match", "words"]
