"""What the parties of agreements and of joint projects share."""

from collections.abc import Iterable
from typing import Protocol

from core.text import joined
from members.models import Organization


class Party(Protocol):
    """An organization's part in an agreement or in a joint project."""

    organization: Organization


def names_of(parties: Iterable[Party]) -> str:
    """福井県坂井市、東京都品川区."""
    return joined(party.organization.full_name for party in parties)


def codes_of(parties: Iterable[Party]) -> str:
    """Their 団体コード in the order of the names; bodies without one are passed over."""
    return joined(code for party in parties if (code := party.organization.code))
