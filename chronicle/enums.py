"""Kinds and states of what the secretariat publishes."""

from django.db import models


class NewsKind(models.TextChoices):
    NOTICE = "notice", "お知らせ"
    PROJECT = "project", "連携事業"
    EVENT = "event", "イベント"
    MEMBERS = "members", "会員"
    RELIEF = "relief", "被災地支援"


class NewsStatus(models.TextChoices):
    DRAFT = "draft", "下書き"
    PUBLISHED = "published", "公開"
    WITHDRAWN = "withdrawn", "取下げ"


NEWS_MOVES = {
    NewsStatus.DRAFT: {NewsStatus.PUBLISHED},
    NewsStatus.PUBLISHED: {NewsStatus.WITHDRAWN},
    NewsStatus.WITHDRAWN: {NewsStatus.PUBLISHED},
}


class MilestoneCategory(models.TextChoices):
    """What a milestone tells of, as the record names it (data/README: milestones.csv)."""

    MEETING = "会議", "会議"
    AGREEMENT = "協定", "協定"
    EVENT = "イベント", "イベント"
    SYMPOSIUM = "シンポジウム", "シンポジウム"
    LECTURE = "講演会", "講演会"
    EXCHANGE = "視察・意見交換", "視察・意見交換"
    RELIEF = "災害支援", "災害支援"
    PUBLICITY = "広報", "広報"
    GRANT = "助成", "助成"
    OTHER = "その他", "その他"


class ReliefKind(models.TextChoices):
    """Kinds of support as the newsletter names them (data/README: relief.csv)."""

    STAFF = "職員派遣", "職員派遣"
    GOODS = "支援物資", "支援物資"
    RECOVERY_MONEY = "復興支援金", "復興支援金"
    SYMPATHY_MONEY = "見舞金", "見舞金"


class Metric(models.TextChoices):
    """What a stated figure counts (data/README: stated_figures.csv); others keep their name."""

    REGISTERED_MEMBERS = "registered_members", "会員登録数"
    CONNECTED_MUNICIPALITIES = "connected_municipalities", "つながりを持った自治体"
    AGREEMENT_ASSOCIATIONS = "agreement_associations", "広域連携協定の締結先"
    AGREEMENT_MUNICIPALITIES = "agreement_municipalities", "広域連携協定の対象自治体"
    AGREEMENT_COMPANIES = "agreement_companies", "包括連携協定の締結企業"


class Action(models.TextChoices):
    """What the audit log records of this room."""

    PUBLISH_NEWS = "chronicle.publish_news", "お知らせを公開"
    WITHDRAW_NEWS = "chronicle.withdraw_news", "お知らせを取下げ"
    ADD = "chronicle.add", "管理画面で追加"
    EDIT = "chronicle.edit", "管理画面で編集"
    LOAD_RECORD = "chronicle.load_record", "公式の記録を読み込み"
