"""What the tests of offers begin with: a proposal, and how far an offer on it has come."""

from core import once
from members.models import Seat, User
from proposals import services
from proposals.models import Offer
from tests.factories.proposals import ProposalFactory

SAID, ANSWERED = "内密の相談があります。", "内密の返事です。"


def raised(author: Seat, ward: Seat, **fields) -> Offer:
    """An offer of ``ward`` on a new proposal of ``author``."""
    proposal = ProposalFactory(office=author.office, **fields)
    return services.raise_offer(proposal, by=ward, message=SAID)


def talking(author: Seat, ward: Seat, **fields) -> Offer:
    """Such an offer whose talk has begun, with a word from either side."""
    offer = services.start_talk(raised(author, ward, **fields), by=author)
    services.send_message(offer, by=author, body=ANSWERED)
    return offer


def reread(seat: Seat) -> User:
    """The person of a seat, as the next request reads them."""
    return User.objects.get(pk=seat.user_id)


def sent(**answers) -> dict[str, object]:
    """What a form of the pages posts, with a token of its own."""
    return {**answers, "token": once.new_token()}
