"""The terms of use that members accept."""

from django.conf import settings

from chronicle.models import Page
from members.terms import Terms


def terms_in_force() -> Terms | None:
    """利用規約 as it is published; None while there is no page, or none that is linked.

    An unfinished one is linked in the embedded demo only, as at the foot of every page.
    """
    page = Page.objects.linked(unfinished=settings.EMBEDDED).terms().first()
    return page and Terms(page.edition, page.title, page.get_absolute_url(), page.html)
