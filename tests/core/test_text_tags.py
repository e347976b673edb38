"""Where a line of printed text may end (``{% load text %}``)."""

import pytest

from core.templatetags.text import address, breakable


@pytest.mark.parametrize(
    ("text", "markup"),
    [
        ("職員派遣", "職員派遣"),
        ("甲県／乙県", '<span class="nobr">甲県／</span><wbr>乙県'),
        (
            "職員派遣、支援金の提供（甲県/乙県）",
            '職員派遣、支援金の提供<span class="nobr">（甲県/</span><wbr>乙県）',
        ),
        ("<b>", "&lt;b&gt;"),
        ("", ""),
    ],
)
def test_names_joined_by_strokes_stay_whole(text: str, markup: str):
    assert breakable(text) == markup


@pytest.mark.parametrize(
    ("text", "markup"),
    [
        ("kikaku@city.example.lg.jp", "kikaku<wbr>@city<wbr>.example<wbr>.lg<wbr>.jp"),
        ("03-5210-9747", "03-5210-9747"),
        ("", ""),
        ("<b>@x", "&lt;b&gt;<wbr>@x"),
    ],
)
def test_a_mail_address_ends_its_lines_before_its_signs(text, markup):
    assert address(text) == markup
