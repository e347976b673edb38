"""What the secretariat teaches the search, and what it learns of searches that found nothing."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from core.dates import today
from core.models import MissedSearch, SynonymSet
from core.search import excerpt
from core.search.missed import KEEP_DAYS, MOST_KEPT, clear_missed, note_missed
from core.search.synonyms import meanings
from members.models import Organization
from proposals.models import Proposal
from tests.factories.core import MissedSearchFactory, SynonymSetFactory
from tests.factories.members import OrganizationFactory
from tests.factories.proposals import ProposalFactory
from tests.secretariat import secretary_client, typed, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def digital() -> SynonymSet:
    return SynonymSetFactory(words="ＤＸ\nデジタル化\n電子化")


def found(query: str) -> set[str]:
    return {row.title for row in Proposal.objects.matching(query)}


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("dx", {"窓口のデジタル化", "DX推進の相談", "書類の電子化"}),
        ("でじたる化", {"窓口のデジタル化", "DX推進の相談", "書類の電子化"}),
        ("DX 窓口", {"窓口のデジタル化"}),
        ("DX 電子化 書類", {"書類の電子化"}),
        ("デジタル", {"窓口のデジタル化"}),
        ("窓口", {"窓口のデジタル化"}),
        # Inside a word too.
        ("窓口のDX", {"窓口のデジタル化"}),
        ("電子化推進", {"DX推進の相談"}),
        ("書類のデジタル化 dx", {"書類の電子化"}),
    ],
)
def test_any_word_of_a_set_finds_all_of_them(digital, query, titles):
    for title in ("窓口のデジタル化", "DX推進の相談", "書類の電子化", "雪まつり"):
        ProposalFactory(title=title)
    assert found(query) == titles


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("子育て支援", ["子育て支援", "育児支援", "養育支援", "子育て応援"]),
        # The longest of those that begin there, and one place at a time.
        ("支援金の支援", ["支援金の支援", "給付の支援", "支援金の応援"]),
        # A single letter means nothing inside a word, and signs are letters.
        ("町会a.b", ["町会a.b", "町会c"]),
        ("町", ["町", "まち"]),
        ("axb", ["axb"]),
        # As many ways as a set has words, however many places there are.
        ("支援" * 30, ["支援" * 30, *("支援" * n + "応援" + "支援" * (29 - n) for n in range(9))]),
    ],
)
def test_what_a_word_means(word, meant):
    for words in ("子育て\n育児\n養育", "支援\n応援", "支援金\n給付", "町\nまち", "a.b\nc"):
        SynonymSetFactory(words=words)
    assert meanings(word) == meant


def test_related_rows_are_found_by_synonyms_too(digital):
    row = OrganizationFactory(municipality__name="電子化村")
    assert list(Organization.objects.matching("dx")) == [row]


def test_a_set_that_is_not_used_finds_nothing_more(digital):
    SynonymSet.objects.update(is_used=False)
    ProposalFactory(title="窓口のデジタル化")
    assert found("dx") == set()


def test_an_excerpt_shows_what_was_meant(digital):
    text = f"{'あ' * 100}窓口の電子化を進めます"
    assert "電子化" in excerpt([text], "DX")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("DX", "2語から10語まで"),
        ("DX\nｄｘ", "2語から10語まで"),
        ("\n".join(f"語{n}" for n in range(11)), "2語から10語まで"),
        ("DX\nデジタル 化", "空白を入れず"),
        (f"DX\n{'長' * 31}", "30文字まで"),
        ("でじたる化\n情報化", "「デジタル化」は「ＤＸ、デジタル化、電子化」にあります"),
    ],
)
def test_what_is_no_set_is_refused_at_the_field(digital, words, sentence):
    with pytest.raises(ValidationError) as refusal:
        SynonymSet(words=words).full_clean()
    assert sentence in str(refusal.value.message_dict["words"])


def test_the_secretariat_adds_a_set_and_the_search_knows_it():
    client = secretary_client("プロジェクト")
    ProposalFactory(title="窓口のデジタル化")
    address = url("core.synonymset", "add")
    page = client.get(address)
    data = typed(page) | {"words": "DX\n\n デジタル化 ", "is_used": "on"}
    assert client.post(address, data).status_code == 302
    assert SynonymSet.objects.get().words == "DX\nデジタル化"
    assert found("dx") == {"窓口のデジタル化"}


def test_a_search_without_a_hit_is_counted(lead, client_of, client):
    member = client_of(lead)
    ProposalFactory(title="雪まつり")
    for query in ("サーフィン", "ｻｰﾌｨﾝ", "雪まつり", "", "あ" * 61):
        member.get("/proposals/", {"q": query})
    member.get("/proposals/", {"q": "雪まつり", "kind": "seek"})
    client.get("/search/", {"q": "宇宙旅行"})
    rows = MissedSearch.objects.order_by("place").values_list("place", "words", "count")
    assert list(rows) == [("サイト内検索", "宇宙旅行", 1), ("連携提案", "さーふぃん", 2)]


def test_a_flood_fills_no_more_than_its_part():
    MissedSearch.objects.bulk_create(MissedSearchFactory.build_batch(MOST_KEPT))
    known = MissedSearch.objects.first()
    note_missed("もう一つ", "連携提案")
    note_missed(known.words, known.place)
    assert MissedSearch.objects.count() == MOST_KEPT
    assert MissedSearch.objects.get(pk=known.pk).count == 2


def test_what_nobody_looks_for_any_more_is_deleted():
    MissedSearchFactory(last_at=timezone.now() - timedelta(days=KEEP_DAYS + 1))
    kept = MissedSearchFactory(last_at=timezone.now() - timedelta(days=KEEP_DAYS - 1))
    assert clear_missed(today()) == "1 searches that found nothing"
    assert list(MissedSearch.objects.all()) == [kept]
