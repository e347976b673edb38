"""What cannot be recorded as a change, and where the page says so."""

from datetime import date

import pytest

from core.dates import day_text
from core.errors import NotAllowed
from members import services
from members.enums import ChangeKind, MunicipalityKind
from members.models import Municipality
from members.services import ChangeRefused, NewChange
from tests.dumping import dump
from tests.factories.members import ApplicationFactory, MembershipFactory
from tests.members.register.mergers import DAY, NEW_CITY, code, member, merger, new, secretary, town

pytestmark = [pytest.mark.usefixtures("record"), pytest.mark.once]


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to("2027-02-10 10:00+09:00", tick=False)
    return time_machine


@pytest.fixture
def staff(record):
    return secretary()


@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        (
            lambda: merger("井手町", "宇治田原町", day=date(2072, 4, 1)),
            "date",
            "施行日は、2030年（令和12年）2月10日までの日付にしてください",
        ),
        (
            lambda: NewChange(DAY, ChangeKind.MERGER, (), NEW_CITY),
            "formers",
            "変更前の市区町村を選んでください",
        ),
        (
            lambda: NewChange(
                DAY, ChangeKind.MERGER, (town("井手町"), town("高浜町", "福井県")), NEW_CITY
            ),
            "formers",
            "変更前の市区町村は、同じ都道府県から選んでください",
        ),
        (
            lambda: NewChange(
                DAY, ChangeKind.MERGER, (Municipality.objects.get(code="131091"),), town("井手町")
            ),
            "formers",
            "東京都品川区は特別区のため、選べません",
        ),
        (
            lambda: NewChange(
                DAY, ChangeKind.MERGER, (Municipality.objects.get(code="093670"),), town("井手町")
            ),
            "formers",
            "栃木県岩舟町は、2014年（平成26年）4月4日で廃止されています",
        ),
        (
            lambda: NewChange(
                date(2010, 4, 1),
                ChangeKind.MERGER,
                (Municipality.objects.get(code="042161"),),
                Municipality.objects.get(code="041009"),
            ),
            "formers",
            "宮城県富谷市は、2016年（平成28年）10月10日からの市区町村です",
        ),
        (
            lambda: NewChange(
                DAY, ChangeKind.TOWN_TO_CITY, (town("井手町"), town("宇治田原町")), NEW_CITY
            ),
            "formers",
            "「町から市へ」のときは、変更前の市区町村を1つだけ選んでください",
        ),
        (
            lambda: NewChange(DAY, ChangeKind.VILLAGE_TO_CITY, (town("井手町"),), NEW_CITY),
            "formers",
            "京都府井手町は町です。村を選んでください",
        ),
        (
            lambda: merger("井手町"),
            "formers",
            "新しい市区町村ができる合併では、変更前を2つ以上選んでください",
        ),
        (
            lambda: NewChange(DAY, ChangeKind.TOWN_TO_CITY, (town("井手町"),), town("城陽市")),
            "existing",
            "今ある市区町村を選べるのは、「合併・編入」のときだけです",
        ),
        (
            lambda: merger("井手町", successor=town("井手町")),
            "existing",
            "変更前とは別の市区町村を選んでください",
        ),
        (
            lambda: merger("井手町", successor=town("敦賀市", "福井県")),
            "existing",
            "変更前と同じ京都府の市区町村を選んでください",
        ),
        (
            lambda: NewChange(
                DAY,
                ChangeKind.RENAME,
                (town("南山城村"),),
                new(code="263672", name="南山城町", kind=MunicipalityKind.TOWN),
            ),
            "municipality_kind",
            "名称変更では、市・町・村の別は変わりません。空けてください",
        ),
        (
            lambda: NewChange(
                DAY,
                ChangeKind.RENAME,
                (town("井手町"),),
                new(code="263435", name="出町", kind=MunicipalityKind.TOWN, district="相楽郡"),
            ),
            "district",
            "名称変更では、郡は変わりません。空けてください",
        ),
        (
            lambda: NewChange(
                DAY,
                ChangeKind.VILLAGE_TO_TOWN,
                (town("南山城村"),),
                new(name="南山城町", kind=MunicipalityKind.TOWN),
            ),
            "code",
            "村から町になるときは、団体コードは変わりません。空けてください",
        ),
        (
            lambda: merger("井手町", "宇治田原町", successor=new(code="262150")),
            "code",
            "団体コードは、検査数字を含む6桁の数字で入力してください",
        ),
        (
            lambda: merger("井手町", "宇治田原町", successor=new(code=code("18215"))),
            "code",
            "京都府の団体コードは26で始まります",
        ),
        (
            lambda: merger("井手町", "宇治田原町", successor=new(code="261009")),
            "code",
            "この団体コードは、すでに台帳にあります（京都府京都市）",
        ),
        (
            lambda: merger("井手町", "宇治田原町", successor=new(name="綴喜町")),
            "name",
            "名称は「市」で終わるように入力してください",
        ),
        (
            lambda: merger("井手町", "宇治田原町", successor=new(name="城陽市")),
            "name",
            "京都府城陽市（262072）が、すでにあります",
        ),
        (
            lambda: merger("井手町", "宇治田原町", successor=new(kana="")),
            "kana",
            "カナを入力してください",
        ),
        (
            lambda: NewChange(
                DAY,
                ChangeKind.TOWN_TO_CITY,
                (town("井手町"),),
                new(kind=MunicipalityKind.VILLAGE, name="井手村"),
            ),
            "municipality_kind",
            "変更後の種類は、市を選んでください",
        ),
        (
            lambda: merger("井手町", "宇治田原町", successor=new(district="綴喜郡")),
            "district",
            "市には郡がありません。空けてください",
        ),
    ],
)
def test_what_is_refused_says_where_and_changes_nothing(staff, change, field, sentence):
    wrong = change()
    assert (field, sentence) in services.change_refusals(wrong)
    before = dump("members", "core")
    with pytest.raises(ChangeRefused):
        services.record_change(wrong, by=staff)
    assert dump("members", "core") == before


