"""Mergers, new names and new kinds of municipalities, on the real register."""

from datetime import date, timedelta

import pytest

from core import daily
from core.errors import DomainError
from core.models import AuditEntry, OutboxMail
from members import services
from members.enums import Action, ChangeKind, MunicipalityKind
from members.models import (
    Membership,
    Municipality,
    MunicipalityChange,
    Office,
    Organization,
    Succession,
)
from members.queries import associations_covering, coverage_rules, covered_on
from members.services import NewChange, NewMunicipality
from proposals.models import Proposal
from tests.dumping import dump
from tests.factories.agreements import (
    AgreementFactory,
    CollaborationFactory,
    CollaborationPartyFactory,
    PartyFactory,
)
from tests.factories.members import OfficeFactory
from tests.factories.proposals import DraftFactory, ProposalFactory
from tests.members.register.mergers import (
    DAY,
    DAYS,
    EVE,
    NEW_CITY,
    code,
    figures,
    member,
    merger,
    secretary,
    town,
)

pytestmark = pytest.mark.usefixtures("record")


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to("2027-02-10 10:00+09:00", tick=False)
    return time_machine


@pytest.fixture
def staff(record):
    return secretary()


class TestMerger:
    """井手町, a member, and 宇治田原町, which is none, become 綴喜市."""

    def test_every_day_before_answers_as_before_and_the_day_is_right(self, staff, clock):
        member(town("井手町"))
        before = {day: figures(day) for day in [*DAYS, EVE]}
        after_before = figures(DAY)
        services.record_change(merger("井手町", "宇治田原町"), by=staff)
        assert {day: figures(day) for day in [*DAYS, EVE]} == before
        clock.move_to("2027-04-01 00:10+09:00", tick=False)
        daily.run()
        assert {day: figures(day) for day in [*DAYS, EVE]} == before
        after = figures(DAY)
        assert len(after["register"]) == len(after_before["register"]) - 1 == 1740
        # Both towns stood under 京都府町村会, the city stands under 京都府市長会: both signed.
        assert len(after["covered"]) == len(after_before["covered"]) - 1
        assert len(after["members"]) == len(after_before["members"]) == 1
        kyoto = {code: count for code, count, _ in after["map"]}["26"]
        assert kyoto == {code: count for code, count, _ in after_before["map"]}["26"] - 1
        assert NEW_CITY.code in {row[0] for row in after["prefecture"]}
        assert "263435" not in {row[0] for row in after["prefecture"]}

    def test_coverage_follows_the_kind(self, staff):
        services.record_change(merger("井手町", "宇治田原町"), by=staff)
        city = Municipality.objects.get(code=NEW_CITY.code)
        former = Municipality.objects.get(code="263435")
        assert [body.name for body in associations_covering(city, DAY)] == ["京都府市長会"]
        assert associations_covering(city, EVE) == []
        assert [body.name for body in associations_covering(former, EVE)] == ["京都府町村会"]
        assert associations_covering(former, DAY) == []

    def test_register_and_membership_hold_from_the_day(self, staff):
        lead = member(town("井手町"))
        first, second = services.record_change(merger("井手町", "宇治田原町"), by=staff)
        city = Municipality.objects.get(code=NEW_CITY.code)
        assert (city.valid_from, city.valid_until, city.kind) == (DAY, None, "市")
        assert city.organization.record_key == city.code
        assert city.organization.full_name == "京都府綴喜市"
        for row in (first, second):
            assert (row.former.valid_until, row.current) == (EVE, city)
        old, new = Membership.objects.order_by("joined")
        assert (old.organization, old.left) == (lead.organization, EVE)
        assert (new.organization, new.joined, new.left) == (city.organization, DAY, None)
        assert (first.succession.closed, first.succession.opened) == (old, new)
        assert (second.succession.closed, second.succession.opened) == (None, None)

    def test_offices_and_seats_move_on_the_day(self, staff, clock):
        lead, other = member(town("井手町")), member(town("宇治田原町"), "総務課")
        days = (lead.valid_from, lead.valid_until)
        change = merger("井手町", "宇治田原町")
        services.record_change(change, main_office=other.office, by=staff)
        assert services.apply_changes(EVE) == 0
        assert Office.objects.get(pk=lead.office_id).organization == lead.organization
        clock.move_to("2027-04-03 10:00+09:00", tick=False)  # the first days were missed
        daily.run()
        city = Organization.objects.get(municipality__code=NEW_CITY.code)
        assert {(office.name, office.is_main) for office in city.offices.all()} == {
            ("企画課", False),
            ("総務課", True),
        }
        lead.refresh_from_db()
        assert (lead.valid_from, lead.valid_until) == days
        assert lead.office.signature == "京都府綴喜市　企画課"
        assert "つづきし" in Office.objects.get(pk=lead.office_id).search_text
        assert {mail.to for mail in OutboxMail.objects.all()} == {lead.user.email, other.user.email}
        assert "京都府井手町　企画課" in OutboxMail.objects.get(to=lead.user.email).body
        assert services.apply_changes(DAY) == 0

    def test_a_day_that_is_here_is_carried_out_at_once(self, staff):
        lead = member(town("井手町"))
        services.record_change(merger("井手町", "宇治田原町", day=date(2027, 2, 10)), by=staff)
        assert Office.objects.get(pk=lead.office_id).organization.name == "綴喜市"
        assert not Succession.objects.waiting().exists()

    def test_the_main_office_is_asked_where_several_could_be(self, staff):
        member(town("井手町"))
        member(town("宇治田原町"), "総務課")
        before = dump("members", "core")
        with pytest.raises(DomainError, match="代表になる部署を選んでください"):
            services.record_change(merger("井手町", "宇治田原町"), by=staff)
        elsewhere = OfficeFactory(organization=town("精華町").organization)
        with pytest.raises(DomainError, match="かかわる団体の部署から"):
            services.record_change(merger("井手町", "宇治田原町"), main_office=elsewhere, by=staff)
        elsewhere.delete()
        assert dump("members", "core") == before

    def test_what_goes_on_moves_and_the_rest_keeps_its_name(self, staff, clock):
        lead = member(town("井手町"))
        body = lead.organization
        own = {"organization": body, "office": lead.office, "signature": lead.office.signature}
        open_one, draft = ProposalFactory(**own), DraftFactory(**own)
        withdrawn = ProposalFactory(
            **own,
            status="withdrawn",
            ending_reason="見本",
            ended_at="2027-01-01 00:00+09:00",
        )
        party = PartyFactory(agreement=AgreementFactory(), organization=body)
        partner = CollaborationPartyFactory(
            collaboration=CollaborationFactory(status="under_way"), organization=body
        )
        change = merger("井手町", "宇治田原町")
        told = {item.title: item.lines for item in services.consequences(change)}
        assert told["連携提案（綴喜市に移ります）"] == [f"{open_one.title}（募集中）", "下書き1件"]
        assert draft.title not in str(told)
        assert told["協定（元の名称のまま残ります）"] == [str(party.agreement)]
        assert len(told["連携事業（元の名称のまま残ります）"]) == 1
        services.record_change(change, by=staff)
        clock.move_to("2027-04-01 00:10+09:00", tick=False)
        services.apply_changes(DAY)
        city = Organization.objects.get(municipality__code=NEW_CITY.code)
        rows = {row.pk: row for row in Proposal.objects.all()}
        assert rows[open_one.pk].organization == rows[draft.pk].organization == city
        assert rows[withdrawn.pk].organization == body
        assert {row.signature for row in rows.values()} == {"京都府井手町　企画課"}
        assert rows[draft.pk].signed_as == "京都府綴喜市　企画課"
        seat = city.offices.get().seats.get()
        assert seat.may_write
        assert rows[open_one.pk].organization_id == seat.office.organization_id
        for row in (party, partner):
            row.refresh_from_db()
            assert row.organization == body

    def test_the_profile_goes_on(self, staff, clock):
        body = member(town("井手町")).organization
        body.introduction, body.website = "紹介文です。", "https://example.jp/"
        body.save()
        services.record_change(merger("井手町", "宇治田原町"), by=staff)
        clock.move_to("2027-04-01 00:10+09:00", tick=False)
        services.apply_changes(DAY)
        city = Organization.objects.get(municipality__code=NEW_CITY.code)
        assert (city.introduction, city.website) == ("紹介文です。", "https://example.jp/")

    def test_who_joins_before_the_day_is_passed_on_as_well(self, staff, clock):
        services.record_change(merger("井手町", "宇治田原町"), by=staff)
        clock.move_to("2027-03-10 10:00+09:00", tick=False)
        former = Municipality.objects.get(code="263435").organization
        joined = date(2027, 3, 10)
        services.open_membership(former, joined=joined, by=staff)
        clock.move_to("2027-04-01 00:10+09:00", tick=False)
        daily.run()
        old, new = Membership.objects.order_by("joined")
        assert (old.organization, old.joined, old.left) == (former, joined, EVE)
        assert (new.organization.name, new.joined, new.left) == ("綴喜市", DAY, None)

    def test_a_successor_that_leaves_before_the_day_stays_out(self, staff, clock):
        member(town("井手町"))
        services.record_change(merger("井手町", "宇治田原町"), by=staff)
        opened = Membership.objects.get(joined=DAY)
        services.withdraw_membership(opened, left=DAY, by=staff, reason="申出")
        clock.move_to("2027-04-01 00:10+09:00", tick=False)
        assert services.apply_changes(DAY) == 2
        assert Membership.objects.get(joined=DAY).left == DAY


