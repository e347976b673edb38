"""Kinds, sides and states of agreements and joint projects (data/README)."""

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


class CollaborationScope(models.TextChoices):
    """Who carries a joint project: single wards, or all of them together."""

    WARDS = "wards", "区"
    WARD_MAYORS = "ward_mayors", "特別区長会"


class CollaborationSide(models.TextChoices):
    WARD = "ward", "特別区"
    PARTNER = "partner", "連携先"


class Origin(models.TextChoices):
    """Where a joint project came from, as the record names it (data/README)."""

    BOARD = "掲示板", "掲示板"
    ASSEMBLY = "総会での提案", "総会での提案"
    INTRODUCTION = "紹介", "紹介"
    AGREEMENT = "協定", "協定"
    CONTINUATION = "継続", "継続"
    OTHER = "その他", "その他"


class CollaborationStatus(models.TextChoices):
    PLANNED = "planned", "計画中"
    UNDER_WAY = "under_way", "実施中"
    ENDED = "ended", "終了"
    CANCELLED = "cancelled", "中止"


# domain.md: a collaboration's lifecycle.
COLLABORATION_MOVES = {
    CollaborationStatus.PLANNED: {CollaborationStatus.UNDER_WAY, CollaborationStatus.CANCELLED},
    CollaborationStatus.UNDER_WAY: {CollaborationStatus.ENDED, CollaborationStatus.CANCELLED},
    CollaborationStatus.ENDED: set(),
    CollaborationStatus.CANCELLED: set(),
}
# The kind of the tag that shows the state (look.md 6).
COLLABORATION_TAGS = {
    CollaborationStatus.PLANNED: "info",
    CollaborationStatus.UNDER_WAY: "ok",
}


class YearReportStatus(models.TextChoices):
    """The states of domain.md; one that was sent back is a draft again."""

    DRAFT = "draft", "下書き"
    SUBMITTED = "submitted", "提出済み"
    ACCEPTED = "accepted", "承認済み"


# What a joint project has reported: also what the secretariat has not looked at yet.
REPORTED = (YearReportStatus.SUBMITTED, YearReportStatus.ACCEPTED)


class YearReportMove(models.TextChoices):
    """The named actions on a year report: the ward's first, the others the secretariat's."""

    SUBMIT = "submit", "提出する"
    ACCEPT = "accept", "承認する"
    SEND_BACK = "send_back", "差し戻す"


# domain.md: a year report's lifecycle.
YEAR_REPORT_MOVES = {
    (YearReportStatus.DRAFT, YearReportMove.SUBMIT): YearReportStatus.SUBMITTED,
    (YearReportStatus.SUBMITTED, YearReportMove.ACCEPT): YearReportStatus.ACCEPTED,
    (YearReportStatus.SUBMITTED, YearReportMove.SEND_BACK): YearReportStatus.DRAFT,
}
# How the timeline tells of a step.
YEAR_REPORT_MOVES_DONE = {
    YearReportMove.SUBMIT: "提出しました",
    YearReportMove.ACCEPT: "承認しました",
    YearReportMove.SEND_BACK: "差し戻しました",
}
# The kind of the tag that shows the state (look.md 6).
YEAR_REPORT_TAGS = {YearReportStatus.SUBMITTED: "info", YearReportStatus.ACCEPTED: "ok"}


class Action(models.TextChoices):
    """What the audit log records of this room."""

    TERMINATE = "agreements.terminate_agreement", "協定を終了"
    CREATE_COLLABORATION = "agreements.create_collaboration", "連携事業を登録"
    UPDATE_COLLABORATION = "agreements.update_collaboration", "連携事業を修正"
    PUBLISH_COLLABORATION = "agreements.publish_collaboration", "連携事業を公開"
    UNPUBLISH_COLLABORATION = "agreements.unpublish_collaboration", "連携事業の公開を取消し"
    START_COLLABORATION = "agreements.start_collaboration", "連携事業を開始"
    END_COLLABORATION = "agreements.end_collaboration", "連携事業を終了"
    CANCEL_COLLABORATION = "agreements.cancel_collaboration", "連携事業を中止"
    WRITE_REPORT = "agreements.write_report", "年度実績を保存"
    SUBMIT_REPORT = "agreements.submit_report", "年度実績を提出"
    ACCEPT_REPORT = "agreements.accept_report", "年度実績を承認"
    SEND_BACK_REPORT = "agreements.send_back_report", "年度実績を差戻し"
    DELETE_REPORT = "agreements.delete_report", "年度実績の下書きを削除"
    ADD = "agreements.add", "管理画面で追加"
    EDIT = "agreements.edit", "管理画面で編集"
    LOAD_RECORD = "agreements.load_record", "公式の記録を読み込み"
