"""A proposal as it stood before, and what its next version says instead."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from core import dates
from core.enums import Level
from proposals.enums import ProposalKind
from proposals.models import LEVELS, Proposal, ProposalVersion


@dataclass(frozen=True)
class Difference:
    """One field of two texts that differ: what stood before and what stands after."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Edition:
    """An earlier version with what the next one that the reader may see says instead."""

    version: ProposalVersion
    rows: list[dict[str, str]] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)


def wards_meant(level: str, *, by_ward: bool) -> str:
    """Whom a proposal without chosen wards is addressed to (``Proposal.means_all_wards``)."""
    if not by_ward:
        return "すべての区"
    return "ほかのすべての区" if level == Level.WARDS else "指定なし"


def editions(proposal: Proposal, user) -> list[Edition]:
    """The earlier versions that ``user`` may read, newest first."""
    following, by_ward = proposal.content(), proposal.organization.is_ward
    result = []
    for version in proposal.versions.visible_to(user).order_by("-number"):
        rows = rows_of(version.fields, by_ward=by_ward)
        found = differences(version.fields, following, by_ward=by_ward)
        result.append(Edition(version, rows, found))
        following = version.fields
    return result


def differences(
    before: Mapping[str, Any], after: Mapping[str, Any], *, by_ward: bool
) -> list[Difference]:
    """The fields whose values differ, as they are shown; ``by_ward``: a ward has written it."""
    former, later = rows_of(before, by_ward=by_ward), rows_of(after, by_ward=by_ward)
    return [
        Difference(old["label"], old["value"], new["value"])
        for old, new in zip(former, later, strict=True)
        if old["value"] != new["value"]
    ]


def rows_of(content: Mapping[str, Any], *, by_ward: bool) -> list[dict[str, str]]:
    """``Proposal.content`` as labels and values for a list of facts.

    Versions of before the offers say nothing of place, scale, budget, conditions, wards and
    files.
    """
    shown = {
        "種別": ProposalKind(content["kind"]).label if content["kind"] else "",
        "提案の題名": content["title"],
        "分野": "、".join(content["themes"]),
        "提案の内容": content["body"],
        "希望時期（開始）": _month(content["wished_from"]),
        "希望時期（終了）": _month(content["wished_until"]),
        "希望する場所": content.get("place", ""),
        "規模": content.get("scale", ""),
        "予算について": content.get("budget", ""),
        "条件": content.get("conditions", ""),
        "宛先の特別区": "、".join(content.get("wards", []))
        or wards_meant(content["level"], by_ward=by_ward),
        "添付ファイル": "\n".join(content.get("attachments", [])),
        "募集期限": dates.day_text(_day(content["ends_on"])) if content["ends_on"] else "",
        "公開の範囲": dict(LEVELS)[content["level"]],
    }
    return [{"label": label, "value": value or "（入力なし）"} for label, value in shown.items()]


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _month(text: str) -> str:
    return dates.month_text(_day(text)) if text else ""
