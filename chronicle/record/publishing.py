"""The policy pages to begin with."""

from pathlib import Path

from chronicle.models import Page
from core.record import DataRow, Outcome

DATA = Path(__file__).parent.parent / "data"


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
