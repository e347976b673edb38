"""The index of the board: the answers of comparing letter by letter, whoever writes the rows."""

from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.models import F, Value
from django.db.models.functions import Concat
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pytest_django.asserts import assertQuerySetEqual

from core.search import indexes, postgresql, rebuilding, sqlite, words
from core.search.columns import Common
from proposals.models import Proposal
from tests.factories.core import SynonymSetFactory
from tests.factories.proposals import DraftFactory, ProposalFactory

pytestmark = pytest.mark.django_db

# Few letters, so that words are found often: signs that mean something to SQL, to LIKE, to
# full-text engines or to shells, letters that folding changes or joins, and what no keyboard has.
LETTERS = (
    "防災観光あアｱがｶﾞーゞ々㈱㌢ＡaBß１1 　\n-・、。%_\\'\"*():&|!^+{}[]<>@#~?=,.;/😀👨‍👩‍👧𠮷İéⅣ"
)
QUERIES = [
    "",
    " 　",
    "防",
    "災防",
    "観光・防災",
    "a-b",
    '"防災" OR "観光"',
    "防災 AND",
    "NEAR(防災 観光)",
    "防*",
    "-防災",
    "'); DROP TABLE proposals_proposal; --",
    "防' & '災",
    "\\'",
    "%",
    "_",
    "㈱",
    "(株)",
    "々",
    "ー",
    "ぱーてぃー",
    "👨‍👩‍👧",
    "が",
    "か",
    "ＡＩ－ＯＣＲ",
    "x" * 60,
    "x" * 51 + "y",
    " ".join("abcdefghijkl"),
    "防災\n観光",
]
TEXTS = [
    "観光・防災の連携",
    "観光と防災",
    "防\n災",
    "㈱見本と(株)見本",
    "AI-OCR a-b",
    "佐々木のパーティー",
    "100%_\\'\"",
    "👨‍👩‍👧と😀",
    "x" * 70,
    "がか",
    "防' & '災",
    "abcdefghij",
]


@pytest.fixture(params=list(Common))
def route(request, monkeypatch) -> Common:
    """Takes words for those of few rows, of many, or of most: the databases go different ways."""
    monkeypatch.setattr(sqlite, "FEW", 10**6 if request.param == Common.FEW else -1)
    for vendor in (sqlite, postgresql):
        monkeypatch.setattr(vendor, "MOST", 0 if request.param == Common.MOST else 10**6)
    return request.param


@pytest.fixture
def draft() -> Proposal:
    return DraftFactory(title="")


def fill(draft: Proposal, texts: list[str]) -> None:
    """Puts a draft for each of ``texts`` in the place of those that were there."""
    Proposal.objects.exclude(pk=draft.pk).delete()
    Proposal.objects.bulk_create(
        Proposal(
            organization=draft.organization,
            office=draft.office,
            changed_at=draft.changed_at,
            active_at=draft.active_at,
            body=text,
        )
        for text in texts
    )


def compared(query: str) -> list[int]:
    """The answer without an index: each word in the text, letter by letter."""
    rows = Proposal.objects.order_by("pk").values_list("pk", "search_text")
    return [pk for pk, text in rows if all(word in text for word in words(query))]


def found(query: str) -> list[int]:
    return list(Proposal.objects.matching(query).order_by("pk").values_list("pk", flat=True))


def words_compared(query: str) -> list[str]:
    """The words that the statement compares, in its order."""
    _, params = Proposal.objects.matching(query).query.sql_with_params()
    return [word for word in params if word in words(query)]


texts = st.text(st.sampled_from(LETTERS), max_size=12)


@pytest.mark.parametrize("query", QUERIES)
def test_the_index_gives_the_answers_of_comparing(draft, route, query):
    fill(draft, TEXTS)
    assert found(query) == compared(query)


@given(rows=st.lists(texts, max_size=6), queries=st.lists(texts, min_size=1, max_size=4))
@settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@example(rows=["a-b", "ab"], queries=["a-b", "-", "b"])
def test_the_index_gives_the_answers_of_comparing_whatever_is_typed(draft, route, rows, queries):
    fill(draft, rows)
    for query in queries:
        assert found(query) == compared(query), query


@pytest.mark.parametrize(
    "query", ["子育て支援", "支援　夜の育児", "子育て", "観光支援", "こそだて支援"]
)
def test_the_index_finds_what_means_the_same_inside_words(draft, route, query):
    SynonymSetFactory(words="子育て\n育児")
    texts = ["育児支援", "子育て\n支援", "夜の子育て支援", "夜の育児の支援", "観光支援", "育児"]
    fill(draft, texts)
    rows = Proposal.objects.order_by("pk").values_list("pk", "search_text")
    ways = [
        {word, word.replace("子育て", "育児"), word.replace("育児", "子育て")}
        for word in words(query)
    ]
    expected = [pk for pk, text in rows if all(any(way in text for way in each) for each in ways)]
    assert found(query) == expected


def test_a_word_is_found_where_it_is_common(draft, django_assert_num_queries):
    """Beyond the number up to which the rows found lead the query."""
    fill(draft, ["地域の防災"] * (sqlite.FEW + 1) + ["地域の観光"])
    found("観光")  # which words mean the same is read once
    with django_assert_num_queries(2):  # how common the words are; the rows
        assert len(found("地域")) == sqlite.FEW + 2
    assert found("地域　かんこう") == []
    assert found("地域 観光") == compared("観光")
    with django_assert_num_queries(1):  # that is kept for a while
        found("地域")


