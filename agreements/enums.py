"""Kinds and sides of agreements (data/README: agreements.csv)."""

from django.db import models


class AgreementKind(models.TextChoices):
    WIDE_AREA = "wide_area", "広域連携協定"
    COMPREHENSIVE = "comprehensive", "包括連携協定"
    FESTIVAL = "festival", "催しの協力・連携"
    MUTUAL = "mutual", "相互の連携協定"
    MEMORANDUM = "memorandum", "覚書"


class Side(models.TextChoices):
    SPECIAL_WARDS = "special_wards", "特別区側"
    COUNTERPART = "counterpart", "相手方"
    WITNESS = "witness", "立会人"


class Renewal(models.TextChoices):
    AUTO = "auto", "自動更新"
    NONE = "none", "更新なし"
    UNKNOWN = "unknown", "未確認"


class ItemsBasis(models.TextChoices):
    AGREEMENT_TEXT = "agreement_text", "協定書の文面"
    RELEASE = "release", "発表資料"
    NEWSLETTER = "newsletter", "広報紙"
    WARD_PAGE = "ward_page", "区のページ"
    REPORT = "report", "報道・報告"


class Action(models.TextChoices):
    """What the audit log records of this room."""

    TERMINATE = "agreements.terminate_agreement", "協定を終了"
    ADD = "agreements.add", "管理画面で追加"
    EDIT = "agreements.edit", "管理画面で編集"
    LOAD_RECORD = "agreements.load_record", "公式の記録を読み込み"
