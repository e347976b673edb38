"""What tells of one person in rows that belong to others, and how it is taken out of them.

Whoever erases a person (a room above, which knows people) says by which addresses, names and
rows they were known; the mails, the links and the audit log are the core's to clear.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import pairwise
from typing import Any

from django.db import models

from core.enums import MailState
from core.models import MailLink, OutboxMail, UndeliverableAddress

# Stands where a name or an address stood.
ERASED = "（消去）"
# RFC 2606 2: nobody's mail ever goes there, and nobody can be reached or log in by it.
ERASED_DOMAIN = "erased.invalid"
# What follows a name and is written like one.
_POLITE = "さん|さま|様|殿|氏"
# Kanji, hiragana, katakana.
_SCRIPTS = (
    "[々\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]",
    "[\u3041-\u3096]",
    "[\u30a1-\u30fa\u30fc]",
)
_LONGEST_SUBJECT = 200
# Mails that are in memory at once.
_CHUNK = 1000
_ERASED_MAIL = {
    "to": f"mail@{ERASED_DOMAIN}",
    "subject": ERASED,
    "body": "",
    "unsubscribe_url": "",
    "last_error": "",
}
# The mails of the audit log's seals tell of nobody, and prove the seals.
_SEALS = "seal-"
_WAITING = (MailState.HELD, MailState.NEW, MailState.SENDING)


@dataclass(frozen=True)
class Traces:
    """By what one person is known.

    ``addresses`` and ``names`` are theirs alone, in lower case, and as pages and mails print
    them: 福井 一郎; ``shared_names`` somebody else bears too, so that such a name alone does not
    tell of them. ``objects`` are rows that tell of them alone, ``near`` rows that may name them
    among others, each as ``(app_label.model, key)``; ``seats`` are those they acted by.
    """

    addresses: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    shared_names: frozenset[str] = frozenset()
    objects: frozenset[tuple[str, str]] = frozenset()
    near: frozenset[tuple[str, str]] = frozenset()
    seats: frozenset[int] = frozenset()

    @cached_property
    def needles(self) -> list[str]:
        """What has to stand in a text that tells of the person, as ``flattened`` makes it."""
        return [flattened(part) for part in (*self.addresses, *self.names, *self.shared_names)]

    @cached_property
    def _addresses(self) -> re.Pattern[str]:
        """An address, but not the end or the beginning of a longer one."""
        known = _any_of(map(re.escape, self.addresses))
        before, after = r"(?<![0-9a-z._%+-])", r"(?![0-9a-z-]|\.[0-9a-z])"
        return re.compile(f"{before}(?:{known}){after}", re.IGNORECASE | re.ASCII)

    @cached_property
    def _names(self) -> re.Pattern[str]:
        """A name, but not a part of a longer one; mails are folded anywhere in it."""
        return re.compile(_any_of(map(_name_pattern, self.names)))

    @cached_property
    def _all_names(self) -> re.Pattern[str]:
        return re.compile(_any_of(map(_name_pattern, self.names | self.shared_names)))

    def may_be_in(self, flat: str) -> bool:
        """Whether ``flat``, a text without spaces in lower case, is worth a closer look."""
        return any(needle in flat for needle in self.needles)

    def without(self, text: str, *, is_near: bool) -> str:
        """``text`` with ``ERASED`` in place of the addresses and names.

        Shared names are meant where the text ``is_near``: where it may name the person at all.
        """
        if not self.may_be_in(flattened(text)):
            return text
        text = self._addresses.sub(ERASED, text)
        return (self._all_names if is_near else self._names).sub(ERASED, text)

    def are_in(self, value: Any, *, is_near: bool) -> bool:
        """Whether a value as JSON keeps it, a list of lists too, tells of the person."""
        if isinstance(value, list):
            return any(self.are_in(item, is_near=is_near) for item in value)
        return isinstance(value, str) and self.without(value, is_near=is_near) != value


class Crowd:
    """Several people, of whom a text or a row of the log seldom concerns one.

    Each text is read once for all of them: a hundred people are not looked for one by one in some
    ten thousand mails, while nobody else writes.
    """

    def __init__(self, people: Iterable[Traces]) -> None:
        self._by_start: dict[tuple[str, str], list[Traces]] = defaultdict(list)
        self._by_object: dict[tuple[str, str], list[Traces]] = defaultdict(list)
        self._by_seat: dict[int | None, list[Traces]] = defaultdict(list)
        for person in people:
            for needle in person.needles:
                self._by_start[needle[0], needle[1]].append(person)
            for key in person.objects:
                self._by_object[key].append(person)
            for seat in person.seats:
                self._by_seat[seat].append(person)

    def named_in(self, flat: str) -> list[Traces]:
        """Of whom ``flat`` may tell, a text as ``flattened`` makes it."""
        starts = self._by_start.keys() & pairwise(flat)
        found = dict.fromkeys(person for start in starts for person in self._by_start[start])
        return [person for person in found if person.may_be_in(flat)]

    def concerned(self, flat: str, about: tuple[str, str], seat_id: int | None) -> list[Traces]:
        """Of whom a row of the log may tell, by its values, its object, or who acted."""
        known = [*self._by_object.get(about, ()), *self._by_seat.get(seat_id, ())]
        return list(dict.fromkeys([*known, *self.named_in(flat)]))


def erased_address(row: models.Model) -> str:
    """What stands in ``row`` where its address stood: unlike that of any other row."""
    return f"{row._meta.model_name}-{row.pk}@{ERASED_DOMAIN}"


def is_erased(address: str) -> bool:
    """Whether ``address`` stands where one was erased."""
    return address.endswith(f"@{ERASED_DOMAIN}")


def erase_mails(before: datetime) -> int:
    """Erases to whom, and what, mails settled and written before then said; returns how many.

    The rows stay, with what became of them.
    """
    old = OutboxMail.objects.filter(created_at__lt=before).exclude(state__in=_WAITING)
    named = old.exclude(to=_ERASED_MAIL["to"]).exclude(key__startswith=_SEALS)
    return named.update(**_ERASED_MAIL)


def forget_mails(people: Sequence[Traces]) -> int:
    """Erases the mails to ``people``, and what names them in mails to others; returns how many.

    The rows stay, with what became of them. What still waits for one of the people is taken
    back; what waits for others leaves as it was written.
    """
    addresses = {address for person in people for address in person.addresses}
    own = OutboxMail.objects.filter(to__in=addresses)
    own.filter(state__in=_WAITING).update(state=MailState.CANCELLED)
    count = own.update(**_ERASED_MAIL)
    others = OutboxMail.objects.exclude(state__in=_WAITING).exclude(to=_ERASED_MAIL["to"])
    told = others.order_by("pk").values_list("pk", "subject", "body")
    crowd, changed = Crowd(people), []
    for pk, subject, body in told.iterator(chunk_size=_CHUNK):
        texts = [subject, body]
        left = _without_all(texts, crowd)
        if left != texts:
            changed.append((pk, left[0], left[1]))
    for pk, subject, body in changed:
        OutboxMail.objects.filter(pk=pk).update(subject=subject[:_LONGEST_SUBJECT], body=body)
    return count + len(changed)


def forget_addresses(people: Iterable[Traces]) -> None:
    """Deletes the links that were mailed to ``people``, and the notes that nothing reaches them."""
    addresses = {address for person in people for address in person.addresses}
    MailLink.objects.filter(to__in=addresses).delete()
    UndeliverableAddress.objects.filter(address__in=addresses).delete()


def _without_all(texts: Sequence[str], crowd: Crowd) -> list[str]:
    left = list(texts)
    for person in crowd.named_in(flattened(" ".join(texts))):
        left = [person.without(text, is_near=False) for text in left]
    return left


def flattened(text: str) -> str:
    """``text`` without spaces and folds, in lower case: as ``Traces.may_be_in`` takes it."""
    return "".join(text.split()).lower()


def _name_pattern(name: str) -> str:
    """``name`` where it begins and ends: no letter of the same script goes on with it.

    Japanese has no spaces between words: 担当の福井 一郎さん names 福井 一郎, 小福井 一郎 does not.
    """
    letters = "".join(name.split())
    first, last = _script(letters[0]), _script(letters[-1])
    folded = r"\s?".join(map(re.escape, letters))
    return rf"(?<!{first}){folded}(?:(?!{last})|(?={_POLITE}))"


def _script(letter: str) -> str:
    """The letters that may go on with a name that begins or ends with ``letter``."""
    return next((script for script in _SCRIPTS if re.match(script, letter)), r"[0-9A-Za-z]")


def _any_of(patterns: Iterable[str]) -> str:
    """A pattern for any of ``patterns``; one that matches nothing where there is none."""
    return "|".join(sorted(patterns, key=len, reverse=True)) or r"(?!)"
