"""Rows of the members' room."""

import datetime

import factory
from allauth.account.models import EmailAddress
from django.utils import timezone
from factory.django import DjangoModelFactory

from core.dates import fiscal_year_of, today
from members.codes import check_digit
from members.enums import CoveredKinds, MunicipalityKind, OrganizationKind, Role
from members.models import (
    Application,
    ApplicationPerson,
    Campaign,
    Confirmation,
    Coverage,
    CoverageException,
    Handover,
    Invitation,
    LoginChange,
    Membership,
    Municipality,
    MunicipalityChange,
    Office,
    Organization,
    Prefecture,
    Seat,
    Theme,
    User,
)

PASSWORD = "ためしの合い言葉 2026"

_NAMES = {"03": "岩手県", "13": "東京都", "18": "福井県", "26": "京都府", "32": "島根県"}


def code_of(five_digits: str) -> str:
    """The six-digit code with its check digit."""
    return f"{five_digits}{check_digit(five_digits)}"


class PrefectureFactory(DjangoModelFactory):
    """One row per code, however often it is asked for."""

    class Meta:
        model = Prefecture
        django_get_or_create = ("code",)

    code = "32"
    code6 = factory.LazyAttribute(lambda o: code_of(f"{o.code}000"))
    name = factory.LazyAttribute(lambda o: _NAMES.get(o.code, f"第{o.code}県"))
    kana = "ケン"
    region = "地方"
    tile_row = factory.LazyAttribute(lambda o: int(o.code))
    tile_column = 1


class MunicipalityFactory(DjangoModelFactory):
    """A town of 島根県 with a code of its own: no real number is above 694 in any prefecture."""

    class Meta:
        model = Municipality

    class Params:
        number = factory.Sequence(lambda n: n % 300 + 700)

    prefecture = factory.SubFactory(PrefectureFactory)
    code = factory.LazyAttribute(lambda o: code_of(f"{o.prefecture.code}{o.number}"))
    name = factory.LazyAttribute(lambda o: f"見本{o.number}町")
    kana = "ミホンチョウ"
    kind = MunicipalityKind.TOWN


class MunicipalityChangeFactory(DjangoModelFactory):
    class Meta:
        model = MunicipalityChange

    date = datetime.date(2018, 10, 1)
    kind = "town_to_city"
    former = factory.SubFactory(MunicipalityFactory, valid_until=datetime.date(2018, 9, 30))
    former_name = factory.SelfAttribute("former.name")
    current = factory.SubFactory(MunicipalityFactory, valid_from=datetime.date(2018, 10, 1))
    current_name = factory.SelfAttribute("current.name")


class ThemeFactory(DjangoModelFactory):
    class Meta:
        model = Theme
        django_get_or_create = ("name",)

    name = factory.Sequence(lambda n: f"分野{n}")


class OrganizationFactory(DjangoModelFactory):
    """A municipality's organization."""

    class Meta:
        model = Organization

    kind = OrganizationKind.MUNICIPALITY
    municipality = factory.SubFactory(MunicipalityFactory)
    prefecture = factory.SelfAttribute("municipality.prefecture")
    name = factory.SelfAttribute("municipality.name")
    kana = factory.SelfAttribute("municipality.kana")


class WardFactory(OrganizationFactory):
    """A special ward of 東京都."""

    municipality = factory.SubFactory(
        MunicipalityFactory,
        prefecture__code="13",
        number=factory.Sequence(lambda n: n % 49 + 150),
        name=factory.LazyAttribute(lambda o: f"見本{o.number}区"),
        kana="ミホンク",
        kind=MunicipalityKind.WARD,
    )


class BodyFactory(DjangoModelFactory):
    """An organization that is no municipality."""

    class Meta:
        model = Organization
        django_get_or_create = ("name",)

    kind = OrganizationKind.OTHER
    name = factory.Sequence(lambda n: f"見本団体{n}")


class AssociationFactory(BodyFactory):
    """A 町村会; its rule is a ``CoverageFactory`` row of its own."""

    kind = OrganizationKind.TOWN_ASSOCIATION
    prefecture = factory.SubFactory(PrefectureFactory)
    name = factory.Sequence(lambda n: f"見本県町村会{n}")


class CompanyFactory(BodyFactory):
    kind = OrganizationKind.COMPANY
    name = factory.Sequence(lambda n: f"見本{n}株式会社")


class SecretariatFactory(BodyFactory):
    """特別区長会."""

    kind = OrganizationKind.WARD_MAYORS
    name = "特別区長会"


class WardCouncilFactory(BodyFactory):
    """公益財団法人特別区協議会, the other body of the secretariat."""

    kind = OrganizationKind.WARD_COUNCIL
    name = "公益財団法人特別区協議会"


class CoverageFactory(DjangoModelFactory):
    class Meta:
        model = Coverage

    organization = factory.SubFactory(AssociationFactory)
    prefecture = factory.SelfAttribute("organization.prefecture")
    kinds = CoveredKinds.TOWNS


class CoverageExceptionFactory(DjangoModelFactory):
    class Meta:
        model = CoverageException

    organization = factory.SubFactory(AssociationFactory)
    municipality = factory.SubFactory(MunicipalityFactory)
    included = True


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    organization = factory.SubFactory(OrganizationFactory)
    joined = datetime.date(2020, 4, 1)