class TestIncorporation:
    """編入 of 井手町 into 城陽市."""

    def test_into_a_member(self, staff, clock):
        lead, city = member(town("井手町")), member(town("城陽市"), "政策課")
        services.record_change(merger("井手町", successor=town("城陽市")), by=staff)
        assert Membership.objects.get(organization=lead.organization).left == EVE
        assert Membership.objects.get(organization=city.organization).left is None
        clock.move_to("2027-04-01 00:10+09:00", tick=False)
        services.apply_changes(DAY)
        offices = city.organization.offices
        assert [(row.name, row.is_main) for row in offices.order_by("pk")] == [
            ("企画課", False),
            ("政策課", True),
        ]
        assert town("城陽市").valid_from is None

    def test_of_a_member_into_one_that_is_none(self, staff):
        member(town("井手町"))
        services.record_change(merger("井手町", successor=town("城陽市")), by=staff)
        opened = Membership.objects.get(organization=town("城陽市").organization)
        assert (opened.joined, opened.left) == (DAY, None)

    def test_another_of_its_own_offices_becomes_the_main_one(self, staff, clock):
        member(town("井手町"))
        city = member(town("城陽市"), "政策課").organization
        other = OfficeFactory(organization=city, name="秘書課", is_main=False)
        change = merger("井手町", successor=town("城陽市"))
        services.record_change(change, main_office=other, by=staff)
        clock.move_to("2027-04-01 00:10+09:00", tick=False)
        services.apply_changes(DAY)
        assert [office.name for office in city.offices.filter(is_main=True)] == ["秘書課"]

    def test_of_nobody(self, staff):
        services.record_change(merger("井手町", successor=town("城陽市")), by=staff)
        assert not Membership.objects.exists()
        assert Municipality.objects.on(DAY).count() == 1740


