"""The README says what is true: the two commands first, every option, every room."""

import re

from renkei.env import BASE_DIR, OPTIONS

README = (BASE_DIR / "README.md").read_text()
FIRST_SCREEN = "\n".join(README.splitlines()[:30])


def test_the_first_screen_shows_the_portal_and_the_two_commands():
    assert re.search(r"^make demo\b", FIRST_SCREEN, re.MULTILINE)
    assert re.search(r"^make test\b", FIRST_SCREEN, re.MULTILINE)
    [picture] = re.findall(r"!\[.+\]\((.+?)\)", FIRST_SCREEN)
    assert (BASE_DIR / picture).stat().st_size <= 200_000


def test_every_option_stands_in_the_table():
    rows = re.findall(r"^\| `([A-Z_]+)` \| (.*?) \| (.*?) \| (.*?) \|$", README, re.MULTILINE)
    assert rows == [
        (
            option.name,
            f"`{option.default}`" if option.default else "",
            "yes" if option.required_in_production else "",
            option.meaning,
        )
        for option in OPTIONS
    ]


def test_every_room_is_named_with_its_reason():
    rooms = {path.parent.name for path in BASE_DIR.glob("*/__init__.py")}
    rooms |= {"templates", "static", "docs", "bin", ".ci"}
    named = set(re.findall(r"`([\w.]+)/`", README.split("## Rooms")[1].split("## Data")[0]))
    assert rooms <= named
