"""Which mail addresses are known to be a municipality's."""

import re

# Only local governments get a name under these: attribute type LG.JP of JPRS, and the older
# geographic names with city, town, vill, pref or metro before the name and the prefecture.
_LABEL = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
_MUNICIPAL = re.compile(
    rf"(?:{_LABEL}\.)*(?:city|town|vill|pref|metro)\.{_LABEL}\.(?:lg|{_LABEL}(?:\.{_LABEL})?)\.jp"
)


def is_municipal(email: str) -> bool:
    """Whether ``email`` is under city.NAME.lg.jp, pref.NAME.lg.jp … or the older NAME.PREFECTURE.jp."""
    return bool(_MUNICIPAL.fullmatch(email.rpartition("@")[2].lower()))
