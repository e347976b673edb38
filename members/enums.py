"""Kinds, roles and actions of the members' room (words: domain.md)."""

from django.db import models


class MunicipalityKind(models.TextChoices):
    CITY = "市", "市"
    TOWN = "町", "町"
    VILLAGE = "村", "村"
    WARD = "特別区", "特別区"


class ChangeKind(models.TextChoices):
    RENAME = "rename", "名称変更"
    TOWN_TO_CITY = "town_to_city", "町から市へ"
    VILLAGE_TO_CITY = "village_to_city", "村から市へ"
    VILLAGE_TO_TOWN = "village_to_town", "村から町へ"
    MERGER = "merger", "合併・編入"


class OrganizationKind(models.TextChoices):
    MUNICIPALITY = "municipality", "市区町村"
    PREFECTURE = "prefecture", "都道府県"
    CITY_ASSOCIATION = "city_association", "市長会"
    TOWN_ASSOCIATION = "town_association", "町村会"
    COMPANY = "company", "企業"
    COMMITTEE = "committee", "実行委員会・協議会"
    WARD_MAYORS = "ward_mayors", "特別区長会"
    WARD_COUNCIL = "ward_council", "特別区協議会"
    OTHER = "other", "その他"


ASSOCIATION_KINDS = (OrganizationKind.CITY_ASSOCIATION, OrganizationKind.TOWN_ASSOCIATION)
SECRETARIAT_KINDS = (OrganizationKind.WARD_MAYORS, OrganizationKind.WARD_COUNCIL)


class CoveredKinds(models.TextChoices):
    """Which municipalities of its prefecture an association covers."""

    CITIES = "市", "市"
    TOWNS = "町村", "町村"
    ALL = "市町村", "市町村"

    @property
    def municipality_kinds(self) -> list[str]:
        return list(str(self.value))


class UserKind(models.TextChoices):
    PERSONAL = "personal", "個人"
    OFFICE = "office", "共用"


# Stands for the name of somebody of whom nothing personal is kept any more.
ERASED_PERSON = "退任者"


class Role(models.TextChoices):
    """What a seat may do for its organization."""

    LEAD = "lead", "主担当"
    DEPUTY = "deputy", "副担当"
    READER = "reader", "閲覧"
    STAFF = "staff", "事務局"


WRITING_ROLES = (Role.LEAD, Role.DEPUTY)


class ApplicationStatus(models.TextChoices):
    """How far a request to become a member is; ``APPLICATION_MOVES`` has the allowed moves."""

    APPLIED = "applied", "審査中"
    RETURNED = "returned", "差し戻し"
    APPROVED = "approved", "承認"
    REJECTED = "rejected", "不承認"
    CANCELLED = "cancelled", "取消し"


class ApplicationMove(models.TextChoices):
    SEND_BACK = "send_back", "差し戻す"
    APPLY = "apply", "申請し直す"
    APPROVE = "approve", "承認する"
    REJECT = "reject", "不承認にする"
    CANCEL = "cancel", "取り消す"


APPLICATION_MOVES = {
    (ApplicationStatus.APPLIED, ApplicationMove.SEND_BACK): ApplicationStatus.RETURNED,
    (ApplicationStatus.RETURNED, ApplicationMove.APPLY): ApplicationStatus.APPLIED,
    (ApplicationStatus.APPLIED, ApplicationMove.APPROVE): ApplicationStatus.APPROVED,
    (ApplicationStatus.APPLIED, ApplicationMove.REJECT): ApplicationStatus.REJECTED,
    (ApplicationStatus.APPLIED, ApplicationMove.CANCEL): ApplicationStatus.CANCELLED,
    (ApplicationStatus.RETURNED, ApplicationMove.CANCEL): ApplicationStatus.CANCELLED,
}


