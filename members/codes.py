"""全国地方公共団体コード: five digits and a check digit."""

from core.text import normalise_digits


def check_digit(five_digits: str) -> int:
    """The sixth digit of a code.

    Source: 総務省「全国地方公共団体コード仕様」: the digits weighted 6, 5, 4, 3, 2; the last
    digit of 11 minus the sum's remainder by 11 (a sum under 11 is subtracted from 11).
    """
    total = sum(
        int(digit) * weight for digit, weight in zip(five_digits, (6, 5, 4, 3, 2), strict=True)
    )
    return (11 - total % 11) % 10


def is_code(text: str) -> bool:
    """Whether ``text`` is six ASCII digits whose check digit holds."""
    return (
        len(text) == 6
        and text.isascii()
        and text.isdecimal()
        and int(text[5]) == check_digit(text[:5])
    )


def possible_codes(text: str) -> list[str]:
    """The codes that ``text`` may mean, typed in any width; none when it is no code.

    Five digits lack their check digit or their leading zero, and may mean either.
    """
    digits = normalise_digits(text)
    if not digits.isascii() or not digits.isdecimal():
        return []
    readings = [digits]
    if len(digits) == 5:
        readings = [f"{digits}{check_digit(digits)}", f"0{digits}"]
    return [reading for reading in readings if is_code(reading)]
