"""Which mail addresses are known to be a municipality's.

Under LG.JP only local governments get a name (JPRS, 属性型JPドメイン名). Before that they had
geographic names (地域型JPドメイン名): city, town or vill before the place and the prefecture, or
before one of seven designated cities; pref or metro before the prefecture.
"""

import re

_LABEL = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
_PREFECTURE = (
    "hokkaido|aomori|iwate|miyagi|akita|yamagata|fukushima|ibaraki|tochigi|gunma|saitama|chiba|"
    "tokyo|kanagawa|niigata|toyama|ishikawa|fukui|yamanashi|nagano|gifu|shizuoka|aichi|mie|shiga|"
    "kyoto|osaka|hyogo|nara|wakayama|tottori|shimane|okayama|hiroshima|yamaguchi|tokushima|"
    "kagawa|ehime|kochi|fukuoka|saga|nagasaki|kumamoto|oita|miyazaki|kagoshima|okinawa"
)
# The designated cities that have a geographic name of their own.
_CITY = "sapporo|sendai|yokohama|kawasaki|nagoya|kobe|kitakyushu"
_MUNICIPAL = re.compile(
    rf"(?:{_LABEL}\.)*"
    r"(?:"
    rf"(?:city|town|vill|pref|metro)\.{_LABEL}\.lg"
    rf"|(?:city|town|vill)\.{_LABEL}\.(?:{_PREFECTURE})"
    rf"|city\.(?:{_CITY})"
    rf"|pref\.(?:{_PREFECTURE})"
    r"|metro\.tokyo"
    r")\.jp"
)


def is_municipal(email: str) -> bool:
    """Whether ``email`` is under city.NAME.lg.jp, pref.NAME.lg.jp …, or an older such name."""
    return bool(_MUNICIPAL.fullmatch(email.rpartition("@")[2].lower()))