class Standing(models.TextChoices):
    """Whether a municipality may apply to become a member; the label says why not."""

    FREE = "free", "申請できます"
    WARD = "ward", "特別区は、会員登録の対象ではありません"
    MEMBER = "member", "この団体はすでに会員です"
    WAITING = "waiting", "この団体の申請は、すでに受け付けています"


class InvitationStatus(models.TextChoices):
    """What became of an invitation or a handover; from ``SENT`` to any other, once."""

    SENT = "sent", "返事待ち"
    ACCEPTED = "accepted", "承諾"
    DECLINED = "declined", "辞退"
    EXPIRED = "expired", "期限切れ"
    CANCELLED = "cancelled", "取消し"


class Verdict(models.TextChoices):
    """What a row of a table that is read would do."""

    NEW = "new", "新規"
    CHANGED = "changed", "変更"
    UNCHANGED = "unchanged", "変更なし"


# What a lead may still want to know of.
UNHEEDED = (InvitationStatus.DECLINED, InvitationStatus.EXPIRED)


class StartState(models.TextChoices):
    """How far somebody, or an organization, has come in before all members use the portal."""

    BEFORE = "before", "案内前"
    INVITED = "invited", "案内済み"
    BOUNCED = "bounced", "不達"
    STARTED = "started", "利用開始"
    NOBODY = "nobody", "担当者なし"


class Answer(models.TextChoices):
    """What a member says of its contact details in a campaign (年度確認)."""

    UNCHANGED = "unchanged", "変更なし"
    CHANGED = "changed", "変更あり"


class AnswerState(models.TextChoices):
    """How a member stands in a campaign, as the board counts it."""

    UNCHANGED = "unchanged", "変更なし"
    CHANGED = "changed", "変更あり"
    SILENT = "silent", "未回答"
    BOUNCED = "bounced", "不達"


class Step(models.IntegerChoices):
    """How far a campaign has climbed for an office: whom its last mail went to."""

    LEAD = 1, "主担当"
    DEPUTIES = 2, "副担当"
    OFFICE = 3, "部署の共用アドレス"
    DESK = 4, "代表の部署"


class Settlement(models.TextChoices):
    """What the secretariat did about an objection to a new login address."""

    KEPT = "kept", "変更を認めた"
    RESTORED = "restored", "前のアドレスに戻した"


class ContactUse(models.TextChoices):
    """How an office's contact details leave the portal."""

    SAVED = "saved", "連絡先のファイル（vCard）に保存"
    PRINTED = "printed", "印刷用の画面を表示"


