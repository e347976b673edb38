"""Kinds and states of proposals, and the allowed moves between the states (domain.md)."""

from django.db import models


class ProposalKind(models.TextChoices):
    SEEK = "seek", "求める"
    PROVIDE = "provide", "提供できる"


class ProposalStatus(models.TextChoices):
    DRAFT = "draft", "下書き"
    OPEN = "open", "募集中"
    WITHDRAWN = "withdrawn", "取下げ"


class Move(models.TextChoices):
    """The named actions that change a proposal's state."""

    PUBLISH = "publish", "公開する"
    WITHDRAW = "withdraw", "取り下げる"


# Talks, decisions and their states come with the offers.
MOVES = {
    (ProposalStatus.DRAFT, Move.PUBLISH): ProposalStatus.OPEN,
    (ProposalStatus.OPEN, Move.WITHDRAW): ProposalStatus.WITHDRAWN,
}

# An open proposal past its end date is 期限切れ: told by the date, so no clock has to run.
EXPIRED = "expired"
STATUS_TAGS = {ProposalStatus.OPEN: "info"}
SHOWN_STATUSES = (
    (ProposalStatus.OPEN, "募集中"),
    (EXPIRED, "期限切れ"),
    (ProposalStatus.WITHDRAWN, "取下げ"),
    (ProposalStatus.DRAFT, "下書き（自団体）"),
)

DEFAULT_MONTHS_OPEN = 6
LONGEST_MONTHS_OPEN = 24


class Action(models.TextChoices):
    """What the audit log records of this room."""

    SAVE_DRAFT = "proposals.save_draft", "下書きを保存"
    DELETE_DRAFT = "proposals.delete_draft", "下書きを削除"
    PUBLISH = "proposals.publish_proposal", "提案を公開"
    CHANGE = "proposals.change_proposal", "提案を変更"
    WITHDRAW = "proposals.withdraw_proposal", "提案を取下げ"
    HIDE = "proposals.hide_proposal", "提案を非表示"
    UNHIDE = "proposals.unhide_proposal", "提案の非表示を解除"
    REPLY = "proposals.add_reply", "返信"
    HIDE_REPLY = "proposals.hide_reply", "返信を非表示"
    UNHIDE_REPLY = "proposals.unhide_reply", "返信の非表示を解除"
    SUCCEED = "proposals.succeed", "提案元の団体を引き継ぎ"
    EDIT = "proposals.edit", "管理画面で編集"
