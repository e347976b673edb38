"""What the proposals and replies of a measurement say: Japanese, and the same each time.

Some words stand in most proposals and some in a few of them, as in what people write, so that
a search meets both. Nothing is taken from a real proposal.
"""

from random import Random

BODY_LENGTH = 600  # characters, as long as those that stack.md was measured with

# From the most to the least frequent: each is about half as frequent as the one three before.
SUBJECTS = (
    "地域", "交流", "事業", "住民", "防災", "観光", "商店街", "特産品", "小学校", "産業振興",
    "子育て", "図書館", "物産展", "移住", "公民館", "森林環境", "学校給食", "オンライン",
    "シティプロモーション", "木材利用", "空き家", "健康づくり", "公共交通", "被災地支援", "農業体験",
    "伝統工芸", "再生可能エネルギー", "ＤＸ", "国際交流", "自転車", "ゼロカーボン", "動物園",
    "ＡＩ－ＯＣＲ", "酒蔵", "灯台", "獣害",
)  # fmt: skip
# What searches look for.
COMMON, RARE = SUBJECTS[:6], SUBJECTS[-6:]

_FRAMES = (
    "当市では、{0}と{1}を結ぶ取組を、令和{2}年度から続けています。",
    "{0}について、区の皆さまと一緒に考える場を設けたいと考えています。",
    "{0}の担当者が伺い、{1}の進め方を説明します。",
    "対象は{0}に関心のある方で、{2}名程度を見込んでいます。",
    "これまでに{0}を{2}回開き、{1}の面でも成果がありました。",
    "費用の分担と{0}の準備は、相談して決めます。",
    "会場には、{0}の施設や{1}の広場を使えます。",
    "{0}、{1}などの分野で、継続して協力できる相手を探しています。",
    "初年度は{0}から始め、翌年度に{1}へ広げる予定です。",
    "{0}に詳しい職員が{2}名おり、{1}の相談にも応じます。",
)
_TITLES = (
    "{0}と{1}で協力できる区を求めます",
    "{0}の取組を一緒に進めませんか",
    "{0}を紹介する出前講座を開きます",
    "{0}の体験を受け入れます",
    "{0}について{1}の担当者と意見を交わしたい",
)
_REPLIES = (
    "{0}の時期と、必要な人数を教えてください。",
    "当方でも{0}に取り組んでいます。{1}の資料をお送りできますので、担当までお電話ください。",
    "{0}について、庁内の関係課と相談しています。来月の上旬までにお返事します。",
    "{1}との組み合わせも考えられます。まずはオンラインで{0}の打合せをお願いできますか。",
)


class Writer:
    """Writes with ``random``; who passes the same one gets the same texts."""

    def __init__(self, random: Random) -> None:
        self._random = random
        # Halved with every third word.
        self._weights = [0.5 ** (rank / 3) for rank in range(len(SUBJECTS))]

    def title(self) -> str:
        return self._filled(_TITLES)

    def body(self) -> str:
        """Sentences in three paragraphs, up to about ``BODY_LENGTH`` characters."""
        sentences: list[str] = []
        length = 0
        while length < BODY_LENGTH - 20:
            sentences.append(self._filled(_FRAMES))
            length += len(sentences[-1])
        third = len(sentences) // 3
        paragraphs = (sentences[:third], sentences[third:-third], sentences[-third:])
        return "\n".join("".join(paragraph) for paragraph in paragraphs)

    def reply(self) -> str:
        return self._filled(_REPLIES)

    def _filled(self, frames: tuple[str, ...]) -> str:
        first, second = self._random.choices(SUBJECTS, self._weights, k=2)
        return self._random.choice(frames).format(first, second, self._random.randint(2, 9))
