"""Folding for search, tidying of what people type, and texts that list things."""

import pytest

from core import text


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("サカイシ", "さかいし"),
        ("ｻｶｲｼ", "さかいし"),
        ("ＤＸ推進", "dx推進"),
        ("AI-OCR", "ai-ocr"),
        ("㈱見本", "(株)見本"),
        ("ガス", "がす"),
        ("ヴィレッジ", "ゔぃれっじ"),
        ("スーパー", "すーぱー"),
        ("龍ケ崎市", "龍け崎市"),
        ("第①回", "第1回"),
        ("か\u3099す", "がす"),
    ],
)
def test_search_sees_through_width_case_and_kana(typed, folded):
    assert text.fold(typed) == folded


def test_a_voiced_sound_is_a_sound_of_its_own():
    assert text.fold("ガス") != text.fold("カス")


@pytest.mark.parametrize(
    "typed", ["182109", "１８２１０９", "18-2109", "18 2109", "１８ー２１０９"]
)
def test_digits_without_their_dress(typed):
    assert text.normalise_digits(typed) == "182109"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("さかいし", "サカイシ"),
        (" ｻｶｲｼ ", "サカイシ"),
        ("すーぱー", "スーパー"),
        ("サカイ　シ", "サカイ シ"),
    ],
)
def test_kana_is_stored_as_katakana_and_keeps_its_long_sound(typed, stored):
    assert text.normalise_kana(typed) == stored


def test_an_address_keeps_its_hyphen():
    assert text.normalise_email(" Ｌｅａｄ-1@Example.LG.jp ") == "lead-1@example.lg.jp"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("03-5210-9747", "03-5210-9747"),
        ("０３ー５２１０ー９７４７", "03-5210-9747"),
        ("03 5210 9747", "03-5210-9747"),
        ("（03）5210-9747", "03-5210-9747"),
        ("03－5210−9747", "03-5210-9747"),
        ("0352109747", "0352109747"),
        ("", ""),
    ],
)
def test_a_telephone_number_keeps_its_parts(typed, stored):
    assert text.normalise_phone(typed) == stored


@pytest.mark.parametrize("typed", ["1020072", "102-0072", "〒102-0072", "１０２－００７２"])
def test_a_postal_code_is_seven_digits(typed):
    assert text.normalise_postal_code(typed) == "1020072"


def test_a_text_lists_one_thing_a_line():
    assert text.lines_of(" 産業\r\n\n　観光 \n") == ["産業", "観光"]
    assert text.lines_of("") == []


def test_things_are_joined_by_their_names():
    assert text.joined(["産業", 2]) == "産業、2"
    assert text.joined([]) == ""
