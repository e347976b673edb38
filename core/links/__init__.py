"""Personal links in mails, and the 8-character code that does what the link does.

A room registers what its links open (``register``), issues one for each mail (``issue``), and
notes that it has done its work (``use``). The pages of ``/c/`` find it again.
"""

from core.links.issuing import (
    Issued,
    Purpose,
    cancel,
    find,
    is_open,
    issue,
    issue_all,
    purpose_of,
    register,
    use,
)

__all__ = [
    "Issued",
    "Purpose",
    "cancel",
    "find",
    "is_open",
    "issue",
    "issue_all",
    "purpose_of",
    "register",
    "use",
]
