"""The agreements of the record as they stand in the database."""

import pytest

from agreements.enums import AgreementKind, ItemsBasis, Renewal, Side
from agreements.models import Agreement, AgreementParty
from agreements.record import DATA, load_agreements
from core import audit
from core.audit import System
from core.models import AuditEntry, Source
from members.record import Bodies
from portal.record import load_record

pytestmark = pytest.mark.usefixtures("record")


def test_the_twenty_agreements_by_kind():
    kinds = list(Agreement.objects.values_list("kind", flat=True))
    assert {kind: kinds.count(kind) for kind in AgreementKind} == {
        AgreementKind.WIDE_AREA: 12,
        AgreementKind.COMPREHENSIVE: 4,
        AgreementKind.FESTIVAL: 1,
        AgreementKind.MUTUAL: 2,
        AgreementKind.MEMORANDUM: 1,
    }


def test_kyotos_agreement_with_its_term():
    kyoto = Agreement.objects.get(record_id="A02")
    assert not kyoto.title_is_descriptive
    assert (kyoto.term_years, kyoto.renews, kyoto.notice_months) == (1, Renewal.AUTO, 1)
    assert kyoto.item_list == [
        "両者の発展・成長に資する事項に関すること",
        "住民同士の交流促進に関すること",
        "その他両者が協議して必要と認める事項に関すること",
    ]
    assert kyoto.items_basis == ItemsBasis.AGREEMENT_TEXT
    assert kyoto.ends_on is None
    assert [source.key for source in kyoto.public_sources] == ["keika", "news-r6", "symp1"]


def test_an_unknown_term_has_no_end():
    sakai = Agreement.objects.get(record_id="A19")
    assert (sakai.term_years, sakai.renews) == (None, Renewal.UNKNOWN)
    assert sakai.ends_on is None
    assert [str(party) for party in sakai.parties.all()] == [
        "東京都品川区（特別区側）",
        "福井県坂井市（相手方）",
    ]


def test_a_party_keeps_the_name_it_signed_under():
    party = AgreementParty.objects.exclude(name_at_signing="").get()
    assert party.organization.name == "損害保険ジャパン株式会社"
    assert party.name_at_signing == "損害保険ジャパン日本興亜株式会社"


def test_a_witness_is_not_a_counterpart():
    parties = Agreement.objects.get(record_id="A10").parties
    assert parties.get(side=Side.WITNESS).organization.name == "埼玉県"
    assert parties.get(side=Side.COUNTERPART).organization.name == "埼玉県町村会"


def test_a_day_known_only_within_bounds_is_never_printed():
    assert str(Agreement.objects.get(record_id="A08").when) == "日付未確認"
    assert str(Agreement.objects.get(record_id="A01").when) == "2016年（平成28年）4月26日"


def test_corrections_and_added_parties_survive_a_reload():
    agreement = Agreement.objects.get(record_id="A05")
    agreement.title = "事務局が直した題名"
    agreement.save()
    agreement.parties.create(
        organization_id=Agreement.objects.get(record_id="A06").counterparts[0].organization_id,
        side=Side.WITNESS,
    )
    load_record()
    agreement.refresh_from_db()
    assert agreement.title == "事務局が直した題名"
    assert agreement.parties.count() == 3


def test_a_changed_party_in_the_data_rewrites_its_agreement_alone(tmp_path):
    for path in DATA.glob("*.csv"):
        text = path.read_text().replace(
            "A05,counterpart,千葉県町村会", "A05,counterpart,埼玉県町村会"
        )
        (tmp_path / path.name).write_text(text)
    untouched = Agreement.objects.exclude(record_id="A05")
    before = list(untouched.order_by("pk").values())
    agreement = Agreement.objects.get(record_id="A05")
    sources = {source.key: source for source in Source.objects.all()}
    load_agreements(Bodies(), sources, by=System("test"), data=tmp_path)
    assert [party.organization.name for party in agreement.counterparts] == ["埼玉県町村会"]
    assert Agreement.objects.get(pk=agreement.pk).version == agreement.version + 1
    assert list(untouched.order_by("pk").values()) == before
    entry = AuditEntry.objects.order_by("-pk").first()
    assert (entry.action, entry.changes) == (
        "agreements.load_record",
        {"協定": [None, "追加0件、変更1件"]},
    )


def test_what_changed_data_overwrites_stays_in_the_history(tmp_path):
    Agreement.objects.filter(record_id="A05").update(place="事務局が直した場所")
    for path in DATA.glob("*.csv"):
        text = path.read_text().replace("17町村,協定書の文面", "全17町村,協定書の文面")
        (tmp_path / path.name).write_text(text)
    sources = {source.key: source for source in Source.objects.all()}
    load_agreements(Bodies(), sources, by=System("test"), data=tmp_path)
    agreement = Agreement.objects.get(record_id="A05")
    assert (agreement.place, agreement.summary) == ("東京区政会館", "全17町村")
    (entry,) = audit.history_of(agreement)
    assert entry.changes == {
        "place": ["事務局が直した場所", "東京区政会館"],
        "summary": ["17町村", "全17町村"],
    }
