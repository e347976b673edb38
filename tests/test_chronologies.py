"""Every entry of the two documents' chronologies is in the record once.

The lists below were copied by hand from 「これまでの経過」 (keika, as of 2017-02-27) and from the
newsletter of 2024 (news-r6), whose 38 lines have no dates but their order.
"""

from datetime import date

import pytest

from chronicle.models import Disaster, Milestone
from core.text import fold

pytestmark = pytest.mark.usefixtures("record")

# Each dated entry, and each dated happening that an entry tells of besides.
KEIKA = [
    ("2014-09-10", "特別区制度懇談会委員と特別区長会役員の意見交換会"),
    ("2014-09-16", "プロジェクトの実施を決定"),
    ("2014-11-14", "区長会総会にアンケート結果（速報）"),
    ("2014-11-27", "特別区制度懇談会にアンケート結果（速報）"),
    ("2014-12-16", "区長会総会にアンケート結果（分析版・詳細版）"),
    ("2015-01-16", "東北六魂祭への支援・協力を了承"),
    ("2015-02-16", "「雪の活用」を提案"),
    ("2015-03-03", "特別区制度懇談会にアンケート結果（分析版・詳細版）"),
    ("2015-03-16", "「まち・ひと・しごと創生」を説明"),
    ("2015-05-20", "各区の意見を提出"),
    ("2015-05-13", "東北六魂祭「協力・連携締結式」"),
    ("2015-05-30", "東北六魂祭2015秋田"),
    ("2015-06-08", "北海道町村会との意見交換会"),
    ("2015-06-16", "ロゴマークを決定"),
    ("2015-06-23", "正副会長が意見交換"),
    ("2015-06-30", "ホームページの運用を開始"),
    ("2015-06-30", "秋田市長が西川会長を訪問"),
    ("2015-07-09", "北海道知事が西川会長を訪問"),
    ("2015-07-09", "久慈市の政策推進課長が来館"),
    ("2015-07-10", "北海道町村会事務局が来館"),
    ("2015-07-14", "北海道経済産業局が来館"),
    ("2015-07-16", "「まち・ひと・しごと創生基本方針2015」"),
    ("2015-07-16", "助成金を創設"),
    ("2015-08-06", "連携・交流事業の位置づけを確認"),
    ("2015-08-19", "特別区制度懇談会に取組状況を報告"),
    ("2015-09-15", "青森県内市町村へプロジェクトを説明"),
    ("2015-09-16", "神野直彦氏が講演"),
    ("2015-09-25", "木古内町長が江戸川区長を訪問"),
    ("2015-09-30", "石破茂・地方創生担当大臣を訪問"),
    ("2015-10-16", "石破大臣訪問の結果を報告"),
    ("2015-10-17", "北海道町村会との連携第1弾"),
    ("2015-11-07", "北海道町村会との連携第2弾"),
    ("2015-11-18", "福井県坂井市と品川区の連携事業"),
    ("2015-12-03", "連絡会幹事会の意見交換会"),
    ("2015-12-19", "北海道町村会との連携第3弾"),
    ("2016-01-15", "「地方創生をめぐる最近の動向」"),
    ("2016-04-15", "協定書案を確認"),
    ("2016-04-26", "北海道町村会、京都府市長会・京都府町村会と連携協定"),
    ("2016-04-26", "遠隔自治体間連携の可能性と展望"),
    ("2016-06-25", "青森県市長会・青森県町村会と連携協定"),
    ("2016-06-25", "東北六魂祭2016青森への協力・連携"),
    ("2016-08-05", "28年度スケジュール"),
    ("2016-09-05", "特別区制度懇談会に取組状況を報告"),
    ("2016-10-20", "推進協議会を開催"),
    ("2016-10-31", "推進委員会（第1回）"),
    ("2016-12-13", "推進委員会（第2回）"),
    ("2017-03-23", "推進委員会（第3回）"),
    ("2016-11-19", "東京 新虎まつり"),
    ("2016-11-26", "全国ねぎサミット2016"),
    ("2016-12-16", "魅力発信イベント"),
    ("2017-01-19", "千葉県町村会と連携協定"),
    ("2017-01-19", "共存共栄の全国連携"),
    ("2017-01-27", "広島県町村会と連携協定"),
    ("2017-02-27", "213自治体"),
]
NEWSLETTER = [
    "プロジェクトの実施を決定",
    "東北六魂祭「協力・連携締結式」",
    "ホームページ",
    "石破茂・地方創生担当大臣を訪問",
    "北海道・釧路",
    "北海道町村会、京都府市長会・京都府町村会と連携協定",
    "遠隔自治体間連携の可能性と展望",
    "青森県市長会・青森県町村会と連携協定",
    "魅力発信イベント",
    "千葉県町村会と連携協定",
    "共存共栄の全国連携～交流人口の拡大と観光～",
    "広島県町村会と連携協定",
    "スポーツによる地域間連携",
    "埼玉県知事と特別区長会の座談会",
    "奈良県町村会と連携協定",
    "群馬県市長会・群馬県町村会と連携協定",
    "埼玉県町村会と連携協定",
    "地方創生におけるSDGsの取組みと自治体間連携",
    "第一生命保険株式会社と包括連携協定",
    "『関係人口』を学ぶ",
    "損害保険ジャパン日本興亜",
    "森林環境税から考える自治体間連携",
    "三井住友海上火災保険株式会社と包括連携協定",
    "千葉県市長会・山梨県町村会と連携協定",
    "宇治茶の味わい体験in渋谷ヒカリエ",
    "第2期まち・ひと・しごと創生総合戦略と東京23区",
    "公式ツイッター（現：X）",
    "新しい生活様式下での関係人口の創出・拡大と地域の魅力の伝え方",
    "未来社会の創造と自治体間連携",
    "たいとう・すみだ十勝ウィーク",
    "京都やましろ食材フェア",
    "地域脱炭素時代の地域間連携を考える",
    "明治安田生命保険相互会社と包括連携協定",
    "豊かな地域づくりに向けた官民連携のあり方を考える",
    "多文化共生のまちづくりに向けた連携のあり方を考える",
    "被災地支援を通じた全国連携",
    "全国連携で広がる支援の輪～文化・歴史の絆が繋ぐ熊本の災害復興～",
    "特別区全国連携プロジェクト10年のあゆみとこれから",
]
# The newsletter's table of relief, from top to bottom, with its year and time of each.
RELIEF = [
    ("Ｈ20", "6/14", "平成20年岩手・宮城内陸地震"),
    ("Ｈ23", "3/11", "東日本大震災"),
    ("Ｈ25", "10/16", "平成25年台風26号（伊豆大島土砂災害）"),
    ("Ｈ28", "4/14～16", "平成28年熊本地震"),
    ("Ｈ28", "8/30～31", "平成28年台風10号"),
    ("Ｈ28", "10/21", "平成28年鳥取県中部を震源とする地震"),
    ("Ｈ29", "7/5～6", "平成29年7月九州北部豪雨"),
    ("Ｈ29", "7/22～23", "平成29年7月22日からの梅雨前線に伴う大雨"),
    ("Ｈ29", "9/16", "平成29年台風18号"),
    ("Ｈ29", "10/21", "平成29年台風21号"),
    ("Ｈ30", "6/18", "平成30年大阪府北部を震源とする地震"),
    ("Ｈ30", "7月", "平成30年7月豪雨"),
    ("Ｈ30", "9/6", "平成30年北海道胆振東部地震"),
    ("Ｒ１", "8月", "令和元年8月の前線に伴う大雨"),
    ("Ｒ１", "9月", "令和元年房総半島台風"),
    ("Ｒ１", "10月", "令和元年東日本台風"),
    ("Ｒ２", "7月", "令和2年7月豪雨"),
    ("Ｒ３", "2月", "福島県沖を震源とする地震"),
    ("Ｒ３", "7月", "令和3年7月1日からの大雨"),
    ("Ｒ３", "8月", "令和3年8月11日からの大雨"),
    ("Ｒ４", "3月", "福島県沖を震源とする地震"),
    ("Ｒ４", "8月", "令和4年8月3日からの大雨及び台風8号"),
    ("Ｒ４", "9月", "令和4年台風14号"),
    ("Ｒ４", "9月", "令和4年台風15号"),
    ("Ｒ５", "6月", "令和5年梅雨前線による大雨及び台風第2号"),
    ("Ｒ５", "6～7月", "令和5年6月29日からの大雨・令和5年7月7日からの大雨"),
    ("Ｒ５", "9月", "令和5年台風第13号"),
    ("Ｒ６", "1月", "令和6年能登半島地震"),
    ("Ｒ６", "7月", "令和6年7月25日からの大雨"),
]


