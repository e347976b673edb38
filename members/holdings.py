"""What rooms above hold about a person: shown to them (自分の情報), and erased with them.

A room registers in ``AppConfig.ready`` what hangs on a person and not on their organization.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from members.models import User

type Columns = dict[str, Callable[[Any], Any]]


@dataclass(frozen=True)
class OwnPart:
    """One kind of what is held: a table, how many rows it has in all, and how it is corrected.

    ``key`` names the part for the page, which knows the addresses of the forms; ``way`` is the
    name and the URL name of a form that it does not know.
    """

    key: str
    title: str
    headings: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    correction: str
    total: int
    way: tuple[str, str] | None = None

    @property
    def more(self) -> int:
        """How many rows are not among ``rows``."""
        return self.total - len(self.rows)


def own_part(
    key: str,
    title: str,
    found: QuerySet | Sequence,
    columns: Columns,
    *,
    correction: str = "",
    limit: int | None,
    way: tuple[str, str] | None = None,
) -> OwnPart:
    """``found`` as a part: its newest ``limit`` rows, or all. One query, or two."""
    rows = list(found) if limit is None else list(found[:limit])
    is_cut = limit is not None and len(rows) == limit
    total = len(found) if isinstance(found, Sequence) else found.count() if is_cut else len(rows)
    values = [tuple(value(row) for value in columns.values()) for row in rows]
    return OwnPart(key, title, tuple(columns), values, correction, total, way)


@dataclass(frozen=True)
class Holding:
    """``list_parts`` gives the newest rows of each kind, or all without a limit, in a fixed
    number of queries; ``erase`` is called in the transaction that erases the person."""

    list_parts: Callable[[User, int | None], list[OwnPart]]
    erase: Callable[[User], None]


_holdings: dict[str, Holding] = {}


def register(name: str, holding: Holding) -> None:
    """Makes ``holding`` part of what is shown and erased. ``name`` is ``<app>.<thing>``.

    Raises ``ValueError`` when another one has the name.
    """
    if _holdings.get(name, holding) != holding:
        raise ValueError(f"a holding named {name} is registered already")
    _holdings[name] = holding


def holdings() -> list[Holding]:
    return list(_holdings.values())