class TestCity:
    """精華町 becomes 精華市."""

    CITY = NewMunicipality(code("26216"), "精華市", "セイカシ", MunicipalityKind.CITY)

    def test_changes_code_kind_membership_and_association(self, staff, clock):
        lead = member(town("精華町"))
        change = NewChange(DAY, ChangeKind.TOWN_TO_CITY, (town("精華町"),), self.CITY)
        services.record_change(change, by=staff)
        city = Municipality.objects.get(code=self.CITY.code)
        assert city.former_names == "精華町"
        assert Organization.objects.found_by("精華町").filter(municipality=city).exists()
        assert Municipality.objects.on(EVE).count() == Municipality.objects.on(DAY).count() == 1741
        assert [m.joined for m in Membership.objects.on(DAY)] == [DAY]
        assert [m.organization for m in Membership.objects.on(EVE)] == [lead.organization]
        clock.move_to("2027-04-01 00:10+09:00", tick=False)
        services.apply_changes(DAY)
        assert Office.objects.get(pk=lead.office_id).is_main
        associations = covered_on(list(Organization.objects.filter(coverages__isnull=False)), DAY)
        names = {
            body.name
            for body in Organization.objects.filter(pk__in=associations)
            if city.pk in associations[body.pk]
        }
        assert names == {"京都府市長会"}


class TestTown:
    """南山城村 becomes 南山城町: towns and villages of a district share their codes."""

    TOWN = NewMunicipality(
        "263672", "南山城町", "ミナミヤマシロチョウ", MunicipalityKind.TOWN, "相楽郡"
    )

    def test_keeps_its_code_and_was_a_village_on_every_day_before(self, staff, clock):
        body = member(town("南山城村")).organization
        change = NewChange(DAY, ChangeKind.VILLAGE_TO_TOWN, (town("南山城村"),), self.TOWN)
        assert services.change_refusals(change) == []
        kinds = kyoto_kinds(EVE)
        services.record_change(change, by=staff)
        clock.move_to("2027-04-01 00:10+09:00", tick=False)
        services.apply_changes(DAY)
        row = Municipality.objects.get(code="263672")
        assert (row.name, row.kind, row.former_names) == ("南山城町", "町", "南山城村")
        assert row.organization == body
        assert Membership.objects.get().left is None
        assert kyoto_kinds(EVE) == kinds
        assert kyoto_kinds(DAY) == {"町": kinds["町"] + 1}
        assert kinds["村"] == 1

    def test_of_a_village_alone(self, staff):
        change = NewChange(DAY, ChangeKind.VILLAGE_TO_TOWN, (town("井手町"),), self.TOWN)
        assert ("formers", "京都府井手町は町です。村を選んでください") in services.change_refusals(
            change
        )