class Action(models.TextChoices):
    """What the audit log records of this room."""

    LOAD_REGISTER = "members.load_register", "全国の市区町村の台帳を読み込み"
    LOAD_RECORD = "members.load_record", "公式の記録の団体と窓口を読み込み"
    CHANGE_OFFICE = "members.change_office", "登録情報を変更"
    CONFIRM_OFFICE = "members.confirm_office", "登録情報を「変更なし」と確認"
    CHANGE_LEAD = "members.change_lead", "主担当を変更"
    CHANGE_PERSON = "members.change_person", "氏名を変更"
    CHANGE_LOGIN = "members.change_login", "ログインのメールアドレスを変更"
    REPLACE_LOGIN = "members.replace_login", "ログインのメールアドレスを置き換え"
    OBJECT_TO_LOGIN = "members.object_to_login", "メールアドレスの変更に心当たりがないとの申し出"
    KEEP_LOGIN = "members.keep_login", "メールアドレスの変更を認める"
    RESTORE_LOGIN = "members.restore_login", "メールアドレスを前に戻す"
    ACCEPT_TERMS = "members.accept_terms", "利用規約に同意"
    SET_PASSWORD = "members.set_password", "パスワードを設定"
    ADD_FACTOR = "members.add_factor", "二段階の確認を登録"
    REMOVE_FACTOR = "members.remove_factor", "二段階の確認の登録を外す"
    RESET_FACTORS = "members.reset_factors", "二段階の確認を初期化"
    OPEN_ACCOUNT = "members.open_account", "利用者を登録"
    GIVE_SEAT = "members.give_seat", "担当を登録"
    CHANGE_SEAT = "members.change_seat", "担当の役割や期間を変更"
    END_SEAT = "members.end_seat", "担当を終了"
    TAKE_OVER_SEAT = "members.take_over_seat", "担当を事務局が引き取り"
    RESET_SHARED_CREDENTIALS = (
        "members.reset_shared_credentials",
        "共用アカウントのログインの方法を初期化",
    )
    APPLY = "members.apply", "会員登録を申請"
    SEND_BACK_APPLICATION = "members.send_back_application", "会員登録申請を差し戻し"
    APPROVE_APPLICATION = "members.approve_application", "会員登録申請を承認"
    REJECT_APPLICATION = "members.reject_application", "会員登録申請を不承認"
    CANCEL_APPLICATION = "members.cancel_application", "会員登録申請を取消し"
    OPEN_MEMBERSHIP = "members.open_membership", "会員登録を開始"
    CLOSE_MEMBERSHIP = "members.close_membership", "会員登録を終了"
    OPEN_OFFICE = "members.open_office", "代表の部署を登録"
    INVITE = "members.invite", "担当に招待"
    ACCEPT_INVITATION = "members.accept_invitation", "招待を承諾"
    DECLINE_INVITATION = "members.decline_invitation", "招待を辞退"
    CANCEL_INVITATION = "members.cancel_invitation", "招待を取消し"
    RESEND_INVITATION = "members.resend_invitation", "招待を再送"
    EXPIRE_INVITATION = "members.expire_invitation", "招待の期限切れ"
    START_HANDOVER = "members.start_handover", "引継ぎを開始"
    CHANGE_HANDOVER = "members.change_handover", "引継ぎの日付や申し送りを変更"
    ACCEPT_HANDOVER = "members.accept_handover", "引継ぎを承諾"
    DECLINE_HANDOVER = "members.decline_handover", "引継ぎを辞退"
    CANCEL_HANDOVER = "members.cancel_handover", "引継ぎを取消し"
    RESEND_HANDOVER = "members.resend_handover", "引継ぎを再送"
    EXPIRE_HANDOVER = "members.expire_handover", "引継ぎの期限切れ"
    IMPORT_MEMBERS = "members.import_members", "会員の表を取り込み"
    WRITE_WELCOMES = "members.write_welcomes", "「ご利用開始のご案内」を作成"
    PLAN_RENAME = "members.plan_rename", "部署名の変更を予定"
    CANCEL_RENAME = "members.cancel_rename", "部署名の変更の予定を取消し"
    RENAME_OFFICE = "members.rename_office", "部署名を変更"
    RECORD_CHANGE = "members.record_change", "合併・名称変更などを登録"
    CORRECT_CHANGE = "members.correct_change", "合併・名称変更などの登録を訂正"
    CANCEL_CHANGE = "members.cancel_change", "合併・名称変更などの登録を取消し"
    CARRY_OVER = "members.carry_over", "団体の引継ぎを決定"
    SUCCEED = "members.succeed", "団体を引き継ぎ"
    MOVE_OFFICE = "members.move_office", "部署を新しい団体へ移す"
    START_CAMPAIGN = "members.start_campaign", "年度確認を開始"
    END_CAMPAIGN = "members.end_campaign", "年度確認を終了"
    CHANGE_PROFILE = "members.change_profile", "団体の紹介を変更"
    SAVE_CONTACT = "members.save_contact", "連絡先を1件保存または印刷"
    IMPORT_EDITED = "members.import_edited", "書き出した表を取り込み"
    ERASE_PERSON = "members.erase_person", "退いた人の個人の情報を消去"
    EXPORT_OWN_DATA = "members.export_own_data", "自分の情報を書き出し"
    EDIT = "members.edit", "管理画面で編集"
    ADD = "members.add", "管理画面で追加"
