"""Cards that address books read: RFC 2426, sections 2.6 and 4, and what Outlook needs."""

import pytest

from core.vcards import LINE_BYTES, Line, card, card_response

LONG = "連絡先の名前がとても長い部署の係です。" * 12


def unfolded(content: bytes) -> list[str]:
    """The lines as a reader joins them: a break before one space is none."""
    return content.decode().replace("\r\n ", "").split("\r\n")


def test_a_card_is_framed_and_says_its_version():
    content = card([Line("N", ("", "", "", "", "")), Line("FN", "Renkei")])
    assert content == b"BEGIN:VCARD\r\nVERSION:3.0\r\nN:;;;;\r\nFN:Renkei\r\nEND:VCARD\r\n"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("a;b,c\\d", r"NOTE:a\;b\,c\\d"),
        ("a\r\nb\nc\rd", r"NOTE:a\nb\nc\nd"),
        ("a:b", "NOTE:a:b"),
        ("a\x0bTEL:110\u2028b\x85c", r"NOTE:a\nTEL:110\nb\nc"),
        (("a;b", "", "c"), r"NOTE:a\;b;;c"),
        ("END:VCARD\r\nTEL:110", r"NOTE:END:VCARD\nTEL:110"),
        # A reader that takes the PC's own encoding is told which one it is.
        ("坂井市", "NOTE;CHARSET=UTF-8:坂井市"),
    ],
)
def test_what_would_end_a_value_is_escaped(value, written):
    assert unfolded(card([Line("NOTE", value)]))[2] == written


def test_types_stand_before_the_value():
    lines = unfolded(card([Line("TEL", "03-5210-9747", ("WORK", "FAX"))]))
    assert lines[2] == "TEL;TYPE=WORK,FAX:03-5210-9747"


def test_an_empty_line_is_left_out_but_a_name_never():
    lines = unfolded(
        card([Line("N", ("", "")), Line("FN", ""), Line("TEL", ""), Line("ADR", ("",))])
    )
    assert lines[2:-2] == ["N:;", "FN:"]


@pytest.mark.parametrize("value", [LONG, "a" * 300, "𠮷" * 60, "x" * 70 + "連携"])
def test_long_lines_are_folded_between_characters(value):
    content = card([Line("NOTE", value)])
    assert all(len(line) <= LINE_BYTES for line in content.split(b"\r\n"))
    # Each part alone is UTF-8, and the parts together are what was written.
    parts = [line.decode() for line in content.split(b"\r\n")]
    assert any(part.startswith(" ") for part in parts)
    assert unfolded(content)[2].partition(":")[2] == value


def test_a_card_is_saved_under_its_name_and_nowhere_else():
    response = card_response(card([Line("FN", "x")]), "福井県坂井市　企画政策課")
    assert response["Content-Type"] == "text/vcard; charset=utf-8"
    assert response["Content-Disposition"].startswith('attachment; filename="contact.vcf"; ')
    assert "%E7%A6%8F" in response["Content-Disposition"]
    assert response["Cache-Control"] == "private, no-store"
