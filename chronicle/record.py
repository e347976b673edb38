"""The stated figures of the public record, and the policy pages to begin with."""

from pathlib import Path
from typing import Any

from chronicle.enums import Action
from chronicle.models import Page, StatedFigure
from core.audit import Actor
from core.models import Source
from core.record import (
    DataRow,
    Outcome,
    link_sources,
    load_rows,
    note_run,
    read_rows,
    recorded,
    recorded_values,
)

DATA = Path(__file__).parent / "data"


def load_chronicle(sources: dict[str, Source], *, by: Actor) -> list[Outcome]:
    """Brings in stated_figures.csv and the policy pages. Raises ``RecordError``."""
    return note_run(Action.LOAD_RECORD, [load_figures(sources), load_pages()], by=by)


def load_figures(sources: dict[str, Source]) -> Outcome[StatedFigure]:
    outcome = load_rows(
        recorded(StatedFigure),
        StatedFigure,
        read_rows(DATA / "stated_figures.csv"),
        key=lambda row: row["id"],
        values=_figure_values,
    )
    link_sources(outcome, sources)
    return outcome


def _figure_values(row: DataRow) -> dict[str, Any]:
    return recorded_values(row) | {
        "metric": row["metric"],
        "value": row.number("value"),
        "unit": row["unit"],
        "qualifier": row["qualifier"],
        "as_of_earliest": row.day("as_of_earliest"),
        "as_of_latest": row.day("as_of_latest"),
        "description": row["description"],
        "refers_to": row["refers_to"],
        "in_charts": row.flag("chart"),
    }


def load_pages() -> Outcome[Page]:
    """Adds the policy pages that are missing: headings that the secretariat fills.

    Each is a file ``<order>-<slug>.md`` whose first line is the title. A page that is there
    is the secretariat's own and stays as it is.
    """
    outcome: Outcome[Page] = Outcome(str(Page._meta.verbose_name))
    outcome.by_key = {page.slug: page for page in Page.objects.all()}
    for path in sorted((DATA / "pages").glob("*.md")):
        order, _, slug = path.stem.partition("-")
        if slug in outcome.by_key:
            continue
        title, _, body = path.read_text(encoding="utf-8").partition("\n")
        page = Page(
            slug=slug, title=title.removeprefix("# "), body=body.strip(), order=10 * int(order)
        )
        outcome.by_key[slug] = page
        outcome.added.append((DataRow(path.name, {}), page))
    Page.objects.bulk_create(page for _, page in outcome.added)
    return outcome
