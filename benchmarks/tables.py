"""What the measurements print."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.load import Outcome


@dataclass(frozen=True)
class Line:
    """A page under load; ``ratio`` is to the bare page that was read in turn with it."""

    name: str
    outcome: Outcome
    ratio: float


def print_pages(
    lines: Sequence[Line], few_rows: Mapping[str, int], many_rows: Mapping[str, int]
) -> None:
    """One line for each page, with its queries where there are few rows, and all of them."""
    print(f"{'page':16}{'requests/s':>12}{'p95 ms':>9}{'to bare':>9}{'queries: few, all rows':>24}")
    for line in lines:
        queries = f"{few_rows[line.name]}, {many_rows[line.name]}"
        print(
            f"{line.name:16}{line.outcome.rate:>12.0f}{1000 * line.outcome.p95:>9.1f}"
            f"{line.ratio:>9.0%}{queries:>24}"
        )


def print_searches(searches: Mapping[str, Sequence[float]]) -> None:
    """How long the database takes for the first page, by kind of words; in seconds."""
    print(f"\n{'first page for':16}{'searches':>12}{'p50 ms':>9}{'p95 ms':>9}   (in the database)")
    for name, seconds in searches.items():
        p95 = sorted(seconds)[int(len(seconds) * 0.95)]
        print(f"{name:16}{len(seconds):>12}{1000 * median(seconds):>9.1f}{1000 * p95:>9.1f}")