class OfficeFactory(DjangoModelFactory):
    """The main office of a municipality."""

    class Meta:
        model = Office

    organization = factory.SubFactory(OrganizationFactory)
    name = "企画課"
    is_main = True
    postal_code = "9190592"
    address = "見本町1-1"
    phone = "0776-50-3010"
    email = factory.Sequence(lambda n: f"kikaku{n}@example.lg.jp")


class UserFactory(DjangoModelFactory):
    """A personal account with a verified address and ``PASSWORD``."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@example.lg.jp")
    password = PASSWORD
    family_name = "見本"
    given_name = factory.Sequence(lambda n: f"{n}号")

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        return model_class.objects.create_user(*args, **kwargs)

    @factory.post_generation
    def verified(self, create, extracted, **kwargs):
        if create and extracted is not False:
            EmailAddress.objects.create(user=self, email=self.email, primary=True, verified=True)


class LoginChangeFactory(DjangoModelFactory):
    """A login address that its owner has changed today; no mail has been written."""

    class Meta:
        model = LoginChange

    user = factory.SubFactory(UserFactory)
    before = factory.Sequence(lambda n: f"before{n}@example.lg.jp")
    after = factory.SelfAttribute("user.email")
    changed_by = "利用者本人"


class SeatFactory(DjangoModelFactory):
    """A lead's seat since April 2020, at a municipality of its own."""

    class Meta:
        model = Seat

    user = factory.SubFactory(UserFactory)
    office = factory.SubFactory(OfficeFactory)
    role = Role.LEAD
    valid_from = datetime.date(2020, 4, 1)


class InvitationFactory(DjangoModelFactory):
    """A deputy's seat offered to 見本 新任 from today on; no mail has been written."""

    class Meta:
        model = Invitation

    office = factory.SubFactory(OfficeFactory)
    role = Role.DEPUTY
    email = factory.Sequence(lambda n: f"invited{n}@example.lg.jp")
    family_name = "見本"
    given_name = "新任"
    valid_from = factory.LazyFunction(today)
    sent_by = factory.SelfAttribute("office.signature")
    expires_at = factory.LazyFunction(lambda: timezone.now() + datetime.timedelta(days=14))


class HandoverFactory(DjangoModelFactory):
    """A lead's seat passed to 見本 後任 from tomorrow on; no mail has been written."""

    class Meta:
        model = Handover

    seat = factory.SubFactory(SeatFactory)
    email = factory.Sequence(lambda n: f"successor{n}@example.lg.jp")
    family_name = "見本"
    given_name = "後任"
    last_day = factory.LazyFunction(today)
    first_day = factory.LazyFunction(lambda: today() + datetime.timedelta(days=1))
    sent_by = factory.SelfAttribute("seat.office.signature")
    expires_at = factory.LazyFunction(lambda: timezone.now() + datetime.timedelta(days=30))


def _free_year() -> int:
    """This fiscal year, or the last before it without a campaign."""
    taken = set(Campaign.objects.values_list("fiscal_year", flat=True))
    return next(year for year in range(fiscal_year_of(today()), 0, -1) if year not in taken)


class CampaignFactory(DjangoModelFactory):
    """A campaign of this fiscal year that nobody has started; its first reminder is in a week."""

    class Meta:
        model = Campaign

    fiscal_year = factory.LazyFunction(_free_year)
    deputies_on = factory.LazyFunction(lambda: today() + datetime.timedelta(days=7))
    office_on = factory.LazyFunction(lambda: today() + datetime.timedelta(days=14))
    deadline = factory.LazyFunction(lambda: today() + datetime.timedelta(days=21))
    desk_on = factory.LazyFunction(lambda: today() + datetime.timedelta(days=22))
    opening = "年度に一度の確認をお願いします。"
    reminder = "確認がまだお済みでないようです。"


class ConfirmationFactory(DjangoModelFactory):
    """An office that a running campaign asks; no mail has been written."""

    class Meta:
        model = Confirmation

    campaign = factory.SubFactory(CampaignFactory, started_at=factory.LazyFunction(timezone.now))
    office = factory.SubFactory(OfficeFactory)


class ApplicationFactory(DjangoModelFactory):
    """An application that waits for the secretariat, with its lead."""

    class Meta:
        model = Application
        skip_postgeneration_save = True

    organization = factory.SubFactory(OrganizationFactory)
    office_name = "企画課"
    address = "見本町1-1"
    phone = "0776-50-3010"
    purpose = "連携の相手を探すため。"

    applicant = factory.RelatedFactory(
        "tests.factories.members.ApplicationPersonFactory", factory_related_name="application"
    )


class ApplicationPersonFactory(DjangoModelFactory):
    """The lead of an application, at an address that only municipalities have."""

    class Meta:
        model = ApplicationPerson

    application = factory.SubFactory(ApplicationFactory, applicant=None)
    role = Role.LEAD
    email = factory.Sequence(lambda n: f"moushikomi{n}@town.mihon.lg.jp")
    family_name = "見本"
    given_name = "花子"
