"""Kinds and states of proposals, and the allowed moves between the states (domain.md)."""

from django.db import models


class ProposalKind(models.TextChoices):
    SEEK = "seek", "求める"
    PROVIDE = "provide", "提供できる"


class ProposalStatus(models.TextChoices):
    """The states of domain.md; 期限切れ is told by the date (``EXPIRED``)."""

    DRAFT = "draft", "下書き"
    OPEN = "open", "募集中"
    IN_TALKS = "in_talks", "協議中"
    AGREED = "agreed", "実施決定"
    COMPLETED = "completed", "完了"
    CLOSED = "closed", "不成立"
    WITHDRAWN = "withdrawn", "取下げ"


# What takes offers and replies; ``services.states`` moves a proposal between these.
LIVE = (ProposalStatus.OPEN, ProposalStatus.IN_TALKS, ProposalStatus.AGREED)
# What its author may still close or take back.
UNDECIDED = (ProposalStatus.OPEN, ProposalStatus.IN_TALKS)


class Move(models.TextChoices):
    """What changes a proposal's state, or who may still answer it."""

    PUBLISH = "publish", "公開する"
    CLOSE = "close", "不成立にする"
    WITHDRAW = "withdraw", "取り下げる"
    RENEW = "renew", "募集期限を延ばす"
    STOP_OFFERS = "stop_offers", "申し出の受付を止める"
    RESUME_OFFERS = "resume_offers", "申し出の受付を再開する"
    # These follow from the offers and the joint projects.
    TALKS_BEGIN = "talks_begin", "協議を始める"
    TALKS_END = "talks_end", "協議が終わる"
    AGREE = "agree", "実施を決める"
    COMPLETE = "complete", "完了する"
    REOPEN = "reopen", "実施の決定がなくなる"


# Whoever acts names the move.
MOVES = {
    (ProposalStatus.DRAFT, Move.PUBLISH): ProposalStatus.OPEN,
    (ProposalStatus.OPEN, Move.CLOSE): ProposalStatus.CLOSED,
    (ProposalStatus.IN_TALKS, Move.CLOSE): ProposalStatus.CLOSED,
    (ProposalStatus.OPEN, Move.WITHDRAW): ProposalStatus.WITHDRAWN,
    (ProposalStatus.IN_TALKS, Move.WITHDRAW): ProposalStatus.WITHDRAWN,
    (ProposalStatus.OPEN, Move.RENEW): ProposalStatus.OPEN,
}
# What the offers and joint projects make of a proposal, and how the move is called then.
FOLLOWING = {
    (ProposalStatus.OPEN, ProposalStatus.IN_TALKS): Move.TALKS_BEGIN,
    # By a joint project that its ward has registered itself.
    (ProposalStatus.OPEN, ProposalStatus.AGREED): Move.AGREE,
    (ProposalStatus.OPEN, ProposalStatus.COMPLETED): Move.COMPLETE,
    (ProposalStatus.IN_TALKS, ProposalStatus.OPEN): Move.TALKS_END,
    (ProposalStatus.IN_TALKS, ProposalStatus.AGREED): Move.AGREE,
    (ProposalStatus.AGREED, ProposalStatus.COMPLETED): Move.COMPLETE,
    (ProposalStatus.AGREED, ProposalStatus.OPEN): Move.REOPEN,
    (ProposalStatus.AGREED, ProposalStatus.IN_TALKS): Move.REOPEN,
}


# How the timeline tells of a step. Who made it stands beside those that its author makes; the
# others may come from an offering side, which is nobody else's to know.
MOVES_DONE = {
    Move.PUBLISH: "公開しました",
    Move.CLOSE: "不成立にしました",
    Move.WITHDRAW: "取り下げました",
    Move.RENEW: "募集期限を延ばしました",
    Move.STOP_OFFERS: "申し出の受付を止めました",
    Move.RESUME_OFFERS: "申し出の受付を再開しました",
    Move.TALKS_BEGIN: "協議が始まりました",
    # Not to which state: its end date may have passed by then, and be put off since.
    Move.TALKS_END: "協議が終わりました",
    Move.AGREE: "実施が決まりました",
    Move.COMPLETE: "連携事業が完了しました",
    # It was called off, or its ward has taken the link back.
    Move.REOPEN: "中止や結び付けの解除で連携事業がなくなり、実施の決定が取り消されました",
}