class TestSuccessorsMembership:
    """What would leave a gap, or stop the day, is said before anything is recorded."""

    def refusals(self) -> list[tuple[str, str]]:
        return services.change_refusals(merger("井手町", successor=town("城陽市")))

    def test_one_that_ends_or_begins_after_the_day_is_settled_first(self, staff):
        member(town("井手町"))
        body = town("城陽市").organization
        end, begin = date(2027, 5, 31), date(2027, 6, 1)
        ended = MembershipFactory(organization=body, joined=date(2018, 6, 1), left=end)
        (refusal,) = self.refusals()
        assert refusal == (
            "existing",
            f"京都府城陽市の会員登録は{day_text(end)}で終わります。先に会員登録を確かめてください",
        )
        ended.delete()
        MembershipFactory(organization=body, joined=begin)
        assert "2027年（令和9年）6月1日からです" in self.refusals()[0][1]

    def test_an_application_is_settled_first(self, staff):
        member(town("井手町"))
        ApplicationFactory(organization=town("城陽市").organization)
        assert "会員登録申請を処理しています" in self.refusals()[0][1]

    def test_does_not_matter_where_no_former_one_is_a_member(self, staff):
        MembershipFactory(organization=town("城陽市").organization, joined=date(2027, 6, 1))
        assert self.refusals() == []


def test_only_the_secretariat_records(staff):
    lead = member(town("井手町"))
    before = dump("members", "core")
    with pytest.raises(NotAllowed):
        services.record_change(merger("井手町", "宇治田原町"), by=lead)
    assert dump("members", "core") == before


def test_a_second_change_of_the_same_town_waits(staff):
    services.record_change(merger("井手町", successor=town("城陽市")), by=staff)
    change = NewChange(
        DAY, ChangeKind.MERGER, (town("久御山町"),), Municipality.objects.get(name="城陽市")
    )
    assert services.change_refusals(change) == [
        ("existing", "京都府城陽市には、まだ施行日の来ていない変更が登録されています")
    ]


def test_a_fault_half_way_leaves_everything_as_it_was(staff, monkeypatch):
    member(town("井手町"))
    before = dump("members", "core", "proposals")

    def broken(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr("members.services.register.changes.recording.pass_membership_on", broken)
    with pytest.raises(RuntimeError):
        services.record_change(merger("井手町", "宇治田原町"), by=staff)
    assert dump("members", "core", "proposals") == before
