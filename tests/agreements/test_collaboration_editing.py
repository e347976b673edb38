"""A ward registers, corrects, publishes, starts, ends and cancels its joint project."""

from datetime import date

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from agreements import services
from agreements.enums import CollaborationStatus
from agreements.models import Collaboration
from core.dates import Precision
from members.enums import Role
from members.models import Theme
from tests.agreements.collaborations import complete, nothing_changes, project_of
from tests.factories.members import SeatFactory, ThemeFactory, WardFactory
from tests.pressing import press

pytestmark = [pytest.mark.django_db, pytest.mark.once]

CREATE = reverse("agreements:collaboration_create")
PLANNED, UNDER_WAY, ENDED, CANCELLED = CollaborationStatus


@pytest.fixture(autouse=True)
def clock(time_machine) -> None:
    time_machine.move_to("2026-11-22 12:00:00+09:00", tick=False)


@pytest.fixture
def theme() -> Theme:
    return ThemeFactory(name="産業")


def url(project: Collaboration, verb: str) -> str:
    return reverse(f"agreements:collaboration_{verb}", args=[project.pk])


# --- a new joint project ----------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.LEAD, Role.DEPUTY])
def test_collaboration_create_is_entered_checked_and_saved_unpublished(
    client_of, ward_lead, lead, theme, role
):
    seat = SeatFactory(office=ward_lead.office, role=role)
    client = client_of(seat)
    form = client.get(CREATE)
    assertContains(form, "東京都品川区の連携事業として登録します")
    checked = press(client, CREATE, form, "check", **complete(seat, theme))
    assertContains(checked, "内容を確認して登録してください")
    assertContains(checked, "2026年（令和8年）4月")
    assertContains(checked, "福井県坂井市")
    assert not Collaboration.objects.exists()
    saved = press(client, CREATE, checked, "done")
    project = Collaboration.objects.get()
    assertRedirects(saved, project.get_absolute_url(), fetch_redirect_response=False)
    assert (project.title, project.status, project.published_at) == ("港の朝市", UNDER_WAY, None)
    assert project.start.precision == Precision.MONTH
    assert [str(party) for party in project.parties.all()] == [
        "東京都品川区（特別区）",
        "福井県坂井市（連携先）",
    ]
    assertContains(client.get(saved.url), "まだ公開していません")


def test_collaboration_create_goes_back_from_the_check_page(client_of, ward_lead, lead, theme):
    client = client_of(ward_lead)
    checked = press(client, CREATE, client.get(CREATE), "check", **complete(ward_lead, theme))
    form = press(client, CREATE, checked, "edit")
    assertContains(form, 'value="港の朝市"')
    assertContains(form, 'value="令和8"')
    assertContains(form, "福井県坂井市</textarea>")


def test_collaboration_create_keeps_what_was_typed(client_of, ward_lead, lead, theme):
    client = client_of(ward_lead)
    typed = complete(ward_lead, theme, partners="福井県坂井市\n府中町", start_m="13", title="")
    with nothing_changes():
        response = press(client, CREATE, client.get(CREATE), "check", **typed)
    for text in (
        "<title>エラー：連携事業を登録する",
        '<a href="#id_title">題名を入力してください</a>',
        '<a href="#id_partners">「府中町」という団体は、登録にありません。',
        '<a href="#id_start-m">開始の時期の月は、1から12までの数字で入力してください</a>',
        "福井県坂井市\n府中町</textarea>",
        'value="13"',
    ):
        assertContains(response, text, status_code=422)


def test_collaboration_create_sent_twice_registers_once(client_of, ward_lead, lead, theme):
    client = client_of(ward_lead)
    checked = press(client, CREATE, client.get(CREATE), "check", **complete(ward_lead, theme))
    first = press(client, CREATE, checked, "done")
    with nothing_changes():
        second = press(client, CREATE, checked, "done")
    assert second.url == first.url


@pytest.mark.parametrize("role", ["lead", "reader", "staff"])
def test_collaboration_create_is_for_those_who_write_for_a_ward(
    request, client_of, ward_lead, theme, role
):
    client = client_of(request.getfixturevalue(role))
    with nothing_changes():
        sent = {**complete(ward_lead, theme), "step": "done"}
        assert client.post(CREATE, sent).status_code == 403


