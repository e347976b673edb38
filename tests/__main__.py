"""``python -m tests``: every check and every test, and one closing summary.

The tests run on SQLite; then on PostgreSQL those that ask for the database, but for tests of
pages and forms whose statements others send as well; then in a browser. What the machine lacks
for a part is said and skipped; with ``CI=true`` or ``RENKEI_NO_SKIP=1`` it is a failure.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import FrameType
from xml.etree import ElementTree

from tests import postgres
from tests.browser import chromium

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
PROCESSES = 2  # at once
SKIPS_FAIL = os.environ.get("CI") == "true" or os.environ.get("RENKEI_NO_SKIP") == "1"


def main() -> int:
    """Runs everything, also after a failure, and returns the exit code."""
    signal.signal(signal.SIGTERM, _stop)
    os.chdir(ROOT)
    start = time.monotonic()
    commands = checks()
    with ThreadPoolExecutor(PROCESSES) as pool:
        outcome = sum(pool.map(check, commands, commands.values()), Counter[str]())
    outcome += run_pytest("SQLite", ["-n", str(PROCESSES)])
    outcome += on_postgres()
    outcome += in_browser()
    print(summary(outcome, time.monotonic() - start), flush=True)
    return 1 if outcome["failed"] else 0


def checks() -> dict[str, list[str]]:
    """The commands that look at the code without running the portal."""
    templates = sorted(map(str, Path("templates").rglob("*.html")))
    return {
        "format": ["ruff", "format", "--check", "--quiet", "."],
        "lint": ["ruff", "check", "--quiet", "."],
        "templates": ["djade", "--target-version", "6.1", "--check", *templates],
        # A fast exit would leave the scratch directory of tests.settings behind.
        "types": ["mypy", "--no-fast-exit", "--no-error-summary"],
        "import contracts": ["lint-imports"],
        "migrations": ["python", "manage.py", "makemigrations", "--check", "--dry-run"],
    }


def check(name: str, command: list[str]) -> Counter[str]:
    """Runs one check; prints what it says only when it fails. A failure counts as one."""
    result = subprocess.run(
        [str(BIN / command[0]), *command[1:]],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        env=environment() | {"DJANGO_SETTINGS_MODULE": "tests.settings"},
    )
    if result.returncode == 0:
        print(f"check {name}: passed", flush=True)
        return Counter()
    print(f"check {name}: FAILED\n{result.stdout}", flush=True)
    return Counter(failed=1)


def on_postgres() -> Counter[str]:
    try:
        with postgres.server() as url:
            # What asks for no database, or for nothing new (tests/conftest.py), answers as above.
            arguments = ["-m", "database and not once and not browser", "-n", str(PROCESSES)]
            return run_pytest("PostgreSQL", arguments, DATABASE_URL=url)
    except postgres.Unavailable as error:
        return skipped("PostgreSQL", str(error))


def in_browser() -> Counter[str]:
    if chromium.path() is None:
        return skipped("browser", "Chromium is not installed (Debian: apt install chromium)")
    # Half of the files for each process, which serves a demo of its own, until one has no more.
    arguments = ["tests/browser", "-m", "browser", "-n", str(PROCESSES), "--dist", "worksteal"]
    return run_pytest("browser", arguments)


def skipped(part: str, reason: str) -> Counter[str]:
    print(f"\n{part} tests {'FAILED' if SKIPS_FAIL else 'SKIPPED'}: {reason}", flush=True)
    return Counter({"failed" if SKIPS_FAIL else "skipped": 1})


def run_pytest(part: str, arguments: list[str], **variables: str) -> Counter[str]:
    """Runs pytest in a process of its own and counts its results."""
    print(f"\n{part} tests", flush=True)
    with tempfile.TemporaryDirectory(prefix="renkei-results-") as directory:
        report = Path(directory) / "report.xml"
        command = [str(BIN / "pytest"), "-q", "-rfEs", f"--junitxml={report}", *arguments]
        with subprocess.Popen(command, env=environment() | variables) as process:
            code = wait(process)
        counted = results(report) if report.exists() else Counter[str]()
    if code and not counted["failed"]:  # it did not even start, or found no test
        counted["failed"] += 1
    return counted


def environment() -> dict[str, str]:
    """This process's variables without a database of the developer's.

    Whether or not Python may write bytecode beside the code, the tests are compiled once and
    not by every process anew.
    """
    left = ("DATABASE_URL", "PYTHONDONTWRITEBYTECODE")
    kept = {name: value for name, value in os.environ.items() if name not in left}
    return {"PYTHONPYCACHEPREFIX": str(ROOT / ".pytest_cache" / "bytecode")} | kept


def wait(process: subprocess.Popen[bytes]) -> int:
    """The exit code of ``process``. When this process is to stop, that one stops first."""
    try:
        return process.wait()
    except KeyboardInterrupt:  # Ctrl-C reached it too
        process.wait()
        raise
    except SystemExit:
        process.send_signal(signal.SIGINT)
        process.wait()
        raise


def results(report: Path) -> Counter[str]:
    """The tests of a JUnit report by outcome."""
    suite = ElementTree.parse(report).getroot().find("testsuite")
    if suite is None:
        return Counter()
    count = {name: int(suite.get(name, 0)) for name in ("tests", "failures", "errors", "skipped")}
    failed = count["failures"] + count["errors"]
    passed = count["tests"] - failed - count["skipped"]
    return Counter(passed=passed, failed=failed, skipped=count["skipped"])


def summary(outcome: Counter[str], seconds: float) -> str:
    """The closing line, as pytest writes its own."""
    names = [name for name in ("failed", "passed", "skipped") if outcome[name]]
    counts = ", ".join(f"{outcome[name]} {name}" for name in names) or "no tests ran"
    return f"\n===== {counts} in {seconds:.2f}s ====="


def _stop(number: int, frame: FrameType | None) -> None:
    """SIGTERM ends the run as an exception does, so that servers are stopped."""
    raise SystemExit(128 + number)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