class OfferStatus(models.TextChoices):
    INTERESTED = "interested", "関心あり"
    TALKING = "talking", "協議中"
    ACCEPTED = "accepted", "受諾"
    DECLINED = "declined", "見送り"
    WITHDRAWN = "withdrawn", "辞退"


# Those that still wait for a yes or a no.
LIVE_OFFERS = (OfferStatus.INTERESTED, OfferStatus.TALKING)


class OfferMove(models.TextChoices):
    """The named actions on an offer; the author's, but for the first and the last."""

    RAISE = "raise", "関心を伝える"
    START_TALK = "start_talk", "協議を始める"
    ACCEPT = "accept", "受諾する"
    DECLINE = "decline", "見送る"
    STEP_DOWN = "step_down", "辞退する"


OFFER_MOVES = {
    (OfferStatus.INTERESTED, OfferMove.START_TALK): OfferStatus.TALKING,
    (OfferStatus.TALKING, OfferMove.ACCEPT): OfferStatus.ACCEPTED,
    (OfferStatus.INTERESTED, OfferMove.DECLINE): OfferStatus.DECLINED,
    (OfferStatus.TALKING, OfferMove.DECLINE): OfferStatus.DECLINED,
    (OfferStatus.INTERESTED, OfferMove.STEP_DOWN): OfferStatus.WITHDRAWN,
    (OfferStatus.TALKING, OfferMove.STEP_DOWN): OfferStatus.WITHDRAWN,
}


OFFER_MOVES_DONE = {
    OfferMove.RAISE: "関心を伝えました",
    OfferMove.START_TALK: "協議を始めました",
    OfferMove.ACCEPT: "申し出を受諾しました",
    OfferMove.DECLINE: "申し出を見送りました",
    OfferMove.STEP_DOWN: "申し出を辞退しました",
}


class Standing(models.TextChoices):
    """Where one ward stands with one proposal: a cell of the grid.

    An offer stands under its own state (the values of ``OfferStatus``).
    """

    AUTHOR = "author", "提案元"
    INTERESTED = "interested", "関心あり"
    TALKING = "talking", "協議中"
    ACCEPTED = "accepted", "受諾"
    DECLINED = "declined", "見送り"
    WITHDRAWN = "withdrawn", "辞退"
    REPLIED = "replied", "返信"
    UNANSWERED = "unanswered", "未回答"
    SILENT = "silent", "回答なし"
    NOT_ADDRESSED = "not_addressed", "宛先外"


class Sum(models.TextChoices):
    """What the grid adds up, for each proposal and for each ward; the value is of a ``Tally``.

    On a proposal of a ward the members offer, and the other wards are seldom asked.
    """

    OFFERED = "offered", "区の申し出"
    RECEIVED = "received", "会員の申し出"
    REPLIED = "replied", "返信だけ"
    UNANSWERED = "unanswered", "未回答"


class ColumnPart(models.TextChoices):
    """Which of its own column a ward looks at."""

    UNANSWERED = "unanswered", "未回答"
    OFFERING = "offering", "申し出中"
    ALL = "all", "すべて"


class OpeningGround(models.TextChoices):
    """Why the secretariat opens a talk; without one it never does (domain.md)."""

    REQUEST = "request", "当事者からの依頼"
    REPORT = "report", "通報"


class ReportStatus(models.TextChoices):
    OPEN = "open", "確認待ち"
    UPHELD = "upheld", "対応した"
    DISMISSED = "dismissed", "対応しなかった"