def test_collaboration_create_refuses_another_persons_seat(client_of, ward_lead, lead, theme):
    other = SeatFactory(office__organization=WardFactory())
    client = client_of(other)
    with nothing_changes():
        sent = {**complete(ward_lead, theme), "step": "done", "seat": str(ward_lead.pk)}
        assert client.post(CREATE, sent).status_code == 403


def test_collaboration_create_for_the_chosen_one_of_two_wards(client_of, ward_lead, lead, theme):
    second = SeatFactory(user=ward_lead.user, office__organization=WardFactory())
    client = client_of(ward_lead)
    assertContains(client.get(CREATE), f'href="?seat={second.pk}"')
    form = client.get(f"{CREATE}?seat={second.pk}")
    checked = press(client, CREATE, form, "check", **complete(second, theme))
    press(client, CREATE, checked, "done")
    [ward] = Collaboration.objects.get().wards
    assert ward.organization == second.organization


# --- corrections ------------------------------------------------------------------------------


def test_collaboration_update_corrects_and_says_that_it_is_public(
    client_of, ward_lead, lead, theme
):
    project = project_of(ward_lead.organization, lead.organization, title="夜市")
    client, address = client_of(ward_lead), url(project, "update")
    form = client.get(address)
    assertContains(form, "修正した内容はすぐに公開されます")
    assertContains(form, 'value="夜市"')
    assertContains(form, "福井県坂井市</textarea>")
    checked = press(client, address, form, "check", **complete(ward_lead, theme))
    assertContains(checked, "内容を確認して修正してください")
    response = press(client, address, checked, "done")
    project.refresh_from_db()
    assert (project.title, project.version, project.status) == ("港の朝市", 2, UNDER_WAY)
    assertContains(client.get(response.url), "連携事業を修正しました")


def test_collaboration_update_of_nothing_says_so(client_of, ward_lead, lead, theme):
    client = client_of(ward_lead)
    checked = press(client, CREATE, client.get(CREATE), "check", **complete(ward_lead, theme))
    press(client, CREATE, checked, "done")
    address = url(Collaboration.objects.get(), "update")
    checked = press(client, address, client.get(address), "check", **complete(ward_lead, theme))
    with nothing_changes():
        response = press(client, address, checked, "done")
    assertContains(client.get(response.url), "変更した項目はありませんでした")


@pytest.mark.parametrize("step", ["check", "done"])
def test_collaboration_update_when_stale_keeps_what_was_typed_and_says_what_is_saved(
    client_of, ward_lead, lead, theme, step
):
    project = project_of(ward_lead.organization, lead.organization)
    client, address = client_of(ward_lead), url(project, "update")
    form = client.get(address)
    services.update(project, data={"title": "同僚の題名"}, by=ward_lead, version=1)
    with nothing_changes():
        mine = complete(ward_lead, theme, title="わたしの題名")
        response = press(client, address, form, step, **mine)
    for text in (
        "ほかの担当者が先に更新しました。最新の内容を確認してください",
        'value="わたしの題名"',
        '<dd class="lines">同僚の題名</dd>',
    ):
        assertContains(response, text, status_code=409)
    checked = press(client, address, response, "check", **mine)
    press(client, address, checked, "done")
    project.refresh_from_db()
    assert project.title == "わたしの題名"


@pytest.mark.parametrize("version", ["", "0", "x", "2", "-1", "\x00", "9" * 30])
def test_collaboration_update_takes_a_forged_version_for_a_stale_one(
    client_of, ward_lead, lead, theme, version
):
    project = project_of(ward_lead.organization, lead.organization)
    sent = {**complete(ward_lead, theme), "step": "done", "version": version}
    with nothing_changes():
        assert client_of(ward_lead).post(url(project, "update"), sent).status_code == 409


@pytest.mark.parametrize("role", ["lead", "staff", "other_lead"])
def test_collaboration_update_is_for_its_ward(request, client_of, ward_lead, lead, theme, role):
    project = project_of(ward_lead.organization, lead.organization)
    client = client_of(request.getfixturevalue(role))
    with nothing_changes():
        sent = {**complete(ward_lead, theme), "step": "done", "version": "1"}
        assert client.post(url(project, "update"), sent).status_code == 403


# --- what the ward decides --------------------------------------------------------------------