def kyoto_kinds(day: date) -> dict[str, int]:
    """How many municipalities of each kind 京都府町村会 covers on ``day``."""
    body = Organization.objects.get(name="京都府町村会")
    rules = coverage_rules([body])
    return dict(rules.kinds_on(day, rules.on(day)[body.pk]))


class TestRename:
    """精華町 is called 学研町 from the day on; the code stays."""

    NAME = NewMunicipality("263664", "学研町", "ガッケンチョウ", MunicipalityKind.TOWN, "相楽郡")

    @pytest.fixture
    def change(self, staff) -> MunicipalityChange:
        change = NewChange(DAY, ChangeKind.RENAME, (town("精華町"),), self.NAME)
        return services.record_change(change, by=staff)[0]

    def test_comes_on_its_day_with_its_past(self, staff, clock):
        lead = member(town("精華町"))
        post = ProposalFactory(
            organization=lead.organization, office=lead.office, signature=lead.office.signature
        )
        before = {day: figures(day) for day in (*DAYS, EVE)}
        change = NewChange(DAY, ChangeKind.RENAME, (town("精華町"),), self.NAME)
        services.record_change(change, by=staff)
        assert {day: figures(day) for day in (*DAYS, EVE)} == before
        clock.move_to("2027-04-01 00:10+09:00", tick=False)
        services.apply_changes(DAY)
        row = Municipality.objects.get(code="263664")
        assert (row.name, row.kana, row.former_names) == ("学研町", "ガッケンチョウ", "精華町")
        assert (row.valid_from, row.valid_until) == (None, None)
        assert row.organization.full_name == "京都府学研町"
        assert Membership.objects.get().left is None
        lead.office.refresh_from_db()
        assert "がっけんちょう" in lead.office.search_text
        post.refresh_from_db()
        assert (post.signature, post.organization) == ("京都府精華町　企画課", row.organization)

    def test_another_code_is_refused(self, staff):
        new = NewMunicipality(code("26399"), "学研町", "ガッケンチョウ", MunicipalityKind.TOWN)
        change = NewChange(DAY, ChangeKind.RENAME, (town("精華町"),), new)
        assert services.change_refusals(change) == [
            ("code", "名称変更では、団体コードは変わりません。空けてください")
        ]

    def test_is_corrected_before_and_after_its_day(self, change, staff, clock):
        slip = NewMunicipality(
            "263664", "学研都市町", "ガッケントシチョウ", MunicipalityKind.TOWN, "相楽郡"
        )
        services.correct_change(change, slip, by=staff, reason="官報と違うため")
        assert town("精華町")
        clock.move_to("2027-04-01 00:10+09:00", tick=False)
        services.apply_changes(DAY)
        assert Municipality.objects.get(code="263664").name == "学研都市町"
        change.refresh_from_db()
        services.correct_change(change, self.NAME, by=staff, reason="官報と違うため")
        row = Municipality.objects.get(code="263664")
        assert (row.name, row.former_names) == ("学研町", "精華町")
        assert AuditEntry.objects.filter(action=Action.CORRECT_CHANGE).count() == 2


def test_a_dated_exception_needs_no_end_when_its_municipality_ends(staff):
    body = Organization.objects.get(name="京都府市長会")
    body.coverage_exceptions.create(municipality=town("井手町"), included=True)
    former = town("井手町")
    services.record_change(merger("井手町", "宇治田原町"), by=staff)
    assert former.pk in covered_on([body], EVE)[body.pk]
    assert former.pk not in covered_on([body], EVE + timedelta(days=1))[body.pk]


def test_nobody_joins_before_it_begins_or_after_it_has_ended(staff):
    services.record_change(merger("井手町", "宇治田原町"), by=staff)
    former = Municipality.objects.get(code="263435").organization
    city = Municipality.objects.get(code=NEW_CITY.code).organization
    for body, day in ((former, DAY), (city, EVE)):
        with pytest.raises(DomainError, match="という市区町村はありません"):
            services.open_membership(body, joined=day, by=staff)
    assert not Membership.objects.exists()
