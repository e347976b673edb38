"""Choices that every room shares."""

from django.db import models


class Channel(models.TextChoices):
    """How an office told the portal: on the site, or through the secretariat."""

    WEB = "web", "サイトで"
    PHONE = "phone", "電話で確認"
    FAX = "fax", "ファクスで確認"
    MAIL = "mail", "メールで確認"
    COUNTER = "counter", "窓口で確認"


class Level(models.TextChoices):
    """Who may see a record (domain.md); contact fields have theirs by a fixed table."""

    PUBLIC = "public", "公開"
    MEMBERS = "members", "会員"
    WARDS = "wards", "特別区"
    SECRETARIAT = "secretariat", "事務局"


class Confidence(models.TextChoices):
    """How sure the secretariat is of a row of the record."""

    HIGH = "high", "高い"
    MEDIUM = "medium", "中くらい"
    LOW = "low", "低い"


class Qualifier(models.TextChoices):
    """The word printed with a number that is not exact: 約26万人, 300超."""

    EXACT = "", "（なし）"
    ABOUT = "約", "約"
    TOTAL = "延べ", "延べ"
    ABOUT_TOTAL = "延べ約", "延べ約"
    OVER = "超", "超"


def qualified(number: int, qualifier: str, unit: str = "") -> str:
    """``number`` with thousands, its unit and its word around it: 約260,000人; 57,000人超."""
    text = f"{number:,}{unit}"
    return f"{text}超" if qualifier == Qualifier.OVER else f"{qualifier}{text}"


class Action(models.TextChoices):
    """What the audit log records of this room."""

    LOAD_RECORD = "core.load_record", "公式の記録の出典を読み込み"
    ADD = "core.add", "管理画面で追加"
    EDIT = "core.edit", "管理画面で編集"