WHEN = {"when_y": "R8", "when_m": "11", "when_d": "20"}
# Each page: its answers, the state it is open to, and what comes of it.
MOVES = {
    "start": (WHEN, PLANNED, UNDER_WAY, "「実施中」にしました"),
    "end": (WHEN, UNDER_WAY, ENDED, "「終了」にしました"),
    "cancel": ({"reason": "台風のため"}, UNDER_WAY, CANCELLED, "「中止」にしました"),
}


def test_collaboration_publish_shows_it_to_everybody(client_of, client, ward_lead, lead):
    project = project_of(ward_lead.organization, lead.organization, published_at=None)
    ward, address = client_of(ward_lead), url(project, "publish")
    page = ward.get(address)
    assertContains(page, "連携事業を公開する")
    assertContains(page, "福井県坂井市")
    response = press(ward, address, page)
    assertContains(ward.get(response.url), "連携事業を公開しました")
    assert client.get(project.get_absolute_url()).status_code == 200
    with nothing_changes():
        assert press(ward, address, page).url == response.url


def test_collaboration_publish_of_a_text_changed_meanwhile_asks_again(client_of, ward_lead, lead):
    project = project_of(ward_lead.organization, lead.organization, published_at=None)
    ward, address = client_of(ward_lead), url(project, "publish")
    page = ward.get(address)
    services.update(project, data={"title": "同僚の題名"}, by=ward_lead, version=1)
    with nothing_changes():
        again = press(ward, address, page)
    assertContains(again, "ほかの担当者が先に更新しました", status_code=409)
    assertContains(again, "同僚の題名", status_code=409)
    press(ward, address, again)
    assert Collaboration.objects.get().is_published


@pytest.mark.parametrize("verb", MOVES)
def test_collaboration_start_end_and_cancel(client_of, ward_lead, lead, verb):
    answers, status, target, sentence = MOVES[verb]
    project = project_of(ward_lead.organization, lead.organization, status=status)
    client, address = client_of(ward_lead), url(project, verb)
    response = press(client, address, client.get(address), **answers)
    assertContains(client.get(response.url), sentence)
    project.refresh_from_db()
    assert project.status == target


def test_collaboration_start_offers_the_planned_time(client_of, ward_lead):
    month = {"start_latest": date(2024, 10, 31), "start_precision": Precision.MONTH}
    project = project_of(
        ward_lead.organization, status=PLANNED, start_earliest=date(2024, 10, 1), **month
    )
    page = client_of(ward_lead).get(url(project, "start"))
    assertContains(page, 'value="2024"')
    assertContains(page, 'value="10"')


@pytest.mark.parametrize(
    ("verb", "answers", "sentence"),
    [
        ("start", {}, "開始した時期を入力してください"),
        ("start", {"when_y": "2027"}, "開始した時期は、今日"),
        ("end", {"when_y": "2024", "when_m": "9"}, "終了した時期は、開始の時期"),
        ("cancel", {"reason": " "}, "中止の理由を入力してください"),
    ],
)
def test_collaboration_cancel_start_and_end_refuse_bad_input(
    client_of, ward_lead, verb, answers, sentence
):
    project = project_of(ward_lead.organization, status=MOVES[verb][1])
    client, address = client_of(ward_lead), url(project, verb)
    with nothing_changes():
        response = press(client, address, client.get(address), **answers)
    assertContains(response, sentence, status_code=422)


@pytest.mark.parametrize("verb", ["publish", *MOVES])
def test_collaboration_end_and_the_others_in_another_state(client_of, ward_lead, verb):
    project = project_of(ward_lead.organization, status=ENDED)
    client, address = client_of(ward_lead), url(project, verb)
    assertContains(client.get(address, follow=True), "その操作はできません")
    answers = MOVES[verb][0] if verb in MOVES else {}
    with nothing_changes():
        response = client.post(address, {**answers, "version": "1"})
    assert response.status_code == 422


@pytest.mark.parametrize("verb", ["publish", *MOVES])
@pytest.mark.parametrize("role", ["lead", "staff", "other_lead"])
def test_collaboration_end_and_the_others_are_for_its_ward(
    request, client_of, ward_lead, lead, verb, role
):
    project = project_of(ward_lead.organization, lead.organization, status=PLANNED)
    client = client_of(request.getfixturevalue(role))
    with nothing_changes():
        assert client.post(url(project, verb), {"version": "1"}).status_code == 403