@pytest.mark.parametrize(("day", "words"), KEIKA)
def test_an_entry_of_the_course_so_far_is_in_the_record_once(day, words):
    entries = Milestone.objects.filter(
        sources__key="keika", earliest=date.fromisoformat(day), title__contains=words
    )
    assert entries.count() == 1


def test_the_course_so_far_has_no_other_entries():
    assert len(set(KEIKA)) == len(KEIKA) == 54
    assert Milestone.objects.filter(sources__key="keika").count() == 54


def test_the_38_lines_of_the_newsletter_stand_in_their_order_once():
    lines = Milestone.objects.filter(newsletter_order__isnull=False).order_by("newsletter_order")
    assert [line.newsletter_order for line in lines] == list(range(1, 39))
    assert len(NEWSLETTER) == 38
    for line, words in zip(lines, NEWSLETTER, strict=True):
        assert words in line.title
        assert "news-r6" in line.sources.values_list("key", flat=True)


def test_no_milestone_tells_the_same_day_twice():
    told = list(Milestone.objects.values_list("title", "earliest", "latest"))
    assert len(set(told)) == len(told) == 99


def test_the_table_of_relief_has_the_newsletters_29_rows():
    rows = Disaster.objects.order_by("order")
    printed = [(row.printed_year, row.printed_when, row.name) for row in rows]
    # The data writes Ｒ1 where the newsletter's digit has full width.
    assert [(fold(year), when, name) for year, when, name in printed] == [
        (fold(year), when, name) for year, when, name in RELIEF
    ]


def test_what_is_the_same_happening_is_referred_to_once():
    for relation in ("agreements", "collaborations", "events", "disasters"):
        referred = Milestone.objects.exclude(**{relation: None})
        pairs = list(referred.values_list(relation, flat=True))
        assert len(set(pairs)) == len(pairs) > 0, relation
