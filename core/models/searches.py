"""What the secretariat teaches the search: words of one meaning, and what nobody has found."""

from django.core.exceptions import ValidationError
from django.db import models

from core.querysets import RecordQuerySet
from core.text import fold

MOST_SYNONYMS = 10
_LONGEST_WORD = 30


class SynonymSet(models.Model):
    """同義語: words of one meaning, one a line; the search finds all of them by any of them."""

    words = models.TextField(
        "同じ意味の言葉",
        unique=True,
        help_text="1行に1語ずつ入力してください。どの言葉で探しても、ほかの言葉も探します。"
        "検索に使われるまで、1分ほどかかります",
    )
    is_used = models.BooleanField("検索に使う", default=True)

    objects = RecordQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "同義語"
        ordering = ["words"]

    def __str__(self) -> str:
        return "、".join(self.listed)

    @property
    def listed(self) -> list[str]:
        """The words as they were written."""
        return [word for line in self.words.splitlines() if (word := line.strip())]

    @property
    def folded(self) -> list[str]:
        """The words as the search compares them, each once."""
        return list(dict.fromkeys(fold(word) for word in self.listed))

    def clean(self) -> None:
        """Two words at least, none of them in two sets: a chain of meanings would never end."""
        self.words = "\n".join(self.listed)
        words = self.folded
        if not 2 <= len(words) <= MOST_SYNONYMS:
            raise ValidationError({"words": f"2語から{MOST_SYNONYMS}語までを入力してください"})
        if wrong := [word for word in words if " " in word or len(word) > _LONGEST_WORD]:
            sentence = f"「{wrong[0]}」は、空白を入れず、{_LONGEST_WORD}文字までにしてください"
            raise ValidationError({"words": sentence})
        for other in SynonymSet.objects.exclude(pk=self.pk):
            if shared := [word for word in other.listed if fold(word) in words]:
                raise ValidationError({"words": f"「{shared[0]}」は「{other}」にあります"})


class MissedSearch(models.Model):
    """見つからなかった検索: words that found nothing, how often, and where; not who typed them."""

    place = models.CharField("探した場所", max_length=20)
    words = models.CharField("言葉", max_length=60)
    count = models.PositiveIntegerField("回数", default=1)
    last_at = models.DateTimeField("最後に探した日時")

    objects = RecordQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "見つからなかった検索"
        ordering = ["-count", "-last_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["place", "words"], name="core_missed_search_once")
        ]

    def __str__(self) -> str:
        return self.words
