"""Files of a proposal: given with the form, carried over the check page, told in its versions."""

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains

from core.enums import Level
from core.files import attachments_of
from core.models import Attachment
from proposals.models import Proposal
from tests import office_files as made
from tests.pressing import press
from tests.proposals.answers import complete
from tests.proposals.refusals import nothing_changes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("attachments_directory")]

CREATE = reverse("proposals:proposal_create")


def plan() -> object:
    return made.upload(made.pdf(), "朝市の企画書.pdf")


def test_a_file_goes_from_the_form_over_the_check_page_to_the_board(
    client_of, lead, other_lead, ward_lead, theme
):
    client = client_of(lead)
    answers = complete(theme, level=Level.WARDS)
    # The answers are refused first: the file that was taken stays.
    refused = press(
        client, CREATE, client.get(CREATE), "check", **{**answers, "title": ""}, attachments=plan()
    )
    assertContains(refused, "朝市の企画書（PDF、1KB）", status_code=422)
    checked = press(client, CREATE, refused, "check", **answers)
    assertContains(checked, "朝市の企画書（PDF、1KB）")
    press(client, CREATE, checked, "done")
    proposal = Proposal.objects.get()
    (file,) = attachments_of(proposal, lead.user)
    # Whoever reads the proposal reads its file, and nobody else.
    for seat, status in ((lead, 200), (ward_lead, 200), (other_lead, 404)):
        response = client_of(seat).get(file.get_absolute_url())
        assert response.status_code == status
        list(response)
    assertContains(client_of(ward_lead).get(proposal.get_absolute_url()), file.get_absolute_url())


def test_taking_a_file_out_is_a_change_that_its_version_tells(client_of, lead, other_lead, theme):
    client = client_of(lead)
    given = press(
        client, CREATE, client.get(CREATE), "check", **complete(theme), attachments=plan()
    )
    press(client, CREATE, given, "done")
    proposal, file = Proposal.objects.get(), Attachment.objects.get()
    url, ends = reverse("proposals:proposal_update", args=[proposal.pk]), proposal.ends_on
    same = {"ends_on_y": str(ends.year), "ends_on_m": str(ends.month), "ends_on_d": str(ends.day)}
    answers = complete(theme, **same)
    form = client.get(url)
    assertContains(form, "朝市の企画書（PDF、1KB）")
    with nothing_changes():
        press(client, url, press(client, url, form, "check", **answers), "done")
    removed = {"attachments-removed": str(file.key)}
    checked = press(client, url, client.get(url), "check", **answers, **removed)
    assertContains(checked, "変更する項目：添付ファイル")
    press(client, url, checked, "done")
    assert attachments_of(proposal, lead.user) == []
    assert client_of(other_lead).get(file.get_absolute_url()).status_code == 404
    assert proposal.versions.get().fields["attachments"] == ["朝市の企画書（PDF、1KB）"]
    history = reverse("proposals:proposal_history", args=[proposal.pk])
    assertContains(client_of(other_lead).get(history), "朝市の企画書（PDF、1KB）")


def test_a_deleted_draft_leaves_no_file_behind(client_of, lead, theme):
    client = client_of(lead)
    press(client, CREATE, client.get(CREATE), "draft", **complete(theme), attachments=plan())
    draft, file = Proposal.objects.get(), Attachment.objects.get()
    url = reverse("proposals:proposal_delete", args=[draft.pk])
    press(client, url, client.get(url))
    assert not Proposal.objects.exists()
    assert client.get(file.get_absolute_url()).status_code == 404


def test_nobody_gives_a_file_that_another_one_has_sent(client_of, lead, deputy, theme):
    client = client_of(deputy)
    press(client, CREATE, client.get(CREATE), "check", **complete(theme), attachments=plan())
    key = {"attachments-kept": str(Attachment.objects.get().key)}
    client = client_of(lead)
    with nothing_changes():
        response = press(client, CREATE, client.get(CREATE), "done", **complete(theme), **key)
    assertContains(response, "もう一度選んでください", status_code=422)
