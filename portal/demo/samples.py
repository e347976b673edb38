"""Sample proposals, replies, joint projects, news and an event: the demo has something to read.

Each title begins with 見本 and each row is marked as a sample, which no figure counts.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from agreements.enums import CollaborationStatus, Origin
from agreements.models import Collaboration
from agreements.services import create as create_collaboration
from chronicle.enums import NewsKind
from chronicle.models import News
from chronicle.services import publish_news
from core.dates import Precision, RecordDate, add_months, today
from core.enums import Level
from core.models import OutboxMail
from events.enums import EventKind
from events.models import Event, EventRole
from events.services import publish as publish_event
from events.services import write_event
from members.models import Seat, Theme
from members.services import change_profile
from proposals import services
from proposals.enums import Move, ProposalKind
from proposals.models import Proposal

SAKAI = "lead@sakai.example.lg.jp"
SHINAGAWA = "lead@shinagawa.example.lg.jp"
KITAKAMI = "lead@kitakami.example.lg.jp"
HOKKAIDO = "shared@hokkaido.example.jp"
STAFF = "staff@kuchokai.example.jp"


def load_samples(seats: dict[str, Seat]) -> None:
    """Adds the samples that are missing; ``seats`` are the demo accounts' by address."""
    if not Proposal.objects.filter(is_sample=True).exists():
        for sample in PROPOSALS:
            load_proposal(sample, seats)
        save_draft(seats[SAKAI])
        # The inboxes tell of the samples; a heap of mails would only hide the passwords.
        OutboxMail.objects.filter(key__startswith="notices:").delete()
    load_collaborations(seats)
    load_profiles(seats)
    load_news(seats[STAFF])
    load_event(seats[SHINAGAWA], seats[STAFF])
    write_event_draft(seats[SAKAI])


@dataclass(frozen=True)
class Raised:
    """An offer on a proposal; ``talk`` is who has said what since the author began it."""

    by: str
    message: str
    talk: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Sample:
    """A proposal as it is posted, and what became of it."""

    author: str
    kind: ProposalKind
    title: str
    body: str
    themes: tuple[str, ...]
    days_ago: int
    level: Level = Level.MEMBERS
    replies: tuple[tuple[str, str], ...] = field(default=())
    offers: tuple[Raised, ...] = ()
    withdrawn_because: str = ""
    has_expired: bool = False
    former_body: str = ""


PROPOSALS = (
    Sample(
        KITAKAMI,
        ProposalKind.PROVIDE,
        "見本：小学校の行事で使う雪をお届けします",
        "雪に触れる機会の少ない地域の小学校へ、雪と遊びの指導員をお届けします。\n"
        "雪の運搬費の負担、会場の条件は相談して決めます。",
        ("教育", "観光"),
        days_ago=40,
        replies=((SHINAGAWA, "校庭の広さと水はけの条件を教えてください。"),),
        offers=(
            Raised(SHINAGAWA, "区立小学校2校で、2月の行事に合わせて受け入れたいと考えています。"),
        ),
    ),
    Sample(
        SHINAGAWA,
        ProposalKind.SEEK,
        "見本：商店街の産直市に出店する自治体を求めます",
        "商店街の広場で、各地の特産品を紹介する産直市を開きます。\n"
        "1小間は幅2メートルで、机と電源を用意します。販売の担当者は1名からで結構です。",
        ("産業", "観光"),
        days_ago=26,
        replies=(
            (SAKAI, "冷蔵の必要な品を扱えるか、教えてください。"),
            (HOKKAIDO, "管内の町村に案内します。申込みの締切りはいつでしょうか。"),
        ),
        offers=(Raised(SAKAI, "冬の味覚を、1小間で紹介したいと考えています。"),),
        former_body="商店街の広場で、各地の特産品を紹介する産直市を開きます。",
    ),
    Sample(
        SAKAI,
        ProposalKind.PROVIDE,
        "見本：城下町の暮らしを伝える出前講座を開きます",
        "城下町の歴史と暮らしを伝える講師を派遣し、紙芝居や茶の湯の体験を行います。\n"
        "対象は小学生から大人までです。旅費は当市が負担します。",
        ("文化", "教育"),
        days_ago=12,
        replies=((KITAKAMI, "図書館での開催も可能でしょうか。"),),
        offers=(
            Raised(
                SHINAGAWA,
                "区立図書館で、秋に2日間の講座を開きたいと考えています。",
                talk=(
                    (SAKAI, "10月でしたら、講師2名を派遣できます。"),
                    (SHINAGAWA, "会場の候補日を調べて、来週までにお知らせします。"),
                ),
            ),
        ),
        former_body="城下町の歴史と暮らしを伝える講師を派遣し、紙芝居や茶の湯の体験を行います。",
    ),
    Sample(
        HOKKAIDO,
        ProposalKind.SEEK,
        "見本：町村の職員が区の防災訓練を見学する機会を求めます",
        "町村の防災担当の職員10名程度で、大規模な避難所運営訓練を見学したいと考えています。\n"
        "見学の後に、備蓄と受援の体制について意見を交わす場も希望します。",
        ("防災",),
        days_ago=5,
    ),
    Sample(
        SHINAGAWA,
        ProposalKind.SEEK,
        "見本：（特別区だけ）共同で開く物産展の会場を相談したい",
        "複数の区が合同で開く物産展について、会場と費用の分担を相談したいと考えています。",
        ("産業",),
        days_ago=3,
        level=Level.WARDS,
    ),
    Sample(
        KITAKAMI,
        ProposalKind.SEEK,
        "見本：伝統芸能の公演に出演できる団体を求めます",
        "秋の祭りで、各地の伝統芸能を一緒に披露する団体を探しています。",
        ("文化",),
        days_ago=60,
        withdrawn_because="出演する団体が決まったため",
    ),
    Sample(
        SAKAI,
        ProposalKind.SEEK,
        "見本：中学生の交流合宿を受け入れる自治体を求めます",
        "夏休みに2泊3日で、スポーツと学習を組み合わせた交流合宿を行います。",
        ("スポーツ", "教育"),
        days_ago=200,
        has_expired=True,
    ),
)


