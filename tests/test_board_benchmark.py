"""The measurement of the board runs from end to end; how fast anything is, is not asked here."""

import re
import subprocess
import sys

from renkei.env import BASE_DIR

PAGES = ["bare", "board", "filtered board", "board search", "proposal", "member home"]
SEARCHES = ["two characters", "common words", "rare words", "three words"]


def test_a_small_run_prints_its_tables():
    command = [sys.executable, "-m", "benchmarks.board", "--small"]
    run = subprocess.run(command, cwd=BASE_DIR, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    pages, searches = run.stdout.split("\n\n")
    line = r"^(\S+(?: \S+)*) +\d+ +[\d.]+ +\d+% +(\d+), \2$"
    assert [name for name, _queries in re.findall(line, pages, re.MULTILINE)] == PAGES
    assert re.findall(r"^(\w+ \w+) +\d+ +[\d.]+ +[\d.]+$", searches, re.MULTILINE) == SEARCHES
