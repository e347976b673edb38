"""Which mail addresses are known to be a municipality's."""

import pytest

from members.addresses import is_municipal


@pytest.mark.parametrize(
    "host",
    [
        "city.sakai.lg.jp",
        "mail.city.sakai.lg.jp",
        "town.minamiechizen.lg.jp",
        "vill.shirakawa.lg.jp",
        "pref.fukui.lg.jp",
        "metro.tokyo.lg.jp",
        "city.sakai.fukui.jp",
        "town.okutama.tokyo.jp",
        "vill.shirakawa.gifu.jp",
        "city.kobe.jp",
        "pref.fukui.jp",
        "metro.tokyo.jp",
        "CITY.SAKAI.LG.JP",
    ],
)
def test_known(host: str):
    assert is_municipal(f"kikaku@{host}")


@pytest.mark.parametrize(
    "host",
    [
        "example.com",
        "city.example.co.jp",
        "city.example.or.jp",
        "city.example.jp",
        "city.sakai.lg.jp.example.com",
        "city-sakai.lg.jp",
        "lg.jp",
        "city.lg.jp",
        "tokyo.jp",
        "example.tokyo.jp",
        "pref.example.fukui.jp",
        "metro.fukui.jp",
        "cityxsakai.lg.jp",
        "city..lg.jp",
    ],
)
def test_unknown(host: str):
    assert not is_municipal(f"kikaku@{host}")


def test_only_what_follows_the_last_at_counts():
    assert not is_municipal('"a@city.sakai.lg.jp"@example.com')
