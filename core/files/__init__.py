"""添付ファイル: files of records, of any room.

``register`` lets a model have files; ``core.forms.attachments`` takes them in a form and
``apply_change`` gives them to the record; ``attachments_of`` lists what a reader may open. What is
taken, and why not, is in ``kinds``; the page is ``views``, the daily run ``sweeping``.
"""

from core.files.kinds import HINT, FileRefused
from core.files.owners import ask_levels, attachments_of, readable, register
from core.files.receiving import FileChange, Uploader, apply_change, receive, texts_of

__all__ = [
    "HINT",
    "FileChange",
    "FileRefused",
    "Uploader",
    "apply_change",
    "ask_levels",
    "attachments_of",
    "readable",
    "receive",
    "register",
    "texts_of",
]
