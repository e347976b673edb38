"""The admin of the agreements' room."""

from datetime import date

import pytest

from agreements.enums import Action, Side
from agreements.models import Agreement, AgreementParty
from core.models import AuditEntry
from tests.factories.agreements import AgreementFactory, PartyFactory
from tests.factories.members import AssociationFactory, SecretariatFactory
from tests.secretariat import csv_of, secretary_client, sentences, typed, url

pytestmark = pytest.mark.django_db

ADD = url("agreements.agreement", "add")


@pytest.fixture
def client():
    return secretary_client("プロジェクト")


@pytest.fixture
def filled() -> dict[str, object]:
    """An agreement of the wards' mayors with two associations of one prefecture."""
    cities = AssociationFactory(name="見本県市長会", kind="city_association")
    towns = AssociationFactory(name="見本県町村会")
    parties = [
        ("special_wards", SecretariatFactory()),
        ("counterpart", cities),
        ("counterpart", towns),
    ]
    return {
        "title": "連携協力に関する協定",
        "kind": "wide_area",
        "earliest": "令和8年11月20日",
        "precision": "day",
        "renews": "auto",
        "confidence": "high",
        "place": "都庁",
        **{
            f"parties-{number}-{name}": value
            for number, (side, organization) in enumerate(parties)
            for name, value in (("side", side), ("organization", organization.pk))
        },
    }


def errors(response) -> str:
    assert response.status_code == 200
    assert response.context["errors"]
    return response.content.decode()


@pytest.mark.once
class TestAdd:
    def test_an_agreement_with_two_associations(self, client, filled):
        response = client.post(ADD, typed(client.get(ADD), **filled), follow=True)
        assert "を追加しました" in sentences(response)[0]
        agreement = Agreement.objects.get()
        assert (agreement.earliest, agreement.latest) == (date(2026, 11, 20),) * 2
        sides = agreement.parties.values_list("side", "organization__name")
        assert set(sides) == {
            (Side.SPECIAL_WARDS, "特別区長会"),
            (Side.COUNTERPART, "見本県市長会"),
            (Side.COUNTERPART, "見本県町村会"),
        }
        entry = AuditEntry.objects.get()
        assert entry.action == Action.ADD
        assert entry.changes["title"] == [None, "連携協力に関する協定"]
        assert entry.changes["parties"] == [
            None,
            ["特別区側／特別区長会／0", "相手方／見本県市長会／0", "相手方／見本県町村会／0"],
        ]

    def test_a_second_sending_adds_nothing(self, client, filled):
        data = typed(client.get(ADD), **filled)
        first, second = client.post(ADD, data), client.post(ADD, data)
        assert first.url == second.url
        assert Agreement.objects.count() == 1
        assert AuditEntry.objects.count() == 1

    @pytest.mark.once
    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"title": ""}, "題名を入力してください"),
            ({"kind": ""}, "種類を選んでください"),
            (
                {"latest": "2026-11-19"},
                "最も遅い日は、最も早い日（2026年11月20日）以降の日付にしてください",
            ),
            ({"earliest": "2026-13-01"}, "月は、1から12までの数字で入力してください"),
            ({"earliest": "平成99年4月1日"}, "平成は31年4月30日までです"),
            (
                {"earliest": "きのう"},
                "「2026-11-22」または「令和8年11月22日」のように入力してください",
            ),
            ({"earliest": "", "latest": "2026-11-19"}, "最も早い日を入力してください"),
            ({"precision": "between"}, "「範囲のみ」のときは、最も遅い日も入力してください"),
            ({"ends_on": "2027-11-19"}, "満了日は、更新が「更新なし」の協定だけに入力してください"),
            ({"parties-0-side": "counterpart"}, "特別区側と相手方を1団体以上ずつ選んでください"),
            ({"parties-1-side": ""}, "側を選んでください"),
            ({"parties-1-organization": "0"}, "団体は、選択肢の中から選んでください"),
        ],
    )
    def test_bad_input_is_told_at_the_field_and_adds_nothing(
        self, changes, sentence, client, filled
    ):
        response = client.post(ADD, typed(client.get(ADD), **(filled | changes)))
        assert sentence in errors(response)
        assert response.context["adminform"].form["place"].value() == "都庁"
        assert not Agreement.objects.exists()
        assert not AuditEntry.objects.exists()

    @pytest.mark.parametrize(
        ("precision", "bounds"),
        [
            ("month", (date(2026, 11, 1), date(2026, 11, 30))),
            ("year", (date(2026, 1, 1), date(2026, 12, 31))),
            ("fiscal_year", (date(2026, 4, 1), date(2027, 3, 31))),
        ],
    )
    def test_one_day_says_the_month_or_the_year(self, precision, bounds, client, filled):
        client.post(ADD, typed(client.get(ADD), **(filled | {"precision": precision})))
        agreement = Agreement.objects.get()
        assert (agreement.earliest, agreement.latest) == bounds


