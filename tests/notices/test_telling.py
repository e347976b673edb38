"""Who is told of a happening, once, and by which mail."""

from datetime import timedelta

import pytest
from django.contrib.contenttypes.models import ContentType

from core.addresses import absolute
from core.audit import System
from core.dates import today
from core.models import OutboxMail
from members.enums import UserKind
from members.models import Seat
from notices.enums import Pace, Reason
from notices.models import Notice
from notices.services import Happening, tell
from tests.factories.members import OfficeFactory, SeatFactory, UserFactory
from tests.factories.notices import PreferenceFactory

pytestmark = pytest.mark.django_db

BY = System("見本")
NEWS = Happening("tests.news:1", "見本の動きがありました", "/proposals/1/", None, {"期限": "明日"})


def mailed() -> list[str]:
    return sorted(OutboxMail.objects.values_list("to", flat=True))


def told(*audience: tuple[Seat, Reason], by=BY) -> int:
    return tell(NEWS, audience, by=by)


def test_a_notice_and_a_mail_with_all_that_is_needed_to_act():
    seat = SeatFactory()
    assert told((seat, Reason.WATCHED)) == 1
    notice = Notice.objects.get()
    assert (notice.seat, notice.text, notice.url) == (seat, NEWS.text, NEWS.url)
    assert (notice.pace, notice.mailed_at) == (Pace.NOW, notice.at)
    mail = OutboxMail.objects.get()
    lines = mail.body.split("\n")
    assert mail.to == seat.user.email
    assert mail.subject == f"［特別区全国連携プロジェクト］{NEWS.text}"
    assert lines[0] == f"{seat.user.display_name} 様"
    assert "期限　明日" in lines
    assert "この通知が届いた理由：フォローしているから" in lines
    links = [line for line in lines if line.startswith("http")]
    pages = (absolute(NEWS.url), absolute("/notices/settings/"), mail.unsubscribe_url)
    assert links == list(pages)


@pytest.mark.parametrize(
    ("pace", "reason", "is_mailed"),
    [
        ({"own": Pace.NOW}, Reason.OWN, True),
        ({"own": Pace.NONE}, Reason.OWN, False),
        ({"own": Pace.WEEKLY}, Reason.ADDRESSED, False),
        ({"watched": Pace.NONE}, Reason.WATCHED, False),
        ({"new": Pace.NOW}, Reason.NEW, True),
        ({}, Reason.NEW, False),
    ],
)
def test_the_choice_says_how_soon_a_mail_follows(pace, reason, is_mailed):
    preference = PreferenceFactory(**pace)
    told((preference.seat, reason))
    assert Notice.objects.get().pace == preference.pace_for(reason)
    assert bool(mailed()) == is_mailed


def test_nobody_is_told_twice():
    first, second = SeatFactory(), SeatFactory()
    told((first, Reason.OWN))
    assert told((first, Reason.WATCHED), (second, Reason.OWN)) == 1
    assert Notice.objects.count() == OutboxMail.objects.count() == 2


def test_of_several_reasons_the_foremost_is_told():
    seat = SeatFactory()
    told((seat, Reason.NEW), (seat, Reason.WATCHED), (seat, Reason.ADDRESSED))
    assert Notice.objects.get().reason == Reason.ADDRESSED


def test_a_person_with_two_seats_is_told_at_the_one_it_is_about():
    user = UserFactory()
    watching, own = SeatFactory(user=user), SeatFactory(user=user)
    assert told((watching, Reason.WATCHED), (own, Reason.OWN)) == 1
    assert Notice.objects.get().seat == own
    assert mailed() == [user.email]
    assert told((watching, Reason.WATCHED)) == 0


def test_a_shared_mailbox_gets_one_mail_for_its_office():
    user = UserFactory(kind=UserKind.OFFICE)
    seats = [SeatFactory(user=user) for _ in range(2)]
    told(*[(seat, Reason.OWN) for seat in reversed(seats)])
    mail = OutboxMail.objects.get()
    assert mail.body.startswith(f"{seats[1].office.signature} 御中")


def test_who_acts_and_who_has_left_are_left_out():
    actor, seat = SeatFactory(), SeatFactory()
    yesterday, tomorrow = today() - timedelta(days=1), today() + timedelta(days=1)
    others = [
        actor,
        SeatFactory(user=actor.user),
        SeatFactory(valid_until=yesterday),
        SeatFactory(valid_from=tomorrow),
        SeatFactory(user__is_active=False),
    ]
    audience = [(other, Reason.OWN) for other in [*others, seat]]
    for by in (actor, actor.user):
        told(*audience, by=by)
        assert [notice.seat for notice in Notice.objects.all()] == [seat]
    assert mailed() == [seat.user.email]


def test_queries_are_as_many_for_one_as_for_many(django_assert_num_queries):
    office = OfficeFactory()
    ContentType.objects.get_for_model(office)  # kept from then on
    for number, size in enumerate((1, 30)):
        kind = UserKind.OFFICE if number else UserKind.PERSONAL
        for _ in range(size):
            SeatFactory(office=office, user=UserFactory(kind=kind))
        audience = [(seat, Reason.OWN) for seat in Seat.objects.with_office().with_user()]
        happening = Happening(f"tests.many:{number}", "動き", "/", office, {"期限": "明日"})
        # a savepoint and its end; who was told, preferences, notices; of the outbox the known
        # keys, the dead addresses, the mails
        with django_assert_num_queries(8):
            assert tell(happening, audience, by=BY) == len(audience)
