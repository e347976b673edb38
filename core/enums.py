"""Choices that every room shares."""

from django.db import models


class Channel(models.TextChoices):
    """How an office told the portal: on the site, or through the secretariat."""

    WEB = "web", "サイトで"
    PHONE = "phone", "電話で確認"
    FAX = "fax", "ファクスで確認"
    MAIL = "mail", "メールで確認"
    COUNTER = "counter", "窓口で確認"

    @property
    def confirmed_text(self) -> str:
        """How a confirmation came: サイトで確認, 電話で確認."""
        return "サイトで確認" if self == self.WEB else str(self.label)

    @property
    def word(self) -> str:
        """What it is called: 電話, ファクス, 窓口."""
        return str(self.label).removesuffix("で確認").removesuffix("で")


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


class FileKind(models.TextChoices):
    """What an attachment is; the value is the extension that its content asks for."""

    PDF = "pdf", "PDF"
    DOCX = "docx", "Word"
    XLSX = "xlsx", "Excel"
    PPTX = "pptx", "PowerPoint"
    DOC = "doc", "Word"
    XLS = "xls", "Excel"
    PPT = "ppt", "PowerPoint"
    JPEG = "jpg", "JPEG"
    PNG = "png", "PNG"


class MailKind(models.IntegerChoices):
    """Kinds of mail; the number is the place in the queue."""

    SECRET = 1, "番号などの秘密"
    NORMAL = 2, "通常"
    BULK = 3, "一斉"


class MailState(models.TextChoices):
    """What became of a mail so far (``core.mail`` knows the moves)."""

    HELD = "held", "確認待ち"
    NEW = "new", "送信待ち"
    SENDING = "sending", "送信中"
    SENT = "sent", "送信済み"
    FAILED = "failed", "送信失敗"
    UNCERTAIN = "uncertain", "要確認"
    UNSENT = "unsent", "送らず"
    CANCELLED = "cancelled", "取消し"
    EXPIRED = "expired", "期限切れ"

    @classmethod
    def settled(cls) -> tuple["MailState", ...]:
        """The states in which nothing more happens to a mail by itself."""
        return (cls.SENT, cls.FAILED, cls.UNCERTAIN, cls.UNSENT, cls.CANCELLED, cls.EXPIRED)


class MailMove(models.TextChoices):
    """What the secretariat may do with a mail."""

    RELEASE = "release", "送信する"
    CANCEL = "cancel", "取り消す"
    RESEND = "resend", "送り直す"


# The sender's own moves, which nobody asks for, are in ``core.mail.sending``.
MAIL_MOVES = {
    (MailState.HELD, MailMove.RELEASE): MailState.NEW,
    (MailState.HELD, MailMove.CANCEL): MailState.CANCELLED,
    (MailState.NEW, MailMove.CANCEL): MailState.CANCELLED,
    (MailState.FAILED, MailMove.RESEND): MailState.NEW,
    (MailState.UNCERTAIN, MailMove.RESEND): MailState.NEW,
    (MailState.UNSENT, MailMove.RESEND): MailState.NEW,
}


class Action(models.TextChoices):
    """What the audit log records of this room."""

    LOAD_RECORD = "core.load_record", "公式の記録の出典を読み込み"
    ADD = "core.add", "管理画面で追加"
    EDIT = "core.edit", "管理画面で編集"
    ERASE_PERSONAL = "core.erase_personal", "保存期間が過ぎた個人の情報を消去"
    FORGET_PEOPLE = "core.forget_people", "退いた人の個人の情報を操作記録から消去"
    RELEASE_MAIL = "core.release_mail", "メールの送信を許可"
    RELEASE_MAILING = "core.release_mailing", "一斉送信を許可"
    CANCEL_MAIL = "core.cancel_mail", "メールを取消し"
    CANCEL_MAILING = "core.cancel_mailing", "一斉送信を取消し"
    RESEND_MAIL = "core.resend_mail", "メールを送り直し"
    MARK_UNDELIVERABLE = "core.mark_undeliverable", "不達を記録"
    CLEAR_UNDELIVERABLE = "core.clear_undeliverable", "不達を解除"
    EXPORT_CONTACTS = "core.export_contacts", "連絡先を書き出し"