class TestChange:
    @pytest.fixture
    def agreement(self) -> Agreement:
        agreement = AgreementFactory()
        PartyFactory(agreement=agreement, side="special_wards", organization=SecretariatFactory())
        PartyFactory(agreement=agreement)
        return agreement

    def test_a_change_is_recorded_and_gives_the_next_version(self, client, agreement):
        address = url("agreements.agreement", "change", agreement.pk)
        client.post(address, typed(client.get(address), place="都庁"))
        agreement.refresh_from_db()
        assert (agreement.place, agreement.version) == ("都庁", 2)
        entry = AuditEntry.objects.get()
        assert entry.action == Action.EDIT
        assert entry.changes == {"place": ["", "都庁"]}

    def test_saving_without_a_change_records_nothing(self, client, agreement):
        address = url("agreements.agreement", "change", agreement.pk)
        client.post(address, typed(client.get(address)))
        assert Agreement.objects.get().version == 1
        assert not AuditEntry.objects.exists()

    def test_a_stale_form_is_refused_and_keeps_what_was_typed(self, client, agreement):
        address = url("agreements.agreement", "change", agreement.pk)
        stale = typed(client.get(address), place="都庁")
        client.post(address, typed(client.get(address), summary="概要です"))
        response = client.post(address, stale)
        page = errors(response)
        assert "ほかの担当者が先に更新しました。最新の内容を確認してください" in page
        assert "最新の内容を開く" in page
        assert response.context["adminform"].form["place"].value() == "都庁"
        agreement.refresh_from_db()
        assert (agreement.place, agreement.summary) == ("", "概要です")
        assert AuditEntry.objects.count() == 1

    def test_a_form_without_its_stamp_is_refused(self, client, agreement):
        address = url("agreements.agreement", "change", agreement.pk)
        response = client.post(address, typed(client.get(address), place="都庁", stamp=None))
        assert "ほかの担当者が先に更新しました" in errors(response)

    def test_a_party_may_be_taken_out(self, client, agreement):
        extra = PartyFactory(agreement=agreement)
        address = url("agreements.agreement", "change", agreement.pk)
        client.post(address, typed(client.get(address), **{"parties-2-DELETE": "on"}))
        assert not AgreementParty.objects.filter(pk=extra.pk).exists()
        assert len(AuditEntry.objects.get().changes["parties"][1]) == 2

    def test_the_last_counterpart_stays(self, client, agreement):
        address = url("agreements.agreement", "change", agreement.pk)
        response = client.post(address, typed(client.get(address), **{"parties-1-DELETE": "on"}))
        assert "特別区側と相手方を1団体以上ずつ" in errors(response)
        assert agreement.parties.count() == 2

    @pytest.mark.parametrize("parties", [1, 3])
    def test_many_parties_cost_no_further_query(
        self, parties, client, agreement, django_assert_num_queries
    ):
        for _ in range(parties):
            PartyFactory(agreement=agreement)
        address = url("agreements.agreement", "change", agreement.pk)
        client.get(address)
        with django_assert_num_queries(8):
            client.get(address)


@pytest.mark.once
class TestTerminate:
    def test_it_is_asked_for_a_day_and_a_reason(self, client):
        agreement = AgreementFactory()
        address = url("agreements.agreement", "terminate", agreement.pk)
        data = typed(client.get(address), on="R8.4.1", reason="相手方からの通知")
        response = client.post(address, data, follow=True)
        assert sentences(response) == ["協定を2026年（令和8年）4月1日に終了しました"]
        agreement.refresh_from_db()
        assert agreement.terminated_on == date(2026, 4, 1)
        assert AuditEntry.objects.get().reason == "相手方からの通知"
        assert response.context["action_links"] == []

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"reason": ""}, "理由を入力してください"),
            ({"on": "2016-04-26"}, "より後の日付にしてください"),
        ],
    )
    def test_a_refusal_keeps_what_was_typed(self, changes, sentence, client):
        agreement = AgreementFactory()
        address = url("agreements.agreement", "terminate", agreement.pk)
        data = {"on": "2026-04-01", "reason": "通知"} | changes
        response = client.post(address, data)
        assert response.status_code == 422
        assert sentence in response.content.decode()
        assert response.context["form"]["on"].value() == data["on"]
        assert Agreement.objects.get().terminated_on is None


def test_the_list_filters_by_fiscal_year_and_finds_by_party(client):
    PartyFactory(
        agreement__earliest=date(2016, 4, 26), organization__kana="ミホンケンチョウソンカイ"
    )
    PartyFactory(agreement__earliest=date(2019, 3, 31), organization__name="別の町村会")
    address = url("agreements.agreement", "changelist")
    for query, years in (
        ({"fiscal_year": "2018"}, [2019]),
        ({"fiscal_year": "2016"}, [2016]),
        ({"fiscal_year": "9999"}, [2016, 2019]),
        ({"q": "みほんけん"}, [2016]),
        ({"terminated_on": "yes"}, []),
        ({"prefecture": "32"}, [2016, 2019]),
    ):
        rows = client.get(address, query).context["cl"].result_list
        assert sorted(row.latest.year for row in rows) == years, query


def test_the_download_names_the_parties_by_side(client):
    party = PartyFactory(agreement__title="協定")
    heading, row = csv_of(client.get(url("agreements.agreement", "export")))
    cells = dict(zip(heading, row, strict=True))
    assert cells["題名"] == "協定"
    assert cells["締結した日"] == "2016年（平成28年）4月26日"
    assert cells["相手方"] == party.organization.name


def test_an_agreement_of_many_parties_is_found_once_whatever_the_number_of_words(client):
    agreement = AgreementFactory(title="広域の連携協定")
    for name in ("見本県市長会", "見本県町村会"):
        PartyFactory(agreement=agreement, organization=AssociationFactory(name=name))
    query = "市長会 町村会 連携 " + "見本県 " * 30
    response = client.get(url("agreements.agreement", "changelist"), {"q": query})
    assert [row.pk for row in response.context["cl"].result_list] == [agreement.pk]