def load_proposal(sample: Sample, seats: dict[str, Seat]) -> None:
    author = seats[sample.author]
    content = _content(sample)
    first = {**content, "body": sample.former_body or sample.body}
    proposal = services.publish(None, by=author, data=first)
    proposal = services.change(proposal, by=author, data=content, version=proposal.version)
    for address, body in sample.replies:
        services.add_reply(proposal, by=seats[address], body=body)
    for raised in sample.offers:
        load_offer(proposal, raised, seats)
    if sample.withdrawn_because:
        services.withdraw(proposal, by=author, reason=sample.withdrawn_because)
    _age(proposal, sample)


def load_offer(proposal: Proposal, raised: Raised, seats: dict[str, Seat]) -> None:
    """Raises an offer; with something said since, its talk has begun."""
    offer = services.raise_offer(proposal, by=seats[raised.by], message=raised.message)
    if raised.talk:
        services.start_talk(offer, by=seats[raised.talk[0][0]])
    for address, body in raised.talk:
        services.send_message(offer, by=seats[address], body=body)


def _content(sample: Sample) -> dict[str, Any]:
    month = today().replace(day=1)
    return {
        "kind": sample.kind,
        "title": sample.title,
        "body": sample.body,
        "themes": list(Theme.objects.filter(name__in=sample.themes)),
        "wished_from": add_months(month, 3),
        "wished_until": add_months(month, 5),
        "ends_on": None,
        "level": sample.level,
    }


def _age(proposal: Proposal, sample: Sample) -> None:
    """Puts a sample into the past; a service cannot, because it acts now."""
    then = timezone.now() - timedelta(days=sample.days_ago)
    row = Proposal.objects.filter(pk=proposal.pk)
    changed = then + timedelta(days=1) if sample.former_body else then
    row.update(created_at=then, published_at=then, changed_at=changed)
    proposal.steps.filter(move=Move.PUBLISH).update(at=then)
    proposal.versions.update(valid_from=then, valid_until=changed)
    if sample.has_expired:
        row.update(ends_on=today() - timedelta(days=1))


def save_draft(author: Seat) -> None:
    """A draft without its end, for a colleague to continue and to print."""
    services.save_draft(
        None,
        by=author,
        data={
            "kind": ProposalKind.PROVIDE,
            "title": "見本：冬の味覚を紹介する催しを一緒に開きませんか",
            "body": "港で水揚げした冬の味覚を、区内の広場で紹介します。\n会場と日程は相談中です。",
            "themes": list(Theme.objects.filter(name__in=("産業", "観光"))),
        },
    )


