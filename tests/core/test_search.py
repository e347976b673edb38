"""One search: every word, inside words, any width and kana, the same on both databases."""

import pytest

from core.search import excerpt, match
from members.models import Organization
from tests.factories.members import BodyFactory, OrganizationFactory

pytestmark = pytest.mark.django_db


def found(query: str) -> list[str]:
    return sorted(body.name for body in Organization.objects.matching(query))


@pytest.fixture
def bodies():
    BodyFactory(name="見本ＤＸ推進協議会", kana="ミホンディーエックス")
    BodyFactory(name="見本100%株式会社", kana="")
    BodyFactory(name="見本_協議会", kana="ミホン")


@pytest.mark.usefixtures("bodies")
def test_a_whole_page_pasted_in_is_answered():
    assert found("見本 " * 2000) == ["見本100%株式会社", "見本_協議会", "見本ＤＸ推進協議会"]


@pytest.mark.usefixtures("bodies")
@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["見本100%株式会社", "見本_協議会", "見本ＤＸ推進協議会"]),
        ("dx", ["見本ＤＸ推進協議会"]),
        ("みほんでぃーえっくす", ["見本ＤＸ推進協議会"]),
        ("ﾃﾞｨｰｴｯｸｽ", ["見本ＤＸ推進協議会"]),
        ("協議", ["見本_協議会", "見本ＤＸ推進協議会"]),
        ("協議　推進", ["見本ＤＸ推進協議会"]),
        ("推進 協議", ["見本ＤＸ推進協議会"]),
        ("協議 株式", []),
        # The signs of LIKE are letters like any other.
        ("%", ["見本100%株式会社"]),
        ("_", ["見本_協議会"]),
        ("本\\協", []),
        ("0%株", ["見本100%株式会社"]),
    ],
)
def test_rows_that_hold_every_word(query, names):
    assert found(query) == names


def test_the_text_follows_its_row():
    body = BodyFactory(name="見本の旧名称")
    body.name = "見本の新名称"
    body.save()
    assert found("旧名称") == []
    assert found("新名称") == ["見本の新名称"]


def test_the_text_is_written_in_bulk_too():
    Organization.objects.bulk_create([Organization(kind="other", name="まとめて追加")])
    assert found("マトメテ") == ["まとめて追加"]


def test_a_municipality_is_found_by_prefecture_code_and_former_name():
    OrganizationFactory(
        municipality__name="丹波篠山市",
        municipality__kana="タンバササヤマシ",
        municipality__former_names="篠山市",
        municipality__code="282219",
        municipality__prefecture__code="28",
        municipality__prefecture__name="兵庫県",
    )
    for query in ("兵庫県丹波篠山市", "282219", "篠山", "ささやま"):
        assert found(query) == ["丹波篠山市"]


@pytest.mark.parametrize(
    ("parts", "query", "line"),
    [
        (["水族館で開く", "品川区と坂井市"], "坂井", "品川区と坂井市"),
        (["水族館で開く", "品川区と坂井市"], "さかい", "水族館で開く"),
        (["水族館で開く", "品川区と坂井市"], "さかい　水族", "水族館で開く"),
        (["", "  ", "一行目\n二行目"], "題名", "一行目 二行目"),
        ([], "題名", ""),
        # Folding makes one sign four letters, and two signs one letter.
        ([f"{'㍿' * 40}ホタル"], "ほたる", f"{'㍿' * 40}ホタル"),
        ([f"{'あ' * 100}㍿ホタル{'い' * 100}"], "ほたる", f"…{'あ' * 19}㍿ホタル{'い' * 57}…"),
        (["あ" * 81], "題名", "あ" * 80 + "…"),
    ],
)
def test_an_excerpt_is_one_line_around_the_word(parts: list[str], query: str, line: str):
    assert excerpt(parts, query) == line


def test_a_word_may_stand_in_another_text_of_the_row():
    body = BodyFactory(name="見本の町", introduction="雪と温泉の町です。")
    rows = Organization.objects.all()
    assert list(match(rows, "町 ゆき", also=("profile_text",))) == []
    assert list(match(rows, "町 雪", also=("profile_text",))) == [body]
    assert found("雪") == []
