"""Pages of lists whose rows are counted elsewhere, or not to the end."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest

# Nobody turns so many pages; a number beyond is a mistake or an attack.
_LAST = 100_000
# So many keys are counted, and more as far as somebody turns the pages; more than the last
# number are never shown.
COUNTED = 1000
MOST_COUNTED = 10_000
# The pager links the next page, and the end behind it.
PAGES_AHEAD = 2


class CountedPaginator(Paginator):
    """A paginator that is told how many rows there are; ``is_capped``: that there are more.

    A capped one knows no last page. ``rows`` need only be sliceable.
    """

    def __init__(self, rows: Any, per_page: int, *, count: int, is_capped: bool = False) -> None:
        super().__init__(rows, per_page)
        self.count = count
        self.is_capped = is_capped

    def _check_object_list_is_ordered(self) -> None:
        """Whoever gives the rows orders them."""


class KeyPaginator(CountedPaginator):
    """Pages of ``keys`` in their order, sliceable, which are looked up once for page and count.

    ``page`` is the one that is asked for: they are looked up little further.
    """

    def __init__(self, keys: Any, per_page: int, *, page: int) -> None:
        most = min(max(COUNTED, (page + PAGES_AHEAD) * per_page), MOST_COUNTED)
        found = list(keys[: most + 1])
        shown = found[:most]
        super().__init__(shown, per_page, count=len(shown), is_capped=len(found) > most)


def page_number(request: HttpRequest) -> int:
    """The page that the address asks for; 1 where it asks for none, or for nonsense."""
    typed = request.GET.get("page", "")
    return min(int(typed), _LAST) if typed.isdecimal() and len(typed) < 7 else 1
