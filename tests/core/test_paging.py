"""Pages of lists whose rows are not counted to the end."""

import pytest

from core.paging import KeyPaginator


@pytest.mark.parametrize(
    ("rows", "asked", "count", "is_capped", "shown"),
    [
        (0, 1, 0, False, []),
        (1000, 50, 1000, False, [980, 999]),
        (1001, 1, 1000, True, [0, 19]),
        (5000, 100, 2040, True, [1980, 1999]),
        (2001, 100, 2001, False, [1980, 1999]),
        (20_000, 9999, 10_000, True, [9980, 9999]),
    ],
)
def test_keys_are_counted_as_far_as_somebody_turns_the_pages(rows, asked, count, is_capped, shown):
    paginator = KeyPaginator(range(rows), 20, page=asked)
    assert (paginator.count, paginator.is_capped) == (count, is_capped)
    keys = paginator.get_page(asked).object_list
    assert [*keys[:1], *keys[-1:]] == shown
