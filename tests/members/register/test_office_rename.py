"""The pages on which an office's new name is planned and taken back."""

from datetime import date

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from core import once
from members import services
from members.models import Office, OfficeRename

pytestmark = pytest.mark.django_db

DAY = date(2027, 4, 1)


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to("2027-02-10 10:00+09:00", tick=False)
    return time_machine


def url(name: str, office: Office) -> str:
    return reverse(f"members:{name}", args=[office.pk])


def typed(seat, step: str = "check", **changes: str) -> dict[str, str]:
    parts = {"valid_from_y": "令和9", "valid_from_m": "4", "valid_from_d": "1"}
    own = {"seat": str(seat.pk), "token": once.new_token(), "step": step}
    return {"name": "未来政策課", **parts, **own, **changes}


def test_office_rename_is_entered_checked_and_planned(client_of, office, lead):
    client = client_of(lead)
    page = client.get(url("office_detail", office))
    assertContains(page, url("office_rename", office))
    checked = client.post(url("office_rename", office), typed(lead))
    assertContains(checked, "未来政策課")
    assertContains(checked, "2027年（令和9年）4月1日")
    assert not OfficeRename.objects.exists()
    done = client.post(url("office_rename", office), typed(lead, "done"))
    assertRedirects(done, url("office_detail", office), fetch_redirect_response=False)
    assert OfficeRename.objects.get().valid_from == DAY
    page = client.get(url("office_detail", office))
    assertContains(page, "2027年（令和9年）4月1日から</span>「未来政策課」に変わります")
    assertContains(page, url("office_rename_cancel", office))


def test_office_rename_is_shown_to_others_without_a_button(client_of, office, lead, other_lead):
    services.plan_rename(office, "未来政策課", valid_from=DAY, by=lead)
    page = client_of(other_lead).get(url("office_detail", office))
    assertContains(page, "「未来政策課」に変わります")
    assertNotContains(page, url("office_rename_cancel", office))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, "新しい部署名を入力してください"),
        ({"name": "企画政策課"}, "新しい部署名が、今の部署名と同じです"),
        ({"valid_from_d": "31"}, "2027年4月に31日はありません"),
        ({"valid_from_y": "2072"}, "変わる日は、2029年（令和11年）2月10日までの日付にしてください"),
    ],
)
@pytest.mark.parametrize("step", ["check", "done"])
def test_office_rename_refuses_at_its_field(client_of, office, lead, changes, sentence, step):
    page = client_of(lead).post(url("office_rename", office), typed(lead, step, **changes))
    assertContains(page, sentence, status_code=422)
    assert not OfficeRename.objects.exists()


def test_office_rename_twice_is_planned_once(client_of, office, lead):
    client, form = client_of(lead), typed(lead, "done")
    first = client.post(url("office_rename", office), form)
    assert client.post(url("office_rename", office), form).url == first.url
    assert OfficeRename.objects.count() == 1


def test_office_rename_where_one_is_planned_leads_back(client_of, office, lead):
    services.plan_rename(office, "未来政策課", valid_from=DAY, by=lead)
    client = client_of(lead)
    page = client.get(url("office_rename", office), follow=True)
    assertContains(page, "すでに予定されています")
    refused = client.post(url("office_rename", office), typed(lead, "done", name="総合政策課"))
    assertContains(refused, "すでに予定されています", status_code=422)


def test_office_rename_cancel_asks_and_takes_it_back(client_of, office, deputy, lead):
    services.plan_rename(office, "未来政策課", valid_from=DAY, by=lead)
    client = client_of(deputy)
    assertContains(
        client.get(url("office_rename_cancel", office)), "部署名は「企画政策課」のままです"
    )
    form = typed(deputy)
    done = client.post(url("office_rename_cancel", office), form)
    assertRedirects(done, url("office_detail", office), fetch_redirect_response=False)
    assert not OfficeRename.objects.exists()
    assert client.post(url("office_rename_cancel", office), form).url == done.url


@pytest.mark.parametrize("name", ["office_rename", "office_rename_cancel"])
@pytest.mark.parametrize("who", ["reader", "other_lead", "ward_lead", "staff"])
def test_office_rename_is_for_the_offices_own_writers(client_of, office, lead, name, who, request):
    services.plan_rename(office, "未来政策課", valid_from=DAY, by=lead)
    seat = request.getfixturevalue(who)
    assert client_of(seat).post(url(name, office), typed(seat, "done")).status_code == 403
    assert OfficeRename.objects.get().name == "未来政策課"