def test_the_rarest_word_is_compared_first(draft, route):
    fill(draft, ["地域の防災"] * 3 + ["地域の観光"] * 2 + ["地域の観光と防災と朝市"])
    assert len(found("地域 防災 観光 朝市")) == 1
    if route == Common.MOST:
        assert words_compared("地域 防災 観光 朝市") == ["朝市", "観光", "防災", "地域"]


class TestWhoeverWrites:
    """The database keeps the index, so nothing that writes rows can forget it."""

    def test_saving_and_deleting(self):
        proposal = ProposalFactory(body="朝市")
        assert found("朝市") == [proposal.pk]
        proposal.body = "夜市"
        proposal.save()
        assert (found("朝市"), found("夜市")) == ([], [proposal.pk])
        proposal.delete()
        assert found("夜市") == []
        assert rebuilding.missing() == 0

    def test_writing_many_at_once(self, draft):
        fill(draft, ["朝市", "夜市"])
        rows = list(Proposal.objects.matching("市"))
        for row in rows:
            row.search_text = row.search_text.replace("市", "いち")
        Proposal.objects.bulk_update(rows, ["search_text"])
        assert (found("朝市"), len(found("いち"))) == ([], 2)
        Proposal.objects.update(search_text=Concat(F("search_text"), Value("\nげんき")))
        assert len(found("元気 げんき")) == 0
        assert len(found("げんき")) == 3
        Proposal.objects.matching("朝いち").delete()
        assert found("朝いち") == []
        assert rebuilding.missing() == 0

    def test_what_is_rolled_back_is_not_found(self):
        with transaction.atomic():
            ProposalFactory(body="朝市")
            transaction.set_rollback(True)
        assert found("朝市") == []
        assert rebuilding.missing() == 0

    def test_sql_of_another_program(self, draft):
        fill(draft, ["朝市"])
        with connection.cursor() as cursor:
            cursor.execute("UPDATE proposals_proposal SET search_text = %s", ["夕市"])
        assert (found("朝市"), len(found("夕市"))) == ([], 2)

    def test_a_fixture_that_is_dumped_and_loaded(self, tmp_path):
        proposal = ProposalFactory(body="朝市")
        file = tmp_path / "rows.json"
        call_command("dumpdata", "proposals.Proposal", output=str(file), verbosity=0)
        Proposal.objects.all().delete()
        call_command("loaddata", str(file), verbosity=0)
        assert found("朝市") == [proposal.pk]
        assert rebuilding.missing() == 0


@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_emptied_has_an_empty_index():
    ProposalFactory(body="朝市")
    call_command("flush", interactive=False, verbosity=0)
    assert found("朝市") == []
    assert rebuilding.missing() == 0
    proposal = ProposalFactory(body="夕市")
    assert found("夕市") == [proposal.pk]


@pytest.mark.django_db(transaction=True)
def test_rebuild_search_writes_texts_and_index_anew():
    proposal = ProposalFactory(body="朝市")
    Proposal.objects.update(search_text="古い本文")
    with pytest.raises(CommandError, match="rebuild_search"):
        call_command("rebuild_search", check=True, stdout=StringIO())
    assert found("朝市") == []
    said = StringIO()
    call_command("rebuild_search", stdout=said)
    assert "proposals.Proposal.search_text：1件、本文の違い1件、索引の違い0件" in said.getvalue()
    assert (found("古い本文"), found("朝市")) == ([], [proposal.pk])
    call_command("rebuild_search", check=True, stdout=StringIO())
    assert rebuilding.missing() == 0


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL keeps its indexes itself")
class TestAnIndexThatIsLeftBehind:
    """Django changes a table on SQLite by making it anew; its triggers go with the old one."""

    def test_is_noticed_and_made_anew_after_the_migration(self):
        first = ProposalFactory(body="朝市")
        with connection.cursor() as cursor:
            for event in ("insert", "update", "delete"):
                cursor.execute(f"DROP TRIGGER proposals_proposal_search_text_grams_{event}")
        second = ProposalFactory(body="朝市")
        assert found("朝市") == [first.pk]
        assert rebuilding.missing() == 2
        rebuilding.mend(apps.get_app_config("proposals"), "default")
        assert found("朝市") == [first.pk, second.pk]
        assert rebuilding.missing() == 0

    def test_rows_that_it_does_not_know_are_counted(self):
        ProposalFactory(body="朝市")
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM proposals_proposal_search_text_grams_docsize")
        assert rebuilding.missing() == 1
        call_command("rebuild_search", stdout=StringIO())
        assert rebuilding.missing() == 0


@pytest.mark.django_db(transaction=True)
def test_the_migration_goes_back_and_forth():
    ProposalFactory(body="朝市")
    index = indexes.index_of(Proposal._meta.get_field("search_text"))
    MigrationExecutor(connection).migrate([("proposals", "0003_first_steps")])
    assert not index.is_whole(connection)
    MigrationExecutor(connection).migrate(MigrationExecutor(connection).loader.graph.leaf_nodes())
    assert index.is_whole(connection)
    assert index.missing(connection) == 0
    assert len(found("朝市")) == 1


def test_the_index_narrows_and_never_shows(lead, other_lead):
    own = DraftFactory(office=lead.office, body="朝市")
    DraftFactory(office=other_lead.office, body="朝市")
    assertQuerySetEqual(Proposal.objects.visible_to(lead.user).matching("朝市"), [own])