# An open proposal past its end date is 期限切れ: told by the date, so no clock has to run.
EXPIRED = "expired"
STATUS_TAGS = {
    ProposalStatus.OPEN: "info",
    ProposalStatus.IN_TALKS: "wait",
    ProposalStatus.AGREED: "ok",
}
OFFER_TAGS = {
    OfferStatus.INTERESTED: "info",
    OfferStatus.TALKING: "wait",
    OfferStatus.ACCEPTED: "ok",
}
STANDING_TAGS = {
    **{Standing(status): tag for status, tag in OFFER_TAGS.items()},
    Standing.UNANSWERED: "wait",
}
# What a narrow cell of the grid shows where that is not how the word begins.
STANDING_MARKS = {Standing.SILENT: "なし"}
SHOWN_STATUSES = (
    (ProposalStatus.OPEN, "募集中"),
    (ProposalStatus.IN_TALKS, "協議中"),
    (ProposalStatus.AGREED, "実施決定"),
    (ProposalStatus.COMPLETED, "完了"),
    (ProposalStatus.CLOSED, "不成立"),
    (EXPIRED, "期限切れ"),
    (ProposalStatus.WITHDRAWN, "取下げ"),
    (ProposalStatus.DRAFT, "下書き（自団体）"),
)

DEFAULT_MONTHS_OPEN = 6
LONGEST_MONTHS_OPEN = 24
# Without an answer for so long, a proposal stands in the secretariat's queue (features.md 8).
UNANSWERED_DAYS = 14
# How long before its end date an open proposal may be renewed, and its author is warned.
WARNING_DAYS = (30, 7)
# How long a draft of an offer outlives its proposal, which may be renewed meanwhile.
KEEP_OFFER_DRAFTS_DAYS = 30


class Action(models.TextChoices):
    """What the audit log records of this room."""

    SAVE_DRAFT = "proposals.save_draft", "下書きを保存"
    DELETE_DRAFT = "proposals.delete_draft", "下書きを削除"
    PUBLISH = "proposals.publish_proposal", "提案を公開"
    CHANGE = "proposals.change_proposal", "提案を変更"
    WITHDRAW = "proposals.withdraw_proposal", "提案を取下げ"
    CLOSE = "proposals.close_proposal", "提案を不成立に"
    RENEW = "proposals.renew_proposal", "提案の募集期限を延長"
    STOP_OFFERS = "proposals.stop_offers", "申し出の受付を停止"
    RESUME_OFFERS = "proposals.resume_offers", "申し出の受付を再開"
    FOLLOW_OFFERS = "proposals.follow_offers", "申し出と連携事業により提案の状態が変化"
    SAVE_OFFER_DRAFT = "proposals.save_offer_draft", "申し出の下書きを保存"
    DELETE_OFFER_DRAFT = "proposals.delete_offer_draft", "申し出の下書きを削除"
    RAISE_OFFER = "proposals.raise_offer", "連携を申し出"
    START_TALK = "proposals.start_talk", "申し出との協議を開始"
    ACCEPT_OFFER = "proposals.accept_offer", "申し出を受諾"
    DECLINE_OFFER = "proposals.decline_offer", "申し出を見送り"
    STEP_DOWN = "proposals.step_down", "申し出を辞退"
    SEND_MESSAGE = "proposals.send_message", "協議メッセージを送信"
    ASK_TO_OPEN = "proposals.ask_to_open", "協議の確認を事務局に依頼"
    OPEN_TALK = "proposals.open_talk", "協議を事務局が確認"
    REPORT = "proposals.report", "通報"
    SETTLE_REPORT = "proposals.settle_report", "通報を処理"
    EDIT_REPLY = "proposals.edit_reply", "返信を修正"
    RELATE = "proposals.relate", "関連する提案を結び付け"
    UNRELATE = "proposals.unrelate", "関連する提案の結び付きを解除"
    HIDE = "proposals.hide_proposal", "提案を非表示"
    UNHIDE = "proposals.unhide_proposal", "提案の非表示を解除"
    REPLY = "proposals.add_reply", "返信"
    HIDE_REPLY = "proposals.hide_reply", "返信を非表示"
    UNHIDE_REPLY = "proposals.unhide_reply", "返信の非表示を解除"
    SUCCEED = "proposals.succeed", "提案元の団体を引き継ぎ"
    EDIT = "proposals.edit", "管理画面で編集"
