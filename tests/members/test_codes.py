"""全国地方公共団体コード."""

import pytest

from members.codes import check_digit, is_code, possible_codes


@pytest.mark.parametrize(
    ("five_digits", "digit"),
    [
        ("18210", 9),  # 坂井市: 6+40+8+3+0 = 57, 57 mod 11 = 2, 11 - 2 = 9
        ("13109", 1),  # 品川区
        ("01100", 2),  # 札幌市: 0+5+4+0+0 = 9, 11 - 9 = 2
        ("47382", 1),  # 与那国町: 24+35+12+24+4 = 99, 99 mod 11 = 0, 11 mod 10 = 1
        ("20000", 0),  # 長野県: 12, 11 - 1 = 10, its last digit
    ],
)
def test_the_check_digit(five_digits, digit):
    assert check_digit(five_digits) == digit


@pytest.mark.parametrize("text", ["182109", "011002", "131091"])
def test_a_code(text):
    assert is_code(text)


@pytest.mark.parametrize(
    "text", ["182108", "812109", "18210", "1821090", "", "18210９", "18210a", "坂井市", " 182109"]
)
def test_no_code(text):
    assert not is_code(text)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("182109", ["182109"]),
        ("１８２１０９", ["182109"]),
        ("18-2109", ["182109"]),
        (" 182109 ", ["182109"]),
        # Either the check digit is missing or, by chance, a leading zero.
        ("18210", ["182109", "018210"]),
        ("１８２１０", ["182109", "018210"]),
        # Excel has eaten the leading zero of 札幌市, 011002.
        ("11002", ["110027", "011002"]),
        ("01100", ["011002"]),
    ],
)
def test_a_code_as_people_type_it(text, codes):
    assert possible_codes(text) == codes


@pytest.mark.parametrize("text", ["182108", "1821", "1821099", "坂井市", "", "ー", "二", "-"])
def test_what_is_no_code_means_none(text):
    assert possible_codes(text) == []