def load_collaborations(seats: dict[str, Seat]) -> None:
    """Two joint projects that their ward has not published yet: planned, and under way."""
    if Collaboration.objects.filter(is_sample=True).exists():
        return
    ward = seats[SHINAGAWA]
    month = today().replace(day=1)
    texts = (
        (
            "見本：商店街で開く冬の味覚まつり",
            "商店街の広場で、冬の味覚と工芸品を紹介する催しを開きます。",
            CollaborationStatus.PLANNED,
            add_months(month, 3),
            SAKAI,
        ),
        (
            "見本：小学校どうしのオンライン交流",
            "区の小学校と市の小学校が、月に1度、暮らしや学びを伝え合います。",
            CollaborationStatus.UNDER_WAY,
            add_months(month, -6),
            KITAKAMI,
        ),
    )
    for title, summary, status, first, partner in texts:
        last = add_months(first, 1) - timedelta(days=1)
        data = {
            "title": title,
            "summary": summary,
            "origin": Origin.BOARD,
            "origin_text": "掲示板の見本の提案がきっかけです。",
            "start": RecordDate(first, last, Precision.MONTH),
            "themes": list(Theme.objects.filter(name__in=("産業", "教育"))),
            "wards": [ward.organization],
            "partners": [seats[partner].organization],
        }
        create_collaboration(data=data, status=status, by=ward)


PROFILES = (
    (
        SAKAI,
        ("文化", "産業"),
        "見本：城下町の暮らしと、冬の味覚を生かした交流に取り組んでいます。",
        "見本：中学生の交流合宿を受け入れる自治体",
        "見本：城下町の歴史を伝える講師の派遣",
    ),
    (
        KITAKAMI,
        ("教育", "観光"),
        "見本：雪と親しむ行事を、子どもたちと続けています。",
        "",
        "見本：小学校の行事で使う雪と、遊びの指導員",
    ),
)


def load_profiles(seats: dict[str, Seat]) -> None:
    """How two organizations introduce themselves, unless they do so already."""
    for author, themes, introduction, seeks, provides in PROFILES:
        organization = seats[author].organization
        if not organization.introduction:
            data = {
                "introduction": introduction,
                "seeks": seeks,
                "provides": provides,
                "themes": list(Theme.objects.filter(name__in=themes)),
            }
            change_profile(
                organization, data, version=organization.profile_version, by=seats[author]
            )


_OPENED = (
    "会員の皆さまが、登録情報の確認と連携提案の登録を行えるようになりました。\n\n"
    "## はじめに行うこと\n\n- 担当部署の登録情報を確認する\n- 連携提案を読む"
)
_CONFIRM = (
    "年度に一度、担当部署の登録情報をご確認ください。\n"
    "変更がないときは「変更ありません」を押してください。"
)
NEWS = (
    ("見本：会員のページを開きました", NewsKind.NOTICE, _OPENED, Level.PUBLIC, 21),
    ("見本：登録情報の確認をお願いします", NewsKind.MEMBERS, _CONFIRM, Level.MEMBERS, 9),
)


def load_news(staff: Seat) -> None:
    if News.objects.filter(is_sample=True).exists():
        return
    for title, kind, body, level, days_ago in NEWS:
        news = News.objects.create(title=title, kind=kind, body=body, level=level, is_sample=True)
        publish_news(news, by=staff)
        then = timezone.now() - timedelta(days=days_ago)
        News.objects.filter(pk=news.pk).update(published_at=then)


def load_event(host: Seat, staff: Seat) -> None:
    """One sample event that is still to come; once it is over, it moves on."""
    event = Event.objects.filter(is_sample=True).order_by("pk").first()
    first, last = _coming_weekend()
    if event is None:
        event = Event.objects.create(
            title="見本：全国の味めぐり 物産展",
            kind=EventKind.FAIR,
            earliest=first,
            latest=last,
            venue="見本ひろば",
            address="東京都品川区見本町1-1",
            fee="無料",
            summary="各地の特産品を紹介する物産展です。",
            is_sample=True,
        )
        EventRole.objects.create(event=event, organization=host.organization)
        publish_event(event, by=staff)
    elif event.is_over:
        event.earliest, event.latest = first, last
        event.version += 1
        event.save()


def write_event_draft(author: Seat) -> None:
    """An event that a colleague may complete and submit."""
    if not author.organization.own_events.exists():
        data = {"title": "見本：海のまつり", "kind": EventKind.FAIR, "venue": "見本港"}
        write_event(data=data, by=author)


def _coming_weekend() -> tuple[date, date]:
    """The Saturday three to four weeks ahead, and its Sunday."""
    in_three_weeks = today() + timedelta(days=21)
    saturday = in_three_weeks + timedelta(days=(5 - in_three_weeks.weekday()) % 7)
    return saturday, saturday + timedelta(days=1)
