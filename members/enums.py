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


class Role(models.TextChoices):
    """What a seat may do for its organization."""

    LEAD = "lead", "主担当"
    DEPUTY = "deputy", "副担当"
    READER = "reader", "閲覧"
    STAFF = "staff", "事務局"


WRITING_ROLES = (Role.LEAD, Role.DEPUTY)


class Action(models.TextChoices):
    """What the audit log records of this room."""

    LOAD_REGISTER = "members.load_register", "全国の市区町村の台帳を読み込み"
    LOAD_RECORD = "members.load_record", "公式の記録の団体と窓口を読み込み"
    CHANGE_OFFICE = "members.change_office", "登録情報を変更"
    CONFIRM_OFFICE = "members.confirm_office", "登録情報を「変更なし」と確認"
    CHANGE_LEAD = "members.change_lead", "主担当を変更"
    CHANGE_PERSON = "members.change_person", "氏名を変更"
    CHANGE_LOGIN = "members.change_login", "ログインのメールアドレスを変更"
    SET_PASSWORD = "members.set_password", "パスワードを設定"
    ADD_FACTOR = "members.add_factor", "二段階の確認を登録"
    REMOVE_FACTOR = "members.remove_factor", "二段階の確認の登録を外す"
    RESET_FACTORS = "members.reset_factors", "二段階の確認を初期化"
    OPEN_ACCOUNT = "members.open_account", "利用者を登録"
    GIVE_SEAT = "members.give_seat", "担当を登録"
    END_SEAT = "members.end_seat", "担当を終了"
    EDIT = "members.edit", "管理画面で編集"
    ADD = "members.add", "管理画面で追加"
