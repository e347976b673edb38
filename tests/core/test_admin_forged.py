"""What nobody types into the admin by hand: its answer is calm, and tells nothing."""

from urllib.parse import urlencode

import pytest
from django.urls import reverse

from core.models import AuditEntry
from members.models import Membership, Seat
from proposals import services
from proposals.models import Proposal
from tests.factories.members import OrganizationFactory, ThemeFactory
from tests.secretariat import REGISTERED, secretary_client, url

pytestmark = pytest.mark.django_db

FORGED = ["abc", "9" * 30, "１"]


@pytest.mark.once
@pytest.mark.parametrize("label", REGISTERED)
@pytest.mark.parametrize("page", ["changelist", "export"])
def test_a_nul_in_the_address_is_refused(label, page):
    answer = secretary_client("閲覧").get(url(label, page) + "?kind__exact=%00")
    assert answer.status_code == 400


def test_a_nul_in_a_key_or_a_search_by_typing_is_refused():
    client = secretary_client("閲覧")
    typing = {"app_label": "members", "model_name": "office", "field_name": "organization"}
    for address in (
        url("members.prefecture", "change", "\x00"),
        f"{reverse('admin:autocomplete')}?{urlencode(typing | {'term': '\x00'})}",
    ):
        assert client.get(address).status_code == 400


@pytest.mark.parametrize("label", REGISTERED)
def test_a_search_for_a_whole_page_is_answered(label):
    answer = secretary_client("閲覧").get(url(label, "changelist"), {"q": "坂井 " * 1500})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("label", "lookup"),
    [
        ("members.user", {"password__startswith": "md5"}),
        ("members.user", {"last_login__isnull": "0"}),
        ("core.auditentry", {"changes__icontains": "題"}),
        ("core.auditentry", {"personal_digests__has_key": "actor"}),
    ],
)
@pytest.mark.parametrize("page", ["changelist", "export"])
def test_a_list_is_not_asked_for_columns_without_a_filter(label, lookup, page):
    assert secretary_client("会員登録").get(url(label, page), lookup).status_code == 400


def test_a_filter_may_still_be_asked_for(lead):
    answer = secretary_client("会員登録").get(
        url("members.user", "changelist"), {"kind__exact": "personal", "is_active__exact": "1"}
    )
    assert answer.status_code == 200


@pytest.mark.parametrize("key", [*FORGED, "\x00"])
def test_a_forged_key_is_refused_at_its_field(key):
    client = secretary_client("会員登録")
    sent = {"organization": key, "joined": "2026-04-01"}
    answer = client.post(url("members.membership", "add"), sent)
    assert answer.status_code == 200
    assert "organization" in answer.context["adminform"].form.errors
    seat = {"user": key, "office": key, "role": "lead", "valid_from": "2026-04-01"}
    answer = client.post(url("members.seat", "add"), seat)
    assert answer.status_code == 422
    assert not Membership.objects.exists()
    assert not Seat.objects.filter(role="lead").exists()
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("key", FORGED)
def test_a_forged_key_in_a_link_to_an_add_page_chooses_nothing(key):
    client = secretary_client("会員登録")
    for label, name in (
        ("members.membership", "organization"),
        ("members.office", "organization"),
        ("members.user", "office"),
        ("members.seat", "office"),
    ):
        assert client.get(url(label, "add"), {name: key}).status_code == 200


def test_a_row_is_added_from_a_list_with_a_long_search():
    organization = OrganizationFactory()
    address = url("members.membership", "add")
    filters = urlencode({"_changelist_filters": urlencode({"q": "坂井市の観光と産業" * 10})})
    sent = {"organization": organization.pk, "joined": "2026-04-01"}
    client = secretary_client("会員登録")
    token = client.get(address).context["token"]
    answers = [client.post(f"{address}?{filters}", sent | {"token": token}) for _time in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert len(answers[0].url) > 200
    assert answers[1].url == answers[0].url
    assert Membership.objects.count() == 1


def test_no_search_of_the_audit_log_tells_what_a_draft_says(lead):
    data = {"title": "内密の題名", "body": "内密の本文"}
    services.save_draft(None, data=data, by=lead)
    services.delete_draft(Proposal.objects.get(), version=1, by=lead)
    client = secretary_client("閲覧")
    listed = client.get(url("core.auditentry", "changelist"), {"q": "内密"})
    assert listed.context["cl"].result_count == 0
    for entry in AuditEntry.objects.all():
        assert "内密" not in entry.object_label


def test_the_history_of_what_was_published_does_not_tell_what_the_draft_said(lead):
    draft = services.save_draft(None, data={"title": "内密の題名"}, by=lead)
    published = {
        "kind": "seek",
        "title": "公開の題名",
        "body": "公開の本文",
        "wished_from": draft.created_at.date(),
        "themes": [ThemeFactory()],
    }
    services.publish(draft, data=published, by=lead, version=1)
    page = secretary_client("閲覧").get(url("proposals.proposal", "history", draft.pk))
    assert "公開の題名" in page.content.decode()
    assert "内密" not in page.content.decode()
